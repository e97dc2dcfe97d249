"""Messages in a frame beside the form, and tests sent to the organiser: for every such form."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventapp.core import mailer
from eventapp.core.db import transaction
from eventapp.core.i18n import LANGUAGES
from eventapp.core.mailer import Recipient
from eventapp.core.security_headers import MESSAGE_POLICY
from eventapp.messages.reading import MASK
from eventapp.messages.wordings.actions import send_test
from eventapp.messages.wordings.forms import WordsForm
from eventapp.messages.wordings.samples import show_message
from eventapp.registrations.models import Registration

AS_TEXT = "text"


def frame_message(
    message: str,
    *,
    subject: str,
    body: str,
    person: Registration,
    kind: str,
    language: str = LANGUAGES[0],
) -> ResponseReturnValue:
    """Return the message for the frame in a page: as mail programs show it, or as text."""
    to = Recipient(name=person.name, address=person.email, language=language)
    shown = show_message(message, subject=subject, body=body, person=person, to=to)
    if kind == AS_TEXT:
        text = f"{_('Subject')}: {' '.join(shown.subject.split())}\n\n{shown.body_text}"
        return _for_frame(text.replace(to.placeholder, MASK), mimetype="text/plain")
    return _for_frame(shown.body_html.replace(to.placeholder, MASK))


def frame_problems(form: WordsForm) -> ResponseReturnValue:
    """Return what keeps the words from being shown, for the frame."""
    errors = [error for errors in form.errors.values() for error in errors]
    return frame_note(_("There is something to check first"), errors)


def frame_note(title: str, lines: Sequence[str] = ()) -> ResponseReturnValue:
    """Return why there is no message to be shown, for the frame."""
    return _for_frame(render_template("messages/preview_note.html", title=title, lines=lines))


def send_test_to_organiser(
    message: str, *, subject: str, body: str, person: Registration, language: str = LANGUAGES[0]
) -> None:
    """Send the words to the organiser who is signed in, and say so."""
    address = current_user.email
    to = Recipient(name=current_user.name or address, address=address, language=language)
    with transaction():
        send_test(message, subject=subject, body=body, person=person, to=to)
    if mailer.can_send():
        flash(_("A test is on its way to %(address)s.", address=address), "success")
    else:
        flash(
            _(
                "The test is written. It is sent to %(address)s once there is a mail server.",
                address=address,
            ),
            "info",
        )


def _for_frame(page: str, *, mimetype: str = "text/html") -> Response:
    response = Response(page, mimetype=mimetype)
    response.headers["Content-Security-Policy"] = MESSAGE_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
