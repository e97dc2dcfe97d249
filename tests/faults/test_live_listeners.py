"""Something is taken from under open pages: they come back by themselves, and show the truth.

The pages are those of `bench/live/pages.py`, which keep the rules and the waits of the real script.
"""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest

from bench.live import pages
from bench.live.faults import measure_kill, measure_redis_restart, measure_unread
from bench.live.house import embedded, scaled
from bench.live.measuring import run
from tests.faults.processes import ROOT
from tests.plugins.servers import start_or_skip

LISTENERS = 250
MOST_SECONDS = 10
MOST_KILOBYTES = 2000
# More than the system's own buffers for a connection take in (11 MB here).
PIECES = 3000
CONSTANT = re.compile(r"^const ([A-Z_]+) = ([\d_]+);$", re.MULTILINE)


@pytest.fixture
def whole_site():
    with embedded() as site:
        yield site


@pytest.fixture
def scaled_site():
    """Pages and streams from processes of their own, on PostgreSQL and Redis."""
    with ExitStack() as stack:
        yield start_or_skip(lambda: stack.enter_context(scaled(lives=1, webs=1)))


def test_everyone_is_back_after_the_live_process_was_killed(scaled_site):
    back = run(measure_kill(scaled_site, listeners=LISTENERS))

    assert back.true_pages == LISTENERS
    assert back.last <= MOST_SECONDS, back


def test_everyone_is_back_after_the_only_process_was_killed(whole_site):
    back = run(measure_kill(whole_site, listeners=LISTENERS))

    assert back.true_pages == LISTENERS
    assert back.last <= MOST_SECONDS, back


def test_everyone_has_the_truth_after_redis_was_restarted(scaled_site):
    back = run(measure_redis_restart(scaled_site, listeners=LISTENERS))

    assert back.true_pages == LISTENERS
    assert back.last <= MOST_SECONDS, back


def test_listener_that_never_reads_is_dropped_and_costs_nothing(scaled_site):
    unread = run(measure_unread(scaled_site, pieces=PIECES))

    assert unread.is_dropped
    assert unread.grown_later <= MOST_KILOBYTES, unread
    assert unread.others_lost == 0


def test_waits_are_those_of_the_real_script():
    script = (ROOT / "eventapp/static/js/live-stream.js").read_text("utf-8")

    milliseconds = {name: int(value) for name, value in CONSTANT.findall(script)}

    assert milliseconds["LONGEST_BACKOFF"] == pages.LONGEST_WAIT * 1000
    assert milliseconds["LONGEST_FETCH"] == pages.SECONDS_FOR_A_STATE * 1000
    assert "500 * 2 ** failures" in script
    assert f"failures > {pages.FAILURES_BEFORE_A_STATE}" in script
