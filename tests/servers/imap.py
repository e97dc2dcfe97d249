"""A real IMAP server, pymap, with its mail in memory."""

from __future__ import annotations

import imaplib
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.servers.errors import PartIsMissing
from tests.servers.process import ServerProcess, find_free_port

USER, PASSWORD = "replies@example.org", "pass/word"
START = "import sys; from pymap.main import main; sys.exit(main())"


class ImapServer:
    """An IMAP server on a port of this machine, with one user; tests may stop and start it."""

    def __init__(self) -> None:
        if find_spec("pymap") is None:
            message = "pymap comes with requirements-dev.txt, which isn't installed (`make test`)."
            raise PartIsMissing(message)
        self.port = find_free_port()
        self._process: ServerProcess | None = None
        self.start()

    def url(self, folder: str = "INBOX") -> str:
        return f"imap://replies%40example.org:pass%2Fword@127.0.0.1:{self.port}/{folder}"

    def start(self) -> None:
        """Start it, empty, on the port that it had before."""
        if self._process is not None:
            return
        folder = Path(tempfile.mkdtemp(prefix="eventapp-imap-"))
        server = ("--host", "127.0.0.1", "--port", str(self.port), "--no-tls")
        user = ("--demo-user", USER, "--demo-password", PASSWORD)
        self._process = ServerProcess(
            [sys.executable, "-c", START, *server, "dict", *user], folder=folder
        )
        self._process.wait_until(self._is_ready, name="IMAP")

    def stop(self) -> None:
        if self._process:
            self._process.stop()
        self._process = None

    def empty(self) -> None:
        with self._sign_in() as client:
            client.select("INBOX")
            client.store("1:*", "+FLAGS", r"(\Deleted)")
            client.expunge()

    def deliver(self, raw: bytes, *, folder: str = "INBOX") -> None:
        with self._sign_in() as client:
            client.create(f'"{folder}"')
            assert client.append(f'"{folder}"', "", None, raw)[0] == "OK"

    def list_flags(self, *, folder: str = "INBOX") -> list[set[str]]:
        """The flags of each message, in order, but for the server's own."""
        with self._sign_in() as client:
            client.select(f'"{folder}"', readonly=True)
            _, found = client.search(None, "ALL")
            numbers = found[0].decode().split()
            answers = [client.fetch(number, "(FLAGS)")[1][0] for number in numbers]
        return [
            {flag.decode() for flag in imaplib.ParseFlags(answer)} - {r"\Recent"}
            for answer in answers
        ]

    @contextmanager
    def _sign_in(self) -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        try:
            client.login(USER, PASSWORD)
            yield client
        finally:
            client.logout()

    def _is_ready(self) -> bool:
        try:
            with self._sign_in():
                return True
        except (OSError, imaplib.IMAP4.error):
            return False
