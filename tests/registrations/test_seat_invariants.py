"""Whatever happens to a webinar's registrations, in any order, seats are given as promised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.core.errors import Refusal
from eventapp.registrations import actions
from eventapp.registrations.actions import Attendee
from eventapp.registrations.models import (
    CancelledBy,
    Promotion,
    Registration,
    RegistrationMode,
    RegistrationStatus,
)
from eventapp.registrations.queries import count_taken, list_waiting
from eventapp.registrations.rules import Policy
from eventapp.registrations.sweeps import erase_left_unconfirmed, settle_lapsed_seats
from eventapp.webinars.actions import WebinarDetails, edit_webinar
from eventapp.webinars.models import Webinar
from tests.factories import WebinarFactory
from tests.plugins.app import NOON, Clock

EXAMPLES = 25
STEPS = 25
PEOPLE = 9
CAPACITIES = st.sampled_from([1, 2, 3, 5, None])
HELD = {RegistrationStatus.UNVERIFIED, RegistrationStatus.OFFERED}


class Registering(RuleBasedStateMachine):
    """A webinar and up to nine people; each rule is something that one of them or time does."""

    def __init__(self, moment: Clock) -> None:
        super().__init__()
        self.clock = moment

    @initialize(capacity=CAPACITIES)
    def begin(self, capacity: int | None) -> None:
        db.session.rollback()
        self.clock.at(NOON)
        self.webinar_id = WebinarFactory(
            capacity=capacity,
            starts_at=NOON + timedelta(days=20),
            ends_at=NOON + timedelta(days=20, hours=1),
        ).id
        self.allowed = 0
        self.sequences: dict[str, int] = {}
        self.confirmed: set[int] = set()
        self.queue: list[int] = []
        self.cancelled: set[int] = set()
        self.known: set[str] = set()

    # -- what people do --------------------------------------------------------------------------

    @rule(numbers=st.lists(st.integers(1, PEOPLE), min_size=1, max_size=3, unique=True))
    def register(self, numbers: list[int]) -> None:
        attendees = [_attendee(number) for number in numbers]
        self._do(lambda webinar: actions.register_group(webinar, attendees, now=clock.now()))

    @rule(number=st.integers(1, PEOPLE))
    def register_by_hand(self, number: int) -> None:
        self._do(
            lambda webinar: actions.register_by_hand(webinar, _attendee(number), now=clock.now())
        )

    @rule(number=st.integers(1, PEOPLE))
    def verify(self, number: int) -> None:
        self._do_to(number, actions.verify_address)

    @rule(number=st.integers(1, PEOPLE))
    def accept(self, number: int) -> None:
        self._do_to(number, actions.accept_offer)

    @rule(number=st.integers(1, PEOPLE))
    def come_back(self, number: int) -> None:
        self._do_to(number, actions.register_again)

    @rule(
        number=st.integers(1, PEOPLE),
        by=st.sampled_from([CancelledBy.ATTENDEE, CancelledBy.ORGANISER]),
    )
    def cancel(self, number: int, by: CancelledBy) -> None:
        def cancel_it(registration: Registration, *, now: object) -> None:
            self.cancelled.add(registration.id)
            actions.cancel_registration(registration, by=by, now=now)

        self._do_to(number, cancel_it)

    @rule(number=st.integers(1, PEOPLE))
    def approve(self, number: int) -> None:
        self._do_to(number, actions.approve_registration)

    @rule(number=st.integers(1, PEOPLE))
    def decline(self, number: int) -> None:
        self._do_to(number, actions.decline_registration)

    @rule(number=st.integers(1, PEOPLE))
    def erase(self, number: int) -> None:
        def erase_it(registration: Registration, *, now: object) -> None:
            self.cancelled.add(registration.id)
            self.known.discard(registration.uid)
            actions.erase_registration(registration, now=now)

        self._do_to(number, erase_it)

    # -- what organisers change ------------------------------------------------------------------

    @rule(capacity=CAPACITIES)
    def change_capacity(self, capacity: int | None) -> None:
        def change(webinar: Webinar) -> None:
            names = WebinarDetails.__dataclass_fields__
            details = WebinarDetails(**{name: getattr(webinar, name) for name in names})
            edit_webinar(webinar, replace(details, capacity=capacity), now=clock.now())

        self._do(change)

    @rule(
        mode=st.sampled_from([RegistrationMode.OPEN, RegistrationMode.APPROVAL]),
        promotion=st.sampled_from(Promotion),
        is_address_verified=st.booleans(),
        hold_minutes=st.sampled_from([1, 30, 60, 600]),
    )
    def change_terms(
        self,
        mode: RegistrationMode,
        promotion: Promotion,
        hold_minutes: int,
        *,
        is_address_verified: bool,
    ) -> None:
        policy = Policy(
            mode=mode,
            promotion=promotion,
            is_address_verified=is_address_verified,
            hold_minutes=hold_minutes,
            largest_group=3,
        )
        self._do(lambda webinar: actions.save_policy(webinar, policy, now=clock.now()))

    # -- what time does --------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([-5, 0, 1, 30, 61, 24 * 60 + 1, 7 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        """And sometimes goes back, as a machine's clock does when it is set."""
        self.clock.forward(minutes=minutes)
        settle_lapsed_seats()
        erase_left_unconfirmed()

    # -- what holds ------------------------------------------------------------------------------

    @invariant()
    def seats_are_given_as_promised(self) -> None:
        webinar = db.session.get_one(Webinar, self.webinar_id)
        rows = self._rows()
        taken = count_taken(webinar.id)
        waiting = [row for row in rows if row.status == RegistrationStatus.WAITING]
        if webinar.capacity is not None:
            # Who had a seat when there were more keeps it; from then on there are only fewer.
            self.allowed = max(webinar.capacity, min(self.allowed, taken))
            assert taken <= self.allowed
        self.allowed = max(taken, webinar.capacity or 0)
        is_free = webinar.capacity is None or taken < webinar.capacity
        assert not (is_free and waiting)

    @invariant()
    def nobody_overtakes(self) -> None:
        """Who waited before and still does stands in the same order, before all who came since."""
        queue = [row.id for row in list_waiting(self.webinar_id)]
        stayed = [row_id for row_id in self.queue if row_id in set(queue)]
        came = {row_id for row_id in queue if row_id not in set(stayed)}
        assert [row_id for row_id in queue if row_id not in came] == stayed
        self.queue = queue
        arrivals = [row.queued_at for row in list_waiting(self.webinar_id)]
        assert all(first < second for first, second in pairwise(arrivals))

    @invariant()
    def nobody_loses_a_seat_but_by_cancelling(self) -> None:
        confirmed = {row.id for row in self._rows() if row.status == RegistrationStatus.CONFIRMED}
        assert self.confirmed - confirmed <= self.cancelled
        self.confirmed, self.cancelled = confirmed, set()

    @invariant()
    def nobody_has_to_confirm_later_or_is_erased_by_time(self) -> None:
        """Whoever has got further than that stays, unless they are erased by their own wish."""
        known = {row.uid for row in self._rows() if row.status != RegistrationStatus.UNVERIFIED}
        assert self.known <= known
        self.known = known

    @invariant()
    def each_row_is_whole(self) -> None:
        rows = self._rows()
        assert len({row.email_key for row in rows}) == len(rows)
        for row in rows:
            assert row.sequence >= self.sequences.get(row.uid, 0)
            assert (row.confirmed_at is not None) == (row.status == RegistrationStatus.CONFIRMED)
            assert (row.declined_at is not None) == (row.status == RegistrationStatus.DECLINED)
            assert (row.cancelled_at is not None) == (row.status == RegistrationStatus.CANCELLED)
            assert (row.cancelled_by is not None) == (row.status == RegistrationStatus.CANCELLED)
            assert row.held_until is None or row.status in HELD
            assert row.place_kept_until is None or row.status == RegistrationStatus.UNVERIFIED
            assert row.held_until is not None or row.status != RegistrationStatus.OFFERED
        self.sequences = {row.uid: row.sequence for row in rows}

    def _rows(self) -> list[Registration]:
        db.session.rollback()
        return list(
            db.session.scalars(
                sa.select(Registration).where(Registration.webinar_id == self.webinar_id)
            )
        )

    def _do(self, change: Callable[[Webinar], object]) -> None:
        try:
            with transaction():
                change(db.session.get_one(Webinar, self.webinar_id))
        except Refusal:
            pass

    def _do_to(self, number: int, change: Callable[..., object]) -> None:
        found = [row for row in self._rows() if row.email == _attendee(number).email]
        for registration in found:
            self._do(lambda _webinar: change(registration, now=clock.now()))  # noqa: B023


def _attendee(number: int) -> Attendee:
    return Attendee(name=f"Person {number}", email=f"person{number}@example.org")


@pytest.mark.every_engine
def test_seats_are_given_as_promised(in_app, stopped_clock):
    run_state_machine_as_test(
        lambda: Registering(stopped_clock),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
