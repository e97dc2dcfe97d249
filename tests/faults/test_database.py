"""The database is locked or away while people register: they wait or are told, and it goes on."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections import Counter
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from bench.visitors import address_of, has_registered, register
from eventapp.core import db as core_db
from eventapp.core.access import public
from eventapp.core.db import db
from eventapp.core.outbox import OutboxJob
from eventapp.registrations.models import Registration
from tests.faults.conftest import SLUG
from tests.faults.processes import SiteProcess, WebProcess, granian, site_settings, wait_for

FORM = f"/webinars/{SLUG}/register"
PEOPLE = 60
AWAY_SECONDS = 10
TYPED = {"name": "Ada", "email": "ada@example.org"}


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split()).replace("&#39;", "'")


@contextmanager
def locked(database_url):
    """Hold the lock for writing, as another program with the file open may."""
    connection = sqlite3.connect(sa.make_url(database_url).database, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("ROLLBACK")
    connection.close()


@contextmanager
def away(postgres_server):
    postgres_server.pause()
    try:
        yield
    finally:
        postgres_server.resume()


def list_registered(app):
    """Return the addresses of those who are registered, and the events of what follows."""
    with app.app_context():
        addresses = db.session.scalars(sa.select(Registration.email)).all()
        events = db.session.scalars(sa.select(OutboxJob.event)).all()
        db.session.rollback()
    return sorted(addresses), Counter(events)


def test_locked_database_is_explained_and_nothing_is_written(
    app, client, webinar_id, database_url, monkeypatch
):
    monkeypatch.setattr(core_db, "SQLITE_BUSY_MILLISECONDS", 100)
    with app.app_context():
        db.engine.dispose()

    with locked(database_url):
        refused = client.post(FORM, data=TYPED)
    accepted = client.post(FORM, data=TYPED)

    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert "We can't reach our database" in text_of(refused)
    assert "Everything saved before is safe, and nothing was saved by halves." in text_of(refused)
    assert refused.headers["X-Request-Id"] in refused.text
    assert accepted.status_code == 302
    assert list_registered(app) == (["ada@example.org"], {"AttendeeRegistered": 1})


@pytest.mark.on_postgresql
def test_pages_ask_for_patience_while_the_database_is_away(client, organiser, postgres_server):
    assert organiser.get("/manage/").status_code == 200

    with away(postgres_server):
        pages = [
            (visitor.get(path), visitor.get(path, headers={"Accept": "application/json"}))
            for visitor, path in ((client, "/"), (organiser, "/manage/"))
        ]
        ready = client.get("/readyz")

    for page, told in pages:
        assert page.status_code == told.status_code == 503
        assert int(page.headers["Retry-After"]) > 0
        assert "We can't reach our database" in text_of(page)
        assert told.json["id"] == told.headers["X-Request-Id"]
    assert (ready.status_code, ready.json["database"]) == (503, "unreachable")
    assert organiser.get("/manage/").status_code == 200
    assert client.get("/readyz").status_code == 200


@pytest.mark.on_postgresql
def test_page_that_is_made_is_shown_though_the_database_goes_away(app, client, postgres_server):
    def view():
        db.session.execute(sa.text("SELECT 1"))
        postgres_server.pause()
        return "made"

    app.add_url_rule("/here", "here", public(view))

    try:
        page = client.get("/here")
    finally:
        postgres_server.resume()

    assert (page.status_code, page.text) == (200, "made")
    assert client.get("/").status_code == 200


async def insist(url, number, statuses):
    """Register as somebody who tries again after a moment; note every answer on the way."""
    while True:
        page = await register(url + FORM, number)
        statuses[page.status] += 1
        if has_registered(page):
            return
        await asyncio.sleep(0.3)


async def come_while(fault, url):
    """Let people come, and the fault begin when some are through; return what they were answered.

    `fault` is a context manager; it is entered and left in a thread, for it may take its time.
    """
    statuses: Counter[int] = Counter()
    people = iter(range(PEOPLE))
    some_are_through = asyncio.Event()

    async def come():
        for number in people:
            await insist(url, number, statuses)
            if statuses[200] >= PEOPLE // 4:
                some_are_through.set()

    coming = [asyncio.create_task(come()) for _ in range(8)]
    await some_are_through.wait()
    await asyncio.to_thread(fault.__enter__)
    await asyncio.sleep(AWAY_SECONDS)
    await asyncio.to_thread(fault.__exit__, None, None, None)
    await asyncio.gather(*coming)
    return statuses


def wait_for_mail_to(smtp_server, number):
    wait_for(
        lambda: (
            address_of(number) in [m["To"].addresses[0].addr_spec for m in smtp_server.messages]
        ),
        what="the next confirmation",
    )


def test_people_wait_while_a_file_is_locked(
    app, launch, database_url, smtp_server, tmp_path, webinar_id
):
    web = launch(
        WebProcess(
            *("eventapp", "serve"),
            settings=site_settings(tmp_path, database_url=database_url, mail_port=smtp_server.port),
            said=tmp_path / "serve.txt",
        )
    )
    web.wait_until_ready()

    statuses = asyncio.run(come_while(locked(database_url), web.url))
    asyncio.run(register(web.url + FORM, PEOPLE))

    # Waiting for the lock is bounded by more than it was held, so that nobody is turned away.
    assert statuses == {200: PEOPLE}
    expected = sorted(map(address_of, range(PEOPLE + 1)))
    assert list_registered(app) == (expected, {"AttendeeRegistered": PEOPLE + 1})
    wait_for_mail_to(smtp_server, PEOPLE)


@pytest.mark.on_postgresql
def test_people_and_worker_go_on_after_the_database_was_away(
    app, launch, database_url, postgres_server, redis_url, smtp_server, tmp_path, webinar_id
):
    settings = site_settings(
        tmp_path, database_url=database_url, redis_url=redis_url, mail_port=smtp_server.port
    )
    web = launch(
        WebProcess(
            *granian("eventapp.wsgi:app", processes=2), settings=settings, said=tmp_path / "web.txt"
        )
    )
    launch(SiteProcess("eventapp", "worker", settings=settings, said=tmp_path / "worker.txt"))
    web.wait_until_ready()

    statuses = asyncio.run(come_while(away(postgres_server), web.url))
    asyncio.run(register(web.url + FORM, PEOPLE))

    assert set(statuses) == {200, 503}
    addresses, events = list_registered(app)
    assert addresses == sorted(map(address_of, range(PEOPLE + 1)))
    assert events["AttendeeRegistered"] == PEOPLE + 1
    wait_for_mail_to(smtp_server, PEOPLE)
