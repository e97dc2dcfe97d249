"""How long a webinar's registrations take to open at the desk, with many people and with few."""

from __future__ import annotations

import statistics
import tempfile
import time
import uuid
from datetime import timedelta
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from flask.testing import FlaskClient

from bench.running import settings
from config import Settings
from eventapp import create_app
from eventapp.core.db import db
from eventapp.core.logs import configure_logging
from eventapp.registrations.models import Registration, RegistrationStatus
from tests.factories import EARLIER, UserFactory, WebinarFactory

FEW, MANY = 50, 50_000
ROUNDS = 30
INSERTED_AT_ONCE = 5000


def compare_lists(database_url: str) -> dict[str, tuple[float, float]]:
    """Return the seconds of each page of the list with few people and with many, in turns."""
    configure_logging("WARNING")
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            Settings.from_environment(settings(Path(folder), database_url=database_url))
        )
        with app.app_context():
            flask_migrate.upgrade()
            few, many = (_add_webinar(size) for size in (FEW, MANY))
            _settle_down()
            client = app.test_client()
            _sign_in(client)
            middle = db.session.scalars(
                sa.select(Registration.id)
                .where(Registration.webinar_id == many)
                .order_by(Registration.registered_at)
                .offset(MANY // 2)
                .limit(1)
            ).one()
            db.session.remove()
            engine = db.engine
        found = {
            "first page": _measure(client, few, many, ""),
            "confirmed": _measure(client, few, many, "?status=confirmed"),
            "page in the middle": _measure(client, few, many, "", rest=f"?after={middle}"),
        }
        engine.dispose()
        return found


def _measure(
    client: FlaskClient, few: int, many: int, query: str, *, rest: str = ""
) -> tuple[float, float]:
    """Return the medians of both, opened by turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + 3):
        for webinar_id, ending, taken in ((few, query, times[0]), (many, rest or query, times[1])):
            seconds = _open(client, f"/manage/webinars/{webinar_id}/registrations{ending}")
            if number >= 3:
                taken.append(seconds)
    return statistics.median(times[0]), statistics.median(times[1])


def _open(client: FlaskClient, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    seconds = time.perf_counter() - began
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return seconds


def _add_webinar(size: int) -> int:
    webinar_id: int = WebinarFactory(capacity=size // 2 + 10).id
    statuses = [RegistrationStatus.CONFIRMED] * 8 + [
        RegistrationStatus.WAITING,
        RegistrationStatus.CANCELLED,
    ]
    for begin in range(0, size, INSERTED_AT_ONCE):
        numbers = range(begin, min(size, begin + INSERTED_AT_ONCE))
        rows = [_row(webinar_id, number, statuses[number % len(statuses)]) for number in numbers]
        db.session.execute(sa.insert(Registration), rows)
        db.session.commit()
    return webinar_id


def _row(webinar_id: int, number: int, status: RegistrationStatus) -> dict[str, object]:
    moment = EARLIER + timedelta(seconds=number)
    email = f"ada{number}@example.org"
    return {
        "webinar_id": webinar_id,
        "uid": str(uuid.uuid4()),
        "token_hash": uuid.uuid4().hex,
        "name": f"Ada Attendee {number}",
        "email": email,
        "email_key": email,
        "affiliation": "University of Example",
        "status": status,
        "registered_at": moment,
        "queued_at": moment,
        "updated_at": moment,
    }


def _settle_down() -> None:
    """Let PostgreSQL do at once what it does by itself some seconds after so much was written."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE registrations"))


def _sign_in(client: FlaskClient) -> None:
    identity = UserFactory().fs_uniquifier
    with client.session_transaction() as session:
        session["_user_id"] = identity
        session["_fresh"] = True
