"""Whom a message to many may go to, and what may be done with it at each step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from eventapp.messages.broadcasts.refusals import (
    BroadcastHasChanged,
    BroadcastIsElsewhere,
    MorePeopleThanShown,
    NobodyToWriteTo,
    TooManyAreChosen,
)
from eventapp.messages.models import Broadcast, BroadcastStatus
from eventapp.webinars.models import Webinar, WebinarStatus

# More are a group of people rather than some who were chosen.
MOST_CHOSEN = 5000
OVER = frozenset({WebinarStatus.ENDED, WebinarStatus.REPLAY_PUBLISHED, WebinarStatus.ARCHIVED})


class SegmentKind(StrEnum):
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    ASKED = "asked"
    ANSWER = "answer"
    CHOSEN = "chosen"


@dataclass(frozen=True, kw_only=True)
class Segment:
    """Some of a webinar's people.

    By an answer, `value` is an option of the field `field_id`. Those chosen one by one have `ids`.
    """

    kind: SegmentKind
    field_id: int | None = None
    value: str = ""
    ids: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        if self.kind == SegmentKind.ANSWER:
            return {"kind": self.kind.value, "field": self.field_id, "value": self.value}
        if self.kind == SegmentKind.CHOSEN:
            return {"kind": self.kind.value, "ids": list(self.ids)}
        return {"kind": self.kind.value}

    @classmethod
    def from_json(cls, held: dict[str, Any]) -> Segment:
        return cls(
            kind=SegmentKind(held["kind"]),
            field_id=held.get("field"),
            value=held.get("value", ""),
            ids=tuple(held.get("ids", ())),
        )

    def to_choice(self) -> str:
        """Return what a form calls it."""
        if self.kind == SegmentKind.ANSWER:
            return f"{self.kind.value}:{self.field_id}:{self.value}"
        if self.kind == SegmentKind.CHOSEN:
            return f"{self.kind.value}:{','.join(map(str, self.ids))}"
        return self.kind.value

    @classmethod
    def from_choice(cls, choice: str) -> Segment:
        """Read what `to_choice` wrote."""
        kind, _colon, rest = choice.partition(":")
        if kind == SegmentKind.CHOSEN:
            return cls(kind=SegmentKind.CHOSEN, ids=tuple(map(int, rest.split(","))))
        field_id, _colon, value = rest.partition(":")
        return cls(
            kind=SegmentKind(kind), field_id=int(field_id) if field_id else None, value=value
        )


def is_over(webinar: Webinar, *, now: datetime) -> bool:
    """Whether it is known who didn't come."""
    is_past = webinar.status == WebinarStatus.PUBLISHED and now >= webinar.ends_at
    return webinar.status in OVER or is_past


def can_edit(broadcast: Broadcast) -> bool:
    return broadcast.status == BroadcastStatus.DRAFT


def is_under_way(broadcast: Broadcast, *, waiting: int) -> bool:
    """Whether somebody is still to be written to, or some of what is written has yet to leave."""
    is_written = broadcast.status == BroadcastStatus.SENT
    return broadcast.status == BroadcastStatus.SENDING or (is_written and waiting > 0)


def can_pause(broadcast: Broadcast, *, waiting: int) -> bool:
    return is_under_way(broadcast, waiting=waiting)


def can_go_on(broadcast: Broadcast) -> bool:
    return broadcast.status == BroadcastStatus.PAUSED


def can_stop(broadcast: Broadcast, *, waiting: int) -> bool:
    return can_pause(broadcast, waiting=waiting) or can_go_on(broadcast)


def is_written_whole(broadcast: Broadcast) -> bool:
    return broadcast.finished_at is not None


def count_meant(broadcast: Broadcast) -> int:
    """Return how many people it is for: once all are written to, those who were."""
    if broadcast.status == BroadcastStatus.STOPPED or not is_written_whole(broadcast):
        return max(broadcast.total, broadcast.written)
    return broadcast.written


def shown_status(broadcast: Broadcast, *, waiting: int) -> BroadcastStatus:
    """Return what is said of it: written whole, it is finished once the last message has left."""
    is_sending = is_under_way(broadcast, waiting=waiting)
    return BroadcastStatus.SENDING if is_sending else broadcast.status


def check(is_possible: bool) -> None:  # noqa: FBT001 - the answer of one of the rules above
    if not is_possible:
        raise BroadcastIsElsewhere


def check_unchanged(broadcast: Broadcast, *, seen_at: datetime | None) -> None:
    if broadcast.updated_at != seen_at:
        raise BroadcastHasChanged


def check_chosen(people: int) -> None:
    if people > MOST_CHOSEN:
        raise TooManyAreChosen(MOST_CHOSEN)


def check_people(people: int, *, shown: int) -> None:
    """Refuse to write to more people than the organiser was shown."""
    if not people:
        raise NobodyToWriteTo
    if people > shown:
        raise MorePeopleThanShown(shown=shown, now=people)
