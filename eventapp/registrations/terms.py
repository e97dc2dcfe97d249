"""The terms of registration in the words that organisers read after saving them."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from eventapp.core.i18n import zoned_moment
from eventapp.registrations.models import Promotion, RegistrationMode
from eventapp.registrations.rules import Policy, find_deadline
from eventapp.webinars.models import Webinar, WebinarStatus


def describe_terms(webinar: Webinar, policy: Policy, *, now: datetime) -> str:
    """Say who may register and when, and how the waiting list moves, as it is from now on."""
    sentences = [_who(policy), _when(webinar, policy, now=now), _confirming(policy)]
    if webinar.capacity is not None:
        sentences.append(_waiting(policy))
    return " ".join(sentence for sentence in sentences if sentence)


def _who(policy: Policy) -> str:
    if policy.mode == RegistrationMode.APPROVAL:
        return str(_("Anyone may ask to come, and you decide."))
    if policy.mode == RegistrationMode.INVITATION:
        return str(_("Only people who have an access code can register."))
    return str(_("Anyone can register."))


def _when(webinar: Webinar, policy: Policy, *, now: datetime) -> str:
    said = _when_open(webinar, policy, now=now)
    if policy.closes_at is None or find_deadline(policy, ends_at=webinar.ends_at) is not None:
        return said
    late = _("The closing time is after the end, so registration closes with the webinar.")
    return f"{said} {late}".strip()


def _when_open(webinar: Webinar, policy: Policy, *, now: datetime) -> str:
    zone = webinar.time_zone
    if policy.closes_at is not None and policy.closes_at <= now:
        return str(_("Registration is closed."))
    if webinar.status == WebinarStatus.DRAFT:
        return str(_("Registration opens once you publish the webinar."))
    if policy.opens_at is not None and policy.opens_at > now:
        return str(_("Registration opens on %(time)s.", time=zoned_moment(policy.opens_at, zone)))
    closes_at = find_deadline(policy, ends_at=webinar.ends_at)
    if closes_at is not None:
        return str(_("Registration closes on %(time)s.", time=zoned_moment(closes_at, zone)))
    return ""


def _confirming(policy: Policy) -> str:
    if not policy.is_address_verified:
        return ""
    if not policy.holds_seats:
        return str(_("They confirm their address first."))
    return str(
        ngettext(
            "They confirm their address first; a seat is kept for %(num)d minute.",
            "They confirm their address first; a seat is kept for %(num)d minutes.",
            policy.hold_minutes,
        )
    )


def _waiting(policy: Policy) -> str:
    if policy.promotion == Promotion.AT_ONCE:
        return str(_("A seat that becomes free goes to the first who waits at once."))
    return str(
        ngettext(
            "A seat that becomes free is offered to the first who waits, for %(num)d hour.",
            "A seat that becomes free is offered to the first who waits, for %(num)d hours.",
            policy.offer_hours,
        )
    )
