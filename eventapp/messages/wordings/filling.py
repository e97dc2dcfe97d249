"""From words with placeholders to what one person reads.

Markdown is read first, with marks in the placeholders' stead, and the values are put in afterwards:
escaped, in one pass. So no name is ever read as Markdown, as HTML, as an address or as another
placeholder, and nothing that anybody types is evaluated.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from functools import lru_cache
from typing import TypeAlias, TypeGuard

from markupsafe import Markup, escape

from eventapp.core.mailer import OwnWords
from eventapp.core.markdown import plain_text, render_markdown
from eventapp.messages.wordings.mail_html import style_for_mail
from eventapp.messages.wordings.placeholders import TIME_ZONE, TIMES, Placeholder, zoned
from eventapp.messages.wordings.refusals import (
    LinkInSubject,
    PlaceholderInAddress,
    UnknownPlaceholder,
)
from eventapp.messages.wordings.standard import list_placeholders

IN_BRACES = re.compile(r"\{[^{}\n]*\}")
# In plain text, what stands before a link without a space would become a part of its address.
GLUED = re.compile(r"[^\s(<\[*_“‘\"'](\{[^{}\n]*\})")
BETWEEN_TIMES = re.compile(r"[ \u00a0]*\S{1,3}[ \u00a0]*")
LINK = Markup('<a class="plain" style="color:#3346c2;" href="{0}">{0}</a>')
LINK_ENDS = re.compile(r"(<a\b[^>]*>|</a>)")


class As(Enum):
    """Where a value stands: what it is escaped for, and whether it becomes a link."""

    TEXT = "text"
    LINK = "link"
    ADDRESS = "address"


@dataclass(frozen=True)
class Slot:
    """Where the value of the placeholder `name` goes."""

    name: str
    kind: As = As.TEXT


Parts: TypeAlias = tuple[str | Slot, ...]


@dataclass(frozen=True, kw_only=True)
class ReadWords:
    """Words that were read: texts with slots between them."""

    subject: Parts
    text: Parts
    html: Parts


@lru_cache(maxsize=256)
def read_words(message: str, *, subject: str, body: str) -> ReadWords:
    """Read an organiser's subject and body (Markdown) for `message`.

    Refuses: UnknownPlaceholder, PlaceholderInAddress, LinkInSubject.
    """
    known = {each.text: each for each in list_placeholders(message)}
    for culprit in IN_BRACES.findall(f"{subject}\n{body}"):
        _check_known(culprit, known)
    for found in GLUED.finditer(body):
        if known[found[1]].is_link:
            raise PlaceholderInAddress(found[1])
    marks = _Marks(known)
    html = style_for_mail(render_markdown(marks.put_into(body), top_heading=1))
    return ReadWords(
        subject=_name_zones(_read_subject(subject, known)),
        text=_name_zones(marks.split(plain_text(marks.put_into(body)))),
        html=_name_zones(_read_html(html, marks)),
    )


def fill_words(words: ReadWords, values: Mapping[str, str]) -> OwnWords:
    """Return the words as one person gets them."""
    return OwnWords(
        subject=_fill(words.subject, values),
        text=_fill(words.text, values),
        html=Markup("").join(_fill_html(part, values) for part in words.html),
    )


def _check_known(culprit: str, known: Mapping[str, Placeholder]) -> None:
    if culprit not in known:
        close = get_close_matches(culprit, known, n=1, cutoff=0.6)
        raise UnknownPlaceholder(culprit, suggestion=close[0] if close else None)


class _Marks:
    """Marks that stand for placeholders while Markdown is read: letters that nobody can type."""

    def __init__(self, known: Mapping[str, Placeholder]) -> None:
        self.known = list(known.values())
        self.stem = f"mark{secrets.token_hex(12)}x"
        self.pattern = re.compile(rf"{self.stem}(\d+)z")

    def put_into(self, text: str) -> str:
        marks = {each.text: f"{self.stem}{n}z" for n, each in enumerate(self.known)}
        return IN_BRACES.sub(lambda found: marks[found[0]], text)

    def split(self, text: str) -> Iterator[str | Slot]:
        """Yield what stands between marks, and a slot for each mark."""
        for number, part in enumerate(self.pattern.split(text)):
            if number % 2:
                yield Slot(self.known[int(part)].name)
            elif part:
                yield part

    def is_link(self, slot: Slot) -> bool:
        return any(each.name == slot.name and each.is_link for each in self.known)


def _read_subject(subject: str, known: Mapping[str, Placeholder]) -> Iterator[str | Slot]:
    end = 0
    for found in IN_BRACES.finditer(subject):
        if known[found[0]].is_link:
            raise LinkInSubject(found[0])
        yield subject[end : found.start()]
        yield Slot(known[found[0]].name)
        end = found.end()
    yield subject[end:]


def _read_html(html: Markup, marks: _Marks) -> Iterator[str | Slot]:
    """Yield the HTML and its slots; a link's placeholder outside of other links becomes one."""
    is_inside_link = False
    for part in LINK_ENDS.split(html):
        if part.startswith("<a"):
            is_inside_link = True
            yield from _read_link(part, marks)
        elif part == "</a>":
            is_inside_link = False
            yield part
        else:
            for piece in marks.split(part):
                is_link = isinstance(piece, Slot) and marks.is_link(piece) and not is_inside_link
                yield Slot(piece.name, As.LINK) if is_link else piece  # type: ignore[union-attr]


def _read_link(tag: str, marks: _Marks) -> Iterator[str | Slot]:
    """Yield a link's tag, in which a placeholder may be the whole address and nothing else.

    As a part of one, a personal link would be carried to somebody else's site, and a name could
    make an address of its own.
    """
    for piece in marks.split(tag):
        if isinstance(piece, str):
            yield piece
            continue
        is_whole = re.search(rf'href="{marks.pattern.pattern}"', tag) is not None
        is_alone = len(marks.pattern.findall(tag)) == 1
        if not (is_whole and is_alone and marks.is_link(piece)):
            raise PlaceholderInAddress(f"{{{piece.name}}}")
        yield Slot(piece.name, As.ADDRESS)


def _name_zones(read: Iterable[str | Slot]) -> Parts:
    """Let times name their zone where the words don't; of "{time} to {end_time}" the later."""
    parts = tuple(read)
    if Slot(TIME_ZONE) in parts:
        return parts
    return tuple(
        Slot(zoned(part.name), part.kind)
        if _is_time(part) and not _is_beginning(parts[number + 1 : number + 3])
        else part
        for number, part in enumerate(parts)
    )


def _is_time(part: str | Slot) -> TypeGuard[Slot]:
    return isinstance(part, Slot) and part.name in TIMES


def _is_beginning(following: Parts) -> bool:
    """Whether what follows a time is no more than "to" and another one."""
    match following:
        case (str() as between, Slot() as end):
            return _is_time(end) and BETWEEN_TIMES.fullmatch(between) is not None
    return False


def _fill(parts: Parts, values: Mapping[str, str]) -> str:
    return "".join(values[part.name] if isinstance(part, Slot) else part for part in parts)


def _fill_html(part: str | Slot, values: Mapping[str, str]) -> Markup:
    if isinstance(part, str):
        return Markup(part)  # noqa: S704 - from render_markdown, which cleans it
    value = escape(values[part.name])
    match part.kind:
        case As.LINK:
            return LINK.format(value)
        case As.ADDRESS:
            return value
        case As.TEXT:
            return Markup("<br>").join(value.split("\n"))
