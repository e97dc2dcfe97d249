"""What actions write, and which events they record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eventapp.core.db import db, transaction
from eventapp.core.errors import NotFound
from eventapp.webinars import actions, events, queries
from eventapp.webinars.actions import WebinarDetails
from eventapp.webinars.models import AgendaItemKind, Webinar, WebinarStatus
from eventapp.webinars.refusals import (
    AgendaHasChanged,
    CannotDelete,
    CannotEdit,
    CannotGoLive,
    ConflictingEdit,
    SpeakersHaveChanged,
    SpeaksAlready,
)
from tests.factories import AgendaItemFactory, SpeakerFactory, WebinarFactory, add_speaker

pytestmark = pytest.mark.every_engine

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
DETAILS = WebinarDetails(
    title="Creative hubs",
    starts_at=datetime(2026, 3, 24, 9, 30, tzinfo=UTC),
    ends_at=datetime(2026, 3, 24, 11, 0, tzinfo=UTC),
    time_zone="Europe/Brussels",
    summary="How they work.",
)


def run(act):
    """Run `act` in a transaction; return the events it recorded."""
    with transaction() as session:
        act()
        return list(session.info["recorded_events"])


def create(**changes):
    with transaction():
        return actions.create_webinar(replace(DETAILS, **changes), now=NOW)


def edit(webinar, **changes):
    seen_at = changes.pop("seen_at", None)
    details = replace(details_of(webinar), **changes)
    return run(lambda: actions.edit_webinar(webinar, details, now=NOW, seen_at=seen_at))


def details_of(webinar):
    return WebinarDetails(**{name: getattr(webinar, name) for name in vars(DETAILS)})


def titles(webinar):
    return [item.title for item in webinar.agenda_items]


def test_create_writes_a_draft_and_records_nothing(in_app):
    recorded = run(lambda: actions.create_webinar(DETAILS, now=NOW))

    webinar = queries.get_webinar(1)
    assert webinar.status == WebinarStatus.DRAFT
    assert (webinar.starts_at, webinar.calendar_sequence) == (DETAILS.starts_at, 0)
    assert recorded == []


def test_same_titles_get_different_addresses(in_app):
    slugs = [create().slug for _ in range(3)]

    assert slugs == ["creative-hubs", "creative-hubs-2", "creative-hubs-3"]


def test_whole_life_records_each_step(in_app):
    webinar = create()

    recorded = [
        *run(lambda: actions.publish_webinar(webinar, now=NOW)),
        *run(lambda: actions.go_live(webinar, now=NOW)),
        *run(lambda: actions.end_webinar(webinar, now=NOW)),
        *run(lambda: actions.mark_replay_published(webinar, now=NOW)),
        *run(lambda: actions.archive_webinar(webinar, now=NOW)),
    ]

    assert recorded == [
        events.WebinarPublished(webinar_id=webinar.id),
        events.WebinarWentLive(webinar_id=webinar.id),
        events.WebinarEnded(webinar_id=webinar.id),
        events.ReplayPublished(webinar_id=webinar.id),
        events.WebinarArchived(webinar_id=webinar.id),
    ]
    assert webinar.status == WebinarStatus.ARCHIVED
    assert webinar.calendar_sequence == 0


def test_refused_step_leaves_everything_as_it_was(in_app):
    webinar = create()

    with pytest.raises(CannotGoLive):
        run(lambda: actions.go_live(webinar, now=NOW))

    assert (webinar.status, webinar.went_live_at) == (WebinarStatus.DRAFT, None)


def test_webinar_held_elsewhere_ends_at_its_planned_end(in_app):
    webinar = create()

    run(lambda: actions.end_webinar(webinar, now=DETAILS.ends_at + timedelta(days=400)))

    assert (webinar.status, webinar.ended_at) == (WebinarStatus.ENDED, DETAILS.ends_at)


def test_cancelling_raises_the_sequence_and_tells(in_app):
    webinar = WebinarFactory(calendar_sequence=4)

    recorded = run(lambda: actions.cancel_webinar(webinar, reason="The speaker is ill.", now=NOW))

    assert recorded == [events.WebinarCancelled(webinar_id=webinar.id)]
    assert (webinar.calendar_sequence, webinar.cancel_reason) == (5, "The speaker is ill.")


def test_cancelling_a_draft_tells_nobody(in_app):
    webinar = create()

    recorded = run(lambda: actions.cancel_webinar(webinar, reason="", now=NOW))

    assert recorded == []


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": DETAILS.starts_at + timedelta(minutes=30)},
        {"time_zone": "Europe/Malta"},
        {"title": "Another title"},
        {"join_url": "https://meet.example.org/other"},
    ],
)
def test_change_for_calendars_raises_the_sequence_and_tells(in_app, changes):
    webinar = WebinarFactory()
    expected = events.WebinarRescheduled(
        webinar_id=webinar.id,
        previous_title=webinar.title,
        previous_starts_at=webinar.starts_at.isoformat(),
        previous_ends_at=webinar.ends_at.isoformat(),
        previous_time_zone=webinar.time_zone,
        previous_join_url=webinar.join_url,
    )

    recorded = edit(webinar, **changes)

    assert webinar.calendar_sequence == 1
    assert recorded == [expected]


@pytest.mark.parametrize(
    "changes",
    [{"summary": "New"}, {"description": "New"}, {"contact_email": "x@example.org"}, {}],
)
def test_other_changes_leave_calendars_alone(in_app, changes):
    webinar = WebinarFactory()

    recorded = edit(webinar, **changes)

    assert (webinar.calendar_sequence, recorded) == (0, [])


def test_change_of_a_draft_tells_nobody(in_app):
    webinar = create()

    recorded = edit(webinar, starts_at=DETAILS.starts_at + timedelta(minutes=5))

    assert (webinar.calendar_sequence, recorded) == (1, [])


def test_new_capacity_is_told(in_app):
    webinar = WebinarFactory(capacity=10)

    recorded = edit(webinar, capacity=20)

    assert recorded == [events.WebinarCapacityChanged(webinar_id=webinar.id)]


def test_address_follows_the_title_until_publication(in_app):
    draft, published = create(), WebinarFactory(slug="kept")

    edit(draft, title="Something else")
    edit(published, title="Something else")

    assert (draft.slug, published.slug) == ("something-else", "kept")


def test_stale_edit_is_refused(in_app):
    webinar = create()
    seen_at = webinar.updated_at

    with transaction():
        actions.edit_webinar(
            webinar, replace(DETAILS, summary="Theirs"), now=NOW + timedelta(minutes=1)
        )
    with pytest.raises(ConflictingEdit):
        edit(webinar, summary="Mine", seen_at=seen_at)

    assert webinar.summary == "Theirs"


def test_cancelled_webinar_is_not_edited(in_app):
    webinar = WebinarFactory(status=WebinarStatus.CANCELLED)

    with pytest.raises(CannotEdit):
        edit(webinar, summary="New")


def test_deleting_takes_the_agenda_along_and_leaves_the_speakers(in_app):
    webinar = create()
    speaker = add_speaker(webinar)
    AgendaItemFactory(webinar=webinar, speakers=[speaker])

    run(lambda: actions.delete_draft(webinar))

    assert db.session.query(Webinar).all() == []
    assert speaker.name


def test_published_webinar_is_not_deleted(in_app):
    with pytest.raises(CannotDelete):
        run(lambda: actions.delete_draft(WebinarFactory()))


def test_agenda_item_keeps_its_speakers_in_order(in_app):
    webinar = create()
    first, second, stranger = add_speaker(webinar), add_speaker(webinar), SpeakerFactory()

    recorded = run(
        lambda: actions.add_agenda_item(
            webinar,
            kind=AgendaItemKind.PRESENTATION,
            title="Joint presentation",
            minutes=12,
            section="Panel",
            speaker_ids=[second.id, first.id, stranger.id, second.id],
        )
    )

    [item] = webinar.agenda_items
    assert (item.title, item.minutes, item.section) == ("Joint presentation", 12, "Panel")
    assert [speaker.id for speaker in item.speakers] == [second.id, first.id]
    assert recorded == [events.WebinarAgendaChanged(webinar_id=webinar.id)]


def test_edited_item_changes_its_speakers_and_keeps_its_place(in_app):
    webinar = create()
    first, second = add_speaker(webinar), add_speaker(webinar)
    AgendaItemFactory(webinar=webinar, title="Before")
    item = AgendaItemFactory(webinar=webinar, speakers=[first, second])

    run(
        lambda: actions.edit_agenda_item(
            webinar,
            item_id=item.id,
            kind=AgendaItemKind.PANEL,
            title="After",
            minutes=20,
            speaker_ids=[second.id],
        )
    )

    assert titles(webinar) == ["Before", "After"]
    assert [speaker.id for speaker in item.speakers] == [second.id]


@pytest.mark.parametrize(
    ("moved", "by", "order"),
    [("A", 1, "BAC"), ("C", -1, "ACB"), ("A", -1, "ABC"), ("B", 9, "ACB")],
)
def test_moving_an_item_stops_at_the_ends(in_app, moved, by, order):
    webinar = create()
    items = {title: AgendaItemFactory(webinar=webinar, title=title) for title in "ABC"}

    run(lambda: actions.move_agenda_item(webinar, item_id=items[moved].id, by=by))
    db.session.expire_all()

    assert titles(webinar) == list(order)


def test_reordering_takes_every_item_once(in_app):
    webinar = create()
    a, b, c = (AgendaItemFactory(webinar=webinar, title=title).id for title in "ABC")

    run(lambda: actions.reorder_agenda(webinar, item_ids=[c, a, b]))
    assert titles(webinar) == ["C", "A", "B"]

    for wrong in ([c, a], [a, a, b], [a, b, c, 999]):
        with pytest.raises(AgendaHasChanged):
            run(lambda wrong=wrong: actions.reorder_agenda(webinar, item_ids=wrong))


def test_deleted_item_is_gone(in_app):
    webinar = create()
    item = AgendaItemFactory(webinar=webinar, title="A")
    AgendaItemFactory(webinar=webinar, title="B")

    run(lambda: actions.delete_agenda_item(webinar, item_id=item.id))

    assert titles(webinar) == ["B"]


def test_item_of_another_webinar_is_not_found(in_app):
    webinar, foreign = create(), AgendaItemFactory()

    with pytest.raises(NotFound):
        run(lambda: actions.delete_agenda_item(webinar, item_id=foreign.id))


def test_speaker_speaks_once(in_app):
    webinar, speaker = create(), SpeakerFactory()
    run(lambda: actions.add_webinar_speaker(webinar, speaker=speaker))

    with pytest.raises(SpeaksAlready):
        run(lambda: actions.add_webinar_speaker(webinar, speaker=speaker))

    assert webinar.speakers == [speaker]


def test_removed_speaker_leaves_the_agenda_too(in_app):
    webinar = create()
    speaker = add_speaker(webinar)
    item = AgendaItemFactory(webinar=webinar, speakers=[speaker])

    run(lambda: actions.remove_webinar_speaker(webinar, speaker_id=speaker.id))

    assert (webinar.speakers, item.speakers) == ([], [])


def test_speakers_are_put_in_order(in_app):
    webinar = create()
    a, b, c = (add_speaker(webinar).id for _ in range(3))

    run(lambda: actions.move_webinar_speaker(webinar, speaker_id=c, by=-1))
    assert [speaker.id for speaker in webinar.speakers] == [a, c, b]

    run(lambda: actions.reorder_webinar_speakers(webinar, speaker_ids=[b, a, c]))
    assert [speaker.id for speaker in webinar.speakers] == [b, a, c]

    with pytest.raises(SpeakersHaveChanged):
        run(lambda: actions.reorder_webinar_speakers(webinar, speaker_ids=[a, b]))
