"""Each form that changes something is saved once, as a person does: opened, then sent.

Routes load rows in their own way, with what a page shows of them; what an action then locks must
be lockable on each engine.
"""

from __future__ import annotations

import pytest

from eventapp.core.db import db
from eventapp.core.tokens import derive_token
from eventapp.form_fields.models import FormField
from eventapp.learnings.queries import find_learnings
from eventapp.live.models import LogEntryKind
from eventapp.presentations.models import Presentation
from eventapp.registrations.models import Registration
from eventapp.replays.models import Chapter
from eventapp.replays.queries import find_recording
from eventapp.speakers.models import Speaker
from eventapp.webinars.models import AgendaItem, Webinar
from tests.factories import (
    AgendaItemFactory,
    ChapterFactory,
    FormFieldFactory,
    LogEntryFactory,
    PresentationFactory,
    RecordingFactory,
    RegistrationFactory,
    SpeakerFactory,
    StoredFileFactory,
    WebinarFactory,
    add_speaker,
)

pytestmark = pytest.mark.every_engine


@pytest.fixture
def hubs(app, stopped_clock):
    """The id of a webinar with a cover and a speaker, two weeks ahead."""
    with app.app_context():
        webinar = WebinarFactory(cover=StoredFileFactory())
        add_speaker(webinar, SpeakerFactory(photo=StoredFileFactory()))
        return webinar.id


def add(app, make):
    """Make a row and return its id."""
    with app.app_context():
        return make().id


def save(person, path, **typed):
    """Open the form, send it with what was typed, and follow to the page that says so."""
    shown = person.get(path)
    assert shown.status_code == 200
    sent = person.post(path, data=typed)
    assert sent.status_code == 302, sent.text
    assert person.get(sent.location).status_code == 200


def test_speaker_is_saved(app, organiser, hubs):
    speaker_id = add(app, lambda: db.session.get_one(Webinar, hubs).speakers[0])

    save(organiser, f"/manage/speakers/{speaker_id}", name="Luc Schmerber")

    with app.app_context():
        assert db.session.get_one(Speaker, speaker_id).name == "Luc Schmerber"


def test_details_of_a_webinar_are_saved(app, organiser, hubs):
    save(
        organiser,
        f"/manage/webinars/{hubs}/edit",
        title="Creative hubs",
        starts_local="2026-03-24T10:30",
        ends_local="2026-03-24T12:00",
        time_zone="Europe/Brussels",
        language="en",
        room_access="open",
    )

    with app.app_context():
        assert db.session.get_one(Webinar, hubs).title == "Creative hubs"


def test_agenda_item_is_saved(app, organiser, hubs):
    item_id = add(app, lambda: AgendaItemFactory(webinar=db.session.get_one(Webinar, hubs)))

    save(
        organiser,
        f"/manage/webinars/{hubs}/agenda/{item_id}",
        kind="panel",
        title="Round table",
        minutes="20",
    )

    with app.app_context():
        assert db.session.get_one(AgendaItem, item_id).title == "Round table"


def test_field_of_the_form_is_saved(app, organiser, hubs):
    field_id = add(app, lambda: FormFieldFactory(webinar=db.session.get_one(Webinar, hubs)))

    save(organiser, f"/manage/webinars/{hubs}/form/{field_id}", label="School", kind="long_text")

    with app.app_context():
        assert db.session.get_one(FormField, field_id).label == "School"


def test_presentation_is_saved(app, organiser, hubs):
    number = add(app, lambda: PresentationFactory(webinar_id=hubs))

    save(
        organiser,
        f"/manage/webinars/{hubs}/presentations/{number}",
        title="Three hubs",
        agenda_item="0",
    )

    with app.app_context():
        assert db.session.get_one(Presentation, number).title == "Three hubs"


def test_recording_is_shifted(app, organiser, hubs):
    add(app, lambda: RecordingFactory(webinar_id=hubs))
    organiser.get(f"/manage/webinars/{hubs}/replay")

    organiser.post(
        f"/manage/webinars/{hubs}/replay/adjust", data={"offset": "0:12", "length": "1:30:00"}
    )

    with app.app_context():
        assert find_recording(hubs).offset_seconds == 12


def test_recording_elsewhere_is_saved(app, organiser, hubs):
    add(app, lambda: RecordingFactory(webinar_id=hubs))
    address = "https://vimeo.com/76979871"

    organiser.post(f"/manage/webinars/{hubs}/replay/address", data={"address": address})

    with app.app_context():
        assert find_recording(hubs).address == address


def test_entry_of_the_replays_agenda_is_saved(app, organiser, hubs):
    chapter_id = add(app, lambda: ChapterFactory(webinar_id=hubs))

    save(
        organiser,
        f"/manage/webinars/{hubs}/replay/entries/{chapter_id}",
        start="6:00",
        kind="panel",
        title="Round table",
        parent="0",
    )

    with app.app_context():
        assert db.session.get_one(Chapter, chapter_id).title == "Round table"


def test_agenda_of_the_replay_is_taken_from_the_log(app, organiser, hubs):
    add(app, lambda: LogEntryFactory(webinar_id=hubs))
    item_id = add(
        app, lambda: AgendaItemFactory(webinar=db.session.get_one(Webinar, hubs), title="Opening")
    )
    add(
        app,
        lambda: LogEntryFactory(
            webinar_id=hubs, kind=LogEntryKind.AGENDA_ITEM_STARTED, agenda_item_id=item_id
        ),
    )

    save(organiser, f"/manage/webinars/{hubs}/replay/from-log", offset="0", store="yes")

    with app.app_context():
        assert [chapter.title for chapter in db.session.scalars(db.select(Chapter))] == ["Opening"]


def test_learnings_are_saved(app, organiser, hubs):
    save(organiser, f"/manage/webinars/{hubs}/learnings", body="Hubs need neighbours.")

    with app.app_context():
        assert find_learnings(hubs).body == "Hubs need neighbours."


def test_registration_is_changed_at_its_door(app, client, hubs):
    with app.app_context():
        registration = RegistrationFactory(webinar=db.session.get_one(Webinar, hubs))
        number, token = registration.id, derive_token("registration", registration.uid)

    save(client, f"/r/{token}/", name="Ada Lovelace")

    with app.app_context():
        assert db.session.get_one(Registration, number).name == "Ada Lovelace"
