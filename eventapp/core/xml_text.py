"""Text for XML, which doesn't take every character, not even as an escape."""

from __future__ import annotations

import re

# What is no Char of XML 1.0 (section 2.2).
_NOT_ALLOWED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return the text without the characters that would make a document unreadable."""
    return _NOT_ALLOWED.sub("", text)
