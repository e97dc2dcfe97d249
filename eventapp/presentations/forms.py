"""The shape of what is handed in with a presentation."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Form, SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from eventapp.core.forms import one_line
from eventapp.core.uploads import UploadIsRefused, UploadKind, check_presentation
from eventapp.presentations.actions import Slides
from eventapp.presentations.models import Presentation
from eventapp.webinars.models import AgendaItem, Webinar

NO_ITEM = 0


class SlidesField(FileField):  # type: ignore[misc]
    """An uploaded presentation, known by its content; `slides` is what was handed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slides: Slides | None = None

    def process_data(self, _value: object) -> None:
        """Start empty: what is stored is a file of ours, not an upload."""
        self.data: Any = None

    def post_validate(self, _form: Form, validation_stopped: bool) -> None:  # noqa: FBT001 - WTForms' signature
        if validation_stopped or not self.data:
            return
        try:
            kind: UploadKind = check_presentation(self.data.stream)
        except UploadIsRefused as refusal:
            raise ValidationError(refusal.message) from refusal
        self.slides = Slides(content=self.data.stream, name=self.data.filename or "", kind=kind)


class PresentationForm(FlaskForm):  # type: ignore[misc]
    """What people read about the file, and when they get it."""

    title = StringField(
        _l("Title"),
        validators=[
            DataRequired(_l("Please give the presentation a title.")),
            Length(max=300, message=_l("Please use at most 300 characters.")),
        ],
        filters=[one_line],
    )
    agenda_item = SelectField(_l("Belongs to"), coerce=int)
    file = SlidesField(_l("File"))
    is_shown_before = BooleanField(_l("People may download it before the webinar"))

    def __init__(self, webinar: Webinar, *, presentation: Presentation | None = None) -> None:
        super().__init__(data=_values_of(presentation) if presentation else None)
        self.is_new = presentation is None
        self.agenda_item.choices = [
            (NO_ITEM, _("The whole webinar")),
            *((item.id, _name_item(item)) for item in webinar.agenda_items),
        ]

    def validate_file(self, field: SlidesField) -> None:
        if self.is_new and not field.data:
            raise ValidationError(_("Please choose a file."))

    def values(self) -> dict[str, Any]:
        """Return what the actions take besides the webinar and the file."""
        return {
            "title": self.title.data,
            "agenda_item_id": self.agenda_item.data or None,
            "is_shown_before": self.is_shown_before.data,
        }


def _values_of(presentation: Presentation) -> dict[str, Any]:
    return {
        "title": presentation.title,
        "agenda_item": presentation.agenda_item_id or NO_ITEM,
        "is_shown_before": presentation.is_shown_before,
    }


def _name_item(item: AgendaItem) -> str:
    names = ", ".join(speaker.name for speaker in item.speakers)
    return f"{item.title} ({names})" if names else item.title
