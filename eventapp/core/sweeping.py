"""Work that a sweep finds: each piece by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from structlog import get_logger

from eventapp.core.db import db, transaction

Found = TypeVar("Found")

log = get_logger(__name__)


def do_each(found: Sequence[Found], work: Callable[[Found], object], *, failure: str) -> int:
    """Do `work` with each that was found, in a transaction of its own; return how many counted.

    One that fails is logged as `failure`, is tried again with the next sweep, and keeps nobody else
    waiting. One counts when `work` returns something true.
    """
    db.session.rollback()
    done = 0
    for each in found:
        try:
            with transaction():
                has_done = bool(work(each))
        except Exception:
            log.exception(failure, found=each)
        else:
            done += has_done
    return done
