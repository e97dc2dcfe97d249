"""Personal addresses: tokens of 256 bits that the database knows only by their hash.

A token is derived (HMAC-SHA-256, RFC 2104) from the secret key, a purpose and the row's uid. So any
later message can hold the same link again, and neither a copy of the database nor a list of uids
opens a door.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from flask import current_app

# Together 15 bytes, which base32 writes in 24 characters without padding.
MARK_BYTES = 11
NUMBER_BYTES = 4
LARGEST_NUMBER = 2**31 - 1  # A row can have no larger one.


def derive_token(purpose: str, uid: str) -> str:
    """Return the token (43 URL-safe characters) of `uid` for `purpose`."""
    digest = _digest(f"token:{purpose}:{uid}".encode())
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_token(token: str) -> str:
    """Return what is stored and looked up instead of `token` (hexadecimal SHA-256)."""
    return hashlib.sha256(token.encode()).hexdigest()


def seal_number(purpose: str, number: int, *, uid: str) -> str:
    """Return a short token (24 letters and digits, in capitals or not) that names a row.

    It is an HMAC of 88 bits over the row's number and its uid, and the number masked by that HMAC:
    who holds one learns nothing of how many rows there are, and who made one up names none.
    """
    mark = _digest(f"seal:{purpose}:{number}:{uid}".encode())[:MARK_BYTES]
    masked = _mask(purpose, mark, number.to_bytes(NUMBER_BYTES, "big"))
    return base64.b32encode(mark + masked).decode().lower()


def read_number(purpose: str, token: str) -> int | None:
    """Return the number that `token` claims, to be checked by `is_sealed`; None if it has none."""
    try:
        sealed = base64.b32decode(token.upper())
    except (binascii.Error, ValueError):
        return None
    if len(sealed) != MARK_BYTES + NUMBER_BYTES:
        return None
    number = int.from_bytes(_mask(purpose, sealed[:MARK_BYTES], sealed[MARK_BYTES:]), "big")
    return number if number <= LARGEST_NUMBER else None


def is_sealed(token: str, purpose: str, number: int, *, uid: str) -> bool:
    return hmac.compare_digest(
        token.lower().encode(), seal_number(purpose, number, uid=uid).encode()
    )


def _mask(purpose: str, mark: bytes, number: bytes) -> bytes:
    mask = _digest(f"mask:{purpose}:".encode() + mark)
    return bytes(byte ^ other for byte, other in zip(number, mask, strict=False))


def _digest(content: bytes) -> bytes:
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), content, "sha256")
