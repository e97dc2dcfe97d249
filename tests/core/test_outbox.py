from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core import clock, outbox
from eventapp.core.db import after_commit, db, record, transaction
from eventapp.core.events import Event, ReactionTable
from eventapp.core.outbox import CLAIM_LASTS, MOST_ATTEMPTS, JobStatus, OutboxJob
from eventapp.core.queue import queue_of
from eventapp.webinars.events import WebinarEnded, WebinarWentLive

HAPPENED: list[int] = []


class Trouble(Exception):
    pass


def note_bell(event: WebinarWentLive) -> None:
    HAPPENED.append(event.webinar_id)


def write_echo(event: WebinarWentLive) -> None:
    record(WebinarEnded(webinar_id=event.webinar_id))


def write_nothing(_event: WebinarWentLive) -> None:
    pass


def fail(_event: WebinarWentLive) -> None:
    record(WebinarEnded(webinar_id=0))
    raise Trouble("the clapper is loose")


BELL = {"state": "whole"}


def note_mended_bell(event: WebinarWentLive) -> None:
    if BELL["state"] == "broken":
        raise Trouble
    note_bell(event)


@pytest.fixture
def react(app):
    """Connect reactions to WebinarWentLive for one test."""
    HAPPENED.clear()

    def connect(*reactions):
        app.extensions["eventapp.reactions"] = ReactionTable(
            reactions={WebinarWentLive: reactions}, pushes={}
        )

    return connect


def ring(number: int = 1) -> None:
    with transaction():
        record(WebinarWentLive(webinar_id=number))


def only_job() -> OutboxJob:
    db.session.rollback()
    return db.session.scalars(sa.select(OutboxJob)).one()


@pytest.mark.every_engine
def test_reaction_is_written_with_its_cause_and_run_later(in_app, react):
    react(note_bell)

    ring(7)
    before = list(HAPPENED)
    outbox.run_due_jobs()

    assert (before, HAPPENED) == ([], [7])
    assert (only_job().status, only_job().attempts) == (JobStatus.DONE, 1)


def test_cause_that_fails_leaves_no_job(in_app, react):
    react(note_bell)

    with pytest.raises(Trouble), transaction():
        record(WebinarWentLive(webinar_id=1))
        raise Trouble

    assert db.session.scalar(sa.select(sa.func.count(OutboxJob.id))) == 0


def test_job_runs_once_however_often_it_is_rung_for(in_app, react):
    react(note_bell)
    ring()

    for _ in range(3):
        outbox.run_job(only_job().id)

    assert HAPPENED == [1]


def test_reaction_may_record_what_others_react_to(in_app, react):
    react(write_echo)
    in_app.extensions["eventapp.reactions"] = ReactionTable(
        reactions={WebinarWentLive: (write_echo,), WebinarEnded: (note_bell,)}, pushes={}
    )
    ring(3)

    while outbox.run_due_jobs():
        pass

    assert HAPPENED == [3]


@pytest.mark.every_engine
def test_failure_takes_back_what_the_reaction_did_and_waits(in_app, react, stopped_clock):
    react(fail)
    ring()

    outbox.run_due_jobs()
    tried_early = outbox.run_due_jobs()

    job = only_job()
    assert (job.status, job.attempts, job.last_error) == (
        JobStatus.QUEUED,
        1,
        "Trouble: the clapper is loose",
    )
    assert job.due_at == stopped_clock() + timedelta(seconds=30)
    assert tried_early == 0


def test_one_that_fails_does_not_stop_the_others(in_app, react):
    react(fail, note_bell)
    ring()

    outbox.run_due_jobs()

    assert HAPPENED == [1]


def test_one_that_always_fails_is_kept_for_a_person(in_app, react, stopped_clock):
    react(fail)
    ring()
    for _ in range(MOST_ATTEMPTS + 3):
        stopped_clock.forward(hours=5)
        outbox.run_due_jobs()

    assert (only_job().status, only_job().attempts) == (JobStatus.FAILED, MOST_ATTEMPTS)


@pytest.mark.every_engine
def test_what_failed_is_tried_again_when_a_person_asks(in_app, react, stopped_clock, monkeypatch):
    monkeypatch.setitem(BELL, "state", "broken")
    react(note_mended_bell)
    ring(4)
    for _ in range(MOST_ATTEMPTS):
        outbox.run_due_jobs()
        stopped_clock.forward(hours=5)
    failed = outbox.count_failed_jobs()
    monkeypatch.setitem(BELL, "state", "whole")

    with transaction():
        count = outbox.retry_failed_jobs(now=stopped_clock())
    outbox.run_due_jobs()

    assert (failed, count, outbox.count_failed_jobs()) == (1, 1, 0)
    assert HAPPENED == [4]


@pytest.mark.every_engine
def test_sweep_deletes_what_was_done_long_ago(in_app, react, stopped_clock, monkeypatch):
    monkeypatch.setattr(outbox, "SWEEP_AT_MOST", 2)
    react(note_bell)
    for number in range(3):
        ring(number)
    while outbox.run_due_jobs():
        pass
    stopped_clock.forward(days=29)
    early = outbox.delete_old_jobs()
    stopped_clock.forward(days=2)
    ring(3)

    outbox.sweep()
    after_one = db.session.scalar(sa.select(sa.func.count(OutboxJob.id)))
    outbox.sweep()

    assert (early, after_one) == (0, 2)
    assert (only_job().payload, only_job().status) == ({"webinar_id": 3}, JobStatus.DONE)


@pytest.mark.every_engine
def test_sweep_keeps_what_failed(in_app, react, stopped_clock):
    react(fail)
    ring()
    for _ in range(MOST_ATTEMPTS):
        outbox.run_due_jobs()
        stopped_clock.forward(days=31)

    outbox.sweep()

    assert only_job().status is JobStatus.FAILED


def test_reaction_that_this_version_does_not_know_waits_for_one_that_does(
    in_app, react, stopped_clock
):
    react(note_bell)
    ring()
    react()
    outbox.run_due_jobs()
    unknown = list(HAPPENED)
    react(note_bell)
    stopped_clock.forward(minutes=1)

    outbox.run_due_jobs()

    assert (unknown, HAPPENED) == ([], [1])


@pytest.mark.every_engine
def test_crash_after_the_claim_is_released_by_the_sweep(in_app, react, stopped_clock):
    react(note_bell)
    ring()
    outbox._claim_job(only_job().id)

    outbox.run_due_jobs()
    too_early = list(HAPPENED)
    stopped_clock.forward(seconds=CLAIM_LASTS.total_seconds() + 1)
    outbox.run_due_jobs()

    assert (too_early, HAPPENED) == ([], [1])


def test_job_that_stops_every_worker_ends_as_failed(in_app, react, stopped_clock):
    react(note_bell)
    ring()
    for _ in range(MOST_ATTEMPTS):
        outbox._claim_job(only_job().id)
        stopped_clock.forward(seconds=CLAIM_LASTS.total_seconds() + 1)
        outbox._release_stuck_jobs(stopped_clock())

    assert only_job().status is JobStatus.FAILED
    assert "The worker stopped" in (only_job().last_error or "")


@pytest.mark.every_engine
def test_worker_that_was_overtaken_does_nothing(in_app, react, stopped_clock):
    react(note_bell)
    ring()
    job_id = only_job().id
    overtaken = outbox._claim_job(job_id)
    stopped_clock.forward(seconds=CLAIM_LASTS.total_seconds() + 1)
    outbox.run_due_jobs()

    with transaction():
        locked = outbox._lock_claimed(job_id, overtaken)
    outbox._put_off(job_id, overtaken, Trouble())

    assert locked is None
    assert only_job().status is JobStatus.DONE


@pytest.mark.every_engine
def test_many_workers_run_each_job_once(app, react):
    react(note_bell)
    with app.app_context():
        for number in range(20):
            ring(number)
    start = threading.Barrier(4)

    def work():
        start.wait()
        with app.app_context():
            outbox.run_due_jobs()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(HAPPENED) == list(range(20))


def list_told(app) -> list[str]:
    return [task.name for task in queue_of(app).pending()]


def run_told(app) -> None:
    """Do what a worker does until nobody has told the queue of anything more."""
    while (task := queue_of(app).dequeue()) is not None:
        queue_of(app).execute(task)


@pytest.mark.parametrize("each_records", [1, 3])
def test_queue_is_told_of_some_and_once_of_all_others(in_app, react, monkeypatch, each_records):
    monkeypatch.setattr(outbox, "SWEEP_AT_MOST", 7)
    react(*[note_bell, write_echo, write_nothing][:each_records])
    ring(100)
    ring(101)

    with transaction():
        for number in range(70):
            record(WebinarWentLive(webinar_id=number))
    told = list_told(in_app)
    run_told(in_app)

    assert told == ["react"] * (20 + 2 * each_records) + ["react_to_rest"]
    assert sorted(HAPPENED) == [*range(70), 100, 101]


def test_queue_is_told_once_of_many_that_are_tried_again(in_app, react, monkeypatch):
    monkeypatch.setitem(BELL, "state", "broken")
    monkeypatch.setattr(outbox, "MOST_ATTEMPTS", 1)
    react(note_mended_bell)
    with transaction():
        for number in range(30):
            record(WebinarWentLive(webinar_id=number))
    run_told(in_app)
    monkeypatch.setitem(BELL, "state", "whole")

    with transaction():
        outbox.retry_failed_jobs(now=clock.now())
    told = list_told(in_app)
    run_told(in_app)

    assert told == ["react"] * 20 + ["react_to_rest"]
    assert sorted(HAPPENED) == list(range(30))


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [(1, timedelta(seconds=30)), (2, timedelta(minutes=1)), (99, timedelta(hours=4))],
)
def test_waits_double_up_to_four_hours(attempts, wait):
    assert outbox.back_off(attempts) == wait


def test_queue_that_is_away_loses_nothing(in_app, react, monkeypatch):
    react(note_bell)

    def broken(_name, _row_id):
        raise ConnectionError

    monkeypatch.setattr(outbox.queue, "tell_queue", broken)
    ring()

    outbox.run_due_jobs()

    assert HAPPENED == [1]


def test_old_jobs_of_changed_events_can_be_read(in_app, react):
    """An event's fields as JSON give the event again."""
    event = WebinarWentLive(webinar_id=5)

    again = Event.from_payload("WebinarWentLive", event.to_payload())

    assert again == event
    assert replace(event, webinar_id=6) != again


def test_what_is_said_after_the_commit_comes_after_the_commit(in_app, react):
    react()
    seen = []

    with transaction():
        record(WebinarWentLive(webinar_id=1))
        after_commit(lambda: seen.append(db.session().in_transaction()))

    assert seen == [False]
