"""The shape of a message to many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired

from eventapp.core.forms import read_moment
from eventapp.messages.broadcasts.labels import label_segment, list_options
from eventapp.messages.broadcasts.rules import Segment, SegmentKind
from eventapp.messages.models import Broadcast
from eventapp.messages.wordings.forms import WordsForm
from eventapp.messages.wordings.standard import BROADCAST
from eventapp.registrations.answers import Column


class BroadcastForm(WordsForm):
    """A message and whom it goes to."""

    message = BROADCAST

    segment = SelectField(_l("To"))

    @classmethod
    def of(cls, broadcast: Broadcast | None) -> BroadcastForm:
        if broadcast is None:
            return cls(data={"body": _("Hello {name},")})
        return cls(
            data={
                "segment": Segment.from_json(broadcast.segment).to_choice(),
                "subject": broadcast.subject,
                "body": broadcast.body,
                "seen_at": broadcast.updated_at.isoformat(),
            }
        )

    def offer_segments(self, columns: Sequence[Column], *, is_over: bool) -> None:
        """Offer who can be written to; who didn't come is known once it is over."""
        segments = [Segment(kind=kind) for kind in SegmentKind if kind != SegmentKind.ANSWER]
        by_answer = [
            Segment(kind=SegmentKind.ANSWER, field_id=column.field_id, value=value)
            for column in columns
            for value, _text in list_options(column)
        ]
        self.segment.choices = [
            (each.to_choice(), label_segment(each, columns=columns))
            for each in [*segments, *by_answer]
            if is_over or each.kind != SegmentKind.NO_SHOW
        ]

    @property
    def chosen(self) -> Segment:
        return Segment.from_choice(self.segment.data)


class SendForm(FlaskForm):  # type: ignore[misc]
    """What an organiser saw before sending: how many people, and which state of the message."""

    people = IntegerField(validators=[InputRequired()])
    seen_at = HiddenField()

    def seen_moment(self) -> datetime | None:
        return read_moment(self.seen_at.data)
