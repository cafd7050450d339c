"""Sending the letters that wait, each once."""

from datetime import UTC, datetime
from email.utils import formatdate
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from comity.mail import actions, queries
from comity.mail.models import Letter

AT_ONCE = 200
LASTING = 500
"""SMTP replies from here on say that the same letter will never be taken (RFC 5321, 4.2.1)."""
RESERVED = (".example", ".invalid", ".test", ".localhost", "example.org", "example.com", "example.net")
"""Names that lead nowhere (RFC 2606): the people of the fiction live there."""


def send_waiting(*, most: int = AT_ONCE) -> list[str]:
    """Send what waits, and say in a line each what happened; nothing where no way out is set.

    A letter is claimed before it is sent. Where the worker dies in between, it may be out or not: it is counted, told
    and never sent again by itself, for a second invitation does more harm than a second question.
    """
    at = datetime.now(UTC)
    lines = _lost(at)
    if not settings.EMAIL_BACKEND:
        waiting = queries.waiting(at).count()
        return [*lines, f"mail: {waiting} letters wait, no COMITY_SMTP is set"] if waiting else lines
    sent = [_send(letter) for letter in queries.waiting(at)[:most] if actions.claim(letter, at=at)]
    return [*lines, f"mail: {sum(sent)} of {len(sent)} letters sent"] if sent else lines


def _lost(at: datetime) -> list[str]:
    lost = queries.without_outcome(at)
    return [f"mail: {lost} letters were taken up and have no outcome; ask their readers"] if lost else []


def _send(letter: Letter) -> bool:
    if _leads_nowhere(letter):
        actions.refuse(letter, "the address is reserved for examples")
        return False
    try:
        _message(letter).send()
    except (SMTPException, OSError) as error:
        _note(letter, error)
        return False
    actions.note_sent(letter, at=datetime.now(UTC))
    return True


def _leads_nowhere(letter: Letter) -> bool:
    return settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and letter.to.lower().endswith(RESERVED)


def _message(letter: Letter) -> EmailMessage:
    """The letter as it goes out; its Message-ID stays the same however often it is tried."""
    headers = {
        "Message-ID": f"<letter-{letter.pk}-{letter.written_at:%Y%m%d%H%M%S%f}@{settings.MAIL_DOMAIN}>",
        "Date": formatdate(letter.written_at.timestamp()),
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
    }
    return EmailMessage(
        letter.subject, letter.body, settings.MAIL_FROM, [letter.to], headers=headers, connection=get_connection()
    )


def _note(letter: Letter, error: Exception) -> None:
    code = _code(error)
    reason = f"{type(error).__name__} {code or ''}".strip()
    if code >= LASTING:
        actions.refuse(letter, reason)
    else:
        actions.put_off(letter, reason, at=datetime.now(UTC))


def _code(error: Exception) -> int:
    if isinstance(error, SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=0)
    return error.smtp_code if isinstance(error, SMTPResponseException) else 0
