"""The application as tests meet it: real, on a database of its own, migrated as in production.

`app` is on SQLite; a test marked `every_engine` runs on PostgreSQL too, one marked
`on_postgresql` there alone. `in_app` is for tests of
actions and queries, which work inside the application's context. Tests of routes use `client` (a
visitor) or `organiser` (signed in) and enter `app.app_context()` only to arrange and to look, since
a pushed context would outlive the request.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from config import Settings
from eventapp import create_app
from eventapp.core import clock
from eventapp.core.db import db
from tests.factories import UserFactory

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "every_engine: runs on SQLite and on PostgreSQL")
    config.addinivalue_line("markers", "on_postgresql: runs on PostgreSQL alone")
    # structlog's own way with errors shows every variable, and asks the database for some of them.
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, plain])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine_name" in metafunc.fixturenames:
        names = _engine_names({marker.name for marker in metafunc.definition.iter_markers()})
        metafunc.parametrize("engine_name", names, indirect=True, ids=names)


def _engine_names(markers: set[str]) -> list[str]:
    if "on_postgresql" in markers:
        return ["postgresql"]
    return ["sqlite", "postgresql"] if "every_engine" in markers else ["sqlite"]


@pytest.fixture
def engine_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def settings_for(folder: Path, database_url: str = "", **environ: str) -> Settings:
    """Settings of an application that keeps everything it writes under `folder`."""
    return Settings.from_environment(
        {
            "INSTANCE_DIR": str(folder),
            "DATABASE_URL": database_url,
            "SECRET_KEY": "for-tests-only-" + "0" * 32,
            "BASE_URL": "http://localhost",
            **environ,
        }
    )


def _migrate(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    _migrate(settings_for(folder))
    return folder / "eventapp.db"


@pytest.fixture(scope="session")
def migrated_postgres(
    new_postgres_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a PostgreSQL database with every migration, to be copied by each test."""
    url = new_postgres_database()
    _migrate(settings_for(tmp_path_factory.mktemp("template"), url))
    return sa.make_url(url).database or ""


@pytest.fixture
def database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if engine_name == "sqlite":
        path = tmp_path / "eventapp.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        return f"sqlite:///{path}"
    new_database = request.getfixturevalue("new_postgres_database")
    url: str = new_database(template=request.getfixturevalue("migrated_postgres"))
    return url


@pytest.fixture
def environment() -> dict[str, str]:
    """Settings of `app` beyond those that every test has; a module may have its own."""
    return {}


@pytest.fixture
def app(database_url: str, tmp_path: Path, environment: dict[str, str]) -> Iterator[Flask]:
    app = create_app(
        settings_for(tmp_path, database_url, **environment),
        TESTING=True,
        WTF_CSRF_ENABLED=False,
        RATELIMIT_ENABLED=False,
        SERVER_NAME="localhost",
    )
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    """The application's context, for actions and queries."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor."""
    return app.test_client()


@pytest.fixture
def organiser(app: Flask) -> FlaskClient:
    """A signed-in organiser."""
    client = app.test_client()
    with app.app_context():
        identity = UserFactory().fs_uniquifier
    with client.session_transaction() as session:
        session["_user_id"] = identity
        session["_fresh"] = True
    return client


class Clock:
    """The time as the application sees it; `at` sets it, `forward` moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def at(self, moment: datetime) -> None:
        self.moment = moment

    def forward(self, **difference: float) -> datetime:
        self.moment += timedelta(**difference)
        return self.moment

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands at noon on 10 March 2026 until it is moved."""
    stopped = Clock(NOON)
    monkeypatch.setattr(clock, "now", stopped)
    return stopped


@pytest.fixture
def count_queries(app: Flask) -> Iterator[Callable[[Callable[[], object]], int]]:
    """Return a function that calls its argument and tells how many statements that took."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            statements.append(statement)

    with app.app_context():
        engine: Engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)

    def count(call: Callable[[], object]) -> int:
        statements.clear()
        call()
        return len(statements)

    yield count
    sa.event.remove(engine, "before_cursor_execute", note)
