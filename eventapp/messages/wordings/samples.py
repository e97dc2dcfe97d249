"""A message as it would be now, for a preview and for a test: to a real attendee, or a made-up one.

Nothing here is written to the database, and a link in it opens no door.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from eventapp.core import clock
from eventapp.core.i18n import LANGUAGES
from eventapp.core.mailer import MessageInWords, OwnWords, Recipient, put_into_words, site_address
from eventapp.messages.wordings.filling import fill_words, read_words
from eventapp.messages.wordings.placeholders import say_how_soon, value_placeholders
from eventapp.questions.models import Question
from eventapp.registrations.mails import code_url, describe_to, unsubscribe_url
from eventapp.registrations.models import AccessCode, Registration, RegistrationStatus
from eventapp.registrations.queries import CODE_MESSAGE, find_place_in_queue, find_registration
from eventapp.registrations.rules import EarlierState
from eventapp.webinars.models import Webinar

NOTE_STYLE = "margin:0 0 20px;padding:10px 14px;border:1px dashed #b9b5a8;font-size:14px;"
# What travels with those that concern a seat.
ENTRIES = {
    "registration_confirmed": "REQUEST",
    "registration_promoted": "REQUEST",
    "registration_link": "REQUEST",
    "webinar_rescheduled": "REQUEST",
    "webinar_cancelled": "CANCEL",
    "registration_cancelled": "CANCEL",
}
BULK = {"webinar_reminder", "webinar_live", "webinar_follow_up", "replay_published", "broadcast"}


def choose_person(webinar: Webinar, registration_id: int | None) -> Registration:
    """Return the attendee asked for, or somebody made up where there is none of this webinar."""
    found = find_registration(registration_id) if registration_id else None
    if found is not None and found.webinar_id == webinar.id:
        return found
    return Registration(
        webinar=webinar,
        uid="",
        name=_("Ada Example"),
        email="ada@example.org",
        language=LANGUAGES[0],
        time_zone="",
        status=RegistrationStatus.CONFIRMED,
    )


def show_message(
    message: str,
    *,
    subject: str,
    body: str,
    person: Registration,
    to: Recipient,
    note: str = "",
) -> MessageInWords:
    """Return the message with these words as `person` would read it, with links for `to`.

    A `note` stands above it. Refuses as `filling.read_words`.
    """
    words = read_words(message, subject=subject, body=body)

    def write_own(context: dict[str, Any]) -> OwnWords:
        return _with_note(fill_words(words, value_placeholders(context)), note)

    return put_into_words(
        message,
        language=to.language,
        context={"recipient": to, **describe_sample(message, person, to=to)},
        write_own=write_own,
    )


def _describe_code(person: Registration) -> dict[str, Any]:
    code = AccessCode(code=_("YOURCODE"), name=person.name, email=person.email)
    return {"code": code, "register_url": code_url(code, person.webinar)}


def _with_note(own: OwnWords, note: str) -> OwnWords:
    if not note:
        return own
    return replace(
        own,
        text=f"{note}\n\n{own.text}",
        html=Markup('<p class="faint" style="{}">{}</p>').format(NOTE_STYLE, note) + own.html,
    )


def describe_sample(message: str, person: Registration, *, to: Recipient) -> dict[str, Any]:
    """Return what the message's templates get, with examples for what is of one occasion."""
    webinar = person.webinar
    day_before = timedelta(days=1)
    has_seat = person.status == RegistrationStatus.CONFIRMED
    if message == CODE_MESSAGE:
        return {**describe_to(to, person), **_describe_code(person)}
    return {
        **describe_to(to, person),
        "calendar": ENTRIES.get(message) if has_seat else None,
        "kept_until": person.held_until or clock.now() + timedelta(days=1),
        "unsubscribe_url": unsubscribe_url(to) if message in BULK else None,
        "starts_in": say_how_soon((webinar.starts_at - clock.now()).total_seconds()),
        "place": (find_place_in_queue(person) if person.id else None) or 1,
        "by": "attendee",
        "is_by_organiser": False,
        "changes": ("time",),
        "earlier": EarlierState(
            title=webinar.title,
            starts_at=webinar.starts_at - day_before,
            ends_at=webinar.ends_at - day_before,
            time_zone=webinar.time_zone,
            join_url=webinar.join_url,
        ),
        "replay_url": site_address("pages.replay", slug=webinar.slug),
        "question": Question(text=_("How can we begin?")),
        "timecode": "0:12:30",
        "moment_url": site_address("pages.replay", slug=webinar.slug, t=750),
        "answer": _("About as much as a small bakery.\n\nWe will send you the figures."),
        "answer_url": site_address("pages.replay", slug=webinar.slug) + "#question-1",
        "is_on_replay": True,
    }
