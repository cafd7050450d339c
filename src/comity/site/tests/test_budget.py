"""The page of an organisation or a network asks the database at most twelve times, however much stands on it."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comity.conftest import OPERATOR
from comity.plain.actors import ActorKind, ActorRef
from comity.plain.levels import Realm
from comity.registry.actions import Named, name_territory, propose_correction, record_lineage, reply, restate
from comity.registry.exports import address_of
from comity.registry.models import Organisation
from comity.registry.tests.factories import AT, lands, member, network, party, source

MOST = 12


def full(many: int) -> Organisation:
    """A real organisation with ``many`` rows of each kind that the registry itself shows of it."""
    lands("TES")
    own = party("Tessaly Union", realm=Realm.REAL, founded="1990", country="TES")
    names = [Named(f"Union de Tessaly {nth}", language="fr") for nth in range(many)]
    restate(own, facts={}, names=names, source=source(), by=OPERATOR, at=AT)
    for nth in range(many):
        league = network(f"League {nth}", realm=Realm.REAL)
        member(own, league, start="2003", source=source(stated_on=f"20{10 + nth}"))
        name_territory(
            network=league,
            code="TES",
            label=f"Tessaly {nth}",
            basis="Statutes",
            from_day=AT.date(),
            by=OPERATOR,
            at=AT,
        )
        party(f"Youth {nth}", realm=Realm.REAL, kind="wing", wing_kind="youth", parent=own)
        before = party(f"Front {nth}", realm=Realm.REAL)
        record_lineage(earlier=before, later=own, kind="split", source=source(), by=OPERATOR, at=AT)
        restate(own, facts={"founded": f"19{20 + nth}"}, by=OPERATOR, at=AT + timedelta(hours=nth))
        propose_correction(
            own, field="founded", proposed=f"19{10 + nth}", source_url="https://example.org/act", by=OPERATOR, at=AT
        )
    reply(own, words="We stand by it.", language="en", by=of_its_own(own), at=AT)
    return own


def of_its_own(own: Organisation) -> ActorRef:
    return ActorRef(ActorKind.SEAT, "a" * 16, organisation=own.public_id)


@pytest.mark.parametrize("many", [1, 9])
@pytest.mark.usefixtures("db")
def test_the_organisation_page_asks_at_most_twelve_times(client: Client, many: int) -> None:
    path = address_of(full(many), "en")
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        body = client.get(path).content.decode()
    assert all(f"{word} {nth}" in body for word in ("League", "Youth", "Front", "Tessaly") for nth in range(many))
    assert len(asked) <= MOST, "\n".join(one["sql"][-300:] for one in asked)


def test_no_page_of_the_story_asks_more_often(demo: str, demo_home: Path) -> None:
    """Engagements, texts, votes, dissent, promises, agreements: whatever its parties did in the story."""
    home = demo_home / "demo"
    told = {"COMITY_HOME": str(home), "COMITY_SECRET_KEY": (home / "secret").read_text(), "COMITY_DEMO": "1"}
    environment = {**os.environ, **told, "COMITY_PAGE_MEMORY": "0", "DJANGO_SETTINGS_MODULE": "comity.site.settings"}
    command = [sys.executable, "-m", "comity.site.tests.asked", "en", "fr"]
    asked = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout
    counted: dict[str, int] = json.loads(asked.splitlines()[-1])
    assert len(counted) > 20
    assert {address: count for address, count in counted.items() if count > MOST} == {}
