"""What an address of the list says: which registrations, in which order, with which columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from eventapp.core.access import LARGEST_ROW_ID
from eventapp.core.lists import read_words
from eventapp.form_fields.models import FieldKind
from eventapp.registrations.answers import Column
from eventapp.registrations.desk_queries import Selection, Sort, Wanted
from eventapp.registrations.exports import heading_of, list_all_options
from eventapp.registrations.models import RegistrationStatus

ATTENDED = {"yes": True, "no": False}
LONGEST_ANSWER = 200
MOST_COLUMNS = 12
# Where a message to the people chosen is written; the list offers it only where it is there.
MESSAGE_FORM = "broadcasts.create"
MOST_TICKED = 500


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What is shown of a list; `columns` are the ids of fields whose answers are."""

    wanted: Wanted
    sort: Sort = Sort.NEWEST
    columns: tuple[int, ...] = ()

    def arguments(self, **changes: Any) -> dict[str, Any]:
        """Return what an address says of this, with `changes`; what is usual is left out."""
        wanted = self.wanted
        attended = {True: "yes", False: "no", None: None}[wanted.has_attended]
        answer = f"{wanted.field_id}:{wanted.answer}" if wanted.field_id is not None else None
        return {
            "q": wanted.words or None,
            "status": wanted.status.value if wanted.status else None,
            "code": wanted.code_id,
            "attended": attended,
            "answer": answer,
            "sort": self.sort.value if self.sort != Sort.NEWEST else None,
            "column": list(self.columns) or None,
            **changes,
        }


def read_narrowing() -> Narrowing:
    """Return what the request's address asks for; what can't be understood is left out."""
    field_id, answer = _read_answer(request.args.get("answer", ""))
    status = request.args.get("status", "")
    sort = request.args.get("sort", "")
    return Narrowing(
        wanted=Wanted(
            words=read_words(),
            status=RegistrationStatus(status) if status in list(RegistrationStatus) else None,
            code_id=read_id(request.args.get("code", "")),
            has_attended=ATTENDED.get(request.args.get("attended", "")),
            field_id=field_id,
            answer=answer,
        ),
        sort=Sort(sort) if sort in list(Sort) else Sort.NEWEST,
        columns=read_ids(request.args.getlist("column"))[:MOST_COLUMNS],
    )


def read_selection() -> Selection:
    """Return whom the list's link to another page is about; nobody where it says nothing.

    `Narrowing.arguments` with "all" stands for everyone they find, "id" for each who was ticked.
    """
    if request.args.get("all") == "yes":
        return Selection(wanted=read_narrowing().wanted)
    return Selection(ids=read_ids(request.args.getlist("id")[:MOST_TICKED]))


def read_id(text: str) -> int | None:
    """Return the id of a row that a text names, or None where it can be none."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_ROW_ID))
    return int(text) if is_number and int(text) <= LARGEST_ROW_ID else None


def read_ids(texts: Sequence[str]) -> tuple[int, ...]:
    """Return the ids that texts name, each once, in their order."""
    found = (read_id(text) for text in texts)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _read_answer(text: str) -> tuple[int | None, str]:
    field, _colon, answer = text.partition(":")
    field_id = read_id(field)
    return (field_id, answer[:LONGEST_ANSWER]) if field_id is not None else (None, "")


def list_answer_choices(columns: Sequence[Column], *, yes: str) -> list[tuple[str, dict[str, str]]]:
    """Return what a list can be narrowed to: the options of each field, under its heading."""
    grouped = []
    for column in columns:
        is_consent = column.kind == FieldKind.CONSENT
        options = [("yes", yes)] if is_consent else list_all_options(column)
        if options:
            choices = {f"{column.field_id}:{value}": text for value, text in options}
            grouped.append((heading_of(column), choices))
    return grouped
