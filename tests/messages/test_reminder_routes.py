from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.messages.models import Reminder
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import EARLIER, RegistrationFactory, WebinarFactory

DAY_BEFORE = {"anchor": "start", "minutes": "-1440"}


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


@pytest.fixture
def address(app):
    with app.app_context():
        return f"/manage/webinars/{WebinarFactory().id}/messages/reminders"


def written(app):
    with app.app_context():
        return {
            (each.anchor.value, each.minutes): each.is_on
            for each in db.session.scalars(sa.select(Reminder))
        }


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def add_person(app, address):
    with app.app_context():
        RegistrationFactory(webinar=db.session.get_one(Webinar, int(address.split("/")[3])))


def test_page_says_when_and_to_how_many_in_the_webinars_zone(app, organiser, address):
    add_person(app, address)

    page = text_of(organiser.get(address))

    assert "1 day before the start Monday, 23 March 2026, 10:30 Reminder 1 Goes out" in page
    assert "At the start Tuesday, 24 March 2026, 10:30 We are live 1 Goes out" in page
    assert written(app) == {}


def test_reminder_is_added(app, organiser, address):
    organiser.post(address, data={"amount": "2", "unit": "hours", "side": "before_start"})

    assert written(app)["start", -120]
    assert len(written(app)) == 5


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"amount": "1", "unit": "days", "side": "before_start"}, "at that moment already"),
        ({"amount": "99", "unit": "days", "side": "before_start"}, "at most 60 days"),
        ({"amount": "3", "unit": "weeks", "side": "before_start"}, "That moment has passed"),
        ({"amount": "", "unit": "days", "side": "after_end"}, "Please give a number"),
        ({"amount": "1", "unit": "years", "side": "after_end"}, "Not a valid choice"),
    ],
)
def test_moment_that_can_not_be_is_refused(app, organiser, address, sent, said):
    page = organiser.post(address, data=sent)

    assert said in page.text


def test_reminder_is_switched_off_and_on(app, organiser, address):
    organiser.post(f"{address}/switch", data=DAY_BEFORE | {"on": "no"})
    off = written(app)
    organiser.post(f"{address}/switch", data=DAY_BEFORE | {"on": "yes"})

    assert (off["start", -1440], written(app)["start", -1440]) == (False, True)


def test_reminder_is_changed(app, organiser, address):
    moment = f"{address}/moment?anchor=start&minutes=-1440"

    form = organiser.get(moment)
    organiser.post(moment, data={"amount": "2", "unit": "days", "side": "before_start"})

    assert "1 day before the start" in form.text
    assert ("start", -2880) in written(app)
    assert ("start", -1440) not in written(app)


def test_reminder_is_removed(app, organiser, address):
    organiser.post(f"{address}/remove", data=DAY_BEFORE)

    assert ("start", -1440) not in written(app)


@pytest.mark.parametrize(
    "query",
    ["", "?anchor=start&minutes=-7", "?anchor=never&minutes=0", "?anchor=end&minutes=9" + "9" * 30],
)
def test_reminder_that_is_not_there_is_not_found(organiser, address, query):
    assert organiser.get(f"{address}/moment{query}").status_code == 404


def test_reminder_that_is_switched_off_is_named_when_it_is_added_again(organiser, address):
    organiser.post(f"{address}/switch", data=DAY_BEFORE | {"on": "no"})

    page = organiser.post(address, data={"amount": "24", "unit": "hours", "side": "before_start"})

    assert "already, and it is switched off. Nothing has changed" in text_of(page)


def test_answer_to_adding_is_where_the_form_is(organiser, address):
    page = organiser.get(address).text

    assert f'action="{address}#add"' in page
    assert 'id="add"' in page


@pytest.mark.parametrize(
    ("status", "changes", "said"),
    [
        (WebinarStatus.CANCELLED, {"cancelled_at": EARLIER}, "was cancelled before it could leave"),
        (WebinarStatus.ENDED, {}, "Its moment passed before it could go out."),
        (WebinarStatus.ARCHIVED, {}, "Its moment passed before it could go out."),
    ],
)
def test_page_of_what_is_over_promises_nothing(app, organiser, address, status, changes, said):
    with app.app_context():
        webinar = db.session.get_one(Webinar, int(address.split("/")[3]))
        webinar.status = status
        for name, value in changes.items():
            setattr(webinar, name, value)
        db.session.commit()

    page = text_of(organiser.get(address))

    assert "Goes out" not in page
    assert page.count(f"Not sent {said}" if status != WebinarStatus.CANCELLED else said) == 4
    assert "Switch o" not in page


@pytest.mark.parametrize("status", [WebinarStatus.ARCHIVED, WebinarStatus.CANCELLED])
def test_nothing_is_added_or_changed_once_all_is_over(app, organiser, address, status):
    with app.app_context():
        db.session.get_one(Webinar, int(address.split("/")[3])).status = status
        db.session.commit()

    page = text_of(organiser.get(address))

    assert "Add a reminder" not in page
    assert "Change" not in page


@pytest.mark.parametrize(
    ("status", "said"),
    [(WebinarStatus.DRAFT, "is a draft"), (WebinarStatus.CANCELLED, "is cancelled")],
)
def test_page_says_why_nothing_goes_out(app, organiser, address, status, said):
    with app.app_context():
        db.session.get_one(Webinar, int(address.split("/")[3])).status = status
        db.session.commit()

    assert said in organiser.get(address).text


def test_list_takes_no_more_queries_for_more(app, organiser, address, count_queries):
    def visit():
        assert organiser.get(address).status_code == 200

    organiser.post(address, data={"amount": "1", "unit": "days", "side": "after_end"})
    add_person(app, address)
    visit()
    few = count_queries(visit)
    for days in range(2, 8):
        organiser.post(address, data={"amount": str(days), "unit": "days", "side": "after_end"})
    for _ in range(50):
        add_person(app, address)
    visit()

    assert count_queries(visit) == few
