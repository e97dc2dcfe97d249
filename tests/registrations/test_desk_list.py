from __future__ import annotations

import re
from datetime import timedelta

import pytest

from eventapp.core.db import db
from eventapp.form_fields.models import FieldKind
from eventapp.registrations import desk_queries
from eventapp.registrations.desk_queries import Sort, Wanted
from eventapp.registrations.models import (
    AccessCode,
    CancelledBy,
    FieldAnswer,
    Registration,
    RegistrationStatus,
)
from tests.factories import EARLIER, START, RegistrationFactory, WebinarFactory
from tests.registrations.desk import add_field, add_people, add_webinar, names_in, read, text_of


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def path_of(webinar_id, rest=""):
    return f"/manage/webinars/{webinar_id}/registrations{rest}"


def add_many(count, **changes):
    """Add people, two of each moment, so that an order needs more than the time."""
    webinar = WebinarFactory()
    for number in range(count):
        RegistrationFactory(
            webinar=webinar,
            name=f"Ada {count - number:03}",
            registered_at=EARLIER + timedelta(minutes=number // 2),
            **changes,
        )
    return webinar.id


def turn_pages(webinar_id, wanted, sort):
    """Return what stands on each page, forwards and then back again."""
    page = desk_queries.list_page(webinar_id, wanted, sort=sort)
    forwards = [page]
    while page.next_after:
        page = desk_queries.list_page(webinar_id, wanted, sort=sort, after=page.next_after)
        forwards.append(page)
    back = [page]
    while page.previous_before:
        page = desk_queries.list_page(webinar_id, wanted, sort=sort, before=page.previous_before)
        back.append(page)
    return [[[r.id for r in each.registrations] for each in way] for way in (forwards, back[::-1])]


@pytest.mark.every_engine
@pytest.mark.parametrize("sort", list(Sort))
def test_pages_show_everyone_once_forwards_and_back(in_app, sort):
    webinar_id = add_many(120)

    forwards, back = turn_pages(webinar_id, Wanted(), sort)

    shown = [each for page in forwards for each in page]
    assert [len(page) for page in forwards] == [50, 50, 20]
    assert len(set(shown)) == 120
    assert back == forwards
    first = db.session.get_one(Registration, shown[0]).name
    assert first == {"newest": "Ada 001", "name": "Ada 001"}.get(sort.value, "Ada 120")


def test_page_after_somebody_who_was_erased_is_the_first(in_app):
    webinar_id = add_many(60)
    first = desk_queries.list_page(webinar_id, Wanted())
    db.session.delete(db.session.get_one(Registration, first.next_after))
    db.session.commit()

    page = desk_queries.list_page(webinar_id, Wanted(), after=first.next_after)

    assert len(page.registrations) == 50
    assert (page.previous_before, page.next_after is None) == (None, False)


@pytest.mark.every_engine
def test_waiting_list_stands_in_the_order_of_the_queue(in_app):
    webinar_id = add_many(60, status=RegistrationStatus.WAITING)
    wanted = Wanted(status=RegistrationStatus.WAITING)

    first = desk_queries.list_page(webinar_id, wanted)
    second = desk_queries.list_page(webinar_id, wanted, after=first.next_after)

    ids = [each.id for page in (first, second) for each in page.registrations]
    assert ids == sorted(ids)
    assert first.places | second.places == {each: place for place, each in enumerate(ids, 1)}


def test_place_in_the_queue_is_told_however_the_list_is_narrowed_and_sorted(app, organiser):
    webinar_id = add_webinar(app)
    for minutes, name in enumerate(["Zoe", "Ben", "Ada"]):
        queued_at = EARLIER + timedelta(minutes=minutes)
        add_people(app, webinar_id, "waiting", name=name, queued_at=queued_at)

    def places(query):
        page = organiser.get(path_of(webinar_id, f"?status=waiting{query}"))
        found = re.findall(r'data-label="Place">(\d+)<', page.text)
        return list(zip(names_in(page), found, strict=True))

    assert places("") == [("Zoe", "1"), ("Ben", "2"), ("Ada", "3")]
    assert places("&q=ben") == [("Ben", "2")]
    assert places("&sort=name") == [("Ada", "3"), ("Ben", "2"), ("Zoe", "1")]


def test_waiting_list_takes_as_many_queries_for_many(app, organiser, count_queries):
    webinar_id = add_webinar(app)
    add_people(app, webinar_id, "waiting")
    path = path_of(webinar_id, "?status=waiting")
    organiser.get(path)

    one = count_queries(lambda: organiser.get(path))
    add_people(app, webinar_id, *["waiting"] * 49)
    fifty = count_queries(lambda: organiser.get(path))

    assert fifty == one


def test_who_was_there_once_it_was_live_is_counted(app, organiser):
    webinar_id = add_webinar(app, went_live_at=START)
    early = START - timedelta(minutes=5)
    add_people(app, webinar_id, "confirmed", joined_at=early, last_seen_at=early)
    add_people(app, webinar_id, "confirmed", joined_at=early, last_seen_at=START)
    add_people(app, webinar_id, "confirmed", "cancelled", joined_at=START, last_seen_at=START)

    page = text_of(organiser.get(path_of(webinar_id)))

    assert "Attended 2 of 3 confirmed" in page


def test_nobody_is_counted_before_it_is_live(app, organiser):
    webinar_id = add_webinar(app)
    add_people(app, webinar_id, "confirmed", joined_at=START)

    page = text_of(organiser.get(path_of(webinar_id)))

    assert "confirmed" not in page


@pytest.mark.every_engine
def test_list_is_narrowed_by_answer_code_and_attendance(app, organiser):
    webinar_id = add_webinar(app, went_live_at=START)
    ada, ben, eve = add_people(app, webinar_id, "confirmed", "confirmed", "waiting")
    field_id = add_field(
        app, webinar_id, answers={ada: (["t"], "Teacher"), ben: (["c", "t"], "Both")}
    )
    with app.app_context():
        code = AccessCode(webinar_id=webinar_id, code="FRIENDS", created_at=EARLIER)
        db.session.add(code)
        db.session.flush()
        db.session.get_one(Registration, eve).access_code_id = code.id
        db.session.get_one(Registration, ada).joined_at = START - timedelta(minutes=5)
        db.session.get_one(Registration, ben).joined_at = START
        db.session.commit()
        code_id = code.id
        names = {r.id: r.name for r in db.session.query(Registration)}

    def found(query):
        return set(names_in(organiser.get(path_of(webinar_id, query))))

    assert found(f"?answer={field_id}:t") == {names[ada], names[ben]}
    assert found(f"?answer={field_id}:c") == {names[ben]}
    assert found("?attended=yes") == {names[ben]}
    assert found("?attended=no") == {names[ada], names[eve]}
    assert found(f"?code={code_id}") == {names[eve]}
    assert found(f"?answer={field_id}:t&status=waiting") == set()


def test_fields_of_one_label_can_each_be_narrowed_to(app, organiser):
    webinar_id = add_webinar(app)
    [ada] = add_people(app, webinar_id, "confirmed")
    asked = add_field(app, webinar_id)
    retired = add_field(app, webinar_id, retired_at=EARLIER, answers={ada: (["t"], "Teacher")})
    consent = add_field(app, webinar_id, kind=FieldKind.CONSENT, options=[])

    page = organiser.get(path_of(webinar_id)).text

    assert re.findall(r'<optgroup label="([^"]*)"', page) == [
        *("Role", "Role", "Role (no longer asked)")
    ]
    values = {*re.findall(r'<option value="(\d+:\w+)"', page)}
    assert values == {
        *(f"{asked}:t", f"{asked}:c", f"{retired}:t", f"{retired}:c", f"{consent}:yes")
    }


@pytest.mark.parametrize(("capacity", "said"), [(1, "of 1 seat "), (2, "of 2 seats ")])
def test_list_says_of_how_many_seats(app, organiser, capacity, said):
    webinar_id = add_webinar(app, capacity=capacity)
    add_people(app, webinar_id, "confirmed")

    assert said in text_of(organiser.get(path_of(webinar_id)))


@pytest.mark.every_engine
def test_option_that_answers_still_hold_is_offered_after_its_removal(app, organiser, count_queries):
    webinar_id = add_webinar(app)
    ada, ben, _cyd = add_people(app, webinar_id, *["confirmed"] * 3)
    field_id = add_field(app, webinar_id, answers={ada: (["t", "x"], "Teacher\n<Pilot>")})
    address = path_of(webinar_id)
    one = count_queries(lambda: organiser.get(address))
    with app.app_context():
        db.session.add(
            FieldAnswer(
                registration_id=ben,
                field_id=field_id,
                label="Role",
                value="y",
                text="Chef",
                answered_at=EARLIER,
            )
        )
        db.session.commit()

    page = organiser.get(address)
    writing = organiser.get(f"/manage/webinars/{webinar_id}/messages/broadcasts/new")
    two = count_queries(lambda: organiser.get(address))

    assert f'value="{field_id}:x">&lt;Pilot&gt; (no longer offered)</option>' in page.text
    assert f'value="{field_id}:y">Chef (no longer offered)</option>' in page.text
    assert page.text.count("(no longer offered)") == 2
    assert f'value="answer:{field_id}:x">Role: &lt;Pilot&gt; (no longer offered)' in writing.text
    assert two == one


def test_chosen_columns_show_answers_and_stay_in_every_link(app, organiser):
    webinar_id = add_webinar(app)
    [ada] = add_people(app, webinar_id, "confirmed")
    add_people(app, webinar_id, *["confirmed"] * 50)
    field_id = add_field(app, webinar_id, answers={ada: (["t"], "Teaches <b>all</b>")})

    page = organiser.get(path_of(webinar_id, f"?column={field_id}&sort=oldest"))

    assert "Teaches <b>all</b>" in text_of(page) or "Teaches &lt;b&gt;all&lt;/b&gt;" in page.text
    assert "<b>all</b>" not in page.text
    links = re.findall(r'href="([^"]*registrations\?[^"]*(?:after|status)=[^"]*)"', page.text)
    assert links
    assert all(f"column={field_id}" in link for link in links)


def test_tabs_show_every_status_that_occurs(app, organiser):
    webinar_id = add_webinar(app)
    add_people(app, webinar_id, "requested", "unverified", "offered", "declined")

    page = text_of(organiser.get(path_of(webinar_id)))

    for tab in ("To be let in 1", "Address not confirmed 1", "Seat offered 1", "Declined 1"):
        assert tab in page


def test_list_with_columns_takes_as_many_queries_for_many(app, organiser, count_queries):
    webinar_id = add_webinar(app)
    [ada] = add_people(app, webinar_id, "confirmed")
    field_id = add_field(app, webinar_id, answers={ada: (["t"], "Teacher")})
    path = path_of(webinar_id, f"?column={field_id}")
    organiser.get(path)

    one = count_queries(lambda: organiser.get(path))
    add_people(app, webinar_id, *["confirmed"] * 49)
    fifty = count_queries(lambda: organiser.get(path))

    assert fifty == one


# -- one person --------------------------------------------------------------------------------


def test_page_of_a_person_tells_everything(app, organiser):
    webinar_id = add_webinar(app)
    [ada] = add_people(app, webinar_id, "requested", name="Ada", affiliation="Engine")
    [ben] = add_people(app, webinar_id, "confirmed", name="Ben", registered_by_id=ada)
    add_field(app, webinar_id, answers={ada: (["t"], "Teacher")})

    page = text_of(organiser.get(path_of(webinar_id, f"/{ada}")))
    other = text_of(organiser.get(path_of(webinar_id, f"/{ben}")))

    for said in ("To be let in", "Engine", "Registered as well Ben", "Role Teacher", "Let in"):
        assert said in page
    assert "Registered by Ada" in other


@pytest.mark.parametrize(
    ("added_by", "said"),
    [("organiser", "Registered by an organiser"), ("import", "Imported from a table")],
)
def test_page_of_who_was_added_says_so_and_not_that_they_confirmed(app, organiser, added_by, said):
    webinar_id = add_webinar(app)
    added = {"added_by": added_by, "added_at": EARLIER, "approved_at": EARLIER}
    [ada] = add_people(app, webinar_id, "confirmed", **added)

    page = text_of(organiser.get(path_of(webinar_id, f"/{ada}")))

    assert [words in page for words in (said, "Address confirmed", "Let in")] == [
        *(True, False, False)
    ]


@pytest.mark.parametrize(
    ("before", "step", "after", "said"),
    [
        ("requested", "approve", "confirmed", "Ada has a seat."),
        ("declined", "approve", "confirmed", "Ada has a seat."),
        ("requested", "decline", "declined", "Ada's request is declined."),
        ("confirmed", "approve", "confirmed", "Nobody needs to decide"),
        ("waiting", "cancel", "cancelled", "Ada's registration is cancelled."),
        ("cancelled", "again", "confirmed", "Ada has a seat."),
    ],
)
def test_organiser_decides_on_a_persons_page(app, organiser, before, step, after, said):
    webinar_id = add_webinar(app)
    [ada] = add_people(app, webinar_id, before, name="Ada")

    response = organiser.post(path_of(webinar_id, f"/{ada}/{step}"), follow_redirects=True)

    assert said in text_of(response)
    assert read(app) == [after]


def test_organiser_who_cancels_too_late_reads_what_that_means(app, organiser):
    webinar_id = add_webinar(app)
    cancelled = {"cancelled_at": EARLIER, "cancelled_by": CancelledBy.ATTENDEE}
    [ada] = add_people(app, webinar_id, "cancelled", name="Ada", **cancelled)

    response = organiser.post(path_of(webinar_id, f"/{ada}/cancel"), follow_redirects=True)

    assert "Ada's registration was cancelled already. From now on only an" in text_of(response)
    assert "by an organiser" in text_of(response)


def test_person_of_another_webinar_is_not_found(app, organiser):
    webinar_id = add_webinar(app)
    other_id = add_webinar(app, slug="other")
    [ada] = add_people(app, other_id, "confirmed")

    assert organiser.get(path_of(webinar_id, f"/{ada}")).status_code == 404


# -- by hand -----------------------------------------------------------------------------------


def test_organiser_registers_somebody_although_it_is_full(app, organiser):
    webinar_id = add_webinar(app, capacity=1)
    add_people(app, webinar_id, "confirmed")

    response = organiser.post(
        path_of(webinar_id, "/new"),
        data={"name": "Eve", "email": "eve@example.org"},
        follow_redirects=True,
    )

    assert "All seats are taken: Eve is on the waiting list" in text_of(response)
    assert read(app) == ["confirmed", "waiting"]


def test_somebody_who_is_registered_stays_as_they_are(app, organiser):
    webinar_id = add_webinar(app)
    add_people(app, webinar_id, "waiting", name="Ada", email="ada@example.org")

    response = organiser.post(
        path_of(webinar_id, "/new"),
        data={"name": "Someone", "email": "ADA@example.org"},
        follow_redirects=True,
    )

    assert "Ada is registered already. Nothing was changed." in text_of(response)
    assert read(app) == ["waiting"]


@pytest.mark.parametrize(("before", "said"), [("cancelled", "Cancelled"), ("declined", "Declined")])
def test_organiser_is_asked_before_somebody_comes_back(app, organiser, before, said):
    webinar_id = add_webinar(app)
    [ada] = add_people(app, webinar_id, before, name="<Ada>", email="ada@example.org")
    typed = {"name": "Someone", "email": "ADA@example.org"}

    asked = organiser.post(path_of(webinar_id, "/new"), data=typed)
    of_another = organiser.post(path_of(webinar_id, "/new"), data={**typed, "again": ada + 1})
    unchanged = read(app)
    organiser.post(path_of(webinar_id, "/new"), data={**typed, "again": ada})

    assert "This address belongs to &lt;Ada&gt;:" in asked.text
    assert f"This address belongs to <Ada>: {said}" in text_of(of_another)
    assert f'name="again" value="{ada}"' in asked.text
    assert unchanged == [before]
    assert read(app) == ["confirmed"]
    assert read(app, Registration.name) == ["<Ada>"]


@pytest.mark.parametrize("before", ["unverified", "requested"])
def test_somebody_who_has_come_halfway_is_let_in(app, organiser, before):
    webinar_id = add_webinar(app)
    add_people(app, webinar_id, before, name="Ada", email="ada@example.org")

    response = organiser.post(
        path_of(webinar_id, "/new"),
        data={"name": "Ada", "email": "ada@example.org"},
        follow_redirects=True,
    )

    assert "Ada has a seat and gets an invitation." in text_of(response)
    assert read(app) == ["confirmed"]
