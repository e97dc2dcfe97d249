"""The mailbox, on a real IMAP server."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.queue import queue_of
from eventapp.messages.incoming.mailbox import poll_mailbox
from eventapp.messages.models import IncomingMail
from tests.messages.incoming.answers import write_note

SEEN = {r"\Seen"}
FOLDER = 'Replies "of" webinars'


@pytest.fixture
def folder():
    return "INBOX"


@pytest.fixture
def environment(imap_server, folder):
    return {"REPLY_ADDRESS": "replies@example.org", "IMAP_URL": imap_server.url(folder)}


def list_texts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(IncomingMail.text).order_by(IncomingMail.id)))


@pytest.mark.every_engine
def test_unseen_messages_are_taken_in_and_marked_as_seen(in_app, imap_server):
    for text in ("One", "Two"):
        imap_server.deliver(write_note("replies@example.org", text))

    count = poll_mailbox()

    assert (count, list_texts()) == (2, ["One", "Two"])
    assert imap_server.list_flags() == [SEEN, SEEN]


def test_what_is_seen_is_left_alone(in_app, imap_server):
    imap_server.deliver(write_note("replies@example.org", "One"))
    poll_mailbox()

    assert (poll_mailbox(), list_texts()) == (0, ["One"])


def test_message_that_is_there_twice_is_kept_once(in_app, imap_server):
    raw = write_note("replies@example.org", "One")
    imap_server.deliver(raw)
    imap_server.deliver(raw)

    poll_mailbox()

    assert list_texts() == ["One"]
    assert imap_server.list_flags() == [SEEN, SEEN]


@pytest.mark.parametrize("raw", [b"x", b"\r\n", b"From: (((\r\n\r\n", b"\xff" * 2000])
def test_broken_message_blocks_no_other(in_app, imap_server, raw):
    imap_server.deliver(raw)
    imap_server.deliver(write_note("replies@example.org", "Two"))

    poll_mailbox()

    assert list_texts()[-1] == "Two"
    assert imap_server.list_flags() == [SEEN, SEEN]


def test_message_that_we_fail_over_is_flagged_and_blocks_no_other(in_app, imap_server, monkeypatch):
    def fail_over_one(raw: bytes) -> bool:
        if b"One" in raw:
            raise AssertionError("a bug of ours")
        return receive(raw)

    receive = poll_mailbox.__globals__["receive"]
    monkeypatch.setitem(poll_mailbox.__globals__, "receive", fail_over_one)
    for text in ("One", "Two"):
        imap_server.deliver(write_note("replies@example.org", text))

    poll_mailbox()

    assert list_texts() == ["Two"]
    assert imap_server.list_flags() == [{r"\Seen", r"\Flagged"}, SEEN]


def set_query_only(value: str) -> None:
    """Have SQLite answer as where its disk can't be written to, or as ever."""
    sa.event.listen(
        db.engine,
        "checkout",
        lambda connection, *_more: connection.execute(f"PRAGMA query_only = {value}"),
    )


def test_messages_wait_while_the_database_is_away(in_app, imap_server):
    imap_server.deliver(write_note("replies@example.org", "One"))
    set_query_only("ON")

    poll_mailbox()

    assert imap_server.list_flags() == [set()]
    set_query_only("OFF")
    poll_mailbox()
    assert list_texts() == ["One"]


def test_message_that_the_database_cannot_take_is_left_to_a_person(in_app, imap_server):
    imap_server.deliver(write_note("replies@example.org", "One"))
    with db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE incoming_mails RENAME TO elsewhere"))

    poll_mailbox()

    assert imap_server.list_flags() == [{r"\Seen", r"\Flagged"}]


def test_large_message_is_read_from_its_beginning(in_app, imap_server):
    imap_server.deliver(write_note("replies@example.org", "One\n" + ("x" * 70 + "\n") * 20_000))

    poll_mailbox()

    [text] = list_texts()
    assert text.startswith("One\n")


def test_server_that_is_away_is_asked_again_later(in_app, imap_server):
    imap_server.stop()
    silence = poll_mailbox()
    imap_server.start()
    imap_server.deliver(write_note("replies@example.org", "One"))

    assert (silence, poll_mailbox()) == (0, 1)


@pytest.mark.parametrize("folder", [FOLDER.replace('"', "%22").replace(" ", "%20")])
def test_any_folder_can_be_the_mailbox(in_app, imap_server, folder):
    escaped = FOLDER.replace('"', r"\"")
    imap_server.deliver(write_note("replies@example.org", "One"), folder=escaped)

    assert poll_mailbox() == 1


@pytest.mark.parametrize("folder", ["Nowhere"])
def test_folder_that_is_not_there_is_no_error(in_app, imap_server, folder):
    assert poll_mailbox() == 0


def test_workers_look_into_the_mailbox_every_minute(app):
    assert "poll_mailbox" in {task.name for task in queue_of(app)._registry.periodic_tasks}
