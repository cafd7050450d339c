"""Who has signed a text, and what each signature is worth at an instant: given, ad referendum, refused, withdrawn."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from comity.plain.refs import Ref
from comity.plain.stances import Stance
from comity.record.signing.queries import SignatureView, signatures_under
from comity.registry.models import Organisation
from comity.texts.models import PartySignature, SignatureAnswer, SignatureWithdrawal, Text
from comity.texts.queries.papers import fingerprint, paper_of, version_to_sign
from comity.texts.queries.standing import StandingKey, parties
from comity.texts.queries.states import adoption_on


class SignatureState(StrEnum):
    """What a signature is at an instant."""

    GIVEN = "given"
    AD_REFERENDUM = "ad-referendum"
    BOARD_REFUSED = "board-refused"
    OF_EARLIER_VERSION = "of-earlier-version"
    WITHDRAWN = "withdrawn"


MARKS = {
    SignatureState.GIVEN: Stance.AGREED,
    SignatureState.AD_REFERENDUM: Stance.AD_REFERENDUM,
    SignatureState.BOARD_REFUSED: Stance.AGAINST,
    SignatureState.OF_EARLIER_VERSION: Stance.UNUSED,
    SignatureState.WITHDRAWN: Stance.UNUSED,
}


@dataclass(frozen=True)
class Signed:
    """A party's signature as it stands at an instant."""

    row: PartySignature
    made: SignatureView
    state: SignatureState
    answer: SignatureAnswer | None = None
    withdrawal: SignatureWithdrawal | None = None
    earlier_paper: bool = False
    """It stands under what was beside the text when it was given; more has been filed since."""

    @property
    def mark(self) -> Stance:
        """How pages draw it."""
        return MARKS[self.state]

    @property
    def stands(self) -> bool:
        """Whether the party's name stands under the text; subject to its board or not."""
        return self.state in {SignatureState.GIVEN, SignatureState.AD_REFERENDUM}

    @property
    def binds(self) -> bool:
        """Whether it binds the party: never before its own board has decided, where it signed subject to that."""
        return self.state is SignatureState.GIVEN


def signatures_on(text: Text, known_by: datetime) -> tuple[Signed, ...]:
    """Every signature that a text was ever given, in the order in which they came; withdrawn ones among them."""
    rows = list(PartySignature.objects.filter(text=text, at__lte=known_by).select_related("organisation", "version"))
    if not rows:
        return ()
    made = {
        view.public_id: view for view in signatures_under(Ref("text", text.public_id), text.realm, known_by=known_by)
    }
    told = {"signature__in": rows, "at__lte": known_by}
    answers = {row.signature_id: row for row in SignatureAnswer.objects.filter(**told)}
    withdrawals = {row.signature_id: row for row in SignatureWithdrawal.objects.filter(**told)}
    paper, version = paper_of(text, known_by), version_to_sign(text, known_by)
    current, number = fingerprint(paper) if paper else "", version.pk if version else None
    return tuple(
        Signed(
            row,
            made[row.signature],
            _state(row, number, answers.get(row.pk), withdrawals.get(row.pk)),
            answers.get(row.pk),
            withdrawals.get(row.pk),
            row.paper_sha256 != current,
        )
        for row in rows
    )


def _state(
    row: PartySignature, version: int | None, answer: SignatureAnswer | None, withdrawal: SignatureWithdrawal | None
) -> SignatureState:
    if withdrawal is not None:
        return SignatureState.WITHDRAWN
    if row.version_id != version:
        return SignatureState.OF_EARLIER_VERSION
    if answer is not None and not answer.agrees:
        return SignatureState.BOARD_REFUSED
    return SignatureState.AD_REFERENDUM if row.ad_referendum and answer is None else SignatureState.GIVEN


def signs_what_it_voted(text: Text, party: Organisation, known_by: datetime) -> bool | None:
    """Whether a party's vote lets it sign: it agreed; None while its board has not answered. No vote, no bar."""
    adoption = adoption_on(text, known_by)
    if adoption is None:
        return True
    rows = parties(text, adoption.decision, known_by)
    found = next((row.key for row in rows if row.organisation.pk == party.pk), None)
    return None if found is StandingKey.AD_REFERENDUM else found in {StandingKey.AGREED, StandingKey.RESERVED}


def signature_of(text: Text, organisation: int, known_by: datetime) -> Signed | None:
    """The signature of a party (primary key) that stands under a text; None where none does."""
    return next(
        (one for one in signatures_on(text, known_by) if one.stands and one.row.organisation_id == organisation), None
    )
