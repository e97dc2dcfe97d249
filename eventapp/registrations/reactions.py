"""What follows when people register and webinars change.

Each reaction runs in a transaction of its own and is built from the state of that moment: what has
been overtaken isn't sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from eventapp.core import clock
from eventapp.core.db import record
from eventapp.core.mailer import site_address
from eventapp.registrations.actions import advance_batch, move_deadlines, settle_seats
from eventapp.registrations.desk_queries import find_code_by_id, list_unsent_codes
from eventapp.registrations.events import (
    AttendeeApproved,
    AttendeeAskedAgain,
    AttendeeDeclined,
    AttendeePromoted,
    AttendeeRegistered,
    BatchAdvanced,
    CodeMailingAdvanced,
    MailingAdvanced,
    PersonalCodeMade,
    RegistrationCancelled,
    SeatOffered,
)
from eventapp.registrations.mail_queries import count_links_since, count_written, link_key
from eventapp.registrations.mail_rules import may_write_again
from eventapp.registrations.mails import (
    MAILING_AT_ONCE,
    mail_access_code,
    mail_attendee,
    mail_state,
)
from eventapp.registrations.models import CancelledBy, Registration, RegistrationStatus
from eventapp.registrations.queries import (
    find_place_in_queue,
    find_registration,
    list_attending_after,
    lock_row,
)
from eventapp.registrations.rules import (
    HEARING,
    EarlierState,
    is_invited,
    knows_already,
    list_changes,
)
from eventapp.webinars.events import (
    ReplayPublished,
    WebinarCancelled,
    WebinarCapacityChanged,
    WebinarPublished,
    WebinarRescheduled,
)
from eventapp.webinars.queries import find_webinar
from eventapp.webinars.rules import WITH_REPLAY, has_been_held, is_expected

ONE_LINK_IN = timedelta(minutes=15)
# Their message says what to do next, also when it comes again.
ASKED_TO_ACT = (RegistrationStatus.UNVERIFIED, RegistrationStatus.OFFERED)


def send_confirmation(event: AttendeeRegistered | AttendeeApproved) -> None:
    """Tell who registered that they have a seat, that they wait, or what is still to be done.

    Of a webinar that is called off meanwhile its own mailing tells them.
    """
    _send_state(event.registration_id, event.sequence)


def send_offer(event: SeatOffered) -> None:
    """Tell who waited that a seat is kept for them, and until when."""
    _send_state(event.registration_id, event.sequence)


def send_decline(event: AttendeeDeclined) -> None:
    """Tell who asked to come that there is no seat for them."""
    _send_state(event.registration_id, event.sequence)


def _send_state(registration_id: int, sequence: int) -> None:
    registration = _find_unless_overtaken(registration_id, sequence)
    if registration is not None and is_expected(registration.webinar):
        state = registration.status.value
        mail_state(
            registration,
            once_key=f"registration-{state}:{registration.id}:{sequence}",
            now=clock.now(),
        )


def send_link_again(event: AttendeeAskedAgain) -> None:
    """Send a person's link to them once more.

    Not more often than is good for a mailbox that somebody else may be aiming at; organisers may
    write to one that nobody has confirmed as often as they like.
    """
    if event.registration_id is None:
        return
    registration = find_registration(event.registration_id)
    if registration is None:
        return
    # One at a time, so that two workers don't both find that none was written.
    lock_row(registration)
    if count_links_since(registration, clock.now() - ONE_LINK_IN):
        return
    if not event.is_by_organiser and not _may_write_again(registration):
        return
    once_key = link_key(registration, event.asked_at)
    if registration.status in ASKED_TO_ACT and is_expected(registration.webinar):
        mail_state(registration, once_key=once_key, now=clock.now())
        return
    is_confirmed = is_invited(registration, registration.webinar)
    mail_attendee(
        "registration_link",
        registration,
        once_key=once_key,
        method="REQUEST" if is_confirmed else None,
        now=clock.now(),
        context={
            "place": find_place_in_queue(registration),
            "is_by_organiser": event.is_by_organiser,
        },
    )


def _may_write_again(registration: Registration) -> bool:
    return may_write_again(
        registration,
        written=count_written(registration),
        links_today=count_links_since(registration, clock.now() - timedelta(days=1)),
    )


def send_promotion(event: AttendeePromoted) -> None:
    """Tell who waited that they have a seat."""
    registration = _find_unless_overtaken(event.registration_id, event.sequence)
    if registration is not None and is_invited(registration, registration.webinar):
        mail_attendee(
            "registration_promoted",
            registration,
            once_key=f"registration-confirmed:{registration.id}:{event.sequence}",
            method="REQUEST",
            now=clock.now(),
        )


def send_cancellation(event: RegistrationCancelled) -> None:
    """Tell who won't come, and take the webinar out of their calendar."""
    registration = _find_unless_overtaken(event.registration_id, event.sequence)
    has_lapsed = event.by == CancelledBy.LAPSE
    if registration is not None:
        mail_attendee(
            "registration_lapsed" if has_lapsed else "registration_cancelled",
            registration,
            once_key=f"registration-cancelled:{registration.id}:{event.sequence}",
            method="CANCEL" if event.was_confirmed else None,
            now=clock.now(),
            context={"by": event.by},
        )


def fill_new_seats(event: WebinarCapacityChanged) -> None:
    """Let the waiting list move up, in the transaction in which a webinar gets more seats."""
    settle_seats(event.webinar_id, now=clock.now())


def move_offers(event: WebinarRescheduled) -> None:
    """Have offers end before the new start, in the transaction in which a webinar is moved."""
    move_deadlines(event.webinar_id, now=clock.now())


def start_reschedule_mailing(event: WebinarRescheduled) -> None:
    record(MailingAdvanced(message="webinar_rescheduled", **event.to_payload()))


def start_cancel_mailing(event: WebinarCancelled) -> None:
    record(MailingAdvanced(message="webinar_cancelled", webinar_id=event.webinar_id))


def start_replay_mailing(event: ReplayPublished) -> None:
    record(MailingAdvanced(message="replay_published", webinar_id=event.webinar_id))


def continue_mailing(event: MailingAdvanced) -> None:
    """Write the next slice of a mailing, and leave the rest to the next job."""
    write = MAILINGS[event.message]
    people = list_attending_after(
        event.webinar_id, event.after_id, statuses=HEARING, at_most=MAILING_AT_ONCE
    )
    for registration in people:
        write(registration, event)
    if len(people) == MAILING_AT_ONCE:
        record(replace(event, after_id=people[-1].id))


def _write_rescheduled(registration: Registration, event: MailingAdvanced) -> None:
    """Tell one person what is new, seen from before the change that this mailing is about.

    Where there was another change since, this message tells of both, and the other mailing finds
    that the person knows. Where it was taken back meanwhile, nothing is new.
    """
    webinar = registration.webinar
    earlier = _read_earlier(event)
    changes = list_changes(webinar, earlier=earlier)
    if changes and is_expected(webinar) and not knows_already(registration, webinar):
        is_confirmed = is_invited(registration, webinar)
        mail_attendee(
            "webinar_rescheduled",
            registration,
            once_key=f"webinar-rescheduled:{registration.id}:{webinar.calendar_sequence}",
            method="REQUEST" if is_confirmed else None,
            now=clock.now(),
            context={"earlier": earlier, "changes": changes},
        )


def _read_earlier(event: MailingAdvanced) -> EarlierState:
    return EarlierState(
        title=event.previous_title,
        starts_at=datetime.fromisoformat(event.previous_starts_at),
        ends_at=datetime.fromisoformat(event.previous_ends_at),
        time_zone=event.previous_time_zone,
        join_url=event.previous_join_url,
    )


def _write_cancelled(registration: Registration, _event: MailingAdvanced) -> None:
    """Tell one person that it won't take place; of what did, there is nothing to tell."""
    if has_been_held(registration.webinar):
        return
    is_confirmed = registration.status == RegistrationStatus.CONFIRMED
    mail_attendee(
        "webinar_cancelled",
        registration,
        once_key=f"webinar-cancelled:{registration.id}",
        method="CANCEL" if is_confirmed else None,
        now=clock.now(),
    )


def _write_replay(registration: Registration, _event: MailingAdvanced) -> None:
    is_shown = registration.webinar.status in WITH_REPLAY
    wants_news = registration.unsubscribed_at is None
    if is_shown and wants_news and registration.status == RegistrationStatus.CONFIRMED:
        replay_url = site_address("pages.replay", slug=registration.webinar.slug)
        mail_attendee(
            "replay_published",
            registration,
            once_key=f"replay-published:{registration.id}",
            now=clock.now(),
            context={"replay_url": replay_url},
            is_bulk=True,
        )


MAILINGS: dict[str, Callable[[Registration, MailingAdvanced], None]] = {
    "webinar_rescheduled": _write_rescheduled,
    "webinar_cancelled": _write_cancelled,
    "replay_published": _write_replay,
}


def _find_unless_overtaken(registration_id: int, sequence: int) -> Registration | None:
    registration = find_registration(registration_id)
    is_current = registration is not None and registration.sequence == sequence
    return registration if is_current else None


def send_access_code(event: PersonalCodeMade) -> None:
    """Send a personal code to its owner; while the webinar is a draft it waits."""
    code = find_code_by_id(event.access_code_id)
    webinar = find_webinar(event.webinar_id)
    is_wanted = code is not None and code.sent_at is None and code.revoked_at is None
    if code is not None and webinar is not None and is_wanted and is_expected(webinar):
        mail_access_code(code, webinar, now=clock.now())


def start_code_mailing(event: WebinarPublished) -> None:
    record(CodeMailingAdvanced(webinar_id=event.webinar_id))


def continue_code_mailing(event: CodeMailingAdvanced) -> None:
    """Send the next codes that were made before the webinar was published."""
    webinar = find_webinar(event.webinar_id)
    if webinar is None or not is_expected(webinar):
        return
    codes = list_unsent_codes(webinar.id, after_id=event.after_id, at_most=MAILING_AT_ONCE)
    for code in codes:
        mail_access_code(code, webinar, now=clock.now())
    if len(codes) == MAILING_AT_ONCE:
        record(replace(event, after_id=codes[-1].id))


def continue_batch(event: BatchAdvanced) -> None:
    """Do the next slice of what an organiser does to many."""
    advance_batch(event.batch_id, position=event.position, now=clock.now())
