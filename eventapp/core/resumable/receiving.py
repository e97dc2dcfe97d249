"""The answers to requests of the protocol, for whichever purpose; the route has let them in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import IO

import sqlalchemy as sa
from flask import Response, current_app, jsonify, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import generate_csrf
from structlog import get_logger
from werkzeug.exceptions import ClientDisconnected

from eventapp.core import clock
from eventapp.core.db import transaction
from eventapp.core.files import BLOCK_BYTES, StoreIsFull, delete_object, find_room, write_object
from eventapp.core.forms import one_line
from eventapp.core.resumable import actions
from eventapp.core.resumable.clearing import clear_upload
from eventapp.core.resumable.models import ResumableUpload, UploadPart
from eventapp.core.resumable.protocol import (
    LONGEST_NAME,
    PART_TYPE,
    ProtocolError,
    UploadIsTooLarge,
    read_metadata,
    read_number,
)
from eventapp.core.resumable.queries import count_open, get_upload

MEGABYTE = 1024 * 1024
# The parts and the file that is made of them lie side by side for a while.
TIMES_ITS_SIZE = 2
ROOM_FOR_OTHERS = 64 * MEGABYTE
MOST_OPEN = 20
# What a request breaks off with when its sender is gone; what came before it is kept.
GONE = (ClientDisconnected, ConnectionError, TimeoutError)

log = get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Which upload a request speaks of, and who sends it."""

    purpose: str
    subject_id: int
    owner_id: int

    def get(self, token: str, *, is_locked: bool = False) -> ResumableUpload:
        return get_upload(
            token,
            purpose=self.purpose,
            subject_id=self.subject_id,
            owner_id=self.owner_id,
            is_locked=is_locked,
        )


def create(place: Place, *, largest: int) -> ResumableUpload:
    """Begin the upload that the request's headers describe (extension “creation”).

    Refuses: ProtocolError 400 and 429, UploadIsTooLarge, StoreIsFull.
    """
    if "Upload-Defer-Length" in request.headers:
        raise ProtocolError(400, _l("Please say with Upload-Length how large the file is."))
    size = read_number(request.headers, "Upload-Length")
    if size > largest:
        raise UploadIsTooLarge(megabytes=largest // MEGABYTE)
    metadata = read_metadata(request.headers.get("Upload-Metadata", ""))
    room = find_room()
    if room is not None and room < TIMES_ITS_SIZE * size + ROOM_FOR_OTHERS:
        log.error("store_is_full", room=room, wanted=size)
        raise StoreIsFull
    now = clock.now()
    with transaction():
        if count_open(place.owner_id, now=now) >= MOST_OPEN:
            raise ProtocolError(
                429,
                _l(
                    "You have begun many uploads that aren't finished. Please finish or stop one "
                    "of them first."
                ),
            )
        return actions.create_upload(
            owner_id=place.owner_id,
            purpose=place.purpose,
            subject_id=place.subject_id,
            name=one_line(metadata.get("filename"))[:LONGEST_NAME],
            size=size,
            now=now,
        )


def append(place: Place, token: str) -> ResumableUpload:
    """Take in what the request brings, from where it says; return the upload as it is then.

    What arrived before a connection broke is kept. Nothing is locked meanwhile: of two requests
    for the same place the first to end is counted. Refuses: ProtocolError, StoreIsFull.
    """
    if request.mimetype != PART_TYPE:
        raise ProtocolError(415, _l("A part must be sent as application/offset+octet-stream."))
    start = read_number(request.headers, "Upload-Offset")
    now = clock.now()
    with transaction():
        upload = place.get(token, is_locked=True)
        actions.check_may_go_on(upload, start=start, now=now)
        most = upload.size - upload.received
        if (request.content_length or 0) > most:
            raise ProtocolError(413, _l("This part is longer than what is missing of the file."))
        if not most or not request.content_length:
            return upload
        key = actions.begin_part(upload).key
    return _store_part(place, token, key=key, most=most)


def _store_part(place: Place, token: str, *, key: str, most: int) -> ResumableUpload:
    try:
        size = write_object(key, _read_body(request.stream, most=most))
        with transaction():
            upload = place.get(token, is_locked=True)
            actions.count_part(upload, key=key, size=size, now=clock.now())
            return upload
    except BaseException:
        _forget_part(key)
        raise


def _read_body(stream: IO[bytes], *, most: int) -> Iterator[bytes]:
    while most > 0:
        try:
            block = stream.read(min(BLOCK_BYTES, most))
        except GONE:
            return
        if not block:
            return
        most -= len(block)
        yield block


def _forget_part(key: str) -> None:
    """Leave nothing of a part that wasn't counted; what can't be deleted now is swept later."""
    try:
        delete_object(key)
        with transaction() as session:
            session.execute(sa.delete(UploadPart).where(UploadPart.key == key))
    except Exception:
        log.exception("part_left_over", key=key)


def end(place: Place, token: str) -> None:
    """Stop an upload and clear it away (extension “termination”)."""
    with transaction():
        upload = place.get(token, is_locked=True)
        actions.end_upload(upload)
        upload_id = upload.id
    clear_upload(upload_id)


# -- answers -----------------------------------------------------------------------------------


def say_created(upload: ResumableUpload, *, address: str) -> Response:
    return _say(upload, status=201, Location=address)


def say_appended(upload: ResumableUpload) -> Response:
    return _say(upload, status=204)


def say_ended() -> Response:
    return current_app.response_class(status=204)


def say_state(upload: ResumableUpload, *, words: str, is_known: bool, now: datetime) -> Response:
    """Answer HEAD, and a page's GET, which is told in `words` and gets a fresh token for forms.

    Raises ProtocolError 410 for what has expired.
    """
    if upload.expires_at <= now:
        raise ProtocolError(410, _l("This upload has expired. Please send the file again."))
    response = jsonify(
        state=upload.state.value, said=words, is_known=is_known, csrf_token=generate_csrf()
    )
    response.headers.update(_headers(upload) | {"Upload-Length": str(upload.size)})
    response.headers["Cache-Control"] = "no-store"
    return response


def _say(upload: ResumableUpload, *, status: int, **headers: str) -> Response:
    return current_app.response_class(status=status, headers=_headers(upload) | headers)


def _headers(upload: ResumableUpload) -> dict[str, str]:
    # An HTTP-date (RFC 9110, 5.6.7).
    return {
        "Upload-Offset": str(upload.received),
        "Upload-Expires": format_datetime(upload.expires_at, usegmt=True),
    }
