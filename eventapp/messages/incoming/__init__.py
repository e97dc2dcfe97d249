"""Mail that reaches the reply address: answers from calendars, bounces, and whatever else comes.

It comes by a mail server's pipe (`cli`) or from a mailbox (`mailbox`), and goes one way from there:
`reading` makes a `ReceivedMail` of any bytes at all, `reception` takes it in within a transaction
of its own, `actions` write it down and do what it asks for, if `rules` find that it may.
"""

from __future__ import annotations

from flask import Flask

from eventapp.core import queue
from eventapp.messages.incoming.mailbox import poll_mailbox


def init_app(app: Flask) -> None:
    if app.config["EVENTAPP"].imap_url is not None:
        queue.add_sweep(app, "poll_mailbox", poll_mailbox)
