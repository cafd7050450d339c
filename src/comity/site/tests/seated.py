"""The pages to which no link of a home leads, each found for somebody who may see it, in a house made for them.

The house holds one thing of each kind, and whatever else an act must find to be done: a vote that is open, an agreement
that awaits a signature, a link that is hidden. A page is found by asking its address as each of the people in turn.
"""

import re
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count, takewhile
from typing import Any

from django.core import signing
from django.db import transaction
from django.test import Client
from django.test.signals import template_rendered
from django.urls import URLPattern, resolve

from comity.agreements import actions as agreements
from comity.commitments.actions import ask_postponement, file_evidence, open_commitments
from comity.commitments.acts import ACTS as ON_PROMISE
from comity.conftest import OPERATOR
from comity.deliberation.actions import admit, open_conversation, propose_statement
from comity.deliberation.queries import cookie_of
from comity.engagements.actions import convene
from comity.files.actions import take_back, upload
from comity.people.access import OPERATOR_SEAT, SEATS_KEY
from comity.people.accounts import factors
from comity.people.accounts.actions import recovery
from comity.people.accounts.actions.ways_in import offer_browser, tell_of_offer
from comity.people.accounts.edges import present
from comity.people.accounts.proofs import PROOF_KEY, Proof, written
from comity.people.accounts.sign_in import HALF_KEY
from comity.people.accounts.tokens import OPENINGS
from comity.people.actions import make_operator, offer_seat, register_person
from comity.people.keys.actions import issue_key, revoke_key
from comity.people.models import Person, Role, Seat
from comity.people.queries import ENDS_LETTERS, actor_of, operator
from comity.people.tests.holder import WORDS, link_to, secure
from comity.people.tests.seats import grant_seat
from comity.plain.actors import ANONYMOUS, SYSTEM, ActorRef
from comity.plain.kinds import Exit, all_kinds
from comity.plain.levels import Attribution, Level, Realm
from comity.plain.refs import Ref
from comity.record.actions import close_batch, sequence
from comity.record.queries import entry_at
from comity.record.signing.actions import NewKey
from comity.record.signing.queries import keys_of
from comity.record.tests.passkeys import KeyFile
from comity.registry.actions import list_organisation, propose_correction
from comity.registry.models import Link, OrganisationKind
from comity.site import embeds, urls
from comity.site.tests.leaks.house import House, State, Way, found
from comity.site.tests.leaks.ways import PART
from comity.site.tests.leaks.world import SAMPLES, WAYS, Answer, Browser, plant
from comity.texts.actions import await_board, open_for_signature
from comity.texts.acts import ON_AMENDMENT, ON_TEXT
from comity.texts.tests.congress import VOTE, seat
from comity.texts.tests.signers import Signers, statement
from comity.visibility.actions import ask_protection, hide_link
from comity.visibility.core import Terms

HOUSE = "http://localhost"
FAR = datetime(2099, 1, 1, tzinfo=UTC)
OVERDUE = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
"""When the house is read: the promises of its congress were due a month before."""
ACTS = {
    "text/act/<str:public_id>/<str:act>": ("act", (*ON_TEXT, "revise")),
    "amendment/act/<str:public_id>/<str:act>": ("act", tuple(ON_AMENDMENT)),
    "commitment/act/<str:public_id>/<str:act>": ("act", tuple(ON_PROMISE)),
    "embed/<slug:kind>/<str:public_id>": ("kind", tuple(embeds.FRAGMENTS)),
    "embed/<slug:kind>/<str:public_id>/how": ("kind", tuple(embeds.FRAGMENTS)),
}
"""Addresses at which several kinds of page stand: the part that tells them apart, and what it may be."""


def page_routes() -> list[str]:
    """Every address of the house that has a language, a demonstration's own apart."""
    return [str(pattern.pattern) for pattern in urls.PAGES if isinstance(pattern, URLPattern)]


@dataclass(frozen=True)
class Stop:
    """One page of the walk: its route with the part that tells it from others, its address, and who opens it."""

    name: str
    address: str
    client: Client
    template: str
    status: int = 200
    sent: Mapping[str, object] | None = None
    """What a form at this address sends, where the page is the answer to that."""


@dataclass
class Stage:
    """The house with its people, and the ids under which an act finds what it is done on, the fittest first."""

    house: House
    people: dict[str, tuple[str, Client]]
    """By name: where in the house they read, and their browser."""
    ids: dict[str, list[str]]
    letters: dict[str, str]
    """Addresses that only a letter tells, by route."""


def client_of(person: Person, seats: dict[str, str], **more: Any) -> Client:
    """The browser of somebody who proved a moment ago who she is and sits in these seats, by realm."""
    client = Client()
    client.force_login(person)
    session = client.session
    session.update({SEATS_KEY: seats, PROOF_KEY: written(Proof.CODE, present()), **more})
    session.save()
    return client


def sitting(actor: ActorRef) -> Client:
    """The browser of whoever holds a seat of the fiction."""
    return client_of(Seat.objects.select_related("person").get(public_id=actor.id).person, {"fiction": actor.id})


def stage() -> Stage:
    """The house, made through its own actions."""
    house = found()
    ids = _things(house)
    for make in (_statements, _texts, _votes, _talks, _treaties, _closed):
        for name, more in make(house).items():
            ids[name] = [*more, *ids.get(name, [])]
    ids["withdrawn"] = [_taken_back(house, ids["conversation"][0])]
    people, letters = _accounts()
    ids["organisation"] = [house.own.public_id, *ids["organisation"]]
    ids["network"] = [house.network.public_id, *ids["network"]]
    for realm in Realm:
        sequence(realm)
    close_batch(Realm.FICTION, OVERDUE)
    return Stage(house, _people(house, ids) | people, ids, letters)


Ids = dict[str, list[str]]


def _things(house: House) -> Ids:
    """One thing of each kind, as open as its kind is; and a text that is closed for safety."""
    ids: Ids = {}
    for kind in all_kinds():
        states = SAMPLES[kind.name].states
        state = State.PUBLIC if State.PUBLIC in states else next(iter(sorted(states)))
        ids[kind.name] = [plant(house, kind.name, state).row.public_id]
        if kind.name == "text":
            ids["flagged"] = [plant(house, kind.name, State.FLAGGED).row.public_id]
    return ids


def _texts(house: House) -> Ids:
    """Texts that were voted on: one awaits the saying of what a board must agree to, one its answer, one the record."""
    congress, at = house.congress, VOTE + timedelta(days=1)
    saying, answering = (
        congress.adopted(congress.draft(title=f"Declaration {n}"), {0: "ad-referendum"}, VOTE) for n in (1, 2)
    )
    await_board(answering, organisation=house.own, words="Ours.", language="en", by=congress.heads[0], at=at)
    kept = congress.adopted(congress.draft(title="Declaration 3"), at=VOTE)
    promise = next(
        row for row in open_commitments(kept, by=congress.secretariat, at=at) if row.organisation_id == house.own.pk
    )
    head: dict[str, Any] = {"by": congress.heads[0], "at": at}
    ask_postponement(promise, due=datetime(2027, 3, 1, tzinfo=UTC).date(), reason="The ice stays.", **head)
    file_evidence(promise, title="Table of tides", url="https://example.org/1", kept_on=at.date(), **head)
    counted = congress.draft(title="Declaration 4")
    congress.vote(congress.put(counted))
    return {
        "text": [row.public_id for row in (saying.text, answering.text, counted)],
        "commitment": [promise.public_id],
    }


def _statements(house: House) -> Ids:
    """Joint statements: a draft, one open for signature, one that the own party signed subject to its board."""
    congress, at = house.congress, house.now()
    draft, unsigned, signed = (statement(congress, at, title=f"Statement {n}") for n in (1, 2, 3))
    for row in (unsigned, signed):
        open_for_signature(row, by=congress.heads[0], at=house.now())
    given = Signers(congress).sign(signed, 0, house.now(), ad_referendum=True)
    key = keys_of(house.own.public_id, Realm.FICTION)[0]
    head: dict[str, Any] = {"by": congress.heads[0], "at": house.now(), "house": HOUSE}
    lost = revoke_key(house.own, issue_key(house.own, NewKey(KeyFile().key), **head), reason="Lost.", **head)
    return {
        "text": [row.public_id for row in (signed, unsigned, draft)],
        "unsigned": [unsigned.public_id],
        "signature": [given.public_id],
        "key": [key.public_id],
        "ended key": [lost.public_id],
    }


def _votes(house: House) -> Ids:
    """A vote that is open."""
    return {"decision": [house.congress.put(house.congress.draft(title="Declaration 5")).public_id]}


def _talks(house: House) -> Ids:
    """A conversation that is open, with a voter's key."""
    congress, at = house.congress, house.now()
    row = open_conversation(
        topics=["water"],
        network=house.network,
        title="Views on tides",
        question="What of the tides?",
        opens=at,
        closes=FAR,
        originator=house.own,
        level=Level.PUBLIC,
        by=congress.heads[0],
        at=at,
    )
    voters = admit(row, organisation=house.own, count=2, by=congress.secretariat, at=at)
    said = propose_statement(
        row, words="Tides rise.", language="en", organisation=house.own, by=congress.delegates[0], at=house.now()
    )
    return {
        "conversation": [row.public_id],
        "statement": [said.public_id],
        "voter": [cookie_of(row), voters[0].key],  # type: ignore[attr-defined]  # borne here and never again
    }


def _treaties(house: House) -> Ids:
    """An agreement and a coalition that await a signature or a board."""
    head, at = house.congress.heads[0], house.now()
    told: dict[str, Any] = {
        "language": "en",
        "starts": at.date(),
        "authority": "Board",
        "terms": Terms(Level.PUBLIC, Attribution.ORGANISATION),
        "topics": ["water"],
        "organisation": house.own,
        "by": head,
        "at": at,
    }
    words: dict[str, Any] = {
        "title": "On tides",
        "scope": "Tides.",
        "words": "Both watch.",
        "expires": None,
        "ad_referendum": True,
    }
    unsigned = agreements.propose(counterpart=house.participant, **words, **told)
    joined = agreements.found(title="For tides", purpose="Tides.", until=None, **told)
    mandate: dict[str, Any] = {"authority": "Board", "ad_referendum": True, "by": house.congress.heads[1], "at": at}
    agreements.join(joined, organisation=house.participant, **mandate)
    handed = agreements.found(title="For ebb and flow", purpose="Tides.", until=None, **told)
    agreements.join(handed, organisation=house.participant, **mandate | {"ad_referendum": False})
    agreements.offer_convening(
        handed, taker=house.participant, reason="By turns.", answer_by=FAR.date(), by=head, at=at
    )
    return {"agreement": [unsigned.public_id], "coalition": [joined.public_id, handed.public_id]}


def _closed(house: House) -> Ids:
    """Meetings that the public may not read, one of which asks that nobody learn of it; a tie that is hidden."""
    head, at = house.congress.heads[0], house.now()
    meetings = [
        convene(
            topics=["water"],
            network=house.network,
            kind="dialogue",
            title="Talks on tides",
            capacity="party",
            place="Port",
            country="",
            zone="UTC",
            starts=at + timedelta(hours=1),
            ends=at + timedelta(hours=2),
            house_rule="public",
            level=Level.BODY,
            organisation=house.own,
            by=head,
            at=at,
        )
        for _number in (1, 2)
    ]
    until = (at + timedelta(days=60)).date()
    asked = ask_protection(meetings[1], reason="For their safety.", until=until, by=head, at=house.now())
    ties = {row.subject_id: row for row in Link.objects.filter(object=house.network)}
    hidden = hide_link(ties[house.participant.pk], reason="For safety.", by=house.congress.heads[1], at=house.now())
    proposed = propose_correction(
        house.own, field="founded", proposed="1991", source_url="https://example.org/1", by=ANONYMOUS, at=house.now()
    )
    return {
        "engagement": [meetings[0].public_id],
        "protection": [asked.public_id],
        "review": [hidden.public_id],
        "tie": [ties[house.own.pk].public_id],
        "correction": [proposed.public_id],
    }


def _taken_back(house: House, conversation: str) -> str:
    """The id of a file that everybody could read, and that was taken back: the last act of the house."""
    told: dict[str, Any] = {"organisation": house.own, "by": house.congress.heads[0], "at": OVERDUE}
    beside = Ref("conversation", conversation)
    words: dict[str, Any] = {"title": "On tides", "language": "en", "level": Level.PUBLIC, "network": house.network}
    row = upload(b"Tides.", beside=beside, **words, **told)
    return take_back(row, by=house.congress.heads[0], at=OVERDUE).public_id


def _people(house: House, ids: Ids) -> dict[str, tuple[str, Client]]:
    """Whoever is seated in the fiction: those who may do most are asked first."""
    congress = house.congress
    actors = {
        "head": congress.heads[0],
        "secretariat": congress.secretariat,
        "other head": congress.heads[1],
        "delegate": congress.delegates[0],
        "monitor": congress.monitor,
        "officer": seat(house.own, Role.OFFICER, None),
    }
    clients = {name: sitting(actor) for name, actor in actors.items()}
    keeper = register_person(name="Olga", email="olga@example.org", language="en", by=OPERATOR, at=VOTE)
    make_operator(keeper, by=OPERATOR, at=VOTE)
    clients["operator"] = client_of(keeper, {"fiction": OPERATOR_SEAT})
    clients["anyone"] = Client()
    clients["voter"] = Client()
    cookie, key = ids["voter"]
    clients["voter"].cookies[cookie] = key
    return {name: ("/fiction", client) for name, client in clients.items()}


def _accounts() -> tuple[dict[str, tuple[str, Client]], dict[str, str]]:
    """A real party whose people set up, lose and recover accounts: their browsers, and what their letters hold."""
    at = present()
    before = at - timedelta(days=3)
    party = list_organisation(
        realm=Realm.REAL, kind=OrganisationKind.PARTY, name="Example for a test", by=SYSTEM, at=before
    )

    def somebody(name: str, role: Role) -> Person:
        email = f"{name.lower()}@example.org"
        person = register_person(name=name, email=email, language="en", password=WORDS, by=SYSTEM, at=before)
        told: dict[str, Any] = {"organisation": party, "title": "", "start": before.date(), "at": before}
        grant_seat(person=person, role=role, by=operator(person), **told)
        return person

    ines, noor, olle = somebody("Ines", Role.HEAD), somebody("Noor", Role.DELEGATE), somebody("Olle", Role.OFFICER)
    own = olle.seats.get()
    new = register_person(name="New", email="new@example.org", language="en", by=SYSTEM, at=at)
    told: dict[str, Any] = {"organisation": party, "role": Role.DELEGATE, "title": "", "start": at.date(), "at": at}
    tell_of_offer(offer_seat(person=new, by=operator(olle), **told), house=HOUSE, by=SYSTEM, at=at)
    lost = recovery.ask(ines, house=HOUSE, at=before)
    assert lost is not None
    recovery.confirm(lost, organisation=party, house=HOUSE, by=actor_of(own), at=before)
    assert recovery.ask(noor, house=HOUSE, at=at) is not None
    secure(olle)
    offer_browser(olle.email, house=HOUSE, at=at)
    half, vouched = Client(), client_of(olle, {})
    session = half.session
    session[HALF_KEY] = [olle.public_id, at.timestamp()]
    session.save()
    session = vouched.session
    session[PROOF_KEY] = written(Proof.ORGANISATION, at, party.public_id)
    session.save()
    letters = {
        "welcome/<str:public_id>/<str:token>": link_to(new.email, "welcome"),
        "account/begin/<str:public_id>/<str:token>": f"/en/account/begin/{ines.public_id}/{OPENINGS.make_token(ines)}",
        "recovery/<str:public_id>/<str:token>": link_to(ines.email, "recovery"),
        "recovery/<str:public_id>/<str:token>/stop": link_to(noor.email, "recovery"),
        "sign-in/browser/<str:public_id>/<str:token>": link_to(olle.email, "sign-in/browser"),
        "letters/<str:token>/end": f"/en/letters/{signing.dumps(olle.public_id, salt=ENDS_LETTERS)}/end",
        "account/remove": f"/en/account/remove?way={factors.name_of(factors.factors_of(olle)[0])}",
    }
    clients = {"holder": client_of(olle, {"real": own.public_id}), "half": half, "vouched": vouched, "reader": Client()}
    return {name: ("", client) for name, client in clients.items()}, letters


FILLED = {
    "desk/key/<str:public_id>/revoke": "key",
    "desk/key/<str:public_id>/forget": "ended key",
    "text/sign/<str:public_id>": "unsigned",
    "text/signature/<str:public_id>.sig": "signature",
    "text/signature/<str:public_id>.txt": "signature",
    "desk/link/<str:public_id>/end": "tie",
    "desk/link/<str:public_id>/standing": "tie",
    "links/<str:public_id>/do/hide": "tie",
    "links/<str:public_id>/do/review": "review",
    "links/<str:public_id>/do/show": "review",
    "desk/correction/<str:public_id>/decide": "correction",
    "protections/<str:public_id>/do/decide": "protection",
    "protections/<str:public_id>/do/lift": "protection",
    "visibility/<str:kind>/<str:public_id>/do/unflag": "flagged",
}
"""Of which things the id is, where it is of no kind, or of things in one state only."""


LEADS_ON, FILE, ACT_ALONE = "it leads to the address of its thing", "it is a file", "it takes a form and shows none"
NO_PAGE = {301: LEADS_ON, 405: ACT_ALONE}


@dataclass
class Found:
    """What answers at the addresses of the house, by name."""

    pages: dict[str, Stop]
    others: dict[str, str]
    """What is no page, and what it is instead."""
    closed: dict[str, str]
    """Where nobody gets a page: what they get."""


def looked_for(stage: Stage, reached: Set[str] = frozenset()) -> Found:
    """Ask every address of the house that has a language, but those reached before, until somebody gets its page."""
    told = Found({}, {}, {})
    for route in (one for one in page_routes() if one not in reached):
        for name, fill in _kinds_of_page(route):
            got = _got(stage, route, name, fill)
            if isinstance(got, Stop):
                told.pages[name] = got
            elif got in {LEADS_ON, FILE, ACT_ALONE}:
                told.others[name] = got
            else:
                told.closed[name] = got
    return told


def _kinds_of_page(route: str) -> Iterator[tuple[str, dict[str, str]]]:
    part, values = ACTS.get(route, ("", ()))
    if not part:
        yield route, {}
    for value in values:
        yield f"{route} {value}", {part: value}


def _got(stage: Stage, route: str, name: str, fill: dict[str, str]) -> Stop | str:
    """The page, with its form where it is an act that somebody may do; else what answers there."""
    without_form, told = None, ""
    for asked, client in _asking(stage, route, fill):
        address, page = asked, made(client, asked)
        if page.leads_to(route):
            address = page.answer.headers["Location"]
            page = made(client, address)
        if page.answer.status in NO_PAGE:
            return NO_PAGE[page.answer.status]
        if page.answer.status != 200:
            told = f"{address} answers {page.answer.status}"
        elif "html" not in page.answer.headers["Content-Type"]:
            return FILE
        else:
            stop = Stop(name, address, client, page.template)
            if route not in ACTS or FORM.search(page.answer.text) or not _is_act(route):
                return stop
            without_form = without_form or stop
    return without_form or told


@dataclass(frozen=True)
class Made:
    """What an address answered, and from which template."""

    answer: Answer
    template: str

    def leads_to(self, route: str) -> bool:
        """Whether it leads to the same thing under its right title."""
        return self.answer.status == 301 and resolve(self.answer.headers["Location"]).route.endswith(route)


Sent = Mapping[str, object]
EMPTY: Sent = {"sent": ""}


def made(client: Client, address: str, sent: Sent | None = None) -> Made:
    """What an address answers, to a form where one is sent; what that would have done is undone."""
    with templates() as rendered, transaction.atomic():
        if sent is None:
            answer = Browser(client).get(address)
        else:
            told: Any = client.post(address, sent)
            answer = Answer(told.status_code, dict(told.items()), told.content)
            transaction.set_rollback(True)
    return Made(answer, rendered[0] if rendered else "")


@contextmanager
def templates() -> Iterator[list[str]]:
    """The names of the templates that are rendered meanwhile, the whole page's first."""
    names: list[str] = []

    def note(template: Any, **_told: object) -> None:
        names.append(template.name)

    template_rendered.connect(note)
    try:
        yield names
    finally:
        template_rendered.disconnect(note)


ID = re.compile(r"\b[a-z2-7]{16}\b")
FORM = re.compile(r'<main.*<form[^>]* method="post"', re.S)


def _is_act(route: str) -> bool:
    return WAYS[route].exit is Exit.ACT if route in WAYS else False


def _asking(stage: Stage, route: str, fill: dict[str, str]) -> Iterator[tuple[str, Client]]:
    """The addresses of a route, each with whoever asks there."""
    for where, client in stage.people.values():
        if route in stage.letters:
            yield stage.letters[route], client
            continue
        for parts in _parts(stage, route, fill):
            yield f"{where}/en/{PART.sub(lambda match, parts=parts: parts[match[1]], route)}", client  # type: ignore[misc]


def _parts(stage: Stage, route: str, fill: dict[str, str]) -> Iterator[dict[str, str]]:
    """What the parts of an address may be, the fittest first."""
    way = WAYS.get(route, Way())
    given = {
        "slug": "-",
        "code": "water",
        "provider_id": "none",
        "token": "none",
        **dict(way.fill),
        **fill,
        "statement_id": stage.ids["statement"][0],
    }
    if not PART.search(route):
        yield {}
        return
    kinds = [given["kind"]] if "kind" in given else list(stage.ids) if way.kind == "*" else [way.kind]
    if route in FILLED:
        ids = [("text", one) for one in stage.ids[FILLED[route]]]
    else:
        ids = [(kind, one) for kind in kinds for one in stage.ids.get(kind, ())]
    for kind, public_id in ids or [("", "0" * 16)]:
        yield dict.fromkeys(("public_id", "network_id", "text_id"), public_id) | {"kind": kind} | given


def beside(stage: Stage) -> Iterator[Stop]:
    """Pages that share their address with another: what a question or a form leads to, and what is refused."""

    def stop(who: str, path: str, status: int = 200, sent: Sent | None = None) -> Stop:
        where, client = stage.people[who]
        address = f"{where}/en/{path}"
        page = made(client, address, sent)
        assert page.answer.status == status, f"{address} answers {page.answer.status}"
        name = f"{ID.sub('*', path.partition('?')[0])} ({page.template})"
        return Stop(name, address, client, page.template, status, sent)

    one = {kind: ids[0] for kind, ids in stage.ids.items()}
    talk, network = f"conversation/{one['conversation']}/do", stage.house.network.public_id
    yield stop("anyone", "nothing/here", 404)
    yield stop("head", "desk/networks/found", 403)
    yield stop("anyone", f"file/{one['withdrawn']}", 410)
    yield stop("operator", "desk")
    yield stop("vouched", "account")
    yield stop("voter", f"{talk}/vote")
    yield stop("secretariat", f"decision/open/{network}?organ={stage.house.congress.organ.public_id}")
    yield stop("head", f"decision/cast/{one['decision']}?way=for")
    yield stop("anyone", f"entry/{restricted()}")
    yield stop("anyone", "recovery", sent={"email": "nobody@example.org"})
    yield stop("delegate", f"{talk}/vote", sent={"take": "1"})
    yield stop("secretariat", f"{talk}/admit", sent={"organisation": stage.house.own.public_id, "count": 2})
    yield stop("secretariat", f"text/act/{stage.ids['text'][2]}/adopt", sent=EMPTY)


def sent_empty(found: Found) -> Iterator[Stop]:
    """What the form of an act answers that was sent without a word: one for each template of forms."""
    known = set()
    for stop in found.pages.values():
        if _is_act(stop.name.split(" ", maxsplit=1)[0]) and stop.template not in known:
            page = made(stop.client, stop.address, EMPTY)
            if page.answer.status == 422:
                known.add(page.template)
                yield replace(stop, name=f"{stop.name}, sent empty", status=422, sent=EMPTY)


def restricted() -> int:
    """The number of an entry in the record that is told to nobody."""
    numbered = takewhile(bool, (entry_at(Realm.FICTION, number) for number in count()))
    return next(number for number, entry in enumerate(numbered) if entry and entry.level != Level.PUBLIC)
