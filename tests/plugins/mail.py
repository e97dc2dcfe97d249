"""Mail that really travels: the application connected to the SMTP server of the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from eventapp.core import mailer, outbox
from eventapp.core.db import db
from tests.servers.smtp import SmtpServer

SENDER = "Webinars <webinars@example.org>"


def connect_mail(app: Flask, server: SmtpServer) -> None:
    app.config["EVENTAPP"] = replace(
        app.config["EVENTAPP"], mail_server=server.host, mail_port=server.port
    )
    app.config.update(MAIL_SERVER=server.host, MAIL_PORT=server.port, MAIL_DEFAULT_SENDER=SENDER)
    mailer.mail.init_app(app)


@pytest.fixture
def mail_server(app: Flask, smtp_server: SmtpServer) -> SmtpServer:
    """The SMTP server, with the application configured to send through it."""
    connect_mail(app, smtp_server)
    return smtp_server


def work_through() -> None:
    """Do what workers do until nothing is due: reactions first, then the mail that they wrote."""
    while outbox.run_due_jobs() or mailer.deliver_due_mail():
        db.session.rollback()
    db.session.rollback()


@pytest.fixture
def work(in_app: Flask) -> Callable[[], None]:
    return work_through
