"""What the kinds of things are called in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ONE: dict[str, str | Promise] = {
    "network": _("network"),
    "organisation": _("organisation"),
    "engagement": _("engagement"),
    "agreement": _("agreement"),
    "coalition": _("coalition"),
    "conversation": _("conversation"),
    "statement": _("statement"),
    "principle": _("principle"),
    "minority-report": _("minority report"),
    "text": _("text"),
    "amendment": _("amendment"),
    "adoption": _("adoption"),
    "dissent": _("dissent"),
    "decision": _("decision"),
    "rule": _("rule"),
    "rules": _("rules"),
    "commitment": _("promise"),
    "evidence": _("evidence"),
    "file": _("file"),
    "ad-referendum": _("consent ad referendum"),
    "correction": _("correction"),
    "link": _("link between organisations"),
    "organ": _("organ"),
    "pseudonym": _("name in the leaves"),
    "region-scheme": _("scheme of regions"),
    "reply": _("reply"),
    "seat": _("seat"),
    "entry": _("entry of the record"),
    "log": _("log"),
}
MANY: dict[str, str | Promise] = {
    "network": _("Networks"),
    "organisation": _("Parties and other organisations"),
    "engagement": _("Engagements"),
    "agreement": _("Agreements"),
    "coalition": _("Coalitions"),
    "conversation": _("Conversations"),
    "statement": _("Statements"),
    "principle": _("Principles"),
    "minority-report": _("Minority reports"),
    "text": _("Texts"),
    "amendment": _("Amendments"),
    "adoption": _("Adoptions"),
    "dissent": _("Dissent"),
    "decision": _("Decisions"),
    "rule": _("Rules"),
    "rules": _("Rules"),
    "commitment": _("Promises"),
    "entry": _("Entries of the record"),
}


def kind_in_words(name: str) -> str:
    """One thing of a kind."""
    return str(ONE.get(name, name.replace("-", " ")))


def kinds_in_words(name: str) -> str:
    """Several things of a kind, as a heading."""
    return str(MANY.get(name, name.replace("-", " ").capitalize()))


PAGES: dict[str, str | Promise] = {
    "home": _("Who belongs to which network of political parties, what they decided together, what they kept of it."),
    "network-list": _("Networks of political parties: who belongs to each, since when, and on whose word."),
    "organisation-list": _("Parties, wings and foundations with their links across borders, each with its source."),
    "engagement-list": _("Meetings and visits between parties: under which rule, who came, what was reported."),
    "agreement-list": _("What two parties agree with each other: what it covers, until when, whether it binds."),
    "coalition-list": _("Coalitions of parties of different families on one issue, and who belongs to each."),
    "conversation-list": _("Where parties differ: statements that were voted on, and the map at the close."),
    "principle-list": _("Where parties that differ meet: principles from their conversations, with minority reports."),
    "topics": _("What parties work on together: every topic with its goals, and what stands under it."),
    "filing": _("How a thing came by its topics: since when, what it was filed under before, and why."),
    "text-list": _("Texts that parties wrote together, with the dissent beside each clause."),
    "decision-list": _("What networks of parties decided, by which rule, and how each delegation voted."),
    "commitment-list": _("What parties promised one another, clause by clause: kept, late, missed or silent."),
    "rule-list": _("Rules of networks of parties, version by version, with the days on which each is in force."),
    "network-rules": _("The rules of one network on a day, and every version there was."),
    "network-rights": _("What each class of members may do in one network: attend, speak, propose, vote, stand."),
    "record": _("The public record: every act numbered, sealed and open to be checked by anyone."),
    "record-entry": _("One entry of the public record: what it says, what it does not say, and how to check it."),
    "record-falsify": _("Change a copy of the record, and see which entry gives you away."),
    "thread": _("One thing from the first meeting to the last account: which stages there are, and which are missing."),
    "thread-list": _("From the first meeting to the last account: the eight stages of working together."),
    "mission": _("The mission of this house row by row: what is built, what is not yet, and where to try it."),
    "eyes": _("The same text as four readers see it: reader, author, rival and secretariat."),
    "search": _("Search parties, networks, texts, decisions and promises in any language and script."),
    "cast": _("The cast of the played story: take a seat and act in it."),
    "sign-in": _("Sign in to the seat that your organisation gave you."),
    "recovery": _("When every way to sign in is lost: a second person of your organisation confirms that it is you."),
    "correction": _("Propose a correction with its source; it stands on the page at once, accepted or not."),
    "text-compare": _("Two versions of a text side by side: what was struck, and what came."),
    "text-languages": _("A text in its languages side by side, each marked as authentic or as a translation."),
    "conversation-statements": _("All statements of a conversation with the votes on each, by group."),
    "conversation-vote": _("Vote on the statements of a conversation; the map is drawn at its close."),
}
"""What the pages that belong to no single thing hold, by the name of their address: their description where shared."""


def description_of_page(name: str) -> str:
    """What a page of that name holds, in a sentence; nothing for pages of seats, which nobody shares."""
    return str(PAGES.get(name, ""))
