"""The servers that are listened to, one webinar that is live, and what its database says."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import psutil  # type: ignore[import-untyped]
import sqlalchemy as sa

from bench.running import SECONDS_TO_START, free_port, settings
from config import Settings
from eventapp import create_app
from eventapp.core.db import db
from eventapp.webinars.models import RoomAccess, WebinarStatus
from tests.factories import WebinarFactory
from tests.servers.postgres import DURABLE, PostgresServer
from tests.servers.redis import RedisServer

SLUG = "ten-thousand"
ROOM = f"/webinars/{SLUG}/live"


class Server:
    """One process of the site; `kill` ends it as a loss of power would, `start` begins it anew."""

    def __init__(self, *arguments: str, environ: dict[str, str], said: Path) -> None:
        self.port = int(environ["PORT"])
        self._arguments = arguments
        self._environ = environ
        self._said = said
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        with self._said.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, *self._arguments],
                env=os.environ | self._environ,
                stdout=said,
                stderr=said,
            )

    def wait_until_listening(self) -> None:
        """Raises RuntimeError, with the end of what the process said, when it doesn't in time."""
        until = time.monotonic() + SECONDS_TO_START
        while not self.is_listening():
            if time.monotonic() > until or (self._process and self._process.poll() is not None):
                raise RuntimeError(f"{self._arguments} doesn't listen: {self._read_said()}")
            time.sleep(0.02)

    def is_listening(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()

    def _read_said(self) -> str:
        return self._said.read_text(errors="replace")[-2000:]


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where pages and streams are, which may be the same process, and where the rows are."""

    pages: Server
    streams: list[Server]
    database_url: str
    secret_key: str
    webinar_id: int
    redis: RedisServer | None = None

    @property
    def is_embedded(self) -> bool:
        return self.pages in self.streams

    def read(self, statement: str) -> list[Any]:
        """Return the rows of a statement about this webinar, which is `:webinar`."""
        with sa.create_engine(self.database_url, poolclass=sa.NullPool).connect() as connection:
            return list(connection.execute(sa.text(statement), {"webinar": self.webinar_id}))

    def measure_memory(self) -> float:
        """Return the proportional set size of the processes that hold streams, in kilobytes."""
        sizes = [psutil.Process(s.pid).memory_full_info().pss for s in self.streams]
        return float(sum(sizes)) / 1000

    def measure_processor(self, *, of_pages: bool = False) -> float:
        """Return the seconds of processor that streams (or pages) have taken since their start."""
        servers = [self.pages] if of_pages else self.streams
        return sum(_seconds_of(psutil.Process(server.pid)) for server in servers)


def _seconds_of(process: psutil.Process) -> float:
    every = [process, *process.children(recursive=True)]
    times = [each.cpu_times() for each in every]
    return float(sum(each.user + each.system for each in times))


def raise_limit() -> None:
    """Let this process, and those that it starts, open as many files as the system allows them."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextmanager
def embedded() -> Iterator[Site]:
    """Everything from one process, on SQLite."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environ = settings(folder, port=free_port())
        configured, webinar_id = _prepare(environ)
        server = _serve(stack, "serve", environ, folder)
        yield Site(
            pages=server,
            streams=[server],
            database_url=configured.database_url,
            secret_key=configured.secret_key,
            webinar_id=webinar_id,
        )


@contextmanager
def scaled(*, lives: int, webs: int = 2) -> Iterator[Site]:
    """Pages and streams from processes of their own, on PostgreSQL and Redis."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = PostgresServer(**DURABLE)
        stack.callback(postgres.stop)
        redis = RedisServer()
        stack.callback(redis.stop)
        shared = settings(folder, database_url=postgres.url(postgres.create_database())) | {
            "REDIS_URL": redis.url
        }
        configured, webinar_id = _prepare(shared)
        streams = [_serve(stack, "live", _at_port(shared), folder) for _ in range(lives)]
        pages = _serve(stack, "web", _at_port(shared), folder, "--processes", str(webs))
        yield Site(
            pages=pages,
            streams=streams,
            database_url=configured.database_url,
            secret_key=configured.secret_key,
            webinar_id=webinar_id,
            redis=redis,
        )


@contextmanager
def bare(*, processes: int) -> Iterator[list[Server]]:
    """Servers that write what they are sent to all who listen."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = []
        for _ in range(processes):
            port = free_port()
            server = Server(
                *("-m", "bench.live.bare", str(port)),
                environ={"PORT": str(port)},
                said=folder / f"bare-{port}.txt",
            )
            _start(stack, server)
            servers.append(server)
        yield servers


def _at_port(environ: dict[str, str]) -> dict[str, str]:
    return environ | {"PORT": str(free_port())}


def _serve(
    stack: ExitStack, command: str, environ: dict[str, str], folder: Path, *options: str
) -> Server:
    server = Server(
        *("-m", "eventapp", command, *options),
        environ=environ,
        said=folder / f"{command}-{environ['PORT']}.txt",
    )
    _start(stack, server)
    return server


def _start(stack: ExitStack, server: Server) -> None:
    stack.callback(server.stop)
    server.start()
    server.wait_until_listening()


def _prepare(environ: dict[str, str]) -> tuple[Settings, int]:
    """Migrate, and add a webinar that is live, open to guests and without a moderator's approval.

    Returns the settings and the webinar's id.
    """
    configured = Settings.from_environment(environ)
    app = create_app(configured)
    with app.app_context():
        flask_migrate.upgrade()
        now = datetime.now(UTC)
        webinar = WebinarFactory(
            slug=SLUG,
            status=WebinarStatus.LIVE,
            room_access=RoomAccess.OPEN,
            is_moderated=False,
            starts_at=now - timedelta(minutes=5),
            ends_at=now + timedelta(hours=2),
        )
        webinar_id: int = webinar.id
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return configured, webinar_id
