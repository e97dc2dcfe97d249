"""From the log or a text to the agenda of a replay."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.live.models import LogEntryKind
from eventapp.live.rules import Moment
from eventapp.replays.agenda.formats import parse_agenda
from eventapp.replays.models import ChapterKind
from eventapp.replays.refusals import (
    EntriesAreBeforeTheStart,
    EntriesAreOutOfOrder,
    EntryIsPastTheEnd,
)
from eventapp.replays.rules import (
    Entry,
    check_agenda,
    find_current,
    from_log,
    from_parsed,
    in_recording,
    link_entries,
    nest,
    to_parsed,
)
from eventapp.replays.timing import Timing
from eventapp.webinars.models import AgendaItemKind


def item(number, kind, title, *, section="", speakers=()):
    people = [SimpleNamespace(name=name) for name in speakers]
    return SimpleNamespace(id=number, kind=kind, title=title, section=section, speakers=people)


def begun(seconds, item_id, title="As it was called"):
    return Moment(
        seconds=seconds,
        kind=LogEntryKind.AGENDA_ITEM_STARTED,
        agenda_item_id=item_id,
        question_id=None,
        title=title,
    )


def asked(seconds, question_id, title="Why?"):
    return Moment(
        seconds=seconds,
        kind=LogEntryKind.QUESTION_ON_AIR,
        agenda_item_id=None,
        question_id=question_id,
        title=title,
    )


def entry(start, title="Entry", kind=ChapterKind.OTHER, **values):
    return Entry(start_seconds=start, title=title, kind=kind, **values)


def by_id(*items):
    return {one.id: one for one in items}


def test_log_puts_each_question_under_the_presentation_it_follows():
    items = by_id(
        item(1, AgendaItemKind.PRESENTATION, "Namur", speakers=["Ann"]),
        item(2, AgendaItemKind.PRESENTATION, "Tournai", speakers=["Bo", "Cy"]),
    )

    entries = from_log([begun(10, 1), asked(20, 7), begun(30, 2), asked(40, 8)], items=items)

    assert [(e.start_seconds, e.title, e.speakers, e.parent, e.question_id) for e in entries] == [
        (10, "Namur", ("Ann",), None, None),
        (20, "Why?", (), 0, 7),
        (30, "Tournai", ("Bo", "Cy"), None, None),
        (40, "Why?", (), 2, 8),
    ]


def test_log_lets_questions_stand_in_place_of_their_planned_round():
    items = by_id(
        item(1, AgendaItemKind.PRESENTATION, "Namur"),
        item(2, AgendaItemKind.QUESTIONS, "Questions on Namur"),
        item(3, AgendaItemKind.QUESTIONS, "Questions nobody asked"),
    )

    entries = from_log([begun(1, 1), begun(2, 2), asked(3, 7), begun(4, 3)], items=items)

    assert [(e.title, e.parent) for e in entries] == [
        ("Namur", None),
        ("Why?", 0),
        ("Questions nobody asked", None),
    ]


def test_log_carries_a_section_to_its_questions_and_ends_parents_there():
    items = by_id(
        item(1, AgendaItemKind.PRESENTATION, "Namur"),
        item(2, AgendaItemKind.QUESTIONS, "All", section="Panel discussion"),
    )

    entries = from_log([begun(1, 1), begun(2, 2), asked(3, 7)], items=items)

    assert (entries[1].title, entries[1].section, entries[1].parent) == (
        "Why?",
        "Panel discussion",
        None,
    )


def test_log_keeps_the_title_of_an_item_that_was_deleted_since():
    entries = from_log([begun(5, None, "Welcome")], items={})

    assert [(e.title, e.kind) for e in entries] == [("Welcome", ChapterKind.OTHER)]


def test_question_after_a_break_stands_on_its_own():
    items = by_id(
        item(1, AgendaItemKind.PRESENTATION, "Namur"), item(2, AgendaItemKind.BREAK, "Coffee")
    )

    entries = from_log([begun(1, 1), begun(2, 2), asked(3, 7)], items=items)

    assert entries[2].parent is None


@pytest.mark.parametrize(
    ("start", "offset", "place"), [(330, 0, 330), (330, -30.5, 299.5), (10, -30, 0), (0, 12, 12)]
)
def test_place_in_the_recording_is_shifted_and_never_negative(start, offset, place):
    assert in_recording(entry(start), timing=Timing(offset=offset)) == place


@given(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_place_in_the_recording_is_never_before_its_beginning(start, offset):
    assert in_recording(entry(start), timing=Timing(offset=offset)) >= 0


def test_times_out_of_order_are_refused_by_name():
    with pytest.raises(EntriesAreOutOfOrder) as refusal:
        check_agenda(
            [entry(60, "First"), entry(30, "Second")], timing=Timing(offset=10), duration=None
        )

    assert "“Second” starts at 00:00:40" in str(refusal.value.message)


def test_entry_past_the_end_is_refused_with_the_shift_counted():
    entries = [entry(0, "First"), entry(100, "Last")]

    check_agenda(entries, timing=Timing(offset=20), duration=120)
    with pytest.raises(EntryIsPastTheEnd) as refusal:
        check_agenda(entries, timing=Timing(offset=21), duration=120)

    assert "“Last” starts at 00:02:01" in str(refusal.value.message)


def test_only_the_first_entry_may_be_shifted_before_the_beginning():
    entries = [entry(330, "First"), entry(1030, "Second"), entry(1740, "Third")]

    check_agenda(entries, timing=Timing(offset=-1030), duration=None)
    with pytest.raises(EntriesAreBeforeTheStart) as refusal:
        check_agenda(entries, timing=Timing(offset=-18_000), duration=None)

    assert str(refusal.value.message) == (
        "Shifted like this, 3 entries would start before the recording does, “Second” among them. "
        "Please shift by less: without a shift the first one starts at 00:05:30."
    )


def test_entry_before_its_parent_is_refused():
    with pytest.raises(EntriesAreOutOfOrder):
        check_agenda([entry(10, parent=1), entry(20)], timing=Timing(offset=0), duration=None)


def test_nesting_says_a_section_once_and_never_loses_an_entry():
    entries = [
        entry(0, "A"),
        entry(1, "A1", parent=0),
        entry(2, "A11", parent=1),
        entry(3, "B", section="Panel"),
        entry(4, "C", section="Panel"),
    ]

    branches = nest(entries, timing=Timing(offset=5))

    assert [(b.entry.title, b.section, b.start) for b in branches] == [
        ("A", "", 5),
        ("B", "Panel", 8),
        ("C", "", 9),
    ]
    assert [child.entry.title for child in branches[0].children] == ["A1", "A11"]


@pytest.mark.parametrize(("at", "current"), [(9, None), (10, 0), (19, 0), (20, 1), (999, 1)])
def test_current_entry_is_the_last_that_has_begun(at, current):
    assert find_current([10.0, 20.75], at=at) == current


def test_export_and_import_hold_everything_but_the_shift():
    text = "00:00:10 Talk by Ann Lee\n00:00:20 Q&A: Why?\nPanel\n00:00:30 Q&A: Who?"
    entries = from_parsed(parse_agenda(text))

    exported = to_parsed(entries, timing=Timing(offset=5))

    assert [e.start for e in exported.entries] == [15, 25, 35]
    assert [e.parent for e in exported.entries] == [None, 0, None]
    assert [e.section for e in exported.entries] == [None, None, "Panel"]


def test_titles_lead_to_the_questions_and_items_they_speak_of():
    entries = [
        entry(0, "Namur"),
        entry(1, "  who PAYS? ", kind=ChapterKind.QUESTION),
        entry(2, "Renamed", kind=ChapterKind.QUESTION),
    ]
    known = [entry(2, "Renamed", kind=ChapterKind.QUESTION, question_id=9)]

    linked = link_entries(entries, known=known, questions={"Who pays?": 4}, items={"Namur": 3})

    assert [(e.agenda_item_id, e.question_id) for e in linked] == [(3, None), (None, 4), (None, 9)]


def test_entry_without_a_section_is_told_apart_from_the_section_before():
    entries = [
        Entry(start_seconds=0.0, kind=ChapterKind.OTHER, title="A", section="Cases"),
        Entry(start_seconds=1.0, kind=ChapterKind.OTHER, title="B", section="Cases"),
        Entry(start_seconds=2.0, kind=ChapterKind.OTHER, title="C"),
        Entry(start_seconds=3.0, kind=ChapterKind.OTHER, title="D"),
    ]

    branches = nest(entries, timing=Timing(offset=0.0))

    assert [(branch.section, branch.is_after_section) for branch in branches] == [
        ("Cases", False),
        ("", False),
        ("", True),
        ("", False),
    ]
