"""From the agenda's clock to the recording's, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.replays.timing import Timing, join_cuts

PAUSED = Timing(offset=10.0, cuts=((60.0, 90.0), (200.0, 260.5)))
TENTHS = st.integers(0, 50_000).map(lambda tenths: tenths / 10)


@pytest.mark.parametrize(
    ("seconds", "place"),
    [
        (0.0, 10.0),
        (49.9, 59.9),
        (50.0, 60.0),
        (65.0, 60.0),
        (80.0, 60.0),
        (81.0, 61.0),
        (190.0, 170.0),
        (250.5, 170.0),
        (300.0, 219.5),
    ],
)
def test_what_comes_after_a_cut_moves_up_and_what_was_cut_out_stands_at_it(seconds, place):
    assert PAUSED.place(seconds) == place


def test_what_was_before_the_recording_is_negative():
    assert Timing(offset=-30.0).place(10.0) == -20.0


@given(st.lists(st.tuples(TENTHS, TENTHS)), TENTHS, st.integers(-600, 600))
def test_every_place_in_the_recording_has_a_moment_that_leads_back(pairs, place, offset):
    timing = Timing(offset=float(offset), cuts=join_cuts(pairs))

    assert timing.place(timing.moment(place)) == pytest.approx(place, abs=0.002)


@given(st.lists(st.tuples(TENTHS, TENTHS)), st.lists(TENTHS, min_size=2))
def test_order_of_times_is_kept(pairs, times):
    timing = Timing(cuts=join_cuts(pairs))

    places = [timing.place(seconds) for seconds in sorted(times)]

    assert places == sorted(places)


def test_cuts_that_touch_are_one_and_empty_ones_none():
    assert join_cuts([(30, 40), (10, 20), (18, 30), (50, 50), (9, 3), (-5, 2)]) == (
        (0.0, 2),
        (10, 40),
    )
