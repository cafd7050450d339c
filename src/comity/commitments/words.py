"""States of promises in words, and the sentences that pages say of them."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from comity.commitments.queries import Promise, TextPromises
from comity.plain.duties import Duty
from comity.registry.dates import day_in_words

STATES = {
    Duty.KEPT: lazy("kept"),
    Duty.LATE: lazy("kept late"),
    Duty.NIL: lazy("nil"),
    Duty.MISSED: lazy("missed, with reply"),
    Duty.SILENT: lazy("silent"),
    Duty.NOT_DUE: lazy("not due yet"),
}
HEAVY = frozenset({Duty.MISSED, Duty.SILENT})
"""States that are set bold, so that nobody reads past them."""


def counts(found: Mapping[Duty, int]) -> list[tuple[str, str, bool]]:
    """State, how many in words, and whether it is set bold."""
    messages = {
        Duty.KEPT: lambda n: ngettext("%(n)s kept", "%(n)s kept", n),
        Duty.LATE: lambda n: ngettext("%(n)s kept late", "%(n)s kept late", n),
        Duty.NIL: lambda n: ngettext("%(n)s nil", "%(n)s nil", n),
        Duty.MISSED: lambda n: ngettext("%(n)s missed (with reply)", "%(n)s missed (with reply)", n),
        Duty.SILENT: lambda n: ngettext("%(n)s silent", "%(n)s silent", n),
        Duty.NOT_DUE: lambda n: ngettext("%(n)s not due yet", "%(n)s not due yet", n),
    }
    return [(duty.value, messages[duty](n) % {"n": n}, duty in HEAVY) for duty, n in found.items()]


def promises(number: int) -> str:
    """How many promises."""
    return ngettext("%(n)s promise", "%(n)s promises", number) % {"n": number}


def evidence(grid: TextPromises) -> str:
    """How much evidence was filed, and how much of it a monitor has looked at."""
    if not grid.evidence:
        return _("No evidence is filed yet.")
    told = {"n": grid.evidence, "verified": grid.verified}
    return (
        ngettext(
            "%(n)s piece of evidence filed by the parties themselves, %(verified)s of them verified by a monitor.",
            "%(n)s pieces of evidence filed by the parties themselves, %(verified)s of them verified by a monitor.",
            grid.evidence,
        )
        % told
    )


def silent(promise: Promise) -> str:
    """Which promise of a silent party, and until when it was due."""
    told = {"clause": promise.commitment.block.label, "day": day_in_words(promise.due)}
    return _("clause %(clause)s, due %(day)s") % told


def state(promise: Promise) -> str:
    """The state of one promise as a sentence, with the day it rests on."""
    since = day_in_words(promise.since) if promise.since else ""
    told = {"day": day_in_words(promise.due), "since": since}
    messages = {
        Duty.KEPT: _("Kept: evidence filed %(since)s, due %(day)s."),
        Duty.LATE: _("Kept late: it was due %(day)s, evidence filed %(since)s."),
        Duty.NIL: _("Nil."),
        Duty.MISSED: _("Missed: it was due %(day)s, and the party has answered."),
        Duty.SILENT: _("Silent: it was due %(day)s, and the party has said nothing."),
        Duty.NOT_DUE: _("Not due yet: the last day is %(day)s."),
    }
    return messages[promise.state] % told
