"""The mail ledger: each e-mail is a row, written with its cause and sent by a worker.

`queue_mail` renders `templates/mail/<message>/{subject.txt,body.txt,body.html}` and writes the row
in the running transaction; `deliver_mail` claims it, sends it over SMTP and writes down what the
server said. A message keeps one Message-ID over its retries (RFC 5322, 3.6.4), so that a mail
accepted twice is shown once. Personal links are filled in at the last moment: the ledger holds a
placeholder in their place, another for each message, so that no text can name it.
"""

from __future__ import annotations

from flask import Flask

from eventapp.core import queue
from eventapp.core.mailer import words
from eventapp.core.mailer.building import build_email, fill_calendar
from eventapp.core.mailer.connection import TIMEOUT, TIMEOUT_SECONDS, mail
from eventapp.core.mailer.delivery import deliver_due_mail, deliver_mail
from eventapp.core.mailer.holding import TOO_LATE, let_go, withhold
from eventapp.core.mailer.ledger import (
    NOT_DELIVERED_YET,
    TASK,
    WAITS,
    Bulk,
    CalendarPart,
    MailStatus,
    OutgoingMail,
    OutgoingMailBody,
    Recipient,
    can_send,
    hand_in,
    new_message_id,
    queue_mail,
    queue_rendered_mail,
    ring_for,
    site_address,
)
from eventapp.core.mailer.withholding import (
    BouncedAddress,
    clear_address,
    find_bounce,
)
from eventapp.core.mailer.words import (
    FindOwnWords,
    MessageInWords,
    OwnWords,
    WriteOwnWords,
    put_into_words,
)

__all__ = [
    "NOT_DELIVERED_YET",
    "TASK",
    "TOO_LATE",
    "WAITS",
    "BouncedAddress",
    "Bulk",
    "CalendarPart",
    "FindOwnWords",
    "MailStatus",
    "MessageInWords",
    "OutgoingMail",
    "OutgoingMailBody",
    "OwnWords",
    "Recipient",
    "WriteOwnWords",
    "build_email",
    "can_send",
    "clear_address",
    "deliver_due_mail",
    "deliver_mail",
    "fill_calendar",
    "find_bounce",
    "hand_in",
    "init_app",
    "let_go",
    "mail",
    "new_message_id",
    "put_into_words",
    "queue_mail",
    "queue_rendered_mail",
    "ring_for",
    "site_address",
    "withhold",
]


def init_app(app: Flask, *, find_own_words: FindOwnWords) -> None:
    # Tests speak with a real server: nothing is swallowed on the way there.
    app.config.setdefault("MAIL_SUPPRESS_SEND", False)
    app.config.setdefault(TIMEOUT, TIMEOUT_SECONDS)
    mail.init_app(app)
    words.init_app(app, find=find_own_words)
    queue.add_task(app, TASK, deliver_mail)
    queue.add_sweep(app, "sweep_mail", deliver_due_mail)
