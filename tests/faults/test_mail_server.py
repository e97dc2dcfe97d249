"""A mail server that fails in every way it can: nothing is lost, and next to nothing doubled."""

from __future__ import annotations

import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.core import mailer
from eventapp.core.db import db, transaction
from eventapp.core.mailer import MailStatus, OutgoingMail, Recipient
from eventapp.core.mailer.connection import TIMEOUT
from eventapp.core.mailer.delivery import CLAIM_LASTS
from tests.plugins.mail import SENDER

ROOT = Path(__file__).parent.parent.parent
NAMES = tuple(f"p{number}" for number in range(12))
HOURS = 3


def write_mails(names=NAMES) -> list[int]:
    ids = []
    for name in names:
        with transaction():
            row = mailer.queue_rendered_mail(
                "test",
                to=Recipient(name=name, address=f"{name}@example.org", door=f"registration:{name}"),
                subject="Hello",
                body_text="Hello",
                body_html="<p>Hello</p>",
            )
            ids.append(row.id)
    return ids


def read_statuses() -> dict[str, MailStatus]:
    db.session.rollback()
    return {
        row.to_name: row.status
        for row in db.session.execute(sa.select(OutgoingMail.to_name, OutgoingMail.status))
    }


def sweep_for_hours(clock, *, hours=HOURS) -> None:
    for _ in range(hours * 12):
        clock.forward(minutes=5)
        mailer.deliver_due_mail()


def list_recipients(server) -> list[str]:
    return [mail.recipients[0].partition("@")[0] for mail in server.mails]


class Talker(socketserver.StreamRequestHandler):
    """One conversation with a server that does as its `fault` says, once it has the content."""

    def handle(self) -> None:
        self.say("220 faulty ESMTP")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 Go ahead")
                if not self.take_content():
                    return
            elif verb == b"QUIT":
                self.say("221 Bye")
                return
            elif verb == b"EHLO" and self.server.is_pipelining:
                self.say("250-faulty\r\n250 PIPELINING")
            else:
                self.say("250 OK")

    def take_content(self) -> bool:
        content = b""
        while not content.endswith(b"\r\n.\r\n"):
            content += self.rfile.readline()
        self.server.taken.append(content)
        if self.server.fault == "silent":
            self.server.is_over.wait(30)
        if self.server.fault:
            return False
        self.say("250 Taken")
        return True

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class FaultyServer(socketserver.ThreadingTCPServer):
    """An SMTP server whose `fault` is "silent", "hangs up" or none; `taken` has what it got."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, *, is_pipelining: bool) -> None:
        super().__init__(("127.0.0.1", 0), Talker)
        self.is_pipelining = is_pipelining
        self.fault = ""
        self.taken: list[bytes] = []
        self.is_over = threading.Event()

    @property
    def message_ids(self) -> list[bytes]:
        lines = (line for content in self.taken for line in content.split(b"\r\n"))
        return [line for line in lines if line.startswith(b"Message-ID:")]


@pytest.fixture(params=[False, True], ids=["plain", "pipelining"])
def faulty_server(in_app: Flask, request) -> Iterator[FaultyServer]:
    server = FaultyServer(is_pipelining=request.param)
    running = threading.Thread(target=server.serve_forever, daemon=True)
    running.start()
    host, port = server.server_address[:2]
    in_app.config["EVENTAPP"] = replace(in_app.config["EVENTAPP"], mail_server=host, mail_port=port)
    in_app.config.update(MAIL_SERVER=host, MAIL_PORT=port, MAIL_DEFAULT_SENDER=SENDER)
    in_app.config[TIMEOUT] = 0.3
    mailer.mail.init_app(in_app)
    yield server
    server.is_over.set()
    server.shutdown()
    server.server_close()


@pytest.mark.every_engine
def test_server_that_refuses_connections_gets_all_when_it_is_back(
    in_app, mail_server, stopped_clock
):
    write_mails()
    mail_server.stop()
    sweep_for_hours(stopped_clock)
    waited = set(read_statuses().values())
    mail_server.start()

    stopped_clock.forward(minutes=1)
    mailer.deliver_due_mail()

    assert waited == {MailStatus.QUEUED}
    assert sorted(list_recipients(mail_server)) == sorted(NAMES)
    assert set(read_statuses().values()) == {MailStatus.SENT}


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["421 4.3.2 Closing", "451 4.7.1 Greylisted", "452 4.3.1 Full"])
def test_refusals_for_now_lose_and_double_nothing(
    in_app, mail_server, stopped_clock, command, answer
):
    write_mails()
    code, _, text = answer.partition(" ")
    for _ in range(7):
        mail_server.answer_next(int(code), text, command=command)

    sweep_for_hours(stopped_clock)

    assert sorted(list_recipients(mail_server)) == sorted(NAMES)
    assert set(read_statuses().values()) == {MailStatus.SENT}


@pytest.mark.every_engine
def test_one_refused_recipient_fails_alone(in_app, mail_server, stopped_clock):
    write_mails()
    mail_server.answer_next(550, "5.1.1 No such mailbox", command="RCPT")

    sweep_for_hours(stopped_clock)

    statuses = read_statuses()
    assert statuses.pop(NAMES[0]) is MailStatus.FAILED
    assert set(statuses.values()) == {MailStatus.SENT}
    assert sorted(list_recipients(mail_server)) == sorted(NAMES[1:])


@pytest.mark.parametrize("code", [530, 535, 550, 553])
def test_refused_sender_fails_nobody(in_app, mail_server, stopped_clock, code):
    write_mails()
    for _ in range(20):
        mail_server.answer_next(code, "5.7.1 Not from you", command="MAIL")

    sweep_for_hours(stopped_clock)

    assert set(read_statuses().values()) == {MailStatus.SENT}
    assert sorted(list_recipients(mail_server)) == sorted(NAMES)


@pytest.mark.parametrize("fault", ["silent", "hangs up"])
def test_server_that_takes_a_mail_and_says_nothing_may_get_that_one_twice(
    in_app, faulty_server, stopped_clock, fault
):
    write_mails()
    faulty_server.fault = fault

    mailer.deliver_due_mail()
    after_fault = list(read_statuses().values())
    asked = len(faulty_server.taken)
    faulty_server.fault = ""
    sweep_for_hours(stopped_clock, hours=1)

    assert (asked, after_fault.count(MailStatus.QUEUED)) == (1, len(NAMES) - 1)
    assert set(read_statuses().values()) == {MailStatus.SENT}
    ids = faulty_server.message_ids
    assert (len(ids), len(set(ids))) == (len(NAMES) + 1, len(NAMES))
    assert ids.count(ids[0]) == 2


WORKER = """
import time
from config import Settings
from eventapp import create_app
from eventapp.core import mailer
with create_app(Settings.from_environment()).app_context():
    while True:
        mailer.deliver_due_mail()
        time.sleep(0.05)
"""


@contextmanager
def run_worker(app: Flask, server) -> Iterator[subprocess.Popen]:
    """A process that does nothing but send."""
    settings = app.config["EVENTAPP"]
    environ = os.environ | {
        "INSTANCE_DIR": str(settings.instance_dir),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "BASE_URL": settings.base_url,
        "MAIL_SERVER": server.host,
        "MAIL_PORT": str(server.port),
        "MAIL_DEFAULT_SENDER": SENDER,
    }
    worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=environ)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


@pytest.mark.every_engine
def test_worker_that_is_killed_costs_one_doubled_mail_at_most(in_app, mail_server, stopped_clock):
    names = [f"p{number}" for number in range(150)]
    write_mails(names)
    with run_worker(in_app, mail_server) as worker:
        deadline = time.monotonic() + 60
        while len(mail_server.mails) < 30 and time.monotonic() < deadline:
            time.sleep(0.002)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    before = len(mail_server.mails)
    db.session.rollback()
    stopped_clock.at(db.session.scalar(sa.select(sa.func.max(OutgoingMail.claimed_at))))
    stopped_clock.forward(seconds=CLAIM_LASTS.total_seconds() + 60)

    sweep_for_hours(stopped_clock, hours=1)

    assert 30 <= before < len(names)
    assert set(read_statuses().values()) == {MailStatus.SENT}
    ids = [message["Message-ID"] for message in mail_server.messages]
    assert len(set(ids)) == len(names)
    assert len(ids) - len(names) <= 1
