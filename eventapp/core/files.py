"""Stored files: one row each, the content in an object store (local folder, S3, GCS, Azure).

Names in the store are random, so nothing that a person typed ever becomes a path. A remote store
hands files out itself, at signed addresses, so it is told with the content what its name and type
are. Files that nothing names any more are swept.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import quote, unquote, urlsplit

import obstore
import sqlalchemy as sa
from flask import Flask, current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.utils import send_file
from werkzeug.wsgi import FileWrapper

from eventapp.core import clock, queue
from eventapp.core.db import Base, db, transaction
from eventapp.core.errors import Refusal
from eventapp.core.uploads import safe_download_name

SIGNED_FOR = timedelta(hours=6)
BLOCK_BYTES = 1024 * 1024
SENT_BYTES = 256 * 1024
# Longer than any upload takes until its transaction names the file.
KEPT_UNNAMED = timedelta(days=1)
SWEEP_AT_MOST = 100
# What is written at once: stores of S3's kind want pieces of 5 MiB at least, and two are under way.
PIECE_BYTES, MOST_PIECES = 8 * 1024 * 1024, 2
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
# What the libraries of stores leave of such an error is its text.
SAYS_NO_ROOM = (
    *(f"os error {number}" for number in sorted(NO_ROOM)),
    *("StorageFull", "InsufficientStorage", "QuotaExceeded", "507 Insufficient Storage"),
)


class StoreIsFull(Refusal):
    """The disk or the bucket that files are kept in takes no more."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "There is no room left on the server for this file. Please tell whoever looks "
                "after this site, and try again once there is."
            )
        )


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
        """Whether browsers save it; what can be seen or heard plays instead."""
        return not self.media_type.startswith(("video/", "audio/"))


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
    with refusing_when_full():
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
    with refusing_when_full():
        obstore.put(_store(), key, content, attributes=attributes)
    return stored


def put_blocks(
    blocks: Iterable[bytes], *, name: str, size: int, media_type: str, extension: str
) -> StoredFile:
    """Put what `blocks` yields, `size` bytes in all, in the store, and return its row.

    For what is too large to be read twice: the hash is taken on the way, and no more than a few
    pieces are in memory. The row is committed before, as `put_file` does. Refuses: StoreIsFull.
    """
    stored = StoredFile(
        key=f"{uuid.uuid4().hex}.{extension}",
        name=safe_download_name(name, extension),
        media_type=media_type,
        size=size,
        sha256="",
        created_at=clock.now(),
    )
    key, attributes = stored.key, _attributes(stored)
    with transaction() as session:
        session.add(stored)
    digest = hashlib.sha256()
    try:
        write_object(key, _hashing(blocks, digest), attributes=attributes)
    except BaseException:
        with transaction():
            remove_file(stored)
        raise
    with transaction():
        stored.sha256 = digest.hexdigest()
    return stored


def _hashing(blocks: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    for block in blocks:
        digest.update(block)
        yield block


def remove_file(stored: StoredFile) -> None:
    """Delete a file that no row names, in the running transaction; its row goes too."""
    key = stored.key
    db.session.delete(stored)
    db.session.flush()
    delete_object(key)


@contextmanager
def open_file(stored: StoredFile) -> Iterator[IO[bytes]]:
    """Open the content as a real file: that of a folder itself, of other stores a copy for now.

    Refuses: StoreIsFull, where this machine has no room for the copy.
    """
    path = local_path(stored)
    if path is not None:
        with path.open("rb") as content:
            yield content
        return
    with TemporaryFile() as copy:
        with refusing_when_full():
            for block in read_blocks(stored.key):
                copy.write(block)
            copy.flush()
        copy.seek(0)
        yield copy


# -- objects: content that has no row here ------------------------------------------------------


def write_object(
    key: str, blocks: Iterable[bytes], *, attributes: dict[str, str] | None = None
) -> int:
    """Write what `blocks` yields as one object; return how many bytes that were.

    It appears whole or not at all. Refuses: StoreIsFull.
    """
    written = 0
    with (
        refusing_when_full(),
        obstore.open_writer(
            _store(),
            key,
            attributes=attributes,
            buffer_size=PIECE_BYTES,
            max_concurrency=MOST_PIECES,
        ) as writer,
    ):
        for block in blocks:
            written += writer.write(block)
    return written


def read_blocks(key: str) -> Iterator[bytes]:
    """Yield an object's content, about a megabyte at a time."""
    for block in obstore.get(_store(), key).stream(min_chunk_size=BLOCK_BYTES):
        yield bytes(block)


def delete_object(key: str) -> None:
    with suppress(FileNotFoundError):
        obstore.delete(_store(), key)


def find_room() -> int | None:
    """Return how many bytes the store has room for, or None where it doesn't tell."""
    store = _store()
    return shutil.disk_usage(str(store.prefix)).free if isinstance(store, LocalStore) else None


@contextmanager
def refusing_when_full() -> Iterator[None]:
    """Turn an error that says that there is no room into a refusal."""
    try:
        yield
    except (OSError, BaseError) as error:
        if not is_full(error):
            raise
        raise StoreIsFull from error


def is_full(error: Exception) -> bool:
    """Whether a store's error says that there is no room left."""
    said = str(error)
    return getattr(error, "errno", None) in NO_ROOM or any(mark in said for mark in SAYS_NO_ROOM)


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
        request.environ | {"wsgi.file_wrapper": _in_large_blocks},
        mimetype=stored.media_type,
        as_attachment=stored.is_download,
        download_name=stored.name,
        conditional=True,
        etag=stored.sha256,
        use_x_sendfile=current_app.config["USE_X_SENDFILE"],
        response_class=current_app.response_class,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _in_large_blocks(file: IO[bytes], _usual_bytes: int) -> FileWrapper:
    """Read a file as it is sent: a recording has a hundred thousand of the usual 8 kB."""
    return FileWrapper(file, SENT_BYTES)


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
            delete_object(key)
    return len(removed)


def _select_names() -> list[sa.Select[tuple[int]]]:
    """Return a statement for each column that names files, whichever feature it belongs to."""
    return [
        sa.select(key.parent).where(key.parent.is_not(None))
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table is StoredFile.__table__
    ]
