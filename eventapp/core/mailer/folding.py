"""Headers that aren't ASCII, as encoded words (RFC 2047).

The standard library's newer policies cut such words in the middle where a header is long, and lose
the spaces between them; its older `Header` does neither.
"""

from __future__ import annotations

from email.header import Header
from email.policy import EmailPolicy
from typing import Any


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
