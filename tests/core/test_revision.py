from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.core.db import db, transaction
from eventapp.core.revision import current_revision
from eventapp.webinars.models import Webinar
from tests.factories import (
    AgendaItemFactory,
    RegistrationFactory,
    SpeakerFactory,
    WebinarFactory,
    add_speaker,
)

pytestmark = pytest.mark.every_engine


def revision() -> int:
    db.session.rollback()
    return db.session.execute(sa.select(current_revision)).scalar_one()


def test_new_row_that_the_public_sees_raises_the_revision(in_app: Flask):
    before = revision()

    WebinarFactory()

    assert revision() > before


def test_change_raises_the_revision(in_app: Flask):
    webinar = WebinarFactory()
    before = revision()

    with transaction():
        webinar.title = "Another title"

    assert revision() > before


def test_deletion_raises_the_revision(in_app: Flask):
    speaker = SpeakerFactory()
    before = revision()

    with transaction() as session:
        session.delete(speaker)

    assert revision() > before


def test_row_taken_off_a_list_raises_the_revision(in_app: Flask):
    item = AgendaItemFactory()
    before = revision()

    with transaction():
        item.webinar.agenda_items.clear()

    assert revision() > before


def test_speaker_who_joins_a_webinar_raises_the_revision(in_app: Flask):
    webinar, speaker = WebinarFactory(), SpeakerFactory()
    before = revision()

    add_speaker(webinar, speaker)

    assert revision() > before


def test_same_value_again_leaves_the_revision(in_app: Flask):
    webinar = WebinarFactory(title="The title")
    before = revision()

    with transaction():
        assert webinar.title == "The title"
        webinar.title = "The title"

    assert revision() == before


def test_what_only_organisers_see_leaves_the_revision(in_app: Flask):
    registration = RegistrationFactory()
    before = revision()

    with transaction():
        registration.name = "Another name"

    assert revision() == before


def test_change_taken_back_leaves_the_revision(in_app: Flask):
    webinar = WebinarFactory()
    before = revision()

    with pytest.raises(ZeroDivisionError), transaction() as session:
        session.get_one(Webinar, webinar.id).title = "Another title"
        session.flush()
        _ = 1 // 0

    assert revision() == before
