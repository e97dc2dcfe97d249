"""Decisions about form fields: what a form may hold, and which option is which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher, get_close_matches

from eventapp.form_fields.asked import CHOICES, AskedField
from eventapp.form_fields.models import FieldKind, FormField
from eventapp.form_fields.refusals import (
    ConditionComesTooLate,
    ConditionIsGone,
    ConsentTextIsMissing,
    FormIsFull,
    KindIsFixed,
    NumberHasThousands,
    NumberIsUnclear,
    OptionIsTooLong,
    OptionIsTwice,
    OptionsAreMissing,
    TooManyOptions,
)

MOST_FIELDS = 40
FEWEST_OPTIONS = 2
MOST_OPTIONS = 50
LONGEST_LABEL = 200
LONGEST_HINT = 400
LONGEST_OPTION = 200
LONGEST_CONSENT = 5000

NUMBER = re.compile(r"([+-]?)(\d{1,15})(?:[.,](\d{1,9}))?")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


@dataclass(frozen=True, kw_only=True)
class FieldDetails:
    """What an organiser says of a field; what doesn't belong to its kind is ignored.

    `depends_on_value` is the id of an option of the field `depends_on_id`, "yes" for a consent.
    """

    kind: FieldKind
    label: str
    hint: str = ""
    is_required: bool = False
    options: tuple[str, ...] = ()
    consent_text: str = ""
    depends_on_id: int | None = None
    depends_on_value: str = ""


def check_details(details: FieldDetails) -> None:
    """Refuse OptionsAreMissing, TooManyOptions, OptionIsTooLong, OptionIsTwice and so on."""
    if details.kind in CHOICES:
        check_options(details.options)
    if details.kind == FieldKind.CONSENT and not details.consent_text:
        raise ConsentTextIsMissing


def check_options(texts: Sequence[str]) -> None:
    if len(texts) < FEWEST_OPTIONS:
        raise OptionsAreMissing
    if len(texts) > MOST_OPTIONS:
        raise TooManyOptions
    seen: set[str] = set()
    for text in texts:
        if len(text) > LONGEST_OPTION:
            raise OptionIsTooLong
        if text.casefold() in seen:
            raise OptionIsTwice(text)
        seen.add(text.casefold())


def match_options(texts: Sequence[str], present: Sequence[dict[str, str]]) -> list[str | None]:
    """Return for each text the id of the present option that it is, None for a new one.

    The same text is the same option, wherever it stands now. Between options that stayed, as many
    texts as there were are those texts corrected, line by line; of more or fewer, each is the one
    that it resembles. So one removed here and another added there are never taken for one.
    """
    by_text = {option["text"]: option["id"] for option in present}
    ids = [by_text.get(text) for text in texts]
    before = [option["text"] for option in present]
    blocks = SequenceMatcher(None, before, list(texts), autojunk=False).get_opcodes()
    for kind, old_start, old_end, new_start, new_end in blocks:
        if kind == "replace":
            old = [text for text in before[old_start:old_end] if text not in texts]
            places = [place for place in range(new_start, new_end) if ids[place] is None]
            for place, text in _pair_corrected(old, places, texts).items():
                ids[place] = by_text[text]
    return ids


def _pair_corrected(old: list[str], places: Sequence[int], texts: Sequence[str]) -> dict[int, str]:
    """Return which of the old texts stands, corrected, in which of the places."""
    if len(old) == len(places):
        return dict(zip(places, old, strict=True))
    pairs: dict[int, str] = {}
    for place in places:
        free = [text for text in old if text not in pairs.values()]
        close = get_close_matches(texts[place], free, n=1)
        if close:
            pairs[place] = close[0]
    return pairs


def check_has_room(fields: Sequence[FormField]) -> None:
    """Refuse one more field on a form that is full."""
    if len(fields) >= MOST_FIELDS:
        raise FormIsFull


def check_kind(field: FormField, kind: FieldKind, *, is_answered: bool) -> None:
    """Refuse another kind for a field that somebody has answered."""
    if is_answered and field.kind != kind:
        raise KindIsFixed


def check_conditions(fields: Sequence[FormField]) -> None:
    """Refuse a form, given in its order, with a condition that nobody could meet.

    A field may depend only on one that stands before it, which also rules circles out. Refuses:
    ConditionComesTooLate, ConditionIsGone.
    """
    by_id = {field.id: field for field in fields}
    earlier: set[int] = set()
    for field in fields:
        if field.depends_on_id is not None:
            deciding = by_id.get(field.depends_on_id)
            if deciding is None or not _offers(deciding, field.depends_on_value):
                raise ConditionIsGone(label=field.label)
            if deciding.id not in earlier:
                raise ConditionComesTooLate(label=field.label, deciding=deciding.label)
        earlier.add(field.id)


def can_be_met(field: FormField, earlier: Sequence[FormField]) -> bool:
    """Whether a field's condition can be met on a form where these stand before it.

    Of one whose deciding field was deleted, the answer it asked for is left.
    """
    if field.depends_on_id is None:
        return not field.depends_on_value
    return any(
        other.id == field.depends_on_id and _offers(other, field.depends_on_value)
        for other in earlier
    )


def _offers(field: FormField, value: str) -> bool:
    return AskedField.of(field).can_be_answered(value)


def read_number(text: str) -> str:
    """Return a number as it is kept: plain ASCII digits, with a point where there are decimals.

    Reads what people write, with a decimal point or comma, up to 15 digits and 9 decimals, in any
    script's digits. Refuses: NumberIsUnclear, NumberHasThousands.
    """
    plain = text.replace("\N{MINUS SIGN}", "-")
    if THOUSANDS.fullmatch(plain):
        raise NumberHasThousands
    found = NUMBER.fullmatch(plain)
    if found is None:
        raise NumberIsUnclear
    sign, whole, decimals = found.groups()
    number = Decimal(f"{sign}{whole}.{decimals or '0'}")
    kept = f"{number:f}".rstrip("0").rstrip(".")
    return "0" if kept == "-0" else kept
