"""The public things of this room, and what it says beside decisions and organisations."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from comity.decisions.models import Decision
from comity.decisions.queries import result_of
from comity.decisions.words import title_sentence
from comity.files.circles import take_files
from comity.plain.actors import ANONYMOUS, ActorRef
from comity.plain.beginnings import begin_from
from comity.plain.findings import tell
from comity.plain.ids import slug
from comity.plain.kinds import Awaited, Called, Exit, Kind, Note, call_by, called, declare, note_beside, stands_within
from comity.plain.languages import isolated
from comity.plain.levels import Realm
from comity.plain.place import Place
from comity.plain.positions import positions_on
from comity.plain.readable import recorded_under
from comity.plain.stances import Stance
from comity.plain.thread import Stage
from comity.plain.topics import BY_HAND, Within, within
from comity.plain.wanted import Found, Part, Wanted
from comity.registry.dates import day_in_words
from comity.registry.edges import here
from comity.texts import access
from comity.texts.core.clauses import ClauseKind
from comity.texts.core.states import TextState
from comity.texts.models import (
    Adoption,
    AdReferendum,
    Amendment,
    AmendmentQuerySet,
    Block,
    Dissent,
    DissentKind,
    Poll,
    Text,
    TextQuerySet,
    Translation,
)
from comity.texts.queries import know_titles, rendered, signatures_on, text_state_on, title_for, words_in
from comity.visibility.queries import part_of

NEWEST = 20
"""Positions of parties that stand on the page of a topic."""
MARKS = {
    DissentKind.RESERVATION: Stance.RESERVED,
    DissentKind.MINORITY_STATEMENT: Stance.RESERVED,
    DissentKind.EXPLANATION: Stance.AGREED,
    DissentKind.ABSTENTION: Stance.ABSTAINED,
    DissentKind.NON_PARTICIPATION: Stance.UNUSED,
}


def _texts(actor: ActorRef, at: datetime, realm: Realm) -> TextQuerySet:
    return Text.objects.visible_to(actor, at).in_realm(realm).select_related("network", "originator")


def _amendments(actor: ActorRef, at: datetime, realm: Realm) -> AmendmentQuerySet:
    rows = Amendment.objects.visible_to(actor, at).in_realm(realm)
    return rows.select_related("network", "originator", "text__network", "version")


def _headings(rows: TextQuerySet) -> Iterable[tuple[int, str]]:
    """Titles, and titles as translated."""
    yield from rows.values_list("pk", "title")
    yield from Translation.objects.filter(of="title", text__in=rows.values("pk")).values_list("text_id", "words")


def _drafting(text: Text) -> tuple[date, date]:
    instants = list(text.versions.values_list("at", flat=True))
    return min(instants).date(), max(instants).date()


def _awaited(text: Text) -> dict[Stage, date]:
    """The account of a text is due on the day that a rule clause of its newest version names."""
    rules = Block.objects.filter(version__text=text, kind=ClauseKind.RULE, due__isnull=False)
    newest = rules.order_by("-version__number", "due").first()
    return {Stage.ACCOUNT: newest.due} if newest and newest.due else {}


def _amendment_title(amendment: Amendment) -> str:
    told = {"number": amendment.number, "text": amendment.text.title}
    return _("Amendment %(number)s to “%(text)s”") % told


TEXT = declare(
    Kind(
        name="text",
        model=Text,
        title=lambda row: row.title,
        visible=_texts,
        realm_of=lambda row: row.realm,
        exits=frozenset(
            {
                *(Exit.PAGE, Exit.LIST, Exit.API, Exit.SEARCH, Exit.SUGGESTION, Exit.FEED, Exit.THREAD, Exit.EXPORT),
                *(Exit.SITEMAP, Exit.PREVIEW, Exit.METADATA),
            }
        ),
        stage=Stage.DRAFT,
        filed=BY_HAND,
        dated=_drafting,
        begins=lambda row: row.recorded_at.date(),
        line=("title", "language", "recorded_at", "network__realm"),
        language_of=lambda row: row.language,
        awaited=_awaited,
        headings=_headings,
    )
)
take_files("text")
AMENDMENT = declare(
    Kind(
        name="amendment",
        model=Amendment,
        title=_amendment_title,
        visible=_amendments,
        realm_of=lambda row: row.text.realm,
        exits=frozenset({Exit.PAGE, Exit.FEED, Exit.THREAD, Exit.SITEMAP, Exit.PREVIEW, Exit.METADATA}),
        dated=lambda row: (row.recorded_at.date(), row.recorded_at.date()),
        line=("number", "recorded_at", "text__title", "text__language", "text__network__realm"),
        filed=within("text", "text"),
    )
)
stands_within("decision", Within("text", "poll__version__text"))
stands_within("decision", Within("text", "amendment__text"))

part_of("amendment", lambda row: row.text)

recorded_under("dissent", lambda at, realm: Dissent.objects.filter(text__in=_texts(ANONYMOUS, at, realm).values("pk")))
recorded_under(
    "ad-referendum",
    lambda at, realm: AdReferendum.objects.filter(adoption__text__in=_texts(ANONYMOUS, at, realm).values("pk")),
)


def _titles_wanted(texts: Sequence[Text], place: Place) -> Sequence[Wanted]:
    """The translated titles of texts that a page will name."""
    ids = {text.pk for text in texts if text.language != place.language}
    return [_titles(place, text__in=ids)] if ids else []


def _titles(place: Place, **of: Any) -> Wanted:
    rows = Translation.objects.filter(of="title", language=place.language, at__lte=place.known_by, **of)
    return Wanted(rows, ("text_id", "words", "source_sha256", "at"), by=("at", "pk"))


def _titles_known(texts: Sequence[Text], place: Place, *titles: Found) -> Iterable[Any]:
    """Keep them for the page."""
    know_titles(texts, [row for found in titles for row in found.rows], place)
    return ()


def _text_called(text: Text, place: Place) -> Called:
    title = title_for(text, place)
    return Called(title.text, title.language)


def _amendment_called(amendment: Amendment, place: Place) -> Called:
    told = {"number": amendment.number, "text": title_for(amendment.text, place).text}
    return Called(_("Amendment %(number)s to “%(text)s”") % told)


def _decision_called(decision: Decision, place: Place) -> Called | None:
    """A title that putting a text or an amendment to the vote gave is said anew; one that somebody wrote stands."""
    subject = _put_to_vote(decision, place)
    if isinstance(subject, Text) and decision.title == subject.title:
        return called(subject, place)
    if isinstance(subject, Amendment) and decision.title == subject.title_at_vote:
        return called(subject, place)
    return None


def _put_to_vote(decision: Decision, place: Place) -> Text | Amendment | None:
    """What a decision is about.

    A page that names many decisions has asked for it; else a network's subjects are asked for once.
    """
    asked: dict[int, Text | Amendment | None] = place.memory.get(SUBJECTS, {})
    if decision.pk in asked:
        return asked[decision.pk]
    known = place.memory.setdefault("texts.put_to_vote", {})
    if decision.network_id not in known:
        polls = Poll.objects.filter(decision__network=decision.network_id).select_related("version__text")
        amendments = Amendment.objects.filter(decision__network=decision.network_id).select_related("text")
        found: dict[int, Text | Amendment] = {poll.decision_id: poll.version.text for poll in polls}
        found.update({row.decision_id: row for row in amendments if row.decision_id is not None})
        known[decision.network_id] = found
    subjects: dict[int, Text | Amendment] = known[decision.network_id]
    return subjects.get(decision.pk)


def _subjects_wanted(decisions: Sequence[Decision], place: Place) -> Sequence[Wanted]:
    """What decisions that a page will name are about, and the translated titles of that."""
    ids = {decision.pk for decision in decisions}
    of_text = [f"text__{name}" for name in NAMED]
    return [
        Wanted(Poll.objects.filter(decision__in=ids), ("decision_id", *(f"version__{name}" for name in of_text))),
        Wanted(Amendment.objects.filter(decision__in=ids), ("decision_id", "number", *of_text)),
        _titles(place, text__versions__polls__decision__in=ids),
        _titles(place, text__amendments__decision__in=ids),
    ]


def _subjects_known(
    decisions: Sequence[Decision], place: Place, polls: Found, amendments: Found, *titles: Found
) -> Iterable[Any]:
    """Keep them for the page."""
    subjects = {poll.decision_id: poll.version.text for poll in polls.rows}
    subjects |= {row.decision_id: row for row in amendments.rows}
    known = place.memory.setdefault(SUBJECTS, {})
    known |= {decision.pk: subjects.get(decision.pk) for decision in decisions}
    texts = [row.text if isinstance(row, Amendment) else row for row in subjects.values()]
    return _titles_known(texts, place, *titles)


SUBJECTS = "texts.subjects_asked"

call_by("text", _text_called, Part(_titles_wanted, _titles_known))
call_by("amendment", _amendment_called)
call_by("decision", _decision_called, Part(_subjects_wanted, _subjects_known))


def _place(text: Text, anchor: str) -> str:
    return f"text/{text.public_id}/{slug(text.title)}#{anchor}"


def beside_decision(decision: Any, place: Place) -> Iterable[Note]:
    """What parties said of the text that a decision was about, as this reader may see it at that instant."""
    actor, at = place.actor, place.known_by
    poll = Poll.objects.filter(decision=decision).select_related("version__text__network").first()
    if poll is None or not Text.objects.visible_to(actor, at).filter(pk=poll.version.text_id).exists():
        return []
    text = poll.version.text
    rows = Dissent.objects.filter(version=poll.version, at__lte=at).select_related("organisation")
    adopted = Adoption.objects.filter(decision=decision, at__lte=at)
    boards = AdReferendum.objects.filter(adoption__in=adopted, at__lte=at).select_related("organisation", "answer")
    labels = dict(poll.version.blocks.values_list("uuid", "label"))
    language = place.language
    translated = words_in(text, language, at)

    def said(of: str, row: Dissent | AdReferendum) -> str:
        return isolated(rendered(row.words, row.language, translated.get(f"{of}:{row.public_id}"), language).text)

    return [
        *(_dissent_note(row, text, labels.get(row.block_uuid, ""), said("dissent", row)) for row in rows),
        *(_board_note(row, text, at, said("board", row)) for row in boards),
    ]


def _dissent_note(row: Dissent, text: Text, label: str, said: str) -> Note:
    told = {"kind": row.get_kind_display(), "clause": label}
    head = _("%(kind)s on clause %(clause)s") % told if label else str(row.get_kind_display())
    return Note(
        organisation=row.organisation.public_id,
        mark=MARKS[DissentKind(row.kind)],
        words=_("%(head)s: “%(words)s”") % {"head": head, "words": said},
        at=row.at,
        address=_place(text, f"dissent-{row.public_id}"),
        anchor=row.block_uuid,
    )


def _board_note(row: AdReferendum, text: Text, at: datetime, said: str) -> Note:
    answer = getattr(row, "answer", None)
    if answer is not None and answer.at <= at:
        told = {"day": day_in_words(answer.at.date())}
        words = _("Its board agreed on %(day)s.") if answer.agrees else _("Its board did not agree, %(day)s.")
        mark = Stance.AGREED if answer.agrees else Stance.AGAINST
        words %= told
    else:
        told = {"words": said, "day": day_in_words(row.board_meets) if row.board_meets else ""}
        words = (
            _("Ad referendum: “%(words)s” Board meets %(day)s.") if row.board_meets else _("Ad referendum: “%(words)s”")
        )
        mark, words = Stance.AD_REFERENDUM, words % told
    return Note(row.organisation.public_id, mark, words, row.at, _place(text, f"dissent-{row.public_id}"))


NAMED = ("public_id", "title", "language", "network_id")
"""What naming a text and leading to it reads of it."""


def _said_of_texts(organisation: Any, place: Place) -> Sequence[Wanted]:
    """What a party filed on joint texts that this reader may see."""
    texts = Text.objects.visible_to(place.actor, place.known_by)
    rows = Dissent.objects.filter(organisation=organisation, text__in=texts, at__lte=place.known_by)
    filed = ("public_id", "kind", "at", "organisation__public_id", *(f"text__{name}" for name in NAMED))
    return [Wanted(rows.select_related("organisation", "text__network"), filed)]


def _positions_told(organisation: Any, place: Place, filed: Found) -> Iterable[Note]:
    """The same in words."""
    return [_position(row, place) for row in filed.rows]


def _boards_asked(organisation: Any, place: Place) -> Sequence[Wanted]:
    """What a party agreed to subject to its board, and what the board said."""
    texts = Text.objects.visible_to(place.actor, place.known_by)
    rows = AdReferendum.objects.filter(organisation=organisation, adoption__text__in=texts, at__lte=place.known_by)
    rows = rows.select_related("answer", "adoption__text__network")
    said = ("public_id", "at", "board_meets", "answer__agrees", "answer__at")
    return [Wanted(rows, (*said, *(f"adoption__text__{name}" for name in NAMED)))]


def _boards_told(organisation: Any, place: Place, asked: Found) -> Iterable[Note]:
    """The same in words."""
    return [_board_told(row, organisation, place) for row in asked.rows]


def _board_told(row: AdReferendum, organisation: Any, place: Place) -> Note:
    text, at = row.adoption.text, place.known_by
    told = {"text": isolated(title_for(text, place).text)}
    answer, mark, awaited = getattr(row, "answer", None), Stance.AD_REFERENDUM, None
    if answer is not None and answer.at <= at:
        mark = Stance.AGREED if answer.agrees else Stance.AGAINST
        words = _("Its board agreed to “%(text)s”") if answer.agrees else _("Its board did not agree to “%(text)s”")
    else:
        words = _("Ad referendum on “%(text)s”: its board has not answered")
        decides = _("Its board decides on “%(text)s”. Until then the clauses put to it do not bind it.") % told
        awaited = Awaited(row.board_meets, decides) if row.board_meets else None
    place_of_it = _place(text, f"dissent-{row.public_id}")
    return Note(organisation.public_id, mark, words % told, row.at, place_of_it, awaited=awaited)


def positions(rows: TextQuerySet, place: Place) -> Iterable[Note]:
    """What parties filed beside some texts, the newest first."""
    found = Dissent.objects.filter(text__in=rows.values("pk"), at__lte=place.known_by)
    newest = found.select_related("organisation", "text__network").order_by("-at", "-pk")
    return [_position(row, place) for row in newest[:NEWEST]]


def _position(row: Dissent, place: Place) -> Note:
    told = {"kind": row.get_kind_display(), "text": title_for(row.text, place).text}
    return Note(
        organisation=row.organisation.public_id,
        mark=MARKS[DissentKind(row.kind)],
        words=_("%(kind)s to “%(text)s”") % told,
        at=row.at,
        address=_place(row.text, f"dissent-{row.public_id}"),
    )


positions_on("text", positions)
note_beside("decision", beside_decision)
note_beside("organisation", Part(_said_of_texts, _positions_told), Dissent)
note_beside("organisation", Part(_boards_asked, _boards_told), AdReferendum)


def _text_told(text: Text, place: Place) -> str:
    adoption = Adoption.objects.filter(text=text, at__lte=place.known_by).select_related("decision").first()
    if adoption is None:
        return _statement_told(text, place)
    outcome = result_of(adoption.decision)
    beside = Dissent.objects.filter(text=text, at__lte=place.known_by).count()
    told = {"result": title_sentence(outcome) if outcome else "", "day": day_in_words(adoption.at.date()), "n": beside}
    if not told["result"]:
        return _("Adopted on %(day)s.") % told
    if not beside:
        return _("%(result)s, on %(day)s.") % told
    words = ngettext(
        "%(result)s, on %(day)s; %(n)d statement of dissent stands beside it.",
        "%(result)s, on %(day)s; %(n)d statements of dissent stand beside it.",
        beside,
    )
    return words % told


def _statement_told(text: Text, place: Place) -> str:
    """A text that no vote has adopted: a draft, or a statement with its signatures."""
    state = text_state_on(text, place.known_by)
    if state not in {TextState.OPEN_FOR_SIGNATURE, TextState.PUBLISHED}:
        return _("A draft, begun on %(day)s; it is not adopted.") % {"day": day_in_words(text.recorded_at.date())}
    stand = sum(signed.stands for signed in signatures_on(text, place.known_by))
    told = ngettext(
        "A joint statement that %(n)d party has signed.", "A joint statement that %(n)d parties have signed.", stand
    )
    return told % {"n": stand}


def _amendment_told(amendment: Amendment, place: Place) -> str:
    told = {
        "n": amendment.number,
        "party": called(amendment.originator, place).words,
        "day": day_in_words(amendment.recorded_at.date()),
        "text": title_for(amendment.text, place).text,
    }
    return _("%(party)s proposed amendment %(n)d to “%(text)s” on %(day)s.") % told


tell("text", _text_told)
tell("amendment", _amendment_told)


def _where_drafted(place: Place) -> str:
    may = access.networks_to_draft_in(place.actor, place.at, place.realm)
    return here(place, "text-new") if may else ""


for _name in ("engagement", "conversation", "principle"):
    begin_from(_name, lazy("Begin a text from it"), _where_drafted)
begin_from("text", lazy("Begin a text that follows it"), _where_drafted)
