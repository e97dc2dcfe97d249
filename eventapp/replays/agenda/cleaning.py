"""What is removed from any text before it is read: marks that nobody sees, and markup."""

from __future__ import annotations

import html
import re

_NEWLINES = re.compile(r"\r\n?")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_HEADING_TAG = re.compile(r"<h[1-6](?:\s[^<>]*)?>", re.IGNORECASE)
_BOLD_TAG = re.compile(r"</?(?:strong|b)(?:\s[^<>]*)?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(
    r"</?(?:p|br|li|ul|ol|dl|dt|dd|div|tr|table|thead|tbody|section|article|header|blockquote"
    r"|h[1-6]|hr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_INLINE_TAG = re.compile(
    r"</?(?:a|i|u|em|span|td|th|font|small|mark|time|sup|sub|code|s|img)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_CELL_END = re.compile(r"</t[dh]>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--[^<>]*-->")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]{1,500})\]\([^()\s]{1,2000}\)")
_EMPHASIS = re.compile(r"(?<![\w*])\*([^*\s][^*]{0,200})\*(?![\w*])")
_FIRST_PRINTABLE, _LAST_PRINTABLE = " ", "~"
_EXCERPT = 60


def split_lines(text: str) -> list[str]:
    """Return the lines as an editor counts them: LF, CRLF and CR end a line, nothing else does."""
    return _NEWLINES.sub("\n", text).split("\n")


def tidy_text(text: str) -> str:
    """Return one line without controls, direction marks and doubled spaces.

    Every title, name and section goes through this, whichever format it comes from or goes to.
    """
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def excerpt(text: str) -> str:
    """Return the beginning of a line, to show in a message."""
    text = tidy_text(text)
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…"


def remove_invisible(text: str) -> str:
    """Return the text without controls and direction marks, its white space as it was."""
    return _INVISIBLE.sub("", text)


def strip_markup(line: str) -> list[str]:
    """Return the pieces of a line that HTML or Markdown would show as lines of their own.

    Headings come back as `# heading` and bold as `**bold**`, so that structure can still be read.
    """
    line = _decode(line, ascii_too=False)
    if "<" in line:
        line = _COMMENT.sub("", line)
        line = _HEADING_TAG.sub("\n# ", line)
        line = _BOLD_TAG.sub("**", line)
        line = _CELL_END.sub(" ", _BLOCK_TAG.sub("\n", line))
        line = _INLINE_TAG.sub("", line)
    if "](" in line:
        line = _MARKDOWN_LINK.sub(r"\1", line)
    if "*" in line:
        line = _EMPHASIS.sub(r"\1", line)
    return line.split("\n")


def decode_entities(text: str) -> str:
    """Return the text with `&amp;`, `&#45;` and the like decoded, once."""
    return tidy_text(_decode(text, ascii_too=True))


def encode_entities(text: str, *, letters_too: bool = False) -> str:
    """Return the text with every ASCII sign but spaces, and mostly but letters, as an entity."""
    return "".join(
        f"&#{ord(sign)};"
        if sign.isascii() and sign != " " and (letters_too or not sign.isalpha())
        else sign
        for sign in text
    )


def _decode(text: str, *, ascii_too: bool) -> str:
    """Decode entities; those of ASCII wait for the title, so that an escaped sign has no effect."""

    def replace(match: re.Match[str]) -> str:
        decoded = html.unescape(match[0])
        if not ascii_too and _FIRST_PRINTABLE <= decoded <= _LAST_PRINTABLE and len(decoded) == 1:
            return match[0]
        return " " if decoded.isspace() else decoded

    return _ENTITY.sub(replace, text) if "&" in text else text
