"""How many statements a webinar's page takes, however much there is to show."""

from __future__ import annotations

import tempfile
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from bench.running import settings
from config import Settings
from eventapp import create_app
from eventapp.core.db import db
from eventapp.core.logs import configure_logging
from tests.factories import AgendaItemFactory, SpeakerFactory, WebinarFactory, add_speaker


def count_statements() -> dict[tuple[int, int], tuple[int, int]]:
    """Return, by webinars and agenda items, the statements of the first visit and of the next."""
    configure_logging("WARNING")
    return {
        (webinars, items): _count(webinars=webinars, items=items)
        for webinars in (1, 300)
        for items in (5, 50)
    }


def _count(*, webinars: int, items: int) -> tuple[int, int]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings.from_environment(settings(Path(folder))))
        with app.app_context():
            flask_migrate.upgrade()
            path = f"/webinars/{_fill(webinars=webinars, items=items)}/"
            engine = db.engine
        visits = _count_visit(app, engine, path), _count_visit(app, engine, path)
        engine.dispose()
        return visits


def _fill(*, webinars: int, items: int) -> str:
    WebinarFactory.create_batch(webinars - 1)
    shown = WebinarFactory()
    speakers = [add_speaker(shown, SpeakerFactory()) for _ in range(5)]
    for number in range(items):
        AgendaItemFactory(webinar=shown, speakers=[speakers[number % 5]])
    slug: str = shown.slug
    return slug


def _count_visit(app: Flask, engine: sa.Engine, path: str) -> int:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    answer = app.test_client().get(path)
    sa.event.remove(engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return len(statements)
