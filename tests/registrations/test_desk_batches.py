from __future__ import annotations

import re
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from eventapp.core import outbox
from eventapp.core.db import db, transaction
from eventapp.core.mailer import OutgoingMail
from eventapp.registrations import actions
from eventapp.registrations.desk_queries import Selection, Wanted, list_selected_ids
from eventapp.registrations.models import (
    BatchKind,
    BatchStatus,
    CancelledBy,
    Registration,
    RegistrationBatch,
    RegistrationStatus,
)
from eventapp.registrations.rules import ACTIVE
from eventapp.webinars.models import WebinarStatus
from tests.factories import RegistrationFactory, WebinarFactory
from tests.plugins.app import NOON
from tests.registrations.desk import add_people, add_webinar, read, text_of


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def start(webinar, kind, ids):
    with transaction():
        return actions.start_batch(webinar, kind=kind, ids=ids, user_id=None, now=NOON)


def run_all():
    while outbox.run_due_jobs():
        pass


def count(status):
    statement = sa.select(sa.func.count()).where(Registration.status == status)
    return db.session.scalar(statement)


def add_requests(number, **changes):
    webinar = WebinarFactory(**changes)
    requested = [
        RegistrationFactory(webinar=webinar, status=RegistrationStatus.REQUESTED).id
        for _ in range(number)
    ]
    return webinar, requested


@pytest.mark.every_engine
def test_few_are_done_at_once(in_app):
    webinar, ids = add_requests(3, capacity=2)

    batch = start(webinar, BatchKind.APPROVE, ids)

    assert (batch.status, batch.done, batch.waiting) == (BatchStatus.DONE, 3, 1)
    assert (count("confirmed"), count("waiting")) == (2, 1)


@pytest.mark.every_engine
def test_many_are_done_in_slices_and_each_hears_of_it(in_app):
    webinar, ids = add_requests(120)

    batch = start(webinar, BatchKind.DECLINE, ids)
    first = (batch.status, batch.done)
    run_all()
    db.session.refresh(batch)

    assert first == (BatchStatus.RUNNING, 50)
    assert (batch.status, batch.done, batch.finished_at) == (BatchStatus.DONE, 120, NOON)
    assert count("declined") == 120
    written = sa.select(sa.func.count()).where(OutgoingMail.message == "registration_declined")
    assert db.session.scalar(written) == 120


@contextmanager
def list_statements():
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


def start_anew(number):
    webinar, ids = add_requests(number)
    start(webinar, BatchKind.APPROVE, ids)


def start_new_import(number):
    rows = "".join(f"Ada,ada{each}@example.org\n" for each in range(number))
    with transaction():
        batch = actions.keep_import(
            WebinarFactory(),
            text=f"Name,E-mail\n{rows}nobody,\n",
            columns=["name", "email"],
            user_id=None,
            now=NOON,
        )
    with transaction():
        actions.start_import(batch, total=number + 1, now=NOON)


@pytest.mark.parametrize("begin", [start_anew, start_new_import])
def test_batch_is_written_as_often_for_many_as_for_one(in_app, begin):
    writes = []

    for number in (1, 30):
        with list_statements() as statements:
            begin(number)
        writes.append(sum("UPDATE registration_batches" in each for each in statements))

    assert writes[0] == writes[1]
    assert writes[1] <= 2


def test_page_of_a_running_batch_reads_no_table_and_no_ids(app, organiser):
    with app.app_context():
        webinar, ids = add_requests(60)
        path = f"/manage/webinars/{webinar.id}/registrations/batches/"
        path += str(start(webinar, BatchKind.APPROVE, ids).id)
        with list_statements() as statements:
            page = organiser.get(path)

    assert "50 people are let in" in text_of(page)
    assert [each for each in statements if "registration_batches" in each] != []
    assert not any("registration_batches.text" in each for each in statements)
    assert not any("registration_batches.ids" in each for each in statements)


@pytest.mark.every_engine
def test_slice_that_is_tried_twice_does_nothing_twice(in_app):
    webinar, ids = add_requests(60)
    batch = start(webinar, BatchKind.APPROVE, ids)

    for _ in range(2):
        with transaction():
            actions.advance_batch(batch.id, position=50, now=NOON)

    db.session.refresh(batch)
    assert (batch.done, batch.status) == (60, BatchStatus.DONE)


@pytest.mark.every_engine
def test_others_are_left_and_counted(in_app):
    webinar, [ada, ben] = add_requests(2)
    gone = RegistrationFactory(webinar=webinar, status=RegistrationStatus.CANCELLED).id
    elsewhere = RegistrationFactory(status=RegistrationStatus.REQUESTED).id

    batch = start(webinar, BatchKind.APPROVE, [ada, gone, elsewhere, 999, ben])

    assert (batch.done, batch.skipped) == (2, {"changed": 3})
    assert db.session.get_one(Registration, elsewhere).status == RegistrationStatus.REQUESTED


@pytest.mark.every_engine
def test_who_cancels_meanwhile_is_kept_from_coming_back_too(in_app):
    ada = RegistrationFactory(
        status=RegistrationStatus.CANCELLED, cancelled_by=CancelledBy.ATTENDEE
    )

    batch = start(ada.webinar, BatchKind.CANCEL, [ada.id])

    assert (batch.done, ada.cancelled_by) == (1, CancelledBy.ORGANISER)


@pytest.mark.every_engine
def test_cancelling_everyone_lets_nobody_move_up_for_a_moment(in_app):
    webinar = WebinarFactory(capacity=1)
    RegistrationFactory(webinar=webinar)
    RegistrationFactory(webinar=webinar, status=RegistrationStatus.WAITING)
    ids = list_selected_ids(webinar.id, Selection(wanted=Wanted()), statuses=ACTIVE)

    start(webinar, BatchKind.CANCEL, ids)
    run_all()

    written = db.session.scalars(sa.select(OutgoingMail.message)).all()
    assert written == ["registration_cancelled"] * 2


@pytest.mark.every_engine
def test_after_the_webinar_nobody_is_let_in_and_it_says_why(in_app):
    webinar, ids = add_requests(2, status=WebinarStatus.ENDED)

    batch = start(webinar, BatchKind.APPROVE, ids)

    assert (batch.done, batch.skipped) == (0, {"over": 2})


# -- pages -------------------------------------------------------------------------------------


def choose(organiser, webinar_id, query="", **data):
    path = f"/manage/webinars/{webinar_id}/registrations/choose{query}"
    return organiser.post(path, data=data, follow_redirects=True)


def test_choice_is_confirmed_with_how_many_and_whom(app, organiser):
    webinar_id = add_webinar(app, capacity=1)
    add_people(app, webinar_id, "requested", "requested", name="Rita")
    add_people(app, webinar_id, "cancelled")

    asked = choose(organiser, webinar_id, all="yes", do="approve")
    untouched = read(app)
    done = choose(organiser, webinar_id, all="yes", do="approve", sure="2")

    page = text_of(asked)
    assert "Let 2 people in?" in page
    assert "1 seat is free" in page
    assert "3 people: " in page
    assert "Left as they are 1 person Cancelled" in page
    assert untouched == ["requested", "requested", "cancelled"]
    assert "2 people are let in. 1 of them is on the waiting list." in text_of(done)
    assert read(app) == ["confirmed", "waiting", "cancelled"]


def test_confirmation_is_asked_again_where_the_number_has_changed(app, organiser):
    webinar_id = add_webinar(app)
    add_people(app, webinar_id, "requested", "requested")

    response = choose(organiser, webinar_id, all="yes", do="decline", sure="1")

    assert "Decline 2 requests?" in text_of(response)
    assert read(app) == ["requested", "requested"]


def test_all_means_what_the_list_is_narrowed_to(app, organiser):
    webinar_id = add_webinar(app)
    add_people(app, webinar_id, "confirmed", name="Ada")
    add_people(app, webinar_id, "confirmed", name="Ben")

    choose(organiser, webinar_id, "?q=ben", all="yes", do="cancel", sure="1")

    assert read(app) == ["confirmed", "cancelled"]


def test_ticked_people_of_another_webinar_stay_as_they_are(app, organiser):
    webinar_id = add_webinar(app)
    [other] = add_people(app, add_webinar(app, slug="other"), "confirmed")

    response = choose(organiser, webinar_id, id=str(other), do="cancel", sure="1")

    assert "None of those you chose is there any more" in text_of(response)
    assert read(app) == ["confirmed"]


@pytest.mark.parametrize(
    ("status", "wish", "said"),
    [
        ("confirmed", "approve", "Nobody of them can be let in"),
        ("declined", "approve", "Who was declined can be let in out of the list"),
        ("waiting", "decline", "There is no request to decline"),
        ("cancelled", "cancel", "There is no registration to cancel"),
    ],
)
def test_choice_that_hits_nobody_says_so_and_offers_only_the_way_back(
    app, organiser, status, wish, said
):
    webinar_id = add_webinar(app)
    [ada] = add_people(app, webinar_id, status)

    response = choose(organiser, webinar_id, "?q=ada", id=str(ada), do=wish)

    [main] = re.findall(r"<main.*?</main>", response.text, re.DOTALL)
    assert said in text_of(response)
    assert "0 " not in re.search(r"<h1.*?</h1>", main, re.DOTALL)[0]
    assert "<button" not in main
    assert f'href="/manage/webinars/{webinar_id}/registrations?q=ada' in main


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"do": "cancel"}, 200),
        ({"do": "cancel", "id": "x"}, 200),
        ({"do": "cancel", "id": "9" * 40}, 200),
        ({"do": "import", "all": "yes"}, 404),
        ({"do": "nothing", "all": "yes"}, 404),
    ],
)
def test_strange_choices_do_nothing(app, organiser, data, status):
    webinar_id = add_webinar(app)
    add_people(app, webinar_id, "confirmed")

    response = choose(organiser, webinar_id, **data)

    assert response.status_code == status
    assert read(app) == ["confirmed"]


def test_long_one_shows_how_far_it_is_and_the_list_leads_to_it(app, organiser):
    webinar_id = add_webinar(app)
    add_people(app, webinar_id, *["requested"] * 51)

    response = choose(organiser, webinar_id, all="yes", do="decline", sure="51")
    the_list = organiser.get(f"/manage/webinars/{webinar_id}/registrations")

    assert "Working on it" in text_of(response)
    assert "50 of 51" in text_of(response)
    assert re.search(r"/registrations/batches/\d+", the_list.text)
    with app.app_context():
        run_all()
        assert db.session.query(RegistrationBatch).one().done == 51


def test_cancelling_who_never_confirmed_is_called_deleting(app, organiser):
    webinar_id = add_webinar(app)
    ids = add_people(app, webinar_id, "confirmed", "unverified", "unverified")
    choice = {"do": "cancel", "id": [str(each) for each in ids]}
    address = f"/manage/webinars/{webinar_id}/registrations/choose"

    asked = text_of(organiser.post(address, data=choice))
    done = text_of(organiser.post(address, data={**choice, "sure": "3"}, follow_redirects=True))

    assert "2 people never confirmed their address: they are deleted" in asked
    assert (
        "1 registration is cancelled. "
        "2 people who never confirmed their address are deleted." in done
    )
    assert read(app) == ["cancelled"]


def test_cancelling_one_who_never_confirmed_is_called_deleting(app, organiser):
    webinar_id = add_webinar(app)
    [ada] = add_people(app, webinar_id, "unverified", name="Ada")
    address = f"/manage/webinars/{webinar_id}/registrations/{ada}"

    done = text_of(organiser.post(f"{address}/cancel", follow_redirects=True))

    assert "Ada never confirmed their address and is deleted." in done
