"""The shape of a message to many."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired

from eventapp.core.access import LARGEST_ROW_ID
from eventapp.core.forms import read_moment
from eventapp.messages.broadcasts.labels import label_segment, list_options
from eventapp.messages.broadcasts.rules import MOST_CHOSEN, Segment, SegmentKind
from eventapp.messages.models import Broadcast
from eventapp.messages.wordings.forms import WordsForm
from eventapp.messages.wordings.standard import BROADCAST
from eventapp.registrations.answers import Column

# Of these kinds there are many, each with something that was picked.
PICKED = (SegmentKind.ANSWER, SegmentKind.CHOSEN)
CHOSEN = re.compile(r"chosen:([1-9][0-9]{0,9}(?:,[1-9][0-9]{0,9})*)")


class BroadcastForm(WordsForm):
    """A message and whom it goes to."""

    message = BROADCAST

    segment = SelectField(_l("To"))

    @classmethod
    def of(cls, broadcast: Broadcast | None, *, chosen: Segment | None) -> BroadcastForm:
        """Return the form for a draft, or for a new message to those who are `chosen`, if any."""
        if broadcast is None:
            segment = chosen.to_choice() if chosen else None
            return cls(data={"body": _("Hello {name},"), "segment": segment})
        return cls(
            data={
                "segment": Segment.from_json(broadcast.segment).to_choice(),
                "subject": broadcast.subject,
                "body": broadcast.body,
                "seen_at": broadcast.updated_at.isoformat(),
            }
        )

    def offer_segments(
        self, columns: Sequence[Column], *, chosen: Segment | None, is_over: bool
    ) -> None:
        """Offer who can be written to; who didn't come is known once it is over."""
        segments = [Segment(kind=kind) for kind in SegmentKind if kind not in PICKED]
        by_answer = [
            Segment(kind=SegmentKind.ANSWER, field_id=column.field_id, value=value)
            for column in columns
            for value, _text in list_options(column)
        ]
        self.segment.choices = [
            (each.to_choice(), label_segment(each, columns=columns))
            for each in [*([chosen] if chosen else []), *segments, *by_answer]
            if is_over or each.kind != SegmentKind.NO_SHOW
        ]

    @property
    def chosen(self) -> Segment:
        return Segment.from_choice(self.segment.data)


def read_chosen(choice: str) -> Segment | None:
    """Return the people who were chosen one by one, if that is what a form says."""
    if not CHOSEN.fullmatch(choice):
        return None
    segment = Segment.from_choice(choice)
    is_possible = len(segment.ids) <= MOST_CHOSEN and max(segment.ids) <= LARGEST_ROW_ID
    return segment if is_possible else None


class SendForm(FlaskForm):  # type: ignore[misc]
    """What an organiser saw before sending: how many people, and which state of the message."""

    people = IntegerField(validators=[InputRequired()])
    seen_at = HiddenField()

    def seen_moment(self) -> datetime | None:
        return read_moment(self.seen_at.data)
