"""How Alembic reaches the application's database; run through `python -m eventapp migrate`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

migrations = current_app.extensions["migrate"]


def render_plain_types(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as the plain ones under them: migrations import no models."""
    if kind == "type" and isinstance(item, sa.TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


@contextmanager
def free_to_make_tables_anew(connection: sa.Connection) -> Iterator[None]:
    """Let SQLite replace a table by a new one without what refers to it being deleted.

    The pragma does nothing inside a transaction, so it is said past SQLAlchemy, which begins one.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def run_migrations() -> None:
    with migrations.db.engine.connect() as connection, free_to_make_tables_anew(connection):
        context.configure(
            connection=connection,
            target_metadata=migrations.db.metadatas[None],
            render_item=render_plain_types,
            **(migrations.configure_args | {"render_as_batch": True}),
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations need a database: set DATABASE_URL.")
run_migrations()
