"""What may not be done with a message to many, and how many rows are read for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.messages.broadcasts import actions, queries
from eventapp.messages.broadcasts.refusals import (
    BroadcastHasChanged,
    BroadcastIsElsewhere,
    MorePeopleThanShown,
    NobodyToWriteTo,
)
from eventapp.messages.models import Broadcast
from eventapp.messages.wordings.refusals import UnknownPlaceholder
from tests.factories import (
    RegistrationFactory,
    WebinarFactory,
)
from tests.messages.broadcasting import (
    CONFIRMED,
    people,
    send,
    write,
)

pytestmark = pytest.mark.usefixtures("in_app", "stopped_clock")


def test_it_is_sent_once():
    webinar = RegistrationFactory().webinar
    broadcast = write(webinar)
    send(broadcast)

    with pytest.raises(BroadcastIsElsewhere):
        send(broadcast)


def test_nobody_is_no_audience():
    with pytest.raises(NobodyToWriteTo):
        send(write(WebinarFactory()))


def test_it_goes_to_no_more_people_than_were_shown():
    webinar = WebinarFactory()
    people(webinar, 3)

    with pytest.raises(MorePeopleThanShown):
        send(write(webinar), shown=2)


def test_what_somebody_else_changed_is_not_sent_unread(stopped_clock):
    webinar = RegistrationFactory().webinar
    broadcast = write(webinar)
    seen_at = broadcast.updated_at
    stopped_clock.forward(minutes=1)
    with transaction():
        actions.change_broadcast(
            broadcast,
            segment=CONFIRMED,
            subject="Other",
            body="Words",
            seen_at=seen_at,
            now=clock.now(),
        )

    with pytest.raises(BroadcastHasChanged):
        send(broadcast, seen_at=seen_at)


def test_draft_that_was_sent_is_neither_changed_nor_deleted():
    webinar = RegistrationFactory().webinar
    broadcast = write(webinar)
    send(broadcast)

    with pytest.raises(BroadcastIsElsewhere), transaction():
        actions.delete_broadcast(broadcast)
    assert db.session.scalar(sa.select(sa.func.count(Broadcast.id))) == 1


def test_unknown_placeholder_is_refused():
    with pytest.raises(UnknownPlaceholder):
        write(WebinarFactory(), body="{nmae}")


@pytest.mark.every_engine
def test_counting_many_people_takes_one_query(count_queries):
    webinar = WebinarFactory()
    people(webinar, 5)
    webinar_id = webinar.id

    assert count_queries(lambda: queries.count_people(webinar_id, CONFIRMED)) == 1


def test_long_list_is_turned_page_by_page():
    webinar = WebinarFactory()
    people(webinar, queries.PER_PAGE + 1)

    found = queries.list_people(webinar.id, CONFIRMED, page=2)

    assert (found.pages, len(found.people)) == (2, 1)


def test_pausing_waits_for_nothing_else():
    webinar = RegistrationFactory().webinar
    broadcast = write(webinar)

    with pytest.raises(BroadcastIsElsewhere), transaction():
        actions.pause_broadcast(broadcast, now=clock.now() + timedelta(minutes=1))
