"""PostgreSQL, Redis, SMTP and IMAP servers and an S3 store, each started when first asked for.

Where tests run side by side, each process has its own servers. A part that this machine can't
run skips the tests that need it and says why; with CI set in the environment, it fails them.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from tests.servers.errors import PartIsMissing
from tests.servers.imap import ImapServer
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer
from tests.servers.smtp import SmtpServer
from tests.servers.storage import StorageServer

Part = TypeVar("Part")

# More than one test could ever use at the same time.
COPIES_KEPT = 20


def start_or_skip(start: Callable[[], Part]) -> Part:
    """Start a real part; without it, skip (on a person's machine) or fail (in CI)."""
    try:
        return start()
    except PartIsMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """For what is made once and then copied, such as a migrated template."""
    server = start_or_skip(PostgresServer)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """The server's own database: for looking at the server, not for tables."""
    return postgres_server.url()


@pytest.fixture(scope="session")
def new_postgres_database(postgres_server: PostgresServer) -> Callable[..., str]:
    """Make a database: `new_postgres_database(template)` gives its URL.

    A copy of a template is for one test and dropped some tests later; others stay.
    """
    copies: deque[str] = deque()

    def create(template: str | None = None) -> str:
        name = postgres_server.create_database(template=template)
        if template:
            copies.append(name)
        if len(copies) > COPIES_KEPT:
            postgres_server.drop_database(copies.popleft())
        return postgres_server.url(name)

    return create


@pytest.fixture(scope="session")
def _redis_of_session() -> Iterator[RedisServer]:
    server = start_or_skip(RedisServer)
    yield server
    server.stop()


@pytest.fixture
def redis_server(_redis_of_session: RedisServer) -> RedisServer:
    """Redis, running and empty; a test may stop and start it."""
    _redis_of_session.start()
    _redis_of_session.empty()
    return _redis_of_session


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    return redis_server.url


@pytest.fixture(scope="session")
def _smtp_of_session() -> Iterator[SmtpServer]:
    server = SmtpServer()
    yield server
    server.stop()


@pytest.fixture
def smtp_server(_smtp_of_session: SmtpServer) -> SmtpServer:
    """The SMTP server, running, without mails; a test may script, stop and start it."""
    _smtp_of_session.start()
    _smtp_of_session.empty()
    return _smtp_of_session


@pytest.fixture(scope="session")
def _imap_of_session() -> Iterator[ImapServer]:
    server = start_or_skip(ImapServer)
    yield server
    server.stop()


@pytest.fixture
def imap_server(_imap_of_session: ImapServer) -> ImapServer:
    """An IMAP server, running, its mailbox empty; a test may stop and start it."""
    _imap_of_session.start()
    _imap_of_session.empty()
    return _imap_of_session


@pytest.fixture(scope="session")
def storage_server() -> Iterator[StorageServer]:
    """An S3 store that keeps what the tests put there; the names in it are random."""
    server = start_or_skip(StorageServer)
    yield server
    server.stop()
