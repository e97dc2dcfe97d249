"""The people of a table: each row read, with what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from werkzeug.datastructures import MultiDict

from eventapp.form_fields.asked import CHOICES, AskedField, list_shown
from eventapp.form_fields.forms import AnswersForm
from eventapp.form_fields.forms.answering import name_of
from eventapp.form_fields.models import FieldKind
from eventapp.registrations.answers import Answer, list_answers
from eventapp.registrations.cells import SIGNS, take_off_apostrophe
from eventapp.registrations.imports.columns import (
    AFFILIATION,
    EMAIL,
    FIELD,
    FIRST_NAME,
    LAST_NAME,
    LEFT_OUT,
    NAME,
)
from eventapp.registrations.imports.tables import Row
from eventapp.registrations.models import RegistrationStatus
from eventapp.registrations.name_rules import (
    LONGEST_AFFILIATION,
    LONGEST_NAME,
    check_name,
    tidy_name,
)
from eventapp.registrations.refusals import (
    AddressIsNoAddress,
    NameHoldsAddress,
    NameIsMissing,
    TableIsTooLong,
)
from eventapp.registrations.rules import ACTIVE, EmailAddress, read_address

MOST_ROWS = 10_000
LONGEST_SHOWN = 80


# Several options stand in one cell on lines of their own, as in an export, or divided by these.
DIVIDERS = re.compile(r"[,;|]")


class Reason(StrEnum):
    """Why somebody isn't registered."""

    NO_NAME = "no_name"
    NAME_HOLDS_ADDRESS = "name_holds_address"
    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    FORMULA = "formula"
    TOO_MANY_CELLS = "too_many_cells"
    NO_OPTION = "no_option"
    NO_NUMBER = "no_number"
    NO_DATE = "no_date"
    LONG_ANSWER = "long_answer"
    NOT_ASKED = "not_asked"
    TWICE = "twice"
    REGISTERED = "registered"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    CHANGED = "changed"
    OVER = "over"
    UNREADABLE = "unreadable"
    HAS_CODE = "has_code"
    ERASED = "erased"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong with the row that begins in `line`; `who` is what it says of the person.

    Of who is registered it has the id instead, so that their name goes when they are erased.
    `columns` has for each reason the field whose answer is meant, "" for none.
    """

    line: int
    reasons: tuple[Reason, ...]
    who: str = ""
    registration_id: int | None = None
    columns: tuple[str, ...] = ("",)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who can be registered."""

    line: int
    name: str
    address: EmailAddress
    affiliation: str = ""
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A whole table: who can be registered, and whose row has to be looked at."""

    people: list[Person]
    problems: list[Problem]


def check_people(
    rows: Iterable[Row],
    *,
    columns: Sequence[str],
    fields: Sequence[AskedField],
    present: Mapping[str, RegistrationStatus],
) -> Checked:
    """Read every row; `present` says where everyone stands already, by the key of their address.

    Refuses: TableIsTooLong.
    """
    found = Checked(people=[], problems=[])
    seen: set[str] = set()
    form = open_answers(fields)
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise TableIsTooLong(MOST_ROWS)
        read = read_person(row, columns=columns, form=form)
        if isinstance(read, Person):
            read = _check_place(read, present=present, seen=seen)
        if isinstance(read, Person):
            found.people.append(read)
        else:
            found.problems.append(read)
    return found


def _check_place(
    person: Person, *, present: Mapping[str, RegistrationStatus], seen: set[str]
) -> Person | Problem:
    """Return the person, unless they are in the table already or have registered before."""
    key = person.address.key
    reason = Reason.TWICE if key in seen else find_standing(present.get(key))
    seen.add(key)
    if reason is None:
        return person
    return Problem(line=person.line, who=who_is(person), reasons=(reason,))


def find_standing(status: RegistrationStatus | None) -> Reason | None:
    """Return why somebody with this status isn't registered by a table; None for who is new.

    Who has cancelled meant it, and who was declined was meant: a table brings nobody back.
    """
    if status is None:
        return None
    if status in ACTIVE:
        return Reason.REGISTERED
    is_declined = status == RegistrationStatus.DECLINED
    return Reason.DECLINED if is_declined else Reason.CANCELLED


def who_is(person: Person) -> str:
    return f"{person.name} <{person.address.address}>"


def read_person(row: Row, *, columns: Sequence[str], form: AnswersForm) -> Person | Problem:
    """Return whom a row names, or everything that is wrong with it.

    `form` is one that `open_answers` gave, which then holds this row's answers.
    """
    said = {
        column: cell.strip()
        for column, cell in zip(columns, row.cells, strict=False)
        if column != LEFT_OUT
    }
    name, address = split_name(take_off_apostrophe(said.get(EMAIL, "")))
    name = _name_of(said) or name
    reasons = _check_name_and_address(name, address)
    if any(text.startswith(SIGNS) for text in (name, said.get(AFFILIATION, ""))):
        reasons.append(Reason.FORMULA)
    name = take_off_apostrophe(name)
    if any(cell.strip() for cell in row.cells[len(columns) :]):
        reasons.append(Reason.TOO_MANY_CELLS)
    given = _read_cells(said, form)
    wrong = [*((reason, "") for reason in reasons), *_check_answers(given, form)]
    if wrong:
        who = f"{name} <{address}>" if address else name
        return Problem(
            line=row.line,
            who=who[:LONGEST_SHOWN],
            reasons=tuple(reason for reason, _column in wrong),
            columns=tuple(column for _reason, column in wrong),
        )
    return Person(
        line=row.line,
        name=tidy_name(name, longest=LONGEST_NAME),
        address=read_address(address),
        affiliation=tidy_name(
            take_off_apostrophe(said.get(AFFILIATION, "")), longest=LONGEST_AFFILIATION
        ),
        answers=list_answers(form) if given else (),
    )


def split_name(text: str) -> tuple[str, str]:
    """Read "Name <address>", or an address alone."""
    name, has_angle, address = text.strip().rpartition("<")
    if not has_angle or not address.endswith(">"):
        return "", text.strip()
    return name.strip(' "'), address[:-1].strip()


def _name_of(said: Mapping[str, str]) -> str:
    if said.get(NAME):
        return said[NAME]
    return " ".join(part for part in (said.get(FIRST_NAME), said.get(LAST_NAME)) if part)


def _check_name_and_address(name: str, address: str) -> list[Reason]:
    reasons = []
    try:
        check_name(tidy_name(name, longest=LONGEST_NAME))
    except NameIsMissing:
        reasons.append(Reason.NO_NAME)
    except NameHoldsAddress:
        reasons.append(Reason.NAME_HOLDS_ADDRESS)
    if not address:
        return [*reasons, Reason.NO_ADDRESS]
    try:
        read_address(address)
    except AddressIsNoAddress:
        reasons.append(Reason.BAD_ADDRESS)
    return reasons


# -- answers -----------------------------------------------------------------------------------

WRONG = {
    FieldKind.ONE_OF: Reason.NO_OPTION,
    FieldKind.SEVERAL_OF: Reason.NO_OPTION,
    FieldKind.NUMBER: Reason.NO_NUMBER,
    FieldKind.DATE: Reason.NO_DATE,
}


def open_answers(fields: Sequence[AskedField]) -> AnswersForm:
    """Return a form that checks the answers of one row after another.

    They are checked as if people typed them, but that nothing has to be answered: organisers know
    of people what they know.
    """
    return AnswersForm([replace(field, is_required=False) for field in fields])


def _read_cells(said: Mapping[str, str], form: AnswersForm) -> dict[int, list[str]]:
    """Return what a row says for each field that it answers, as a form sends it."""
    return {
        field.id: _choose(field, cell) if field.kind in CHOICES else [cell]
        for field in form.asked
        if (cell := take_off_apostrophe(said.get(f"{FIELD}{field.id}", "")))
    }


def _choose(field: AskedField, cell: str) -> list[str]:
    """Return the ids of the options that a cell names by their text or id; others as they stand."""
    ids = {option.id: option.id for option in field.options}
    ids |= {option.text.casefold(): option.id for option in field.options}
    parts = [cell]
    if field.kind == FieldKind.SEVERAL_OF and cell.casefold() not in ids:
        lines = [line.strip() for line in cell.split("\n")]
        parts = [part for line in lines for part in _divide(line, ids)]
    return [ids.get(part.casefold(), part) for part in parts]


def _divide(line: str, ids: Mapping[str, str]) -> list[str]:
    if line.casefold() in ids:
        return [line]
    return [part.strip() for part in DIVIDERS.split(line) if part.strip()]


def _check_answers(given: Mapping[int, list[str]], form: AnswersForm) -> list[tuple[Reason, str]]:
    """Fill in the form, and return what is wrong with which answer."""
    if not given:
        return []
    form.process(
        MultiDict((name_of(field_id), cell) for field_id, cells in given.items() for cell in cells)
    )
    form.validate()
    shown = list_shown(form.asked, form.values())
    wrong = []
    for field in form.asked:
        if form.control_of(field).errors:
            wrong.append((WRONG.get(field.kind, Reason.LONG_ANSWER), field.label))
        elif field.id in given and field.id not in shown:
            wrong.append((Reason.NOT_ASKED, field.label))
    return wrong
