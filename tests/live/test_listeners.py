from __future__ import annotations

import re

from eventapp.core import clock
from eventapp.live.permits import Channel, Permit, read_permit
from eventapp.webinars.models import RoomAccess, WebinarStatus
from tests.factories import RegistrationFactory, WebinarFactory
from tests.live.conftest import stage_path

JSON = {"Accept": "application/json"}


def permit_in(app, client, address) -> Permit:
    page = client.get(address).text
    signed = re.search(r"permit=([^&\"]+)", page)[1]
    permit = read_permit(signed, secret_key=app.config["SECRET_KEY"], now=clock.now())
    assert permit is not None
    return permit


def permits_of(app, client, *addresses) -> list[str]:
    return [permit_in(app, client, address).who for address in addresses]


def make_hall(app) -> None:
    with app.app_context():
        WebinarFactory(slug="hall", status=WebinarStatus.LIVE)


def test_guests_are_told_apart_and_each_stays_the_same(app, client):
    make_hall(app)
    pages = ("/webinars/hall/live", "/webinars/hall/live/state.json", "/webinars/hall/live")

    one = permits_of(app, client, *pages)
    other = permits_of(app, app.test_client(), *pages)

    assert len(set(one)) == len(set(other)) == 1
    assert one[0] != other[0]


def test_guest_who_asks_stays_the_same_listener(app, client):
    make_hall(app)
    [before] = permits_of(app, client, "/webinars/hall/live")

    client.post(
        "/webinars/hall/live/questions", data={"text": "Who?", "submission_key": "k"}, headers=JSON
    )

    assert permits_of(app, client, "/webinars/hall/live") == [before]


def test_attendee_is_the_same_listener_in_every_browser(app):
    with app.app_context():
        registration = RegistrationFactory(
            webinar__slug="hall",
            webinar__status=WebinarStatus.LIVE,
            webinar__room_access=RoomAccess.REGISTERED,
        )
        joined = {str(registration.webinar_id): registration.uid}
    named = set()
    for client in (app.test_client(), app.test_client()):
        with client.session_transaction() as session:
            session["registrations"] = joined

        named |= set(permits_of(app, client, "/webinars/hall/live"))

    [who] = named
    assert re.fullmatch(r"[A-Za-z0-9_-]{16}", who)


def test_screen_is_a_listener_of_its_own(app, client):
    make_hall(app)
    pages = (
        stage_path(app, "hall"),
        stage_path(app, "hall").replace("/stage", "/stage/state.json"),
    )

    [one, again] = permits_of(app, client, *pages)
    [other] = permits_of(app, app.test_client(), pages[0])

    assert one == again != other


def test_moderators_are_told_apart(app, organiser):
    with app.app_context():
        webinar_id = WebinarFactory(status=WebinarStatus.LIVE).id
    desk = f"/manage/webinars/{webinar_id}/live"

    permit = permit_in(app, organiser, desk)

    assert permit.channel is Channel.DESK
    assert permit.who == permit_in(app, organiser, f"{desk}/state.json").who
    assert len(permit.who) == 16
