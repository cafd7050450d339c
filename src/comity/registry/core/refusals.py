"""The registry's refusals, named for the rule broken. Parameters say what was found; ``remedy`` what to do."""

from typing import ClassVar

from comity.plain.refusals import BadInput, Refusal


class RealmsNeverMix(Refusal):
    """The real world and the played story never share a tie, a lineage or a page."""

    code = "realms-never-mix"


class DuplicateIdentifier(Refusal):
    """An identifier of a registry names one organisation."""

    code = "duplicate-identifier"


class NoSuchCountry(BadInput):
    """A country is named by a code of a region scheme or of a network's naming note."""

    code = "no-such-country"
    remedy: ClassVar[str] = "add the code with ./comity import regions FILE, or let a network name the territory"


class LooksLikeAPerson(Refusal):
    """A wing or think tank is not listed under what looks like the name of a person."""

    code = "looks-like-a-person"


class NoName(BadInput):
    """An organisation has a name of at most 300 characters."""

    code = "no-name"


class TooLong(BadInput):
    """A text is no longer than its place."""

    code = "too-long"


class UnseenSign(BadInput):
    """A name holds only signs that are seen: no direction marks, no zero-width signs, no control characters."""

    code = "unseen-sign"
    remedy: ClassVar[str] = "take the sign out, or type the name anew"


class MixedScripts(BadInput):
    """A word is written in one script; letters of another that look the same are not mixed into it."""

    code = "mixed-scripts"
    remedy: ClassVar[str] = "type the word anew in one script"


class TooManyNames(BadInput):
    """An organisation has at most 1000 names here."""

    code = "too-many-names"


class DecidedByItsProposer(Refusal):
    """Nobody decides a correction that they proposed themselves."""

    code = "decided-by-its-proposer"
    status = 403


class TooManyProposals(Refusal):
    """From one address at most 20 corrections are proposed in a day; tomorrow more."""

    code = "too-many-proposals"
    status = 429


class DissolvedBeforeFounded(BadInput):
    """An organisation is not dissolved before it was founded."""

    code = "dissolved-before-founded"


class EndBeforeStart(BadInput):
    """A spell does not end before it begins."""

    code = "end-before-start"


class NoEndReason(BadInput):
    """An ended tie says why it ended."""

    code = "no-end-reason"


class OverlappingSpells(Refusal):
    """Two spells of one tie do not surely share a day."""

    code = "overlapping-spells"


class SpellStandsAlready(Refusal):
    """The same spell of the same tie is stated once."""

    code = "spell-stands-already"


class BeforeFounding(Refusal):
    """A tie does not begin before an organisation it ties was founded."""

    code = "before-founding"


class SelfTie(Refusal):
    """Nobody is tied to themselves."""

    code = "self-tie"


class NotANetwork(Refusal):
    """Memberships, organs, naming notes and region schemes belong to networks."""

    code = "not-a-network"


class NoOpenSpell(Refusal):
    """Only a spell that has not ended can change or end."""

    code = "no-open-spell"


class CircularLineage(Refusal):
    """Lineage runs one way: nobody comes after themselves."""

    code = "circular-lineage"


class LineageStandsAlready(Refusal):
    """The same lineage is stated once."""

    code = "lineage-stands-already"


class DuplicateOrgan(Refusal):
    """A network's organs bear different names."""

    code = "duplicate-organ"


class NamedThatDayAlready(Refusal):
    """A network names a territory once per day."""

    code = "named-that-day-already"


class SchemeStandsAlready(Refusal):
    """A version of a region scheme is adopted once and never altered; a change is a new version."""

    code = "scheme-stands-already"


class DuplicateRegion(BadInput):
    """A region scheme names each code once."""

    code = "duplicate-region"


class UnknownField(BadInput):
    """A correction names a fact that the page shows."""

    code = "unknown-field"


class NoSourceGiven(BadInput):
    """A correction names its source by an http or https address."""

    code = "no-source-given"


class NoReasonGiven(BadInput):
    """A decision says why."""

    code = "no-reason-given"


class DecidedAlready(Refusal):
    """A correction is decided once."""

    code = "decided-already"


class NoWords(BadInput):
    """A reply has words, at most 3000 characters."""

    code = "no-words"


class UnknownChoice(BadInput):
    """A kind, standing, role or language is one of those the house knows."""

    code = "unknown-choice"
