from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo, available_timezones

import pytest
import vobject
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from eventapp.core.calendar import (
    CalendarEvent,
    Party,
    build_feed,
    build_invitation,
    build_public_event,
    google_calendar_url,
    outlook_calendar_url,
)
from eventapp.core.vtimezone import write_timezone

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
ORGANIZER = Party(name="Creative Hubs", email="office@hubs.example")
ATTENDEE = Party(name="Zoë Müller", email="zoe@mail.example")
ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")
)
HOSTILE_TITLES = [
    "one; two, three \\ four",
    "line\nbreak\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "bell\x07 null\x00 escape\x1b next\x85line\u2028separator",
    "ü" * 10_000,
    "\\" * 200 + "n" * 100,
    "👩🏽‍🚀" * 60,
    'quotes "double" and ^n carets ^',
    "",
]


def make_event(**changes: Any) -> CalendarEvent:
    facts: dict[str, Any] = {
        "uid": "4711@webinars.example",
        "sequence": 3,
        "title": "Creative hubs: what works",
        "description": "First line\n\nSecond, with commas; and more",
        "starts_at": datetime(2026, 3, 25, 13, 0, tzinfo=UTC),
        "ends_at": datetime(2026, 3, 25, 14, 30, tzinfo=UTC),
        "zone": "Europe/Berlin",
        "location": "Online",
        "url": "https://webinars.example/webinars/creative-hubs/",
        "status": "CONFIRMED",
        "created_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "updated_at": datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
    }
    return CalendarEvent(**(facts | changes))


def invite(event: CalendarEvent, **changes: Any) -> bytes:
    facts: dict[str, Any] = {
        "method": "REQUEST",
        "organizer": ORGANIZER,
        "attendee": ATTENDEE,
        "now": NOW,
    }
    return build_invitation(event, **(facts | changes))


def parse(content: bytes) -> Any:
    return vobject.readOne(content.decode())


def read_with_another(content: bytes) -> Any:
    """Return the event as a second library reads it, which is stricter than the first."""
    [event] = IcsCalendarStream.calendar_from_ics(content.decode()).events
    return event


def unfolded_lines(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def read_zone(content: bytes) -> tzinfo:
    """Read a VTIMEZONE with a reader that shares nothing with what wrote it."""
    calendar = b"BEGIN:VCALENDAR\r\n" + content + b"END:VCALENDAR\r\n"
    zone: tzinfo = parse(calendar).vtimezone.tzinfo
    return zone


# -- invitations -------------------------------------------------------------------------------


def test_invitation_carries_every_fact_of_the_event():
    event = make_event()

    parsed = parse(invite(event))

    entry = parsed.vevent
    assert parsed.method.value == "REQUEST"
    assert parsed.version.value == "2.0"
    assert entry.uid.value == "4711@webinars.example"
    assert entry.sequence.value == "3"
    assert entry.summary.value == "Creative hubs: what works"
    assert entry.description.value == "First line\n\nSecond, with commas; and more"
    assert entry.location.value == "Online"
    assert entry.url.value == "https://webinars.example/webinars/creative-hubs/"
    assert entry.status.value == "CONFIRMED"
    assert entry.transp.value == "OPAQUE"
    assert entry.dtstamp.value == NOW
    assert entry.created.value == event.created_at
    assert entry.last_modified.value == event.updated_at


def test_invitation_names_organizer_and_attendee():
    content = invite(make_event())

    entry = parse(content).vevent

    assert entry.organizer.value == "mailto:office@hubs.example"
    assert entry.organizer.params == {"CN": ["Creative Hubs"]}
    assert entry.attendee.value == "mailto:zoe@mail.example"
    assert entry.attendee.params == {
        "CN": ["Zoë Müller"],
        "CUTYPE": ["INDIVIDUAL"],
        "PARTSTAT": ["ACCEPTED"],
        "ROLE": ["REQ-PARTICIPANT"],
        "RSVP": ["FALSE"],
    }


def test_answer_is_asked_for_where_it_is_read():
    content = invite(make_event(), is_answer_read=True)

    assert parse(content).vevent.attendee.params["RSVP"] == ["TRUE"]


def test_cancellation_asks_for_no_answer():
    content = invite(make_event(), is_answer_read=True, method="CANCEL")

    assert parse(content).vevent.attendee.params["RSVP"] == ["FALSE"]


def test_invitation_states_local_times_with_their_zone():
    content = invite(make_event())

    lines = unfolded_lines(content)

    assert "DTSTART;TZID=Europe/Berlin:20260325T140000" in lines
    assert "DTEND;TZID=Europe/Berlin:20260325T153000" in lines
    assert lines.count("TZID:Europe/Berlin") == 1


def test_invitation_reminds_before_the_start():
    alarm = parse(invite(make_event())).vevent.valarm

    assert alarm.action.value == "DISPLAY"
    assert alarm.trigger.value == timedelta(minutes=-15)
    assert alarm.description.value == "Creative hubs: what works"


def test_invitation_leads_to_the_attendees_own_door():
    content = invite(make_event(join_url="https://webinars.example/r/secret/join"))

    lines = unfolded_lines(content)

    assert (
        "CONFERENCE;FEATURE=AUDIO,VIDEO;VALUE=URI:https://webinars.example/r/secret/join" in lines
    )
    assert "URL:https://webinars.example/webinars/creative-hubs/" in lines


def test_invitation_without_address_has_no_url():
    content = invite(make_event(url=""))

    lines = unfolded_lines(content)

    assert not [line for line in lines if line.startswith(("URL", "CONFERENCE"))]


def test_cancellation_takes_the_same_event_away():
    event = make_event()

    cancelled = parse(invite(event, method="CANCEL"))

    assert cancelled.method.value == "CANCEL"
    assert cancelled.vevent.status.value == "CANCELLED"
    assert cancelled.vevent.uid.value == parse(invite(event)).vevent.uid.value
    assert "valarm" not in cancelled.vevent.contents


def test_utc_event_is_written_without_a_zone():
    content = invite(make_event(zone="UTC"))

    lines = unfolded_lines(content)

    assert "DTSTART:20260325T130000Z" in lines
    assert "DTEND:20260325T143000Z" in lines
    assert b"VTIMEZONE" not in content


def test_start_in_the_repeated_hour_is_written_in_utc():
    second_half_past_two = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    event = make_event(
        starts_at=second_half_past_two, ends_at=second_half_past_two + timedelta(hours=1)
    )

    lines = unfolded_lines(invite(event))

    assert "DTSTART:20261025T013000Z" in lines
    assert "DTEND:20261025T023000Z" in lines


# -- public events and feeds -------------------------------------------------------------------


def test_public_event_names_nobody():
    content = build_public_event(
        make_event(join_url="https://webinars.example/r/secret/join"), now=NOW
    )

    parsed = parse(content)

    assert parsed.method.value == "PUBLISH"
    assert parsed.vevent.summary.value == "Creative hubs: what works"
    assert not {"attendee", "organizer", "valarm"} & set(parsed.vevent.contents)
    assert b"secret" not in content


def test_public_event_may_name_the_office():
    content = build_public_event(make_event(), now=NOW, organizer=ORGANIZER)

    assert parse(content).vevent.organizer.value == "mailto:office@hubs.example"


def test_feed_lists_its_events_and_each_zone_once():
    events = [
        make_event(uid="a@x", starts_at=NOW, ends_at=NOW + timedelta(hours=1)),
        make_event(uid="b@x"),
        make_event(uid="c@x", zone="America/New_York"),
        make_event(uid="d@x", zone="UTC"),
    ]

    content = build_feed(events, name="Webinars; all", now=NOW)

    parsed = parse(content)
    assert [entry.uid.value for entry in parsed.vevent_list] == ["a@x", "b@x", "c@x", "d@x"]
    zones = [line for line in unfolded_lines(content) if line.startswith("TZID:")]
    assert zones == ["TZID:America/New_York", "TZID:Europe/Berlin"]
    assert {entry.transp.value for entry in parsed.vevent_list} == {"TRANSPARENT"}


def test_private_feed_leads_in_and_fills_its_owners_time():
    event = make_event(join_url="https://webinars.example/r/secret/join")

    content = build_feed([event], name="Mine", now=NOW, is_private=True)

    entry = parse(content).vevent
    assert entry.transp.value == "OPAQUE"
    assert entry.contents["conference"][0].value == "https://webinars.example/r/secret/join"


def test_public_feed_leads_to_nobodys_door():
    event = make_event(join_url="https://webinars.example/r/secret/join")

    assert b"secret" not in build_feed([event], name="All", now=NOW)


def test_feed_says_its_name_and_when_to_look_again():
    lines = unfolded_lines(build_feed([], name="Webinars; all", now=NOW))

    assert "NAME:Webinars\\; all" in lines
    assert "X-WR-CALNAME:Webinars\\; all" in lines
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
    assert "X-PUBLISHED-TTL:PT1H" in lines


# -- what people type --------------------------------------------------------------------------


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_hostile_title_stays_one_summary(title):
    content = invite(make_event(title=title, description=title, location=title))

    parsed = parse(content)

    assert len(parsed.vevent_list) == 1
    assert read_with_another(content).summary == parsed.vevent.summary.value
    assert content.count(b"\r\nEND:VEVENT\r\n") == 1
    shown = "".join(parsed.vevent.summary.value.split())
    assert shown == "".join(
        char for char in "".join(title.split()) if char.isprintable() or char == "\u200d"
    )


@given(text=st.text(max_size=300))
@example("\r\nEND:VEVENT")
@example('"')
@example("\ud800")
@settings(max_examples=150, deadline=None)
def test_any_text_gives_folded_lines_and_one_event(text):
    party = Party(name=text, email=f"{text}@mail.example")
    event = make_event(
        uid=f"{text}@x",
        title=text,
        description=text,
        location=text,
        url=f"https://x.example/{text}",
    )

    content = invite(event, organizer=party, attendee=party)

    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert all(line.decode() is not None for line in content.split(b"\r\n"))
    assert read_with_another(content).sequence == 3
    names = [line.split(":")[0].split(";")[0] for line in unfolded_lines(content)]
    assert names.count("BEGIN") == names.count("END") == 6
    assert names.count("SUMMARY") == names.count("ATTENDEE") == names.count("URL") == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('Ann "Bee" Cee', "Ann 'Bee' Cee"),
        ("Dee\r\nATTENDEE:mailto:evil@x.example", "Dee ATTENDEE:mailto:evil@x.example"),
        ("E;ROLE=CHAIR", "E;ROLE=CHAIR"),
        ("F, G: H", "F, G: H"),
    ],
)
def test_hostile_name_stays_inside_its_parameter(name, shown):
    content = invite(make_event(), attendee=Party(name=name, email="zoe@mail.example"))

    entry = parse(content).vevent

    assert entry.attendee.params["CN"] == [shown]
    assert entry.attendee.params["ROLE"] == ["REQ-PARTICIPANT"]
    assert entry.attendee.value == "mailto:zoe@mail.example"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x.example", "x"])
def test_address_that_is_not_of_the_web_is_left_out(url):
    content = build_public_event(make_event(url=url), now=NOW)

    assert b"URL:" not in content
    assert b"CONFERENCE" not in content


def test_address_is_percent_encoded():
    content = build_public_event(make_event(url="https://x.example/ä b?q=1&r=%20\r\nX:1"), now=NOW)

    assert "URL:https://x.example/%C3%A4%20b?q=1&r=%20%20X:1" in unfolded_lines(content)


# -- time zones --------------------------------------------------------------------------------

MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2060, 1, 1)).map(  # noqa: DTZ001 - made aware
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


@given(zone=st.sampled_from(ZONES), starts_at=MOMENTS, minutes=st.integers(1, 3000))
@example(zone="Africa/Casablanca", starts_at=datetime(2022, 4, 10, 12, tzinfo=UTC), minutes=60)
@example(zone="America/Mexico_City", starts_at=datetime(2022, 10, 30, 6, tzinfo=UTC), minutes=120)
@example(zone="Asia/Jerusalem", starts_at=datetime(2026, 3, 26, 23, tzinfo=UTC), minutes=120)
@example(zone="Australia/Lord_Howe", starts_at=datetime(2026, 4, 4, 14, tzinfo=UTC), minutes=90)
@example(zone="Europe/Berlin", starts_at=datetime(2026, 3, 29, 0, 30, tzinfo=UTC), minutes=60)
@example(zone="Europe/Dublin", starts_at=datetime(2026, 12, 31, 23, tzinfo=UTC), minutes=120)
@example(zone="Pacific/Apia", starts_at=datetime(2011, 12, 30, 9, tzinfo=UTC), minutes=120)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_written_times_are_the_given_moments(zone, starts_at, minutes):
    ends_at = starts_at + timedelta(minutes=minutes)

    content = build_public_event(
        make_event(zone=zone, starts_at=starts_at, ends_at=ends_at), now=NOW
    )

    assert read_with_another(content).dtstart.astimezone(UTC) == starts_at
    assert read_moment(content, "DTSTART", zone) == starts_at
    assert read_moment(content, "DTEND", zone) == ends_at


def read_moment(content: bytes, name: str, zone: str) -> datetime:
    """Read a time as a calendar would: by the offsets in the file and no other knowledge."""
    [line] = [line for line in unfolded_lines(content) if line.startswith(name) and "T" in line][
        -1:
    ]
    value = line.rpartition(":")[2]
    if value.endswith("Z"):
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert line.startswith(f"{name};TZID={zone}:")
    local = datetime.strptime(value, "%Y%m%dT%H%M%S").replace(
        tzinfo=parse(content).vtimezone.tzinfo
    )
    return local.astimezone(UTC)


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Africa/Casablanca", "America/Sao_Paulo"]
)
def test_zone_has_the_right_offset_on_either_side_of_every_change(zone):
    written = read_zone(write_timezone(zone, first_year=2018, last_year=2019))
    hours = [datetime(2018, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(2 * 8760)]

    wrong = [
        hour
        for hour in hours
        if not hour.astimezone(ZoneInfo(zone)).fold
        and hour.astimezone(ZoneInfo(zone)).replace(tzinfo=written).astimezone(UTC) != hour
    ]

    assert wrong == []


def test_zone_that_keeps_a_rule_is_written_as_two_rules():
    lines = write_timezone("Europe/Berlin", first_year=2026, last_year=2026).decode().split("\r\n")

    assert [line for line in lines if line.startswith("RRULE")] == [
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    ]
    assert "DTSTART:20250330T020000" in lines
    assert "DTSTART:20251026T030000" in lines


def test_zone_that_gives_up_its_rule_is_written_by_dates():
    content = write_timezone("America/Mexico_City", first_year=2022, last_year=2022)

    assert b"RRULE" not in content
    assert content.count(b"RDATE:2022") == 2


# -- links into web calendars ------------------------------------------------------------------


def test_google_link_fills_in_the_event():
    event = make_event(title="A & B")

    url = google_calendar_url(event)

    assert urlsplit(url)[:3] == ("https", "calendar.google.com", "/calendar/render")
    assert parse_qs(urlsplit(url).query) == {
        "action": ["TEMPLATE"],
        "text": ["A & B"],
        "dates": ["20260325T130000Z/20260325T143000Z"],
        "ctz": ["Europe/Berlin"],
        "details": [f"{event.description}\n\n{event.url}"],
        "location": ["Online"],
    }


def test_outlook_link_fills_in_the_event():
    url = outlook_calendar_url(make_event(title="A & B", description=""))

    assert urlsplit(url)[:3] == ("https", "outlook.live.com", "/calendar/0/deeplink/compose")
    assert parse_qs(urlsplit(url).query) == {
        "path": ["/calendar/action/compose"],
        "rru": ["addevent"],
        "subject": ["A & B"],
        "startdt": ["2026-03-25T13:00:00Z"],
        "enddt": ["2026-03-25T14:30:00Z"],
        "body": ["https://webinars.example/webinars/creative-hubs/"],
        "location": ["Online"],
    }


def test_google_has_the_link_as_the_place_alone():
    url = "https://webinars.example/r/abc/join"
    event = make_event(description=f"About hubs.\n\n{url}", location=url, join_url=url)

    query = parse_qs(urlsplit(google_calendar_url(event)).query)

    assert (query["details"], query["location"]) == (["About hubs."], [url])


def test_outlook_has_the_link_in_the_text_alone():
    url = "https://webinars.example/r/abc/join"
    event = make_event(description=f"{url}\n\nAbout hubs.", location=url, join_url=url)

    query = parse_qs(urlsplit(outlook_calendar_url(event)).query)

    assert (query["body"], "location" in query) == ([f"About hubs.\n\n{url}"], False)


@pytest.mark.parametrize("link", [google_calendar_url, outlook_calendar_url])
def test_link_stays_short_enough_for_a_request(link):
    url = link(make_event(title="t" * 10_000, description="d" * 10_000, location="l" * 10_000))

    assert len(url) < 4000
