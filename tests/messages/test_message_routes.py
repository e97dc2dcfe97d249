from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core import mailer
from eventapp.core.addresses import key_of_address
from eventapp.core.db import db, transaction
from eventapp.core.mailer import BouncedAddress, MailStatus, OutgoingMail, Recipient
from eventapp.core.outbox import JobStatus, OutboxJob
from eventapp.core.tokens import derive_token
from eventapp.registrations.mails import mail_attendee
from tests.factories import EARLIER, RegistrationFactory, WebinarFactory


def write_invitation(app, *, name="Ada", webinar=None, key="one", **changes):
    """Write a confirmation to the ledger; return its id and the personal token in it."""
    with app.app_context():
        extra = {"webinar": db.session.merge(webinar)} if webinar else {}
        registration = RegistrationFactory(name=name, **extra)
        token = derive_token("registration", registration.uid)
        with transaction() as session:
            mail = mail_attendee(
                "registration_confirmed",
                registration,
                once_key=f"{key}:{registration.id}",
                method="REQUEST",
                now=EARLIER,
            )
            for field, value in changes.items():
                setattr(mail, field, value)
            session.flush()
            return mail.id, token


def read(app, mail_id):
    with app.app_context():
        row = db.session.get_one(OutgoingMail, mail_id)
        db.session.expunge(row)
        return row


def count_mails(app):
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count(OutgoingMail.id)))


@pytest.mark.parametrize(
    "path", ["/manage/messages/", "/manage/messages/1", "/manage/messages/1/html"]
)
def test_ledger_is_for_organisers(app, client, path):
    assert client.get(path).status_code == 302


def test_ledger_says_what_was_sent_to_whom_and_why_not(app, organiser):
    write_invitation(app, name="Ada", status=MailStatus.SENT, sent_at=EARLIER)
    write_invitation(
        app, name="Ben", status=MailStatus.FAILED, last_error="550 No such mailbox", key="two"
    )

    page = organiser.get("/manage/messages/").text

    assert "Confirmation" in page
    assert "550 No such mailbox" in page
    assert page.index("Ben") < page.index("Ada")


def test_ledger_of_a_webinar_has_its_own_alone(app, organiser):
    with app.app_context():
        webinar = WebinarFactory()
        webinar_id = webinar.id
    write_invitation(app, name="Ada", webinar=webinar)
    write_invitation(app, name="Ben", key="two")

    page = organiser.get(f"/manage/webinars/{webinar_id}/messages").text

    assert "Ada" in page
    assert "Ben" not in page


@pytest.mark.parametrize("status", MailStatus)
def test_each_status_has_its_tab_and_its_words(app, organiser, status):
    write_invitation(app, name="Ada", status=status)

    page = organiser.get(f"/manage/messages/?status={status.value}").text

    words = {
        "queued": "Queued",
        "sending": "Sending",
        "retrying": "Trying again",
        "sent": "Sent",
        "failed": "Failed",
        "bounced": "Came back",
        "withheld": "Held back",
    }[status.value]
    assert ">Ada<" in page
    assert re.search(rf'status={status.value}"[^>]*aria-current[^>]*>\s*{words}', page)
    assert re.search(rf'<span class="badge [^"]*">{words}</span>', page)


@pytest.mark.parametrize(("query", "shown"), [("status=failed", "Ben"), ("q=ada", "Ada")])
def test_ledger_is_filtered(app, organiser, query, shown):
    write_invitation(app, name="Ada", status=MailStatus.SENT, to_address="ada@example.org")
    write_invitation(
        app, name="Ben", status=MailStatus.FAILED, to_address="ben@example.org", key="two"
    )

    page = organiser.get(f"/manage/messages/?{query}").text

    assert [name for name in ("Ada", "Ben") if f">{name}<" in page] == [shown]


def test_waiting_after_a_failure_is_shown_as_trying_again(app, organiser, mail_server):
    write_invitation(app, status=MailStatus.RETRYING, attempts=2, last_error="451 Later")

    assert "Trying again" in organiser.get("/manage/messages/").text


def test_ledger_says_how_to_set_up_a_mail_server_where_there_is_none(app, organiser):
    page = organiser.get("/manage/messages/").text

    assert "MAIL_SERVER" in page


def test_with_a_mail_server_there_is_nothing_to_set_up(app, organiser, mail_server):
    assert "MAIL_SERVER" not in organiser.get("/manage/messages/").text


def test_personal_links_are_hidden_where_mail_is_sent(app, organiser, mail_server):
    mail_id, token = write_invitation(app)

    pages = [organiser.get(f"/manage/messages/{mail_id}{rest}").text for rest in ("", "/html")]

    assert [token in page for page in pages] == [False, False]
    assert "DOOR-TOKEN" not in "".join(pages)


def test_personal_links_are_real_where_somebody_must_hand_them_over(app, organiser):
    mail_id, token = write_invitation(app)

    pages = [organiser.get(f"/manage/messages/{mail_id}{rest}").text for rest in ("", "/html")]

    assert [token in page for page in pages] == [True, True]


def test_message_is_shown_in_a_frame_that_can_do_nothing(app, organiser):
    mail_id, _ = write_invitation(app)

    page = organiser.get(f"/manage/messages/{mail_id}")
    frame = organiser.get(f"/manage/messages/{mail_id}/html")

    assert re.search(rf'<iframe[^>]+sandbox src="/manage/messages/{mail_id}/html"', page.text)
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    policy = frame.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'")
    assert "script-src" not in policy
    assert "allow-" not in policy


def test_message_whose_person_was_erased_says_so(app, organiser):
    mail_id, _token = write_invitation(
        app, to_name="", to_address="", subject="", door=None, status=MailStatus.SENT
    )

    page = organiser.get(f"/manage/messages/{mail_id}").text
    ledger = organiser.get("/manage/messages/").text

    assert "Erased message" in page
    assert "isn&#39;t kept any more" in page or "isn't kept any more" in page
    assert "<iframe" not in page
    assert '<span class="muted">erased</span>' in ledger


def test_calendar_part_is_shown_readable(app, organiser):
    mail_id, _ = write_invitation(app)

    page = organiser.get(f"/manage/messages/{mail_id}").text

    assert "Adds the webinar, or moves it" in page
    assert "BEGIN:VEVENT" in page
    assert "Tuesday, 24 March 2026, 10:30" in page


def test_failed_message_is_tried_again_under_its_id(app, organiser, mail_server):
    mail_id, _ = write_invitation(app, status=MailStatus.FAILED, attempts=3, last_error="550 No")
    message_id = read(app, mail_id).message_id

    organiser.post(f"/manage/messages/{mail_id}/again")
    with app.app_context():
        mailer.deliver_due_mail()

    assert count_mails(app) == 1
    assert read(app, mail_id).status is MailStatus.SENT
    assert mail_server.messages[0]["Message-ID"] == message_id


def test_sent_message_is_copied_so_that_the_ledger_keeps_both(app, organiser, mail_server):
    mail_id, token = write_invitation(app)
    with app.app_context():
        mailer.deliver_due_mail()

    organiser.post(f"/manage/messages/{mail_id}/again")
    with app.app_context():
        mailer.deliver_due_mail()

    assert count_mails(app) == 2
    first, second = mail_server.messages
    assert first["Message-ID"] != second["Message-ID"]
    assert token in second.get_body(("plain",)).get_content()


def mark_bounced(app, address):
    with app.app_context(), transaction() as session:
        key = key_of_address(address)
        session.add(BouncedAddress(address_key=key, reason="550 Gone", bounced_at=EARLIER))


def test_withheld_message_says_why_and_can_be_sent_anyway(app, organiser, mail_server):
    mail_id, _ = write_invitation(
        app, status=MailStatus.WITHHELD, to_address="ada@example.org", last_error="550 Gone"
    )
    mark_bounced(app, "ada@example.org")
    shown = organiser.get(f"/manage/messages/{mail_id}").text

    organiser.post(f"/manage/messages/{mail_id}/again")
    with app.app_context():
        mailer.deliver_due_mail()

    assert "This message has not left." in shown
    assert "550 Gone" in shown
    assert "Send it anyway" in shown
    assert (read(app, mail_id).status, count_mails(app)) == (MailStatus.SENT, 1)
    assert len(mail_server.mails) == 1


def test_message_that_was_called_back_says_why_and_can_be_sent_anyway(app, organiser, mail_server):
    mail_id, _ = write_invitation(
        app, status=MailStatus.WITHHELD, last_error="It is paused.", useless_from=EARLIER
    )
    shown = organiser.get(f"/manage/messages/{mail_id}").text

    organiser.post(f"/manage/messages/{mail_id}/again")
    with app.app_context():
        mailer.deliver_due_mail()

    assert "Send it anyway only if it still helps." in shown
    assert "It is paused." in shown
    assert "came back before" not in shown
    assert read(app, mail_id).status is MailStatus.SENT
    assert len(mail_server.mails) == 1


def test_message_that_came_back_is_sent_anyway_as_a_copy(app, organiser, mail_server):
    mail_id, _ = write_invitation(
        app, status=MailStatus.BOUNCED, to_address="ada@example.org", bounced_at=EARLIER
    )
    mark_bounced(app, "ada@example.org")

    organiser.post(f"/manage/messages/{mail_id}/again")
    with app.app_context():
        mailer.deliver_due_mail()

    assert (read(app, mail_id).status, count_mails(app)) == (MailStatus.BOUNCED, 2)
    assert len(mail_server.mails) == 1


def test_message_to_an_address_that_bounced_since_is_held_back(app, organiser, mail_server):
    mail_id, _ = write_invitation(app, status=MailStatus.SENT, to_address="ada@example.org")
    mark_bounced(app, "ada@example.org")

    page = organiser.post(f"/manage/messages/{mail_id}/again", follow_redirects=True).text

    assert "It is written down and held back" in page
    assert "550 Gone" in page


def test_copy_can_be_unsubscribed_from_as_well(app, organiser):
    mail_id, _ = write_invitation(app, status=MailStatus.SENT, unsubscribe_url="http://x/u")

    organiser.post(f"/manage/messages/{mail_id}/again")

    assert read(app, mail_id + 1).unsubscribe_url == "http://x/u"


def test_message_on_its_way_is_left_alone(app, organiser):
    mail_id, _ = write_invitation(app)

    response = organiser.post(f"/manage/messages/{mail_id}/again", follow_redirects=True)

    assert "already on its way" in response.text
    assert count_mails(app) == 1


def test_old_invitation_is_not_sent_after_a_newer_one(app, organiser):
    mail_id, _ = write_invitation(app, status=MailStatus.SENT)
    door = read(app, mail_id).door
    write_invitation(app, door=door, key="two")

    response = organiser.post(f"/manage/messages/{mail_id}/again", follow_redirects=True)

    assert "A newer calendar entry has been made" in response.text
    assert count_mails(app) == 2


def test_ledger_takes_as_many_queries_for_many_as_for_one(app, organiser, count_queries):
    def write(number):
        with app.app_context():
            webinar = WebinarFactory()
            with transaction():
                mailer.queue_rendered_mail(
                    "webinar_cancelled",
                    to=Recipient(name=str(number), address="a@example.org"),
                    subject="x",
                    body_text="x",
                    body_html="x",
                    webinar_id=webinar.id,
                )

    write(0)
    organiser.get("/manage/messages/")

    one = count_queries(lambda: organiser.get("/manage/messages/"))
    for number in range(49):
        write(number)
    fifty = count_queries(lambda: organiser.get("/manage/messages/"))

    assert fifty == one


def test_next_try_is_said(app, organiser, mail_server):
    mail_id, _ = write_invitation(
        app, status=MailStatus.RETRYING, attempts=1, due_at=EARLIER + timedelta(minutes=1)
    )

    assert "Next attempt" in organiser.get(f"/manage/messages/{mail_id}").text


def test_failed_jobs_are_shown_and_tried_again(app, organiser):
    with app.app_context(), transaction() as session:
        job = OutboxJob(
            event="RegistrationCancelled",
            payload={},
            reaction="registrations.send_cancellation",
            status=JobStatus.FAILED,
            attempts=10,
            created_at=EARLIER,
            due_at=EARLIER,
        )
        session.add(job)

    warned = organiser.get("/manage/messages/").text
    answered = organiser.post("/manage/messages/jobs/again", follow_redirects=True).text

    assert "1 job has failed." in warned
    assert "1 job has failed." not in answered
    assert "It is being tried again." in answered
    with app.app_context():
        job = db.session.scalars(sa.select(OutboxJob)).one()
        assert (job.status, job.attempts) == (JobStatus.QUEUED, 0)


def test_only_organisers_have_jobs_tried_again(client):
    assert client.post("/manage/messages/jobs/again").status_code == 403
