"""What may be done with a webinar, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.core.i18n import zone_names
from eventapp.webinars import rules
from eventapp.webinars.models import AgendaItem, AgendaItemKind, Webinar, WebinarStatus
from eventapp.webinars.refusals import (
    AlreadyCancelled,
    CannotArchive,
    CannotCancel,
    CannotEnd,
    CannotGoLive,
    CannotMoveIntoThePast,
    CannotPublish,
    EndsBeforeStart,
    IsTooLong,
    TimeDoesNotExist,
)

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
START = datetime(2026, 3, 24, 9, 30, tzinfo=UTC)


def on_the_clock(text):
    """A local time without a zone, as forms give it."""
    return datetime.fromisoformat(text)


def webinar(status=WebinarStatus.DRAFT, **values):
    given_values = {
        "title": "Creative hubs",
        "summary": "How they work.",
        "description": "",
        "starts_at": START,
        "ends_at": START + timedelta(minutes=90),
        "time_zone": "Europe/Brussels",
        "join_url": "",
        "published_at": None if status == WebinarStatus.DRAFT else NOW,
    }
    return Webinar(status=status, **(given_values | values))


def test_place_time_reads_the_clock_of_the_zone():
    placed = rules.place_time(on_the_clock("2026-03-24T10:30"), zone="Europe/Brussels")

    assert placed == rules.PlacedTime(moment=START, is_ambiguous=False)


def test_place_time_refuses_a_time_that_the_clock_leaves_out():
    with pytest.raises(TimeDoesNotExist):
        rules.place_time(on_the_clock("2026-03-29T02:30"), zone="Europe/Brussels")


def test_place_time_takes_the_first_of_two():
    placed = rules.place_time(on_the_clock("2026-10-25T02:30"), zone="Europe/Brussels")

    assert placed == rules.PlacedTime(
        moment=datetime(2026, 10, 25, 0, 30, tzinfo=UTC), is_ambiguous=True
    )


@given(
    st.datetimes(min_value=on_the_clock("1990-01-02"), max_value=on_the_clock("2100-01-01")),
    st.sampled_from(zone_names()),
)
def test_place_time_gives_back_the_same_local_time_in_every_zone(local, zone):
    try:
        moment = rules.place_time(local, zone=zone).moment
    except TimeDoesNotExist:
        return

    assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local


def test_missing_names_all_that_a_draft_needs():
    draft = webinar(title=" ", summary="", starts_at=NOW)

    missing = rules.list_missing(draft, now=NOW)

    assert len(missing) == 3


def test_a_whole_draft_can_be_published():
    rules.check_can_publish(webinar(), now=NOW)


def test_a_draft_in_the_past_cannot_be_published():
    draft = webinar(starts_at=NOW - timedelta(hours=1))

    with pytest.raises(CannotPublish) as refused:
        rules.check_can_publish(draft, now=NOW)

    assert len(refused.value.missing) == 1


@pytest.mark.parametrize("status", [s for s in WebinarStatus if s != WebinarStatus.PUBLISHED])
def test_only_a_published_webinar_goes_live(status):
    with pytest.raises(CannotGoLive):
        rules.check_can_go_live(webinar(status))


@pytest.mark.parametrize("status", [WebinarStatus.DRAFT, WebinarStatus.PUBLISHED])
def test_a_webinar_that_never_went_live_ends_once_its_time_has_passed(status):
    assert not rules.can_end(webinar(status), now=START)
    assert rules.can_end(webinar(status), now=START + timedelta(minutes=90))


def test_an_ended_webinar_cannot_end_again():
    with pytest.raises(CannotEnd):
        rules.check_can_end(webinar(WebinarStatus.ENDED), now=START)


def test_cancelling_follows_the_first_four_states():
    can = {status for status in WebinarStatus if rules.can_cancel(webinar(status))}

    assert can == {
        WebinarStatus.DRAFT,
        WebinarStatus.PUBLISHED,
        WebinarStatus.LIVE,
        WebinarStatus.ENDED,
    }


def test_cancelling_twice_is_answered_in_other_words():
    with pytest.raises(AlreadyCancelled):
        rules.check_can_cancel(webinar(WebinarStatus.CANCELLED))
    with pytest.raises(CannotCancel):
        rules.check_can_cancel(webinar(WebinarStatus.ARCHIVED))


def test_only_a_replay_is_archived():
    with pytest.raises(CannotArchive):
        rules.check_can_archive(webinar(WebinarStatus.ENDED))


def test_a_cancelled_draft_stays_hidden():
    assert not rules.is_public(webinar(WebinarStatus.CANCELLED, published_at=None))
    assert rules.is_public(webinar(WebinarStatus.CANCELLED))


@pytest.mark.parametrize(
    ("status", "minutes_after_start", "is_open"),
    [
        (WebinarStatus.DRAFT, -60, False),
        (WebinarStatus.PUBLISHED, 89, True),
        (WebinarStatus.PUBLISHED, 90, False),
        (WebinarStatus.LIVE, 100, True),
        (WebinarStatus.ENDED, -60, False),
        (WebinarStatus.CANCELLED, -60, False),
    ],
)
def test_registration_is_open_until_the_planned_end_or_while_live(
    status, minutes_after_start, is_open
):
    now = START + timedelta(minutes=minutes_after_start)

    assert rules.can_register(webinar(status), now=now) == is_open


def test_times_must_follow_one_another_within_a_day():
    with pytest.raises(EndsBeforeStart):
        rules.check_times(starts_at=START, ends_at=START)
    with pytest.raises(IsTooLong):
        rules.check_times(starts_at=START, ends_at=START + timedelta(hours=25))


def test_what_people_expect_is_not_moved_into_the_past():
    expected = webinar(WebinarStatus.PUBLISHED)

    rules.check_can_reschedule(expected, starts_at=START + timedelta(days=1), now=NOW)
    with pytest.raises(CannotMoveIntoThePast):
        rules.check_can_reschedule(expected, starts_at=NOW - timedelta(days=1), now=NOW)


def test_calendar_changes_are_time_title_and_place_alone():
    present = webinar()
    same = {
        "title": present.title,
        "starts_at": present.starts_at,
        "ends_at": present.ends_at,
        "zone": present.time_zone,
        "join_url": present.join_url,
    }

    assert rules.list_calendar_changes(present, **same) == ()
    assert rules.list_calendar_changes(present, **same | {"zone": "Europe/Malta"}) == ("time",)
    assert rules.list_calendar_changes(present, **same | {"title": "x", "join_url": "y"}) == (
        "title",
        "place",
    )


def test_plan_lays_items_one_after_another_and_names_each_section_once():
    items = [
        AgendaItem(kind=AgendaItemKind.OTHER, title=title, minutes=minutes, section=section)
        for title, minutes, section in [
            ("A", 5, ""),
            ("B", 30, "Panel"),
            ("C", 10, "Panel"),
            ("D", 5, ""),
        ]
    ]
    planned = rules.plan_agenda(webinar(agenda_items=items))

    assert [(p.item.title, p.starts_at, p.section, p.is_after_section) for p in planned] == [
        ("A", START, "", False),
        ("B", START + timedelta(minutes=5), "Panel", False),
        ("C", START + timedelta(minutes=35), "", False),
        ("D", START + timedelta(minutes=45), "", True),
    ]
