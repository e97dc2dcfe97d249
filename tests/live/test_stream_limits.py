"""How many streams may be open, and how many people are said to be here."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator

import httpx
import pytest
from flask import Flask

from eventapp import create_app
from eventapp.core import clock
from eventapp.core.db import db
from eventapp.live import streams
from eventapp.live.permits import Channel, sign_permit
from eventapp.live.streams import find_client
from eventapp.webinars.models import WebinarStatus
from tests.factories import WebinarFactory
from tests.live.conftest import RunningSite, Stream, serving
from tests.plugins.app import settings_for

PATHS = {
    Channel.ROOM: "/webinars/x/live/stream",
    Channel.STAGE: "/webinars/x/live/stage/stream",
    Channel.DESK: "/manage/webinars/1/live/stream",
}


@pytest.fixture
def folder(tmp_path, migrated_sqlite):
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    return tmp_path


def build(folder, **environ: str) -> Flask:
    app = create_app(settings_for(folder, **environ), TESTING=True)
    with app.app_context():
        WebinarFactory(status=WebinarStatus.LIVE)
    return app


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=["memory", "redis"])
def whole_site(request, folder, monkeypatch) -> Iterator[RunningSite]:
    """The site on its own, once with each bus; it counts people ten times a second."""
    monkeypatch.setattr(streams, "SECONDS_BETWEEN_COUNTS", 0.1)
    redis_url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    app = build(folder, REDIS_URL=redis_url)
    with serving(app) as running:
        yield running
    close(app)


@pytest.fixture
def narrow_site(folder) -> Iterator[RunningSite]:
    """A site behind one proxy where two streams may be open at an address."""
    app = build(folder, STREAMS_PER_ADDRESS="2", TRUSTED_PROXIES="1")
    with serving(app) as running:
        yield running
    close(app)


def address_for(app: Flask, channel: Channel, who: str) -> str:
    key = app.config["SECRET_KEY"]
    permit = sign_permit(1, channel=channel, secret_key=key, now=clock.now(), who=who)
    return f"{PATHS[channel]}?permit={permit}"


def listen(site: RunningSite, channel: Channel, who: str) -> Stream:
    return site.open_stream(address_for(site.app, channel, who))


def counts(stream: Stream) -> list[int]:
    return [json.loads(e["data"]) for e in stream.events if e.get("event") == "present"]


def wait_for_count(stream: Stream, count: int) -> None:
    deadline = time.monotonic() + 10
    while counts(stream)[-1:] != [count]:
        assert time.monotonic() < deadline, counts(stream)
        time.sleep(0.01)


def test_page_hears_how_many_people_are_here(whole_site):
    ada = listen(whole_site, Channel.ROOM, "ada")
    desk = listen(whole_site, Channel.DESK, "olga")
    stage = listen(whole_site, Channel.STAGE, "screen")
    wait_for_count(ada, 1)

    tabs = [listen(whole_site, Channel.ROOM, "bob") for _ in range(2)]

    for stream in (ada, desk, stage, *tabs):
        wait_for_count(stream, 2)
    tabs[0].close()
    tabs[1].close()
    for stream in (ada, desk, stage):
        wait_for_count(stream, 1)
    assert counts(ada) in ([1, 2, 1], [1, 1, 2, 1])


def test_people_at_several_processes_are_added_up(folder, redis_url, monkeypatch):
    monkeypatch.setattr(streams, "SECONDS_BETWEEN_COUNTS", 0.1)
    one, other = (build(folder, REDIS_URL=redis_url) for _ in range(2))
    with serving(one) as first, serving(other) as second:
        ada = listen(first, Channel.ROOM, "ada")
        bob = listen(second, Channel.ROOM, "bob")
        listen(second, Channel.ROOM, "eve")

        for stream in (ada, bob):
            wait_for_count(stream, 3)
        second.stop()

        wait_for_count(ada, 1)
    close(one)
    close(other)


def test_ninth_tab_of_one_person_sends_the_first_to_rest(whole_site):
    tabs = [listen(whole_site, Channel.ROOM, "ada") for _ in range(9)]
    other = listen(whole_site, Channel.ROOM, "bob")

    tabs[0].wait_for_event("crowded")

    assert all("crowded" not in {e.get("event") for e in s.events} for s in (*tabs[1:], other))


def test_address_with_too_many_streams_is_refused_one_more(narrow_site):
    address = address_for(narrow_site.app, Channel.ROOM, "ada")
    full = {"X-Forwarded-For": "203.0.113.9"}
    held = [Stream(f"{narrow_site.url}{address}", headers=full) for _ in range(2)]

    refused = httpx.get(f"{narrow_site.url}{address}", headers=full)
    told = httpx.head(f"{narrow_site.url}{address}", headers=full)
    elsewhere = httpx.head(
        f"{narrow_site.url}{address}", headers={"X-Forwarded-For": "203.0.113.8"}
    )
    for stream in held:
        stream.close()

    assert [refused.status_code, told.status_code, elsewhere.status_code] == [429, 429, 200]
    assert refused.headers["Retry-After"] == "5"
    deadline = time.monotonic() + 10
    while httpx.head(f"{narrow_site.url}{address}", headers=full).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "client"),
    [
        (0, "203.0.113.9", "198.51.100.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "192.0.2.1, 203.0.113.9", "203.0.113.9"),
        (2, "192.0.2.1, 203.0.113.9", "192.0.2.1"),
        (2, "203.0.113.9", "198.51.100.1"),
        (1, "", "198.51.100.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "nonsense", "nonsense"),
    ],
)
def test_address_of_a_stream_is_the_one_that_trusted_proxies_tell(proxies, forwarded, client):
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    scope = {"headers": headers, "client": ("198.51.100.1", 5000)}

    assert find_client(scope, trusted_proxies=proxies) == client
