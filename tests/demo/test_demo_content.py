import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from eventapp.demo.content import (
    ACCESSIBLE_SERVICES,
    ASSETS,
    CREATIVE_HUBS,
    REPAIR,
    WEBINARS,
    DemoChapter,
    DemoWebinar,
    resolve_start,
)
from eventapp.replays.agenda import parse_agenda

NOW = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)

ENTRY = re.compile(r"(?P<h>\d\d):(?P<m>\d\d):(?P<s>\d\d) (?P<question>Q&A: )?(?P<text>.+)")
MOMENT = re.compile(r"\[(\d+):(\d\d):(\d\d)\]")

every_webinar = pytest.mark.parametrize("webinar", WEBINARS, ids=lambda webinar: webinar.slug)


def read_agenda_lines() -> list[str]:
    return (ASSETS / "creative-hubs/agenda.txt").read_text(encoding="utf-8").splitlines()


def write_line(chapter: DemoChapter) -> str:
    """The line as it was published."""
    mark = "Q&A: " if chapter.kind == "question" else ""
    return f"0{chapter.start} {mark}{chapter.title}"


def test_creative_hubs_keeps_the_published_title_and_day() -> None:
    assert CREATIVE_HUBS.title == (
        "Webinar on creative hubs: support infrastructures for creative and cultural industries"
    )
    assert CREATIVE_HUBS.organiser == "Policy Learning Platform"
    assert resolve_start(CREATIVE_HUBS, now=NOW) == datetime(2019, 12, 5, 9, 30, tzinfo=UTC)


def test_creative_hubs_has_six_talks_and_eleven_questions() -> None:
    kinds = [chapter.kind for chapter in CREATIVE_HUBS.chapters]

    assert len(kinds) == 17
    assert kinds.count("introduction") + kinds.count("presentation") == 6
    assert kinds.count("question") == 11


def test_creative_hubs_chapters_are_the_published_agenda() -> None:
    published = [line for line in read_agenda_lines() if ENTRY.fullmatch(line)]

    assert [write_line(chapter) for chapter in CREATIVE_HUBS.chapters] == published


def test_creative_hubs_chapters_are_what_the_published_agenda_reads_as() -> None:
    parsed = parse_agenda("\n".join(read_agenda_lines()))

    read = [(e.start, e.kind, e.title, e.speakers, e.section, e.parent) for e in parsed.entries]
    assert read == [
        (c.start.total_seconds(), c.kind, c.title, c.speakers, c.section, c.parent)
        for c in CREATIVE_HUBS.chapters
    ]


def test_creative_hubs_talks_name_their_speakers() -> None:
    talks = [chapter for chapter in CREATIVE_HUBS.chapters if chapter.kind != "question"]

    for talk in talks:
        assert talk.speakers
        assert talk.title.endswith(" and ".join(talk.speakers))


def test_creative_hubs_agenda_has_one_heading_before_the_questions_of_the_panel() -> None:
    lines = read_agenda_lines()
    headings = [line for line in lines if not ENTRY.fullmatch(line)]
    below = lines[lines.index("Panel discussion") + 1 :]

    in_panel = [c for c in CREATIVE_HUBS.chapters if c.section == "Panel discussion"]

    assert headings == ["Panel discussion"]
    assert [write_line(chapter) for chapter in in_panel] == below


def test_creative_hubs_chapters_rise_and_stay_within_the_recording() -> None:
    recording = CREATIVE_HUBS.recording
    starts = [chapter.start for chapter in CREATIVE_HUBS.chapters]

    assert starts == sorted(set(starts))
    assert recording is not None
    assert starts[-1] < recording.duration == CREATIVE_HUBS.duration == timedelta(minutes=90)


def test_creative_hubs_questions_belong_to_the_talk_before_them() -> None:
    talk = None
    for index, chapter in enumerate(CREATIVE_HUBS.chapters):
        if chapter.kind == "question" and chapter.section is None:
            assert chapter.parent == talk
        else:
            assert chapter.parent is None
            talk = index


def test_creative_hubs_learnings_point_at_chapters() -> None:
    starts = {chapter.start for chapter in CREATIVE_HUBS.chapters}

    moments = [
        timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
        for hours, minutes, seconds in MOMENT.findall(CREATIVE_HUBS.learnings or "")
    ]

    assert timedelta(hours=1, minutes=19, seconds=33) in moments
    assert set(moments) <= starts


@every_webinar
def test_webinar_knows_every_speaker_it_names(webinar: DemoWebinar) -> None:
    known = {speaker.name for speaker in webinar.speakers}

    groups = [item.speakers for item in webinar.agenda]
    groups += [chapter.speakers for chapter in webinar.chapters]
    groups += [presentation.speakers for presentation in webinar.presentations]
    named = {name for group in groups for name in group}

    assert named == known


@every_webinar
def test_webinar_gives_presentations_to_the_items_of_their_speakers(webinar: DemoWebinar) -> None:
    for presentation in webinar.presentations:
        item = webinar.agenda[presentation.agenda_item]

        assert item.kind in {"introduction", "presentation"}
        assert item.speakers == presentation.speakers


@every_webinar
def test_webinar_has_words_for_its_page(webinar: DemoWebinar) -> None:
    assert 40 < len(webinar.summary) <= 160
    assert "\n- " in webinar.description
    assert "<" not in webinar.description


@every_webinar
def test_webinar_writes_to_nobody_real(webinar: DemoWebinar) -> None:
    speakers = [speaker.email for speaker in webinar.speakers if speaker.email]
    attendees = [attendee.email for attendee in webinar.attendees]

    assert {email.partition("@")[2] for email in speakers + attendees} == {"example.org"}
    assert len(set(attendees)) == len(attendees)


def test_creative_hubs_knows_no_address_of_its_speakers() -> None:
    assert {speaker.email for speaker in CREATIVE_HUBS.speakers} == {None}


@pytest.mark.parametrize("later", range(7))
def test_accessible_services_starts_at_ten_in_lisbon_on_a_weekday(later: int) -> None:
    now = NOW + timedelta(days=later)

    start = resolve_start(ACCESSIBLE_SERVICES, now=now)

    local = start.astimezone(ZoneInfo("Europe/Lisbon"))
    assert (local.hour, local.minute) == (10, 0)
    assert local.weekday() < 5
    assert timedelta(days=23) < start - now < timedelta(days=27)


def test_accessible_services_has_people_waiting_for_its_last_seat() -> None:
    statuses = [attendee.status for attendee in ACCESSIBLE_SERVICES.attendees]

    assert statuses.count("confirmed") == ACCESSIBLE_SERVICES.capacity
    assert statuses.count("waiting") == 3


def test_accessible_services_groups_are_no_larger_than_its_terms_say() -> None:
    terms = ACCESSIBLE_SERVICES.terms
    brought = [a.brought_by for a in ACCESSIBLE_SERVICES.attendees if a.brought_by]

    assert terms is not None
    assert brought
    assert max(1 + brought.count(name) for name in brought) <= terms.largest_group


def test_accessible_services_has_a_break_and_a_joint_item() -> None:
    kinds = {item.kind for item in ACCESSIBLE_SERVICES.agenda}
    joint = [
        item
        for item in ACCESSIBLE_SERVICES.agenda
        if item.kind == "presentation" and len(item.speakers) > 1
    ]

    assert {"break", "questions", "panel"} <= kinds
    assert len(joint) == 1


def test_repair_started_twenty_minutes_ago() -> None:
    assert NOW - resolve_start(REPAIR, now=NOW) == timedelta(minutes=20)


def test_repair_log_rises_and_lies_in_the_past() -> None:
    times = [fact.at for fact in REPAIR.log]

    assert times == sorted(times)
    assert times[-1] < timedelta(minutes=20) < REPAIR.duration


def test_repair_log_agrees_with_the_questions() -> None:
    answered = {fact.question for fact in REPAIR.log if fact.kind == "question_answered"}
    shown = {fact.question for fact in REPAIR.log if fact.kind == "question_on_air"}

    by_status = {
        status: {i for i, question in enumerate(REPAIR.questions) if question.status == status}
        for status in ("answered", "on_air")
    }

    assert by_status == {"answered": answered, "on_air": shown - answered}
    assert len(by_status["on_air"]) == 1


def test_repair_questions_are_shown_only_after_they_were_asked() -> None:
    for fact in REPAIR.log:
        if fact.question is not None:
            assert REPAIR.questions[fact.question].asked_at < fact.at


def test_repair_questions_show_every_status_with_and_without_names() -> None:
    statuses = {question.status for question in REPAIR.questions}
    names = {question.asked_by for question in REPAIR.questions}

    assert statuses == {"pending", "approved", "on_air", "answered", "dismissed", "merged"}
    assert names - {None} <= {attendee.name for attendee in REPAIR.attendees}
    assert None in names


def test_repair_questions_out_of_sight_have_no_votes() -> None:
    hidden = [q.votes for q in REPAIR.questions if q.status in {"pending", "dismissed"}]

    assert hidden == [0] * 5
