"""What the tests of replays share."""

from __future__ import annotations

import pytest

from eventapp.webinars.models import WebinarStatus
from tests.factories import (
    WebinarFactory,
)


@pytest.fixture
def hubs(app):
    """The id of an ended webinar, "hubs"."""
    with app.app_context():
        return WebinarFactory(slug="hubs", status=WebinarStatus.ENDED).id
