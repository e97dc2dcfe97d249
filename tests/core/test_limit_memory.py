from __future__ import annotations

import pytest
from limits import RateLimitItemPerSecond
from limits.strategies import MovingWindowRateLimiter

from eventapp.core import limit_memory
from eventapp.core.limit_memory import ProcessStorage

TWO = RateLimitItemPerSecond(2, 3600)


def test_as_many_are_let_through_as_the_limit_says():
    counter = MovingWindowRateLimiter(ProcessStorage())

    taken = [counter.hit(TWO, "ada") for _ in range(3)]

    assert taken == [True, True, False]
    assert counter.hit(TWO, "ben")
    assert (counter.test(TWO, "ada"), counter.test(TWO, "ben")) == (False, True)


@pytest.mark.parametrize(("count", "is_taken"), [(2, True), (3, False)])
def test_several_are_counted_at_once_or_none_of_them(count, is_taken):
    counter = MovingWindowRateLimiter(ProcessStorage())

    assert counter.hit(TWO, "ada", cost=count) is is_taken
    assert counter.get_window_stats(TWO, "ada").remaining == (0 if is_taken else 2)


def test_hits_count_no_more_after_their_time(monkeypatch):
    storage = ProcessStorage()
    assert storage.acquire_entry("ada", 1, 60)
    later = storage.events["ada"][0].atime + 61
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: later)

    assert storage.acquire_entry("ada", 1, 60)
    assert len(storage.events["ada"]) == 1


def test_whoever_is_quiet_is_forgotten(monkeypatch):
    monkeypatch.setattr(limit_memory, "SECONDS_BETWEEN_SWEEPS", 0.0)
    storage = ProcessStorage()
    storage.acquire_entry("ada", 5, 60)
    later = storage.events["ada"][0].atime + 61
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: later)

    storage.acquire_entry("ben", 5, 60)

    assert list(storage.events) == ["ben"]
