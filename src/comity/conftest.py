"""The shared cast and the checks every test may lean on.

Factories call actions, so that no test makes a state the product cannot.
"""

import gc
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

from comity.plain.actors import ActorKind, ActorRef
from comity.plain.levels import Realm

if TYPE_CHECKING:
    from comity.registry.models import Organisation

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED_DATA = CHECKOUT.parent / "shared" / "data"
OPERATOR = ActorRef(ActorKind.OPERATOR, "operatorforatest")
hypothesis_settings.register_profile("comity", deadline=None)  # a busy machine is no counter-example
hypothesis_settings.load_profile("comity")
ALLOCATED = 50_000
"""So many new objects are waited for before garbage is looked for, as where pages are served (``site.wsgi``)."""
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run full fuzz, fault and scale tests")
    parser.addoption("--leaks", default="", metavar="SEED", help="how two databases share the leak matrix")


def pytest_sessionstart() -> None:
    """Nothing that is collected can be thrown away: it is not looked through for garbage meanwhile."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Nor is it afterwards: the modules and some ten thousand tests stay to the end."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATED, *gc.get_threshold()[1:])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Whatever asks for the database is a test of the database, marked or not: the others are the same on any."""
    config.stash[_CLAIMED] = mission_marks(items)
    for item in items:
        if {"db", "transactional_db"} & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)
        if item.get_closest_marker("long") and not config.getoption("--long"):
            item.add_marker(pytest.mark.skip(reason="full run, only with ./comity test --long"))
        if item.get_closest_marker("data") and not SHARED_DATA.is_dir():
            item.add_marker(pytest.mark.skip(reason="the real inputs (../shared/data) are not beside this checkout"))


@pytest.fixture
def at() -> datetime:
    """The instant at which a test's acts happen."""
    return AT


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What a test put into the cache, such as how often somebody asked, is unknown to the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def _nothing_published() -> None:
    """What a test published is unknown to the next, as its rows are."""
    from django.conf import settings

    shutil.rmtree(settings.PUBLISHED, ignore_errors=True)


@pytest.fixture
def shared_data() -> Path:
    """The folder of real test inputs."""
    return SHARED_DATA


@pytest.fixture
def check_record(db: None) -> Iterator[Callable[[], None]]:
    """Verify both logs on demand, and again when the test ends."""
    from comity.record.actions import sequence
    from comity.record.queries import check

    def verify() -> None:
        for realm in Realm:
            sequence(realm)
            assert check(realm) == []

    yield verify
    verify()


@dataclass(frozen=True)
class Cast:
    """Amina holds a seat, Boris is of her party, Chen is another party's delegate, Dana monitors; then a stranger."""

    network: "Organisation"
    party: "Organisation"
    other_party: "Organisation"
    amina: ActorRef
    boris: ActorRef
    chen: ActorRef
    dana: ActorRef
    secretariat: ActorRef
    stranger: ActorRef


@pytest.fixture
def cast(db: None, at: datetime) -> Cast:
    """A fictional network of two parties with everyone seated, made through the actions."""
    from comity.people.actions import register_person
    from comity.people.models import Role
    from comity.people.queries import actor_of
    from comity.people.tests.seats import grant_seat
    from comity.registry.actions import found_network, link, list_organisation
    from comity.registry.models import LinkKind, MemberClass, Organisation, OrganisationKind

    network = found_network(
        name="Concord of Test Shores",
        realm=Realm.FICTION,
        network_kind="international",
        time_zone="UTC",
        languages=["en"],
        by=OPERATOR,
        at=at,
    )

    def party(name: str) -> Organisation:
        row = list_organisation(
            realm=Realm.FICTION, kind=OrganisationKind.PARTY, name=name, founded="1990", by=OPERATOR, at=at
        )
        link(
            subject=row,
            object=network,
            kind=LinkKind.MEMBERSHIP,
            standing=MemberClass.FULL,
            start="2001",
            by=OPERATOR,
            at=at,
        )
        return row

    def seat(name: str, organisation: Organisation, role: Role, network_of_seat: Organisation | None) -> ActorRef:
        person = register_person(name=name, email=f"{name.lower()}@example.org", language="en", by=OPERATOR, at=at)
        return actor_of(
            grant_seat(
                person=person,
                organisation=organisation,
                role=role,
                title=role.value,
                network=network_of_seat,
                start=date(2026, 1, 1),
                by=OPERATOR,
                at=at,
            )
        )

    ours, theirs = party("Test Shore Union"), party("Test Shore League")
    outsider = list_organisation(
        realm=Realm.FICTION, kind=OrganisationKind.PARTY, name="Party of Elsewhere", by=OPERATOR, at=at
    )
    return Cast(
        network=network,
        party=ours,
        other_party=theirs,
        amina=seat("Amina", ours, Role.HEAD, network),
        boris=seat("Boris", ours, Role.DELEGATE, network),
        chen=seat("Chen", theirs, Role.HEAD, network),
        dana=seat("Dana", network, Role.MONITOR, network),
        secretariat=seat("Selma", network, Role.SECRETARIAT, network),
        stranger=seat("Stranger", outsider, Role.OFFICER, None),
    )


MISSION = CHECKOUT / "src" / "comity" / "site" / "data" / "mission.json"


def mission_marks(items: list[pytest.Item]) -> dict[str, list[dict[str, str]]]:
    """What the collected tests claim: per row the test, its page or command, and the part it cannot show."""
    rows: dict[str, list[dict[str, str]]] = {}
    for item in items:
        for mark in item.iter_markers("mission"):
            walk = {
                "test": item.nodeid.split("[")[0].removeprefix("src/"),
                "at": mark.kwargs["at"],
                "missing": mark.kwargs.get("missing", ""),
            }
            found = rows.setdefault(mark.args[0], [])
            if walk not in found:
                found.append(walk)
    return {
        row: sorted(rows[row], key=lambda walk: walk["test"]) for row in sorted(rows, key=lambda name: int(name[1:]))
    }


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped or report.failed:
        _NOT_PASSED.add(report.nodeid.split("[")[0].removeprefix("src/"))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In a run of everything, write down what passed here: of this and nothing else the mission page is made."""
    place = os.environ.get("COMITY_WHOLE_RUN")
    if not place:
        return
    passed = {
        row: [walk for walk in walks if walk["test"] not in _NOT_PASSED]
        for row, walks in mission_marks(session.items).items()
    }
    Path(place).write_text(json.dumps({row: walks for row, walks in passed.items() if walks}), encoding="utf-8")


_CLAIMED = pytest.StashKey[dict[str, list[dict[str, str]]]]()
_NOT_PASSED: set[str] = set()


@pytest.fixture
def claimed_mission(request: pytest.FixtureRequest) -> dict[str, list[dict[str, str]]]:
    """The mission marks of all tests that were found, whichever of them run here."""
    return request.config.stash[_CLAIMED]
