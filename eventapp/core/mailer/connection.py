"""One SMTP conversation, which may carry several messages."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

import flask_mail
from flask import current_app

from eventapp.core.mailer.building import BuiltEmail
from eventapp.core.mailer.replies import (
    CLOSING,
    REST_AFTER_NO_ANSWER,
    REST_UNTIL_MENDED,
    REST_WHEN_BUSY,
    NotTaken,
    Reply,
    Step,
)

# Each step of the conversation waits at most so long; all of them together stay well below the
# time after which a claim counts as abandoned.
TIMEOUT_SECONDS = 20
TIMEOUT = "MAIL_TIMEOUT_SECONDS"
PORT_OF_TLS_FROM_THE_START = 465
ACCEPTED = frozenset({250, 251})
GO_AHEAD = frozenset({354})

mail = flask_mail.Mail()

Meanwhile = dict[Step, Callable[[], None]]


def _nothing() -> None:
    """Wait for the server and do nothing else."""


class ServerIsUnreachable(Exception):
    """No conversation came about: this is no message's fault, and all of them wait."""

    def __init__(self, cause: Exception) -> None:
        reply = Reply.in_error(cause)
        super().__init__(str(reply))
        self.rest = REST_AFTER_NO_ANSWER
        if reply.code:
            self.rest = REST_UNTIL_MENDED if reply.is_permanent else REST_WHEN_BUSY


class MailConnection(flask_mail.Connection):
    """Flask-Mail's connection with a time limit, checked certificates and a forgiving end.

    Entering it raises ServerIsUnreachable when the server can't be reached or doesn't let us in.
    Where the server takes commands in a row (RFC 2920), a message costs two waits instead of four.
    """

    host: smtplib.SMTP | None

    def __init__(self) -> None:
        super().__init__(current_app.extensions["mail"])

    def __enter__(self) -> Self:
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
        # How many messages this conversation has carried.
        self.num_emails = 0
        try:
            return self._open()
        except (smtplib.SMTPException, OSError) as error:
            raise ServerIsUnreachable(error) from error

    def _open(self) -> smtplib.SMTP:
        server, port = self.mail.server, self.mail.port
        timeout = current_app.config[TIMEOUT]
        host: smtplib.SMTP
        if port == PORT_OF_TLS_FROM_THE_START:
            secure = ssl.create_default_context()
            host = smtplib.SMTP_SSL(server, port, timeout=timeout, context=secure)
        else:
            host = smtplib.SMTP(server, port, timeout=timeout)
        try:
            if self.mail.use_tls and port != PORT_OF_TLS_FROM_THE_START:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
            host.ehlo_or_helo_if_needed()
        except BaseException:
            host.close()
            raise
        return host

    def post(
        self,
        email: BuiltEmail,
        *,
        while_asking: Callable[[], None] = _nothing,
        while_taking: Callable[[], None] = _nothing,
    ) -> None:
        """Hand one message over. Raises NotTaken, ServerIsUnreachable.

        `while_asking` is called between a question about the envelope and its answer, and
        `while_taking` between the content and its answer; each may be called twice. A server that
        has hung up between two messages, or is about to, is called again.
        """
        is_first = self.num_emails == 0
        meanwhile = {Step.SENDER: while_asking, Step.CONTENT: while_taking}
        try:
            self._post(email, meanwhile)
        except NotTaken as refusal:
            is_goodbye = refusal.step == Step.SENDER and refusal.reply.code in {0, CLOSING}
            if is_first or not is_goodbye:
                raise
            self._hang_up()
            self._post(email, meanwhile)

    def _post(self, email: BuiltEmail, meanwhile: Meanwhile) -> None:
        if self.host is None or self.host.sock is None:
            self.host = self.configure_host()
        self.num_emails += 1
        try:
            _hand_over(self.host, email, meanwhile)
        except NotTaken as refusal:
            self._begin_anew(self.host, refusal)
            raise

    def _begin_anew(self, host: smtplib.SMTP, refusal: NotTaken) -> None:
        """Make ready for the next message after one that wasn't taken."""
        if refusal.reply.code in {0, CLOSING} or host.sock is None:
            self._hang_up()
            return
        try:
            host.rset()
        except (smtplib.SMTPException, OSError):
            self._hang_up()

    def _hang_up(self) -> None:
        if self.host is not None:
            self.host.close()
        self.host = None


def _hand_over(host: smtplib.SMTP, email: BuiltEmail, meanwhile: Meanwhile) -> None:
    """Carry one message through its four steps. Raises NotTaken."""
    commands = {
        Step.SENDER: f"MAIL FROM:<{email.sender}>{_size_of(host, email)}\r\n",
        Step.RECIPIENT: f"RCPT TO:<{email.recipient}>\r\n",
        Step.OFFER: "DATA\r\n",
    }
    if "pipelining" in host.esmtp_features:
        _ask_in_a_row(host, commands, meanwhile)
    else:
        for step, command in commands.items():
            _check(step, _ask(host, step, command, meanwhile))
    _check(Step.CONTENT, _ask(host, Step.CONTENT, _as_data(email.content), meanwhile))


def _ask_in_a_row(host: smtplib.SMTP, commands: dict[Step, str], meanwhile: Meanwhile) -> None:
    """Send all commands before the first answer (RFC 2920, 3.1), then look at each answer.

    A server that wants the content in spite of a refusal gets none.
    """
    replies = {Step.SENDER: _ask(host, Step.SENDER, "".join(commands.values()), meanwhile)}
    for step in (Step.RECIPIENT, Step.OFFER):
        replies[step] = _listen(host, step)
    refused = [step for step in (Step.SENDER, Step.RECIPIENT) if not _is_taken(step, replies[step])]
    if refused and replies[Step.OFFER].code in GO_AHEAD:
        _ask(host, refused[0], ".\r\n", {})
    for step, reply in replies.items():
        _check(step, reply)


def _ask(host: smtplib.SMTP, step: Step, text: str | bytes, meanwhile: Meanwhile) -> Reply:
    try:
        host.send(text)
    except (smtplib.SMTPException, OSError) as error:
        raise NotTaken(step, Reply.in_error(error)) from error
    meanwhile.get(step, _nothing)()
    return _listen(host, step)


def _listen(host: smtplib.SMTP, step: Step) -> Reply:
    try:
        return Reply.read(*host.getreply())
    except (smtplib.SMTPException, OSError) as error:
        raise NotTaken(step, Reply.in_error(error)) from error


def _check(step: Step, reply: Reply) -> None:
    if not _is_taken(step, reply):
        raise NotTaken(step, reply)


def _is_taken(step: Step, reply: Reply) -> bool:
    return reply.code in (GO_AHEAD if step == Step.OFFER else ACCEPTED)


def _size_of(host: smtplib.SMTP, email: BuiltEmail) -> str:
    """The size, for a server that wants to know it before (RFC 1870)."""
    return f" SIZE={len(email.content)}" if "size" in host.esmtp_features else ""


def _as_data(content: bytes) -> bytes:
    """Return the content with its dots doubled, and the one that ends it (RFC 5321, 4.5.2)."""
    return content.replace(b"\r\n.", b"\r\n..") + b".\r\n"
