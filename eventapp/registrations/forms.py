"""What people type about a registration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, FieldList, Form, FormField, HiddenField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from eventapp.core.errors import Refusal
from eventapp.form_fields.asked import AskedField
from eventapp.form_fields.forms import AnswersForm, read_answers
from eventapp.registrations.answers import list_answers
from eventapp.registrations.code_rules import LONGEST_CODE
from eventapp.registrations.name_rules import (
    LONGEST_AFFILIATION,
    LONGEST_NAME,
    check_name,
    tidy_name,
)
from eventapp.registrations.refusals import (
    AddressIsNoAddress,
    AddressIsTwiceInGroup,
    NameHoldsAddress,
    NameIsMissing,
)
from eventapp.registrations.rules import Policy, read_address

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
LONGEST_TYPED_CODE = 2 * LONGEST_CODE  # with spaces and hyphens
MOST_DIGITS_OF_A_PERSON = 3
TOO_LONG = _l("Please use at most %(max)d characters.")


class IsName:
    """Accepts what `name_rules.check_name` accepts."""

    def __call__(self, _form: Form, field: Field) -> None:
        try:
            check_name(tidy_name(field.data or "", longest=LONGEST_NAME))
        except (NameIsMissing, NameHoldsAddress) as refusal:
            raise ValidationError(refusal.message) from refusal


class IsAddress:
    """Accepts what `rules.read_address` can read."""

    def __call__(self, _form: Form, field: Field) -> None:
        try:
            read_address(field.data or "")
        except AddressIsNoAddress as refusal:
            raise ValidationError(refusal.message) from refusal


def _name_field() -> Field:
    return StringField(
        _l("Name"),
        validators=[
            DataRequired(NameIsMissing().message),
            Length(max=LONGEST_NAME, message=TOO_LONG),
            IsName(),
        ],
    )


def _email_field() -> Field:
    return EmailField(
        _l("E-mail address"),
        validators=[
            DataRequired(_l("Tell us where to send your link and the calendar entry.")),
            Length(max=LONGEST_ADDRESS),
            IsAddress(),
        ],
    )


def _affiliation_field() -> Field:
    return StringField(
        _l("Organisation"), validators=[Length(max=LONGEST_AFFILIATION, message=TOO_LONG)]
    )


class AttendeeForm(FlaskForm):  # type: ignore[misc]
    """Who attends, as they see it at their door."""

    name = _name_field()
    affiliation = _affiliation_field()


class PersonForm(Form):  # type: ignore[misc]
    """Another person of a group; `answers` are theirs to the form's own fields."""

    answers: AnswersForm = AnswersForm(())

    name = _name_field()
    email = _email_field()
    affiliation = _affiliation_field()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed: a row too many is nobody."""
        return not any((field.data or "").strip() for field in self)

    def ask(self, asked: Sequence[AskedField]) -> None:
        self.answers = read_answers(asked, prefix=self._prefix)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check what was typed and answered, each to its end, so that all mistakes are shown."""
        if self.is_empty:
            return True
        is_valid = bool(super().validate(extra_validators))
        return self.answers.validate() and is_valid

    @property
    def errors(self) -> dict[str, Any]:
        return {**super().errors, **(self.answers.errors if not self.is_empty else {})}


class PeopleField(FieldList):  # type: ignore[misc]
    """The other people of a group, each a PersonForm."""

    def _extract_indices(self, prefix: str, formdata: Mapping[str, Any]) -> Iterator[int]:
        """Yield the numbers of the rows that were sent, however hostile their names.

        WTForms takes "²", and numbers of any length, for numbers.
        """
        for key in formdata:
            if key.startswith(f"{prefix}-"):
                number = key.removeprefix(f"{prefix}-").partition("-")[0]
                is_short = len(number) <= MOST_DIGITS_OF_A_PERSON
                if is_short and number.isascii() and number.isdigit():
                    yield int(number)

    def validate(self, form: Form, extra_validators: Iterable[Any] = ()) -> bool:
        """Check every row; the summary of mistakes says whose each is."""
        for number, entry in enumerate(self.entries, start=2):
            entry.label.text = _("Person %(number)s", number=number)
        return bool(super().validate(form, extra_validators))

    @property
    def people(self) -> list[PersonForm]:
        """Those of whom something was typed."""
        return [entry.form for entry in self.entries if not entry.form.is_empty]

    def leave_out(self, number: int) -> None:
        """Take the row with this number out of the form; the others keep their names."""
        if 0 <= number < len(self.entries):
            del self.entries[number]


class RegistrationForm(AttendeeForm):
    """Registering; `code` and `others` are there where the policy asks for them.

    `asked` are the form's own fields, which everybody answers; `answers` are the first person's.
    `website` is for machines, which fill in everything; people never see it.
    """

    email = _email_field()
    code = StringField(
        _l("Your code"), validators=[Length(max=LONGEST_TYPED_CODE, message=TOO_LONG)]
    )
    # Without labels WTForms would translate the names of these two, reading its catalogue anew.
    others = PeopleField(FormField(PersonForm), label=_l("Your group"))
    time_zone = HiddenField("", render_kw={"data-time-zone": ""})
    website = StringField(_l("Leave this empty"))

    def __init__(self, policy: Policy, *, asked: Sequence[AskedField] = (), **kwargs: Any) -> None:
        self.most_others = policy.largest_group - 1
        super().__init__(**kwargs)
        self.asked = asked
        self.answers = read_answers(asked)
        if not policy.needs_code:
            del self.code
        if not self.most_others:
            del self.others
        else:
            for entry in self.others.entries:
                entry.form.ask(asked)

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Read no more rows than there may be, and one more to be refused: each takes its time."""
        self.others.max_entries = self.most_others + 1
        super().process(*args, **kwargs)

    @property
    def is_from_a_machine(self) -> bool:
        return bool(self.website.data)

    @property
    def takes_group(self) -> bool:
        return "others" in self

    @property
    def can_add(self) -> bool:
        """Whether one more person fits into the group."""
        return self.takes_group and len(self.others.entries) < self.most_others

    @property
    def other_people(self) -> list[PersonForm]:
        return self.others.people if self.takes_group else []

    @property
    def blank_person(self) -> PersonForm:
        """What a script copies for one more person, with marks in the places of its numbers."""
        person = PersonForm(prefix="others-NUMBER-")
        person.ask(self.asked)
        return person

    def change_rows(self, asked: Mapping[str, str]) -> bool:
        """Add or take out a row, if a button of the form asks for that; return whether one did."""
        if not self.takes_group:
            return False
        if "add" in asked:
            if self.can_add:
                self.others.append_entry().form.ask(self.asked)
            return True
        if "remove" in asked:
            number = asked["remove"][:MOST_DIGITS_OF_A_PERSON]
            self.others.leave_out(int(number) if number.isascii() and number.isdigit() else -1)
            return True
        return False

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check what was typed and answered, each to its end, so that all mistakes are shown."""
        is_valid = bool(super().validate(extra_validators))
        return self.answers.validate() and is_valid

    def validate_others(self, _field: Field) -> None:
        """Say at the second of two people with one address that they need one of their own."""
        seen = {_key_of(self.email)}
        for person in self.other_people:
            key = _key_of(person.email)
            if key and key in seen:
                person.email.errors = [AddressIsTwiceInGroup(person.email.data).message]
            seen.add(key)
        if any(person.errors for person in self.other_people):
            raise ValidationError(_("Please check the people in your group."))

    def refuse(self, refusal: Refusal, *, field: Field | None = None) -> None:
        """Show why something is declined, at the field that it is about."""
        if field is None:
            self.form_errors.append(refusal.message)
        else:
            field.errors = [*field.errors, refusal.message]

    def attendees(self, *, language: str) -> list[dict[str, Any]]:
        """Return everybody as `actions.Attendee` takes them, who filled in the form first.

        The browser's time zone is known of that person alone.
        """
        first = {**_person(self, language), "time_zone": self.time_zone.data or ""}
        return [first, *(_person(other, language) for other in self.other_people)]


class LostLinkForm(FlaskForm):  # type: ignore[misc]
    """Where somebody's link goes once more."""

    email = EmailField(
        _l("E-mail address"),
        validators=[
            DataRequired(_l("Tell us the address that you registered with.")),
            Length(max=LONGEST_ADDRESS),
            IsAddress(),
        ],
    )


def _person(form: RegistrationForm | PersonForm, language: str) -> dict[str, Any]:
    return {
        "name": form.name.data or "",
        "email": form.email.data or "",
        "affiliation": form.affiliation.data or "",
        "language": language,
        "answers": list_answers(form.answers),
    }


def _key_of(email: Field) -> str:
    try:
        return read_address(email.data or "").key
    except AddressIsNoAddress:
        return ""
