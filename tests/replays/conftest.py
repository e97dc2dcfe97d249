"""What the tests of replays share."""

from __future__ import annotations

import pytest

from eventapp.webinars.models import WebinarStatus
from tests.core.uploading import TusClient
from tests.factories import (
    WebinarFactory,
)
from tests.live.conftest import serving


@pytest.fixture
def hubs(app):
    """The id of an ended webinar, "hubs"."""
    with app.app_context():
        return WebinarFactory(slug="hubs", status=WebinarStatus.ENDED).id


@pytest.fixture
def tus(app, organiser, hubs):
    """A client of the uploads of "hubs", signed in at a real server."""
    session = organiser.get_cookie("session").value
    uploads = f"/manage/webinars/{hubs}/replay/uploads"
    with serving(app) as site, TusClient(site.url, session=session, uploads=uploads) as client:
        yield client
