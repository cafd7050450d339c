"""Every way in which a joint text changes. There is deliberately no action that alters or removes dissent."""

from comity.texts.actions.amending import (
    AmendmentClosed,
    AmendmentNeedsAPerson,
    leave_aside,
    merge_amendment,
    merge_amendments,
    propose_amendment,
    restate_amendment,
    withdraw_amendment,
)
from comity.texts.actions.dissenting import (
    BoardAlreadyAnswered,
    DissentFollowsAVote,
    NotAdReferendum,
    SpanOfDissentOutside,
    answer_of_board,
    await_board,
    file_dissent,
)
from comity.texts.actions.drafting import (
    TextClosed,
    TranslationOfNothing,
    UnknownAddressee,
    WordsNeeded,
    draft,
    revise,
    translate,
)
from comity.texts.actions.voting import (
    AmendmentsOpen,
    NotAdoptedByVote,
    VoteOnAnotherVersion,
    adopt,
    put_amendment_to_vote,
    put_to_vote,
)

__all__ = [
    "AmendmentClosed",
    "AmendmentNeedsAPerson",
    "AmendmentsOpen",
    "BoardAlreadyAnswered",
    "DissentFollowsAVote",
    "NotAdReferendum",
    "NotAdoptedByVote",
    "SpanOfDissentOutside",
    "TextClosed",
    "TranslationOfNothing",
    "UnknownAddressee",
    "VoteOnAnotherVersion",
    "WordsNeeded",
    "adopt",
    "answer_of_board",
    "await_board",
    "draft",
    "file_dissent",
    "leave_aside",
    "merge_amendment",
    "merge_amendments",
    "propose_amendment",
    "put_amendment_to_vote",
    "put_to_vote",
    "restate_amendment",
    "revise",
    "translate",
    "withdraw_amendment",
]
