from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from comity.conftest import Cast
from comity.deliberation import actions, queries
from comity.deliberation.core.cells import Bound
from comity.deliberation.jobs import seal_waiting
from comity.deliberation.models import Conversation, MapRun, OpinionVote, Participant, Statement
from comity.deliberation.tests import factories
from comity.deliberation.tests.factories import AFTER, CLOSES, DURING, OPENS
from comity.engagements.actions import register_delegation
from comity.engagements.kinds import ENGAGEMENT
from comity.engagements.tests.factories import talks
from comity.plain.actors import ANONYMOUS, SYSTEM, ActorRef
from comity.plain.levels import Level, Realm
from comity.plain.refs import Ref
from comity.plain.refusals import BadInput, NotAllowed, Refusal
from comity.record.queries import entries_of, public_entries, results_of

Check = Callable[[], None]


@pytest.fixture
def chair(cast: Cast) -> ActorRef:
    return factories.facilitator(cast)


def test_the_delegations_that_met_are_invited_and_others_are_admitted(cast: Cast, chair: ActorRef) -> None:
    met = talks(cast)
    register_delegation(met, organisation=cast.other_party, size=2, by=cast.chen, at=OPENS - timedelta(hours=1))
    opened = factories.conversation(cast, because=[ENGAGEMENT.ref(met)])
    invited = set(opened.delegations.values_list("organisation__name", flat=True))
    assert invited == {cast.party.name, cast.other_party.name}
    assert results_of(ENGAGEMENT.ref(met)) == [Ref("conversation", opened.public_id)]


def test_only_delegates_of_participating_organisations_propose(cast: Cast, chair: ActorRef) -> None:
    opened = factories.conversation(cast)
    said: dict[str, Any] = {
        "words": "We were not asked.",
        "language": "en",
        "organisation": cast.other_party,
        "at": DURING,
    }
    for actor in (cast.chen, cast.amina, cast.stranger, ANONYMOUS):
        with pytest.raises(NotAllowed):
            actions.propose_statement(opened, by=actor, **said)
    actions.admit(opened, organisation=cast.other_party, count=1, by=chair, at=DURING)
    assert actions.propose_statement(opened, by=cast.chen, **said).number == 1
    with pytest.raises(actions.SaidAlready):
        actions.propose_statement(opened, by=cast.chen, **{**said, "words": " We were  not asked. "})


@pytest.mark.parametrize("words", ["", "  ", "x" * 281])
def test_a_statement_is_one_sentence_of_bounded_length(cast: Cast, words: str) -> None:
    opened = factories.conversation(cast)
    with pytest.raises(BadInput):
        actions.propose_statement(opened, words=words, language="en", organisation=cast.party, by=cast.boris, at=DURING)


def test_a_vote_is_durable_before_it_is_sealed_and_the_last_one_counts(
    cast: Cast, chair: ActorRef, check_record: Check
) -> None:
    opened = factories.conversation(cast)
    one, two = factories.statements(cast, opened, 2)
    voter = actions.admit(opened, organisation=cast.party, count=1, by=chair, at=OPENS)[0]
    before = public_entries(Realm.FICTION).count()
    actions.vote(voter, {one: 1, two: 0}, at=DURING)
    actions.vote(voter, {one: -1}, at=DURING + timedelta(minutes=1))
    assert OpinionVote.objects.count() == 3
    assert public_entries(Realm.FICTION).count() == before
    first = actions.seal_votes(opened, by=SYSTEM, at=DURING + timedelta(minutes=2))
    assert first is not None
    assert first.votes == 3
    assert actions.seal_votes(opened, by=SYSTEM, at=DURING + timedelta(minutes=3)) is None
    votes, _silenced = queries.sealed_votes(opened)
    assert votes.value.tolist() == [-1.0, 0.0]
    rows = OpinionVote.objects.values_list("participant__public_id", "statement__public_id", "value", "at")
    assert queries.chained("", rows) == first.digest
    assert queries.chained("", [(p, s, -v, at) for p, s, v, at in rows]) != first.digest


def test_waiting_votes_are_sealed_once_a_day(cast: Cast, chair: ActorRef) -> None:
    opened = factories.conversation(cast)
    (one,) = factories.statements(cast, opened, 1)
    voter = actions.admit(opened, organisation=cast.party, count=1, by=chair, at=OPENS)[0]
    actions.vote(voter, {one: 1}, at=OPENS + timedelta(hours=1))
    assert seal_waiting(Realm.FICTION, OPENS + timedelta(hours=2)) == 0
    assert seal_waiting(Realm.REAL, DURING) == 0
    assert seal_waiting(Realm.FICTION, DURING) == 1
    assert seal_waiting(Realm.FICTION, DURING) == 0
    actions.vote(voter, {one: -1}, at=DURING + timedelta(minutes=1))
    assert seal_waiting(Realm.FICTION, DURING + timedelta(minutes=2)) == 0
    assert seal_waiting(Realm.FICTION, DURING + timedelta(days=1)) == 1


def test_a_key_opens_its_own_place_only_and_is_told_once(cast: Cast, chair: ActorRef) -> None:
    opened = factories.conversation(cast)
    other = factories.conversation(cast, title="Another")
    voter = actions.admit(opened, organisation=cast.party, count=1, by=chair, at=OPENS)[0]
    key: str = voter.key  # type: ignore[attr-defined]
    assert queries.participant_with(opened, key) == voter
    assert queries.participant_with(other, key) is None
    assert queries.participant_with(opened, "") is None
    assert key not in str(list(Participant.objects.values()))


def test_a_seat_takes_one_place_and_which_one_is_not_kept(cast: Cast, chair: ActorRef) -> None:
    opened = factories.conversation(cast)
    factories.statements(cast, opened, 2)
    actions.admit(opened, organisation=cast.party, count=2, by=chair, at=OPENS)
    key = actions.take_place(opened, organisation=cast.party, by=cast.boris, at=DURING)
    place = queries.participant_with(opened, key)
    assert place is not None
    assert place.organisation == cast.party
    with pytest.raises(actions.NoPlaceLeft):
        actions.take_place(opened, organisation=cast.party, by=cast.boris, at=DURING)
    with pytest.raises(NotAllowed):
        actions.take_place(opened, organisation=cast.party, by=cast.chen, at=DURING)
    names = {field.name for field in Participant._meta.get_fields()}
    assert not names & {"seat", "person", "taken_by", "at"}


@pytest.mark.parametrize("value", [2, -2, 7])
def test_a_vote_off_the_scale_takes_nothing(cast: Cast, chair: ActorRef, value: int) -> None:
    opened = factories.conversation(cast)
    one, two = factories.statements(cast, opened, 2)
    voter = actions.admit(opened, organisation=cast.party, count=1, by=chair, at=OPENS)[0]
    with pytest.raises(actions.VoteNotOnTheScale):
        actions.vote(voter, {one: 1, two: value}, at=DURING)
    assert not OpinionVote.objects.exists()


def test_votes_and_statements_are_taken_while_it_is_open(cast: Cast, chair: ActorRef) -> None:
    opened = factories.conversation(cast)
    (one,) = factories.statements(cast, opened, 1)
    voter = actions.admit(opened, organisation=cast.party, count=1, by=chair, at=OPENS)[0]
    for at in (OPENS - timedelta(minutes=1), CLOSES + timedelta(minutes=1)):
        with pytest.raises(actions.ConversationIsNotOpen):
            actions.vote(voter, {one: 1}, at=at)
    assert actions.vote(voter, {one: 1}, at=CLOSES) == 1
    stranger = factories.conversation(cast, title="Another")
    (foreign,) = factories.statements(cast, stranger, 1)
    with pytest.raises(actions.NotOfThisConversation):
        actions.vote(voter, {foreign: 1}, at=DURING)


def test_moderation_gives_its_reason_and_the_statement_stops_counting(cast: Cast, chair: ActorRef) -> None:
    opened = factories.conversation(cast)
    one, two = factories.statements(cast, opened, 2)
    voter = actions.admit(opened, organisation=cast.party, count=1, by=chair, at=OPENS)[0]
    with pytest.raises(NotAllowed):
        actions.silence_statement(one, reason="I do not like it", by=cast.amina, at=DURING)
    with pytest.raises(BadInput):
        actions.silence_statement(one, reason=" ", by=chair, at=DURING)
    actions.silence_statement(one, reason="It names a person.", by=chair, at=DURING)
    with pytest.raises(actions.StatementIsSilenced):
        actions.vote(voter, {one: 1}, at=DURING)
    assert queries.next_statement(voter) == two
    _votes, silenced = queries.sealed_votes(opened)
    assert silenced.tolist() == [True, False]


def test_the_map_finds_the_camps_and_anyone_with_the_votes_can_draw_it_again(
    cast: Cast, chair: ActorRef, check_record: Check
) -> None:
    opened, proposed, run = factories.closed(cast, chair)
    assert run.result is not None
    assert [group["size"] for group in run.result["groups"]] == [24, 22, 7]
    assert set(run.result["unites"]) == {one.public_id for one in proposed[:4]}
    assert run.result["stability"]["steady"]
    assert queries.redrawn(opened, run)
    with pytest.raises(actions.AlreadyClosed):
        actions.close(opened, by=chair, at=AFTER)
    types = [entry.type for entry in entries_of(Ref("conversation", opened.public_id))]
    assert types[-2:] == ["deliberation.votes_sealed", "deliberation.closed"]


def test_the_small_group_keeps_its_own_statement_and_its_unanimity_is_not_told(cast: Cast, chair: ActorRef) -> None:
    _opened, proposed, run = factories.closed(cast, chair)
    assert run.result is not None
    assert run.result["groups"][2]["own"] in {one.public_id for one in proposed[12:]}
    rows = queries.rows_of(run, proposed)
    assert all(row.cells[2].bound is not Bound.EXACT or 20 < row.cells[2].percent < 80 for row in rows)
    assert not run.result["rows_may_be_published"]


def test_a_conversation_is_closed_by_its_chair_at_its_end(cast: Cast, chair: ActorRef) -> None:
    opened = factories.conversation(cast)
    with pytest.raises(NotAllowed):
        actions.close(opened, by=cast.amina, at=AFTER)
    with pytest.raises(actions.ClosesLater):
        actions.close(opened, by=chair, at=DURING)
    run = actions.close(opened, by=chair, at=AFTER)
    assert run.result is None


def _principle(opened: Conversation, chair: ActorRef, **different: Any) -> Any:
    stated = list(opened.statements.all())
    terms: dict[str, Any] = {
        "number": 1,
        "words": "What is shared is measured together.",
        "language": "en",
        "fed": stated[:2],
        "overruled": stated[4:6],
        "by": chair,
        "at": AFTER,
    }
    return actions.draw_principle(opened, **{**terms, **different})


def test_a_principle_names_what_fed_it_and_what_it_overruled(cast: Cast, chair: ActorRef, check_record: Check) -> None:
    opened, proposed, run = factories.closed(cast, chair)
    principle = _principle(opened, chair)
    roles = {source.statement: source.role for source in principle.sources.select_related("statement")}
    assert roles == {proposed[0]: "fed", proposed[1]: "fed", proposed[4]: "overruled", proposed[5]: "overruled"}
    assert [cell.percent for cell in queries.support_of(run, principle)][:2] == [
        round(
            100
            * sum(s["agree"][g] for s in _counted(run, proposed[:2]))
            / sum(s["seen"][g] for s in _counted(run, proposed[:2]))
        )
        for g in (0, 1)
    ]
    wrongs: list[dict[str, Any]] = [{"fed": []}, {"fed": proposed[:2], "overruled": proposed[1:3]}, {"words": " "}]
    for wrong in wrongs:
        with pytest.raises(BadInput):
            _principle(opened, chair, number=2, **wrong)
    with pytest.raises(actions.SaidAlready):
        _principle(opened, chair)
    with pytest.raises(NotAllowed):
        _principle(opened, cast.amina, number=2)


def _counted(run: MapRun, stated: list[Statement]) -> list[dict[str, list[int]]]:
    assert run.result is not None
    return [run.result["statements"][one.public_id] for one in stated]


def test_a_principle_waits_for_the_close(cast: Cast, chair: ActorRef) -> None:
    opened = factories.conversation(cast)
    factories.statements(cast, opened, 6)
    with pytest.raises(actions.NotClosedYet):
        _principle(opened, chair, by=chair)


def test_a_group_files_its_report_by_a_voters_key_and_no_party_learns_who_stands_in_it(
    cast: Cast, chair: ActorRef
) -> None:
    opened, proposed, run = factories.closed(cast, chair)
    principle = _principle(opened, chair)
    words: dict[str, Any] = {"words": "Nobody asked us.", "language": "en", "statement": proposed[13], "at": AFTER}
    for actor in (cast.amina, cast.boris, cast.chen, cast.dana, cast.stranger, ANONYMOUS):
        for group in "ABC":
            with pytest.raises(NotAllowed) as refused:
                actions.file_minority_report(principle, group=group, by=actor, **words)
            assert "with her key" in str(refused.value.parameters["reason"])
    voters = {group: opened.participants.get(public_id=person) for person, group in run.placements.items()}
    with pytest.raises(NotAllowed):
        actions.file_minority_report(principle, group="C", participant=voters[0], by=ANONYMOUS, **words)
    filed = actions.file_minority_report(principle, group="C", participant=voters[2], by=ANONYMOUS, **words)
    assert filed.group == 2
    with pytest.raises(actions.SaidAlready):
        actions.file_minority_report(principle, group="C", by=chair, **words)
    for wrong in ("D", "", 7, -1):
        with pytest.raises(actions.NoSuchGroup):
            actions.file_minority_report(principle, group=wrong, by=chair, **words)


def test_placements_and_keys_leave_by_no_public_entry(cast: Cast, chair: ActorRef) -> None:
    opened, _proposed, run = factories.closed(cast, chair)
    told = str(list(public_entries(Realm.FICTION).values_list("leaf", "disclosure__fields")))
    for participant in run.placements:
        assert participant not in told
    assert str(run.result).find(next(iter(run.placements))) == -1
    assert opened.public_id in told


def test_at_level_body_the_delegations_see_it_and_nobody_else(cast: Cast, chair: ActorRef) -> None:
    opened = factories.conversation(cast, level=Level.BODY)
    readers = {"amina": True, "boris": True, "chen": False, "stranger": False, "secretariat": False}
    seen = {name: Conversation.objects.visible_to(getattr(cast, name), DURING).exists() for name in readers}
    assert seen == readers
    actions.admit(opened, organisation=cast.other_party, count=1, by=chair, at=DURING)
    assert Conversation.objects.visible_to(cast.chen, DURING).exists()
    assert not Conversation.objects.visible_to(ANONYMOUS, DURING).exists()


@pytest.mark.parametrize("wrong", [{"title": " "}, {"question": ""}, {"closes": OPENS}])
def test_what_cannot_be_opened(cast: Cast, wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        factories.conversation(cast, **wrong)
    with pytest.raises(NotAllowed):
        factories.conversation(cast, by=cast.boris)
