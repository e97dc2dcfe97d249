"""The people of pasted lines, who are invited: each line read, with what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from eventapp.registrations.imports.people import LONGEST_SHOWN, Problem, Reason, split_name
from eventapp.registrations.name_rules import LONGEST_NAME, tidy_name
from eventapp.registrations.refusals import AddressIsNoAddress, TooManyInvited
from eventapp.registrations.rules import read_address

MOST_INVITED = 500


@dataclass(frozen=True, kw_only=True)
class Invited:
    """Somebody who is invited, as a line says it."""

    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What was made of pasted lines."""

    people: list[Invited]
    problems: list[Problem]


def read_invited(text: str, *, keys_with_code: Collection[str]) -> Understood:
    """Read pasted lines; who has a code that works is left out. Refuses: TooManyInvited."""
    lines = [
        (number, line.strip())
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if len(lines) > MOST_INVITED:
        raise TooManyInvited(MOST_INVITED)
    seen = dict.fromkeys(keys_with_code, Reason.HAS_CODE)
    found = Understood(people=[], problems=[])
    for number, line in lines:
        _read_line(number, line, found, seen=seen)
    return found


def _read_line(number: int, line: str, found: Understood, *, seen: dict[str, Reason]) -> None:
    name, address = split_name(line)
    try:
        key = read_address(address).key
    except AddressIsNoAddress:
        reason: Reason | None = Reason.BAD_ADDRESS if address else Reason.NO_ADDRESS
    else:
        reason = seen.get(key)
        seen[key] = seen.get(key, Reason.TWICE)
    if reason is None:
        tidy = tidy_name(name, longest=LONGEST_NAME)
        found.people.append(Invited(name=tidy, email=address))
    else:
        problem = Problem(line=number, who=line[:LONGEST_SHOWN], reasons=(reason,))
        found.problems.append(problem)
