"""Sizes nobody types but somebody sends: the work stays in proportion to the text.

Work is counted in calls, not in seconds, so that a busy machine does not fail a test.
"""

import sys
from collections.abc import Callable

import pytest

from eventapp.replays.agenda import AgendaRefused, parse_agenda

MEGABYTE = 1_000_000


def count_calls(action: Callable[[], object]) -> int:
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(before)
    return calls


def repeat_lines(line: str) -> Callable[[int], str]:
    return lambda count: "0:00 First\n" + line * count + "999:00 Last\n"


@pytest.mark.parametrize(
    "make",
    [
        lambda count: "".join(f"{at // 60}:{at % 60:02} Talk by Ann Lee\n" for at in range(count)),
        lambda count: "WEBVTT\n\n" + "00:05.000 --> 00:06.000\nx\n\n" * count,
        lambda count: "start,title\n" + "0:05,x\n" * count,
        lambda count: ";FFMETADATA1\n" + "[CHAPTER]\nSTART=5\nEND=6\ntitle=x\n" * count,
        lambda count: "<chapters>" + '<chapter start="5" title="x"/>' * count + "</chapters>",
        lambda count: "[" + ",".join(['{"start": 5, "title": "x"}'] * count) + "]",
        lambda count: "<li>0:05 x</li>" * count,
        repeat_lines("Some prose that explains.\n"),
        repeat_lines("and more\n"),
        repeat_lines("# x\n\n"),
        repeat_lines("99:99:99 x\n"),
        repeat_lines("---\n"),
    ],
)
def test_twice_the_lines_are_twice_the_work(make):
    short, long = make(500), make(1_000)

    ratio = count_calls(lambda: parse_agenda(long)) / count_calls(lambda: parse_agenda(short))

    assert ratio < 2.3


def test_five_thousand_lines_are_all_read():
    text = "".join(f"{at // 60}:{at % 60:02} Talk {at}\n" for at in range(5_000))

    assert len(parse_agenda(text).entries) == 5_000


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "by ",
        "by Ann ",
        "!",
        "1",
        ":",
        "1:",
        "<",
        "<a ",
        "<p>",
        "&",
        "&#1",
        "[a](",
        "|",
        "* ",
        "**",
        ".",
        "(",
        "\x00",
        "Q&A: ",
        ", Bo",
        " and Bo",
        "- ",
        "\u200f",
        "-->",
        '"',
        "'",
        "\n",
        "\r",
        "\t",
        "\\",
        "\\=",
        "\\\n",
    ],
)
@pytest.mark.parametrize(
    "lead", ["", "0:05 x", "0:05 x by Ann", ";FFMETADATA1\n[CHAPTER]\nSTART=0\ntitle=x"]
)
def test_one_megabyte_of_anything_is_read_or_refused(unit, lead):
    """Patterns are bounded: were one to backtrack, this would not end at all."""
    text = lead + unit * (MEGABYTE // len(unit) // 4)

    try:
        entries = parse_agenda(text).entries
    except AgendaRefused:
        entries = ()

    assert all(len(entry.title) <= 1_000 for entry in entries)
