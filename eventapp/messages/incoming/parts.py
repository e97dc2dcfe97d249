"""A message taken apart within bounds: its parts, its headers and its texts.

Everything here is written by strangers. The library's parser is linear in a message's lines for
each level of nesting, and quadratic in the length of some headers, so all three are bounded.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from email.utils import parseaddr
from html import unescape

LARGEST = 1024 * 1024
MOST_LINES = 20_000
MOST_BOUNDARIES = 20
MOST_PARTS = 100
LONGEST_HEADER = 8000
LONGEST_LINE = 500
LONGEST_SOURCE = 200_000
LONGEST_TEXT = 20_000
BOUNDARY = re.compile(rb"boundary", re.IGNORECASE)
# Those take quadratic time, refuse everything, or warn.
STRANGE_CHARSETS = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "unicode_escape", "raw-unicode-escape"}
)
TAG = re.compile(r"(<[^<>]*>)")
TAG_NAME = re.compile(r"</?([a-z][a-z0-9]*)", re.IGNORECASE)
SPACE = re.compile(r"\s+")
LINE_TAGS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre"})
HIDDEN_TAGS = frozenset({"script", "style", "title", "template"})


class IsUnreadable(Exception):
    """A message that isn't worth the time to take it apart."""


class _BoundedPolicy(Compat32):
    """The library's most forgiving policy, with an end to each header."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        return super().header_source_parse(["".join(sourcelines)[:LONGEST_HEADER]])


def parse_message(raw: bytes) -> Message:
    """Return the message that begins in `raw`. Raises IsUnreadable."""
    kept = raw[:LARGEST]
    if len(BOUNDARY.findall(kept)) > MOST_BOUNDARIES:
        raise IsUnreadable
    lines = kept.split(b"\n", MOST_LINES)[:MOST_LINES]
    try:
        return BytesParser(policy=_BoundedPolicy()).parsebytes(b"\n".join(lines))
    except (MessageError, ValueError, LookupError, RecursionError) as error:
        raise IsUnreadable from error


def parse_headers(raw: bytes) -> Message:
    """Return a message that nothing is known of but its headers."""
    message = BytesParser(policy=_BoundedPolicy()).parsebytes(raw[:LARGEST], headersonly=True)
    message.set_type("text/plain")
    return message


def walk_parts(message: Message) -> Iterator[Message]:
    """Yield the parts in their order; messages inside the message stay closed."""
    waiting, count = [message], 0
    while waiting and count < MOST_PARTS:
        part = waiting.pop()
        count += 1
        yield part
        children = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(children, list):
            waiting.extend(
                child for child in reversed(children[:MOST_PARTS]) if isinstance(child, Message)
            )


def read_header(message: Message, name: str) -> str:
    """Return a header in one line, its encoded words (RFC 2047) decoded; "" without one."""
    return decode_words(next(list_headers(message, name), ""))


def list_headers(message: Message, name: str) -> Iterator[str]:
    """Yield the headers of that name as they came; what isn't ASCII is read as UTF-8."""
    for each, value in message.raw_items():
        if each.lower() == name.lower():
            yield str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read_party(message: Message) -> tuple[str, str]:
    """Return the name and the address that a message says it is from; "" for what it doesn't."""
    try:
        name, address = parseaddr(next(list_headers(message, "From"), ""))
    except (MessageError, ValueError, IndexError, RecursionError):
        return "", ""
    return decode_words(name), one_line(address)


def decode_words(text: str) -> str:
    try:
        words = decode_header(text[:LONGEST_HEADER])
    except (MessageError, ValueError):
        return one_line(text)
    return one_line("".join(_decode_word(*word) for word in words))


def _decode_word(word: str | bytes, charset: str | None) -> str:
    if isinstance(word, str):
        return word
    # The library hands over what stands between encoded words in this form.
    return decode_text(word, charset) if charset else word.decode("raw-unicode-escape", "replace")


def read_content(part: Message) -> str:
    """Return a part's text, whatever it says of its encoding."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    return decode_text(content[:LONGEST_SOURCE], part.get_content_charset() or "utf-8")


def decode_text(content: bytes, charset: str) -> str:
    try:
        name = codecs.lookup(charset).name
        return content.decode("utf-8" if name in STRANGE_CHARSETS else name, "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def read_text(message: Message) -> str:
    """Return what a message says, in plain text: of HTML nothing but the words."""
    texts: dict[str, str] = {}
    for part in walk_parts(message):
        kind = part.get_content_type()
        if kind in {"text/plain", "text/html"} and not part.get_filename():
            texts.setdefault(kind, read_content(part))
    plain = texts.get("text/plain", "")
    return tidy_text(plain if plain.strip() else read_words(texts.get("text/html", "")))


def read_words(html: str) -> str:
    """Return the words of a piece of HTML, a line for each block.

    It is for reading, and never sent to a browser as HTML. A real parser takes quadratic time over
    what is nested deeply; this goes through once.
    """
    words: list[str] = []
    hidden_by = ""
    for piece in TAG.split(_without_comments(html[:LONGEST_SOURCE])):
        found = TAG_NAME.match(piece)
        name = found.group(1).lower() if found else ""
        if hidden_by:
            hidden_by = "" if name == hidden_by and piece.startswith("</") else hidden_by
        elif name in HIDDEN_TAGS:
            hidden_by = name
        elif name in LINE_TAGS:
            words.append("\n")
        elif not TAG.fullmatch(piece):
            words.append(SPACE.sub(" ", piece))
    return unescape("".join(words))


def _without_comments(html: str) -> str:
    first, *others = html.split("<!--")
    return first + "".join(other.partition("-->")[2] for other in others)


def tidy_text(text: str) -> str:
    """Return the text with plain line ends, without control characters, cut where it is long."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    kept = "".join(
        char
        for char in plain[: 2 * LONGEST_TEXT]
        if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs")
    )
    lines = "\n".join(line.strip() for line in kept.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()[:LONGEST_TEXT]


def one_line(text: str) -> str:
    return " ".join(tidy_text(text).split())[:LONGEST_LINE]
