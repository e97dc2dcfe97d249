"""Publishing a webinar for which people can register later only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventapp.webinars.models import WebinarStatus
from tests.plugins.app import NOON
from tests.registrations.visits import add_webinar, text_of

MOMENT = "Wednesday, 11 March 2026, 13:00, Central European Standard Time (Brussels)"


@pytest.mark.usefixtures("stopped_clock")
@pytest.mark.parametrize(
    ("days", "asked", "done"),
    [
        (1, f"People can register from {MOMENT}.", f"people can register from {MOMENT}."),
        (-1, "and people can register.", "so that people can register."),
    ],
)
def test_publishing_says_from_when_people_can_register(app, organiser, days, asked, done):
    webinar_id = add_webinar(
        app,
        policy={"opens_at": NOON + timedelta(days=days)},
        status=WebinarStatus.DRAFT,
        published_at=None,
    )
    step = f"/manage/webinars/{webinar_id}/step/publish"

    question = text_of(organiser.get(step))
    answer = organiser.post(step, follow_redirects=True).text

    assert asked in question
    assert done in answer
    assert "Registration open" not in answer
