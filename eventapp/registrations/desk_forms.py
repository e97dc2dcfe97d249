"""What organisers type about registrations: terms, access codes, somebody by hand, a table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    EmailField,
    Field,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from eventapp.core.errors import Refusal
from eventapp.core.forms import WholeNumberField, many_lines, one_line
from eventapp.registrations.code_rules import LONGEST_CODE
from eventapp.registrations.forms import LONGEST_ADDRESS, IsAddress
from eventapp.registrations.models import Promotion, RegistrationMode
from eventapp.registrations.name_rules import LONGEST_AFFILIATION, LONGEST_NAME
from eventapp.registrations.rules import Policy, check_policy
from eventapp.webinars.forms import YEARS, local_time, say_years
from eventapp.webinars.models import Webinar
from eventapp.webinars.rules import place_time

LONGEST_NOTE = 200
MOST_PASTED = 120_000
AT_MOST = _l("Please use at most %(max)d characters.")


def _whole_number(lowest: int, highest: int, message: str) -> list[Any]:
    return [InputRequired(message), NumberRange(lowest, highest, message)]


class TermsForm(FlaskForm):  # type: ignore[misc]
    """A webinar's terms of registration. Times are local to the webinar's zone."""

    mode = RadioField(
        _l("Who may register?"),
        choices=[
            SelectChoice(RegistrationMode.OPEN.value, _l("Anyone")),
            SelectChoice(
                RegistrationMode.APPROVAL.value, _l("Anyone may ask, and you let them in")
            ),
            SelectChoice(
                RegistrationMode.INVITATION.value, _l("Only people who have an access code")
            ),
        ],
    )
    opens_local = DateTimeLocalField(
        _l("Opens"),
        description=_l("Leave empty to open when the webinar is published."),
        validators=[Optional()],
    )
    closes_local = DateTimeLocalField(
        _l("Closes"),
        description=_l("Leave empty to close when the webinar is over."),
        validators=[Optional()],
    )
    is_address_verified = BooleanField(
        _l("People first confirm their address by a link that we send them"),
        description=_l("So nobody can register somebody else, and no seat goes to a mistyped one."),
    )
    hold_minutes = WholeNumberField(
        _l("Minutes for which a seat is kept meanwhile"),
        description=_l("Who confirms later takes what there is then."),
        validators=_whole_number(
            5, 10_080, _l("Please give a number of minutes from 5 to 10,080, which is a week.")
        ),
    )
    promotion = RadioField(
        _l("When a seat becomes free, the first who waits …"),
        choices=[
            SelectChoice(Promotion.AT_ONCE.value, _l("has it at once")),
            SelectChoice(Promotion.OFFER.value, _l("is asked, and has some time to say yes")),
        ],
    )
    offer_hours = WholeNumberField(
        _l("Hours to say yes"),
        description=_l("Then the next person is asked. Shortly before the start nobody is asked."),
        validators=_whole_number(
            1, 336, _l("Please give a number of hours from 1 to 336, which is two weeks.")
        ),
    )
    largest_group = WholeNumberField(
        _l("How many people may one person register together?"),
        description=_l("1 means nobody else. Each gets a link and an invitation of their own."),
        validators=_whole_number(1, 50, _l("Please give a number from 1 to 50.")),
    )
    join_opens_minutes = WholeNumberField(
        _l("Minutes before the start from which people can come in"),
        validators=_whole_number(
            0, 1_440, _l("Please give a number of minutes from 0 to 1,440, which is a day.")
        ),
    )

    def __init__(self, webinar: Webinar, policy: Policy) -> None:
        zone = webinar.time_zone
        super().__init__(
            data={
                **vars(policy),
                "mode": policy.mode.value,
                "promotion": policy.promotion.value,
                "opens_local": local_time(policy.opens_at, zone) if policy.opens_at else None,
                "closes_local": local_time(policy.closes_at, zone) if policy.closes_at else None,
            }
        )
        self.webinar = webinar
        self.stored = policy
        self.moments: dict[str, datetime | None] = {}
        self.has_ambiguous_time = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then whether the local times exist and follow one another."""
        if not super().validate(extra_validators):
            return False
        self._place("opens_at", self.opens_local)
        self._place("closes_at", self.closes_local)
        if not self.errors:
            self._check_order()
        return not self.errors

    def policy(self) -> Policy:
        """Return the terms as they were typed."""
        return Policy(
            mode=RegistrationMode(self.mode.data),
            opens_at=self.moments["opens_at"],
            closes_at=self.moments["closes_at"],
            is_address_verified=self.is_address_verified.data,
            hold_minutes=self.hold_minutes.data,
            promotion=Promotion(self.promotion.data),
            offer_hours=self.offer_hours.data,
            largest_group=self.largest_group.data,
            join_opens_minutes=self.join_opens_minutes.data,
        )

    def _place(self, name: str, field: Field) -> None:
        """Find the moment that a local time means; what nobody touched stays as it is stored."""
        zone = self.webinar.time_zone
        stored: datetime | None = getattr(self.stored, name)
        self.moments[name] = stored
        if field.data is None:
            self.moments[name] = None
        elif field.data.year not in YEARS:
            field.errors.append(say_years())
        elif stored is None or local_time(stored, zone) != field.data:
            self._read(name, field)

    def _read(self, name: str, field: Field) -> None:
        try:
            placed = place_time(field.data, zone=self.webinar.time_zone)
        except Refusal as refusal:
            field.errors.append(refusal.message)
        else:
            self.moments[name] = placed.moment
            self.has_ambiguous_time |= placed.is_ambiguous

    def _check_order(self) -> None:
        opens_at = self.moments["opens_at"]
        if opens_at is not None and opens_at >= self.webinar.ends_at:
            self.opens_local.errors.append(_("The webinar is over by then. Please open earlier."))
        try:
            check_policy(self.policy())
        except Refusal as refusal:
            self.closes_local.errors.append(refusal.message)


class SharedCodeForm(FlaskForm):  # type: ignore[misc]
    """A code for several people."""

    code = StringField(
        _l("Code"),
        description=_l("At least 6 letters or digits. Leave empty, and we think one up."),
        validators=[Length(max=LONGEST_CODE, message=AT_MOST)],
        filters=[one_line],
    )
    note = StringField(
        _l("Note"),
        description=_l("Whom it is for; only organisers see it."),
        validators=[Length(max=LONGEST_NOTE, message=AT_MOST)],
        filters=[one_line],
    )
    most_uses = WholeNumberField(
        _l("For how many people?"),
        description=_l("Leave empty for any number."),
        validators=[
            Optional(),
            NumberRange(1, 1_000_000, _l("Please give a number from 1 to 1,000,000.")),
        ],
    )


class PersonalCodesForm(FlaskForm):  # type: ignore[misc]
    """People who are invited, one a line."""

    people = TextAreaField(
        _l("Whom do you invite?"),
        validators=[
            DataRequired(_l("Please paste at least one address.")),
            Length(max=MOST_PASTED, message=_l("That is too much at once.")),
        ],
        filters=[many_lines],
    )


class ByHandForm(FlaskForm):  # type: ignore[misc]
    """Somebody whom an organiser registers."""

    name = StringField(
        _l("Name"),
        validators=[
            DataRequired(_l("Please give a name.")),
            Length(max=LONGEST_NAME, message=AT_MOST),
        ],
        filters=[one_line],
    )
    email = EmailField(
        _l("E-mail address"),
        validators=[
            DataRequired(_l("Please say where their link and the calendar entry go.")),
            Length(max=LONGEST_ADDRESS, message=AT_MOST),
            IsAddress(),
        ],
        filters=[one_line],
    )
    affiliation = StringField(
        _l("Organisation"),
        validators=[Length(max=LONGEST_AFFILIATION, message=AT_MOST)],
        filters=[one_line],
    )


class ImportForm(FlaskForm):  # type: ignore[misc]
    """A table of people: a file, or its text."""

    file = FileField(
        _l("CSV file"),
        description=_l("Up to 2 MB. In Excel: Save as, “CSV UTF-8”."),
    )
    text = TextAreaField(
        _l("Or paste the table"),
        description=_l("With a line of headings first, such as “Name;E-mail;Organisation”."),
    )


class ColumnsForm(FlaskForm):  # type: ignore[misc]
    """What each column of a table is; one select for each, named `column-0` and so on."""

    def __init__(self, columns: list[str]) -> None:
        super().__init__()
        self.present = columns

    @classmethod
    def of(cls, columns: list[str], *, headings: list[str], choices: dict[str, str]) -> ColumnsForm:
        """Return a form with one select for each of the table's columns."""
        selects = {
            f"column_{number}": SelectField(heading, choices=choices, default=column)
            for number, (heading, column) in enumerate(zip(headings, columns, strict=True))
        }
        form: ColumnsForm = type("ColumnsOfTable", (cls,), selects)(columns)
        return form

    def columns(self) -> list[str]:
        """Return what each column was said to be, in the order of the table."""
        return [self[f"column_{number}"].data for number in range(len(self.present))]
