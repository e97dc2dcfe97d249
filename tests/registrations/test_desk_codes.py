from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core import outbox
from eventapp.core.db import db, transaction
from eventapp.core.mailer import OutgoingMail
from eventapp.registrations import actions, desk_queries
from eventapp.registrations.models import AccessCode, Registration
from eventapp.webinars import actions as webinar_actions
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import EARLIER, AccessCodeFactory, WebinarFactory
from tests.plugins.app import NOON
from tests.registrations.desk import add_people, add_webinar, text_of


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def path_of(webinar_id, rest=""):
    return f"/manage/webinars/{webinar_id}/registrations/codes{rest}"


def run_all():
    while outbox.run_due_jobs():
        pass


def list_written():
    statement = sa.select(OutgoingMail).where(OutgoingMail.message == "access_code")
    return db.session.scalars(statement).all()


def add_code(app, webinar_id, **changes):
    with app.app_context():
        made = AccessCode(webinar_id=webinar_id, created_at=EARLIER, **changes)
        db.session.add(made)
        db.session.commit()
        return made.id


def test_shared_code_is_made_and_shown_with_its_link(app, organiser):
    webinar_id = add_webinar(app)

    response = organiser.post(
        path_of(webinar_id),
        data={"code": "friends 24", "note": "Board", "most_uses": "5"},
        follow_redirects=True,
    )

    page = text_of(response)
    assert "The code FRIENDS24 works from now on." in page
    assert "FRIENDS24 Board 0 of at most 5" in page
    assert "http://localhost/webinars/hubs/register?code=FRIENDS24" in response.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"code": "abc"}, "at least 6 letters or digits"),
        ({"code": "TAKEN24"}, "There is such a code"),
        ({"most_uses": "0"}, "from 1 to 1,000,000"),
        ({"note": "x" * 201}, "at most 200 characters"),
    ],
)
def test_mistakes_in_a_shared_code_are_said(app, organiser, data, said):
    webinar_id = add_webinar(app)
    add_code(app, webinar_id, code="TAKEN24")

    response = organiser.post(path_of(webinar_id), data=data)

    assert said in text_of(response)


def test_lines_are_shown_before_anything_is_sent(app, organiser):
    webinar_id = add_webinar(app)
    lines = (
        'Ada Lovelace <ada@example.org>\n\nben@example.org\n<script>\nADA@example.org\n"E" <e@x.'
    )

    response = organiser.post(path_of(webinar_id, "/invite"), data={"people": lines})

    page = text_of(response)
    assert "2 people are invited" in page
    assert "3 lines are left out" in page
    assert "4 <script> this isn't an e-mail address" in page
    assert "5 ADA@example.org the same address stands further up" in page
    assert "<script>\n" not in response.text.partition("<main")[2].replace("&lt;", "")
    with app.app_context():
        assert db.session.query(AccessCode).count() == 0


def test_each_gets_a_mail_with_their_code_as_a_link(app, organiser):
    webinar_id = add_webinar(app)

    response = organiser.post(
        path_of(webinar_id, "/invite"),
        data={"people": "Ada <ada@example.org>\nben@example.org", "send": "yes"},
        follow_redirects=True,
    )

    assert "2 codes are on their way." in text_of(response)
    with app.app_context():
        run_all()
        codes = db.session.scalars(sa.select(AccessCode).order_by(AccessCode.id)).all()
        mails = list_written()
        assert [(m.to_name, m.to_address) for m in mails] == [
            ("Ada", "ada@example.org"),
            ("", "ben@example.org"),
        ]
        assert f"/webinars/hubs/register?code={codes[0].code}" in mails[0].body_text
        assert [code.sent_at for code in codes] == [NOON, NOON]


@pytest.mark.parametrize(
    "changes",
    [
        {"status": WebinarStatus.ENDED},
        {"status": WebinarStatus.CANCELLED},
        {"starts_at": EARLIER, "ends_at": EARLIER + timedelta(hours=1)},
    ],
)
@pytest.mark.parametrize(
    ("rest", "data"),
    [
        ("/invite", {"people": "Ada <ada@example.org>"}),
        ("/invite", {"people": "Ada <ada@example.org>", "send": "yes"}),
        ("", {"code": "SPRING26"}),
    ],
)
def test_no_code_is_made_that_could_be_of_no_use(app, organiser, changes, rest, data):
    webinar_id = add_webinar(app, **changes)

    page = text_of(organiser.post(path_of(webinar_id, rest), data=data, follow_redirects=True))

    assert "a code would be of no use. Nothing was made or sent." in page
    with app.app_context():
        assert db.session.query(AccessCode).count() == 0


@pytest.mark.parametrize("rest", ["", "/invite"])
def test_pages_say_that_nobody_can_be_invited_any_more(app, organiser, rest):
    ahead, over = add_webinar(app), add_webinar(app, slug="over", status=WebinarStatus.ENDED)

    pages = [text_of(organiser.get(path_of(each, rest))) for each in (ahead, over)]

    said = "Nobody can register for this webinar any more"
    assert [said in page for page in pages] == [False, True]


def test_who_has_a_code_gets_no_second_one(app, organiser):
    webinar_id = add_webinar(app)
    form = {"people": "Ada <ada@example.org>", "send": "yes"}
    organiser.post(path_of(webinar_id, "/invite"), data=form)

    again = organiser.post(path_of(webinar_id, "/invite"), data=form)

    assert "has a code that works already" in text_of(again)
    with app.app_context():
        assert db.session.query(AccessCode).count() == 1


@pytest.mark.every_engine
def test_codes_of_a_draft_are_sent_when_it_is_published(in_app):
    webinar = WebinarFactory(status=WebinarStatus.DRAFT, published_at=None)
    with transaction():
        for number in range(45):
            email = f"ada{number}@example.org"
            actions.add_personal_code(webinar, name="Ada", email=email, now=NOON)
    run_all()
    before = len(list_written())

    with transaction():
        webinar_actions.publish_webinar(db.session.get_one(Webinar, webinar.id), now=NOON)
    run_all()

    assert (before, len(list_written())) == (0, 45)


@pytest.mark.every_engine
def test_revoked_code_is_not_sent(in_app):
    webinar = WebinarFactory()
    with transaction():
        code = actions.add_personal_code(webinar, name="", email="ada@example.org", now=NOON)
        actions.revoke_access_code(code, now=NOON)

    run_all()

    assert list_written() == []


def test_revoked_code_stays_in_the_list(app, organiser):
    webinar_id = add_webinar(app)
    code_id = add_code(app, webinar_id, code="FRIENDS24")

    response = organiser.post(path_of(webinar_id, f"/{code_id}/revoke"), follow_redirects=True)

    assert "FRIENDS24 Revoked" in text_of(response)


def test_codes_take_as_many_queries_for_many_as_for_one(app, organiser, count_queries):
    webinar_id = add_webinar(app)
    path = path_of(webinar_id, "?kind=personal")

    def add(number):
        email = f"ada{number}@example.org"
        code_id = add_code(app, webinar_id, code=f"CODE{number}", email=email, email_key=email)
        [person] = add_people(app, webinar_id, "confirmed")
        with app.app_context():
            db.session.get_one(Registration, person).access_code_id = code_id
            db.session.commit()

    add(0)
    organiser.get(path)
    one = count_queries(lambda: organiser.get(path))
    for number in range(1, 50):
        add(number)
    fifty = count_queries(lambda: organiser.get(path))

    assert fifty == one


@pytest.mark.every_engine
@pytest.mark.every_engine
def test_code_that_a_list_is_narrowed_to_can_be_chosen_beside_many_newer_ones(in_app):
    webinar = WebinarFactory()
    old = AccessCodeFactory(webinar_id=webinar.id)
    newer = [AccessCodeFactory(webinar_id=webinar.id).id for _ in range(101)]

    codes = desk_queries.list_codes_to_choose(webinar.id, present=old.id)

    assert [code.id for code in codes] == [old.id, *newer[:1:-1]]


def test_who_is_invited_after_a_code_was_deleted_gets_theirs(in_app):
    """SQLite gives the id of the last row, once deleted, to the next."""
    webinar = WebinarFactory()
    with transaction():
        first = actions.add_personal_code(webinar, name="", email="ada@example.org", now=NOON)
    run_all()
    with transaction():
        db.session.delete(first)

    with transaction():
        actions.add_personal_code(webinar, name="", email="ben@example.org", now=NOON)
    run_all()

    assert [mail.to_address for mail in list_written()] == ["ada@example.org", "ben@example.org"]
