import pytest

from eventapp.replays.agenda import format_short_timecode, format_timecode, parse_timecode


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:05:30", 330.0),
        ("5:30", 330.0),
        ("1:19:33", 4773.0),
        ("01:19:33.250", 4773.25),
        ("01:19:33,5", 4773.5),
        ("75:30", 4530.0),
        ("100:00:00", 360_000.0),
        ("5m30s", 330.0),
        ("1h", 3600.0),
        ("1H2M3S", 3723.0),
        ("330", 330.0),
        ("330.5", 330.5),
        (" 0:00 ", 0.0),
        ("5：30", 330.0),
    ],
)
def test_parse_timecode_reads_what_people_type(text, seconds):
    assert parse_timecode(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "foo",
        "99:99:99",
        "1:60:00",
        "5:60",
        "5:3",
        "1:2:3:4",
        "-5",
        "1e9",
        "٥:٣٠",
        "h",
        "9" * 5000,
    ],
)
def test_parse_timecode_refuses_what_is_no_time(text):
    with pytest.raises(ValueError, match=r"not a time|end at 59"):
        parse_timecode(text)


@pytest.mark.parametrize(
    ("seconds", "clock", "short"),
    [
        (0.0, "00:00:00", "0:00"),
        (330.0, "00:05:30", "5:30"),
        (4773.0, "01:19:33", "1:19:33"),
        (4773.25, "01:19:33.250", "1:19:33"),
        (59.9996, "00:01:00", "1:00"),
        (360_000.0, "100:00:00", "100:00:00"),
    ],
)
def test_format_timecode_writes_what_players_read(seconds, clock, short):
    assert format_timecode(seconds) == clock
    assert format_short_timecode(seconds) == short


def test_format_timecode_writes_thousandths_on_demand():
    assert format_timecode(330.0, milliseconds=True) == "00:05:30.000"
    assert format_timecode(330.25, milliseconds=False) == "00:05:30"
