"""Real streams from a real server, over the bus in memory and over a real Redis."""

from __future__ import annotations

import asyncio
import shutil
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
import redis
from flask import Flask

from eventapp import create_app
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.live import actions, streams
from eventapp.live.bus import STREAM, MemoryBus, newest_id, publish
from eventapp.live.hub import Hub
from eventapp.live.messages import News
from eventapp.live.permits import Channel, sign_permit
from eventapp.live.queries import get_webinar_with_agenda
from eventapp.live.states import build_desk_state, build_room_state, build_stage_state
from eventapp.live.streams import build_stream_app
from eventapp.questions.desk_queries import list_questions_for_desk
from eventapp.questions.models import Question, QuestionStatus
from eventapp.webinars.models import WebinarStatus
from tests.factories import QuestionFactory, UserFactory, WebinarFactory
from tests.live.conftest import RunningSite, serving
from tests.plugins.app import settings_for

ASKED = {"text": "Is <b>this</b> waiting?", "author_name": "Mira", "submission_key": "one"}
JSON = {"Accept": "application/json"}


@pytest.fixture(params=["memory", "redis"])
def whole_site(request, tmp_path, migrated_sqlite) -> Iterator[RunningSite]:
    """The site on its own, once with each bus."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    redis_url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    app = create_app(
        settings_for(tmp_path, REDIS_URL=redis_url),
        TESTING=True,
        WTF_CSRF_ENABLED=False,
        RATELIMIT_ENABLED=False,
    )
    with serving(app) as running:
        yield running
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def addresses(app: Flask, webinar_id: int) -> dict[Channel, str]:
    now = clock.now()
    with app.test_request_context():
        after = newest_id()
        webinar = get_webinar_with_agenda(webinar_id)
        states = {
            Channel.ROOM: build_room_state(webinar, after=after, viewer="", now=now),
            Channel.STAGE: build_stage_state(webinar, after=after, now=now),
            Channel.DESK: build_desk_state(webinar, after=after, now=now),
        }
    return {channel: f"{s['stream']}&after={s['after']}" for channel, s in states.items()}


def live_webinar(app: Flask) -> tuple[int, str, int]:
    with app.app_context():
        webinar = WebinarFactory(status=WebinarStatus.LIVE)
        return webinar.id, webinar.slug, UserFactory().id


def act(app: Flask, action, subject: int, **details: object) -> None:
    with app.app_context(), transaction():
        action(subject, now=clock.now(), **details)


def is_question(item: dict, status: str) -> bool:
    return item["kind"] == "question" and item["status"] == status


def test_pending_question_reaches_the_desk_and_never_the_audience(whole_site):
    webinar_id, slug, moderator = live_webinar(whole_site.app)
    streams = {
        channel: whole_site.open_stream(address)
        for channel, address in addresses(whole_site.app, webinar_id).items()
    }

    answer = httpx.post(
        f"{whole_site.url}/webinars/{slug}/live/questions", data=ASKED, headers=JSON
    )
    seen = streams[Channel.DESK].wait_for(lambda item: is_question(item, "pending"))
    act(
        whole_site.app,
        actions.dismiss_question,
        seen["id"],
        webinar_id=webinar_id,
        actor_id=moderator,
    )
    act(
        whole_site.app,
        actions.start_recording,
        webinar_id,
        actor_id=moderator,
    )
    with whole_site.app.app_context():
        other_id = QuestionFactory(webinar_id=webinar_id, status=QuestionStatus.PENDING).id
    act(
        whole_site.app,
        actions.approve_question,
        other_id,
        webinar_id=webinar_id,
        actor_id=moderator,
    )
    for audience in (Channel.ROOM, Channel.STAGE):
        streams[audience].wait_for(lambda item: is_question(item, "approved"))

    assert answer.status_code == 201
    assert (seen["text"], seen["author"]) == ("Is <b>this</b> waiting?", "Mira")
    for audience in (Channel.ROOM, Channel.STAGE):
        assert [item["id"] for item in streams[audience].news] == [other_id]


def test_votes_reach_every_channel_with_the_final_count(whole_site):
    webinar_id, slug, _moderator = live_webinar(whole_site.app)
    with whole_site.app.app_context():
        question_id = QuestionFactory(webinar_id=webinar_id).id
    streams = [
        whole_site.open_stream(address)
        for address in addresses(whole_site.app, webinar_id).values()
    ]

    for _voter in range(6):
        httpx.post(
            f"{whole_site.url}/webinars/{slug}/live/questions/{question_id}/vote", headers=JSON
        )

    for stream in streams:
        last = stream.wait_for(lambda item: item["kind"] == "votes" and item["votes"] == 6)
        assert last["id"] == question_id


def test_returning_listener_misses_nothing(whole_site):
    webinar_id, _slug, moderator = live_webinar(whole_site.app)
    before = addresses(whole_site.app, webinar_id)[Channel.ROOM]
    with whole_site.app.app_context():
        ids = [QuestionFactory(webinar_id=webinar_id).id for _number in range(3)]
    at = {"webinar_id": webinar_id, "actor_id": moderator}
    for question_id in ids:
        act(whole_site.app, actions.put_question_on_air, question_id, **at)

    stream = whole_site.open_stream(before)

    stream.wait_for(lambda item: item["id"] == ids[2])
    assert [i["id"] for i in stream.news if i["status"] == "on_air"] != []
    assert {i["id"] for i in stream.news} == set(ids)


def test_listener_without_an_id_is_told_to_fetch_the_state(site, app):
    webinar_id, _slug, _moderator = live_webinar(app)
    with app.app_context():
        signed = sign_permit(
            webinar_id,
            channel=Channel.ROOM,
            secret_key=app.config["SECRET_KEY"],
            now=clock.now(),
        )

    stream = site.open_stream(f"/webinars/x/live/stream?permit={signed}")

    stream.wait_for_event("reset")


def test_stream_needs_a_permit_for_its_own_channel(site, app):
    now = clock.now()
    key = app.config["SECRET_KEY"]
    room = sign_permit(1, channel=Channel.ROOM, secret_key=key, now=now)
    old = sign_permit(1, channel=Channel.ROOM, secret_key=key, now=now - timedelta(hours=14))

    answers = [
        httpx.get(f"{site.url}{path}").status_code
        for path in (
            "/webinars/x/live/stream",
            "/webinars/x/live/stream?permit=forged",
            f"/webinars/x/live/stream?permit={old}",
            f"/webinars/x/live/stage/stream?permit={room}",
            f"/manage/webinars/1/live/stream?permit={room}",
        )
    ]

    assert answers == [403] * 5


def test_stream_is_only_read(site):
    assert httpx.post(f"{site.url}/webinars/x/live/stream").status_code == 405


def test_stream_ends_with_its_permit(site, app, stopped_clock):
    webinar_id, _slug, _moderator = live_webinar(app)
    address = addresses(app, webinar_id)[Channel.DESK]
    stopped_clock.forward(minutes=10, seconds=59)

    stream = site.open_stream(address)
    stream.wait_for_event("renew")
    stopped_clock.forward(seconds=1)
    again = httpx.get(f"{site.url}{address}")

    assert stream.status == 200
    assert again.status_code == 403


def test_listener_hears_of_restored_redis(redis_server, tmp_path, migrated_sqlite):
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path, REDIS_URL=redis_server.url), TESTING=True)
    with serving(app) as site:
        webinar_id, _slug, _moderator = live_webinar(app)
        stream = site.open_stream(addresses(app, webinar_id)[Channel.ROOM])

        redis_server.stop()
        redis_server.start()

        stream.wait_for_event("reset")
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_news_that_was_lost_makes_the_next_begin_with_a_reset(
    redis_server, tmp_path, migrated_sqlite
):
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path, REDIS_URL=redis_server.url), TESTING=True)
    webinar_id, _slug, moderator = live_webinar(app)
    with app.app_context():
        ids = [QuestionFactory(webinar_id=webinar_id).id for _ in range(2)]
    redis_server.stop()
    act(app, actions.put_question_on_air, ids[0], webinar_id=webinar_id, actor_id=moderator)
    redis_server.start()
    with serving(app) as site:
        # This hub knows nothing of the loss.
        time.sleep(0.5)
        stream = site.open_stream(addresses(app, webinar_id)[Channel.ROOM])
        assert [e for e in stream.events if e.get("event") == "reset"] == []

        act(app, actions.put_question_on_air, ids[1], webinar_id=webinar_id, actor_id=moderator)

        stream.wait_for(lambda item: item["id"] == ids[1])
        assert [e.get("event") for e in stream.events].index("reset") < len(stream.events) - 1
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_act_is_kept_when_redis_is_away(redis_server, tmp_path, migrated_sqlite):
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path, REDIS_URL=redis_server.url), TESTING=True)
    webinar_id, _slug, moderator = live_webinar(app)
    with app.app_context():
        question_id = QuestionFactory(webinar_id=webinar_id).id
    redis_server.stop()

    act(
        app,
        actions.put_question_on_air,
        question_id,
        webinar_id=webinar_id,
        actor_id=moderator,
    )

    with app.app_context():
        assert db.session.get_one(Question, question_id).status is QuestionStatus.ON_AIR
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def without_redis(redis_server, tmp_path, migrated_sqlite) -> Iterator[Flask]:
    """The application of the scaled form, after its Redis has gone; limits are on."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(
        settings_for(tmp_path, REDIS_URL=redis_server.url), TESTING=True, WTF_CSRF_ENABLED=False
    )
    redis_server.stop()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_pages_and_forms_go_on_while_redis_is_away(without_redis):
    webinar_id, slug, _moderator = live_webinar(without_redis)
    room, desk = f"/webinars/{slug}/live", f"/manage/webinars/{webinar_id}/live"
    with without_redis.app_context():
        question_id = QuestionFactory(webinar_id=webinar_id, text="How long?").id
        identity = UserFactory().fs_uniquifier
    client = without_redis.test_client()
    client.post(f"{room}/questions", data=ASKED, headers=JSON)
    client.post(f"{room}/questions/{question_id}/vote", headers=JSON)
    with client.session_transaction() as session:
        session |= {"_user_id": identity, "_fresh": True}
    client.post(f"{desk}/questions/{question_id}/on-air", headers=JSON)

    pages = [room, f"{room}/stage", desk]
    states = [f"{room}/state.json", f"{room}/stage/state.json", f"{desk}/state.json"]
    statuses = [client.get(address).status_code for address in [*pages, *states]]

    assert statuses == [200] * 6
    with without_redis.app_context():
        told = [(q.text, q.status, q.votes) for q in list_questions_for_desk(webinar_id)]
    assert told == [
        ("How long?", QuestionStatus.ON_AIR, 1),
        (ASKED["text"], QuestionStatus.PENDING, 0),
    ]


def test_page_made_while_redis_was_away_is_told_to_fetch_its_state(without_redis, redis_server):
    webinar_id, _slug, _moderator = live_webinar(without_redis)
    made_then = addresses(without_redis, webinar_id)[Channel.ROOM]
    redis_server.start()
    with serving(without_redis) as site:
        time.sleep(0.5)

        stream = site.open_stream(made_then)

        stream.wait_for_event("reset")


def test_listener_who_came_before_redis_is_told_to_fetch_the_state(without_redis, redis_server):
    webinar_id, _slug, _moderator = live_webinar(without_redis)
    with serving(without_redis) as site:
        stream = site.open_stream(addresses(without_redis, webinar_id)[Channel.ROOM])

        redis_server.start()

        stream.wait_for_event("reset")


@pytest.mark.parametrize(
    "entry",
    [
        {"w": 1, "c": "balcony", "p": '{"kind":"song"}'},
        {"w": 1, "c": "room", "p": "not JSON"},
        {"w": 1, "c": "room", "p": "[]"},
        {"v": 2},
    ],
)
def test_entry_that_cannot_be_read_is_left_out(redis_server, tmp_path, migrated_sqlite, entry):
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path, REDIS_URL=redis_server.url), TESTING=True)
    with serving(app) as site, redis.Redis.from_url(redis_server.url) as client:
        webinar_id, _slug, moderator = live_webinar(app)
        with app.app_context():
            question_id = QuestionFactory(webinar_id=webinar_id).id
        stream = site.open_stream(addresses(app, webinar_id)[Channel.ROOM])

        client.xadd(STREAM, entry)
        act(
            app,
            actions.put_question_on_air,
            question_id,
            webinar_id=webinar_id,
            actor_id=moderator,
        )

        stream.wait_for(lambda item: is_question(item, "on_air"))
        assert [e for e in stream.events if e.get("event") == "reset"] == []
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class StumblingBus(MemoryBus):
    """A bus whose first feed breaks off."""

    has_stumbled = False

    async def feed(self, hub: Hub) -> None:
        if not self.has_stumbled:
            self.has_stumbled = True
            message = "nobody thought of this"
            raise RuntimeError(message)
        await super().feed(hub)


def test_feed_that_breaks_off_is_begun_again(app):
    app.extensions["eventapp.live_bus"] = StumblingBus()
    webinar_id, _slug, moderator = live_webinar(app)
    with app.app_context():
        question_id = QuestionFactory(webinar_id=webinar_id).id
    with serving(app) as site:
        stream = site.open_stream(addresses(app, webinar_id)[Channel.ROOM])

        stream.wait_for_event("reset")
        act(
            app,
            actions.put_question_on_air,
            question_id,
            webinar_id=webinar_id,
            actor_id=moderator,
        )

        stream.wait_for(lambda item: is_question(item, "on_air"))


def test_listener_that_never_reads_is_let_go_with_its_connection(site, app, monkeypatch):
    monkeypatch.setattr(streams, "SECONDS_FOR_A_FAREWELL", 0.2)
    webinar_id, _slug, _moderator = live_webinar(app)
    address = addresses(app, webinar_id)[Channel.ROOM]
    payload = {"kind": "question", "id": 1, "text": "x" * 60_000}
    with socket.socket() as silent:
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        silent.connect(("127.0.0.1", urlsplit(site.url).port))
        silent.sendall(f"GET {address} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        deadline = time.monotonic() + 10
        while site.connections != 1:
            assert time.monotonic() < deadline
            time.sleep(0.01)

        with app.app_context():
            # More than the buffers on the way take in, at a pace that a reader would keep up with.
            while site.connections and time.monotonic() < deadline:
                publish(News(webinar_id=webinar_id, channel=Channel.ROOM, payload=payload))
                time.sleep(0.01)

        assert site.connections == 0


def test_stopping_server_opens_no_more_streams(app):
    stream_app = build_stream_app(app)
    address = sign_permit(
        1, channel=Channel.ROOM, secret_key=app.config["SECRET_KEY"], now=clock.now()
    )

    async def come_late() -> httpx.Response:
        stream_app.hub.close()
        transport = httpx.ASGITransport(stream_app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(f"/webinars/x/live/stream?permit={address}")

    answer = asyncio.run(come_late())

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_stopping_server_says_farewell_and_waits_for_nobody(site, app):
    webinar_id, _slug, _moderator = live_webinar(app)
    stream = site.open_stream(addresses(app, webinar_id)[Channel.ROOM])
    began = time.monotonic()

    site.stop()

    stream.wait_for_event("farewell")
    assert time.monotonic() - began < 1
