"""Who writes next on SQLite: whoever has waited longest."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from eventapp.core import db as core_db
from eventapp.core.db import is_out_of_reach, transaction
from tests.faults.processes import wait_for

WRITERS = 6


@pytest.fixture
def turns(app):
    return app.extensions["eventapp.turns_to_write"]


def wait_until_there_are(number, turns):
    wait_for(lambda: turns.count() == number, what="a place in the queue")


def test_whoever_has_waited_longest_writes_next(app, turns):
    wrote = []

    def write(number):
        with app.app_context(), transaction():
            wrote.append(number)

    with ThreadPoolExecutor(WRITERS) as writers, app.app_context(), transaction():
        for number in range(WRITERS):
            writers.submit(write, number)
            wait_until_there_are(number + 2, turns)

    assert wrote == list(range(WRITERS))
    assert turns.count() == 0


def test_who_waits_in_vain_hears_that_the_database_is_busy(in_app, turns, monkeypatch):
    monkeypatch.setattr(core_db, "SQLITE_BUSY_MILLISECONDS", 50)

    with turns.take(seconds=1), pytest.raises(sa.exc.TimeoutError) as refused, transaction():
        pass

    assert is_out_of_reach(refused.value)
    with transaction():
        assert turns.count() == 1


def test_who_fails_lets_the_next_one_write(in_app, turns):
    with pytest.raises(ZeroDivisionError), transaction():
        raise ZeroDivisionError

    with transaction():
        assert turns.count() == 1
    assert turns.count() == 0


@pytest.mark.on_postgresql
def test_postgresql_has_locks_of_its_own(app):
    assert "eventapp.turns_to_write" not in app.extensions
