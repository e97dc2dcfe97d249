"""Header lines (RFC 5322, 2.2) that say what was written, whatever that is; and long lines, folded.

The standard library's newer policies read a header before they write it, and so decode an encoded
word (RFC 2047) that somebody typed as their name, line breaks and all. They also cut long ones in
the middle and lose the spaces between them. Its older `Header` does none of this.
"""

from __future__ import annotations

import re
from email.header import Header
from email.headerregistry import Address

LINE_END = "\r\n"
LONGEST_LINE = 78
# RFC 5322, 2.1.1; so long a word can't be folded as it is.
LONGEST_WORD = 900
# What is read as an encoded word, and so has to be one.
ENCODED_WORD = "=?"
# Atoms and spaces: what needs neither quotes nor encoding (RFC 5322, 3.2.3).
PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/?^_`{|}~ -]+")
TO_BE_QUOTED = re.compile(r'(["\\])')
# One header, folded or not: each of its line ends but the last is followed by a space.
ONE_HEADER = re.compile(r"[!-9;-~]+: [^\r\n\0]*(\r\n [^\r\n\0]*)*\r\n")
LONGEST_CONTENT_LINE = 75
# How a byte begins that continues a character of UTF-8 (RFC 3629, 3).
CONTINUES = range(0b1000_0000, 0b1100_0000)


def write_text(name: str, text: str) -> str:
    """Write a header of free text on one line, such as a subject."""
    line = f"{name}: {text}{LINE_END}"
    is_plain = text.isascii() and ENCODED_WORD not in text
    if is_plain and len(line) <= LONGEST_LINE:
        return line
    is_foldable = is_plain and max(map(len, text.split()), default=0) <= LONGEST_WORD
    return f"{name}: {_fold(name, text, 'us-ascii' if is_foldable else 'utf-8')}{LINE_END}"


def write_address(name: str, address: Address) -> str:
    """Write a header that names one person or place."""
    phrase = address.display_name
    if not phrase:
        return f"{name}: {address.addr_spec}{LINE_END}"
    if not phrase.isascii() or ENCODED_WORD in phrase:
        phrase = _fold(name, phrase, "utf-8")
    elif not PLAIN_NAME.fullmatch(phrase):
        phrase = '"{}"'.format(TO_BE_QUOTED.sub(r"\\\1", phrase))
    line = f"{name}: {phrase} <{address.addr_spec}>{LINE_END}"
    is_short = len(line) <= LONGEST_LINE
    return line if is_short else f"{name}: {phrase}{LINE_END} <{address.addr_spec}>{LINE_END}"


def check_header(header: str) -> str:
    """Return a written header. Raises ValueError where it is more than one, or ends too early."""
    if not ONE_HEADER.fullmatch(header):
        message = f"not one header: {header!r}"
        raise ValueError(message)
    return header


def _fold(name: str, text: str, charset: str) -> str:
    return Header(text, charset, header_name=name).encode(linesep=LINE_END)


def fold_content_line(line: bytes) -> bytes:
    """Fold a calendar's line at 75 octets (RFC 5545, 3.1), between two characters."""
    pieces: list[bytes] = []
    # What follows the first piece begins with a space.
    longest = LONGEST_CONTENT_LINE
    while len(line) > longest:
        end = longest
        while line[end] in CONTINUES:
            end -= 1
        pieces.append(line[:end])
        line = line[end:]
        longest = LONGEST_CONTENT_LINE - 1
    return b"\r\n ".join([*pieces, line])
