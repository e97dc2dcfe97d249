from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventapp import create_app
from eventapp.audience_reactions.actions import react
from eventapp.audience_reactions.models import ReactionBucket, ReactionKind
from eventapp.audience_reactions.queries import count_reactions
from eventapp.audience_reactions.refusals import ReactionsAreClosed
from eventapp.audience_reactions.rules import bucket_of, clamp_count
from eventapp.core.db import db, transaction
from eventapp.webinars.models import RoomAccess, Webinar, WebinarStatus
from tests.factories import START, WebinarFactory
from tests.plugins.app import settings_for

JSON = {"Accept": "application/json"}
APPLAUSE = "/webinars/hubs/live/reactions/applause"


def clap(webinar: Webinar, *, count: int = 1, seconds: int = 0) -> None:
    now = START + timedelta(seconds=seconds)
    with transaction():
        react(webinar, kind=ReactionKind.APPLAUSE, count=count, now=now)


def buckets() -> list[tuple[datetime, int]]:
    rows = sa.select(ReactionBucket.begins_at, ReactionBucket.count)
    found = db.session.execute(rows.order_by(ReactionBucket.begins_at))
    return [(begins_at, count) for begins_at, count in found]


@pytest.fixture
def live(app):
    with app.app_context():
        return WebinarFactory(slug="hubs", status=WebinarStatus.LIVE).id


def test_bucket_begins_at_whole_ten_seconds():
    moment = datetime(2026, 3, 24, 9, 59, 59, 999_999, tzinfo=UTC)

    assert bucket_of(moment) == datetime(2026, 3, 24, 9, 59, 50, tzinfo=UTC)


@pytest.mark.parametrize(("sent", "counted"), [(None, 1), (0, 1), (-3, 1), (3, 3), (500, 5)])
def test_sending_counts_for_five_at_most(sent, counted):
    assert clamp_count(sent) == counted


@pytest.mark.every_engine
def test_reactions_are_counted_in_their_ten_seconds(in_app):
    webinar = WebinarFactory(status=WebinarStatus.LIVE)

    clap(webinar)
    clap(webinar, count=4, seconds=9)
    clap(webinar, count=2, seconds=10)

    assert buckets() == [(START, 5), (START + timedelta(seconds=10), 2)]
    assert count_reactions(webinar.id) == {"applause": 7, "laugh": 0, "heart": 0, "surprise": 0}


@pytest.mark.every_engine
def test_reactions_of_many_at_once_are_all_counted(in_app):
    webinar_id = WebinarFactory(status=WebinarStatus.LIVE).id

    def clap_once() -> None:
        with in_app.app_context():
            clap(db.session.get_one(Webinar, webinar_id), count=2)

    threads = [threading.Thread(target=clap_once) for _number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    assert buckets() == [(START, 24)]


@pytest.mark.every_engine
@pytest.mark.parametrize("status", [WebinarStatus.PUBLISHED, WebinarStatus.ENDED])
def test_reactions_are_taken_while_live_alone(in_app, status):
    webinar = WebinarFactory(status=status)

    with pytest.raises(ReactionsAreClosed):
        clap(webinar)


def test_reaction_without_a_script_leads_back_to_the_room(client, live):
    answer = client.post(APPLAUSE)

    assert answer.location == "/webinars/hubs/live#reactions"
    assert client.get("/webinars/hubs/live/state.json").json["reactions"]["applause"] == 1


def test_unknown_reaction_is_not_found(client, live):
    assert client.post("/webinars/hubs/live/reactions/boo", headers=JSON).status_code == 404


def test_strangers_do_not_react_in_a_room_for_attendees(app, client):
    with app.app_context():
        WebinarFactory(slug="hubs", status=WebinarStatus.LIVE, room_access=RoomAccess.REGISTERED)

    assert client.post(APPLAUSE, headers=JSON).status_code == 409


@pytest.fixture
def hall(tmp_path, database_url):
    app = create_app(
        settings_for(tmp_path, database_url),
        TESTING=True,
        WTF_CSRF_ENABLED=False,
        RATELIMIT_ENABLED=True,
        SERVER_NAME="localhost",
    )
    with app.app_context():
        WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_one_person_has_thirty_a_minute(hall):
    client = hall.test_client()

    taken = [client.post(APPLAUSE, data={"count": 5}, headers=JSON) for _number in range(7)]
    theirs = hall.test_client().post(APPLAUSE, headers=JSON)

    assert [answer.status_code for answer in taken] == [200] * 6 + [429]
    assert theirs.status_code == 200


def test_sum_stays_in_the_room_after_the_webinar(app, client, live):
    client.post(APPLAUSE, data={"count": 3}, headers=JSON)
    with app.app_context():
        webinar = db.session.get_one(Webinar, live)
        webinar.status, webinar.ended_at = WebinarStatus.ENDED, START
        db.session.commit()

    page = client.get("/webinars/hubs/live").text

    assert "data-react>" not in page
    assert "<span data-count>3</span>" in page
