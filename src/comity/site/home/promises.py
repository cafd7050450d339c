"""The promises of a text or clause at a glance: a row of squares, and one sentence of counts."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity.commitments.queries import Promise, counted
from comity.plain.duties import Duty
from comity.rules.words import listed
from comity.site.pictures import duty_strip

ORDER = (Duty.KEPT, Duty.LATE, Duty.NIL, Duty.MISSED, Duty.SILENT, Duty.NOT_DUE)


def squares(kept: Sequence[Promise]) -> str:
    """The promises as a row of squares, those kept first."""
    return duty_strip([promise.state for promise in sorted(kept, key=lambda p: (ORDER.index(p.state), p.due))])


def counts_in_words(rows: Sequence[Promise]) -> str:
    """``6 promises kept, 1 silent, 13 not yet due.``: only states that occur, in their order."""
    counts = counted(rows)
    told = [_of_state(duty, number) for duty, number in counts.items()]
    return _("%(total)s promises: %(states)s.") % {"total": len(rows), "states": listed(told)}


def _of_state(duty: Duty, number: int) -> str:
    told = {
        Duty.KEPT: ngettext("%(n)s kept", "%(n)s kept", number),
        Duty.LATE: ngettext("%(n)s kept late", "%(n)s kept late", number),
        Duty.NIL: ngettext("%(n)s declared nil", "%(n)s declared nil", number),
        Duty.MISSED: ngettext("%(n)s missed with reply", "%(n)s missed with reply", number),
        Duty.SILENT: ngettext("%(n)s silent", "%(n)s silent", number),
        Duty.NOT_DUE: ngettext("%(n)s not due yet", "%(n)s not due yet", number),
    }[duty]
    return told % {"n": number}
