"""Profiles: what organisers write and what everyone sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO

import pytest
from PIL import Image

from eventapp.core.db import db, transaction
from eventapp.speakers import actions
from eventapp.speakers.actions import Profile
from eventapp.speakers.models import Speaker
from eventapp.speakers.refusals import SpeakerHasChanged, SpeakerIsNeeded
from eventapp.webinars.models import WebinarStatus
from tests.factories import SpeakerFactory, WebinarFactory, add_speaker

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def make(app):
    def write(rows):
        with app.app_context():
            return rows()

    return write


def photo():
    content = BytesIO()
    Image.new("RGB", (900, 900), "teal").save(content, "JPEG")
    content.seek(0)
    return content


def names(app):
    with app.app_context():
        return [speaker.name for speaker in db.session.scalars(db.select(Speaker))]


@pytest.mark.every_engine
def test_profile_is_written_and_changed(in_app):
    with transaction():
        speaker = actions.create_speaker(Profile(name="Luc"), now=NOW)
    with transaction():
        actions.edit_speaker(
            speaker, Profile(name="Luc Schmerber", affiliation="Platform"), now=NOW
        )

    assert (speaker.name, speaker.affiliation) == ("Luc Schmerber", "Platform")


@pytest.mark.every_engine
def test_stale_profile_is_refused(in_app):
    speaker = SpeakerFactory(name="Theirs")
    earlier = speaker.updated_at - timedelta(minutes=1)

    with pytest.raises(SpeakerHasChanged), transaction():
        actions.edit_speaker(speaker, Profile(name="Mine"), now=NOW, seen_at=earlier)

    assert speaker.name == "Theirs"


@pytest.mark.every_engine
def test_speaker_of_a_webinar_is_not_deleted(in_app):
    speaker = add_speaker(WebinarFactory())

    with pytest.raises(SpeakerIsNeeded), transaction():
        actions.delete_speaker(speaker)

    assert db.session.get(Speaker, speaker.id) is not None


def test_empty_list_invites(organiser):
    assert "No speakers yet" in organiser.get("/manage/speakers/").text


def test_list_takes_the_same_statements_for_one_and_fifty(organiser, make, count_queries):
    make(SpeakerFactory)
    one = count_queries(lambda: organiser.get("/manage/speakers/"))
    make(lambda: SpeakerFactory.create_batch(49))
    fifty = count_queries(lambda: organiser.get("/manage/speakers/"))

    assert fifty == one


def test_list_finds_by_name_and_affiliation(organiser, make):
    make(lambda: SpeakerFactory(name="Berta Pérez", affiliation="RCIA"))

    assert "Berta" in organiser.get("/manage/speakers/?q=rcia+berta").text
    assert "Nothing found" in organiser.get("/manage/speakers/?q=luc").text


def test_photo_is_made_small_and_kept_for_good(app, client, organiser):
    organiser.post("/manage/speakers/new", data={"name": "Berta", "photo": (photo(), "b.jpg")})
    with app.app_context():
        berta = add_speaker(WebinarFactory(), db.session.get_one(Speaker, 1))
        address = f"/speakers/1/photo?v={berta.photo_id}"

    response = client.get(address)

    assert Image.open(BytesIO(response.data)).size == (512, 512)
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in response.headers
    assert client.get("/speakers/1/photo").headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ([], 404),
        ([WebinarStatus.DRAFT], 404),
        ([WebinarStatus.DRAFT, WebinarStatus.ENDED], 200),
    ],
)
def test_photo_is_public_once_its_person_is(app, client, organiser, statuses, code):
    organiser.post("/manage/speakers/new", data={"name": "Berta", "photo": (photo(), "b.jpg")})
    with app.app_context():
        for status in statuses:
            add_speaker(WebinarFactory(status=status), db.session.get_one(Speaker, 1))

    assert client.get("/speakers/1/photo").status_code == code
    assert organiser.get("/speakers/1/photo").status_code == 200


def test_photo_that_is_not_public_is_kept_by_no_shared_cache(organiser):
    organiser.post("/manage/speakers/new", data={"name": "Berta", "photo": (photo(), "b.jpg")})

    assert organiser.get("/speakers/1/photo").headers["Cache-Control"] == "private, no-cache"


def test_photo_is_removed(organiser):
    organiser.post("/manage/speakers/new", data={"name": "Berta", "photo": (photo(), "b.jpg")})

    organiser.post("/manage/speakers/1", data={"name": "Berta", "is_photo_removed": "y"})

    assert organiser.get("/speakers/1/photo").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "answer"),
    [
        ("name", " \x00 ", "Please give the person's name."),
        ("name", "x" * 201, "Please use at most 200 characters."),
        ("link", "javascript:alert(1)", "full web address"),
        ("email", "nobody", "Please check this address"),
    ],
)
def test_wrong_profile_is_answered(app, organiser, field, value, answer):
    response = organiser.post("/manage/speakers/new", data={"name": "Luc", field: value})

    assert answer in unescape(response.text)
    assert names(app) == []


def test_name_is_shown_as_text(organiser):
    organiser.post("/manage/speakers/new", data={"name": "<script>alert(1)</script>"})

    assert "<script>alert" not in organiser.get("/manage/speakers/").text
    assert "<script>alert" not in organiser.get("/manage/speakers/1").text


def test_profile_is_deleted_or_said_to_be_needed(app, organiser, make):
    make(lambda: SpeakerFactory(name="Free"))
    make(lambda: add_speaker(WebinarFactory(), SpeakerFactory(name="Bound")))

    organiser.post("/manage/speakers/1/delete")
    refused = organiser.post("/manage/speakers/2/delete", follow_redirects=True)

    assert names(app) == ["Bound"]
    assert "This person speaks at a webinar." in refused.text


def test_visitors_write_no_profiles(client):
    assert client.post("/manage/speakers/new", data={"name": "Eve"}).status_code == 403
