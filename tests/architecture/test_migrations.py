"""Migrations and models say the same, on both engines, and lead there and back."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from eventapp.core.db import Base, db
from eventapp.core.outbox import run_due_jobs
from eventapp.learnings.models import Learnings
from eventapp.registrations.models import RegistrationStatus
from eventapp.replays.queries import get_public_replay
from eventapp.search.models import WORDS
from eventapp.search.queries import search_replays
from eventapp.webinars.models import WebinarStatus
from tests.architecture.sources import ROOT
from tests.factories import (
    EARLIER,
    ChapterFactory,
    QuestionFactory,
    RecordingFactory,
    RegistrationFactory,
    WebinarFactory,
)

MIGRATIONS = ROOT / "migrations"


@pytest.fixture
def empty_database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if engine_name == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    new_database: Callable[[], str] = request.getfixturevalue("new_postgres_database")
    return new_database()


def describe(engine: sa.Engine) -> dict[str, Any]:
    """Return all that a database says of its tables, in an order that does not depend on them."""
    inspector = sa.inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            },
            "key": inspector.get_pk_constraint(table),
            "foreign keys": _sorted(inspector.get_foreign_keys(table)),
            "unique": _sorted(inspector.get_unique_constraints(table)),
            "checks": _sorted(inspector.get_check_constraints(table)),
            "indexes": _sorted(_in_words(index) for index in inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def _in_words(index: Any) -> dict[str, Any]:
    """Return what an index is; a condition on its rows would differ from its like otherwise."""
    options = index.get("dialect_options", {})
    return {**index, "dialect_options": {name: str(value) for name, value in options.items()}}


def _sorted(parts: Any) -> list[Any]:
    return sorted(parts, key=repr)


def test_migrations_have_one_head():
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def is_compared(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether Alembic can compare it; an index that is tables of SQLite's own, it can't."""
    return kind != "table" or not str(name).startswith(WORDS)


@pytest.mark.every_engine
# The other way round: on SQLite it can't compare PostgreSQL's index over words.
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
def test_no_migration_is_missing(in_app: Flask):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_compared}
        )

        differences = compare_metadata(context, Base.metadata)

    assert differences == []


@pytest.mark.every_engine
def test_migrations_make_what_the_models_say(in_app: Flask, empty_database_url: str):
    """Also what Alembic does not compare: checks, and the names of every constraint."""
    from_models = sa.create_engine(empty_database_url)
    Base.metadata.create_all(from_models)

    migrated, modelled = describe(db.engine), describe(from_models)

    from_models.dispose()
    assert migrated == modelled


@pytest.mark.every_engine
def test_migrations_lead_down_and_up_again(in_app: Flask):
    before = describe(db.engine)

    flask_migrate.downgrade(revision="base")
    assert describe(db.engine) == {}
    flask_migrate.upgrade()

    assert describe(db.engine) == before


@pytest.mark.every_engine
def test_rows_outlive_a_table_that_is_made_anew(in_app: Flask):
    """SQLite drops the old table, and must not delete or unlink what refers to its rows."""
    registration = RegistrationFactory(status=RegistrationStatus.REQUESTED)
    registration_id = registration.id
    QuestionFactory(webinar_id=registration.webinar_id, registration=registration)
    db.session.remove()

    flask_migrate.downgrade(revision="0001")
    flask_migrate.upgrade()

    with db.engine.connect() as connection:
        kept = connection.execute(sa.text("SELECT registration_id FROM questions")).scalars().all()
    assert kept == [registration_id]


@pytest.mark.every_engine
def test_old_registrations_know_of_the_changes_that_they_came_after(in_app: Flask):
    webinar = WebinarFactory(calendar_sequence=2)
    for minutes in (-1, 1):
        arrival = webinar.updated_at + timedelta(minutes=minutes)
        RegistrationFactory(webinar=webinar, queued_at=arrival, known_sequence=7)
    db.session.remove()

    flask_migrate.downgrade(revision="0002")
    flask_migrate.upgrade()

    assert list_rows("SELECT known_sequence FROM registrations ORDER BY id") == [(None,), (2,)]


@pytest.mark.every_engine
def test_old_registrations_by_an_organiser_have_confirmed_no_address(in_app: Flask):
    moment = EARLIER + timedelta(minutes=1)
    RegistrationFactory(verified_at=moment, approved_at=moment)
    RegistrationFactory(verified_at=EARLIER, approved_at=moment)
    db.session.remove()

    flask_migrate.downgrade(revision="0002")
    flask_migrate.upgrade()

    rows = list_rows(
        "SELECT added_by, added_at = approved_at, verified_at IS NULL FROM registrations "
        "ORDER BY id"
    )
    assert rows == [("organiser", True, True), (None, None, False)]


@pytest.mark.every_engine
def test_public_replays_stay_public_and_become_their_first_edition(in_app: Flask):
    webinar = WebinarFactory(status=WebinarStatus.REPLAY_PUBLISHED)
    question = QuestionFactory(webinar_id=webinar.id)
    RecordingFactory(webinar_id=webinar.id, offset_seconds=12.0)
    part = ChapterFactory(webinar_id=webinar.id, title="Part", position=0)
    ChapterFactory(webinar_id=webinar.id, position=1, parent_id=part.id, question_id=question.id)
    db.session.add(Learnings(webinar_id=webinar.id, body="Learned.", updated_at=EARLIER))
    WebinarFactory(status=WebinarStatus.ENDED)
    db.session.commit()
    webinar_id, question_id = webinar.id, question.id
    db.session.remove()

    flask_migrate.downgrade(revision="0006")
    flask_migrate.upgrade()

    replay = get_public_replay(webinar_id)
    first, second = replay.entries
    assert (first.title, second.parent, second.question_id) == ("Part", 0, question_id)
    assert (replay.recording.number, replay.timing.offset) == (1, 12.0)
    assert replay.learnings == "Learned."
    assert list_rows("SELECT count(*) FROM replay_editions") == [(1,)]
    while run_due_jobs():
        pass
    assert [found.webinar.id for found in search_replays("part")] == [webinar_id]


def list_rows(statement: str) -> list[tuple[Any, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


def test_every_foreign_key_has_an_index_that_starts_with_it():
    """Without one a deletion there reads the whole table here."""
    without = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.foreign_keys and column.name not in _first_columns(table)
    ]

    assert without == []


def _first_columns(table: sa.Table) -> set[str]:
    keys = (sa.PrimaryKeyConstraint, sa.UniqueConstraint)
    found = [*table.indexes, *(each for each in table.constraints if isinstance(each, keys))]
    return {each.columns[0].name for each in found if len(each.columns)}


def test_migrations_import_nothing_of_ours():
    imported = {
        name
        for path in (MIGRATIONS / "versions").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else _names(node))
    }

    assert {name for name in imported if name.split(".")[0] in {"config", "eventapp"}} == set()


def test_migrations_are_numbered_in_the_order_they_run():
    scripts = ScriptDirectory(str(MIGRATIONS)).walk_revisions()

    numbers = [Path(script.path).name[:4] for script in scripts][::-1]

    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def _names(statement: ast.Import) -> list[str]:
    return [alias.name for alias in statement.names]
