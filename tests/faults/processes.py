"""The processes that a site consists of, to be killed and started again."""

from __future__ import annotations

import http.client
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from tests.servers.process import ServerProcess, find_free_port

ROOT = Path(__file__).parents[2]
SENDER = "Webinars <webinars@example.org>"
# Four processes that start side by side on a busy machine have taken more than 60.
SECONDS_TO_ANSWER = 180
SECONDS_BETWEEN_LOOKS = 0.2

# Called with the file that takes what the command says.
SAY_INTO = 'exec "$@" >>"$0" 2>&1'


def site_settings(
    folder: Path, *, database_url: str, redis_url: str = "", mail_port: int | None = None
) -> dict[str, str]:
    """Settings that all processes of one site share; people come to it through a proxy."""
    mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(mail_port), "MAIL_DEFAULT_SENDER": SENDER}
    return {
        "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", ""))),
        "INSTANCE_DIR": str(folder),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "for-tests-only-" + "0" * 32,
        "BASE_URL": "http://127.0.0.1",
        "HOST": "127.0.0.1",
        "TRUSTED_PROXIES": "1",
        **(mail if mail_port else {}),
    }


class SiteProcess:
    """One command of a site; `kill` ends it as a loss of power would, `start` begins it anew."""

    def __init__(self, *arguments: str, settings: Mapping[str, str], said: Path) -> None:
        self._command = [sys.executable, "-m", *arguments]
        self._settings = [f"{name}={value}" for name, value in settings.items()]
        self._said = said
        self._process: ServerProcess | None = None

    @property
    def said(self) -> str:
        """What the process has printed since it was first started."""
        return self._said.read_text()

    def start(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="eventapp-process-"))
        self._process = ServerProcess(
            ["sh", "-c", SAY_INTO, self._said, "env", *self._settings, *self._command],
            folder=folder,
        )

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()

    def stop(self) -> None:
        if self._process:
            self._process.stop()


class WebProcess(SiteProcess):
    """A command that serves pages at `url`."""

    def __init__(self, *arguments: str, settings: Mapping[str, str], said: Path) -> None:
        port = find_free_port()
        self.url = f"http://127.0.0.1:{port}"
        super().__init__(
            *(argument.replace("PORT", str(port)) for argument in arguments),
            settings={**settings, "PORT": str(port)},
            said=said,
        )

    def wait_until_ready(self) -> None:
        wait_for(lambda: self.ask("/readyz") == http.client.OK, what=f"an answer of {self.url}")

    def ask(self, path: str) -> int:
        """Return the status that `path` answers with; 0 for no answer."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()


def granian(application: str, *, processes: int) -> tuple[str, ...]:
    """Arguments that serve a WSGI application as `python -m eventapp web` does, on any database."""
    return (
        *("granian", "--interface", "wsgi", "--blocking-threads", "16"),
        *("--host", "127.0.0.1", "--port", "PORT", "--log-level", "warning"),
        *("--workers", str(processes), application),
    )


def count_processes(server: WebProcess) -> int:
    """Return how many processes hold the server's port open."""
    port = int(server.url.rsplit(":", 1)[1])
    return sum(_listens_on(process, port) for process in psutil.process_iter())


def _listens_on(process: psutil.Process, port: int) -> bool:
    try:
        connections = process.net_connections("tcp")
    except psutil.Error:
        return False
    return any(
        each.status == psutil.CONN_LISTEN and each.laddr.port == port for each in connections
    )


def wait_for(is_so: Callable[[], bool], *, what: str, seconds: float = SECONDS_TO_ANSWER) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for {what}"
        time.sleep(SECONDS_BETWEEN_LOOKS)
