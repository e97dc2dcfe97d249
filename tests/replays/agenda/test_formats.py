"""Each format alone: what it looks like, what it forgives, how it is recognised."""

import json

import pytest

from eventapp.replays.agenda import (
    AgendaEntry,
    AgendaRefused,
    ParsedAgenda,
    detect_format,
    find_problems,
    parse_agenda,
    write_agenda,
)

AGENDA = ParsedAgenda(
    entries=(
        AgendaEntry(330.0, "presentation", "Hubs & <b>bold</b> --> plans", ("Ann Lee",)),
        AgendaEntry(600.5, "question", "Why?", parent=0),
        AgendaEntry(700.0, "break", "=Coffee()", section="Later"),
    ),
    sections=("Later",),
)


def test_json_is_as_documented():
    assert json.loads(write_agenda(AGENDA, format="json"))["entries"][1] == {
        "start": 600.5,
        "kind": "question",
        "title": "Why?",
        "speakers": [],
        "section": None,
        "parent": 0,
    }


def test_webvtt_escapes_text_and_ends_cues_at_the_next():
    assert write_agenda(AGENDA, format="webvtt", duration=900) == (
        "WEBVTT\n"
        "\n"
        "00:05:30.000 --> 00:10:00.500\n"
        "Hubs &amp; &lt;b&gt;bold&lt;/b&gt; --&gt; plans by Ann Lee\n"
        "\n"
        "00:10:00.500 --> 00:11:40.000\n"
        "Q&amp;A: Why?\n"
        "\n"
        "NOTE Section: Later\n"
        "\n"
        "00:11:40.000 --> 00:15:00.000\n"
        "=Coffee()\n"
    )


def test_webvtt_cues_of_one_moment_both_end_at_the_next_later_one():
    agenda = ParsedAgenda(tuple(AgendaEntry(at, "other", "x") for at in (1.0, 1.0, 2.0, 9.0)))

    lines = write_agenda(agenda, format="webvtt", duration=5).split("\n")

    assert [line for line in lines if "-->" in line] == [
        "00:00:01.000 --> 00:00:02.000",
        "00:00:01.000 --> 00:00:02.000",
        "00:00:02.000 --> 00:00:09.000",
        "00:00:09.000 --> 00:00:09.001",
    ]


def test_webvtt_of_other_programs_is_read():
    text = (
        "\ufeffWEBVTT - made elsewhere\r\nKind: chapters\r\n\r\nSTYLE\r\n::cue {}\r\n\r\n"
        "NOTE not --\r\n> a chapter\r\n\r\nintro\r\n00:00.000 --> 05:30.000 align:start\r\n"
        "<v Ann>Wel&shy;come\r\n\r\n2\r\n05:30.000 --> 10:00.000\r\nHubs\r\nin <i>Namur</i>\r\n"
    )

    agenda = parse_agenda(text)

    titles = [(entry.start, entry.title) for entry in agenda.entries]
    assert titles == [(0.0, "Wel\u00adcome"), (330.0, "Hubs in Namur")]


def test_webvtt_cue_without_readable_time_is_reported():
    agenda = parse_agenda("WEBVTT\n\n0x:00 --> 1:00\nA\n\n0:01:00.000 --> 0:02:00.000\nB\n")

    assert [warning.line for warning in agenda.warnings] == [3]
    assert [entry.title for entry in agenda.entries] == ["B"]


def test_webvtt_end_that_is_no_time_is_reported():
    agenda = parse_agenda("WEBVTT\n\n00:00 --> garbage\nA\n\n01:00 -->\nB")

    assert [(entry.start, entry.title) for entry in agenda.entries] == [(0.0, "A"), (60.0, "B")]
    assert [warning.line for warning in agenda.warnings] == [3, 6]


def test_webvtt_lines_that_belong_to_no_cue_are_reported():
    text = "WEBVTT\n\nlost\n\nlost too\nname\n00:00 --> 01:00\nA\n\nNOTEWORTHY"

    agenda = parse_agenda(text)

    assert [entry.title for entry in agenda.entries] == ["A"]
    assert [warning.line for warning in agenda.warnings] == [3, 5, 10]


def test_webvtt_cue_right_below_a_comment_is_read():
    agenda = parse_agenda("WEBVTT\n\nNOTE Section: Panel\n00:00 --> 01:00\nA\n")

    assert [(entry.title, entry.section) for entry in agenda.entries] == [("A", "Panel")]


def test_youtube_begins_at_zero_with_a_line_that_is_not_read_back():
    written = write_agenda(AGENDA, format="youtube")

    assert written == (
        "0:00 Start\n5:30 Hubs & ‹b›bold‹/b› --› plans by Ann Lee\n10:00 Q&A: Why?\n"
        "Later\n11:40 =Coffee()\n"
    )
    assert [entry.start for entry in parse_agenda(written).entries] == [330.0, 600.0, 700.0]


def test_youtube_keeps_an_entry_of_ours_that_is_called_start():
    agenda = ParsedAgenda((AgendaEntry(0.0, "other", "Start"), AgendaEntry(9.0, "other", "Hubs")))

    written = write_agenda(agenda, format="youtube")

    assert written == "00:00 Start\n0:09 Hubs\n"
    assert parse_agenda(written, format="youtube") == agenda


def test_youtube_problems_are_told():
    agenda = ParsedAgenda((AgendaEntry(5.0, "other", "A"),))

    messages = [warning.message for warning in find_problems(agenda, format="youtube")]

    assert messages == [
        "YouTube only shows chapters if there are three or more.",
        (
            "YouTube only shows chapters if each lasts ten seconds or more; "
            "0:00 and 0:05 are closer together."
        ),
    ]
    assert find_problems(agenda, format="csv") == []


def test_podlove_carries_sections_as_comments_and_says_that_players_do_not_show_them():
    agenda = ParsedAgenda(
        entries=(
            AgendaEntry(0.0, "panel", "Panel", section="A -- <b> -->"),
            AgendaEntry(5.0, "other", "Later"),
        ),
        sections=("A -- <b> -->",),
    )

    written = write_agenda(agenda, format="podlove")

    assert "<!-- Section: A &#45;&#45; &lt;b&gt; &#45;&#45;&gt; -->" in written
    assert parse_agenda(written) == agenda
    assert len(find_problems(agenda, format="podlove")) == 1


def test_csv_guards_formulas_and_numbers_parents_from_one():
    assert write_agenda(AGENDA, format="csv") == (
        "start,kind,title,speakers,section,parent\r\n"
        "00:05:30,presentation,Hubs & <b>bold</b> --> plans,Ann Lee,,\r\n"
        "00:10:00.500,question,Why?,,,1\r\n"
        "00:11:40,break,'=Coffee(),,Later,\r\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        'Time,Title\n0:00,Welcome\n5:30,"Hubs, in Namur"\n',
        "sep=;\r\nTime;Title\r\n0:00;Welcome\r\n5:30;Hubs, in Namur\r\n",
        "Timestamp\tChapter\n0:00\tWelcome\n5:30\tHubs, in Namur\n",
        '\ufeff"Start","Name"\n"0:00","Welcome"\n\n"330","Hubs, in Namur"\n',
        '"0:00","Welcome"\n"5:30","Hubs, in Namur"\n',
        "0:00;Welcome\n5:30;Hubs, in Namur\n",
        'No,Title,Start,Notes\n1,Welcome,0:00,\n2,"Hubs, in Namur",5:30,x\n',
    ],
)
def test_csv_of_other_programs_is_read(text):
    agenda = parse_agenda(text)

    assert detect_format(text) == "csv"
    titles = [(entry.start, entry.title) for entry in agenda.entries]
    assert titles == [(0.0, "Welcome"), (330.0, "Hubs, in Namur")]


def test_csv_of_other_programs_may_list_speakers_with_commas():
    agenda = parse_agenda("time;title;speakers\n0:00;Hubs;Ann Lee, Bo Ek and Cy Da\n")

    assert agenda.entries[0].speakers == ("Ann Lee", "Bo Ek", "Cy Da")


def test_csv_row_that_cannot_be_read_is_reported_with_its_line():
    text = 'start,title\n0:00,"A\nB"\nsoon,C\n5:30,\n6:00,D\n'

    agenda = parse_agenda(text)

    assert [entry.title for entry in agenda.entries] == ["A B", "D"]
    assert [warning.line for warning in agenda.warnings] == [4, 5]


def test_csv_columns_and_cells_that_have_no_place_are_reported():
    named = parse_agenda("start,title,notes\n0:00,A,x\n1:00,B,y,z\n")
    bare = parse_agenda("0:00,Hubs,in Namur\n1:00,B\n")

    assert [warning.line for warning in named.warnings] == [1, 3]
    assert "“notes”" in named.warnings[0].message
    assert [warning.line for warning in bare.warnings] == [1]
    assert "“in Namur”" in bare.warnings[0].message


def test_csv_parent_that_comes_later_is_reported():
    agenda = parse_agenda("start,title,kind,parent\n0:00,A,question,2\n1:00,B,other,x\n")

    assert [entry.parent for entry in agenda.entries] == [None, None]
    assert [warning.line for warning in agenda.warnings] == [3, 2]


@pytest.mark.parametrize(
    "text",
    [
        (
            '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
            '<chapters xmlns="http://podlove.org/simple-chapters">'
            '<chapter start="0" title="Welcome"/><chapter start="05:30.000" title="Hübs"/>'
            "</chapters>"
        ),
        (
            '<psc:chapters><psc:chapter start="00:00:00" title="Welcome" href="https://a.example"/>'
            '<psc:chapter start="330" title="H&#252;bs"/></psc:chapters>'
        ),
        (
            '\ufeff<rss><channel><title>x</title><item><psc:chapters xmlns:psc="a">'
            '<psc:chapter start="0:00" title="Welcome"/><psc:chapter start="5:30" title="Hübs"/>'
            "</psc:chapters></item></channel></rss>"
        ),
    ],
)
def test_podlove_is_read_alone_and_in_a_feed(text):
    agenda = parse_agenda(text)

    assert detect_format(text) == "podlove"
    titles = [(entry.start, entry.title) for entry in agenda.entries]
    assert titles == [(0.0, "Welcome"), (330.0, "Hübs")]


def test_podlove_chapter_without_readable_start_is_reported():
    agenda = parse_agenda(
        '<chapters>\n<chapter title="A"/>\n<chapter start="1" title="B"/></chapters>'
    )

    assert [warning.line for warning in agenda.warnings] == [2]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<chapters><chapter></chapters>", "something is wrong on line 1"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><chapters/>', "declares a document type"),
        ('{"entries": [', "something is wrong on line 1"),
        ('{"entries": ' + "[" * 100_000, "nested too deeply"),
        ('{"entries": [{"start": ' + "9" * 5_000 + "}]}", "a number that is too long"),
        (
            'start,title\n0:00,"' + "x" * 80_000 + "\n" + "x" * 80_000,
            "Is a closing quotation mark missing",
        ),
        ("start,title\n" + "x" * 100_001, "Line 2 is 100001 characters long"),
        ("x" * 2_000_001, "2000001 characters long"),
        ("0:00 x\n" * 20_001, "has 20002 lines; an agenda can have at most 20000"),
        ("{}", "No agenda found"),
        ("[]", "No agenda found"),
        ("WEBVTT", "No agenda found"),
        ("<chapters/>", "No agenda found"),
        ("start,title\n", "No agenda found"),
    ],
)
def test_broken_documents_are_refused_in_words(text, why):
    with pytest.raises(AgendaRefused, match=why):
        parse_agenda(text)


@pytest.mark.parametrize(
    "text",
    [
        '[{"start": "00:00:00.000", "title": "Welcome"}, {"start": "5:30", "title": "Q&A: Why?"}]',
        (
            '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Welcome"}, '
            '{"startTime": 330, "title": "Q&A: Why?"}]}'
        ),
    ],
)
def test_json_of_podcasts_is_read(text):
    agenda = parse_agenda(text)

    assert [(entry.kind, entry.title, entry.parent) for entry in agenda.entries] == [
        ("introduction", "Welcome", None),
        ("question", "Why?", 0),
    ]


def test_json_entries_that_cannot_be_read_are_reported_and_parents_follow():
    entries = [
        {"start": True, "title": "A"},
        {"start": -1, "title": "A"},
        {"start": 1e400, "title": "A"},
        {"start": 0, "title": " "},
        5,
        {"start": 0, "title": "B", "kind": "jig"},
        {"start": 1, "title": "C", "kind": "question", "parent": 5},
        {"start": 2, "title": "D", "kind": "question", "parent": 9},
    ]

    agenda = parse_agenda(json.dumps(entries))

    assert [(entry.title, entry.parent) for entry in agenda.entries] == [
        ("B", None),
        ("C", 0),
        ("D", None),
    ]
    assert len(agenda.warnings) == 7


def test_json_out_of_order_is_refused_by_entry():
    with pytest.raises(AgendaRefused, match="Entry 2 starts at 00:00:01, but entry 1 above it"):
        parse_agenda('[{"start": 2, "title": "A"}, {"start": 1, "title": "B"}]')


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("WEBVTT\n", "webvtt"),
        ('\ufeff {"entries": []}', "json"),
        ('[ {"start": 0}]', "json"),
        ("[5:30] Intro", "text"),
        ("<ul><li>5:30 Intro</li></ul>", "text"),
        ("5:30, Intro", "text"),
        ("5:30\tIntro", "text"),
        ("Hello\n0:00 Start\n5:30 Intro", "youtube"),
        ("0:00 Intro\n5:30 More", "text"),
        ("", "text"),
    ],
)
def test_detect_format_looks_at_the_content(text, name):
    assert detect_format(text) == name


def test_parse_agenda_can_be_told_the_format():
    agenda = parse_agenda("0:00 Start\n5:30 Hubs", format="text")

    assert [entry.title for entry in agenda.entries] == ["Start", "Hubs"]
