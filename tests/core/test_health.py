from __future__ import annotations

from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventapp import create_app
from tests.plugins.app import settings_for


def test_healthz_answers(client: FlaskClient):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_healthz_needs_no_database(client: FlaskClient, count_queries):
    assert count_queries(lambda: client.get("/healthz")) == 0


@pytest.mark.every_engine
def test_readyz_is_ready_with_every_migration(client: FlaskClient):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok", "database": "ok"})


@pytest.mark.every_engine
def test_readyz_waits_for_migrations(app: Flask, client: FlaskClient):
    with app.app_context():
        flask_migrate.downgrade(revision="base")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json) == (
        503,
        {"status": "unavailable", "database": "not migrated"},
    )


def test_readyz_says_when_the_database_is_gone(tmp_path: Path):
    nowhere = f"postgresql://nobody@/gone?host={tmp_path}"
    app = create_app(settings_for(tmp_path, nowhere))

    answer = app.test_client().get("/readyz")

    assert (answer.status_code, answer.json) == (
        503,
        {"status": "unavailable", "database": "unreachable"},
    )
