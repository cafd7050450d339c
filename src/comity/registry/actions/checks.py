"""What every act of the registry checks, and how it names things in the record."""

from collections.abc import Iterable
from functools import cache

from django.db import models

from comity.plain.refs import Ref
from comity.registry.core import refusals
from comity.registry.models import Organisation, OrganisationKind, Source

LONGEST = 300
BATCH = 500


def require_network(network: Organisation) -> None:
    """Go on only with a network."""
    if network.kind != OrganisationKind.NETWORK:
        raise refusals.NotANetwork(organisation=network.name)


def one_of(value: str, known: Iterable[str], field: str) -> None:
    """Go on only with one of the known values."""
    if value not in known:
        raise refusals.UnknownChoice(field=field, value=value, known=", ".join(sorted(known)))


def cited(source: Source | None) -> str:
    """How a source stands among an entry's facts: its address, else its title."""
    return (source.url or source.title) if source else ""


def ref_of(organisation: Organisation) -> Ref:
    """An organisation as the record names it."""
    return Ref("organisation", organisation.public_id)


def fit(*rows: models.Model) -> None:
    """See that every text fits its column, on whatever database; TooLong otherwise."""
    for row in rows:
        for name, longest in _limits(type(row)):
            if len(getattr(row, name) or "") > longest:
                raise refusals.TooLong(field=name, longest=longest)


@cache
def _limits(model: type[models.Model]) -> tuple[tuple[str, int], ...]:
    fields = (field for field in model._meta.concrete_fields if isinstance(field, models.CharField | models.TextField))
    return tuple((field.attname, field.max_length) for field in fields if field.max_length)
