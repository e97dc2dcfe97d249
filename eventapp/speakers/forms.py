"""The shape of a speaker's profile."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, StringField, TextAreaField, URLField
from wtforms.validators import DataRequired, Length, Optional

from eventapp.core.forms import (
    MailAddress,
    PictureField,
    WebAddress,
    many_lines,
    one_line,
    read_moment,
)
from eventapp.speakers.actions import Profile
from eventapp.speakers.models import Speaker

PHOTO_SIDE = 512


class SpeakerForm(FlaskForm):  # type: ignore[misc]
    """A profile. `seen_at` is when the shown state was saved."""

    name = StringField(
        _l("Name"),
        validators=[
            DataRequired(_l("Please give the person's name.")),
            Length(max=200, message=_l("Please use at most 200 characters.")),
        ],
        filters=[one_line],
    )
    affiliation = StringField(
        _l("Organisation or project"),
        validators=[Length(max=200, message=_l("Please use at most 200 characters."))],
        filters=[one_line],
    )
    biography = TextAreaField(
        _l("Short biography"),
        validators=[Length(max=3000, message=_l("Please use at most 3,000 characters."))],
        filters=[many_lines],
    )
    link = URLField(
        _l("Link"),
        validators=[
            Length(max=2000, message=_l("Please use at most 2,000 characters.")),
            WebAddress(),
        ],
        filters=[one_line],
    )
    email = EmailField(
        _l("E-mail"),
        validators=[Optional(), MailAddress()],
        filters=[one_line],
    )
    photo = PictureField(_l("Photo"), max_side=PHOTO_SIDE)
    is_photo_removed = BooleanField(_l("Remove the photo"))
    seen_at = HiddenField()

    @classmethod
    def of(cls, speaker: Speaker) -> SpeakerForm:
        return cls(obj=speaker, data={"seen_at": speaker.updated_at.isoformat()})

    def profile(self) -> Profile:
        return Profile(
            name=self.name.data,
            affiliation=self.affiliation.data,
            biography=self.biography.data,
            link=self.link.data,
            email=self.email.data,
        )

    def seen_moment(self) -> datetime | None:
        """Return when the state was saved that the form shows, or None for an altered field."""
        return read_moment(self.seen_at.data)
