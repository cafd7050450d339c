"""The rows joined in Python escape every value, in each kind of row."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from comity.plain.actors import ActorKind, ActorRef
from comity.plain.kinds import Called, Note, kind_named
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.refs import Ref
from comity.plain.time import When
from comity.record.queries import EntryView
from comity.registry import pictures, record_of, rows, sheet
from comity.registry.about import NameRow
from comity.registry.core.ties import Why
from comity.registry.kin import Relative
from comity.registry.models import Organisation, Restatement, Source
from comity.registry.queries import LinkView, SpellView, Stated, Tie

EVIL = """<script>alert("1")</script>'"><img src=x>"""
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
OPERATOR = ActorRef(ActorKind.OPERATOR, "someone")
PLACE = Place(realm=Realm.REAL, language="en", actor=OPERATOR, at=AT, as_of=date(2026, 3, 2))
SOURCE = Source(pk=1, title=EVIL, url=f"https://example.org/{EVIL}", stated_on="2026-01", standing=EVIL, licence=EVIL)
ENTRY = EntryView(1, Realm.REAL, 1204, EVIL, AT, EVIL, EVIL, Ref("organisation", "a" * 16), "00")


def organisation(pk: int) -> Organisation:
    return Organisation(
        pk=pk, public_id=EVIL, kind="party", wing_kind=EVIL, network_kind=EVIL, realm="real", name=EVIL, country=EVIL,
        name_language="en",
    )  # fmt: skip


def view(when: When, why: Why = Why.NOTHING, unverified: bool = False, dated: bool = True) -> LinkView:
    tie = Tie(1, EVIL, EVIL, EVIL, organisation(1), organisation(2))
    start, end = ("2001-04", "2020") if dated else ("", "")
    spell = Stated(tie, EVIL, start, end, True, EVIL, unverified, AT, SOURCE)
    past = SpellView(replace(spell, standing="full"), When.NOT_IN_FORCE, Why.ENDED)
    return LinkView(tie, tie.object, True, spell, when, why, (past,))


def table(shown: LinkView) -> sheet.LinkTable:
    picture = pictures.span_row(pictures.axis_for([], PLACE.as_of), [], EVIL)
    row = sheet.LinkRow(shown, Called(EVIL, EVIL), 1, shown.end, (), picture)
    groups: dict[str, Any] = {"in_force": [], "date_unknown": [], "not_in_force": []}
    groups[{"in-force": "in_force", "not-in-force": "not_in_force"}.get(shown.when, "date_unknown")] = [row]
    return sheet.LinkTable(**groups, axis="", lines="", inks=[], hatched=0, whole=0)


VIEWS = [
    view(When.IN_FORCE),
    view(When.IN_FORCE, unverified=True),
    view(When.UNKNOWN),
    view(When.UNKNOWN, unverified=True),
    view(When.NOT_IN_FORCE, Why.ENDED),
    view(When.NOT_IN_FORCE, Why.NOT_BEGUN),
    view(When.NOT_IN_FORCE, Why.DISSOLVED, dated=False),
]
CORRECTION = {
    "row": SimpleNamespace(
        public_id="b" * 16, stated=EVIL, proposed=EVIL, source_url=f"https://example.org/{EVIL}", proposed_at=AT
    ),
    "field": EVIL,
    "state": "open",
    "state_word": EVIL,
    "reason": EVIL,
}
NOTE = Note(organisation=EVIL, mark=EVIL, words=EVIL, at=AT, address=EVIL)


def thing() -> record_of.Thing:
    kind = kind_named("organisation")
    assert kind is not None
    return record_of.Thing(kind, organisation(3), EVIL, date(2026, 3, 1), ENTRY, NOTE)


BUILT: dict[str, Callable[[], str]] = {
    "names": lambda: rows.name_rows(
        [
            NameRow(EVIL, EVIL, EVIL, "1999", "2001", AT, True, SOURCE),
            NameRow(EVIL, EVIL, "", "", "2001", AT, False, None),
        ],
        sheet.Sources(),
        AT,
        with_record=True,
    ),
    "spans": lambda: "".join(rows.span_rows(table(one), PLACE, may_write=False) for one in VIEWS),
    "spells": lambda: "".join(rows.spell_rows(table(one), PLACE) for one in VIEWS),
    "kin": lambda: rows.kin_rows(
        [Relative(EVIL, organisation(4), "1999", 1, EVIL), Relative(EVIL, organisation(5), "", 0)], PLACE
    ),
    "sources": lambda: rows.source_items([(1, SOURCE), (2, Source(pk=2, title=EVIL, url="javascript:alert(1)"))]),
    "corrections": lambda: rows.correction_rows([CORRECTION], PLACE),
    "restated": lambda: rows.restated_rows(
        [Restatement(field=EVIL, before=EVIL, after=EVIL, recorded_at=AT), Restatement(field="name", recorded_at=AT)]
    ),
    "acts": lambda: rows.act_rows([thing()], PLACE),
    "notes": lambda: rows.note_rows([(NOTE, ENTRY), (replace(NOTE, address=""), None)], PLACE),
    "entries": lambda: rows.entry_rows([(EVIL, ENTRY), (EVIL, replace(ENTRY, index=None))], PLACE),
}


@pytest.mark.parametrize("kind", BUILT)
def test_every_value_of_every_kind_of_row_is_escaped(kind: str) -> None:
    built = BUILT[kind]()
    assert "&lt;script&gt;" in built
    for live in ("<script", "<img", '"1"', "'\"", "javascript:"):
        assert live not in built, kind


def test_a_function_of_rows_without_a_case_here_fails() -> None:
    builders = {name for name in vars(rows) if name.endswith(("_rows", "_items")) and not name.startswith("_")}
    assert builders == {
        "name_rows", "span_rows", "spell_rows", "source_items", "correction_rows", "restated_rows", "act_rows",
        "note_rows", "entry_rows", "kin_rows",
    }  # fmt: skip


def test_an_entry_without_a_number_and_a_thing_without_an_entry_say_so() -> None:
    assert "waiting for its number" in rows.entry_cell(replace(ENTRY, index=None), PLACE)
    assert "not in the public record" in rows.entry_cell(None, PLACE)
    assert '<bdi dir="ltr">1\u202f204</bdi>' in rows.entry_cell(ENTRY, PLACE)
