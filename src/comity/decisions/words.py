"""A decision in the reader's language: its title sentence, and what another rule would have changed."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from comity.decisions import core
from comity.decisions.core import NoVoteReason
from comity.decisions.models import Decision, Vote
from comity.decisions.queries import Recount, day_of
from comity.plain.stances import Stance
from comity.rules import words as rules
from comity.rules.core import Base

OUTCOMES = {core.ADOPTED: gettext_lazy("adopted"), core.NOT_ADOPTED: gettext_lazy("not adopted")}
STANCES = {
    Stance.AGREED: pgettext_lazy("votes", "%(votes)s for"),
    Stance.RESERVED: pgettext_lazy("votes", "%(votes)s for, reserved"),
    Stance.AD_REFERENDUM: pgettext_lazy("votes", "%(votes)s for, ad referendum"),
    Stance.AGAINST: pgettext_lazy("votes", "%(votes)s against"),
    Stance.ABSTAINED: pgettext_lazy("votes", "%(votes)s abstained"),
    Stance.UNUSED: pgettext_lazy("votes", "%(votes)s not used"),
}
NO_VOTE = {
    NoVoteReason.NO_RIGHT: gettext_lazy("its class gets no vote in this organ"),
    NoVoteReason.NOT_IN_KEY: gettext_lazy("its class may vote, but the votes key of this organ gives it none"),
    NoVoteReason.DATE_UNKNOWN: gettext_lazy("no source says whether it was a member on that day"),
}


def base_words(base: Base, votes: int) -> str:
    """A base with its number: "40 allocated votes"."""
    told = {"votes": votes}
    if base is Base.CAST:
        return ngettext("%(votes)s vote cast", "%(votes)s votes cast", votes) % told
    if base is Base.CAST_WITH_ABSTENTIONS:
        return ngettext("%(votes)s vote or abstention", "%(votes)s votes and abstentions", votes) % told
    if base is Base.PRESENT:
        return ngettext("%(votes)s vote taking part", "%(votes)s votes taking part", votes) % told
    if base is Base.ENTITLED:
        return ngettext("%(votes)s registered vote", "%(votes)s registered votes", votes) % told
    if base is Base.ALLOCATED:
        return ngettext("%(votes)s allocated vote", "%(votes)s allocated votes", votes) % told
    return ngettext("%(votes)s delegation", "%(votes)s delegations", votes) % told


def title_sentence(outcome: core.Outcome) -> str:
    """The finding as a headline: "Adopted by 31 of 40 allocated votes, one more than needed"."""
    count = outcome.count
    if outcome.quorum is not None and not outcome.quorum.met:
        told = {"there": outcome.quorum.there, "needed": outcome.quorum.needed}
        return _("Not adopted: the quorum was not met, with %(there)s where %(needed)s are needed") % told
    if count.majority.base is Base.NO_DELEGATION_AGAINST:
        return _unanimity(count)
    margin = _over(count.margin) if outcome.adopted else _short(-count.margin)
    told_of = {"for": count.in_favour, "base": base_words(count.majority.base, count.base_votes), "margin": margin}
    if outcome.adopted:
        return _("Adopted by %(for)s of %(base)s, %(margin)s") % told_of
    return _("Not adopted: %(for)s of %(base)s for, %(margin)s") % told_of


def _unanimity(count: core.Count) -> str:
    if count.met:
        return _("Adopted, with no delegation against")
    if not count.delegations_against:
        return _("Not adopted: no vote was given for it")
    sentence = ngettext(
        "Not adopted: %(count)s delegation voted against, where none may",
        "Not adopted: %(count)s delegations voted against, where none may",
        count.delegations_against,
    )
    return sentence % {"count": count.delegations_against}


def _over(margin: int) -> str:
    if not margin:
        return _("exactly what is needed")
    return ngettext("one more than needed", "%(votes)s more than needed", margin) % {"votes": margin}


def _short(votes: int) -> str:
    return ngettext("one short of what is needed", "%(votes)s short of what is needed", votes) % {"votes": votes}


def verdict(recount: Recount) -> str:
    """The result under one rule with its margin: "adopted, 7 over"."""
    count = recount.count
    if count.majority.base is Base.NO_DELEGATION_AGAINST:
        if recount.adopted:
            return _("adopted")
        told = {"votes": count.against}
        return ngettext("not adopted, %(votes)s vote", "not adopted, %(votes)s votes", count.against) % told
    if count.met and not recount.adopted:
        return _("not adopted, no quorum")
    if recount.adopted:
        return _("adopted, %(votes)s over") % {"votes": count.margin} if count.margin else _("adopted, exactly")
    return _("not adopted, %(votes)s short") % {"votes": -count.margin}


def option(recount: Recount) -> str:
    """A rule to choose, in words."""
    return rules.majority(recount.majority, ad_referendum_counts=recount.ad_referendum_counts)


def option_note(recount: Recount, decision: Decision) -> tuple[str, date | None]:
    """Where a rule stood, with the day: in force since, or a version of the same document until."""
    if recount.in_force:
        return _("in force since %(day)s"), decision.rules.in_force_from
    if recount.version is None:
        return "", None
    until = recount.version.in_force_until
    if until is not None and until < day_of(decision):
        return _("rule until %(day)s"), until
    return _("rule from %(day)s"), recount.version.in_force_from


def explanation(recount: Recount, real: Recount) -> str:
    """In one or two sentences, what a rule changes compared to the one that counted, and why."""
    count, was = recount.count, real.count
    if recount.in_force:
        return _in_force(recount)
    if count.majority.base is Base.NO_DELEGATION_AGAINST:
        return _unanimous(recount)
    told = {
        "rule": option(recount),
        "base": count.base_votes,
        "was_base": was.base_votes,
        "needed": count.needed,
        "for": count.in_favour,
        "was_for": was.in_favour,
    }
    if recount.ad_referendum_counts != real.ad_referendum_counts:
        told["less"] = abs(was.in_favour - count.in_favour)
        sentence = ngettext(
            "%(less)s vote was given ad referendum. Under this rule %(for)s votes for are counted instead of "
            "%(was_for)s, and %(needed)s are needed.",
            "%(less)s votes were given ad referendum. Under this rule %(for)s votes for are counted instead of "
            "%(was_for)s, and %(needed)s are needed.",
            abs(was.in_favour - count.in_favour),
        )
    elif count.base_votes < was.base_votes:
        told["less"] = was.base_votes - count.base_votes
        sentence = ngettext(
            "Under %(rule)s, %(less)s vote leaves the base: %(base)s instead of %(was_base)s. "
            "The text needs %(needed)s and has %(for)s.",
            "Under %(rule)s, %(less)s votes leave the base: %(base)s instead of %(was_base)s. "
            "The text needs %(needed)s and has %(for)s.",
            was.base_votes - count.base_votes,
        )
    elif count.base_votes > was.base_votes:
        sentence = _(
            "Under %(rule)s, votes not cast stay in the base: %(base)s instead of %(was_base)s. The text needs "
            "%(needed)s and has %(for)s."
        )
    else:
        sentence = _("Under %(rule)s the base stays %(base)s. The text needs %(needed)s and has %(for)s.")
    return f"{sentence % told} {_consequence(recount)}"


def _in_force(recount: Recount) -> str:
    count = recount.count
    if count.majority.base is Base.NO_DELEGATION_AGAINST:
        told = {"count": count.delegations_against}
        sentence = ngettext(
            "This is the rule that counted: %(count)s delegation voted against.",
            "This is the rule that counted: %(count)s delegations voted against.",
            count.delegations_against,
        )
        return sentence % told
    told_of = {
        "base": base_words(count.majority.base, count.base_votes),
        "needed": count.needed,
        "for": count.in_favour,
    }
    return _("This is the rule that counted: of %(base)s the text needs %(needed)s, and has %(for)s.") % told_of


def _unanimous(recount: Recount) -> str:
    count = recount.count
    told = {"count": count.delegations_against, "votes": count.against}
    if count.delegations_against:
        sentence = ngettext(
            "Under this rule one delegation against is enough to stop a text; %(count)s was, with %(votes)s votes.",
            "Under this rule one delegation against is enough to stop a text; %(count)s were, with %(votes)s votes.",
            count.delegations_against,
        )
    else:
        sentence = _("Under this rule one delegation against is enough to stop a text; none was.")
    return f"{sentence % told} {_consequence(recount)}"


def _consequence(recount: Recount) -> str:
    if recount.same:
        return _("The result is the same.")
    return _("The text would be adopted.") if recount.adopted else _("The text would not be adopted.")


def stance_told(stance: Stance, votes: int) -> str:
    """Votes given one way: "4 for, ad referendum"."""
    return str(STANCES[stance]) % {"votes": votes}


def in_sitting(other: Decision, recount: Recount) -> str:
    """How another decision of the sitting would have ended under the chosen rule."""
    count = recount.count
    told = {"title": other.title, "for": count.in_favour, "base": count.base_votes}
    if recount.adopted:
        return _("%(title)s would have been adopted with %(for)s of %(base)s.") % told
    return _("%(title)s would not have been adopted, with %(for)s of %(base)s.") % told


def no_vote(reason: str) -> str:
    """Why a member holds no vote."""
    return str(NO_VOTE.get(NoVoteReason(reason), ""))


def own_vote(vote: Vote) -> str:
    """What one's own organisation has given so far."""
    for_ = Stance.AD_REFERENDUM if vote.ad_referendum else Stance.AGREED
    ways = [(for_, vote.in_favour), (Stance.AGAINST, vote.against), (Stance.ABSTAINED, vote.abstained)]
    return rules.listed(stance_told(stance, votes) for stance, votes in ways if votes)
