"""What a speaker reads on the phone beside the camera."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventapp.core.db import db, transaction
from eventapp.live import actions
from eventapp.live.queries import get_webinar_with_agenda
from eventapp.live.speaker_view import build_speaker_state
from eventapp.questions.models import QuestionStatus
from eventapp.speakers.doors import door_token
from eventapp.speakers.models import Speaker
from eventapp.webinars.models import AgendaItemSpeaker, WebinarSpeaker, WebinarStatus
from tests.factories import (
    START,
    AgendaItemFactory,
    QuestionFactory,
    SpeakerFactory,
    UserFactory,
    WebinarFactory,
)


@pytest.fixture
def hall(app):
    """Ada speaks second of three in the live webinar "hubs"; her token."""
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", status=WebinarStatus.LIVE, starts_at=START)
        ada = SpeakerFactory(name="Ada")
        items = [
            AgendaItemFactory(webinar=webinar, title=title, minutes=10, position=n)
            for n, title in enumerate(("Welcome", "Ada speaks", "Goodbye", "Ada again"))
        ]
        for item in (items[1], items[3]):
            item.appearances.append(AgendaItemSpeaker(speaker_id=ada.id))
        webinar.appearances.append(WebinarSpeaker(speaker_id=ada.id))
        UserFactory()
        db.session.commit()
        return door_token(ada)


def start(app, number, *, minutes):
    with app.app_context(), transaction():
        item = get_webinar_with_agenda(1).agenda_items[number]
        actions.start_agenda_item(
            1, agenda_item_id=item.id, actor_id=1, now=START + timedelta(minutes=minutes)
        )


def look(app, *, minutes):
    now = START + timedelta(minutes=minutes)
    with app.test_request_context():
        speaker = db.session.get_one(Speaker, 1)
        return build_speaker_state(get_webinar_with_agenda(1), speaker, after="1-1", now=now)


def test_time_left_is_counted_from_the_real_start(app, hall):
    start(app, 0, minutes=4)

    state = look(app, minutes=6)

    assert state["running"]["title"] == "Welcome"
    assert state["running"]["ends_at"] == (START + timedelta(minutes=14)).isoformat()
    assert state["late"] == 4
    assert (state["next"]["title"], state["next"]["mine"]) == ("Ada speaks", True)
    assert state["mine"] is None


def test_next_own_part_is_told_when_it_comes_later(app, hall):
    start(app, 1, minutes=10)

    state = look(app, minutes=11)

    assert state["running"]["mine"]
    assert (state["next"]["title"], state["mine"]["title"]) == ("Goodbye", "Ada again")
    assert state["late"] == 0
    assert state["next"]["expected"] == state["next"]["planned"]


def test_what_is_expected_moves_with_the_delay(app, hall):
    start(app, 0, minutes=0)

    state = look(app, minutes=25)

    assert state["late"] == 15
    assert state["next"]["expected"] > state["next"]["planned"]


def test_only_published_questions_that_are_assigned_are_read(app, hall):
    with app.app_context():
        other = SpeakerFactory()
        for text, status, speaker_id in (
            ("mine", QuestionStatus.APPROVED, 1),
            ("mine on air", QuestionStatus.ON_AIR, 1),
            ("mine answered", QuestionStatus.ANSWERED, 1),
            ("waits", QuestionStatus.PENDING, 1),
            ("dismissed", QuestionStatus.DISMISSED, 1),
            ("another's", QuestionStatus.APPROVED, other.id),
            ("nobody's", QuestionStatus.APPROVED, None),
        ):
            QuestionFactory(webinar_id=1, text=text, status=status, speaker_id=speaker_id)
        elsewhere = WebinarFactory(status=WebinarStatus.LIVE)
        QuestionFactory(webinar_id=elsewhere.id, text="elsewhere", speaker_id=1)

    state = look(app, minutes=1)

    assert [q["text"] for q in state["questions"]] == ["mine on air", "mine", "mine answered"]


def test_names_kept_from_the_room_are_kept_from_speakers(app, hall, client):
    with app.app_context():
        QuestionFactory(
            webinar_id=1, text="Who?", author_name="", desk_name="Secret Name", speaker_id=1
        )

    pages = [client.get(f"/s/{hall}/hubs/").text, client.get(f"/s/{hall}/hubs/state.json").text]

    assert ["Who?" in page for page in pages] == [True, True]
    assert ["Secret Name" in page for page in pages] == [False, False]


def test_door_lists_public_webinars_alone_and_is_kept_by_nobody(app, hall, client):
    with app.app_context():
        draft = WebinarFactory(title="Not yet public", status=WebinarStatus.DRAFT, slug="draft")
        draft.appearances.append(WebinarSpeaker(speaker_id=1))
        WebinarFactory(slug="others", status=WebinarStatus.LIVE)
        db.session.commit()

    page = client.get(f"/s/{hall}/")

    assert f'href="/s/{hall}/hubs/"' in page.text
    assert "Not yet public" not in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert [
        client.get(f"/s/{token}/{slug}/").status_code
        for token, slug in ((hall, "hubs"), (hall, "draft"), (hall, "others"), ("a" * 24, "hubs"))
    ] == [200, 404, 404, 404]


def test_view_takes_as_many_statements_for_fifty_questions_as_for_one(
    app, hall, client, count_queries
):
    with app.app_context():
        QuestionFactory(webinar_id=1, speaker_id=1)
    address = f"/s/{hall}/hubs/state.json"
    client.get(address)
    for_one = count_queries(lambda: client.get(address))
    with app.app_context():
        QuestionFactory.create_batch(49, webinar_id=1, speaker_id=1)

    assert count_queries(lambda: client.get(address)) == for_one
