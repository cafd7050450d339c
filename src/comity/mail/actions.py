"""Writing a letter, and noting what became of it."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from comity.mail.models import Letter
from comity.mail.queries import waiting
from comity.plain.languages import CODES
from comity.plain.refusals import BadInput

RETRIES = (1, 5, 30, 120, 360, 720)
"""Minutes to wait after each attempt that failed for the time being; after the last the letter is given up."""
LONGEST_SUBJECT, LONGEST_REASON = 120, 200


def write(*, to: str, language: str, subject: str, body: str, at: datetime, once: str = "") -> Letter:
    """Write a letter in the transaction that stands open: where its cause is undone, it was never written.

    With ``once`` the same letter is written a single time; the one that stands is returned. Subject and address are on
    the envelope, which every relay reads: whoever writes says nothing confidential there.
    """
    letter = Letter(
        to=_address(to),
        language=_one_of_ours(language),
        subject=_one_line(subject),
        body=body,
        once=once,
        written_at=at,
        not_before=at,
    )
    if not once:
        letter.save()
        return letter
    Letter.objects.bulk_create([letter], ignore_conflicts=True)
    return Letter.objects.get(once=once)


def _address(to: str) -> str:
    try:
        validate_email(to)
    except ValidationError as error:
        raise BadInput(field="to", value=to[:80], remedy="write it as name@example.org") from error
    return to


def _one_of_ours(language: str) -> str:
    if language not in CODES:
        raise BadInput(field="language", value=language, remedy=f"one of {', '.join(CODES)}")
    return language


def _one_line(subject: str) -> str:
    if not subject or len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        raise BadInput(field="subject", value=subject[:80], remedy=f"one line of at most {LONGEST_SUBJECT} letters")
    return subject


def claim(letter: Letter, *, at: datetime) -> bool:
    """Take a waiting letter up; False where another worker was quicker."""
    return bool(waiting(at).filter(pk=letter.pk).update(claimed_at=at, attempts=letter.attempts + 1))


def note_sent(letter: Letter, *, at: datetime) -> None:
    """It is out: its words are not kept."""
    Letter.objects.filter(pk=letter.pk).update(sent_at=at, body="")


def put_off(letter: Letter, reason: str, *, at: datetime) -> None:
    """The other side could not take it now: try again later, and give up after the last time."""
    attempt = letter.attempts + 1
    if attempt > len(RETRIES):
        refuse(letter, reason)
        return
    later = at + timedelta(minutes=RETRIES[attempt - 1])
    Letter.objects.filter(pk=letter.pk).update(claimed_at=None, not_before=later)


def refuse(letter: Letter, reason: str) -> None:
    """It will not be tried again; its words are not kept."""
    Letter.objects.filter(pk=letter.pk).update(refused=reason[:LONGEST_REASON], body="")
