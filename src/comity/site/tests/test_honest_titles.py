"""Whatever a person names is what it looks like: no name, title or label comes in with a sign that nobody sees."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from comity.agreements import actions as agreements
from comity.commitments.actions import file_evidence, open_commitments
from comity.decisions.actions import open_decision
from comity.deliberation.actions import close, draw_principle, open_conversation, propose_statement
from comity.engagements.actions import convene as convene_meeting
from comity.files.actions import upload, write_paper
from comity.people.actions import offer_seat, register_person
from comity.people.keys.actions import issue_key
from comity.people.models import Person, Role
from comity.plain.levels import Attribution, Level, Realm
from comity.plain.refs import Ref
from comity.record.signing.actions import NewKey
from comity.record.tests.passkeys import KeyFile
from comity.registry import actions as registry
from comity.registry.actions import Named, RegionGiven
from comity.registry.core.refusals import MixedScripts, NoName, TooLong, UnseenSign
from comity.rules.actions import adopt_rules
from comity.texts import actions as texts
from comity.texts.core.clauses import ClauseKind
from comity.texts.core.drafts import CitationDraft, ClauseDraft, TranslationDraft
from comity.texts.tests.congress import OPERATOR, Congress, convene
from comity.visibility.core import Terms

NOW = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
NAMED_SO = ("name", "title", "label", "abbreviation", "place", "on_behalf_of", "adopted_by")
"""What a field is called that holds how somebody or something is named."""
ALSO = {"registry.Name.text", "deliberation.Principle.words", "texts.Translation.words"}
"""Fields of other names that hold a name or a title."""
NOT_TYPED = {
    "files.Upload.place": "Where the file lies, drawn by the house.",
}
CUT = {"registry.Source.title"}
"""Where a long title is cut, as tables of others hold whole paragraphs."""
HOSTILE = (("Tide\u202eedit", UnseenSign), ("Ti\u200bde", UnseenSign), ("Tid\u0435", MixedScripts))
Name = Callable[[Congress, str], object]


def _meeting(c: Congress, **said: str) -> object:
    return convene_meeting(
        topics=["water"],
        **{"title": "Talks", "place": "Tidehaven", "capacity": "party", **said},  # type: ignore[arg-type]  # one is named
        network=c.network,
        kind="dialogue",
        country="",
        zone="UTC",
        starts=NOW,
        ends=NOW,
        house_rule="public",
        level=Level.PUBLIC,
        organisation=c.parties[0],
        by=c.heads[0],
        at=NOW,
    )


def _agreement(c: Congress, title: str) -> object:
    return agreements.propose(
        organisation=c.parties[0],
        counterpart=c.parties[1],
        title=title,
        language="en",
        scope="The tides.",
        words="Both parties publish their tables.",
        starts=NOW.date(),
        expires=NOW.date() + timedelta(days=60),
        authority="Board",
        ad_referendum=False,
        topics=["water"],
        terms=Terms(Level.PUBLIC, Attribution.ORGANISATION),
        by=c.heads[0],
        at=NOW,
    )


def _coalition(c: Congress, title: str) -> object:
    return agreements.found(
        organisation=c.parties[0],
        title=title,
        language="en",
        purpose="That the tides be known.",
        starts=NOW.date(),
        until=None,
        authority="Board",
        topics=["water"],
        terms=Terms(Level.PUBLIC, Attribution.ORGANISATION),
        by=c.heads[0],
        at=NOW,
    )


def _rules(c: Congress, **said: str) -> object:
    return adopt_rules(
        **{"title": "Rights of members", "adopted_by": "Congress", **said},  # type: ignore[arg-type]  # one is named
        network=c.network,
        kind="rights",
        prose=[{"article": "1", "text": "Members speak.", "language": "en"}],
        parameters={"rights": {"full": ["attend", "speak"]}},
        adopted_on=NOW.date(),
        in_force_from=NOW.date(),
        by=c.secretariat,
        at=NOW,
    )


def _scheme(c: Congress, title: str = "Shores", label: str = "North shore") -> object:
    return registry.adopt_region_scheme(
        code="shores",
        version="1",
        title=title,
        regions=[RegionGiven(code="N", label=label)],
        source="an invented atlas",
        in_force_from=NOW.date(),
        by=OPERATOR,
        at=NOW,
    )


def _party(name: str, **said: Any) -> object:
    return registry.list_organisation(realm=Realm.FICTION, kind="party", name=name, by=OPERATOR, at=NOW, **said)


def _vote(c: Congress, title: str) -> object:
    return open_decision(
        network=c.network,
        organ=c.organ,
        title=title,
        question="Shall it be?",
        decision_type="joint-declaration",
        subject=Ref("network", c.network.public_id),
        subject_digest="0" * 64,
        topics=["water"],
        zone="UTC",
        by=c.secretariat,
        at=NOW,
    )


def _talk(c: Congress, title: str) -> Any:
    return open_conversation(
        network=c.network,
        title=title,
        question="What of the tides?",
        opens=NOW,
        closes=NOW + timedelta(hours=1),
        topics=["water"],
        originator=c.parties[0],
        level=Level.PUBLIC,
        by=c.heads[0],
        at=NOW,
    )


def _principle(c: Congress, words: str) -> object:
    talk, ended = _talk(c, "Tides"), NOW + timedelta(hours=2)
    said = propose_statement(
        talk, words="Tides turn.", language="en", organisation=c.parties[0], by=c.delegates[0], at=NOW
    )
    close(talk, by=c.secretariat, at=ended)
    talk.refresh_from_db()
    return draw_principle(talk, number=1, words=words, language="en", fed=[said], by=c.secretariat, at=ended)


def _clause(c: Congress, label: str = "1", source: str = "An atlas") -> object:
    cited = (CitationDraft(title=source, standing="stated", url="https://example.org", stated_on="2026"),)
    return c.draft(ClauseDraft("c0", ClauseKind.OPINION, label, "Tides turn.", citations=cited))


def _evidence(c: Congress, title: str) -> object:
    promise = open_commitments(c.adopted(c.draft()), by=c.secretariat, at=NOW + timedelta(days=60))[0]
    head = c.heads[c.parties.index(promise.organisation)]
    at = NOW + timedelta(days=61)
    return file_evidence(promise, title=title, kept_on=at.date(), by=head, at=at)


GIVEN: dict[str, Name] = {
    "record.SigningKey.label": lambda c, name: issue_key(
        c.parties[0], NewKey(KeyFile().key, name), by=c.heads[0], at=NOW, house="http://testserver"
    ),
    "registry.Organisation.name": lambda c, name: _party(name),
    "registry.Organisation.abbreviation": lambda c, name: _party("Tide", abbreviation=name),
    "registry.Name.text": lambda c, name: _party("Tide", names=[Named(name)]),
    "registry.Source.title": lambda c, name: registry.cite(
        title=name, url="https://example.org", stated_on="2026-03-09"
    ),
    "registry.Organ.name": lambda c, name: registry.establish_organ(network=c.network, name=name, by=OPERATOR, at=NOW),
    "registry.NamingNote.label": lambda c, name: registry.name_territory(
        network=c.network, code="XN", label=name, from_day=NOW.date(), by=OPERATOR, at=NOW
    ),
    "registry.RegionScheme.title": lambda c, name: _scheme(c, title=name),
    "registry.Region.label": lambda c, name: _scheme(c, label=name),
    "people.Person.name": lambda c, name: register_person(
        name=name, email="tide@example.org", language="en", by=OPERATOR, at=NOW
    ),
    "people.Seat.title": lambda c, name: offer_seat(
        person=Person.objects.all()[0],
        organisation=c.parties[0],
        role=Role.OFFICER,
        title=name,
        start=date(2026, 3, 9),
        by=OPERATOR,
        at=NOW,
    ),
    "files.Paper.title": lambda c, name: write_paper(
        organisation=c.parties[0], kind="note", title=name, words="Tides.", language="en", by=c.heads[0], at=NOW
    ),
    "files.Upload.title": lambda c, name: upload(
        b"Tides.",
        title=name,
        language="en",
        level=Level.ORGANISATION,
        organisation=c.parties[0],
        network=c.network,
        by=c.heads[0],
        at=NOW,
    ),
    "rules.RuleDocument.title": lambda c, name: _rules(c, title=name),
    "rules.RuleVersion.adopted_by": lambda c, name: _rules(c, adopted_by=name),
    "decisions.Decision.title": _vote,
    "engagements.Engagement.title": lambda c, name: _meeting(c, title=name),
    "engagements.Engagement.place": lambda c, name: _meeting(c, place=name),
    "engagements.Engagement.on_behalf_of": lambda c, name: _meeting(c, capacity="parliament", on_behalf_of=name),
    "deliberation.Conversation.title": _talk,
    "deliberation.Principle.words": _principle,
    "texts.Text.title": lambda c, name: c.draft(title=name),
    "texts.Block.label": lambda c, name: _clause(c, label=name),
    "texts.Citation.title": lambda c, name: _clause(c, source=name),
    "texts.Translation.words": lambda c, name: texts.translate(
        c.draft(), language="ar", parts=[TranslationDraft("title", name)], by=c.secretariat, at=NOW
    ),
    "agreements.Agreement.title": _agreement,
    "agreements.Coalition.title": _coalition,
    "commitments.Evidence.title": _evidence,
}


def names() -> set[str]:
    """Every field of the house that holds how something is named."""
    found = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("comity.")
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and field.name in NAMED_SO and not field.choices
    }
    return found | ALSO


def test_for_every_field_that_names_something_it_is_said_here_by_which_act_the_name_comes_in() -> None:
    assert names() == GIVEN.keys() | NOT_TYPED.keys(), "a new one belongs into GIVEN; its act asks require_honest"


@pytest.mark.django_db
@pytest.mark.parametrize("field", GIVEN)
def test_no_name_comes_in_that_is_not_what_it_looks_like(field: str) -> None:
    congress = convene(2)
    room, model, _name = field.split(".")
    rows = apps.get_model(room, model)._default_manager
    before = rows.count()
    long = [] if field in CUT else [("T" * 10_000, TooLong)]
    for name, refusal in (*HOSTILE, *long):
        with pytest.raises((refusal, NoName)) as refused:
            GIVEN[field](congress, name)
        assert refused.value.parameters["field"], "and its form says it at the field"
    assert field == "commitments.Evidence.title" or rows.count() == before
