"""Short addresses of rooms (/l/7kx): what a hall reads off the stage and types into a phone.

They are no secret, and open nothing that the long address doesn't. The last two characters are a
check over the others, so a slip of the finger leads nowhere instead of into another room.
"""

from __future__ import annotations

from eventapp.core.tokens import LARGEST_NUMBER, derive_token

# Nothing that is taken for another when it is read from the back of a hall.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
CHECKS = 2


def write_code(webinar_id: int) -> str:
    """Return the code of a webinar's room: two characters more than its number needs."""
    code = ""
    rest = webinar_id
    while rest:
        rest, digit = divmod(rest, len(ALPHABET))
        code = ALPHABET[digit] + code
    return code + _check(webinar_id)


def read_code(code: str) -> int | None:
    """Return the number of the webinar, whether typed in capitals or not; None for no code."""
    typed = code.lower()
    digits = typed[:-CHECKS]
    if not digits or any(each not in ALPHABET for each in digits):
        return None
    webinar_id = 0
    for each in digits:
        webinar_id = webinar_id * len(ALPHABET) + ALPHABET.index(each)
        if webinar_id > LARGEST_NUMBER:
            return None
    return webinar_id if write_code(webinar_id) == typed else None


def _check(webinar_id: int) -> str:
    mark = derive_token("room-code", str(webinar_id)).encode()
    return "".join(ALPHABET[each % len(ALPHABET)] for each in mark[:CHECKS])
