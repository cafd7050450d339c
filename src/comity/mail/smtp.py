"""The way out by SMTP (RFC 5321), with an honest word on what the other side may have already."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as DjangosBackend

ANSWER_WITHIN = 120.0
"""Seconds for the answer to a whole letter: who gives up too early and sends it again has sent it twice (4.5.3.2.6)."""
END_OF_LETTER = b"\r\n.\r\n"


class OutcomeUnknown(Exception):
    """The letter was handed over to its last dot, and no answer came: it may be out."""


class _Told(smtplib.SMTP):
    """A dialogue that knows whether it has handed a letter over."""

    handed_over = False

    def send(self, s: Any) -> None:
        """Pass on what is said, and remember whether it was the end of a letter."""
        super().send(s)
        self.handed_over = isinstance(s, bytes) and s.endswith(END_OF_LETTER)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand a letter over; raises OutcomeUnknown where its end went out and nothing came back."""
        usual = self.sock.gettimeout() if self.sock else None
        if self.sock and usual is not None:
            self.sock.settimeout(max(usual, ANSWER_WITHIN))
        try:
            return super().data(msg)
        except smtplib.SMTPDataError:
            raise
        except OSError as error:
            if self.handed_over:
                raise OutcomeUnknown() from error
            raise
        finally:
            if self.sock:
                self.sock.settimeout(usual)


class _ToldOverTls(_Told, smtplib.SMTP_SSL):
    """The same where the whole dialogue is encrypted from its first byte."""


class EmailBackend(DjangosBackend):
    """Django's, over such a dialogue."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Which dialogue it opens."""
        return _ToldOverTls if self.use_ssl else _Told
