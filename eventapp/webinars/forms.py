"""The shapes of what organisers type about a webinar."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    EmailField,
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
    widgets,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from eventapp.core.errors import Refusal
from eventapp.core.forms import (
    MailAddress,
    PictureField,
    WebAddress,
    WholeNumberField,
    many_lines,
    one_line,
    read_moment,
)
from eventapp.core.i18n import zone_names
from eventapp.webinars.actions import WebinarDetails
from eventapp.webinars.labels import kind_label
from eventapp.webinars.models import AgendaItem, AgendaItemKind, RoomAccess, Webinar
from eventapp.webinars.rules import PlacedTime, check_times, place_time

COVER_SIDE = 1600
YEARS = range(1990, 2101)
LANGUAGES = (
    *("bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fi", "fr", "ga", "gl", "hr"),
    *("hu", "is", "it", "lb", "lt", "lv", "mk", "mt", "nb", "nl", "nn", "pl", "pt", "ro", "sk"),
    *("sl", "sq", "sr", "sv", "tr", "uk", "ar", "zh", "ja", "hi"),
)


def _at_most(number: int) -> Length:
    return Length(max=number, message=_l("Please use at most %(max)d characters."))


def zone_choices(present: str | None = None) -> dict[str, dict[str, str]]:
    """Return every zone under its part of the world, and the present one even if it is unusual."""
    grouped: dict[str, dict[str, str]] = {}
    for name in zone_names():
        area, _slash, place = name.partition("/")
        grouped.setdefault(area, {})[name] = (place or name).replace("_", " ")
    if present and present not in zone_names():
        grouped[present] = {present: present}
    return grouped


def language_choices() -> dict[str, str]:
    names = Locale.parse(str(get_locale() or "en")).languages
    return dict(sorted(((code, names.get(code, code)) for code in LANGUAGES), key=itemgetter(1)))


def local_time(moment: datetime, zone: str) -> datetime:
    """Return what the clock of `zone` shows, as forms do: naive, to the minute."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)


def say_years() -> str:
    """Return what is said to a time in a year that nobody means."""
    said: str = _(
        "Please check the year: times from %(first)d to %(last)d can be given.",
        first=YEARS[0],
        last=YEARS[-1],
    )
    return said


class WebinarForm(FlaskForm):  # type: ignore[misc]
    """A webinar's details. The times are local to the zone chosen; `placed` holds them as moments.

    `seen_at` is when the shown state was saved; `is_confirmed` that people may be told of it.
    """

    title = StringField(
        _l("Title"),
        validators=[DataRequired(_l("Please give the webinar a title.")), _at_most(200)],
        filters=[one_line],
    )
    summary = TextAreaField(
        _l("Summary"),
        description=_l("One or two sentences, shown in lists and e-mails."),
        validators=[_at_most(400)],
        filters=[one_line],
    )
    description = TextAreaField(
        _l("Description"),
        description=_l("Shown on the webinar's page. You can use Markdown."),
        validators=[_at_most(20000)],
        filters=[many_lines],
    )
    starts_local = DateTimeLocalField(
        _l("Starts"), validators=[InputRequired(_l("Please say when it starts."))]
    )
    ends_local = DateTimeLocalField(
        _l("Ends"), validators=[InputRequired(_l("Please say when it ends."))]
    )
    time_zone = SelectField(_l("Time zone"), description=_l("Start and end are local times there."))
    language = SelectField(_l("Language spoken"))
    capacity = WholeNumberField(
        _l("Seats"),
        description=_l("Leave empty for no limit. When all are taken, people join a waiting list."),
        validators=[
            Optional(),
            NumberRange(1, 1_000_000, _l("Please give a number from 1 to 1,000,000.")),
        ],
    )
    join_url = URLField(
        _l("Address of the meeting"),
        description=_l("A meeting link, for instance. Only registered people see it."),
        validators=[_at_most(2000), WebAddress()],
        filters=[one_line],
    )
    room_access = RadioField(
        _l("Who may enter the room for questions?"),
        choices=[
            SelectChoice(RoomAccess.OPEN.value, _l("Anyone who has the address")),
            SelectChoice(RoomAccess.REGISTERED.value, _l("Only people who have registered")),
        ],
        default=RoomAccess.OPEN.value,
    )
    is_moderated = BooleanField(
        _l("Questions appear once a moderator has approved them"), default=True
    )
    contact_name = StringField(
        _l("Contact"),
        description=_l("The person to write to; shown on the page and in e-mails."),
        validators=[_at_most(200)],
        filters=[one_line],
    )
    contact_email = EmailField(
        _l("Contact's e-mail address"),
        validators=[Optional(), MailAddress()],
        filters=[one_line],
    )
    cover = PictureField(
        _l("Cover picture"),
        max_side=COVER_SIDE,
        description=_l(
            "JPEG, PNG or WebP, wider than it is tall. "
            "If you don't choose one, we draw a cover for you."
        ),
    )
    is_cover_removed = BooleanField(_l("Remove the cover picture"))
    seen_at = HiddenField()
    is_confirmed = HiddenField()

    def __init__(self, *args: Any, webinar: Webinar | None = None, **kwargs: Any) -> None:
        super().__init__(*args, obj=webinar, **kwargs)
        self.webinar = webinar
        self.placed: dict[str, PlacedTime] = {}
        self.time_zone.choices = zone_choices(webinar.time_zone if webinar else None)
        self.language.choices = language_choices()

    @classmethod
    def of(cls, webinar: Webinar) -> WebinarForm:
        return cls(
            webinar=webinar,
            data={
                "starts_local": local_time(webinar.starts_at, webinar.time_zone),
                "ends_local": local_time(webinar.ends_at, webinar.time_zone),
                "seen_at": webinar.updated_at.isoformat(),
            },
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then whether the local times exist and follow one another."""
        if not super().validate(extra_validators):
            return False
        for name, field in (("starts_at", self.starts_local), ("ends_at", self.ends_local)):
            self._place(name, field)
        if not self.errors:
            self._check_times()
        return not self.errors

    def _place(self, name: str, field: Field) -> None:
        kept = self._kept_moment(name, field.data)
        if field.data.year not in YEARS:
            field.errors.append(say_years())
        elif kept is not None:
            self.placed[name] = PlacedTime(moment=kept, is_ambiguous=False)
        else:
            try:
                self.placed[name] = place_time(field.data, zone=self.time_zone.data)
            except Refusal as refusal:
                field.errors.append(refusal.message)

    def _kept_moment(self, name: str, local: datetime) -> datetime | None:
        """Return the stored moment where nobody touched it: a form knows no seconds."""
        if self.webinar is None or self.webinar.time_zone != self.time_zone.data:
            return None
        stored: datetime = getattr(self.webinar, name)
        return stored if local_time(stored, self.webinar.time_zone) == local else None

    def _check_times(self) -> None:
        starts, ends = self.placed["starts_at"], self.placed["ends_at"]
        try:
            check_times(starts_at=starts.moment, ends_at=ends.moment)
        except Refusal as refusal:
            self.ends_local.errors.append(refusal.message)

    def has_ambiguous_time(self) -> bool:
        return any(placed.is_ambiguous for placed in self.placed.values())

    def seen_moment(self) -> datetime | None:
        """Return when the state was saved that the form shows, or None for an altered field."""
        return read_moment(self.seen_at.data)

    def details(self) -> WebinarDetails:
        return WebinarDetails(
            title=self.title.data,
            summary=self.summary.data,
            description=self.description.data,
            starts_at=self.placed["starts_at"].moment,
            ends_at=self.placed["ends_at"].moment,
            time_zone=self.time_zone.data,
            language=self.language.data,
            capacity=self.capacity.data,
            join_url=self.join_url.data,
            contact_name=self.contact_name.data,
            contact_email=self.contact_email.data or "",
            room_access=RoomAccess(self.room_access.data),
            is_moderated=self.is_moderated.data,
        )


class AgendaItemForm(FlaskForm):  # type: ignore[misc]
    """One planned part. `speakers` are ids of those who speak in the webinar."""

    kind = SelectField(_l("Kind"), default=AgendaItemKind.PRESENTATION.value)
    title = StringField(
        _l("Title"),
        validators=[DataRequired(_l("Please give this part a title.")), _at_most(300)],
        filters=[one_line],
    )
    minutes = WholeNumberField(
        _l("Minutes"),
        default=10,
        validators=[
            InputRequired(_l("Please say how long it is planned to take.")),
            NumberRange(1, 720, _l("Please give a number of minutes from 1 to 720.")),
        ],
    )
    speakers = SelectMultipleField(
        _l("Who is speaking?"),
        coerce=int,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    section = StringField(
        _l("Section heading"),
        description=_l("Parts with the same heading are grouped under it."),
        validators=[_at_most(200)],
        filters=[one_line],
    )

    def __init__(self, webinar: Webinar, *, item: AgendaItem | None = None) -> None:
        super().__init__(data=self._values_of(item) if item else None)
        self.kind.choices = {kind.value: kind_label(kind) for kind in AgendaItemKind}
        self.speakers.choices = {speaker.id: speaker.name for speaker in webinar.speakers}

    @staticmethod
    def _values_of(item: AgendaItem) -> dict[str, Any]:
        return {
            "kind": item.kind,
            "title": item.title,
            "minutes": item.minutes,
            "section": item.section,
            "speakers": [speaker.id for speaker in item.speakers],
        }

    def values(self) -> dict[str, Any]:
        """Return what `add_agenda_item` and `edit_agenda_item` are given."""
        return {
            "kind": AgendaItemKind(self.kind.data),
            "title": self.title.data,
            "minutes": self.minutes.data,
            "section": self.section.data,
            "speaker_ids": self.speakers.data,
        }


class AddSpeakerForm(FlaskForm):  # type: ignore[misc]
    """Someone who has a profile already."""

    speaker = SelectField(_l("Who is speaking?"), coerce=int)


class StepForm(FlaskForm):  # type: ignore[misc]
    """Nothing but the wish to take a step."""


class CancelForm(FlaskForm):  # type: ignore[misc]
    reason = TextAreaField(
        _l("Why?"),
        description=_l("Shown on the page and in the message to everyone who registered."),
        validators=[_at_most(1000)],
        filters=[many_lines],
    )
