"""Writing accounts."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_security import hash_password

from eventapp.accounts.models import Role, User
from eventapp.accounts.queries import find_role, find_user
from eventapp.core.db import db
from eventapp.core.errors import Refusal

ORGANISER = "organiser"
SHORTEST_PASSWORD = 12


class AddressIsTaken(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("There is already an account with this e-mail address."))


class PasswordIsTooShort(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Choose a password of at least 12 characters."))


def create_organiser(*, email: str, name: str, password: str, now: datetime) -> User:
    """Add an organiser who can sign in. Refuses: AddressIsTaken, PasswordIsTooShort."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordIsTooShort
    if find_user(email) is not None:
        raise AddressIsTaken
    user = User(email=email.strip().lower(), name=name.strip(), created_at=now)
    user.password = hash_password(password)
    user.roles = [find_role(ORGANISER) or Role(name=ORGANISER)]
    db.session.add(user)
    db.session.flush()
    return user
