"""FFmpeg's metadata file: as FFmpeg reads it, and as FFmpeg and people write it."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import pytest

from eventapp.replays.agenda import (
    AgendaEntry,
    AgendaRefused,
    ParsedAgenda,
    detect_format,
    parse_agenda,
    write_agenda,
)

AGENDA = ParsedAgenda(
    entries=(
        AgendaEntry(330.0, "presentation", "Hubs = plans; #1 \\o/", ("Ann Lee", "Bo; Ek")),
        AgendaEntry(600.5, "question", "Why?", parent=0),
        AgendaEntry(700.0, "break", "Coffee", section="Later"),
    ),
    sections=("Later",),
)


def chapter(*tags: str) -> str:
    return "\n".join(["[CHAPTER]", *tags, ""])


def test_file_is_as_ffmpeg_describes_it():
    assert write_agenda(AGENDA, format="ffmetadata", duration=900) == (
        ";FFMETADATA1\n"
        "\n"
        "[CHAPTER]\n"
        "TIMEBASE=1/1000\n"
        "START=330000\n"
        "END=600500\n"
        "title=Hubs \\= plans\\; \\#1 \\\\o/ by Ann Lee and Bo\\; Ek\n"
        "kind=presentation\n"
        "speakers=Ann Lee\\; Bo, Ek\n"
        "item=Hubs \\= plans\\; \\#1 \\\\o/\n"
        "\n"
        "[CHAPTER]\n"
        "TIMEBASE=1/1000\n"
        "START=600500\n"
        "END=700000\n"
        "title=Q&A: Why?\n"
        "kind=question\n"
        "speakers=\n"
        "parent=1\n"
        "item=Why?\n"
        "\n"
        "[CHAPTER]\n"
        "TIMEBASE=1/1000\n"
        "START=700000\n"
        "END=900000\n"
        "title=Coffee\n"
        "kind=break\n"
        "speakers=\n"
        "section=Later\n"
    )


def test_ffmpeg_reads_what_is_written():
    written = write_agenda(AGENDA, format="ffmetadata", duration=900)

    with av.open(io.BytesIO(written.encode()), format="ffmetadata") as file:
        chapters = file.chapters()

    times = [(each["start"], each["end"], each["time_base"]) for each in chapters]
    assert times == [
        (330_000, 600_500, Fraction(1, 1000)),
        (600_500, 700_000, Fraction(1, 1000)),
        (700_000, 900_000, Fraction(1, 1000)),
    ]
    assert [each["metadata"]["title"] for each in chapters] == [
        "Hubs = plans; #1 \\o/ by Ann Lee and Bo; Ek",
        "Q&A: Why?",
        "Coffee",
    ]


def test_file_of_other_programs_is_read():
    text = (
        "\ufeff;FFMETADATA1\r\ntitle=My talk\r\nencoder=Lavf62\r\n; a\r\n# another\\\r\none\r\n"
        "[STREAM]\r\ntitle=no chapter\r\n\r\n"
        "[CHAPTER]\r\nSTART=0\r\nEND=330000000000\r\ntitle=Wel\\=come by Ann Lee\r\n"
        "[CHAPTER]\r\nTIMEBASE=1/90000\r\nSTART=29700090\r\nEND=39700045\r\n"
        "title=Q&A: over \\\r\ntwo lines?\r\n"
    )

    agenda = parse_agenda(text)

    assert detect_format(text) == "ffmetadata"
    assert agenda.warnings == ()
    assert agenda.entries == (
        AgendaEntry(0.0, "presentation", "Wel=come by Ann Lee", ("Ann Lee",)),
        AgendaEntry(330.001, "question", "over two lines?", parent=0),
    )


@pytest.mark.parametrize(
    "tags",
    [
        ("END=5", "title=B"),
        ("START=-1", "END=5", "title=B"),
        ("START=1.5", "END=5", "title=B"),
        ("START=soon", "END=5", "title=B"),
        ("TIMEBASE=1/0", "START=1", "END=5", "title=B"),
        ("TIMEBASE=x", "START=1", "END=5", "title=B"),
        ("TIMEBASE=9999999999/1", "START=9999999999999999999", "END=5", "title=B"),
        ("START=1", "END=5"),
        ("START=1", "END=5", "title=\u200f"),
    ],
)
def test_chapter_that_cannot_be_read_is_reported(tags):
    text = f";FFMETADATA1\n{chapter('START=0', 'END=1', 'title=A')}{chapter(*tags)}"

    agenda = parse_agenda(text)

    assert [entry.title for entry in agenda.entries] == ["A"]
    assert [warning.line for warning in agenda.warnings] == [6]


def test_what_has_no_place_is_reported():
    text = (
        ";FFMETADATA1\n"
        + chapter("START=0", "END=soon", "title=A", "artist=x", "no tag")
        + chapter("TIMEBASE=1/1", "START=9", "END=10", "title=B", "kind=jig", "parent=x")
        + chapter("TIMEBASE=1/1", "START=10", "END=11", "title=C", "parent=3", "artist=y")
    )

    agenda = parse_agenda(text)

    assert [(entry.title, entry.parent) for entry in agenda.entries] == [
        ("A", None),
        ("B", None),
        ("C", None),
    ]
    assert [(warning.line, warning.message) for warning in agenda.warnings] == [
        (7, "“no tag” is no tag (name=value) and was left out."),
        (2, "The tags “artist” have no place in an agenda and were left out."),
        (
            2,
            "“soon” is no time that can be read as the end of a chapter; its start was taken.",
        ),
        (8, "“jig” is not a known kind of entry."),
        (8, "“x” is not the number of a chapter."),
        (15, "Chapter 3 can't be the parent of this one."),
    ]


def test_parent_is_the_chapter_of_that_number_also_where_others_were_left_out():
    text = (
        ";FFMETADATA1\n"
        + chapter("START=0", "END=1")
        + chapter("START=0", "END=1", "title=A")
        + chapter("TIMEBASE=1/1", "START=1", "END=2", "title=B", "kind=question", "parent=2")
    )

    assert [(entry.title, entry.parent) for entry in parse_agenda(text).entries] == [
        ("A", None),
        ("B", 0),
    ]


@pytest.mark.parametrize("text", [";FFMETADATA1", ";FFMETADATA1\ntitle=x\n", ";FFMETADATA1\n\\"])
def test_file_without_chapters_is_refused(text):
    with pytest.raises(AgendaRefused, match="No agenda found"):
        parse_agenda(text)
