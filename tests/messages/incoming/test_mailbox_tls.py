"""The mailbox over TLS: with a certificate that is trusted, and with one that isn't."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.messages.incoming.mailbox import poll_mailbox
from eventapp.messages.models import IncomingMail
from tests.messages.incoming.answers import write_note
from tests.plugins.servers import start_or_skip
from tests.servers.tls import TlsDoor, make_certificate


@pytest.fixture
def certificate(tmp_path):
    return start_or_skip(lambda: make_certificate(tmp_path))


@pytest.fixture
def tls_door(certificate, imap_server):
    door = TlsDoor(certificate=certificate, port=imap_server.port)
    yield door
    door.stop()


@pytest.fixture
def environment(imap_server, tls_door):
    plain = imap_server.url().replace("imap:", "imaps:")
    return {
        "REPLY_ADDRESS": "replies@example.org",
        "IMAP_URL": plain.replace(f":{imap_server.port}", f":{tls_door.port}"),
    }


def test_mailbox_is_looked_into_over_tls(in_app, imap_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    imap_server.deliver(write_note("replies@example.org", "One"))

    count = poll_mailbox()

    assert count == 1
    assert imap_server.list_flags() == [{r"\Seen"}]


def test_server_that_is_not_trusted_is_told_nothing(in_app, imap_server):
    imap_server.deliver(write_note("replies@example.org", "One"))

    count = poll_mailbox()

    assert count == 0
    assert imap_server.list_flags() == [set()]
    assert db.session.scalar(sa.select(sa.func.count(IncomingMail.id))) == 0
