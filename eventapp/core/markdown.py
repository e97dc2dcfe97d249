"""Markdown as people write it into our forms, as HTML that is safe to show and as plain text."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

LINK_SCHEMES = frozenset({"http", "https", "mailto"})
LOWEST_HEADING = 6
TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"),
    *("a", "code", "em", "s", "strong"),
}
COLUMN_CLASSES = {
    "text-align:left": "align-left",
    "text-align:center": "align-center",
    "text-align:right": "align-right",
}
# `[1:02:03]`, `[01:02:03]`, `[2:03]` or `[75:30]`.
TIME = re.compile(r"\[((?:(\d{1,3}):([0-5]\d)|(\d{1,3})):([0-5]\d))\]")

TimeLinks = Callable[[int], str | None]


ANCHOR_PREFIX = "part-"
LONGEST_ANCHOR = 60


@dataclass(frozen=True)
class Heading:
    """A heading of a text; `level` is 1 for the largest, `anchor` its id in the HTML."""

    level: int
    words: str
    anchor: str


def render_markdown(
    text: str,
    *,
    time_links: TimeLinks | None = None,
    top_heading: int = 2,
    with_anchors: bool = False,
) -> Markup:
    """Return the text as HTML: its largest heading is `top_heading`, pictures become links.

    With `time_links`, a time in square brackets becomes a link to the address that `time_links`
    gives for its seconds, and carries the seconds in `data-seek`. Where it gives None, the time
    stays text. `with_anchors` gives each heading the id that `outline` names.
    """
    env = {
        "time_links": time_links,
        "top_heading": top_heading,
        "with_anchors": with_anchors,
    }
    html = _CLEANER.clean(_MARKDOWN.render(text, env))
    return Markup(html)  # noqa: S704 - cleaned by an allow-list in the line above


def outline(text: str) -> list[Heading]:
    """Return the headings of the text in their order; those without words are left out."""
    tokens = _MARKDOWN.parse(text, {"with_anchors": True})
    return [
        Heading(int(opening.tag[1]), _heading_words(inline), str(opening.attrs["id"]))
        for opening, inline in pairwise(tokens)
        if "id" in opening.attrs
    ]


def plain_text(text: str, *, max_length: int | None = None) -> str:
    """Return the text without its marks: blocks apart, lists with hyphens, links with addresses.

    With `max_length` in characters: the words alone in one line, cut between two words if need be
    and then closed with "…".
    """
    tokens = _MARKDOWN.parse(text)
    if max_length is None:
        return _write_block(SyntaxTreeNode(_with_written_lines(tokens)))
    words = " ".join(_write_words(token) for token in tokens)
    return _cut(" ".join(words.split()), max_length)


# -- the parser --------------------------------------------------------------------------------


class _Markdown(MarkdownIt):
    """CommonMark with tables and struck-out text, without HTML and with links we can vouch for."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "breaks": True})
        self.enable(["table", "strikethrough"])
        self.inline.ruler.after("link", "time", _read_time)
        self.core.ruler.push("headings", _lower_headings)
        self.core.ruler.push("anchors", _anchor_headings)
        self.core.ruler.push("pictures", _link_pictures)
        self.core.ruler.push("columns", _class_columns)

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name is the parser's
        try:
            return urlsplit(url.strip()).scheme.lower() in LINK_SCHEMES | {""}
        except ValueError:
            return False


def _read_time(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's signature
    """Turn `[19:33]` into a link, where links to times are wanted and outside other links.

    Silent runs look for the end of an enclosing link's label; there a time is only text, or the
    label would seem to hold a link, which Markdown forbids.
    """
    time_links = state.env.get("time_links")
    if silent or time_links is None or state.linkLevel:
        return False
    match = TIME.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    seconds = _seconds(match)
    address = time_links(seconds)
    if address is None:
        return False
    link = state.push("link_open", "a", 1)
    link.attrs = {"href": address, "data-seek": str(seconds)}
    state.push("text", "", 0).content = match[1]
    state.push("link_close", "a", -1)
    state.pos = match.end()
    return True


def _seconds(match: re.Match[str]) -> int:
    _, hours, minutes, only_minutes, seconds = match.groups()
    return int(hours or 0) * 3600 + int(minutes or only_minutes) * 60 + int(seconds)


def _lower_headings(state: StateCore) -> None:
    """Let the largest heading be the page's next: people begin with # as often as with ##."""
    headings = [token for token in state.tokens if token.type.startswith("heading_")]
    largest = min((int(token.tag[1]) for token in headings), default=1)
    down_by = state.env.get("top_heading", 1) - largest
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) + down_by, LOWEST_HEADING)}"


def _anchor_headings(state: StateCore) -> None:
    """Give headings ids made of their words, each once; the prefix keeps them off the page's."""
    if not state.env.get("with_anchors"):
        return
    taken: set[str] = set()
    used: dict[str, int] = {}
    for opening, inline in pairwise(state.tokens):
        if opening.type == "heading_open" and (words := _heading_words(inline)):
            stem = ANCHOR_PREFIX + _anchor_words(words)
            anchor = stem
            while anchor in taken:
                used[stem] = used.get(stem, 1) + 1
                anchor = f"{stem}-{used[stem]}"
            taken.add(anchor)
            opening.attrs["id"] = anchor


def _heading_words(inline: Token) -> str:
    return " ".join(_write_inline(inline.children or [], with_addresses=False).split())


def _anchor_words(words: str) -> str:
    folded = unicodedata.normalize("NFKC", words).casefold()
    return "-".join(re.findall(r"\w+", folded))[:LONGEST_ANCHOR].strip("-")


def _link_pictures(state: StateCore) -> None:
    """Replace pictures by links to them: loaded, they would tell another site who reads here."""
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = _without_pictures(token.children)


def _without_pictures(tokens: Sequence[Token]) -> list[Token]:
    kept: list[Token] = []
    inside_link = 0
    for token in tokens:
        inside_link += token.nesting if token.type in {"link_open", "link_close"} else 0
        if token.type == "image":
            kept.extend(_picture_as_link(token, is_linked=inside_link > 0))
        else:
            kept.append(token)
    return kept


def _picture_as_link(picture: Token, *, is_linked: bool) -> list[Token]:
    address = str(picture.attrs.get("src", ""))
    text = Token("text", "", 0)
    text.content = _write_inline(picture.children or [], with_addresses=False) or address
    if is_linked:
        return [text]
    link = Token("link_open", "a", 1, attrs={"href": address})
    return [link, text, Token("link_close", "a", -1)]


def _class_columns(state: StateCore) -> None:
    """Say by class what the parser says by style, which our content policy forbids."""
    for token in state.tokens:
        if token.type in {"th_open", "td_open"} and "style" in token.attrs:
            style = str(token.attrs.pop("style"))
            if style in COLUMN_CLASSES:
                token.attrs["class"] = COLUMN_CLASSES[style]


_MARKDOWN = _Markdown()
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href", "title", "data-seek"}, "ol": {"start"}}
    | {f"h{level}": {"id"} for level in range(1, LOWEST_HEADING + 1)},
    allowed_classes={tag: set(COLUMN_CLASSES.values()) for tag in ("td", "th")},
    url_schemes=set(LINK_SCHEMES),
    link_rel="noopener nofollow",
)


# -- plain text --------------------------------------------------------------------------------


def _with_written_lines(tokens: Sequence[Token]) -> Sequence[Token]:
    """Write what stands within lines, so that only blocks become a tree.

    The parser ends blocks within blocks at its `maxNesting`, and marks within marks nowhere: a tree
    of those can be too deep to walk.
    """
    for token in tokens:
        if token.type == "inline":
            token.content = _write_inline(token.children or [], with_addresses=True)
            token.children = None
    return tokens


def _write_block(node: SyntaxTreeNode) -> str:
    """Return one block with everything in it, without an end of line."""
    if node.type == "inline":
        return node.content
    if node.type in {"fence", "code_block"}:
        return node.content.rstrip("\n")
    if node.type == "tr":
        return " | ".join(_write_block(cell) for cell in node.children)
    blocks = [
        _write_item(child) if child.type == "list_item" else _write_block(child)
        for child in node.children
    ]
    between = "\n\n" if node.type in {"root", "blockquote"} else "\n"
    return between.join(block for block in blocks if block)


def _write_item(item: SyntaxTreeNode) -> str:
    mark = f"{item.info}{item.markup} " if item.info else "- "
    return mark + textwrap.indent(_write_block(item), " " * len(mark)).lstrip()


def _write_inline(tokens: Sequence[Token], *, with_addresses: bool) -> str:
    """Return the words; `with_addresses` writes a link's address after words that differ."""
    parts: list[str] = []
    address, begins_at = "", 0
    for token in tokens:
        match token.type:
            case "link_open":
                address, begins_at = str(token.attrs.get("href", "")), len(parts)
            case "link_close":
                words = "".join(parts[begins_at:])
                if with_addresses and address.removeprefix("mailto:") != words:
                    parts.append(f" ({address})")
            case "softbreak" | "hardbreak":
                parts.append("\n")
            case "image":
                parts.append(_write_inline(token.children or [], with_addresses=False))
            case _:
                parts.append(token.content)
    return "".join(parts)


def _write_words(token: Token) -> str:
    if token.type == "inline":
        return _write_inline(token.children or [], with_addresses=False)
    return token.content


def _cut(line: str, max_length: int) -> str:
    if len(line) <= max_length:
        return line
    words, _, _ = line[:max_length].rpartition(" ")
    head = words or line[: max(max_length - 1, 0)]
    return head.rstrip(" ,;:.-–—") + "…"
