"""The agenda of a page that was really published, prose around it included."""

from dataclasses import replace
from html import escape
from pathlib import Path
from textwrap import wrap

import pytest

from eventapp.replays.agenda import FORMATS, ParsedAgenda, parse_agenda, write_agenda

PAGE = (Path(__file__).parent / "reference.txt").read_text(encoding="utf-8")
PUBLISHED = "".join(PAGE.splitlines(keepends=True)[3:-3])


@pytest.fixture(scope="module")
def agenda() -> ParsedAgenda:
    return parse_agenda(PAGE)


def test_page_has_all_entries(agenda):
    kinds = [entry.kind for entry in agenda.entries]

    assert len(kinds) == 17
    assert kinds.count("question") == 11
    assert kinds.count("presentation") == 5
    assert kinds[0] == "introduction"
    assert (agenda.entries[0].start, agenda.entries[-1].start) == (330.0, 5185.0)


@pytest.fixture(scope="module")
def without_warnings(agenda) -> ParsedAgenda:
    return replace(agenda, warnings=())


def test_prose_before_and_after_the_agenda_is_named_once_each(agenda):
    assert [(warning.line, warning.message) for warning in agenda.warnings] == [
        (
            1,
            (
                "“A webinar that was held some time ago” and the lines up to 3 have no time and "
                "were left out."
            ),
        ),
        (22, "“Key Learnings” and the lines up to 24 have no time and were left out."),
    ]
    assert agenda.sections == ("Panel discussion",)


def test_questions_stand_under_the_presentation_before_them(agenda):
    questions = [entry for entry in agenda.entries if entry.kind == "question"]

    parents = [entry.parent for entry in questions]

    assert parents == [1, 1, 1, 5, 5, 8, 8, None, None, None, None]
    assert [entry.section for entry in questions[7:]] == ["Panel discussion"] * 4


def test_speakers_are_read_from_the_published_words(agenda):
    speakers = {entry.start: entry.speakers for entry in agenda.entries if entry.speakers}

    assert speakers == {
        330.0: ("Luc Schmerber",),
        1030.0: ("Delphine Coderniaux",),
        2040.0: ("Larissa Grommersch",),
        2602.0: ("Berta Pérez",),
        3600.0: ("Andrea Stegani",),
        4050.0: ("Delphine Coderniaux", "Larissa Grommersch"),
    }


def test_question_is_without_its_mark_and_presentation_with_all_its_words(agenda):
    assert agenda.entries[1].title == (
        "Presentation on the Trakk creative hub in Namur by Delphine Coderniaux"
    )
    assert agenda.entries[6].title == "Does the creative hub have a separate legal structure?"


def test_text_output_is_the_published_page(agenda):
    assert write_agenda(agenda, format="text") == PUBLISHED


@pytest.mark.parametrize("width", [50, 60, 72, 76, 80, 100])
def test_page_broken_at_any_width_is_the_same_agenda(without_warnings, width):
    broken = "\n".join(part for line in PUBLISHED.splitlines() for part in wrap(line, width))

    read = parse_agenda(broken)

    assert read == without_warnings


def test_page_as_html_is_the_same_agenda(agenda):
    html = "".join(
        f"<p><a href='#'>{line[:8]}</a>&nbsp;{escape(line[9:])}</p>\n"
        if line[0].isdigit()
        else f"<h3>{line}</h3>\n"
        for line in PUBLISHED.splitlines()
    )

    read = parse_agenda(f"<h2>Replay</h2>{html}<h2>Key Learnings</h2><p>Hubs differ.</p>")

    assert (read.entries, read.sections) == (agenda.entries, agenda.sections)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_brings_the_whole_agenda_back(without_warnings, name):
    written = write_agenda(without_warnings, format=name)

    assert parse_agenda(written) == without_warnings
