"""Writing a row once, however often it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from eventapp.core.db import Base, db


def insert_or_nothing(
    model: type[Base], values: Mapping[str, Any], *, returning: InstrumentedAttribute[int]
) -> int | None:
    """Insert a row unless a unique constraint has it already; return `returning`, or None."""
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return db.session.scalar(
        insert(model).values(**values).on_conflict_do_nothing().returning(returning)
    )
