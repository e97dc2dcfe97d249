"""Stored files: one row each, the content in an object store (local folder, S3, GCS, Azure).

Names in the store are random, so nothing that a person typed ever becomes a path. A remote store
hands files out itself, at signed addresses, so it is told with the content what its name and type
are. Files that nothing names any more are swept.
"""

from __future__ import annotations

import hashlib
import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, unquote, urlsplit

import obstore
import sqlalchemy as sa
from flask import Flask, current_app, redirect, send_file
from flask.typing import ResponseReturnValue
from obstore.store import LocalStore, ObjectStore, from_url
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core import clock, queue
from eventapp.core.db import Base, db, transaction
from eventapp.core.uploads import safe_download_name

SIGNED_FOR = timedelta(hours=6)
BLOCK_BYTES = 1024 * 1024
# Longer than any upload takes until its transaction names the file.
KEPT_UNNAMED = timedelta(days=1)
SWEEP_AT_MOST = 100


class StoredFile(Base):
    """A file handed in: where its content lies and what it was found to be."""

    __tablename__ = "stored_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[str]
    created_at: Mapped[datetime]

    @property
    def is_download(self) -> bool:
        """Whether browsers save it; a video plays instead."""
        return not self.media_type.startswith("video/")


def init_app(app: Flask, *, storage_url: str, public_url: str | None) -> None:
    """Open the store; browsers find it at `public_url`, or where we do."""
    app.extensions["eventapp.store"] = open_store(storage_url)
    app.extensions["eventapp.public_store"] = (
        from_url(storage_url, endpoint=public_url)
        if public_url
        else app.extensions["eventapp.store"]
    )
    queue.add_sweep(app, "sweep_files", remove_unnamed_files)


def open_store(storage_url: str) -> ObjectStore:
    """Open the store at `storage_url`; `file://` folders are made when absent."""
    parts = urlsplit(storage_url)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path))
        folder.mkdir(parents=True, exist_ok=True)
        return LocalStore(folder)
    return from_url(storage_url)


def _store() -> Any:
    return current_app.extensions["eventapp.store"]


def store_file(content: IO[bytes], *, name: str, media_type: str, extension: str) -> StoredFile:
    """Put small `content` in the store and add its row, in the running transaction.

    `name` is what a person called it, kept for the download after being made harmless; `extension`
    is what the content was found to be.
    """
    stored = _describe(content, name=name, media_type=media_type, extension=extension)
    obstore.put(_store(), stored.key, content, attributes=_attributes(stored))
    db.session.add(stored)
    db.session.flush()
    return stored


def put_file(content: IO[bytes], *, name: str, media_type: str, extension: str) -> StoredFile:
    """Put `content` in the store, as `store_file` does, and return its row.

    For large files: called before the transaction, so that nobody waits for a copy under a lock.
    The row is committed before the copy begins: if no transaction comes to name it, it is swept.
    """
    stored = _describe(content, name=name, media_type=media_type, extension=extension)
    key, attributes = stored.key, _attributes(stored)
    with transaction() as session:
        session.add(stored)
    obstore.put(_store(), key, content, attributes=attributes)
    return stored


def _describe(content: IO[bytes], *, name: str, media_type: str, extension: str) -> StoredFile:
    """Return the row for `content`, which is left rewound."""
    key = f"{uuid.uuid4().hex}.{extension}"
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    while block := content.read(BLOCK_BYTES):
        digest.update(block)
        size += len(block)
    content.seek(0)
    return StoredFile(
        key=key,
        name=safe_download_name(name, extension),
        media_type=media_type,
        size=size,
        sha256=digest.hexdigest(),
        created_at=clock.now(),
    )


def _attributes(stored: StoredFile) -> dict[str, str] | None:
    """Return what a remote store tells browsers of a file; a folder keeps nothing but content."""
    if isinstance(_store(), LocalStore):
        return None
    kind = "attachment" if stored.is_download else "inline"
    return {
        "Content-Type": stored.media_type,
        # RFC 6266, 4.3, in the form that is ASCII whatever the name is.
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(stored.name, safe='')}",
    }


def read_file(stored: StoredFile) -> bytes:
    """Return the whole content; for small files (captions, pictures)."""
    return bytes(obstore.get(_store(), stored.key).bytes())


def local_path(stored: StoredFile) -> Path | None:
    """Return where the content lies on this machine, or None for a remote store."""
    store = _store()
    return Path(str(store.prefix)) / stored.key if isinstance(store, LocalStore) else None


def serve_file(stored: StoredFile) -> ResponseReturnValue:
    """Answer with the content: ranges and conditions from disk, or a signed address elsewhere."""
    path = local_path(stored)
    if path is None:
        store = current_app.extensions["eventapp.public_store"]
        return redirect(obstore.sign(store, "GET", stored.key, SIGNED_FOR), code=302)
    response = send_file(
        path,
        mimetype=stored.media_type,
        as_attachment=stored.is_download,
        download_name=stored.name,
        conditional=True,
        etag=stored.sha256,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


# -- the sweep ---------------------------------------------------------------------------------


def remove_unnamed_files() -> int:
    """Delete files older than a day that no row of any table names; return how many.

    The rows go first, so that one which has been named meanwhile keeps its content; they are
    committed last, so that a crash in between leaves a row, by which the next sweep finds the rest.
    """
    unnamed = (
        sa.select(StoredFile)
        .where(
            StoredFile.created_at < clock.now() - KEPT_UNNAMED,
            StoredFile.id.not_in(sa.union_all(*_select_names())),
        )
        .limit(SWEEP_AT_MOST)
    )
    if db.session.execute(unnamed.limit(1)).first() is None:
        return 0
    with transaction() as session:
        removed = list(session.scalars(unnamed.with_for_update(skip_locked=True)))
        keys = [stored.key for stored in removed]
        for stored in removed:
            session.delete(stored)
        session.flush()
        for key in keys:
            with suppress(FileNotFoundError):
                obstore.delete(_store(), key)
    return len(removed)


def _select_names() -> list[sa.Select[tuple[int]]]:
    """Return a statement for each column that names files, whichever feature it belongs to."""
    return [
        sa.select(key.parent).where(key.parent.is_not(None))
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table is StoredFile.__table__
    ]
