"""What the columns of a table are: guessed from their headings, or said by an organiser."""

from __future__ import annotations

from collections.abc import Sequence

from eventapp.form_fields.asked import AskedField, find_condition
from eventapp.form_fields.models import FieldKind
from eventapp.registrations.refusals import ColumnIsTwice, ColumnsAreUnknown

NAME = "name"
FIRST_NAME = "first_name"
LAST_NAME = "last_name"
EMAIL = "email"
AFFILIATION = "affiliation"
LEFT_OUT = ""
FIELD = "field:"
HEADINGS = {
    NAME: ("name", "fullname", "attendee", "participant", "displayname", "person"),
    FIRST_NAME: ("firstname", "givenname", "forename", "first"),
    LAST_NAME: ("lastname", "surname", "familyname", "last"),
    EMAIL: ("email", "emailaddress", "mail", "mailaddress", "address", "eaddress"),
    AFFILIATION: ("organisation", "organization", "company", "affiliation", "institution"),
}


def list_answerable(fields: Sequence[AskedField]) -> list[AskedField]:
    """Return the fields of a form that a table can answer.

    A consent is only its owner's to give, and so is what is asked of who gave it.
    """
    found: list[AskedField] = []
    for place, field in enumerate(fields):
        deciding = find_condition(field, fields[:place])
        if field.kind != FieldKind.CONSENT and (deciding is None or deciding in found):
            found.append(field)
    return found


def guess_columns(headings: Sequence[str], fields: Sequence[AskedField]) -> list[str]:
    """Return what each column is by its heading; no two are the same."""
    known = {heading: column for column, names in HEADINGS.items() for heading in names}
    known |= {plain_heading(field.label): f"{FIELD}{field.id}" for field in list_answerable(fields)}
    found: list[str] = []
    for heading in headings:
        column = known.get(plain_heading(heading), LEFT_OUT)
        found.append(LEFT_OUT if column in found else column)
    return found


def guess_by_content(cells: Sequence[str]) -> list[str]:
    """Return what the columns of a table without headings are: an address tells itself."""
    is_address = ["@" in cell for cell in cells]
    if not any(is_address):
        return [LEFT_OUT] * len(cells)
    email = is_address.index(True)
    rest = [number for number in range(len(cells)) if number != email]
    meant = dict(zip(rest, (NAME, AFFILIATION), strict=False)) | {email: EMAIL}
    return [meant.get(number, LEFT_OUT) for number in range(len(cells))]


def check_columns(columns: Sequence[str]) -> None:
    """Refuse columns that don't say who comes."""
    said = [column for column in columns if column != LEFT_OUT]
    if len(set(said)) < len(said):
        raise ColumnIsTwice
    has_name = bool({NAME, FIRST_NAME, LAST_NAME} & set(said))
    if EMAIL not in said or not has_name:
        raise ColumnsAreUnknown


def list_unused(columns: Sequence[str], *, headings: Sequence[str]) -> list[str]:
    """Return the headings of the columns that nothing is taken from."""
    return [
        heading for heading, column in zip(headings, columns, strict=False) if column == LEFT_OUT
    ]


def plain_heading(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
