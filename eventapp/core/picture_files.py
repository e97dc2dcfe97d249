"""Pictures of people and covers: stored, and shown to everyone from their caches."""

from __future__ import annotations

from io import BytesIO

from flask import Response, request

from eventapp.core.files import StoredFile, read_file, store_file
from eventapp.core.uploads import Picture

FOREVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"
FOR_ONE_READER = "private, no-cache"


def store_picture(picture: Picture, *, name: str) -> StoredFile:
    """Store a checked picture under `name`, which has no ending."""
    return store_file(
        BytesIO(picture.content),
        name=f"{name}.{picture.extension}",
        media_type=picture.media_type,
        extension=picture.extension,
    )


def show_picture(stored: StoredFile, *, version: str, is_public: bool = True) -> Response:
    """Answer with a picture, kept for good where the address names it (`version` is the file's id).

    Pictures are small: they come from us also where files lie elsewhere, so that their addresses
    never expire.
    """
    response = Response(mimetype=stored.media_type)
    response.set_etag(stored.sha256)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = _caching(stored, version, is_public=is_public)
    if request.if_none_match.contains(stored.sha256):
        response.status_code = 304
    else:
        response.data = read_file(stored)
    return response


def _caching(stored: StoredFile, version: str, *, is_public: bool) -> str:
    if not is_public:
        return FOR_ONE_READER
    return FOREVER if version == str(stored.id) else FOR_A_WHILE
