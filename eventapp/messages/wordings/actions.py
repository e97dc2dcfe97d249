"""Every write of organisers' words, and the test that only the organiser gets."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from eventapp.core.db import db
from eventapp.core.mailer import OutgoingMail, Recipient, queue_rendered_mail
from eventapp.messages.models import MessageWording
from eventapp.messages.wordings.filling import read_words
from eventapp.messages.wordings.queries import find_wording
from eventapp.messages.wordings.refusals import WordingHasChanged
from eventapp.messages.wordings.samples import show_message
from eventapp.registrations.invitations import reply_address_of
from eventapp.registrations.models import Registration
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar

TEST = "test"


def save_wording(
    webinar: Webinar,
    message: str,
    *,
    language: str,
    subject: str,
    body: str,
    now: datetime,
    seen_at: datetime | None = None,
) -> MessageWording:
    """Keep an organiser's words for a message of this webinar.

    `seen_at` is when the words were saved that the organiser began with, None for the standard
    ones. Refuses: WordingHasChanged, and as `filling.read_words`.
    """
    read_words(message, subject=subject, body=body)
    lock_webinar(webinar.id)
    found = find_wording(webinar.id, message, language=language)
    if found is not None and found.updated_at != seen_at:
        raise WordingHasChanged
    if found is None:
        found = MessageWording(webinar_id=webinar.id, message=message, language=language)
        db.session.add(found)
    found.subject = subject
    found.body = body
    found.updated_at = now
    db.session.flush()
    return found


def remove_wording(webinar: Webinar, message: str, *, language: str) -> None:
    """Go back to the standard words; does nothing where there are no others."""
    lock_webinar(webinar.id)
    found = find_wording(webinar.id, message, language=language)
    if found is not None:
        db.session.delete(found)
        db.session.flush()


def send_test(
    message: str,
    *,
    subject: str,
    body: str,
    person: Registration,
    to: Recipient,
) -> OutgoingMail:
    """Send a message with these words, as `person` would read it, to the organiser alone.

    `to` has no door, so its personal links open nobody's. Refuses as `filling.read_words`.
    """
    webinar = person.webinar
    note = _(
        "This is a test, with the data of %(name)s. Personal links in it lead nowhere, and no "
        "calendar entry is attached.",
        name=person.name,
    )
    shown = show_message(message, subject=subject, body=body, person=person, to=to, note=note)
    return queue_rendered_mail(
        TEST,
        to=to,
        subject=_("Test: %(subject)s", subject=shown.subject),
        body_text=shown.body_text,
        body_html=shown.body_html,
        webinar_id=webinar.id,
        reply_to=reply_address_of(webinar),
    )
