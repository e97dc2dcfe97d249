"""What a format can hold comes back from it, for any agenda there may be."""

import re
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventapp.replays.agenda import (
    FORMATS,
    KINDS,
    AgendaEntry,
    AgendaRefused,
    ParsedAgenda,
    parse_agenda,
    write_agenda,
)
from eventapp.replays.agenda.cleaning import tidy_text
from eventapp.replays.agenda.layout import is_announcement
from eventapp.replays.agenda.lines import read_line

# A busy machine is no reason to fail.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
BRIEFLY = settings(UNHURRIED, max_examples=50)
OFTEN = settings(UNHURRIED, max_examples=300)

TRICKY = st.sampled_from(
    [
        "Q&A: x",
        "5:30 x",
        "- x",
        "–5",
        "**x**",
        "__x__",
        "# x",
        "| x |",
        "<b>",
        "&amp;",
        "&lt;b&gt;",
        "-->",
        "=1+1",
        "'=x",
        "x;=1+1",
        "x; '=1",
        "[a](b)",
        "x <https://a.example>",
        "0:00 Start",
        "by Ann Lee",
        "---",
        ".",
        "5:30",
        "NOTE x",
        "[CHAPTER]",
        "title=x",
        "\\",
        "\\=",
        "WEBVTT",
        "start,title",
        "x;y",
        '"',
        "Agenda",
        "Panel:",
        "and",
        "é",
        "مرحبا",
        "a\u0301",
    ]
)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
WORDS = st.lists(TRICKY | ANYTHING, min_size=1, max_size=3).map(" ".join).map(tidy_text)
TITLES = WORDS.filter(bool)
NAMES = TITLES.map(lambda name: name.replace(";", ",")).filter(lambda name: name.strip("' "))
PLAIN_TITLES = st.text("abcdefg XYZ éÜ", min_size=1, max_size=40).map(tidy_text).filter(bool)


@st.composite
def agendas(draw, titles=TITLES, per_second=1000) -> ParsedAgenda:
    count = draw(st.integers(1, 6))
    gaps = draw(st.lists(st.integers(1, 4_000 * per_second), min_size=count, max_size=count))
    entries: list[AgendaEntry] = []
    for index in range(count):
        start = round(sum(gaps[: index + 1]) / per_second, 3)
        parent = draw(st.none() | st.integers(0, index - 1)) if index else None
        entries.append(
            AgendaEntry(
                start,
                draw(st.sampled_from(KINDS)),
                draw(titles),
                tuple(draw(st.lists(NAMES, max_size=2))),
                draw(st.none() | titles),
                parent,
            )
        )
    sections = dict.fromkeys(entry.section for entry in entries if entry.section)
    return ParsedAgenda(tuple(entries), tuple(sections))


def without_speakers(agenda: ParsedAgenda) -> ParsedAgenda:
    return replace(agenda, entries=tuple(replace(entry, speakers=()) for entry in agenda.entries))


@given(agendas())
@UNHURRIED
def test_json_holds_everything(agenda):
    assert parse_agenda(write_agenda(agenda, format="json")) == agenda


@pytest.mark.parametrize("name", ["csv", "ffmetadata"])
@given(agenda=agendas())
@UNHURRIED
def test_csv_and_ffmetadata_hold_everything(name, agenda):
    assert parse_agenda(write_agenda(agenda, format=name)) == agenda


@pytest.mark.parametrize("name", ["text", "webvtt", "podlove"])
@given(agenda=agendas(titles=TITLES.filter(lambda title: read_line(title).title == title)))
@UNHURRIED
def test_text_webvtt_and_podlove_hold_starts_titles_and_sections(name, agenda):
    agenda = without_speakers(agenda)

    read = parse_agenda(write_agenda(agenda, format=name), format=name)

    assert [held(entry) for entry in read.entries] == [held(entry) for entry in agenda.entries]
    assert read.warnings == ()


def held(entry: AgendaEntry) -> tuple[float, str, bool, str | None]:
    return entry.start, entry.title, entry.kind == "question", entry.section


@given(agendas(titles=PLAIN_TITLES, per_second=1))
@BRIEFLY
def test_youtube_holds_whole_seconds_and_plain_titles(agenda):
    agenda = without_speakers(agenda)

    read = parse_agenda(write_agenda(agenda, format="youtube"), format="youtube")

    assert [(entry.start, entry.title, entry.section) for entry in read.entries] == [
        (entry.start, entry.title, entry.section) for entry in agenda.entries
    ]


@pytest.mark.parametrize("name", FORMATS)
@given(agenda=agendas(titles=PLAIN_TITLES))
@BRIEFLY
def test_what_was_read_once_is_written_the_same_again(name, agenda):
    once = write_agenda(parse_agenda(write_agenda(agenda, format=name), format=name), format=name)

    twice = write_agenda(parse_agenda(once, format=name), format=name)

    assert twice == once


@given(
    st.text(max_size=300) | st.lists(TRICKY, max_size=12).map("\n".join),
    st.sampled_from((None, *FORMATS)),
)
@OFTEN
def test_any_text_is_read_or_refused(text, name):
    with suppress(AgendaRefused):
        assert parse_agenda(text, format=name).entries


TIMED = st.sampled_from(
    ["{}:05", "[{}:30]", "- {}:30 -", "0:{:02}:03", "**{}:00**", "{0}:05 - {0}:06"]
)
BROKEN = st.sampled_from([":30", "00:99", "99:99:99", "90 min", "3:0x", "??:??", "10:00 CET"])
PROSE = st.sampled_from(["Panel", "And so it went on,", "it went on.", "(see below)", "    deeper"])
OTHERS = BROKEN | PROSE | TRICKY | ANYTHING


@st.composite
def marked_lines(draw) -> list[str]:
    """Lines with a word each that shows where the line went; times are in order."""
    lines = []
    for number in range(1, draw(st.integers(2, 12))):
        word = f"word{number}x"
        timed = draw(TIMED).format(number)
        other = tidy_text(draw(OTHERS))
        forms = ["", f"{timed} {word}", f"{other} {word}", f"{word} {other}"]
        lines.append(draw(st.sampled_from(forms)))
    return lines


@given(marked_lines())
@OFTEN
def test_every_line_is_used_or_named(lines):
    text = "\n".join(lines)
    with suppress(AgendaRefused):
        agenda = parse_agenda(text, format="text")

        published = [entry.title for entry in agenda.entries] + list(agenda.sections)
        used = {int(word) for word in re.findall("word([0-9]+)x", " ".join(published))}
        written = {int(word) for word in re.findall("word([0-9]+)x", text)}
        assert written - used - named(agenda) - announcing(lines) == set()


def named(agenda: ParsedAgenda) -> set[int]:
    numbers: set[int] = set()
    for warning in agenda.warnings:
        first = warning.line or 0
        last = re.search("the lines up to ([0-9]+) have", warning.message)
        numbers.update(range(first, (int(last[1]) if last else first) + 1))
    return numbers


def announcing(lines: list[str]) -> set[int]:
    return {number for number, line in enumerate(lines, start=1) if is_announcement(line)}


def test_csv_has_no_formula_where_others_divide_its_cells():
    agenda = ParsedAgenda(
        (AgendaEntry(0, "presentation", "Org;=1+1", speakers=("Ann Lee", "@SUM(A1)")),)
    )

    written = write_agenda(agenda, format="csv")

    cells = [cell.strip(' "') for line in written.splitlines() for cell in re.split("[,;]", line)]
    assert [cell for cell in cells if cell.startswith(tuple("=+-@"))] == []
