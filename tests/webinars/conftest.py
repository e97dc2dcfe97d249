"""Arranging and looking, inside the application's context."""

from __future__ import annotations

import pytest

from eventapp.core.db import db
from eventapp.webinars.models import Webinar


@pytest.fixture
def make(app):
    """Write rows; returns what the function given returns."""

    def write(rows):
        with app.app_context():
            return rows()

    return write


@pytest.fixture
def read(app):
    """Ask a question about the one webinar there is."""

    def ask(question):
        with app.app_context():
            return question(db.session.scalars(db.select(Webinar)).one())

    return ask
