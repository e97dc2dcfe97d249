"""The real parts are real: each test here would fail against a stand-in."""

import asyncio
import http.client
import smtplib
import socket
import subprocess
import sys
import time
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx
import obstore
import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text

from tests.plugins.loopback import NetworkIsBlocked
from tests.servers.errors import PartIsMissing
from tests.servers.process import ServerProcess


def test_postgres_is_a_supported_version(postgres_url):
    engine = create_engine(postgres_url)

    with engine.connect() as connection:
        version = connection.execute(text("SHOW server_version_num")).scalar_one()
    engine.dispose()

    assert int(version) >= 150000


def test_postgres_database_is_a_copy_of_its_template(postgres_server, new_postgres_database):
    template = postgres_server.create_database()
    with psycopg.connect(_plain(postgres_server.url(template))) as connection:
        connection.execute("CREATE TABLE seat (number integer)")

    copy = new_postgres_database(template)

    with psycopg.connect(_plain(copy)) as connection:
        seats = connection.execute("SELECT count(*) FROM seat").fetchone()
    postgres_server.drop_database(template)
    assert seats == (0,)


def test_postgres_databases_are_apart(new_postgres_database):
    first, second = new_postgres_database(), new_postgres_database()

    with psycopg.connect(_plain(first)) as connection:
        connection.execute("CREATE TABLE seat (number integer)")

    with psycopg.connect(_plain(second)) as connection:
        found = connection.execute("SELECT to_regclass('seat')").fetchone()
    assert found == (None,)


def test_redis_keeps_a_stream(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        client.xadd("room", {"event": "question asked"})

        entries = client.xrange("room")

    assert [fields for _, fields in entries] == [{b"event": b"question asked"}]


def test_redis_comes_back_on_the_same_port(redis_server):
    redis_server.stop()
    with redis.Redis.from_url(redis_server.url) as client, pytest.raises(redis.ConnectionError):
        client.ping()

    redis_server.start()

    with redis.Redis.from_url(redis_server.url) as client:
        assert client.ping()


def test_smtp_server_keeps_the_mail(smtp_server):
    _send(smtp_server, subject="Grüße")

    (mail,) = smtp_server.wait_for_mails(1)

    assert mail.sender == "desk@example.org"
    assert mail.recipients == ("ada@example.org",)
    assert mail.message["Subject"] == "Grüße"
    assert mail.message.get_content() == "See you there.\r\n"


def test_smtp_server_answers_as_told_and_then_accepts(smtp_server):
    smtp_server.answer_next(451, "4.3.0 Try again later.")

    with pytest.raises(smtplib.SMTPDataError, match="Try again later"):
        _send(smtp_server)
    _send(smtp_server)

    smtp_server.wait_for_mails(1)


def test_smtp_server_refuses_a_recipient(smtp_server):
    smtp_server.answer_next(550, "5.1.1 Nobody of this name.", command="RCPT")

    with pytest.raises(smtplib.SMTPRecipientsRefused):
        _send(smtp_server)

    assert smtp_server.mails == []


def test_smtp_server_can_be_out_of_reach(smtp_server):
    smtp_server.stop()
    with pytest.raises(ConnectionRefusedError):
        _send(smtp_server)

    smtp_server.start()
    _send(smtp_server)

    smtp_server.wait_for_mails(1)


def test_storage_server_hands_out_what_is_signed(storage_server):
    store = storage_server.open_bucket()
    store.put("seat.txt", b"seat")

    signed = obstore.sign(store, "GET", "seat.txt", timedelta(minutes=1))

    assert httpx.get(signed).content == b"seat"
    assert httpx.get(signed.partition("?")[0]).status_code == 403


def test_storage_server_refuses_what_is_signed_for_another_host(storage_server):
    signed = obstore.sign(storage_server.open_bucket(), "GET", "seat.txt", timedelta(minutes=1))

    answer = httpx.get(signed.replace(storage_server.url, storage_server.other_url))

    assert answer.status_code == 403


def test_chromium_opens_a_page(page):
    page.goto("data:text/html,<h1>Creative hubs</h1>")

    assert page.get_by_role("heading").inner_text() == "Creative hubs"


@pytest.mark.browser_context(locale="nl-NL", timezone_id="Europe/Amsterdam")
def test_chromium_takes_language_and_timezone_from_the_mark(page):
    resolved = "Intl.DateTimeFormat().resolvedOptions()"

    assert page.evaluate(f"[{resolved}.locale, {resolved}.timeZone]") == [
        "nl-NL",
        "Europe/Amsterdam",
    ]


@pytest.mark.page_errors("^Error: broken$", "ERR_NAME_NOT_RESOLVED")
def test_chromium_page_reports_errors_and_stays_on_this_machine(page):
    page.goto(
        "data:text/html,<img src='http://192.0.2.1/x.png'><script>throw Error('broken')</script>"
    )

    page.wait_for_load_state()


def test_chromium_leaves_room_for_other_event_loops():
    assert asyncio.run(asyncio.sleep(0, result="done")) == "done"


def test_server_that_cannot_start_says_why(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()

    process = ServerProcess(["sh", "-c", "echo The disk is full.; exit 1"], folder=folder)

    with pytest.raises(PartIsMissing, match=r"Redis didn't start. The disk is full\."):
        process.wait_until(lambda: False, name="Redis")


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_network_beyond_this_machine_is_blocked(host):
    with pytest.raises(NetworkIsBlocked):
        http.client.HTTPConnection(host, 80, timeout=1).connect()


def test_network_blocks_datagrams_too():
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        pytest.raises(NetworkIsBlocked),
    ):
        sender.sendto(b"query", ("192.0.2.1", 53))


def test_server_ends_with_the_tests_that_are_killed(tmp_path):
    marker = tmp_path / "folder"
    marker.mkdir()
    program = f"""
import os, signal, sys
from pathlib import Path
from tests.servers.process import ServerProcess

folder = Path({str(marker)!r})
ServerProcess([sys.executable, "-c", "import time; time.sleep(60)"], folder=folder)
os.kill(os.getpid(), signal.SIGKILL)
"""

    killed = subprocess.run([sys.executable, "-c", program], cwd=Path.cwd(), check=False)

    assert killed.returncode < 0
    _wait_until_gone(marker)


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")


def _send(server, *, subject: str = "Hello") -> None:
    message = EmailMessage()
    message["From"], message["To"] = "desk@example.org", "ada@example.org"
    message["Subject"] = subject
    message.set_content("See you there.")
    with smtplib.SMTP(server.host, server.port) as client:
        client.send_message(message)


def _wait_until_gone(path: Path, *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not path.exists()
