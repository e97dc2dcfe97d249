"""What people type about a registration."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, Form, HiddenField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from eventapp.registrations.refusals import AddressIsNoAddress, NameIsMissing
from eventapp.registrations.rules import LONGEST_AFFILIATION, LONGEST_NAME, read_address

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets


class IsAddress:
    """Accepts what `rules.read_address` can read."""

    def __call__(self, _form: Form, field: Field) -> None:
        try:
            read_address(field.data or "")
        except AddressIsNoAddress as refusal:
            raise ValidationError(refusal.message) from refusal


class AttendeeForm(FlaskForm):  # type: ignore[misc]
    """Who attends."""

    name = StringField(
        _l("Name"),
        validators=[
            DataRequired(NameIsMissing().message),
            Length(max=LONGEST_NAME, message=_l("Please use at most %(max)d characters.")),
        ],
    )
    affiliation = StringField(
        _l("Organisation"),
        validators=[
            Length(max=LONGEST_AFFILIATION, message=_l("Please use at most %(max)d characters."))
        ],
    )


class RegistrationForm(AttendeeForm):
    """Registering. `website` is for machines, which fill in everything; people never see it."""

    email = EmailField(
        _l("E-mail address"),
        validators=[
            DataRequired(_l("Tell us where to send your link and the calendar entry.")),
            Length(max=LONGEST_ADDRESS),
            IsAddress(),
        ],
    )
    time_zone = HiddenField(render_kw={"data-time-zone": ""})
    website = StringField(_l("Leave this empty"))

    @property
    def is_from_a_machine(self) -> bool:
        return bool(self.website.data)

    def attendee(self) -> dict[str, Any]:
        """Return what `actions.register_attendee` is given of this."""
        return {
            "name": self.name.data or "",
            "email": self.email.data or "",
            "affiliation": self.affiliation.data or "",
            "time_zone": self.time_zone.data or "",
        }
