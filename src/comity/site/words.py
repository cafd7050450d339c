"""Refusals in the reader's language: the rule in words, and the facts it was broken by."""

from django.utils.translation import gettext as _

from comity.plain.refusals import Refusal


def refusal_in_words(refusal: Refusal) -> str:
    """The rule that said no, in the reader's language, with what it was said of.

    The rule is the refusal's docstring, which is a msgid of its room's catalogue; a reason given as a parameter is
    already in words.
    """
    reason = refusal.parameters.get("reason")
    if isinstance(reason, str):
        return reason
    rule = _(" ".join((refusal.__doc__ or refusal.code).split()))
    told = ", ".join(str(value) for value in refusal.parameters.values() if value not in (None, ""))
    return f"{rule} ({told})" if told else rule
