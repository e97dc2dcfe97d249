"""What uploads are for: a feature says how a whole one is judged and taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any, Protocol

from flask import Flask, current_app

from eventapp.core.errors import Refusal
from eventapp.core.files import StoredFile, StoreIsFull
from eventapp.core.resumable.models import ResumableUpload
from eventapp.core.uploads import UploadKind

PURPOSES = "eventapp.upload_purposes"


class RefusalKind(Protocol):
    """A refusal that says all by itself, so that its name is enough to say it again."""

    __name__: str

    def __call__(self) -> Refusal: ...


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """How uploads for one purpose are judged and taken; the first two run outside transactions.

    `recognise` is given the first bytes, and `examine` the whole file; what it finds is given to
    `take`, which runs in the transaction that ends the upload. Each may refuse. `take` returns a
    remark: nothing when the file was taken, and otherwise why it wasn't needed, by a name that the
    feature puts into words. `refusals` are those that people are told of.
    """

    name: str
    recognise: Callable[[bytes], UploadKind]
    examine: Callable[[IO[bytes]], Any]
    take: Callable[[ResumableUpload, StoredFile, Any], str]
    refusals: tuple[RefusalKind, ...] = field(default=())

    def find_refusal(self, name: str) -> Refusal | None:
        """Return the refusal that a row names, to be put into the reader's language."""
        kinds: tuple[RefusalKind, ...] = (StoreIsFull, *self.refusals)
        known = {kind.__name__: kind for kind in kinds}
        return known[name]() if name in known else None


def init_app(app: Flask, *, purposes: tuple[Purpose, ...]) -> None:
    app.extensions[PURPOSES] = {purpose.name: purpose for purpose in purposes}


def get_purpose(name: str) -> Purpose:
    purpose: Purpose = current_app.extensions[PURPOSES][name]
    return purpose
