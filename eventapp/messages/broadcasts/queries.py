"""Every read of messages to many, and of the people they go to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.core.lists import count_by_status, count_pages
from eventapp.core.mailer import NOT_DELIVERED_YET, MailStatus, OutgoingMail
from eventapp.form_fields.asked import DECIDING
from eventapp.messages.broadcasts.rules import Segment, SegmentKind, check_chosen
from eventapp.messages.models import Broadcast
from eventapp.messages.receivers import has_bounced, is_unsubscribed, may_be_written_to
from eventapp.questions.models import Question
from eventapp.registrations.answers import Column, list_columns, with_answer
from eventapp.registrations.desk_queries import Selection, count_selection, list_selected_ids
from eventapp.registrations.mails import door_of
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.registrations.queries import attended
from eventapp.registrations.rules import HEARING

PER_PAGE = 50
MOST_RECEIVERS_TO_CHOOSE = 100


@dataclass(frozen=True, kw_only=True)
class PeopleCount:
    """How many people a segment has: who gets a message, and who is left out.

    `gone` are people who were chosen and aren't registered any more, or not yet for sure.
    """

    receivers: int
    unsubscribed: int
    bounced: int
    gone: int = 0

    @property
    def present(self) -> int:
        return self.receivers + self.unsubscribed + self.bounced


@dataclass(frozen=True, kw_only=True)
class Person:
    """One of a segment's people, and why they get nothing, if so.

    `outcome` is what became of the message to them; None where it isn't written.
    """

    registration: Registration
    is_unsubscribed: bool
    has_bounced: bool
    outcome: MailStatus | None


@dataclass(frozen=True, kw_only=True)
class PeoplePage:
    people: list[Person]
    count: PeopleCount
    page: int
    total: int

    @property
    def pages(self) -> int:
        return count_pages(self.total, per_page=PER_PAGE)


def get_broadcast(webinar_id: int, broadcast_id: int) -> Broadcast:
    """Return a webinar's message to many. Raises NotFound."""
    found = db.session.get(Broadcast, broadcast_id)
    if found is None or found.webinar_id != webinar_id:
        raise NotFound
    return found


def lock_broadcast(broadcast_id: int) -> Broadcast:
    """Return it as it is now, and let nobody else change it in this transaction.

    Raises NotFound.
    """
    found = db.session.scalar(
        sa.select(Broadcast)
        .where(Broadcast.id == broadcast_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def count_outcomes(broadcast_id: int) -> dict[MailStatus, int]:
    """Return what became of the messages to each of its people."""
    mails = sa.select(OutgoingMail).where(OutgoingMail.broadcast_id == broadcast_id)
    return count_by_status(mails, OutgoingMail.status, MailStatus)


def count_waiting(broadcast_id: int) -> int:
    """Return how many of its messages are written and have yet to leave."""
    return count_waiting_of([broadcast_id]).get(broadcast_id, 0)


def count_waiting_of(broadcast_ids: Iterable[int]) -> dict[int, int]:
    """Return for each that has some how many of its messages have yet to leave."""
    waiting = (
        sa.select(OutgoingMail.broadcast_id, sa.func.count())
        .where(
            OutgoingMail.broadcast_id.in_(list(broadcast_ids)),
            OutgoingMail.status.in_(NOT_DELIVERED_YET),
        )
        .group_by(OutgoingMail.broadcast_id)
    )
    return {each: number for each, number in db.session.execute(waiting) if each is not None}


def list_deciding_columns(webinar_id: int) -> list[Column]:
    """Return the fields of the registration form that people are told apart by."""
    return [column for column in list_columns(webinar_id) if column.kind in DECIDING]


def find_chosen(webinar_id: int, selection: Selection) -> Segment | None:
    """Return those who are selected in the list at this moment; None where there is nobody.

    Refuses: TooManyAreChosen.
    """
    check_chosen(sum(count_selection(webinar_id, selection).values()))
    ids = list_selected_ids(webinar_id, selection, statuses=tuple(RegistrationStatus))
    return Segment(kind=SegmentKind.CHOSEN, ids=tuple(sorted(ids))) if ids else None


# -- people ------------------------------------------------------------------------------------


def select_people(webinar_id: int, segment: Segment) -> sa.Select[Registration]:
    """Select a segment's people, also those who are left out when it is written to."""
    return sa.select(Registration).where(
        Registration.webinar_id == webinar_id, *_is_in_segment(segment)
    )


def count_people(webinar_id: int, segment: Segment) -> PeopleCount:
    row = db.session.execute(
        select_people(webinar_id, segment).with_only_columns(
            _count_where(may_be_written_to()),
            _count_where(is_unsubscribed()),
            _count_where(sa.and_(has_bounced(), ~is_unsubscribed())),
        )
    ).one()
    count = PeopleCount(receivers=row[0], unsubscribed=row[1], bounced=row[2])
    return replace(count, gone=max(0, len(segment.ids) - count.present))


def list_people(
    webinar_id: int, segment: Segment, *, page: int, broadcast_id: int | None = None
) -> PeoplePage:
    """Return a page of a segment's people, in the order in which they are written to.

    With a message's id, also what became of it for each.
    """
    rows = db.session.execute(
        select_people(webinar_id, segment)
        .add_columns(is_unsubscribed(), has_bounced())
        .order_by(Registration.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    outcomes = _outcomes_by_door(broadcast_id, [door_of(row[0]) for row in rows])
    count = count_people(webinar_id, segment)
    return PeoplePage(
        people=[
            Person(
                registration=row[0],
                is_unsubscribed=row[1],
                has_bounced=row[2],
                outcome=outcomes.get(door_of(row[0])),
            )
            for row in rows
        ],
        count=count,
        page=page,
        total=count.present,
    )


def _outcomes_by_door(broadcast_id: int | None, doors: Collection[str]) -> dict[str, MailStatus]:
    if broadcast_id is None or not doors:
        return {}
    rows = db.session.execute(
        sa.select(OutgoingMail.door, OutgoingMail.status).where(
            OutgoingMail.broadcast_id == broadcast_id, OutgoingMail.door.in_(doors)
        )
    )
    return {door: status for door, status in rows if door is not None}


def list_people_after(
    webinar_id: int, segment: Segment, registration_id: int, *, at_most: int
) -> list[Registration]:
    """Return the next slice of those a segment's message goes to: by id, after the one given.

    They are locked: who unsubscribes finds what is written to them.
    """
    after = _select_receivers(webinar_id, segment).where(Registration.id > registration_id)
    locked = after.limit(at_most).with_for_update(read=True, of=Registration)
    return list(db.session.scalars(locked))


def list_receivers_to_choose(webinar_id: int, segment: Segment) -> Sequence[Registration]:
    """Return whose data a preview may be filled with."""
    receivers = _select_receivers(webinar_id, segment)
    return db.session.scalars(receivers.limit(MOST_RECEIVERS_TO_CHOOSE)).all()


def _select_receivers(webinar_id: int, segment: Segment) -> sa.Select[Registration]:
    return (
        select_people(webinar_id, segment)
        .where(may_be_written_to())
        .options(joinedload(Registration.webinar))
        .order_by(Registration.id)
    )


def _count_where(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count(sa.case((condition, 1)))


def _is_in_segment(segment: Segment) -> tuple[sa.ColumnElement[bool], ...]:
    confirmed = Registration.status == RegistrationStatus.CONFIRMED
    attending = Registration.status.in_(HEARING)
    match segment.kind:
        case SegmentKind.CONFIRMED:
            return (confirmed,)
        case SegmentKind.WAITING:
            return (Registration.status == RegistrationStatus.WAITING,)
        case SegmentKind.ATTENDED:
            return (confirmed, attended())
        case SegmentKind.NO_SHOW:
            return (confirmed, ~attended())
        case SegmentKind.ASKED:
            return (attending, sa.exists().where(Question.registration_id == Registration.id))
        case SegmentKind.ANSWER | SegmentKind.CHOSEN:
            return (attending, _is_picked(segment))


def _is_picked(segment: Segment) -> sa.ColumnElement[bool]:
    if segment.kind == SegmentKind.CHOSEN:
        return Registration.id.in_(segment.ids)
    return with_answer(segment.field_id or 0, segment.value)
