"""The people of a table: each row read, with what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from eventapp.form_fields.models import FieldKind, FormField
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
from eventapp.registrations.refusals import (
    AddressIsNoAddress,
    NameHoldsAddress,
    NameIsMissing,
    TableIsTooLong,
)
from eventapp.registrations.rules import (
    ACTIVE,
    LONGEST_AFFILIATION,
    LONGEST_NAME,
    EmailAddress,
    check_name,
    read_address,
    tidy_name,
)

MOST_ROWS = 10_000
LONGEST_SHOWN = 80
BEGINS_A_FORMULA = tuple("=+-@＝＋－＠")


class Reason(StrEnum):
    """Why somebody isn't registered."""

    NO_NAME = "no_name"
    NAME_HOLDS_ADDRESS = "name_holds_address"
    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    FORMULA = "formula"
    TOO_MANY_CELLS = "too_many_cells"
    BAD_ANSWER = "bad_answer"
    TWICE = "twice"
    REGISTERED = "registered"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    CHANGED = "changed"
    OVER = "over"
    HAS_CODE = "has_code"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong with the row that begins in `line`; `who` is what it says of the person."""

    line: int
    who: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer as it is stored: `value` as the form takes it, `text` as people read it."""

    value: Any
    text: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who can be registered."""

    line: int
    name: str
    address: EmailAddress
    affiliation: str = ""
    answers: dict[int, Answer] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A whole table: who can be registered, and whose row has to be looked at."""

    people: list[Person]
    problems: list[Problem]


def check_people(
    rows: Iterable[Row],
    *,
    columns: Sequence[str],
    fields: Sequence[FormField],
    present: Mapping[str, RegistrationStatus],
) -> Checked:
    """Read every row; `present` says where everyone stands already, by the key of their address.

    Refuses: TableIsTooLong.
    """
    found = Checked(people=[], problems=[])
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise TableIsTooLong(MOST_ROWS)
        read = read_person(row, columns=columns, fields=fields)
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


def read_person(
    row: Row, *, columns: Sequence[str], fields: Sequence[FormField]
) -> Person | Problem:
    """Return whom a row names, or everything that is wrong with it."""
    said = {
        column: cell.strip()
        for column, cell in zip(columns, row.cells, strict=False)
        if column != LEFT_OUT
    }
    name, address = split_name(said.get(EMAIL, ""))
    name = _name_of(said) or name
    reasons = _check_name_and_address(name, address)
    if any(text.startswith(BEGINS_A_FORMULA) for text in (name, said.get(AFFILIATION, ""))):
        reasons.append(Reason.FORMULA)
    if any(cell.strip() for cell in row.cells[len(columns) :]):
        reasons.append(Reason.TOO_MANY_CELLS)
    answers = _read_answers(said, fields)
    if None in answers.values():
        reasons.append(Reason.BAD_ANSWER)
    if reasons:
        who = f"{name} <{address}>" if address else name
        return Problem(line=row.line, who=who[:LONGEST_SHOWN], reasons=tuple(reasons))
    return Person(
        line=row.line,
        name=tidy_name(name, longest=LONGEST_NAME),
        address=read_address(address),
        affiliation=tidy_name(said.get(AFFILIATION, ""), longest=LONGEST_AFFILIATION),
        answers={field_id: answer for field_id, answer in answers.items() if answer is not None},
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


def _read_answers(said: Mapping[str, str], fields: Sequence[FormField]) -> dict[int, Answer | None]:
    """Return the answers of a row by field; None for what can't be one."""
    return {
        field.id: read_answer(field, said[f"{FIELD}{field.id}"])
        for field in fields
        if said.get(f"{FIELD}{field.id}")
    }


def read_answer(field: FormField, text: str) -> Answer | None:
    """Read a cell as the answer to a field: options by their text, several of them with commas."""
    if field.kind not in {FieldKind.ONE_OF, FieldKind.SEVERAL_OF}:
        return Answer(value=text, text=text)
    options = {option["text"].casefold(): option for option in field.options}
    is_one = field.kind == FieldKind.ONE_OF or text.casefold() in options
    parts = [text] if is_one else [part.strip() for part in re.split(r"[,;|]", text)]
    chosen = [options.get(part.casefold()) for part in parts if part]
    if not chosen or None in chosen:
        return None
    known = [option for option in chosen if option is not None]
    return Answer(
        value=[option["id"] for option in known], text=", ".join(o["text"] for o in known)
    )
