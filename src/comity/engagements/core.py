"""What an engagement owes after it ends: its report, within thirty days."""

from datetime import date, timedelta

from comity.plain.duties import Duty

REPORT_WITHIN = timedelta(days=30)
"""A default of practice (delegation reports within 30 days); a network's own deadline comes with its rules."""


def report_due(last_day: date) -> date:
    """The last day on which the report is in time."""
    return last_day + REPORT_WITHIN


def report_duty(last_day: date, reported_on: date | None, day: date) -> Duty:
    """Where the report stands on ``day``: kept, late (reported after its day), silent (overdue) or not due."""
    due = report_due(last_day)
    if reported_on is not None and reported_on <= day:
        return Duty.KEPT if reported_on <= due else Duty.LATE
    return Duty.SILENT if day > due else Duty.NOT_DUE
