"""Long lines, folded: headers that aren't ASCII, as encoded words (RFC 2047), and a calendar's.

The standard library's newer policies cut such words in the middle where a header is long, and lose
the spaces between them; its older `Header` does neither.
"""

from __future__ import annotations

from email.header import Header
from email.policy import EmailPolicy
from typing import Any

LONGEST_CONTENT_LINE = 75
# How a byte begins that continues a character of UTF-8 (RFC 3629, 3).
CONTINUES = range(0b1000_0000, 0b1100_0000)


class MailPolicy(EmailPolicy):
    """Folds subjects and names in any script so that they are read as they were written."""

    def fold(self, name: str, value: Any) -> str:
        if str(value).isascii():
            return str(super().fold(name, value))
        addresses = getattr(value, "addresses", None)
        if addresses is None:
            return f"{name}: {self._encode(str(value), name)}{self.linesep}"
        people = [
            f"{self._encode(each.display_name, name)}{self.linesep} <{each.addr_spec}>"
            for each in addresses
        ]
        return f"{name}: {', '.join(people)}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        if str(value).isascii():
            return super().fold_binary(name, value)
        return self.fold(name, value).encode("ascii")

    def _encode(self, text: str, name: str) -> str:
        return Header(text, "utf-8", header_name=name).encode(linesep=self.linesep)


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
