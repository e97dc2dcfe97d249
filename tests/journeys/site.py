"""The site as its administrator starts it: a process of its own, on a free port."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from tests.servers.errors import PartIsMissing
from tests.servers.process import ServerProcess, find_free_port
from tests.servers.smtp import SmtpServer

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "eventapp")
SENDER = "Webinars <webinars@example.org>"

# Called with the file that takes what the command says.
SAY_INTO = 'exec "$@" >"$0" 2>&1'


class SignIn(NamedTuple):
    """How the demo's organiser signs in, as printed at the start."""

    address: str
    email: str
    password: str


class Site:
    """A site on its own instance folder; it can be stopped and started again."""

    def __init__(self, folder: Path, *, mail: SmtpServer | None = None) -> None:
        port = find_free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.instance = folder / "instance"
        self._said = folder / "said.txt"
        self._environ = {
            "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", ""))),
            "INSTANCE_DIR": str(self.instance),
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "BASE_URL": self.url,
        }
        if mail:
            self._environ |= {
                "MAIL_SERVER": mail.host,
                "MAIL_PORT": str(mail.port),
                "MAIL_DEFAULT_SENDER": SENDER,
            }
        self._process: ServerProcess | None = None

    @property
    def said(self) -> str:
        """What the process has printed since it was started."""
        return self._said.read_text()

    @property
    def sign_in(self) -> SignIn:
        printed = re.search(r"Sign in at (\S+) as (\S+), password (\S+)", self.said)
        assert printed is not None, self.said
        return SignIn(*printed.groups())

    def command(self, *arguments: str) -> None:
        """Run a command of the administrator's to its end."""
        environ = {**os.environ, **self._environ}
        subprocess.run([*COMMAND, *arguments], env=environ, check=True, capture_output=True)

    def start(self, command: str) -> None:
        """Start `python -m eventapp COMMAND` and wait until it answers."""
        settings = [f"{name}={value}" for name, value in self._environ.items()]
        folder = Path(tempfile.mkdtemp(prefix="eventapp-site-"))
        self._process = ServerProcess(
            ["sh", "-c", SAY_INTO, self._said, "env", *settings, *COMMAND, command], folder=folder
        )
        try:
            self._process.wait_until(self._is_ready, name="The site")
        except PartIsMissing as failure:
            raise AssertionError(self.said) from failure

    def stop(self) -> None:
        if self._process:
            self._process.stop()
        self._process = None

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()
