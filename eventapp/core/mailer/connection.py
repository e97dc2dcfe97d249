"""One SMTP conversation, which may carry several messages."""

from __future__ import annotations

import copy
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from types import TracebackType
from typing import Self

import flask_mail
from flask import current_app

# Each step of the conversation waits at most so long; all of them together stay well below the
# time after which a claim counts as abandoned.
TIMEOUT_SECONDS = 20
PORT_OF_TLS_FROM_THE_START = 465
PERMANENT_CODES = range(500, 600)
WANTS_SIGN_IN = frozenset({530, 535})
LONGEST_REASON = 2000

mail = flask_mail.Mail()


class ServerIsUnreachable(Exception):
    """No conversation came about: this is no message's fault, and all of them wait."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(in_words(cause))


class MailConnection(flask_mail.Connection):
    """Flask-Mail's connection with a time limit, checked certificates and a forgiving end.

    Entering it raises ServerIsUnreachable when the server can't be reached or doesn't let us in.
    """

    host: smtplib.SMTP | None

    def __init__(self) -> None:
        super().__init__(current_app.extensions["mail"])

    def __enter__(self) -> Self:
        self.num_emails = 0
        self.host = self.configure_host()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Say goodbye; what was accepted stays accepted, however the server takes it."""
        if self.host is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.host.quit()
            self.host = None

    def configure_host(self) -> smtplib.SMTP:
        try:
            return self._open()
        except (smtplib.SMTPException, OSError) as error:
            raise ServerIsUnreachable(error) from error

    def _open(self) -> smtplib.SMTP:
        server, port = self.mail.server, self.mail.port
        secure = ssl.create_default_context()
        host: smtplib.SMTP
        if port == PORT_OF_TLS_FROM_THE_START:
            host = smtplib.SMTP_SSL(server, port, timeout=TIMEOUT_SECONDS, context=secure)
        else:
            host = smtplib.SMTP(server, port, timeout=TIMEOUT_SECONDS)
        try:
            if self.mail.use_tls and port != PORT_OF_TLS_FROM_THE_START:
                host.starttls(context=secure)
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host

    def post(self, row_email: EmailMessage) -> None:
        """Hand one message over; a server that has hung up between two messages is called again."""
        is_first = self.num_emails == 0
        try:
            self._post(row_email)
        except smtplib.SMTPServerDisconnected:
            if is_first:
                raise
            self._post(row_email)

    def _post(self, row_email: EmailMessage) -> None:
        if self.host is None or self.host.sock is None:
            self.host = self.configure_host()
        self.send(_BuiltMessage(row_email))


class _BuiltMessage(flask_mail.Message):
    """A message that is complete already, as Flask-Mail sends it.

    What it has as Return-Path is the sender on its envelope; the header itself is written by
    whoever delivers it (RFC 5321, 4.4).
    """

    def __init__(self, built: EmailMessage) -> None:
        to = built["To"].addresses[0]
        sender = built["Return-Path"] or built["From"].addresses[0].addr_spec
        super().__init__(
            subject=str(built["Subject"]), recipients=[to.addr_spec], sender=str(sender)
        )
        self.msgId = built["Message-ID"]
        sent = copy.copy(built)
        del sent["Return-Path"]
        self._bytes = sent.as_bytes()

    def as_bytes(self) -> bytes:
        return self._bytes


def is_permanent(error: Exception) -> bool:
    """Whether the server will never take this message.

    That is 5xx (RFC 5321, 4.2.1), unless it only wants us to sign in first.
    """
    code, _ = _reply_in(error)
    return code in PERMANENT_CODES and code not in WANTS_SIGN_IN


def in_words(error: Exception) -> str:
    """What stopped a message, as the ledger shows it."""
    code, text = _reply_in(error)
    words = f"{code} {text}" if code else f"{type(error).__name__}: {error}"
    return " ".join(words.split())[:LONGEST_REASON]


def _reply_in(error: Exception) -> tuple[int, str]:
    """The server's reply, code and text, where `error` carries one; else 0."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, reply = error.smtp_code, error.smtp_error  # type: ignore[assignment]
    else:
        return 0, ""
    return code, bytes(reply).decode(errors="replace")
