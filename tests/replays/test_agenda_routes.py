"""The replay's agenda: from a text, from the log, corrected and handed out."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest

from eventapp.core.db import db
from eventapp.live.models import LogEntryKind
from eventapp.questions.models import QuestionStatus
from eventapp.replays.models import ChapterKind
from eventapp.replays.queries import find_recording, list_chapters
from eventapp.webinars.models import AgendaItemKind, Webinar
from tests.factories import (
    START,
    AgendaItemFactory,
    ChapterFactory,
    LogEntryFactory,
    QuestionFactory,
    RecordingFactory,
    SpeakerFactory,
    WebinarFactory,
)

DEMO = Path("eventapp/demo/assets/creative-hubs")
REFERENCE = (DEMO / "agenda.txt").read_text("utf-8")


def at(hubs, path=""):
    return f"/manage/webinars/{hubs}/replay{path}"


def test_reference_agenda_is_previewed_and_then_stored(app, organiser, hubs):
    preview = organiser.post(at(hubs, "/agenda"), data={"text": REFERENCE}).text
    with app.app_context():
        before = len(list_chapters(hubs))
    organiser.post(at(hubs, "/agenda"), data={"text": REFERENCE, "store": "yes"})

    assert "17 entries understood" in preview
    assert before == 0
    with app.app_context():
        chapters = list_chapters(hubs)
        place = {chapter.id: number for number, chapter in enumerate(chapters)}
        parents = [place.get(chapter.parent_id) for chapter in chapters]
        assert parents == [
            *(None, None, 1, 1, 1, None, 5, 5, None, 8, 8, None, None),
            *(None, None, None, None),
        ]
        assert [c.section for c in chapters] == [""] * 13 + ["Panel discussion"] * 4
        assert chapters[12].speakers == ["Delphine Coderniaux", "Larissa Grommersch"]
        assert chapters[13].start_seconds == 4773.0


def test_agenda_comes_from_a_file_too(app, organiser, hubs):
    data = {"text": "", "file": (BytesIO(REFERENCE.encode()), "../agenda.exe"), "offset": "10"}

    page = organiser.post(at(hubs, "/agenda"), data=data).text

    assert "17 entries understood" in page
    assert "00:05:40" in page


def test_preview_names_the_lines_that_were_not_understood(organiser, hubs):
    text = "00:00:10 Talk\n00:99:99 <script>alert(1)</script>\n00:00:30 Next"

    page = organiser.post(at(hubs, "/agenda"), data={"text": text}).text

    assert "Line 2" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("no times at all", "No agenda found"),
        ("00:10:00 A\n00:05:00 B", "Line 2 starts at 00:05:00"),
        ("00:10:00 A\n02:00:00 B", "“B” starts at 02:00:00, but the recording ends at 01:30:00"),
    ],
)
def test_impossible_agenda_is_refused_and_not_stored(app, organiser, hubs, text, answer):
    with app.app_context():
        RecordingFactory(webinar_id=hubs)

    page = organiser.post(at(hubs, "/agenda"), data={"text": text, "store": "yes"}).text

    assert answer in page
    with app.app_context():
        assert list_chapters(hubs) == []


def test_file_that_is_no_text_is_refused(organiser, hubs):
    data = {"text": "", "file": (BytesIO(b"\xff\xfe\x00\x81"), "agenda.txt")}

    page = organiser.post(at(hubs, "/agenda"), data=data).text

    assert "This isn't a text file" in unescape(page)


def test_agenda_is_offered_as_text_to_be_corrected(app, organiser, hubs):
    organiser.post(at(hubs, "/agenda"), data={"text": REFERENCE, "store": "yes"})

    page = organiser.get(at(hubs, "/agenda")).text

    assert "00:17:10 Presentation on the Trakk creative hub" in page
    assert "Panel discussion" in page


def add_log(hubs):
    speaker = SpeakerFactory(name="Ann Lee")
    webinar = db.session.get(Webinar, hubs)
    talk = AgendaItemFactory(webinar=webinar, title="Namur", speakers=[speaker])
    panel = AgendaItemFactory(
        webinar=webinar, title="All together", kind=AgendaItemKind.PANEL, section="Panel"
    )
    question = QuestionFactory(webinar_id=hubs, text="Who pays?", status=QuestionStatus.ANSWERED)
    acts = [
        (LogEntryKind.WEBINAR_STARTED, 0, {}),
        (LogEntryKind.RECORDING_STARTED, 60, {}),
        (LogEntryKind.AGENDA_ITEM_STARTED, 90, {"agenda_item_id": talk.id, "title": "Namur"}),
        (LogEntryKind.QUESTION_ON_AIR, 120, {"question_id": question.id, "title": "Who pays?"}),
        (LogEntryKind.QUESTION_ANSWERED, 180, {"question_id": question.id}),
        (LogEntryKind.AGENDA_ITEM_STARTED, 200, {"agenda_item_id": panel.id, "title": "All"}),
    ]
    for number, (kind, seconds, values) in enumerate(acts, start=1):
        LogEntryFactory(
            webinar_id=hubs,
            number=number,
            kind=kind,
            at=START + timedelta(seconds=seconds),
            **values,
        )
    return question.id


def test_log_becomes_the_agenda_with_one_click(app, organiser, hubs):
    with app.app_context():
        RecordingFactory(webinar_id=hubs)
        question_id = add_log(hubs)

    preview = organiser.post(at(hubs, "/from-log"), data={"offset": "-10"}).text
    organiser.post(at(hubs, "/from-log"), data={"offset": "-10", "store": "yes"})

    assert "00:00:20" in preview
    with app.app_context():
        talk, question, panel = list_chapters(hubs)
        assert (talk.start_seconds, talk.title, talk.speakers) == (30.0, "Namur", ["Ann Lee"])
        assert (question.parent_id, question.question_id) == (talk.id, question_id)
        assert (panel.kind, panel.section) == (ChapterKind.PANEL, "Panel")
        assert find_recording(hubs).offset_seconds == -10.0


def test_agenda_that_is_pasted_finds_its_questions(app, organiser, hubs):
    with app.app_context():
        question_id = add_log(hubs)

    organiser.post(at(hubs, "/agenda"), data={"text": "0:10 Q&A: who pays?", "store": "yes"})

    with app.app_context():
        assert [chapter.question_id for chapter in list_chapters(hubs)] == [question_id]


def test_empty_log_leads_to_the_text(organiser, hubs):
    page = organiser.get(at(hubs, "/from-log")).text

    assert "Nothing was logged" in page
    assert at(hubs, "/agenda") in page


def test_entry_is_corrected(app, organiser, hubs):
    with app.app_context():
        RecordingFactory(webinar_id=hubs, offset_seconds=10.0)
        entry = ChapterFactory(webinar_id=hubs, start_seconds=320.0).id
    shown = organiser.get(at(hubs, f"/entries/{entry}")).text

    organiser.post(
        at(hubs, f"/entries/{entry}"),
        data={
            "start": "6:00",
            "kind": "panel",
            "title": "All together",
            "speakers": "Ann Lee,  Bo Ek ,",
            "section": "Panel",
            "parent": "0",
        },
    )

    assert 'value="00:05:30"' in shown
    with app.app_context():
        [chapter] = list_chapters(hubs)
        assert (chapter.start_seconds, chapter.kind) == (350.0, ChapterKind.PANEL)
        assert (chapter.speakers, chapter.section) == (["Ann Lee", "Bo Ek"], "Panel")


def test_entry_without_a_readable_time_is_refused(app, organiser, hubs):
    data = {"start": "soon", "kind": "other", "title": "Talk", "parent": "0"}

    page = organiser.post(at(hubs, "/entries/new"), data=data).text

    assert "Please enter a time such as 1:19:33" in page
    with app.app_context():
        assert list_chapters(hubs) == []


def test_another_webinars_entry_is_not_found(app, organiser, hubs):
    with app.app_context():
        foreign = ChapterFactory(webinar_id=WebinarFactory().id).id

    responses = [
        organiser.get(at(hubs, f"/entries/{foreign}")),
        organiser.post(at(hubs, f"/entries/{foreign}/delete")),
    ]

    assert [response.status_code for response in responses] == [404, 404]


@pytest.mark.parametrize(
    ("extension", "beginning"),
    [
        ("txt", "00:05:40 "),
        ("vtt", "WEBVTT"),
        ("youtube.txt", "0:00 "),
        ("csv", "start,"),
        ("psc.xml", "<?xml"),
        ("json", "{"),
        ("ffmetadata.txt", ";FFMETADATA1"),
    ],
)
def test_agenda_is_handed_out_in_every_format(app, organiser, hubs, extension, beginning):
    with app.app_context():
        RecordingFactory(webinar_id=hubs, offset_seconds=10.0)
        ChapterFactory(webinar_id=hubs, title="Talk, by <Ann>")

    response = organiser.get(at(hubs, f"/agenda.{extension}"))

    assert response.text.lstrip("\ufeff").startswith(beginning)
    assert f"hubs-agenda.{extension}" in response.headers["Content-Disposition"]
    assert organiser.get(at(hubs, "/agenda.exe")).status_code == 404
