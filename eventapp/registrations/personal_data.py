"""All that is kept of one attendee, wherever it is kept.

Questions, votes and messages belong to features that stand above registrations: the application
tells this one who keeps what, so that each adds its share to a copy and erases its share. Who
builds on another erases first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from flask import Flask, current_app

from eventapp.core.mailer import find_bounce, site_address
from eventapp.registrations.answers import list_given
from eventapp.registrations.models import AccessCode, FieldAnswer, Registration
from eventapp.registrations.queries import list_codes_for

Values: TypeAlias = dict[str, Any]
MOMENTS = (
    *("registered_at", "added_at", "verified_at", "approved_at", "declined_at"),
    *("confirmed_at", "cancelled_at", "unsubscribed_at", "joined_at", "last_seen_at"),
)


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """A feature that keeps something of attendees.

    `collect` returns what, as JSON can hold it; `erase` takes it away, or what names the person.
    Both are called before the registration goes, `erase` inside the transaction.
    """

    name: str
    collect: Callable[[Registration], Any]
    erase: Callable[[Registration], None]


def init_app(app: Flask, *, keepers: Sequence[Keeper]) -> None:
    app.extensions["eventapp.keepers"] = tuple(keepers)


def collect_personal_data(registration: Registration) -> Values:
    """Return all that is kept of an attendee, as JSON can hold it; times are in UTC."""
    return {
        "webinar": _describe_webinar(registration),
        "registration": _describe(registration),
        "access_codes": [_describe_code(code) for code in list_codes_for(registration)],
        "mail_came_back": _describe_bounce(registration),
        "answers": [_describe_answer(answer) for answer in list_given(registration.id)],
        **{keeper.name: keeper.collect(registration) for keeper in _keepers()},
    }


def erase_elsewhere(registration: Registration) -> None:
    """Let every feature erase what it keeps of this attendee."""
    for keeper in _keepers():
        keeper.erase(registration)


def moment(at: datetime | None) -> str | None:
    """Return a time as JSON holds it."""
    return at.isoformat(timespec="seconds") if at else None


def _keepers() -> tuple[Keeper, ...]:
    keepers: tuple[Keeper, ...] = current_app.extensions["eventapp.keepers"]
    return keepers


def _describe_webinar(registration: Registration) -> Values:
    webinar = registration.webinar
    return {
        "title": webinar.title,
        "address": site_address("pages.webinar", slug=webinar.slug),
        "starts_at": moment(webinar.starts_at),
        "ends_at": moment(webinar.ends_at),
        "time_zone": webinar.time_zone,
    }


def _describe(registration: Registration) -> Values:
    """Who registered somebody in a group, and with which code, is not told: it is others' data."""
    return {
        "name": registration.name,
        "email": registration.email,
        "affiliation": registration.affiliation,
        "language": registration.language,
        "time_zone": registration.time_zone,
        "status": registration.status.value,
        "was_registered_by_somebody_else": registration.registered_by_id is not None,
        "added_by": registration.added_by.value if registration.added_by else None,
        "used_an_access_code": registration.access_code_id is not None,
        **{name: moment(getattr(registration, name)) for name in MOMENTS},
    }


def _describe_code(code: AccessCode) -> Values:
    return {
        "code": code.code,
        "name": code.name,
        "email": code.email,
        "note": code.note,
        "created_at": moment(code.created_at),
        "sent_at": moment(code.sent_at),
        "revoked_at": moment(code.revoked_at),
    }


def _describe_bounce(registration: Registration) -> Values | None:
    """Say why nothing more is sent to the address, where mail to it came back."""
    bounce = find_bounce(registration.email)
    if bounce is None:
        return None
    return {"reason": bounce.reason, "at": moment(bounce.bounced_at)}


def _describe_answer(answer: FieldAnswer) -> Values:
    return {
        "question": answer.label,
        "answer": answer.text,
        "value": answer.value,
        "agreed_to": answer.agreed_text,
        "answered_at": moment(answer.answered_at),
    }
