"""What captions say, cue by cue."""

from __future__ import annotations

import pytest

from eventapp.replays.transcript import Cue, join_cues, read_cues, write_plain


def test_cues_are_read_with_voices_and_without_markup():
    text = (
        "WEBVTT - a title\n\nNOTE 00:01.000 is no cue\n\nSTYLE\n::cue { color: red }\n\n"
        "intro\n00:01.000 --> 00:02.500 align:start\n<v.loud Ann Lee>Hello <b>all</b> &amp;\n"
        "welcome\n\n01:02:03.004 --> 01:02:05.000\n<00:01.500>Bye &lt;now&gt;\n"
    )

    assert read_cues(text) == [
        Cue(start=1.0, end=2.5, text="Hello all & welcome", speaker="Ann Lee"),
        Cue(start=3723.004, end=3725.0, text="Bye <now>"),
    ]


def test_cues_that_overlap_or_go_back_come_in_order_of_time():
    text = (
        "WEBVTT\n\n00:10.000 --> 00:20.000\nSecond\n\n00:01.000 --> 00:30.000\nFirst\n\n"
        "00:10.000 --> 00:12.000\nShorter second\n"
    )

    assert [cue.text for cue in read_cues(text)] == ["First", "Shorter second", "Second"]


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000\n \n",
        "WEBVTT\n\n00:99.000 --> 01:00.000\nx",
        "-->",
    ],
)
def test_what_says_nothing_is_no_cue(text):
    assert read_cues(text) == []


def test_text_to_read_begins_anew_with_another_speaker_and_after_silence():
    cues = [
        Cue(start=1, end=2, text="Hello", speaker="Ann"),
        Cue(start=2, end=3, text="and welcome.", speaker="Ann"),
        Cue(start=3, end=4, text="Thanks.", speaker="Ben"),
        Cue(start=60, end=61, text="Anyway.", speaker="Ben"),
    ]

    assert write_plain(cues) == "Ann: Hello and welcome.\n\nBen: Thanks.\n\nBen: Anyway.\n"


def test_lines_to_read_join_what_one_voice_says_for_ten_seconds():
    cues = [
        Cue(start=0, end=4, text="We bake", speaker="Ann"),
        Cue(start=4, end=8, text="with what", speaker="Ann"),
        Cue(start=8, end=12, text="grows here.", speaker="Ann"),
        Cue(start=12, end=13, text="Why?", speaker="Ben"),
        Cue(start=15, end=16, text="Hm.", speaker="Ben"),
    ]

    assert [(line.start, line.end, line.text) for line in join_cues(cues)] == [
        (0, 8, "We bake with what"),
        (8, 12, "grows here."),
        (12, 13, "Why?"),
        (15, 16, "Hm."),
    ]
