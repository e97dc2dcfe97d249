"""Access codes at the desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventapp.core import lists
from eventapp.core.db import count_rows, db
from eventapp.core.errors import NotFound
from eventapp.registrations.models import AccessCode, Registration
from eventapp.registrations.queries import uses_code

PER_PAGE = 50
MOST_CODES_TO_CHOOSE = 100


@dataclass(frozen=True, kw_only=True)
class CodePage:
    """One page of codes, shared or personal, with how many people are registered by each."""

    codes: list[AccessCode]
    uses: dict[int, int]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return lists.count_pages(self.total, per_page=PER_PAGE)


def list_codes(
    webinar_id: int, *, are_personal: bool, words: str = "", page: int = 1, now: datetime
) -> CodePage:
    """Return codes, newest first."""
    kind = AccessCode.email_key != "" if are_personal else AccessCode.email_key == ""
    found = lists.match_words(
        sa.select(AccessCode).where(AccessCode.webinar_id == webinar_id, kind),
        words,
        _code_has_word,
    )
    codes = list(
        db.session.scalars(
            found.order_by(AccessCode.id.desc()).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
        )
    )
    return CodePage(
        codes=codes,
        uses=_count_uses((code.id for code in codes), now=now),
        total=count_rows(found),
        page=page,
    )


def list_codes_to_choose(webinar_id: int, *, present: int | None) -> list[AccessCode]:
    """Return the shared codes that a list can be narrowed to, and the one it is narrowed to."""
    return list(
        db.session.scalars(
            sa.select(AccessCode)
            .where(
                AccessCode.webinar_id == webinar_id,
                sa.or_(AccessCode.email_key == "", AccessCode.id == present),
            )
            .order_by(AccessCode.id != present, AccessCode.id.desc())
            .limit(MOST_CODES_TO_CHOOSE)
        )
    )


def get_code(webinar_id: int, code_id: int) -> AccessCode:
    """Return a code of this webinar. Raises NotFound."""
    code = db.session.get(AccessCode, code_id)
    if code is None or code.webinar_id != webinar_id:
        raise NotFound
    return code


def list_unsent_codes(webinar_id: int, *, after_id: int, at_most: int) -> list[AccessCode]:
    """Return personal codes that work and were sent to nobody yet, by id."""
    return list(
        db.session.scalars(
            sa.select(AccessCode)
            .where(
                AccessCode.webinar_id == webinar_id,
                AccessCode.email_key != "",
                AccessCode.sent_at.is_(None),
                AccessCode.revoked_at.is_(None),
                AccessCode.id > after_id,
            )
            .order_by(AccessCode.id)
            .limit(at_most)
        )
    )


def list_keys_with_code(webinar_id: int) -> set[str]:
    """Return the keys of the addresses for which there is a code that works."""
    return set(
        db.session.scalars(
            sa.select(AccessCode.email_key).where(
                AccessCode.webinar_id == webinar_id,
                AccessCode.email_key != "",
                AccessCode.revoked_at.is_(None),
            )
        )
    )


def _count_uses(code_ids: Iterable[int], *, now: datetime) -> dict[int, int]:
    rows = db.session.execute(
        sa.select(Registration.access_code_id, sa.func.count())
        .where(Registration.access_code_id.in_(tuple(code_ids)), uses_code(now=now))
        .group_by(Registration.access_code_id)
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}


def _code_has_word(word: str) -> sa.ColumnElement[bool]:
    columns = (AccessCode.name, AccessCode.email, AccessCode.note, AccessCode.code)
    return sa.or_(*(lists.contains(column, word) for column in columns))
