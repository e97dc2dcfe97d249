"""The terms of registration: windows, approval, codes, confirmed addresses, offers, groups."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.outbox import OutboxJob
from eventapp.registrations import actions, queries
from eventapp.registrations.actions import Attendee
from eventapp.registrations.models import (
    AddedBy,
    CancelledBy,
    Promotion,
    Registration,
    RegistrationMode,
    RegistrationStatus,
)
from eventapp.registrations.refusals import (
    AddressIsTwiceInGroup,
    CannotDecide,
    ClosesBeforeOpening,
    CodeExists,
    CodeIsMissing,
    CodeIsTooShort,
    CodeIsUsedUp,
    CodeIsWrong,
    GroupIsTooLarge,
    OfferHasLapsed,
    OrganiserHasCancelled,
    RegistrationIsClosed,
    RegistrationIsNotOpen,
)
from eventapp.registrations.rules import Policy
from eventapp.registrations.sweeps import erase_left_unconfirmed, settle_lapsed_seats
from eventapp.webinars.actions import WebinarDetails, cancel_webinar, edit_webinar
from eventapp.webinars.models import Webinar
from tests.factories import START, WebinarFactory

NOW = START - timedelta(days=3)
UNVERIFIED, REQUESTED, WAITING, OFFERED, CONFIRMED, DECLINED, CANCELLED = RegistrationStatus

pytestmark = pytest.mark.every_engine


def open_webinar(capacity: int | None = None, **terms: object) -> Webinar:
    webinar = WebinarFactory(capacity=capacity)
    with transaction():
        actions.save_policy(webinar, Policy(**terms), now=NOW)
    return webinar


def person(name: str) -> Attendee:
    return Attendee(name=name, email=f"{name.lower()}@example.org")


def register(webinar: Webinar, name: str = "Ada", *, code: str = "", now=NOW) -> Registration:
    with transaction():
        return actions.register_attendee(webinar, person(name), code=code, now=now)


def act(action, registration: Registration, *, now=NOW, **changes: object) -> None:
    with transaction():
        action(registration, now=now, **changes)


def states(*registrations: Registration) -> list[RegistrationStatus]:
    for registration in registrations:
        db.session.refresh(registration)
    return [registration.status for registration in registrations]


def list_events() -> list[str]:
    return list(db.session.scalars(sa.select(OutboxJob.event).order_by(OutboxJob.id)))


# -- the window --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "refusal"), [(-1, RegistrationIsNotOpen), (2, RegistrationIsClosed)]
)
def test_nobody_registers_outside_the_window(in_app, days, refusal):
    webinar = open_webinar(opens_at=NOW, closes_at=NOW + timedelta(days=2))

    with pytest.raises(refusal):
        register(webinar, now=NOW + timedelta(days=days))


def test_window_is_open_from_its_first_moment(in_app):
    webinar = open_webinar(opens_at=NOW, closes_at=NOW + timedelta(days=2))

    assert register(webinar).status == CONFIRMED


def test_seats_go_to_who_waits_also_after_registration_closed(in_app):
    webinar = open_webinar(1, closes_at=NOW + timedelta(hours=1))
    ada, ben = register(webinar, "Ada"), register(webinar, "Ben")

    act(actions.cancel_registration, ada, now=NOW + timedelta(hours=2))

    assert states(ada, ben) == [CANCELLED, CONFIRMED]


def test_window_that_closes_before_it_opens_is_refused(in_app):
    with pytest.raises(ClosesBeforeOpening):
        open_webinar(opens_at=NOW, closes_at=NOW)


# -- approval ----------------------------------------------------------------------------------


def test_who_asks_takes_no_seat(in_app):
    webinar = open_webinar(1, mode=RegistrationMode.APPROVAL)

    ada, ben = register(webinar, "Ada"), register(webinar, "Ben")

    assert states(ada, ben) == [REQUESTED, REQUESTED]
    assert queries.count_taken(webinar.id) == 0


def test_approved_people_are_seated_and_then_wait_in_order_of_arrival(in_app):
    webinar = open_webinar(1, mode=RegistrationMode.APPROVAL)
    ada, ben, cleo = (register(webinar, name) for name in ("Ada", "Ben", "Cleo"))

    for registration in (ada, cleo, ben):
        act(actions.approve_registration, registration)

    assert states(ada, ben, cleo) == [CONFIRMED, WAITING, WAITING]
    assert [queries.find_place_in_queue(r) for r in (ben, cleo)] == [1, 2]
    assert list_events()[-1] == "AttendeeApproved"


def test_approving_twice_is_once(in_app):
    ada = register(open_webinar(mode=RegistrationMode.APPROVAL))

    act(actions.approve_registration, ada)
    act(actions.approve_registration, ada)

    assert (ada.status, ada.sequence) == (CONFIRMED, 1)


def test_declined_people_hear_of_it_and_may_be_let_in_after_all(in_app):
    ada = register(open_webinar(mode=RegistrationMode.APPROVAL))

    act(actions.decline_registration, ada)
    assert (ada.status, ada.declined_at, list_events()[-1]) == (DECLINED, NOW, "AttendeeDeclined")

    act(actions.approve_registration, ada)
    assert (ada.status, ada.declined_at) == (CONFIRMED, None)


def test_declined_people_stay_so_when_they_type_their_address_again(in_app):
    webinar = open_webinar(mode=RegistrationMode.APPROVAL)
    ada = register(webinar)
    act(actions.decline_registration, ada)

    register(webinar)

    assert states(ada) == [DECLINED]
    assert list_events()[-1] == "AttendeeAskedAgain"


def test_there_is_nothing_to_decide_on_who_has_a_seat(in_app):
    ada = register(open_webinar())

    with pytest.raises(CannotDecide):
        act(actions.decline_registration, ada)


def test_who_was_let_in_and_cancelled_has_to_be_let_in_again(in_app):
    ada = register(open_webinar(mode=RegistrationMode.APPROVAL))
    act(actions.approve_registration, ada)
    act(actions.cancel_registration, ada)

    act(actions.register_again, ada)

    assert (ada.status, ada.approved_at) == (REQUESTED, None)


def test_who_was_thrown_out_cannot_come_back_by_the_door(in_app):
    ada = register(open_webinar())
    act(actions.cancel_registration, ada, by=CancelledBy.ORGANISER)

    with pytest.raises(OrganiserHasCancelled):
        act(actions.register_again, ada)

    assert states(ada) == [CANCELLED]


def test_who_was_thrown_out_cannot_come_back_by_the_form(in_app):
    webinar = open_webinar()
    ada = register(webinar)
    act(actions.cancel_registration, ada, by=CancelledBy.ORGANISER)

    register(webinar)

    assert states(ada) == [CANCELLED]
    assert list_events()[-1] == "AttendeeAskedAgain"


def test_who_was_thrown_out_can_be_registered_by_an_organiser(in_app):
    webinar = open_webinar(mode=RegistrationMode.APPROVAL)
    ada = register(webinar)
    act(actions.cancel_registration, ada, by=CancelledBy.ORGANISER)

    with transaction():
        actions.register_by_hand(webinar, person("Ada"), now=NOW)

    assert states(ada) == [CONFIRMED]


# -- access codes ------------------------------------------------------------------------------


def test_by_invitation_only_a_code_lets_in(in_app):
    webinar = open_webinar(mode=RegistrationMode.INVITATION)
    with transaction():
        code = actions.add_shared_code(webinar, code="spring-26", now=NOW)

    with pytest.raises(CodeIsMissing):
        register(webinar)
    with pytest.raises(CodeIsWrong):
        register(webinar, code="SPRING27")
    ada = register(webinar, code=" Spring 26 ")

    assert (ada.status, ada.access_code_id) == (CONFIRMED, code.id)


def test_code_is_used_up(in_app):
    webinar = open_webinar(mode=RegistrationMode.INVITATION)
    with transaction():
        code = actions.add_shared_code(webinar, most_uses=1, now=NOW).code
    ada = register(webinar, code=code)

    for name in ("Ben", "Ada"):
        with pytest.raises(CodeIsUsedUp):
            register(webinar, name, code=code)

    act(actions.cancel_registration, ada)
    assert register(webinar, "Ben", code=code).status == CONFIRMED


def test_personal_code_is_its_owners_and_confirms_the_address(in_app):
    webinar = open_webinar(mode=RegistrationMode.INVITATION, is_address_verified=True)
    with transaction():
        code = actions.add_personal_code(webinar, name="Ada", email="Ada@example.org", now=NOW)
        again = actions.add_personal_code(webinar, name="", email="ada@EXAMPLE.org", now=NOW)

    with pytest.raises(CodeIsWrong):
        register(webinar, "Ben", code=code.code)
    ada = register(webinar, "Ada", code=code.code)

    assert again.id == code.id
    assert (ada.status, ada.verified_at) == (CONFIRMED, NOW)


def test_revoked_code_lets_nobody_in(in_app):
    webinar = open_webinar(mode=RegistrationMode.INVITATION)
    with transaction():
        code = actions.add_shared_code(webinar, now=NOW)
        actions.revoke_access_code(code, now=NOW)

    with pytest.raises(CodeIsWrong):
        register(webinar, code=code.code)


def test_nobody_comes_back_by_a_use_that_somebody_else_has(in_app):
    webinar = open_webinar(mode=RegistrationMode.INVITATION)
    with transaction():
        code = actions.add_shared_code(webinar, most_uses=1, now=NOW)
    ada = register(webinar, code=code.code)
    act(actions.cancel_registration, ada)
    register(webinar, "Ben", code=code.code)

    with pytest.raises(CodeIsUsedUp):
        act(actions.register_again, ada)


def test_nobody_comes_back_by_a_revoked_code(in_app):
    webinar = open_webinar(mode=RegistrationMode.INVITATION)
    with transaction():
        code = actions.add_shared_code(webinar, now=NOW)
    ada = register(webinar, code=code.code)
    act(actions.cancel_registration, ada)
    with transaction():
        actions.revoke_access_code(code, now=NOW)

    with pytest.raises(CodeIsWrong):
        act(actions.register_again, ada)


def test_codes_that_cannot_be_made(in_app):
    webinar = open_webinar()
    with transaction():
        actions.add_shared_code(webinar, code="SPRING26", now=NOW)

    with pytest.raises(CodeExists), transaction():
        actions.add_shared_code(webinar, code="spring 26", now=NOW)
    with pytest.raises(CodeIsTooShort), transaction():
        actions.add_shared_code(webinar, code="abc", now=NOW)


# -- confirmed addresses -----------------------------------------------------------------------


def test_seat_is_held_while_the_address_is_confirmed(in_app):
    webinar = open_webinar(1, is_address_verified=True, hold_minutes=30)

    ada = register(webinar, "Ada")
    ben = register(webinar, "Ben", now=NOW + timedelta(minutes=1))
    act(actions.verify_address, ben, now=NOW + timedelta(minutes=2))
    act(actions.verify_address, ada, now=NOW + timedelta(minutes=29))

    assert states(ada, ben) == [CONFIRMED, WAITING]
    assert (ada.held_until, ada.sequence) == (None, 1)


def test_seat_held_too_long_goes_to_who_waits(in_app, stopped_clock):
    webinar = open_webinar(1, is_address_verified=True, hold_minutes=30)
    ada, ben = register(webinar, "Ada"), register(webinar, "Ben")
    act(actions.verify_address, ben)
    stopped_clock.at(NOW + timedelta(minutes=30))

    settle_lapsed_seats()
    assert states(ada, ben) == [UNVERIFIED, CONFIRMED]

    act(actions.verify_address, ada, now=NOW + timedelta(minutes=31))
    assert (ada.status, ada.queued_at) == (WAITING, NOW + timedelta(minutes=31))


def test_who_confirms_in_time_keeps_the_place_of_arrival(in_app):
    webinar = open_webinar(1, is_address_verified=True, hold_minutes=30)
    ada, ben = register(webinar, "Ada"), register(webinar, "Ben")
    cleo = register(webinar, "Cleo", now=NOW + timedelta(minutes=1))
    act(actions.verify_address, ada)

    act(actions.verify_address, cleo, now=NOW + timedelta(minutes=2))
    act(actions.verify_address, ben, now=NOW + timedelta(minutes=3))

    assert states(ada, ben, cleo) == [CONFIRMED, WAITING, WAITING]
    assert [queries.find_place_in_queue(r) for r in (ben, cleo)] == [1, 2]


@pytest.mark.parametrize(("earlier", "later"), [(30, 600), (600, 1)])
def test_place_is_kept_by_the_terms_of_arrival(in_app, stopped_clock, earlier, later):
    webinar = open_webinar(1, is_address_verified=True, hold_minutes=earlier)
    ada, ben, cleo = (register(webinar, name) for name in ("Ada", "Ben", "Cleo"))
    act(actions.verify_address, cleo)
    act(actions.verify_address, ada)
    with transaction():
        policy = Policy(is_address_verified=True, hold_minutes=later)
        actions.save_policy(webinar, policy, now=NOW)

    act(actions.verify_address, ben, now=NOW + timedelta(minutes=31))

    assert states(ada, ben, cleo) == [CONFIRMED, WAITING, WAITING]
    assert queries.find_place_in_queue(ben) == (2 if earlier == 30 else 1)


def test_approval_comes_after_the_address_is_confirmed(in_app):
    terms = {"mode": RegistrationMode.APPROVAL, "is_address_verified": True}
    ada = register(open_webinar(1, **terms))

    assert (ada.status, ada.held_until) == (UNVERIFIED, None)
    act(actions.verify_address, ada)

    assert states(ada) == [REQUESTED]


def test_held_seat_is_given_on_when_approval_is_asked_for_meanwhile(in_app):
    webinar = open_webinar(1, is_address_verified=True)
    ada, ben = register(webinar, "Ada"), register(webinar, "Ben")
    act(actions.verify_address, ben)
    with transaction():
        policy = Policy(mode=RegistrationMode.APPROVAL, is_address_verified=True)
        actions.save_policy(webinar, policy, now=NOW)

    act(actions.verify_address, ada)

    assert states(ada, ben) == [REQUESTED, CONFIRMED]


def test_stranger_who_types_a_cancelled_address_changes_nothing(in_app, stopped_clock):
    webinar = open_webinar(is_address_verified=True)
    ada = register(webinar)
    act(actions.verify_address, ada)
    act(actions.cancel_registration, ada)

    register(webinar)
    stopped_clock.at(NOW + timedelta(days=8))
    erase_left_unconfirmed()

    assert states(ada) == [CANCELLED]
    assert (ada.verified_at, list_events()[-1]) == (NOW, "AttendeeAskedAgain")


def test_who_cancelled_comes_back_confirmed_through_the_link(in_app):
    webinar = open_webinar(is_address_verified=True)
    ada = register(webinar)
    act(actions.verify_address, ada)
    act(actions.cancel_registration, ada)
    register(webinar)

    act(actions.register_again, ada)

    assert states(ada) == [CONFIRMED]


@pytest.mark.parametrize("by", [CancelledBy.ATTENDEE, CancelledBy.ORGANISER])
def test_cancelling_who_never_confirmed_writes_to_nobody_and_keeps_nothing(in_app, by):
    webinar = open_webinar(1, is_address_verified=True)
    ada, ben = register(webinar, "Ada"), register(webinar, "Ben")
    act(actions.verify_address, ben)

    act(actions.cancel_registration, ada, by=by)

    assert db.session.scalars(sa.select(Registration.name)).all() == ["Ben"]
    assert states(ben) == [CONFIRMED]
    assert "RegistrationCancelled" not in list_events()


# -- offers ------------------------------------------------------------------------------------


def offer_to_ben() -> tuple[Webinar, Registration, Registration, Registration]:
    webinar = open_webinar(1, promotion=Promotion.OFFER, offer_hours=12)
    ada, ben, cleo = (register(webinar, name) for name in ("Ada", "Ben", "Cleo"))
    act(actions.cancel_registration, ada)
    return webinar, ada, ben, cleo


def test_free_seat_is_offered_to_the_first_who_waits(in_app):
    webinar, _ada, ben, cleo = offer_to_ben()
    dora = register(webinar, "Dora")

    assert states(ben, cleo, dora) == [OFFERED, WAITING, WAITING]
    assert ben.held_until == NOW + timedelta(hours=12)
    assert "SeatOffered" in list_events()


def test_nothing_runs_out_once_a_webinar_is_called_off(in_app, stopped_clock):
    webinar, _ada, ben, cleo = offer_to_ben()
    with transaction():
        cancel_webinar(webinar, reason="", now=NOW)
    stopped_clock.at(NOW + timedelta(hours=12))

    settle_lapsed_seats()

    assert states(ben, cleo) == [OFFERED, WAITING]
    assert queries.list_webinars_with_lapsed(now=START, at_most=9) == []


def test_accepted_offer_is_a_seat(in_app):
    *_, ben, cleo = offer_to_ben()

    act(actions.accept_offer, ben, now=NOW + timedelta(hours=11))
    act(actions.accept_offer, ben, now=NOW + timedelta(hours=11))

    assert states(ben, cleo) == [CONFIRMED, WAITING]
    assert list_events()[-1] == "AttendeePromoted"


def test_offer_that_is_given_up_goes_to_the_next(in_app):
    *_, ben, cleo = offer_to_ben()

    act(actions.cancel_registration, ben)

    assert states(ben, cleo) == [CANCELLED, OFFERED]


def test_offer_that_runs_out_goes_to_the_next(in_app, stopped_clock):
    *_, ben, cleo = offer_to_ben()
    stopped_clock.at(NOW + timedelta(hours=12))

    settle_lapsed_seats()

    assert states(ben, cleo) == [CANCELLED, OFFERED]
    assert (ben.cancelled_by, cleo.held_until) == (CancelledBy.LAPSE, NOW + timedelta(hours=24))


def test_offer_is_accepted_too_late(in_app):
    *_, ben, cleo = offer_to_ben()

    with pytest.raises(OfferHasLapsed):
        act(actions.accept_offer, ben, now=NOW + timedelta(hours=12))

    assert states(ben, cleo) == [OFFERED, WAITING]


def test_close_to_the_start_a_seat_is_given_at_once(in_app):
    webinar = open_webinar(1, promotion=Promotion.OFFER)
    ada, ben = register(webinar, "Ada"), register(webinar, "Ben")

    act(actions.cancel_registration, ada, now=START - timedelta(minutes=90))

    assert states(ben) == [CONFIRMED]


def move(webinar: Webinar, *, starts_at, now=NOW) -> None:
    details = {name: getattr(webinar, name) for name in WebinarDetails.__dataclass_fields__}
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=1)}
    with transaction():
        edit_webinar(webinar, WebinarDetails(**{**details, **times}), now=now)


@pytest.mark.parametrize(
    ("hours_to_start", "hours_to_answer"), [(99, 12), (10, 9), (1.5, 1), (0.5, 0.5)]
)
def test_offer_ends_in_time_for_the_new_start(
    in_app, stopped_clock, hours_to_start, hours_to_answer
):
    webinar, _ada, ben, _cleo = offer_to_ben()
    stopped_clock.at(NOW)

    move(webinar, starts_at=NOW + timedelta(hours=hours_to_start))

    assert states(ben) == [OFFERED]
    assert ben.held_until == NOW + timedelta(hours=hours_to_answer)


def test_offer_gets_a_new_deadline_when_a_webinar_that_was_over_is_moved(in_app, stopped_clock):
    webinar, _ada, ben, _cleo = offer_to_ben()
    stopped_clock.at(START + timedelta(hours=9))
    settle_lapsed_seats()
    db.session.refresh(ben)
    assert ben.held_until is None

    move(webinar, starts_at=START + timedelta(days=9), now=START + timedelta(hours=9))

    assert states(ben) == [OFFERED]
    assert ben.held_until == START + timedelta(hours=9 + 12)


# -- capacity ----------------------------------------------------------------------------------


def test_added_seats_are_filled_in_the_same_transaction(in_app, stopped_clock):
    webinar = open_webinar(1)
    ada, ben, cleo = (register(webinar, name) for name in ("Ada", "Ben", "Cleo"))
    details = {name: getattr(webinar, name) for name in WebinarDetails.__dataclass_fields__}

    with transaction():
        edit_webinar(webinar, WebinarDetails(**{**details, "capacity": 2}), now=NOW)

    assert states(ada, ben, cleo) == [CONFIRMED, CONFIRMED, WAITING]


# -- groups and by hand ------------------------------------------------------------------------


def test_group_arrives_in_order_and_each_has_a_door(in_app):
    webinar = open_webinar(2, largest_group=3)

    with transaction():
        people = [person(name) for name in ("Ada", "Ben", "Cleo")]
        ada, ben, cleo = actions.register_group(webinar, people, now=NOW)

    assert states(ada, ben, cleo) == [CONFIRMED, CONFIRMED, WAITING]
    assert len({ada.uid, ben.uid, cleo.uid}) == 3
    assert [r.registered_by_id for r in (ada, ben, cleo)] == [None, ada.id, ada.id]


@pytest.mark.parametrize(
    ("names", "refusal"),
    [(("Ada", "Ben", "Cleo"), GroupIsTooLarge), (("Ada", "ADA"), AddressIsTwiceInGroup)],
)
def test_group_that_cannot_be_registers_nobody(in_app, names, refusal):
    webinar = open_webinar(largest_group=2)

    with pytest.raises(refusal), transaction():
        actions.register_group(webinar, [person(name) for name in names], now=NOW)

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) == 0


@pytest.mark.parametrize(
    "terms", [{"mode": RegistrationMode.APPROVAL}, {"is_address_verified": True}]
)
def test_organiser_lets_in_by_hand_who_has_come_halfway(in_app, terms):
    webinar = open_webinar(**terms)
    ada = register(webinar)

    with transaction():
        actions.register_by_hand(webinar, person("Ada"), now=NOW + timedelta(hours=1))

    assert states(ada) == [CONFIRMED]
    assert ada.queued_at == NOW


@pytest.mark.parametrize("is_declined_first", [False, True])
def test_who_asked_before_addresses_were_confirmed_is_let_in_at_once(in_app, *, is_declined_first):
    webinar = open_webinar(mode=RegistrationMode.APPROVAL)
    ada = register(webinar)
    later = NOW + timedelta(hours=1)
    with transaction():
        if is_declined_first:
            actions.decline_registration(ada, now=later)
        terms = Policy(mode=RegistrationMode.APPROVAL, is_address_verified=True)
        actions.save_policy(webinar, terms, now=later)

    with transaction():
        actions.approve_registration(ada, now=later)

    assert states(ada) == [CONFIRMED]


def test_organiser_registers_somebody_past_all_terms_but_seats(in_app):
    webinar = open_webinar(
        1, mode=RegistrationMode.APPROVAL, is_address_verified=True, closes_at=NOW
    )

    with transaction():
        ada, _ = actions.register_by_hand(webinar, person("Ada"), now=NOW)
        ben, _ = actions.register_by_hand(webinar, person("Ben"), now=NOW)
        again, is_changed = actions.register_by_hand(webinar, person("Ada"), now=NOW)

    assert states(ada, ben) == [CONFIRMED, WAITING]
    assert (again.id, is_changed) == (ada.id, False)
    assert (ada.added_by, ada.added_at, ada.verified_at) == (AddedBy.ORGANISER, NOW, None)
    assert list_events() == ["AttendeeRegistered"] * 2


def test_who_was_added_and_cancelled_has_to_be_let_in_again(in_app):
    webinar = open_webinar(mode=RegistrationMode.APPROVAL)
    with transaction():
        ada, _ = actions.register_by_hand(webinar, person("Ada"), now=NOW)
    act(actions.cancel_registration, ada)

    act(actions.register_again, ada)

    assert states(ada) == [REQUESTED]
