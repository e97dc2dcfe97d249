"""What lists that are searched and turned page by page share."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import request
from sqlalchemy.orm import InstrumentedAttribute

from eventapp.core.db import db
from eventapp.core.forms import one_line

LONGEST_SEARCH = 200
MOST_WORDS = 8
LAST_PAGE = 10**6

Status = TypeVar("Status", bound=StrEnum)


def read_words() -> str:
    """Return what the request looks for (`?q=`), in one line and not too long."""
    return one_line(request.args.get("q"))[:LONGEST_SEARCH]


def read_page() -> int:
    """Return the number of the page asked for (`?page=`), from 1; 1 for what is no number."""
    return min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)


def count_pages(total: int, *, per_page: int) -> int:
    """Return how many pages `total` rows fill; an empty list has one."""
    return max(1, -(-total // per_page))


def match_words(
    statement: sa.Select[Any], words: str, has_word: Callable[[str], sa.ColumnElement[bool]]
) -> sa.Select[Any]:
    """Return the statement for the rows that have each of `words`; more than some are ignored."""
    for word in words.split()[:MOST_WORDS]:
        statement = statement.where(has_word(word))
    return statement


def contains(column: InstrumentedAttribute[str], word: str) -> sa.ColumnElement[bool]:
    """Match a word anywhere in a text, in capitals or not."""
    return sa.func.lower(column).contains(word.lower(), autoescape=True)


def count_by_status(
    matching: sa.Select[Any], column: InstrumentedAttribute[Status], statuses: type[Status]
) -> dict[Status, int]:
    """Return how many rows match, with a number for every status."""
    counted = matching.with_only_columns(column, sa.func.count()).group_by(column)
    found = {row[0]: row[1] for row in db.session.execute(counted)}
    return {status: found.get(status, 0) for status in statuses}
