"""Shapes in which agendas stand on real pages, in mails and under videos."""

import pytest

from eventapp.replays.agenda import AgendaRefused, parse_agenda, write_agenda

TWO = [(0.0, "Welcome"), (330.0, "Hubs in Namur")]


def starts_and_titles(text: str) -> list[tuple[float, str]]:
    return [(entry.start, entry.title) for entry in parse_agenda(text).entries]


@pytest.mark.parametrize(
    "text",
    [
        "00:00:00 Welcome\n00:05:30 Hubs in Namur",
        "0:00 Welcome\n5:30 Hubs in Namur",
        "[0:00] Welcome\n[5:30] – Hubs in Namur",
        "(0:00): Welcome\n(5:30): Hubs in Namur",
        "0:00 - Welcome\n5:30 — Hubs in Namur",
        "0:00–Welcome\n5:30-Hubs in Namur",
        "0:00: Welcome\n5:30. Hubs in Namur",
        "0:00 | Welcome\n5:30 | Hubs in Namur",
        "* 0:00 Welcome\n* 5:30 Hubs in Namur",
        "• 0:00 Welcome\n– 5:30 Hubs in Namur",
        "1. 0:00 Welcome\n2. 5:30 Hubs in Namur",
        "1) 0:00 Welcome\n2) 5:30 Hubs in Namur",
        "1\t0:00\tWelcome\n2\t5:30\tHubs in Namur",
        "🕐 0:00 Welcome\n⏱️ 5:30 Hubs in Namur",
        "**0:00** Welcome\n**5:30** Hubs in Namur",
        "**0:00 Welcome**\n**5:30 Hubs in Namur**",
        "`0:00` Welcome\n`5:30` Hubs in **Namur**",
        "> 0:00 Welcome\n> 5:30 Hubs in Namur",
        "[0:00](https://a.example/?t=0) Welcome\n[5:30](https://a.example/?t=330) Hubs in Namur",
        "| Time | Item |\n|---|---|\n| 0:00 | Welcome |\n| 5:30 | Hubs in Namur |",
        "0:00 - 5:30 Welcome\n5:30 - 10:00 Hubs in Namur",
        "00:00:00 --> 00:05:30\nWelcome\n\n00:05:30 --> 00:10:00\nHubs in Namur",
        "0:00\nWelcome\n5:30\nHubs in Namur",
        "00:00:00Welcome\n00:05:30Hubs in Namur",
        "0m00s Welcome\n5m30s Hubs in Namur",
        "00:00:00.000 Welcome\n00:05:30.000 Hubs in Namur <https://a.example/>",
        "\ufeff0:00 Welcome\r\n5:30 Hubs in Namur\r\n",
        "0:00 Welcome\r5:30 Hubs in Namur",
        "0:00\u00a0Welcome\n5:30\u00a0Hubs\u00a0in Namur",
        "\u200f0:00\u200e Welcome\n\u202a5:30\u202c Hubs in Namur",
        "0:00\t\tWelcome\n5:30\tHubs  in\tNamur",
        "0:00 Wel\x00come\n5:30 Hubs in Namur",
        "<ul><li>0:00 Welcome</li><li><a href='?t=330'>5:30</a> Hubs in Namur</li></ul>",
        "<p>0:00 Welcome<br/>5:30&nbsp;&ndash; Hubs in&nbsp;Namur</p>",
        "<tr><td>0:00</td><td>Welcome</td></tr>\n<tr><td>5:30</td><td>Hubs in Namur</td></tr>",
        "Welcome - 0:00\nHubs in Namur - 5:30",
        "Welcome (0:00)\nHubs in Namur (5:30)",
        "Welcome ..... 0:00\nHubs in Namur ..... 5:30",
        "Welcome [00:00:00]\nHubs in Namur [00:05:30]",
        "0:00 Welcome\n5:30 Hubs in\nNamur",
        "0:00 Welcome\n5:30 Hubs\nin Namur",
        "0:00 Welcome\n5:30 Hubs\n    in Namur",
        "Agenda\n0:00 Welcome\n5:30 Hubs in Namur",
        "Watch the replay below.\n\n0:00 Welcome\n5:30 Hubs in Namur\n\nMore on our site.",
        "When: 10:00 – 11:30 CET\nWhere: online\nWho: all\nCome!\n0:00 Welcome\n5:30 Hubs in Namur",
    ],
)
def test_every_shape_is_read(text):
    agenda = parse_agenda(text)

    assert [(entry.start, entry.title) for entry in agenda.entries] == TWO
    assert agenda.sections == ()


def test_single_line_with_its_time_at_the_end_is_read():
    assert starts_and_titles("Welcome - 5:30") == [(330.0, "Welcome")]


def test_milliseconds_are_kept():
    assert starts_and_titles("0:00.250 A\n00:00:01,5 B") == [(0.25, "A"), (1.5, "B")]


@pytest.mark.parametrize(
    "heading",
    ["Panel", "Panel:", "# Panel", "**Panel**", "**Panel:**", "<h3>Panel</h3>", "Panel\n-----"],
)
def test_heading_opens_a_section(heading):
    agenda = parse_agenda(f"0:00 Welcome\n5:30 Hubs in Namur\n\n{heading}\n\n10:00 Q&A: Why?")

    assert [entry.section for entry in agenda.entries] == [None, None, "Panel"]
    assert agenda.sections == ("Panel",)
    assert agenda.warnings == ()


def test_lonely_line_above_the_first_time_is_no_heading():
    agenda = parse_agenda("Welcome everybody to this\n0:00 A talk\n5:30 Hubs")

    assert [entry.section for entry in agenda.entries] == [None, None]
    assert [(warning.line, warning.message) for warning in agenda.warnings] == [
        (
            1,
            (
                "“Welcome everybody to this” stands above the first time and was left out. If it "
                "is a heading, put “#” and a space before it."
            ),
        )
    ]


def test_last_line_of_a_paragraph_is_no_heading():
    agenda = parse_agenda("0:00 A talk\n\nThe speaker explained,\nEverybody listened\n5:30 Hubs")

    assert agenda.sections == ()
    assert [warning.line for warning in agenda.warnings] == [3]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("0:00 A talk\n1:00 Hubs\n90 min E", [3]),
        ("0:10 X\n1:02:03 Y\n00:99 weird\nfoo bar baz", [3, 4]),
        ("0:10 X\n\nOne\ntwo\n\nthree\n99:99 four", [3, 7]),
    ],
)
def test_whatever_stands_below_the_agenda_is_reported(text, lines):
    assert [warning.line for warning in parse_agenda(text).warnings] == lines


def test_too_long_heading_is_cut_and_reported():
    agenda = parse_agenda("# " + "x" * 1_001 + "\n0:00 A")

    assert agenda.sections == ("x" * 1_000,)
    assert [warning.line for warning in agenda.warnings] == [1]


def test_heading_above_the_first_time_opens_a_section_where_more_follow():
    agenda = parse_agenda("Morning\n0:00 Welcome\n\nAfternoon\n5:30 Hubs")

    assert [entry.section for entry in agenda.entries] == ["Morning", "Afternoon"]


def test_rule_closes_a_section():
    agenda = parse_agenda("# Panel\n0:00 Q&A: Why?\n---\n5:30 Closing")

    assert [entry.section for entry in agenda.entries] == ["Panel", None]


def test_break_ends_the_item_that_questions_belong_to():
    agenda = parse_agenda("0:00 Talk\n1:00 Q&A: Why?\n2:00 Coffee break\n3:00 Q&A: How?")

    assert [entry.parent for entry in agenda.entries] == [None, 0, None, None]


@pytest.mark.parametrize(
    "garbled",
    [
        "99:99:99 foo",
        "00:61:00 foo",
        "0O:03:00 foo",
        "00;03;00 foo",
        "3:0x foo",
        "3:0 foo",
        "1:2:3:4 foo",
        "00.03.00 foo",
        "3:00 pm foo",
        "00 03 00 foo",
        "000300 foo",
        "aa:bb:cc foo",
        "[??:??] foo",
        ":30 foo",
        "--:-- foo",
    ],
)
def test_unreadable_time_is_reported_with_its_line(garbled):
    agenda = parse_agenda(f"\n0:00 Welcome\n{garbled}\n5:30 Hubs in Namur")

    assert len(agenda.entries) == 2
    assert [warning.line for warning in agenda.warnings] == [3]
    assert garbled in agenda.warnings[0].message


@pytest.mark.parametrize("line", [1, 4])
def test_unreadable_time_at_either_end_is_reported(line):
    lines = ["0:00 Welcome", "5:30 Hubs in Namur", "6:00 End"]
    lines.insert(line - 1, "99:99:99 foo")

    agenda = parse_agenda("\n".join(lines))

    assert [warning.line for warning in agenda.warnings] == [line]


def test_paragraph_inside_the_agenda_is_reported_once():
    agenda = parse_agenda("0:00 A talk\nThis says more.\nAnd this, too.\nMuch more.\n5:30 Hubs")

    assert [(entry.start, entry.title) for entry in agenda.entries] == [
        (0, "A talk"),
        (330, "Hubs"),
    ]
    assert [warning.line for warning in agenda.warnings] == [2]


def test_time_without_title_is_reported():
    agenda = parse_agenda("0:00 Welcome\n5:30\n6:00 Hubs")

    assert [warning.line for warning in agenda.warnings] == [2]
    assert len(agenda.entries) == 2


def test_stray_time_far_from_the_agenda_is_left_out_and_reported():
    prose = "One line.\nAnother line.\nA third line.\n"

    agenda = parse_agenda(f"19:30 is when we meet\n{prose}0:00 A\n1:00 B\n2:00 C")

    assert [entry.title for entry in agenda.entries] == ["A", "B", "C"]
    assert [warning.line for warning in agenda.warnings] == [1, 2]


def test_heading_over_nothing_is_reported():
    agenda = parse_agenda("0:00 Welcome\n\n# Part one\n\n# Part two\n5:30 Hubs")

    assert agenda.sections == ("Part two",)
    assert [warning.line for warning in agenda.warnings] == [3]


def test_title_that_ends_in_a_capital_a_does_not_swallow_the_heading_below():
    agenda = parse_agenda("0:00 Plan A\nPanel\n5:30 Plan B")

    assert [entry.section for entry in agenda.entries] == [None, "Panel"]


@pytest.mark.parametrize(
    "line", ["Hubs - 3:00", "(15 min)", "15 minutes", "[Slides]", "https://a.example", "- a remark"]
)
def test_line_that_is_no_heading_is_reported(line):
    agenda = parse_agenda(f"0:00 Welcome\n\n{line}\n5:30 Hubs in Namur")

    assert [(entry.start, entry.title) for entry in agenda.entries] == TWO
    assert agenda.sections == ()
    assert [warning.line for warning in agenda.warnings] == [3]


@pytest.mark.parametrize("heading", ["Agenda", "## Agenda", "⏰ Timestamps:", "Webinar replay"])
def test_heading_that_announces_the_agenda_is_no_section(heading):
    agenda = parse_agenda(f"{heading}\n0:00 Welcome\n\nPanel\n5:30 Q&A: Why?")

    assert agenda.sections == ("Panel",)


def test_too_long_title_is_cut_and_reported():
    agenda = parse_agenda("0:00 " + "x" * 1_001)

    assert len(agenda.entries[0].title) == 1_000
    assert [warning.line for warning in agenda.warnings] == [1]


def test_same_time_twice_is_a_warning():
    agenda = parse_agenda("0:00 A\n0:00 B")

    assert len(agenda.entries) == 2
    assert [warning.line for warning in agenda.warnings] == [2]


def test_times_out_of_order_are_refused_with_both_lines():
    with pytest.raises(AgendaRefused) as refused:
        parse_agenda("0:00 A\n\n17:10 B\n5:30 C")

    assert refused.value.message == (
        "Line 4 starts at 00:05:30, but line 3 above it starts at 00:17:10. "
        "Put the times in the order of the recording."
    )


def test_time_past_the_end_is_refused_with_its_line():
    with pytest.raises(AgendaRefused) as refused:
        parse_agenda("0:00 A\n17:10 B", duration=600)

    assert refused.value.message == (
        "Line 2 starts at 00:17:10, but the recording ends at 00:10:00. "
        "Correct the time, or the length of the recording."
    )


def test_time_at_the_very_end_is_allowed():
    assert len(parse_agenda("0:00 A\n10:00 B", duration=600).entries) == 2


@pytest.mark.parametrize("text", ["", " \n\n", "\ufeff", "\x00\x00", "We had a lovely time."])
def test_text_without_agenda_is_refused_and_told_what_to_do(text):
    with pytest.raises(AgendaRefused, match=r"No agenda found\. Give one line per item"):
        parse_agenda(text)


def test_text_of_unreadable_times_is_refused_with_the_first_of_them():
    with pytest.raises(AgendaRefused, match=r"line 2, “99:99:99 foo”, doesn't start"):
        parse_agenda("\n99:99:99 foo\n98:98:98 bar")


@pytest.mark.parametrize(
    "title",
    [
        "- 1:30 left",
        "- foo",
        "Q&amp;A",
        "<b>bold</b>",
        "**x** y",
        "[a](https://b.example)",
        "x <https://b.example>",
    ],
)
def test_title_that_looks_like_markup_is_escaped(title):
    agenda = parse_agenda(f'{{"entries": [{{"start": 0, "title": "{title}"}}]}}')

    written = write_agenda(agenda, format="text")

    assert [entry.title for entry in parse_agenda(written).entries] == [title]
