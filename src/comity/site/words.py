"""What the kinds of things are called in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ONE: dict[str, str | Promise] = {
    "network": _("network"),
    "organisation": _("organisation"),
    "engagement": _("engagement"),
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
    "entry": _("entry of the record"),
}
MANY: dict[str, str | Promise] = {
    "network": _("Networks"),
    "organisation": _("Parties and other organisations"),
    "engagement": _("Engagements"),
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
