"""One text and one amendment in each state, for the leak suite."""

from comity.plain.kinds import Exit
from comity.plain.levels import Level
from comity.site.tests.leaks.house import House, Made, Sample, State, Way
from comity.texts import actions
from comity.texts.core.amendments import Operation
from comity.texts.core.clauses import ClauseKind
from comity.texts.core.drafts import CitationDraft, ClauseDraft, TranslationDraft
from comity.texts.models import Text
from comity.texts.tests.congress import DUE


def drafted(house: House, state: State, word: str) -> Text:
    """A text of two versions with a source and a translation, drafted by the own party."""
    at, head = house.now(), house.congress.heads[0]
    source = CitationDraft(title=f"Report on {word}", standing="stated", url=f"https://example.org/{word}")
    clauses = (
        ClauseDraft("c0", ClauseKind.OPINION, "1", f"All shores share {word}.", citations=(source,)),
        ClauseDraft("c1", ClauseKind.PROMISE, "2", f"Each party will publish {word} every month.", DUE),
    )
    text = actions.draft(
        topics=["water"],
        network=house.network,
        title=f"Declaration on {word}",
        language="en",
        kind="declaration",
        blocks=clauses[:1],
        originator=house.own,
        level=state.level,
        note=f"First words on {word}",
        by=head,
        at=at,
    )
    actions.revise(text, blocks=clauses, note=f"A promise on {word}", by=head, at=house.now())
    title = TranslationDraft(of="title", words=f"Declaración sobre {word}")
    actions.translate(text, language="es", parts=[title], by=head, at=house.now())
    return text


def _text(house: House, state: State, word: str) -> Made:
    return Made(drafted(house, state, word))


def _amendment(house: House, state: State, word: str) -> Made:
    """A proposal of the own party to a text of the same level."""
    text = drafted(house, state, word)
    row = actions.propose_amendment(
        text,
        sponsor=house.own,
        operations=[Operation("c0", 0, 1, f"Most {word}")],
        reason=f"Because of {word}.",
        level=Level(text.level),
        by=house.congress.heads[0],
        at=house.now(),
    )
    return Made(row, behind=(text,), closed=(text,))


SIGNED = "A signature is read by whoever may see the text it stands under; test_signing_pages.py holds it."
CIRCLES = frozenset({State.PUBLIC, State.NETWORK, State.ORGANISATION, State.EMBARGOED, State.FLAGGED})
"""An amendment has no circle of readers at other levels, so none is proposed at them."""
SAMPLES = {"text": Sample(_text), "amendment": Sample(_amendment, CIRCLES)}
WAYS = {
    "text/": Way(Exit.LIST),
    "text/new": Way(Exit.ACT),
    "text/compare/<str:public_id>": Way(Exit.COMPARISON, "text"),
    "text/languages/<str:public_id>": Way(Exit.RELATED, "text"),
    "text/act/<str:public_id>/<str:act>": Way(Exit.ACT, "text", (("act", "revise"),)),
    "text/sign/<str:public_id>": Way(Exit.ACT, "text"),
    "text/paper/<str:public_id>.txt": Way(Exit.EXPORT, "text"),
    "text/signature/<str:public_id>.sig": Way(facts=SIGNED),
    "text/signature/<str:public_id>.txt": Way(facts=SIGNED),
    "text/<str:public_id>.pdf": Way(Exit.METADATA, "text"),
    "text/<str:public_id>.txt": Way(Exit.EXPORT, "text"),
    "text/<str:public_id>": Way(Exit.PAGE, "text"),
    "text/<str:public_id>/<str:slug>": Way(Exit.PAGE, "text"),
    "amendment/act/<str:public_id>/<str:act>": Way(Exit.ACT, "amendment", (("act", "withdraw"),)),
    "amendment/<str:public_id>": Way(Exit.PAGE, "amendment"),
    "amendment/<str:public_id>/<str:slug>": Way(Exit.PAGE, "amendment"),
    "api:texts": Way(Exit.API),
    "api:texts/<public_id>": Way(Exit.API, "text"),
}
