from __future__ import annotations

import threading
from datetime import timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from jinja2 import DictLoader

from eventapp.core import mailer, queue
from eventapp.core.db import db, transaction
from eventapp.core.mailer import Bulk, CalendarPart, MailStatus, OutgoingMail, Recipient
from eventapp.core.mailer.delivery import CLAIM_LASTS
from eventapp.core.mailer.ledger import WAITS
from eventapp.core.mailer.outcomes import write_outcomes
from eventapp.core.mailer.sending import MOST_ATTEMPTS
from eventapp.core.tokens import derive_token

# RFC 5322, 2.1.1, without the line end.
LONGEST_LINE = 998
ADA = Recipient(name="Ada", address="ada@example.org", door="registration:one")
ICS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
    b"UID:one@localhost\r\nDTSTAMP:20260310T120000Z\r\nDTSTART:20260324T093000Z\r\n"
    b"URL:http://localhost/r/%s/join\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n" % ADA.placeholder.encode()
)


def write_mail(*, to: Recipient = ADA, subject: str = "Hello", **changes: object) -> int:
    with transaction():
        row = mailer.queue_rendered_mail(
            "test",
            to=to,
            subject=subject,
            body_text=f"Your link: http://localhost/r/{to.placeholder}/\n",
            body_html=f"<p>Your link: http://localhost/r/{to.placeholder}/</p>",
            **changes,
        )
        return row.id


def read_mail(mail_id: int) -> OutgoingMail:
    db.session.rollback()
    return db.session.get_one(OutgoingMail, mail_id)


def part_of(message: EmailMessage, kind: str) -> EmailMessage:
    return next(part for part in message.walk() if part.get_content_type() == kind)


# -- what is sent ------------------------------------------------------------------------------


def test_mail_arrives_with_its_personal_link(in_app, mail_server):
    mail_id = write_mail()

    mailer.deliver_mail(mail_id)

    [message] = mail_server.messages
    link = f"http://localhost/r/{derive_token('registration', 'one')}/"
    assert part_of(message, "text/plain").get_content().strip() == f"Your link: {link}"
    assert link in part_of(message, "text/html").get_content()
    assert read_mail(mail_id).status is MailStatus.SENT


def test_ledger_never_holds_the_personal_link(in_app, mail_server):
    mail_id = write_mail(calendar=CalendarPart(content=ICS, method="REQUEST"))

    mailer.deliver_mail(mail_id)

    row = read_mail(mail_id)
    kept = row.body_text + row.body_html + (row.calendar or b"").decode() + str(row.door)
    assert derive_token("registration", "one") not in kept


def test_each_message_has_a_placeholder_of_its_own(in_app):
    rows = [read_mail(write_mail(to=Recipient(name="Ada", address="a@x.org"))) for _ in range(2)]

    first, second = (row.placeholder for row in rows)
    assert first in rows[0].body_text
    assert first not in rows[1].body_text
    assert len(first) == len(second) == 43


def test_calendar_travels_as_alternative_and_as_file(in_app, mail_server):
    mailer.deliver_mail(write_mail(calendar=CalendarPart(content=ICS, method="REQUEST")))

    [message] = mail_server.messages
    part = part_of(message, "text/calendar")
    assert part.get_param("method") == "REQUEST"
    assert part.get_content_charset() == "utf-8"
    assert part["Content-Disposition"] is None
    [attachment] = message.iter_attachments()
    assert attachment.get_filename() == "invite.ics"
    assert attachment.get_payload(decode=True) == part.get_payload(decode=True)
    assert [p.get_content_type() for p in message.iter_parts()] == [
        "multipart/alternative",
        "application/ics",
    ]


@pytest.mark.parametrize(
    "evil",
    ["Ada\r\nBcc: eve@example.org", "Ada\nBcc: eve@example.org", "Ada\u2028Bcc: e@x.org\x00"],
)
def test_names_and_subjects_cannot_add_headers(in_app, mail_server, evil):
    to = Recipient(name=evil, address="ada@example.org")

    mailer.deliver_mail(write_mail(to=to, subject=evil))

    [mail] = mail_server.mails
    assert mail.recipients == ("ada@example.org",)
    assert mail.message["Bcc"] is None
    assert mail.message["To"].addresses[0].addr_spec == "ada@example.org"


def test_names_of_every_alphabet_arrive_whole(in_app, mail_server):
    name = 'Zoë "Zo" Łukasiewicz-Ωμέγα, 山田'

    mailer.deliver_mail(write_mail(to=Recipient(name=name, address="zoe@example.org")))

    [message] = mail_server.messages
    assert message["To"].addresses[0].display_name == name


def test_long_greek_title_keeps_its_spaces(in_app, mail_server):
    title = "Καλή χρονιά σε όλες τις πόλεις της Ευρώπης και του κόσμου – 東京 🌧️ rain"

    mailer.deliver_mail(write_mail(subject=title))

    assert [message["Subject"] for message in mail_server.messages] == [title]


def test_international_domain_is_written_to_in_ascii(in_app, mail_server):
    mailer.deliver_mail(write_mail(to=Recipient(name="Jörg", address="joerg@büro.example")))

    [mail] = mail_server.mails
    assert mail.recipients == ("joerg@xn--bro-hoa.example",)


def test_text_is_encoded_for_servers_that_take_seven_bits(in_app, mail_server):
    mailer.deliver_mail(write_mail(to=Recipient(name="Zoë", address="z@example.org"), subject="é"))

    [mail] = mail_server.mails
    assert mail.raw.isascii()


def test_answers_go_to_the_contact(in_app, mail_server):
    mailer.deliver_mail(write_mail(reply_to='"Das Büro, Team" <team@example.org>'))

    [message] = mail_server.messages
    [address] = message["Reply-To"].addresses
    assert (address.display_name, address.addr_spec) == ("Das Büro, Team", "team@example.org")


def test_mail_to_many_can_be_unsubscribed_from_with_one_click(in_app, mail_server):
    bulk = Bulk(unsubscribe_url=f"http://localhost/r/{ADA.placeholder}/unsubscribe")

    mailer.deliver_mail(write_mail(bulk=bulk))

    [message] = mail_server.messages
    token = derive_token("registration", "one")
    assert message["List-Unsubscribe"] == f"<http://localhost/r/{token}/unsubscribe>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"


def test_mail_to_one_person_has_nothing_to_unsubscribe_from(in_app, mail_server):
    mailer.deliver_mail(write_mail())

    [message] = mail_server.messages
    assert (message["List-Unsubscribe"], message["Precedence"]) == (None, None)


# -- the ledger --------------------------------------------------------------------------------


@pytest.fixture
def note_template(in_app):
    """A message of the tests' own."""
    in_app.jinja_env.loader = DictLoader(
        {
            "mail/note/subject.txt": "About {{ topic }}\n",
            "mail/note/body.txt": "Hello {{ recipient.name }}: {{ topic }}",
            "mail/note/body.html": "<title>{{ subject }}</title><p>{{ topic }}</p>",
        }
    )


@pytest.mark.every_engine
def test_message_is_put_into_words_and_only_html_is_escaped(note_template):
    with transaction():
        row = mailer.queue_mail("note", to=ADA, context={"topic": "Hubs & <b>more</b>"})

    assert (row.subject, row.body_text) == (
        "About Hubs & <b>more</b>",
        "Hello Ada: Hubs & <b>more</b>\n",
    )
    assert row.body_html.endswith("<p>Hubs &amp; &lt;b&gt;more&lt;/b&gt;</p>")


@pytest.mark.every_engine
def test_key_is_written_once(note_template):
    with transaction():
        first = mailer.queue_mail("note", to=ADA, context={"topic": "x"}, once_key="note:1")
        second = mailer.queue_mail("note", to=ADA, context={"topic": "x"}, once_key="note:1")

    assert (first is None, second) == (False, None)


def test_mail_is_not_written_when_its_cause_is_not(in_app):
    def write_and_break() -> None:
        with transaction():
            mailer.queue_rendered_mail("test", to=ADA, subject="", body_text="", body_html="")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_break()

    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingMail)) == 0


def test_without_a_server_mail_waits(in_app):
    mail_id = write_mail()

    mailer.deliver_mail(mail_id)
    tried = mailer.deliver_due_mail()

    row = read_mail(mail_id)
    assert (tried, row.status, row.attempts) == (0, MailStatus.QUEUED, 0)


# -- what can go wrong -------------------------------------------------------------------------


@pytest.mark.every_engine
def test_temporary_refusal_is_tried_again_under_the_same_id(in_app, mail_server, stopped_clock):
    mail_id = write_mail()
    mail_server.answer_next(451, "4.7.1 Greylisted, come back later")

    mailer.deliver_mail(mail_id)
    refused = read_mail(mail_id)
    state = (refused.status, refused.last_error, refused.due_at - stopped_clock())
    mailer.deliver_due_mail()
    early = len(mail_server.mails)
    stopped_clock.forward(minutes=5)
    mailer.deliver_due_mail()

    assert state == (
        MailStatus.RETRYING, "451 4.7.1 Greylisted, come back later", timedelta(minutes=5)
    )  # fmt: skip
    assert early == 0
    [message] = mail_server.messages
    row = read_mail(mail_id)
    assert message["Message-ID"] == row.message_id
    assert (row.status, row.attempts, row.last_error) == (MailStatus.SENT, 2, None)


def test_server_that_takes_the_mail_and_hangs_up_gets_the_same_id_again(
    in_app, mail_server, stopped_clock
):
    mail_id = write_mail()
    for _ in range(2):
        mailer.deliver_mail(mail_id)
        with transaction() as session:
            session.get_one(OutgoingMail, mail_id).status = MailStatus.QUEUED

    assert len({message["Message-ID"] for message in mail_server.messages}) == 1
    assert len(mail_server.messages) == 2


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_permanent_refusal_stops_and_is_shown(in_app, mail_server, stopped_clock, command):
    mail_id = write_mail()
    mail_server.answer_next(550, "5.1.1 No such mailbox", command=command)

    mailer.deliver_mail(mail_id)
    stopped_clock.forward(days=1)
    mailer.deliver_due_mail()

    row = read_mail(mail_id)
    assert (row.status, row.attempts) == (MailStatus.FAILED, 1)
    assert row.last_error == "550 5.1.1 No such mailbox"
    assert mail_server.mails == []


def test_refusal_of_one_does_not_stop_the_others(in_app, mail_server):
    ids = [write_mail(to=Recipient(name=name, address=f"{name}@example.org")) for name in "abc"]
    mail_server.answer_next(550, "No", command="RCPT")

    mailer.deliver_due_mail()

    assert [read_mail(mail_id).status for mail_id in ids] == [
        MailStatus.FAILED,
        MailStatus.SENT,
        MailStatus.SENT,
    ]


@pytest.mark.every_engine
def test_refusal_of_the_sender_is_no_messages_fault(in_app, mail_server, stopped_clock):
    ids = [write_mail(to=Recipient(name=name, address=f"{name}@example.org")) for name in "abc"]
    mail_server.answer_next(550, "5.7.1 We take nothing from you", command="MAIL")

    mailer.deliver_due_mail()
    rows = [read_mail(mail_id) for mail_id in ids]
    state = [(row.status, row.attempts, row.last_error) for row in rows]
    stopped_clock.forward(minutes=4)
    early = mailer.deliver_due_mail()
    stopped_clock.forward(minutes=1)
    mailer.deliver_due_mail()

    reason = "550 5.7.1 We take nothing from you"
    assert state[0] == (MailStatus.RETRYING, 0, reason)
    assert state[1:] == [(MailStatus.QUEUED, 0, reason)] * 2
    assert (early, len(mail_server.mails)) == (0, 3)


def test_server_that_has_enough_is_left_alone(in_app, mail_server, stopped_clock):
    ids = [write_mail(to=Recipient(name=name, address=f"{name}@example.org")) for name in "ab"]
    mail_server.answer_next(452, "4.3.1 Full", command="RCPT")

    mailer.deliver_due_mail()
    state = [(row.status, row.attempts) for row in map(read_mail, ids)]
    stopped_clock.forward(minutes=2)
    mailer.deliver_due_mail()

    assert state == [(MailStatus.RETRYING, 1), (MailStatus.QUEUED, 0)]
    assert [mail.recipients for mail in mail_server.mails] == [("b@example.org",)]


def test_refusals_by_policy_stop_before_many_have_failed(in_app, mail_server, stopped_clock):
    ids = [write_mail(to=Recipient(name=n, address=f"{n}@example.org")) for n in "abcdefgh"]
    for _ in ids:
        mail_server.answer_next(550, "5.7.1 Blocked", command="RCPT")

    mailer.deliver_due_mail()

    statuses = [read_mail(mail_id).status for mail_id in ids]
    assert statuses == [MailStatus.FAILED] * 4 + [MailStatus.RETRYING] + [MailStatus.QUEUED] * 3


def test_mail_that_cannot_be_built_fails_and_the_others_go(in_app, mail_server):
    poison = write_mail(to=Recipient(name="?", address="no address at all"))
    good = write_mail()

    mailer.deliver_due_mail()

    assert read_mail(poison).status is MailStatus.FAILED
    assert "no address at all" in (read_mail(poison).last_error or "")
    assert read_mail(good).status is MailStatus.SENT


def test_server_that_is_away_costs_no_attempt(in_app, mail_server, stopped_clock):
    ids = [write_mail(to=Recipient(name=n, address=f"{n}@example.org")) for n in "ab"]
    mail_server.stop()

    mailer.deliver_due_mail()
    away = [read_mail(mail_id) for mail_id in ids]
    state = [(row.status, row.attempts, "refused" in (row.last_error or "")) for row in away]
    mail_server.start()
    mailer.deliver_mail(ids[0])
    at_once = len(mail_server.mails)
    stopped_clock.forward(minutes=1)
    mailer.deliver_due_mail()

    assert state == [(MailStatus.QUEUED, 0, True)] * 2
    assert at_once == 0
    assert len(mail_server.mails) == 2


@pytest.mark.every_engine
def test_why_mail_waits_is_written_once_for_each(in_app, mail_server, stopped_clock):
    write_mail()
    mail_server.stop()
    mailer.deliver_due_mail()
    stopped_clock.forward(minutes=1)
    written = []

    def note(_connection, cursor, statement, *_rest):
        if "last_error=" in statement and "due_at <=" in statement:
            written.append(cursor.rowcount)

    sa.event.listen(db.engine, "after_cursor_execute", note)
    try:
        mailer.deliver_due_mail()
    finally:
        sa.event.remove(db.engine, "after_cursor_execute", note)

    assert written == [0]


def test_server_that_stays_away_for_a_night_loses_nothing(in_app, mail_server, stopped_clock):
    mail_id = write_mail()
    mail_server.stop()
    for _ in range(48):
        stopped_clock.forward(minutes=15)
        mailer.deliver_due_mail()
    mail_server.start()

    stopped_clock.forward(minutes=1)
    mailer.deliver_due_mail()

    assert read_mail(mail_id).status is MailStatus.SENT


def test_mail_refused_for_days_ends_as_failed(in_app, mail_server, stopped_clock):
    mail_id = write_mail()
    begun = stopped_clock()
    while read_mail(mail_id).status in WAITS:
        mail_server.answer_next(451, "Later")
        stopped_clock.at(read_mail(mail_id).due_at)
        mailer.deliver_due_mail()

    assert read_mail(mail_id).attempts == MOST_ATTEMPTS
    assert timedelta(days=2) < stopped_clock() - begun < timedelta(days=5)


@pytest.mark.every_engine
def test_crash_after_the_claim_is_released_by_the_sweep(in_app, mail_server, stopped_clock):
    mail_id = write_mail()
    with transaction() as session:
        row = session.get_one(OutgoingMail, mail_id)
        row.status, row.claimed_at, row.attempts = MailStatus.SENDING, stopped_clock(), 1

    mailer.deliver_due_mail()
    too_early = read_mail(mail_id).status
    stopped_clock.forward(seconds=CLAIM_LASTS.total_seconds() + 61)
    mailer.deliver_due_mail()

    assert too_early is MailStatus.SENDING
    assert read_mail(mail_id).status is MailStatus.SENT
    assert len(mail_server.mails) == 1


def test_worker_that_was_overtaken_writes_nothing(in_app, mail_server, stopped_clock):
    mail_id = write_mail()
    mail_server.answer_next(451, "Later")
    [overtaken] = mailer.delivery._claim([mail_id])
    stopped_clock.forward(minutes=10)
    mailer.deliver_due_mail()
    stopped_clock.forward(minutes=10)
    mailer.deliver_due_mail()

    with write_outcomes() as outcomes:
        outcomes.write(overtaken, status=MailStatus.FAILED)

    assert read_mail(mail_id).status is MailStatus.SENT


@pytest.mark.every_engine
def test_what_was_given_back_and_claimed_anew_is_the_others(in_app, mail_server, stopped_clock):
    first, second = write_mail(), write_mail(to=Recipient(name="B", address="b@example.org"))
    overtaken = mailer.delivery._claim([first, second])[1]
    stopped_clock.forward(minutes=10)
    mailer.delivery._release_abandoned(stopped_clock())
    [theirs] = mailer.delivery._claim([second])

    with write_outcomes() as outcomes:
        outcomes.write(overtaken, status=MailStatus.QUEUED)
        outcomes.write_taken(overtaken)
        before = read_mail(second).status
        outcomes.write_taken(theirs)

    assert (before, read_mail(second).status) == (MailStatus.SENDING, MailStatus.SENT)


@pytest.mark.every_engine
def test_many_workers_send_each_mail_once(app, mail_server):
    with app.app_context():
        ids = [
            write_mail(to=Recipient(name=str(n), address=f"a{n}@example.org")) for n in range(20)
        ]
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        with app.app_context():
            mailer.deliver_due_mail()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(mail.recipients[0] for mail in mail_server.mails) == sorted(
        f"a{n}@example.org" for n in range(20)
    )
    with app.app_context():
        assert {read_mail(mail_id).status for mail_id in ids} == {MailStatus.SENT}


@pytest.mark.every_engine
def test_one_persons_mails_leave_in_order(in_app, mail_server, stopped_clock):
    first, second = write_mail(subject="first"), write_mail(subject="second")
    mail_server.answer_next(451, "Later")
    mailer.deliver_mail(first)

    mailer.deliver_mail(second)
    held = len(mail_server.mails)
    stopped_clock.forward(minutes=5)
    mailer.deliver_due_mail()

    assert held == 0
    assert [message["Subject"] for message in mail_server.messages] == ["first", "second"]


@pytest.mark.every_engine
def test_mail_that_waits_for_an_earlier_one_takes_it_along(in_app, mail_server):
    _first, second = write_mail(subject="first"), write_mail(subject="second")

    mailer.deliver_mail(second)

    assert [message["Subject"] for message in mail_server.messages] == ["first", "second"]


def test_one_bell_is_rung_for_all_that_a_transaction_writes(in_app, mail_server):
    with transaction():
        for name in "abc":
            to = Recipient(name=name, address=f"{name}@example.org")
            mailer.queue_rendered_mail("test", to=to, subject="x", body_text="x", body_html="x")
    bells = [task.args[0] for task in queue.queue_of(in_app).pending()]

    mailer.deliver_mail(bells[0])

    assert len(bells) == 1
    assert len(mail_server.mails) == 3


def test_worker_that_had_its_share_rings_for_the_rest(in_app, mail_server, monkeypatch):
    monkeypatch.setattr(mailer.delivery, "BELL_AT_MOST", 2)
    ids = [write_mail(to=Recipient(name=n, address=f"{n}@example.org")) for n in "abc"]
    queue.queue_of(in_app).flush()

    mailer.deliver_mail(ids[0])

    assert len(mail_server.mails) == 2
    assert [task.args for task in queue.queue_of(in_app).pending()] == [(ids[2],)]


@pytest.mark.every_engine
def test_crash_costs_only_the_message_that_was_under_way(in_app, mail_server, stopped_clock):
    ids = [write_mail(to=Recipient(name=n, address=f"{n}@example.org")) for n in "abc"]
    mailer.delivery._claim(ids)

    stopped_clock.forward(seconds=CLAIM_LASTS.total_seconds() + 1)
    mailer.deliver_due_mail()
    after = [(row.status, row.attempts) for row in map(read_mail, ids)]

    assert after == [(MailStatus.RETRYING, 1), (MailStatus.SENT, 1), (MailStatus.SENT, 1)]


def test_what_there_was_no_time_for_is_given_back(in_app, mail_server, stopped_clock, monkeypatch):
    ids = [write_mail(to=Recipient(name=n, address=f"{n}@example.org")) for n in "ab"]
    post = mailer.delivery.MailConnection.post

    def post_slowly(self, email, **meanwhile):
        post(self, email, **meanwhile)
        stopped_clock.forward(minutes=1)

    monkeypatch.setattr(mailer.delivery.MailConnection, "post", post_slowly)

    mailer.deliver_due_mail()

    after = [(row.status, row.attempts) for row in map(read_mail, ids)]
    assert after == [(MailStatus.SENT, 1), (MailStatus.QUEUED, 0)]


def test_many_mails_share_one_conversation(in_app, mail_server, monkeypatch):
    opened = []
    connect = mailer.delivery.MailConnection.configure_host

    def count(self):
        opened.append(1)
        return connect(self)

    monkeypatch.setattr(mailer.delivery.MailConnection, "configure_host", count)
    for n in range(10):
        write_mail(to=Recipient(name=str(n), address=f"a{n}@example.org"))

    mailer.deliver_due_mail()

    assert (len(opened), len(mail_server.mails)) == (1, 10)


def test_no_transaction_is_open_while_the_server_takes_its_time(in_app, mail_server, monkeypatch):
    seen = []
    post = mailer.delivery.MailConnection.post

    def look(self, built, **meanwhile):
        seen.append(db.session().in_transaction())
        post(self, built, **meanwhile)

    monkeypatch.setattr(mailer.delivery.MailConnection, "post", look)
    write_mail()

    mailer.deliver_due_mail()

    assert seen == [False]
