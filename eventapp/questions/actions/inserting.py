"""Writing a row once, however often it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from eventapp.core.db import Base, db


def insert_or_nothing(
    model: type[Base], values: Mapping[str, Any], *, returning: InstrumentedAttribute[int]
) -> int | None:
    """Insert a row unless a unique constraint has it already; return `returning`, or None."""
    dialect = db.session.get_bind().dialect.name
    statement = _build(model.__tablename__, tuple(values), returning.key, dialect)
    found: int | None = db.session.scalar(statement, dict(values))
    return found


@cache
def _build(table_name: str, columns: tuple[str, ...], returning: str, dialect: str) -> sa.Insert:
    """Building takes longer than inserting, so it is done once for each kind of row."""
    table = Base.metadata.tables[table_name]
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values: dict[str, Any] = {name: sa.bindparam(name) for name in columns}
    return insert(table).values(values).on_conflict_do_nothing().returning(table.c[returning])
