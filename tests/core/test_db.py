from __future__ import annotations

import threading
from datetime import UTC, timedelta, timezone

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.asgi import PAGE_THREADS
from eventapp.core import db as core_db
from eventapp.core.db import (
    UtcDateTime,
    after_commit,
    count_rows,
    db,
    find_row,
    record,
    transaction,
)
from eventapp.webinars.events import WebinarWentLive
from eventapp.webinars.models import Webinar
from tests.factories import START, SpeakerFactory, WebinarFactory


def read_title(webinar_id: int) -> str | None:
    db.session.rollback()
    return db.session.scalar(sa.select(Webinar.title).where(Webinar.id == webinar_id))


@pytest.mark.every_engine
def test_everything_inside_is_committed_together(in_app):
    webinar = WebinarFactory()

    with transaction():
        webinar.title = "New"

    assert read_title(webinar.id) == "New"


@pytest.mark.every_engine
def test_error_inside_takes_everything_back(in_app):
    webinar = WebinarFactory(title="Old")
    webinar_id = webinar.id

    with pytest.raises(ZeroDivisionError), transaction() as session:
        webinar.title = "New"
        session.flush()
        1 / 0  # noqa: B018

    assert read_title(webinar_id) == "Old"


def test_one_inside_another_is_a_mistake(in_app):
    with pytest.raises(RuntimeError, match="transaction"), transaction(), transaction():
        pass


def test_after_a_failure_the_next_one_works(in_app):
    webinar = WebinarFactory()
    with pytest.raises(ZeroDivisionError), transaction():
        1 / 0  # noqa: B018

    with transaction():
        webinar.title = "New"

    assert read_title(webinar.id) == "New"


@pytest.mark.parametrize(
    "say", [lambda: record(WebinarWentLive(webinar_id=1)), lambda: after_commit(lambda: None)]
)
def test_facts_belong_inside(in_app, say):
    with pytest.raises(RuntimeError, match="transaction"):
        say()


def test_announcement_of_what_was_taken_back_is_not_made(in_app):
    said = []

    with pytest.raises(ZeroDivisionError), transaction():
        after_commit(lambda: said.append(1))
        1 / 0  # noqa: B018

    assert said == []


def test_announcement_that_fails_costs_nothing_else(in_app):
    webinar = WebinarFactory()
    said = []

    with transaction():
        webinar.title = "New"
        after_commit(lambda: 1 / 0)
        after_commit(lambda: said.append(1))

    assert (read_title(webinar.id), said) == ("New", [1])


@pytest.mark.every_engine
def test_decision_rests_on_what_is_true_under_the_lock(app):
    """A row that was read before is read again inside, after somebody else has changed it."""
    with app.app_context():
        webinar = WebinarFactory(capacity=1)

        def raise_capacity():
            with app.app_context(), transaction() as session:
                session.get_one(Webinar, webinar_id).capacity = 9

        webinar_id, before = webinar.id, webinar.capacity
        thread = threading.Thread(target=raise_capacity)
        thread.start()
        thread.join()
        with transaction():
            inside = webinar.capacity

    assert (before, inside) == (1, 9)


@pytest.mark.every_engine
def test_writers_wait_for_each_other_and_lose_nothing(app):
    """Read, decide, write in eight threads at once: each sees what the one before it wrote."""
    with app.app_context():
        webinar_id = WebinarFactory(calendar_sequence=0).id
    start = threading.Barrier(8)

    def add_one():
        with app.app_context():
            db.session.get_one(Webinar, webinar_id)
            start.wait()
            with transaction() as session:
                row = session.get_one(Webinar, webinar_id, with_for_update=True)
                row.calendar_sequence += 1

    threads = [threading.Thread(target=add_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context():
        assert db.session.get_one(Webinar, webinar_id).calendar_sequence == 8


def test_readers_do_not_wait_for_a_writer(app):
    with app.app_context():
        webinar_id = WebinarFactory(title="Old").id
    seen = []

    def read():
        with app.app_context():
            seen.append(read_title(webinar_id))

    with app.app_context(), transaction() as session:
        session.get_one(Webinar, webinar_id).title = "New"
        session.flush()
        reader = threading.Thread(target=read)
        reader.start()
        reader.join(timeout=5)

    assert seen == ["Old"]


@pytest.mark.every_engine
def test_moments_come_back_in_utc(in_app):
    east = START.astimezone(timezone(timedelta(hours=5)))
    webinar = WebinarFactory(starts_at=east, ends_at=east + timedelta(hours=1))
    db.session.expire_all()

    assert webinar.starts_at == START
    assert webinar.starts_at.tzinfo is UTC


def test_naive_moment_never_reaches_the_database():
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(
            START.replace(tzinfo=None), sa.create_engine("sqlite://").dialect
        )


def test_sqlite_keeps_foreign_keys(in_app):
    with pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.execute(
            sa.text(
                "INSERT INTO webinar_speakers (webinar_id, speaker_id, position) VALUES (9, 9, 0)"
            )
        )


def test_sqlite_writes_ahead(in_app):
    assert db.session.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"


@pytest.mark.every_engine
def test_unknown_status_is_refused_by_the_database(in_app):
    webinar_id = WebinarFactory().id

    with pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.execute(sa.text("UPDATE webinars SET status = 'odd'").bindparams())

    assert read_title(webinar_id) is not None


def test_rows_are_counted_without_loading_them(in_app):
    for _ in range(3):
        SpeakerFactory()
    speakers = sa.select(core_db.Base.metadata.tables["speakers"])

    assert count_rows(speakers.order_by(sa.text("name")).limit(2)) == 2
    assert count_rows(speakers) == 3


@pytest.mark.every_engine
def test_row_is_read_apart_from_the_session(in_app: Flask):
    SpeakerFactory(name="Sonia")
    speakers = core_db.Base.metadata.tables["speakers"].c
    by_name = sa.select(speakers.name).where(speakers.name == sa.bindparam("name"))

    assert find_row(by_name, name="Sonia") == ("Sonia",)
    assert find_row(by_name, name="Nobody") is None
    assert not db.session().in_transaction()


@pytest.mark.every_engine
def test_connection_that_read_a_row_keeps_transactions_again(in_app: Flask):
    speakers = core_db.Base.metadata.tables["speakers"]
    find_row(sa.select(speakers.c.id))

    with pytest.raises(ZeroDivisionError), transaction() as session:
        session.execute(
            sa.insert(speakers).values(name="Sonia", created_at=START, updated_at=START)
        )
        _ = 1 // 0

    assert count_rows(sa.select(speakers)) == 0


@pytest.mark.every_engine
def test_every_thread_gets_a_second_connection_in_its_turn(in_app: Flask):
    """With one connection each they would otherwise wait for one another."""
    job_threads = 4

    assert sum(core_db.POOL.values()) > PAGE_THREADS + job_threads
    assert db.engine.pool.size() == core_db.POOL["pool_size"]


def cut_all_connections(url: str) -> None:
    """End every connection to the database of `url`, as a restart of its server does."""
    if not url.startswith("postgresql"):
        return
    other = sa.create_engine(url, poolclass=sa.NullPool)
    with other.connect() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


@pytest.mark.every_engine
def test_connection_that_was_cut_while_it_rested_is_replaced(in_app, database_url, monkeypatch):
    monkeypatch.setattr(core_db, "RESTED_SECONDS", 0.0)
    webinar_id = WebinarFactory(title="Kept").id
    db.session.remove()

    cut_all_connections(database_url)

    assert read_title(webinar_id) == "Kept"


@pytest.mark.every_engine
def test_connection_in_use_a_moment_ago_is_not_asked_again(in_app, monkeypatch):
    find_row(sa.select(Webinar.id))
    asked: list[object] = []
    monkeypatch.setattr(db.engine.dialect, "do_ping", asked.append)

    find_row(sa.select(Webinar.id))

    assert asked == []


@pytest.mark.every_engine
def test_nul_in_a_text_is_replaced_and_found_again(in_app):
    webinar_id = WebinarFactory(title="a\0b").id

    found = db.session.scalar(sa.select(Webinar.id).where(Webinar.title == "a\0b"))

    assert found == webinar_id
    assert read_title(webinar_id) == "a\ufffdb"


def test_what_people_wrote_stays_out_of_error_messages(in_app):
    with pytest.raises(sa.exc.IntegrityError) as caught, transaction():
        for _ in range(2):
            db.session.add(WebinarFactory.build(slug="a-secret-thing"))

    assert "a-secret-thing" not in str(caught.value)
