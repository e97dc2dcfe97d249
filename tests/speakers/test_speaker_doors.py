from __future__ import annotations

import re

import pytest

from eventapp.core.db import db, transaction
from eventapp.core.errors import NotFound
from eventapp.speakers import actions
from eventapp.speakers.doors import door_token, get_speaker_by_token
from tests.factories import SpeakerFactory

pytestmark = pytest.mark.every_engine


def test_token_opens_the_door_of_its_speaker_alone(in_app):
    ada, ben = SpeakerFactory(), SpeakerFactory()

    assert get_speaker_by_token(door_token(ada)) is ada
    assert get_speaker_by_token(door_token(ben).upper()) is ben


@pytest.mark.parametrize("token", ["", "x", "a" * 24, "é" * 24])
def test_made_up_token_opens_nothing(in_app, token):
    SpeakerFactory()

    with pytest.raises(NotFound):
        get_speaker_by_token(token)


def test_address_that_was_given_up_opens_nothing(in_app):
    speaker = SpeakerFactory()
    old = door_token(speaker)

    with transaction():
        actions.move_door(speaker)

    with pytest.raises(NotFound):
        get_speaker_by_token(old)
    assert get_speaker_by_token(door_token(speaker)) is speaker


def test_organiser_finds_the_link_and_can_replace_it(app, organiser, client):
    with app.app_context():
        speaker_id = SpeakerFactory(name="Ada").id
    page = f"/manage/speakers/{speaker_id}"
    link = re.compile(r'href="http://localhost(/s/[a-z0-9]{24}/)"')

    old = link.search(organiser.get(page).text)[1]
    organiser.post(f"{page}/door/move")
    new = link.search(organiser.get(page).text)[1]

    assert [client.get(address).status_code for address in (old, new)] == [404, 200]


def test_visitor_replaces_no_link(app, client):
    with app.app_context():
        speaker = SpeakerFactory()
        before = door_token(speaker)
        speaker_id = speaker.id

    answer = client.post(f"/manage/speakers/{speaker_id}/door/move")

    assert answer.status_code == 403
    with app.app_context():
        db.session.expire_all()
        assert get_speaker_by_token(before).id == speaker_id
