"""Writing a letter, and noting what became of it."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from comity.mail.models import UNKNOWN, Letter
from comity.mail.queries import waiting, without_outcome
from comity.plain.languages import CODES
from comity.plain.refusals import BadInput

RETRIES = (1, 5, 30, 120, 360, 720, 1440, 1440, 1440)
"""Minutes to wait after each attempt that failed for the time being; after the last, four days on, it is given up."""
HELD = timedelta(minutes=1)
ADDRESS_KEPT = timedelta(days=30)
LONGEST_SUBJECT, LONGEST_REASON = 120, 200


def write(*, to: str, language: str, subject: str, body: str, at: datetime, once: str = "", leave: str = "") -> Letter:
    """Write a letter in the transaction that stands open: where its cause is undone, it was never written.

    With ``once`` the same letter is written a single time; the one that stands is returned. Subject and address are on
    the envelope, which every relay reads: whoever writes says nothing confidential there. ``leave`` is the address at
    which whoever reads the mailbox ends letters of this kind, where they come again and again.
    """
    letter = Letter(
        to=_address(to),
        language=_one_of_ours(language),
        subject=_one_line(subject),
        body=body,
        once=once,
        leave=leave,
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


def put_off(letter: Letter, reason: str, *, at: datetime) -> bool:
    """The other side could not take it now: try again later; after the last time give up, and return True."""
    attempt = letter.attempts + 1
    if attempt > len(RETRIES):
        refuse(letter, reason)
        return True
    later = at + timedelta(minutes=RETRIES[attempt - 1])
    Letter.objects.filter(pk=letter.pk).update(claimed_at=None, not_before=later)
    return False


def give_back(letter: Letter) -> None:
    """It never reached the other side: it waits as before, and this was no attempt."""
    Letter.objects.filter(pk=letter.pk).update(claimed_at=None, attempts=letter.attempts)


def hold(*, at: datetime) -> int:
    """Nothing goes out just now: all that waits is left alone for a minute. Return how much that is."""
    return waiting(at).update(not_before=at + HELD)


def settle_unknown(*, at: datetime) -> int:
    """Of what was taken up and never heard of again, say so where its reader is told; return how many they are."""
    return without_outcome(at).update(refused=UNKNOWN, body="")


def forget(at: datetime) -> int:
    """Empty the addresses of letters that are done with; what they were about stays, so that none is written twice."""
    done = Letter.objects.exclude(sent_at=None, refused="").filter(written_at__lt=at - ADDRESS_KEPT)
    return done.exclude(to="").update(to="")


def refuse(letter: Letter, reason: str) -> None:
    """It will not be tried again; its words are not kept."""
    Letter.objects.filter(pk=letter.pk).update(refused=reason[:LONGEST_REASON], body="")
