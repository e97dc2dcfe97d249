"""What people answered to a form's own fields: written, read, and looked for.

An answer stays true whatever happens to its field. It carries the label under which it was asked,
the words that were chosen and, of a consent, the text that was agreed to, and these are written
again only when the person gives another answer. So a label corrected later, an option renamed or
removed, a consent reworded or a field taken off the form changes no answer that was given before.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.lists import contains
from eventapp.form_fields.asked import CHOICES, GivenAnswer, Value
from eventapp.form_fields.forms import AnswersForm
from eventapp.form_fields.models import FieldKind, FormField
from eventapp.registrations.models import FieldAnswer, Registration

EXACT = (FieldKind.NUMBER, FieldKind.DATE)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer to one field as it was asked; `value` is None where nothing was answered.

    `text` is the answer as people read it, in no language but their own, with one line for each
    option chosen. Of a consent, `agreed_text` is what was agreed to.
    """

    field_id: int
    label: str
    value: Value | None
    text: str = ""
    agreed_text: str = ""


@dataclass(frozen=True, kw_only=True)
class Consent:
    """The text that somebody agreed to, as it was then, and when they did."""

    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Column:
    """One field in a list of registrations, also one that has left the form with answers.

    `gone` are options that have left the field and that answers hold still.
    """

    field_id: int
    label: str
    kind: FieldKind
    options: tuple[tuple[str, str], ...]
    is_retired: bool
    gone: tuple[tuple[str, str], ...] = ()


def list_answers(form: AnswersForm) -> tuple[Answer, ...]:
    """Return an answer for every field of a valid form; an empty one for what isn't shown."""
    values = form.values()
    return tuple(
        Answer(
            field_id=field.id,
            label=field.label,
            value=values[field.id],
            text=form.text_of(field, values[field.id]),
            agreed_text=form.agreed_text_of(field),
        )
        if field.id in values
        else Answer(field_id=field.id, label=field.label, value=None)
        for field in form.asked
    )


def add_answers(registration: Registration, answers: Sequence[Answer], *, now: datetime) -> None:
    """Write what somebody answered who has just been registered; the webinar's lock is held.

    A field deleted meanwhile is passed over. Where nothing was answered, nothing is asked of the
    database either: everybody else who registers waits for the lock.
    """
    given = [answer for answer in answers if answer.value is not None]
    if not given:
        return
    existing = _list_field_ids(registration.webinar_id)
    db.session.add_all(
        FieldAnswer(
            registration_id=registration.id,
            field_id=answer.field_id,
            label=answer.label,
            value=answer.value,
            text=answer.text,
            agreed_text=answer.agreed_text,
            answered_at=now,
        )
        for answer in given
        if answer.field_id in existing
    )
    db.session.flush()


def write_answers(registration: Registration, answers: Sequence[Answer], *, now: datetime) -> None:
    """Write what changed; the registration has been locked, with its webinar.

    An answer with the value that is kept already stays as it was
    given: label, words, text agreed to and time. An empty one deletes what is kept. A field that
    isn't among the answers, such as one taken off the form, keeps what it has; one deleted
    meanwhile is passed over.
    """
    if not answers:
        return
    present = {kept.field_id: kept for kept in registration.answers}
    existing = _list_field_ids(registration.webinar_id)
    for answer in answers:
        if answer.field_id in existing:
            _write(registration, answer, present.get(answer.field_id), now=now)
    db.session.flush()


def _write(
    registration: Registration, answer: Answer, kept: FieldAnswer | None, *, now: datetime
) -> None:
    """Write one answer where it differs from the one that is kept."""
    if _is_same(answer.value, kept.value if kept else None):
        return
    if answer.value is None and kept is not None:
        registration.answers.remove(kept)
        return
    if kept is None:
        kept = FieldAnswer(field_id=answer.field_id)
        registration.answers.append(kept)
    kept.label, kept.value, kept.text = answer.label, answer.value, answer.text
    kept.agreed_text, kept.answered_at = answer.agreed_text, now


def _is_same(value: Value | None, kept: Value | None) -> bool:
    """Whether two answers say the same; options may have been put in another order since."""
    if isinstance(value, list) and isinstance(kept, list):
        return sorted(value) == sorted(kept)
    return value == kept


def read_values(registration: Registration) -> dict[int, GivenAnswer]:
    """Return what a person answered, by the fields' ids, for a form that shows it again."""
    return {
        kept.field_id: GivenAnswer(value=kept.value, text=kept.text, agreed_text=kept.agreed_text)
        for kept in registration.answers
    }


# -- lists -------------------------------------------------------------------------------------


def list_columns(webinar_id: int) -> list[Column]:
    """Return the fields of a webinar's list: those on the form, then retired ones with answers."""
    fields = db.session.scalars(
        sa.select(FormField)
        .where(
            FormField.webinar_id == webinar_id,
            sa.or_(
                FormField.retired_at.is_(None),
                sa.exists().where(FieldAnswer.field_id == FormField.id),
            ),
        )
        .order_by(FormField.retired_at.is_not(None), FormField.position, FormField.id)
    ).all()
    chosen = _options_chosen([field.id for field in fields if field.kind in CHOICES])
    return [
        Column(
            field_id=field.id,
            label=field.label,
            kind=field.kind,
            options=tuple((option["id"], option["text"]) for option in field.options),
            is_retired=field.retired_at is not None,
            gone=_list_gone(field, chosen.get(field.id, {})),
        )
        for field in fields
    ]


def _options_chosen(field_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Return the options that answers to these fields hold, by id, with the words chosen."""
    if not field_ids:
        return {}
    stored = sa.cast(FieldAnswer.value, sa.Text)
    rows = db.session.execute(
        sa.select(FieldAnswer.field_id, stored, FieldAnswer.text)
        .where(FieldAnswer.field_id.in_(field_ids))
        .distinct()
        .order_by(FieldAnswer.field_id, FieldAnswer.text)
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for field_id, value, text in rows:
        held = json.loads(value)
        ids, words = (held, text.split("\n")) if isinstance(held, list) else ([held], [text])
        found[field_id].update(zip(ids, words, strict=False))
    return dict(found)


def _list_gone(field: FormField, chosen: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    offered = {option["id"] for option in field.options}
    return tuple((each, text) for each, text in chosen.items() if each not in offered)


def answers_of(
    registration_ids: Collection[int], *, field_ids: Collection[int]
) -> dict[int, dict[int, str]]:
    """Return what these people answered to these fields, by registration and field.

    It takes one statement, for one page of a list or one slice of an export.
    """
    if not registration_ids or not field_ids:
        return {}
    rows = db.session.execute(
        sa.select(FieldAnswer.registration_id, FieldAnswer.field_id, FieldAnswer.text).where(
            FieldAnswer.registration_id.in_(registration_ids), FieldAnswer.field_id.in_(field_ids)
        )
    )
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for registration_id, field_id, text in rows:
        found[registration_id][field_id] = text
    return dict(found)


def consents_of(
    registration_ids: Collection[int], *, field_ids: Collection[int]
) -> dict[int, dict[int, Consent]]:
    """Return what these people agreed to by these fields, and when, as `answers_of` does."""
    if not registration_ids or not field_ids:
        return {}
    columns = (FieldAnswer.registration_id, FieldAnswer.field_id)
    rows = db.session.execute(
        sa.select(*columns, FieldAnswer.agreed_text, FieldAnswer.answered_at).where(
            columns[0].in_(registration_ids), columns[1].in_(field_ids)
        )
    )
    found: dict[int, dict[int, Consent]] = defaultdict(dict)
    for registration_id, field_id, text, at in rows:
        found[registration_id][field_id] = Consent(text=text, at=at)
    return dict(found)


def list_given(registration_id: int) -> list[FieldAnswer]:
    """Return what somebody answered, in the order of the form."""
    return list(
        db.session.scalars(
            sa.select(FieldAnswer)
            .join(FormField)
            .where(FieldAnswer.registration_id == registration_id)
            .order_by(FormField.position, FormField.id)
        )
    )


def with_answer(field_id: int, value: str) -> sa.ColumnElement[bool]:
    """Match registrations with this answer, as a part of a statement about Registration.

    Of a choice, `value` is an option's id, also of one that is no longer offered; of a text, a word
    anywhere in it; of a number or a date, the answer's text; of a consent, "yes".
    """
    kind = sa.select(FormField.kind).where(FormField.id == field_id).scalar_subquery()
    stored = sa.cast(FieldAnswer.value, sa.Text)
    # In JSON each option chosen stands in quotes.
    is_chosen = stored.contains(json.dumps(value), autoescape=True)
    return sa.exists().where(
        FieldAnswer.registration_id == Registration.id,
        FieldAnswer.field_id == field_id,
        sa.case(
            (kind.in_(CHOICES), is_chosen),
            (kind == FieldKind.CONSENT, stored == "true"),
            (kind.in_(EXACT), FieldAnswer.text == value),
            else_=contains(FieldAnswer.text, value),
        ),
    )


def count_answers(webinar_id: int) -> dict[int, int]:
    """Return how many answers each field of a webinar has; one without any is missing."""
    counted = db.session.execute(
        sa.select(FieldAnswer.field_id, sa.func.count())
        .join(FormField)
        .where(FormField.webinar_id == webinar_id)
        .group_by(FieldAnswer.field_id)
    )
    return {row[0]: row[1] for row in counted}


def _list_field_ids(webinar_id: int) -> set[int]:
    ids = sa.select(FormField.id).where(FormField.webinar_id == webinar_id)
    return set(db.session.scalars(ids))
