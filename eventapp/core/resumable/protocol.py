"""The words of tus 1.0 (https://tus.io/protocols/resumable-upload): headers, read and written.

Everything here comes from strangers and is judged before it is used: what can't be read is
answered with the status that the protocol names.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, current_app, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import Headers

from eventapp.core.errors import NotFound, Refusal
from eventapp.core.files import StoreIsFull

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
PART_TYPE = "application/offset+octet-stream"
LONGEST_METADATA = 8192
LONGEST_NAME = 255
# A JavaScript client counts no further; a file of that size is none that anyone has.
LARGEST_NUMBER = 2**53 - 1
NUMBER = re.compile(r"[0-9]{1,16}", re.ASCII)
METADATA_KEY = re.compile(r"[!-+\--~]+", re.ASCII)

P = ParamSpec("P")


class ProtocolError(Refusal):
    """A request that the protocol answers with an error; `status` is its number."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class UploadIsTooLarge(Refusal):
    def __init__(self, *, megabytes: int) -> None:
        super().__init__(
            _(
                "This file is too large: at most %(size)s MB can be sent. Most video programs can "
                "save it smaller.",
                size=megabytes,
            )
        )


def read_number(headers: Headers, name: str) -> int:
    """Return a header that is a whole number from 0; anything else is a 400."""
    text = headers.get(name, "")
    if not NUMBER.fullmatch(text) or int(text) > LARGEST_NUMBER:
        raise ProtocolError(400, _("%(header)s must be a whole number.", header=name))
    return int(text)


def read_metadata(text: str) -> dict[str, str]:
    """Return what Upload-Metadata holds: pairs of an ASCII key and a text in Base64, by commas.

    What isn't UTF-8 inside is shown as U+FFFD; what isn't in this form is a 400.
    """
    found: dict[str, str] = {}
    if len(text) > LONGEST_METADATA:
        raise ProtocolError(400, _l("Upload-Metadata is too long."))
    for pair in text.split(",") if text.strip() else ():
        key, _space, value = pair.strip().partition(" ")
        if not METADATA_KEY.fullmatch(key) or key in found:
            raise ProtocolError(400, _l("Upload-Metadata can't be read."))
        try:
            octets = base64.b64decode(value.encode("ascii"), validate=True)
        except (binascii.Error, UnicodeEncodeError) as error:
            raise ProtocolError(400, _l("Upload-Metadata can't be read.")) from error
        found[key] = octets.decode("utf-8", errors="replace")
    return found


def speaks_tus(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Check the version that a client speaks, and answer in the protocol, errors too."""

    @wraps(view)
    def speaking(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        try:
            check_version()
            response = make_response(view(*args, **kwargs))
        except (Refusal, NotFound) as error:
            response = _say(error)
        response.headers["Tus-Resumable"] = VERSION
        return response

    return speaking


def check_version() -> None:
    """Refuse another version with 412; OPTIONS asks for it, and a page's GET isn't tus."""
    is_asking = request.method in {"OPTIONS", "GET"}
    if not is_asking and request.headers.get("Tus-Resumable") != VERSION:
        raise ProtocolError(412, _l("Only version 1.0.0 of the tus protocol is spoken here."))


def _say(error: Refusal | NotFound) -> Response:
    if isinstance(error, NotFound):
        said, status = _("This upload isn't here any more. Please send the file again."), 404
    else:
        said, status = str(error.message), _status_of(error)
    response = jsonify(error=said)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if status == 412:  # noqa: PLR2004
        response.headers["Tus-Version"] = VERSION
    return response


def _status_of(refusal: Refusal) -> int:
    if isinstance(refusal, ProtocolError):
        return refusal.status
    return {StoreIsFull: 507, UploadIsTooLarge: 413}.get(type(refusal), 409)


def say_versions(*, largest: int) -> Response:
    """Answer OPTIONS: what this server speaks; `largest` in bytes."""
    return current_app.response_class(
        status=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(largest),
        },
    )
