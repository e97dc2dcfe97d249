"""What arrives by mail, as people and their calendars read it."""

from __future__ import annotations

import re
import time
from email.message import EmailMessage
from typing import Any

import vobject

from tests.servers.smtp import SmtpServer

# A bell that nobody heard costs up to a minute, until the sweep.
SECONDS_TO_ARRIVE = 90
SECONDS_BETWEEN_LOOKS = 0.02


class Letter:
    """One message: its words, its links and its calendar entry."""

    def __init__(self, message: EmailMessage) -> None:
        self.message = message

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    def link(self, pattern: str) -> str:
        """The only address in the text that matches `pattern` to its end."""
        found = [url for url in re.findall(r"https?://\S+", self.text) if re.search(pattern, url)]
        assert len(set(found)) == 1, (pattern, self.text)
        return found[0]

    @property
    def calendar(self) -> Any:
        """The iTIP message that mail programs act upon: the part among the alternatives."""
        part = next(p for p in self.message.walk() if p.get_content_type() == "text/calendar")
        calendar = vobject.readOne(part.get_content())
        assert calendar.method.value == part.get_param("method")
        return calendar


class Mailbox:
    """The mail of everybody on the SMTP server of the tests."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    def wait_for(self, address: str, *, subject: str) -> Letter:
        """The one letter to `address` under `subject`, as soon as it has arrived."""
        deadline = time.monotonic() + SECONDS_TO_ARRIVE
        while time.monotonic() < deadline:
            letters = [each for each in self.letters(address) if each.subject == subject]
            if letters:
                assert len(letters) == 1
                return letters[0]
            time.sleep(SECONDS_BETWEEN_LOOKS)
        subjects = [each.subject for each in self.letters(address)]
        raise AssertionError(f"no {subject!r} for {address}, who has {subjects}")

    def letters(self, address: str) -> list[Letter]:
        return [Letter(mail.message) for mail in self._server.mails if address in mail.recipients]
