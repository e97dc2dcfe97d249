"""Handing in presentations."""

from __future__ import annotations

from io import BytesIO

import pytest

from eventapp.core.db import transaction
from eventapp.core.errors import NotFound
from eventapp.core.uploads import UploadKind
from eventapp.presentations import actions
from eventapp.presentations.actions import Slides
from eventapp.presentations.queries import list_presentations, list_presentations_on_page
from eventapp.presentations.refusals import PresentationsHaveChanged
from eventapp.webinars.models import WebinarStatus
from tests.factories import (
    AgendaItemFactory,
    PresentationFactory,
    SpeakerFactory,
    WebinarFactory,
)
from tests.plugins.app import NOON

pytestmark = pytest.mark.every_engine

PDF = UploadKind("application/pdf", "pdf")


def put(name="slides.pdf"):
    return actions.put_slides(Slides(content=BytesIO(b"%PDF-1.4 %%EOF"), name=name, kind=PDF))


def titles(webinar):
    return [presentation.title for presentation in list_presentations(webinar.id)]


def add_three(webinar):
    return [
        PresentationFactory(webinar_id=webinar.id, title=title, position=position)
        for position, title in enumerate("ABC")
    ]


def test_presentation_is_added_after_the_others_with_its_speakers(in_app):
    webinar = WebinarFactory()
    item = AgendaItemFactory(webinar=webinar, speakers=[SpeakerFactory(name="Ann Lee")])
    PresentationFactory(webinar_id=webinar.id, title="First")
    stored = put("../../Über\r\nuns.exe")

    with transaction():
        actions.add_presentation(
            webinar,
            stored=stored,
            title="Second",
            agenda_item_id=item.id,
            is_shown_before=True,
            now=NOON,
        )

    assert titles(webinar) == ["First", "Second"]
    second = list_presentations(webinar.id)[1]
    assert [speaker.name for speaker in second.agenda_item.speakers] == ["Ann Lee"]
    assert second.file.name == "Über uns.pdf"


def test_presentation_cannot_belong_to_another_webinars_agenda(in_app):
    webinar, foreign, stored = WebinarFactory(), AgendaItemFactory(), put()

    with pytest.raises(NotFound), transaction():
        actions.add_presentation(
            webinar,
            stored=stored,
            title="Slides",
            agenda_item_id=foreign.id,
            is_shown_before=False,
            now=NOON,
        )


def test_another_file_takes_the_place_of_the_old_one_at_the_same_address(in_app):
    webinar = WebinarFactory()
    presentation = PresentationFactory(webinar_id=webinar.id, title="Old")
    old_file, number = presentation.file_id, presentation.id
    stored = put()

    with transaction():
        actions.edit_presentation(
            webinar,
            presentation_id=number,
            title="New",
            agenda_item_id=None,
            is_shown_before=True,
            stored=stored,
        )

    assert (presentation.id, presentation.title) == (number, "New")
    assert presentation.file_id != old_file


def test_without_a_file_the_old_one_stays(in_app):
    webinar = WebinarFactory()
    presentation = PresentationFactory(webinar_id=webinar.id)
    old_file = presentation.file_id

    with transaction():
        actions.edit_presentation(
            webinar,
            presentation_id=presentation.id,
            title="New",
            agenda_item_id=None,
            is_shown_before=False,
        )

    assert presentation.file_id == old_file


@pytest.mark.parametrize(
    ("place", "by", "order"),
    [(0, 1, "BAC"), (2, -1, "ACB"), (0, -1, "ABC"), (0, 9, "BCA"), (1, 0, "ABC")],
)
def test_presentation_is_moved_by_places(in_app, place, by, order):
    webinar = WebinarFactory()
    presentations = add_three(webinar)

    with transaction():
        actions.move_presentation(webinar, presentation_id=presentations[place].id, by=by)

    assert "".join(titles(webinar)) == order


def test_presentations_are_put_in_an_order(in_app):
    webinar = WebinarFactory()
    first, second, third = add_three(webinar)

    with transaction():
        actions.reorder_presentations(webinar, presentation_ids=[third.id, first.id, second.id])

    assert "".join(titles(webinar)) == "CAB"


def test_order_that_forgets_one_is_refused(in_app):
    webinar = WebinarFactory()
    first, *_ = add_three(webinar)

    with pytest.raises(PresentationsHaveChanged), transaction():
        actions.reorder_presentations(webinar, presentation_ids=[first.id])


def test_deleting_closes_the_gap(in_app):
    webinar = WebinarFactory()
    _, second, _ = add_three(webinar)

    with transaction():
        actions.delete_presentation(webinar, presentation_id=second.id)

    left = [(p.title, p.position) for p in list_presentations(webinar.id)]
    assert left == [("A", 0), ("C", 1)]


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (WebinarStatus.DRAFT, ["Before"]),
        (WebinarStatus.PUBLISHED, ["Before"]),
        (WebinarStatus.LIVE, ["Before"]),
        (WebinarStatus.ENDED, ["Before", "After"]),
        (WebinarStatus.REPLAY_PUBLISHED, ["Before", "After"]),
        (WebinarStatus.ARCHIVED, ["Before", "After"]),
        (WebinarStatus.CANCELLED, ["Before"]),
    ],
)
def test_page_lists_them_before_or_only_after_the_webinar(in_app, status, shown):
    webinar = WebinarFactory(status=status)
    PresentationFactory(webinar_id=webinar.id, title="Before", position=0, is_shown_before=True)
    PresentationFactory(webinar_id=webinar.id, title="After", position=1)

    assert [p.title for p in list_presentations_on_page(webinar)] == shown
