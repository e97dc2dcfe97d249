"""Reading accounts."""

from __future__ import annotations

import sqlalchemy as sa

from eventapp.accounts.models import Role, User
from eventapp.core.db import db


def find_user(email: str) -> User | None:
    return db.session.scalar(sa.select(User).where(User.email == email.strip().lower()))


def find_role(name: str) -> Role | None:
    return db.session.scalar(sa.select(Role).where(Role.name == name))


def has_organisers() -> bool:
    return db.session.execute(sa.select(User.id).limit(1)).first() is not None
