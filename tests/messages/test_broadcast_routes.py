from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa

from eventapp.core import outbox
from eventapp.core.db import db
from eventapp.core.mailer import OutgoingMail
from eventapp.core.tokens import derive_token
from eventapp.form_fields.models import FieldKind, FormField
from eventapp.messages.broadcasts import rules
from eventapp.messages.models import Broadcast, BroadcastStatus
from eventapp.registrations.models import RegistrationStatus
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import EARLIER, RegistrationFactory, WebinarFactory

WORDS = {
    "segment": "confirmed",
    "subject": "News for {name}",
    "body": "Dear **{name}**",
    "attendee": "0",
}


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


@pytest.fixture
def base(app):
    with app.app_context():
        return f"/manage/webinars/{WebinarFactory().id}/messages/broadcasts"


def webinar_of(base):
    return db.session.get_one(Webinar, int(base.split("/")[3]))


def add_people(app, base, number=1, **values):
    with app.app_context():
        rows = [RegistrationFactory(webinar=webinar_of(base), **values) for _ in range(number)]
        return [(row.id, derive_token("registration", row.uid)) for row in rows]


def write(organiser, base, **changes):
    return organiser.post(f"{base}/new", data=WORDS | changes).location


def send(organiser, address):
    page = organiser.get(address).text
    [form] = re.findall(rf'<form[^>]*action="{address}/send".*?</form>', page, re.DOTALL)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    return organiser.post(
        f"{address}/send", data={"people": fields["people"], "seen_at": unescape(fields["seen_at"])}
    )


def statuses(app):
    with app.app_context():
        return db.session.scalars(sa.select(Broadcast.status)).all()


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def test_empty_list_says_what_it_is_for(organiser, base):
    assert "Nothing written yet" in organiser.get(base).text


def test_message_is_written_looked_at_and_sent(app, organiser, base):
    add_people(app, base, 2, name="Ada")

    address = write(organiser, base)
    before = text_of(organiser.get(address))
    sent = send(organiser, address)
    while_sending = text_of(organiser.get(address))
    with app.app_context():
        while outbox.run_due_jobs():
            db.session.rollback()
    after = text_of(organiser.get(address))

    assert "Send to 2 people" in before
    assert sent.status_code == 302
    assert "Written to 0 people" in while_sending
    assert "Written to 2 people" in after
    assert statuses(app) == [BroadcastStatus.SENT]


def test_draft_says_who_is_left_out(app, organiser, base):
    add_people(app, base, 1, name="Ada")
    add_people(app, base, 1, name="Quiet", unsubscribed_at=EARLIER)

    page = text_of(organiser.get(write(organiser, base)))

    assert "Send to 1 person" in page
    assert "1 person who asked for no more messages" in page
    assert re.search(r"Quiet \S+ Unsubscribed", page)


def test_nobody_can_be_written_to_when_there_is_nobody(organiser, base):
    page = organiser.get(write(organiser, base)).text

    assert "There is nobody to write to" in page
    assert "/send" not in page


def test_more_people_than_shown_are_asked_about_again(app, organiser, base):
    add_people(app, base)
    address = write(organiser, base)
    with app.app_context():
        seen_at = db.session.scalar(sa.select(Broadcast.updated_at)).isoformat()
    add_people(app, base)

    answer = organiser.post(
        f"{address}/send", data={"people": "1", "seen_at": seen_at}, follow_redirects=True
    )

    assert "It would go to 2 people now" in text_of(answer)
    assert statuses(app) == [BroadcastStatus.DRAFT]


@pytest.mark.parametrize("sent", [{}, {"people": "many"}, {"people": "9", "seen_at": "later"}])
def test_sending_without_having_seen_is_refused(app, organiser, base, sent):
    add_people(app, base)
    address = write(organiser, base)

    organiser.post(f"{address}/send", data=sent)

    assert statuses(app) == [BroadcastStatus.DRAFT]


def test_it_is_paused_continued_and_stopped(app, organiser, base):
    add_people(app, base)
    address = write(organiser, base)
    send(organiser, address)
    seen = []
    for step in ("pause", "continue", "stop", "continue"):
        organiser.post(f"{address}/{step}")
        seen += statuses(app)

    assert seen == ["paused", "sending", "stopped", "stopped"]


def test_progress_asks_to_be_fetched_again_until_it_is_done(app, organiser, base):
    add_people(app, base)
    address = write(organiser, base)
    send(organiser, address)

    before = organiser.get(f"{address}/progress").text
    with app.app_context():
        while outbox.run_due_jobs():
            db.session.rollback()
    after = organiser.get(f"{address}/progress").text

    assert f'data-poll="{address}/progress"' in before
    assert "data-poll" not in after


def test_draft_is_changed_and_deleted(app, organiser, base):
    address = write(organiser, base)
    page = organiser.get(f"{address}/edit").text
    [field] = re.findall(r'<input[^>]*name="seen_at"[^>]*>', page)
    seen_at = unescape(re.search(r'value="([^"]+)"', field)[1])

    organiser.post(f"{address}/edit", data=WORDS | {"subject": "New", "seen_at": seen_at})
    with app.app_context():
        subjects = db.session.scalars(sa.select(Broadcast.subject)).all()
    organiser.post(f"{address}/delete")

    assert subjects == ["New"]
    assert statuses(app) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": ""}, "Please write a subject."),
        ({"body": "{nmae}"}, "Did you mean {name}?"),
        ({"segment": "everybody"}, "Not a valid choice"),
        ({"segment": "no_show"}, "Not a valid choice"),
        ({"segment": "answer:1:x"}, "Not a valid choice"),
        ({"segment": "chosen:"}, "Not a valid choice"),
        ({"segment": "chosen:1,x"}, "Not a valid choice"),
        ({"segment": f"chosen:{2**31}"}, "Not a valid choice"),
        ({"segment": "chosen:1" + ",1" * 5000}, "Not a valid choice"),
    ],
)
def test_what_can_not_be_is_refused(app, organiser, base, changes, said):
    page = organiser.post(f"{base}/new", data=WORDS | changes)

    assert said in text_of(page)
    assert statuses(app) == []


def test_those_who_did_not_come_can_be_written_to_once_it_is_over(app, organiser, base):
    with app.app_context():
        webinar_of(base).status = WebinarStatus.ENDED
        db.session.commit()

    assert "didn&#39;t come" in organiser.get(f"{base}/new").text
    assert write(organiser, base, segment="no_show")


def test_answers_to_the_form_are_offered(app, organiser, base):
    with app.app_context():
        field = FormField(
            webinar_id=webinar_of(base).id,
            kind=FieldKind.ONE_OF,
            label="Meal",
            options=[{"id": "a1", "text": "Soup"}],
            created_at=EARLIER,
            updated_at=EARLIER,
        )
        db.session.add(field)
        db.session.commit()
        field_id = field.id

    address = write(organiser, base, segment=f"answer:{field_id}:a1")

    assert "Meal: Soup" in organiser.get(f"{base}/new").text
    assert "Meal: Soup" in organiser.get(address).text


def choose(organiser, base, query="", **data):
    """Choose people in the list of registrations, and write to them."""
    address = base.replace("messages/broadcasts", "registrations/choose")
    return organiser.post(f"{address}{query}", data={"do": "mail", **data}, follow_redirects=True)


def chosen_in(page):
    """Return the value and the words of what the form is to go to."""
    [found] = re.findall(r'<option selected value="(chosen:[^"]+)">([^<]+)</option>', page.text)
    return found


def test_people_ticked_in_the_list_are_written_to(app, organiser, base):
    ids = [person_id for person_id, _token in add_people(app, base, 2, name="Ada")]
    add_people(app, base, 1, name="Ben")
    [(unsure, _token)] = add_people(app, base, name="Cyd", status=RegistrationStatus.UNVERIFIED)

    form = choose(organiser, base, id=[*ids, unsure])
    value, words = chosen_in(form)
    address = write(organiser, base, segment=value)
    draft = text_of(organiser.get(address))
    again = chosen_in(organiser.get(f"{address}/edit"))
    send(organiser, address)
    with app.app_context():
        while outbox.run_due_jobs():
            db.session.rollback()
        names = db.session.scalars(sa.select(OutgoingMail.to_name)).all()

    assert words == again[1] == "3 people chosen in the list"
    assert "To 3 people chosen in the list Goes to 2 people Left out 1 person" in draft
    assert names == ["Ada", "Ada"]


def test_all_that_the_list_shows_are_those_at_that_moment(app, organiser, base):
    ids = [person_id for person_id, _token in add_people(app, base, 2, name="Ada")]
    add_people(app, base, 1, name="Ben", email="ben@example.org")

    value, words = chosen_in(choose(organiser, base, "?q=ada", all="yes"))
    add_people(app, base, 1, name="Ada")
    address = write(organiser, base, segment=value)

    assert (value, words) == (f"chosen:{ids[0]},{ids[1]}", "2 people chosen in the list")
    assert "Send to 2 people" in text_of(organiser.get(address))


def test_too_many_are_written_to_as_a_group(app, organiser, base, monkeypatch):
    monkeypatch.setattr(rules, "MOST_CHOSEN", 2)
    add_people(app, base, 3)

    form = choose(organiser, base, all="yes")

    assert "At most 2 people can be chosen in the list." in text_of(form)
    assert "chosen:" not in form.text


@pytest.mark.parametrize("is_saved", [False, True])
def test_preview_shows_one_message_and_opens_no_door(app, organiser, base, is_saved):
    [(ada_id, token)] = add_people(app, base, name="Ada & Co")
    address = f"{base}/preview"
    if is_saved:
        address = f"{write(organiser, base)}/preview"

    answer = organiser.post(address, data=WORDS | {"attendee": str(ada_id)})

    assert "Dear <strong>Ada &amp; Co</strong>" in answer.text
    assert "/r/hidden/unsubscribe" in answer.text
    assert token not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")


@pytest.mark.parametrize("is_saved", [False, True])
def test_test_goes_to_the_organiser_alone(app, organiser, base, is_saved):
    add_people(app, base)
    address = write(organiser, base) if is_saved else f"{base}/new"

    organiser.post(address, data=WORDS | {"test": "yes"})

    with app.app_context():
        [mail] = db.session.scalars(sa.select(OutgoingMail))
        assert mail.to_address.startswith("organiser")
        assert (mail.message, mail.door, mail.broadcast_id) == ("test", None, None)


def test_message_of_another_webinar_is_not_found(app, organiser, base):
    address = write(organiser, base)
    with app.app_context():
        other_id = WebinarFactory().id

    other = address.replace(f"webinars/{base.split('/')[3]}/", f"webinars/{other_id}/")

    assert organiser.get(other).status_code == 404


def test_lists_take_no_more_queries_for_more(app, organiser, base, count_queries):
    address = write(organiser, base)
    add_people(app, base)

    def visit():
        assert {organiser.get(page).status_code for page in (base, address)} == {200}

    visit()
    few = count_queries(visit)
    for _ in range(20):
        write(organiser, base)
    add_people(app, base, 49)
    visit()

    assert count_queries(visit) == few
