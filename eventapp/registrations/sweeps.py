"""What happens to registrations by the passing of time."""

from __future__ import annotations

from flask import Flask

from eventapp.core import clock, queue
from eventapp.core.db import transaction
from eventapp.core.sweeping import do_each
from eventapp.registrations.actions import (
    delete_old_drafts,
    empty_old_problems,
    erase_unconfirmed,
    scrub_messages,
    settle_seats,
)
from eventapp.registrations.desk_queries import has_old_drafts, has_old_problems
from eventapp.registrations.queries import (
    find_registration,
    list_erased_doors,
    list_left_unconfirmed,
    list_webinars_with_lapsed,
)

AT_MOST = 200


def init_app(app: Flask) -> None:
    queue.add_sweep(app, "sweep_seats", settle_lapsed_seats)
    queue.add_sweep(app, "sweep_unconfirmed", erase_left_unconfirmed)
    queue.add_sweep(app, "sweep_erased", scrub_erased_doors)
    queue.add_sweep(app, "sweep_drafts", sweep_drafts)


def sweep_drafts() -> None:
    """Delete what somebody looked at as an import and left, and what old ones say of people."""
    if has_old_drafts(now=clock.now()):
        with transaction():
            delete_old_drafts(now=clock.now())
    if has_old_problems(now=clock.now()):
        with transaction():
            empty_old_problems(now=clock.now())


def settle_lapsed_seats() -> None:
    """Give on every seat that was kept for too long."""
    do_each(
        list_webinars_with_lapsed(now=clock.now(), at_most=AT_MOST),
        lambda webinar_id: settle_seats(webinar_id, now=clock.now()),
        failure="seats_not_settled",
    )


def erase_left_unconfirmed() -> None:
    """Erase who was registered by an address that nobody confirmed in time."""
    do_each(
        list_left_unconfirmed(now=clock.now(), at_most=AT_MOST),
        _erase_unconfirmed,
        failure="unconfirmed_not_erased",
    )


def _erase_unconfirmed(registration_id: int) -> None:
    registration = find_registration(registration_id)
    if registration is not None:
        erase_unconfirmed(registration, now=clock.now())


def scrub_erased_doors() -> None:
    """Empty the messages of who was erased, as soon as they are sent."""
    do_each(list_erased_doors(at_most=AT_MOST), scrub_messages, failure="door_not_scrubbed")
