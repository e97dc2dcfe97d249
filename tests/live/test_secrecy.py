"""What moderators alone may know is in no byte that the audience or the big screen is sent.

Everything unpublished carries SECRET. Whatever more can be done at the desk with something that is
not public belongs into ACTS: each is done in turn on one webinar that is listened to all the while.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventapp.core import clock
from eventapp.live.permits import Channel, sign_permit
from eventapp.questions.models import QuestionStatus
from eventapp.webinars.models import WebinarStatus
from tests.factories import (
    AgendaItemFactory,
    QuestionFactory,
    SpeakerFactory,
    UserFactory,
    WebinarFactory,
    add_speaker,
)
from tests.live.conftest import stage_path

SECRET = "Sesame-4711"
END = "This is for everyone."
JSON = {"Accept": "application/json"}
STREAMS = {
    Channel.ROOM: "/webinars/hall/live/stream",
    Channel.STAGE: "/webinars/hall/live/stage/stream",
    Channel.DESK: "/manage/webinars/1/live/stream",
}
_numbers = count(1)


@dataclass
class Desk:
    """A moderator and someone in the room, who know each other only through the site."""

    app: Flask
    moderator: FlaskClient
    audience: FlaskClient
    state: dict[str, Any] = field(default_factory=dict)

    def act(self, path: str, **form: object) -> None:
        """Do what a button of the desk does; it has to work."""
        answer = self.moderator.post(f"/manage/webinars/1/live{path}", data=form, headers=JSON)
        assert answer.status_code == 200, (path, answer.text)
        self.state = dict(answer.json or {})

    def undo(self) -> None:
        self.act(f"/undo/{self.state['run']['undo']['entry']}")

    def ask(self, text: str = f"{SECRET}?", **form: object) -> int:
        """Ask, and return the number of the question, which waits for a moderator."""
        asked = {"text": text, "author_name": SECRET, "submission_key": f"k{next(_numbers)}"}
        answer = self.audience.post(
            "/webinars/hall/live/questions", data=asked | form, headers=JSON
        )
        assert answer.status_code == 201, answer.text
        number: int = answer.json["question"]["id"]
        return number

    def publish(self, text: str = "Who pays?") -> int:
        with self.app.app_context():
            number: int = QuestionFactory(webinar_id=1, text=text, status=QuestionStatus.PENDING).id
        self.act(f"/questions/{number}/approve")
        return number


def ask(desk: Desk) -> None:
    desk.ask()


def set_aside_and_bring_back(desk: Desk) -> None:
    number = desk.ask()
    desk.act(f"/questions/{number}/dismiss")
    desk.undo()
    desk.act(f"/questions/{number}/dismiss")


def mark(desk: Desk) -> None:
    number = desk.ask()
    desk.act(f"/questions/{number}/label", label=SECRET)
    desk.act(f"/questions/{number}/pin")
    desk.act(f"/questions/{number}/unpin")
    desk.act(f"/questions/{number}/assign", speaker_id=1, agenda_item_id=1)
    desk.undo()


def assign_what_is_public(desk: Desk) -> None:
    desk.act(f"/questions/{desk.publish()}/assign", speaker_id=1, agenda_item_id="")


def edit(desk: Desk) -> None:
    number = desk.ask()
    desk.act(f"/questions/{number}/edit", text=f"{SECRET}, said otherwise?")
    desk.undo()


def edit_and_publish(desk: Desk) -> None:
    with desk.app.app_context():
        number = QuestionFactory(
            webinar_id=1, text=f"{SECRET}?", author_name="", status=QuestionStatus.PENDING
        ).id
    desk.act(f"/questions/{number}/edit", text="What does it cost?")
    desk.act(f"/questions/{number}/approve")


def silence(desk: Desk) -> None:
    number = desk.ask()
    desk.act(f"/questions/{number}/silence")
    desk.act(f"/questions/{number}/hear")
    desk.act(f"/questions/{number}/silence")
    desk.undo()


def merge_into_what_is_public(desk: Desk) -> None:
    number, into = desk.ask(), desk.publish()
    desk.act(f"/questions/{number}/merge", into=into)
    desk.undo()
    desk.act(f"/questions/{number}/merge", into=into)


def merge_what_waits(desk: Desk) -> None:
    number, into = desk.ask(), desk.ask()
    desk.act(f"/questions/{number}/merge", into=into)
    desk.act(f"/questions/{into}/dismiss")


def block_words(desk: Desk) -> None:
    desk.act("/room", blocked_words=SECRET)
    desk.act("/room", slow_seconds="30")
    desk.undo()
    desk.act("/room", blocked_words="")


def follow_up_that_waits(desk: Desk) -> None:
    number = desk.ask("Published?", author_name="Ada")
    desk.act(f"/questions/{number}/approve")
    path = f"/webinars/hall/live/questions/{number}/follow-up"
    sent = desk.audience.post(
        path, data={"text": SECRET, "submission_key": str(next(_numbers))}, headers=JSON
    )
    assert sent.status_code == 201
    desk.act(f"/questions/{number}/pin")


ACTS: tuple[Callable[[Desk], None], ...] = (
    ask,
    set_aside_and_bring_back,
    mark,
    assign_what_is_public,
    edit,
    edit_and_publish,
    silence,
    merge_into_what_is_public,
    merge_what_waits,
    block_words,
    follow_up_that_waits,
)


@pytest.fixture
def desk(site, app) -> Desk:
    with app.app_context():
        webinar = WebinarFactory(slug="hall", status=WebinarStatus.LIVE)
        add_speaker(webinar, SpeakerFactory(name=SECRET))
        AgendaItemFactory(webinar=webinar)
        identity = UserFactory(name=SECRET).fs_uniquifier
    moderator = app.test_client()
    with moderator.session_transaction() as session:
        session |= {"_user_id": identity, "_fresh": True}
    return Desk(app, moderator, app.test_client())


def address(app: Flask, channel: Channel) -> str:
    key = app.config["SECRET_KEY"]
    permit = sign_permit(1, channel=channel, secret_key=key, now=clock.now())
    return f"{STREAMS[channel]}?permit={permit}"


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_nothing_unpublished_reaches_the_audience(site, app, desk, act):
    streams = {channel: site.open_stream(address(app, channel)) for channel in Channel}

    act(desk)
    desk.publish(END)
    for stream in streams.values():
        stream.wait_for(lambda item: item.get("text") == END)

    heard = {channel: SECRET in "\n".join(s.lines) for channel, s in streams.items()}
    guest = app.test_client()
    stage = stage_path(app, "hall").replace("/stage", "/stage/state.json")
    states = [guest.get(path).text for path in ("/webinars/hall/live/state.json", stage)]
    assert heard == {Channel.ROOM: False, Channel.STAGE: False, Channel.DESK: True}
    assert [SECRET in state for state in states] == [False, False]
