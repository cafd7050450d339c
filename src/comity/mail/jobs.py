"""Sending the letters that wait, each once."""

from collections import Counter
from datetime import UTC, datetime
from email.utils import formatdate
from enum import StrEnum
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from comity.mail import actions, queries
from comity.mail.models import Letter
from comity.mail.smtp import OutcomeUnknown
from comity.plain.levels import Realm

AT_ONCE = 200
ROUND = 30.0
"""Seconds after which a round takes no further letter up: the worker has other work that must not wait."""
LASTING = 500
"""SMTP replies from here on say that the same letter will never be taken (RFC 5321, 4.2.1)."""
POLICY = b"5.7."
"""How a server begins that refuses this house and not the letter (RFC 3463), until its operator has mended that."""
RESERVED = (".example", ".invalid", ".test", ".localhost", "example.org", "example.com", "example.net")
"""Names that lead nowhere (RFC 2606): the people of the fiction live there."""


class Outcome(StrEnum):
    """What became of a letter in a round."""

    SENT = "sent"
    LATER = "put off"
    REFUSED = "refused for good"
    UNKNOWN = "handed over without an answer"


class WayShut(Exception):
    """Nothing goes out: the server is away, or does not take this house's letters."""


def periodic(realm: Realm, at: datetime) -> list[str]:
    """Forget to whom letters went long ago. They belong to no realm; they go with the real one's work."""
    if realm is Realm.REAL:
        actions.forget(datetime.now(UTC))
    return []


def send_waiting(*, most: int = AT_ONCE) -> list[str]:
    """Send what waits, and say in a line each what happened; nothing where no way out is set.

    A letter is claimed before it is sent. Where the worker dies in between, or the other side falls silent over a
    whole letter, it may be out or not: it is told and never sent again by itself, for a second invitation does more
    harm than a second question. Where the way is shut no letter is taken up, and none loses an attempt.
    """
    at = datetime.now(UTC)
    lines = _settled(at)
    if not settings.EMAIL_BACKEND:
        waiting = queries.waiting(at).count()
        return [*lines, f"mail: {waiting} letters wait, no COMITY_SMTP is set"] if waiting else lines
    letters = list(queries.waiting(at)[:most])
    return [*lines, *_round(letters, at)] if letters else lines


def _settled(at: datetime) -> list[str]:
    lost = actions.settle_unknown(at=at)
    return [f"mail: {lost} letters were taken up and have no outcome; their readers are told"] if lost else []


def _round(letters: list[Letter], at: datetime) -> list[str]:
    outcomes, way, ends = Counter[Outcome](), get_connection(), monotonic() + ROUND
    shut = ""
    for letter in letters:
        if monotonic() > ends:
            break
        try:
            _opened(way)
            if actions.claim(letter, at=at):
                outcomes[_send(letter, way)] += 1
        except WayShut as error:
            waiting = actions.hold(at=at)
            shut = f"mail: nothing goes out ({error}); {waiting} letters wait and are tried again in a minute"
            break
    _closed(way)
    return [*_told(outcomes), *([shut] if shut else [])]


def _told(outcomes: Counter[Outcome]) -> list[str]:
    if not outcomes:
        return []
    others = [f", {n} {outcome}" for outcome, n in sorted(outcomes.items()) if outcome is not Outcome.SENT]
    return [f"mail: {outcomes[Outcome.SENT]} of {outcomes.total()} letters sent{''.join(others)}"]


def _opened(way: BaseEmailBackend) -> None:
    try:
        way.open()
    except (SMTPException, OSError) as error:
        raise WayShut(_named(error)) from error


def _closed(way: BaseEmailBackend) -> None:
    """Say farewell; what was sent stands, whatever the other side makes of it."""
    try:
        way.close()
    except (SMTPException, OSError):
        way.connection = None  # type: ignore[attr-defined]  # the backend's own; nothing is said to it any more


def _send(letter: Letter, way: BaseEmailBackend) -> Outcome:
    if _leads_nowhere(letter):
        actions.refuse(letter, "the address is reserved for examples")
        return Outcome.REFUSED
    try:
        way.send_messages([_message(letter)])
    except OutcomeUnknown:
        _closed(way)
        return Outcome.UNKNOWN
    except (SMTPRecipientsRefused, SMTPDataError) as error:
        if _code(error) == CLOSING:
            _closed(way)
        return _noted(letter, error)
    except (SMTPException, OSError) as error:
        _closed(way)
        actions.give_back(letter)
        raise WayShut(_named(error)) from error
    actions.note_sent(letter, at=datetime.now(UTC))
    return Outcome.SENT


CLOSING = 421
"""The reply with which a server ends the dialogue (RFC 5321, 3.8)."""


def _leads_nowhere(letter: Letter) -> bool:
    return settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and letter.to.lower().endswith(RESERVED)


def _message(letter: Letter) -> EmailMessage:
    """The letter as it goes out; its Message-ID stays the same however often it is tried."""
    headers = {
        "From": settings.MAIL_FROM,
        "Message-ID": f"<letter-{letter.pk}-{letter.written_at:%Y%m%d%H%M%S%f}@{settings.MAIL_DOMAIN}>",
        "Date": formatdate(letter.written_at.timestamp()),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": letter.language,
    }
    if letter.leave:  # one click, in the reader's mail program, without signing in (RFC 8058)
        headers |= {"List-Unsubscribe": f"<{letter.leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return EmailMessage(letter.subject, letter.body, settings.MAIL_BOUNCES, [letter.to], headers=headers)


def _noted(letter: Letter, error: SMTPException) -> Outcome:
    if _code(error) >= LASTING and not _said(error).startswith(POLICY):
        actions.refuse(letter, _named(error))
        return Outcome.REFUSED
    given_up = actions.put_off(letter, _named(error), at=datetime.now(UTC))
    return Outcome.REFUSED if given_up else Outcome.LATER


def _named(error: Exception) -> str:
    """What went wrong, without the other side's words: they may repeat the address."""
    return f"{type(error).__name__} {_code(error) or ''}".strip()


def _said(error: Exception) -> bytes:
    if isinstance(error, SMTPRecipientsRefused):
        return next((bytes(words) for _, words in error.recipients.values()), b"")
    words = error.smtp_error if isinstance(error, SMTPResponseException) else b""
    return words if isinstance(words, bytes) else words.encode()


def _code(error: Exception) -> int:
    if isinstance(error, SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=0)
    return error.smtp_code if isinstance(error, SMTPResponseException) else 0
