"""Personal addresses: tokens of 256 bits that the database knows only by their hash.

A token is derived (HMAC-SHA-256, RFC 2104) from the secret key, a purpose and the row's uid. So any
later message can hold the same link again, and neither a copy of the database nor a list of uids
opens a door.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from flask import current_app


def derive_token(purpose: str, uid: str) -> str:
    """Return the token (43 URL-safe characters) of `uid` for `purpose`."""
    key = current_app.config["SECRET_KEY"].encode()
    digest = hmac.digest(key, f"token:{purpose}:{uid}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_token(token: str) -> str:
    """Return what is stored and looked up instead of `token` (hexadecimal SHA-256)."""
    return hashlib.sha256(token.encode()).hexdigest()
