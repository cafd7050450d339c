"""What is searched of names: written with the names, for organisations that everyone may see, and for no others."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from comity.plain.actors import ANONYMOUS
from comity.plain.levels import Realm
from comity.registry.core.search import grams_of, keys_of
from comity.registry.models import Lineage, Link, Name, Organisation, SearchCount, SearchGram, SearchKey, Source, Spell
from comity.registry.search import first_gram

AT_ONCE = 2_000
GRAM, COUNT = SearchGram._meta.db_table, SearchCount._meta.db_table


@transaction.atomic
def index(organisation: Organisation, *, at: datetime) -> None:
    """Bring what is searched of an organisation to what its names are, and to nothing where not everyone may see it.

    To be called by every act that adds names or changes who may see the organisation; it records nothing of its own.
    """
    there = {(row.name_id, row.key): row for row in SearchKey.objects.filter(organisation=organisation)}
    seen = Organisation.objects.visible_to(ANONYMOUS, at).filter(pk=organisation.pk).exists()
    names = Name.objects.filter(organisation=organisation).values_list("pk", "text") if seen else ()
    wanted = [(name, key) for name, text in names for key in keys_of(text)]
    _forget([row for pair, row in there.items() if pair not in set(wanted)], Realm(organisation.realm))
    fresh = [(name, organisation.pk, key) for name, key in wanted if (name, key) not in there]
    _count(_add(fresh, Realm(organisation.realm)), 1)


def rebuild(*, at: datetime, told: Callable[[int], None] = lambda done: None) -> int:
    """Write the whole index anew, as after a change of how names are folded; return how many keys it has.

    In one transaction, so that search answers from the old one until then.
    """
    done = _written_anew(at, told)
    survey()
    return done


@transaction.atomic
def _written_anew(at: datetime, told: Callable[[int], None]) -> int:
    for model in (SearchGram, SearchCount, SearchKey):
        model.objects.all().delete()
    done = 0
    for realm in Realm:
        seen = Organisation.objects.visible_to(ANONYMOUS, at).in_realm(realm)
        names = Name.objects.filter(organisation__in=seen).order_by("pk").values_list("pk", "organisation_id", "text")
        waiting: list[tuple[int, int, str]] = []
        for name, organisation, text in names.iterator(chunk_size=AT_ONCE):
            waiting += [(name, organisation, key) for key in keys_of(text)]
            if len(waiting) >= AT_ONCE:
                _add(waiting, realm)
                done += len(waiting)
                told(done)
                waiting = []
        _add(waiting, realm)
        done += len(waiting)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {COUNT} (gram, length, keys) SELECT gram, length, COUNT(*) FROM {GRAM} GROUP BY gram, length"  # noqa: S608
        )
    told(done)
    return done


SURVEYED = (Source, Organisation, Name, Link, Spell, Lineage, SearchKey, SearchGram, SearchCount)


def survey() -> None:
    """Let the database count what the registry's tables hold: it plans its ways by that, and else only learns it later.

    To be called after whatever fills the tables at once; it changes no row. PostgreSQL marks on the way which pages
    everybody may read, so that an index answers alone; not within a transaction, where it refuses to.
    """
    sweeps = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        for model in SURVEYED:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"VACUUM (ANALYZE) {table}" if sweeps else f"ANALYZE {table}")


def _add(given: Sequence[tuple[int, int, str]], realm: Realm) -> list[tuple[int, int, int]]:
    """Write keys and their trigrams, and return the trigrams, which are yet to be counted."""
    rows = [SearchKey(name_id=name, organisation_id=organisation, key=key) for name, organisation, key in given]
    SearchKey.objects.bulk_create(rows, batch_size=AT_ONCE)
    grams = list(_grams(rows, realm))
    _insert(f"INSERT INTO {GRAM} (gram, length, key_id) VALUES ", grams)  # noqa: S608
    return grams


def _forget(rows: Sequence[SearchKey], realm: Realm) -> None:
    if not rows:
        return
    grams = list(_grams(rows, realm))
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {GRAM} WHERE gram = %s AND length = %s AND key_id = %s", grams)  # noqa: S608
    _count(grams, -1)
    SearchKey.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _grams(rows: Iterable[SearchKey], realm: Realm) -> Iterable[tuple[int, int, int]]:
    first = first_gram(realm)
    return ((first + gram, len(row.key), row.pk) for row in rows for gram in grams_of(row.key))


def _count(grams: Iterable[tuple[int, int, int]], by: int) -> None:
    changed = Counter((gram, length) for gram, length, _key in grams)
    rows = [(gram, length, by * keys) for (gram, length), keys in sorted(changed.items())]
    _insert(
        f"INSERT INTO {COUNT} (gram, length, keys) VALUES ",  # noqa: S608
        rows,
        f" ON CONFLICT (gram, length) DO UPDATE SET keys = {COUNT}.keys + excluded.keys",
    )


def _insert(into: str, rows: Sequence[tuple[int, int, int]], then: str = "") -> None:
    """Rows of three numbers, some forty to a name: models would take longer than the database does."""
    with connection.cursor() as cursor:
        for at in range(0, len(rows), AT_ONCE):
            values = ",".join(f"({one:d},{two:d},{three:d})" for one, two, three in rows[at : at + AT_ONCE])
            cursor.execute(into + values + then)
