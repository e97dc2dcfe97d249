"""A real SMTP server that keeps what it is given, and answers as a test tells it to."""

from __future__ import annotations

import email
import email.policy
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.process import find_free_port

SECONDS_BETWEEN_LOOKS = 0.01


@dataclass(frozen=True)
class DeliveredMail:
    """A message as it arrived: the envelope, the message, and the bytes it came as."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes


class SmtpServer:
    """An SMTP server on a port of this machine; `mails` holds what was delivered, in order."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.port = find_free_port()
        self.mails: list[DeliveredMail] = []
        self._answers: defaultdict[str, deque[str]] = defaultdict(deque)
        self._controller: Controller | None = None
        self.start()

    @property
    def messages(self) -> list[EmailMessage]:
        return [mail.message for mail in self.mails]

    def start(self) -> None:
        """Start it on the port that it had before; what it holds stays."""
        if self._controller is None:
            self._controller = Controller(self, hostname=self.host, port=self.port)
            self._controller.start()

    def stop(self) -> None:
        """From now on refuse connections."""
        if self._controller:
            self._controller.stop()
        self._controller = None

    def empty(self) -> None:
        """Forget the mails, and the answers that are still waiting."""
        self.mails.clear()
        self._answers.clear()

    def answer_next(self, code: int, text: str, *, command: str = "DATA") -> None:
        """Answer the next `command` (MAIL, RCPT or DATA) so; several answers wait in line."""
        self._answers[command].append(f"{code} {text}")

    def wait_for_mails(self, count: int, *, seconds: float = 10) -> list[DeliveredMail]:
        """The mails, as soon as there are `count`; more or fewer after `seconds` are an error."""
        deadline = time.monotonic() + seconds
        while len(self.mails) < count and time.monotonic() < deadline:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        subjects = [message["Subject"] for message in self.messages]
        assert len(subjects) == count, f"expected {count} mails, have {len(subjects)}: {subjects}"
        return list(self.mails)

    def _take_answer(self, command: str) -> str | None:
        waiting = self._answers[command]
        return waiting.popleft() if waiting else None

    # aiosmtpd calls these three by name and decides on their arguments.

    async def handle_MAIL(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        answer = self._take_answer("MAIL")
        if answer is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        answer = self._take_answer("RCPT")
        if answer is None:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer or "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        answer = self._take_answer("DATA")
        if answer is None:
            self.mails.append(_read_envelope(envelope))
        return answer or "250 OK"


def _read_envelope(envelope: Envelope) -> DeliveredMail:
    raw = envelope.original_content or b""
    return DeliveredMail(
        sender=envelope.mail_from or "",
        recipients=tuple(envelope.rcpt_tos),
        message=email.message_from_bytes(raw, policy=email.policy.default),
        raw=raw,
    )
