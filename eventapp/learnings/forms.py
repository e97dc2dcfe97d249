"""The shape of the key learnings."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from eventapp.core.forms import many_lines, read_moment
from eventapp.learnings.models import Learnings

LONGEST = 50_000


class LearningsForm(FlaskForm):  # type: ignore[misc]
    """The text. `seen_at` is when the shown state was saved."""

    body = TextAreaField(
        _l("Key learnings"),
        validators=[Length(max=LONGEST, message=_l("Please use at most 50,000 characters."))],
        filters=[many_lines],
    )
    seen_at = HiddenField()

    @classmethod
    def of(cls, learnings: Learnings | None) -> LearningsForm:
        if learnings is None:
            return cls()
        return cls(obj=learnings, data={"seen_at": learnings.updated_at.isoformat()})

    def seen_moment(self) -> datetime | None:
        """Return when the state was saved that the form shows, or None where there was none."""
        return read_moment(self.seen_at.data)
