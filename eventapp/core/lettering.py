"""Text drawn into pictures, in every script that the fonts shipped with us have.

The fonts are Noto's, in two packages (docs/adr/0020-share-pictures.md). A sign is drawn by the font
of its script, and by Noto Sans where it belongs to none. Letters are joined and placed as their
script wants by HarfBuzz, wherever FriBiDi is on the machine; without it they stand side by side,
still in the right order.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import manimgx_fonts
import manimgx_fonts_cjk
from PIL import ImageDraw, ImageFont, features

from eventapp.core.writing_order import Part, order_parts, runs_right_to_left, without_marks

FONTS = Path(manimgx_fonts.__file__).parent
CJK = Path(manimgx_fonts_cjk.__file__).parent / "NotoSansCJK-VF.otf.ttc"
HAS_SHAPING = features.check("raqm")

REGULAR, BOLD = 450, 700
LINE = 1.22
ELLIPSIS = "…"

# Where the blocks of scripts begin, and the font that should have them; "" is Noto Sans itself.
_BLOCKS = (
    *((0, ""), (0x530, "Armenian"), (0x590, "Hebrew"), (0x600, "Arabic"), (0x700, "")),
    *((0x750, "Arabic"), (0x780, ""), (0x870, "Arabic"), (0x900, "Devanagari")),
    *((0x980, "Bengali"), (0xA00, "Gurmukhi"), (0xA80, "Gujarati"), (0xB00, "Oriya")),
    *((0xB80, "Tamil"), (0xC00, "Telugu"), (0xC80, "Kannada"), (0xD00, "Malayalam")),
    *((0xD80, "Sinhala"), (0xE00, "Thai"), (0xE80, "Lao"), (0xF00, ""), (0x1000, "Myanmar")),
    *((0x10A0, "Georgian"), (0x1100, "CJK"), (0x1200, "Ethiopic"), (0x13A0, "")),
    *((0x1780, "Khmer"), (0x1800, ""), (0x19E0, "Khmer"), (0x1A00, ""), (0x1C90, "Georgian")),
    *((0x1CC0, ""), (0x2190, "Symbols"), (0x2600, "Emoji"), (0x27C0, "Symbols")),
    *((0x2C00, ""), (0x2D00, "Georgian"), (0x2D30, ""), (0x2D80, "Ethiopic"), (0x2DE0, "")),
    *((0x2E80, "CJK"), (0xA4D0, ""), (0xA960, "CJK"), (0xA980, ""), (0xA9E0, "Myanmar")),
    *((0xAA00, ""), (0xAA60, "Myanmar"), (0xAA80, ""), (0xAB00, "Ethiopic"), (0xAB30, "")),
    *((0xAC00, "CJK"), (0xD800, ""), (0xF900, "CJK"), (0xFB00, ""), (0xFB13, "Armenian")),
    *((0xFB18, ""), (0xFB1D, "Hebrew"), (0xFB50, "Arabic"), (0xFE00, ""), (0xFE30, "CJK")),
    *((0xFE50, ""), (0xFE70, "Arabic"), (0xFEFF, ""), (0xFF00, "CJK"), (0xFFF0, "")),
    *((0x1F000, "Emoji"), (0x1FB00, ""), (0x20000, "CJK"), (0x40000, "")),
)
_STARTS = [start for start, _script in _BLOCKS]
_OTHERS = ("", "Symbols", "Emoji", "CJK")
# A noncharacter, which no font has (The Unicode Standard, 23.7).
_NOBODYS_SIGN = "\U000effff"
# Han characters look different in each language that writes them.
_CJK_FACES = {"ja": 0, "ko": 1, "zh": 2, "zh-hant": 3, "zh-tw": 3, "zh-hk": 4, "zh-mo": 4}
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
# What may not begin a line of Chinese or Japanese (JIS X 4051, a small part).
_NOT_FIRST = frozenset("、。，．：；！？）］｝」』】〉》・ー々…‥,.:;!?)]}»”’%")


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a text is set: `size` in pixels, `weight` from 100 to 900, `language` as a BCP 47 tag."""

    size: int
    weight: int = REGULAR
    language: str = "en"

    @property
    def line_height(self) -> int:
        return round(self.size * LINE)


_SAMPLE = Style(size=24)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A text broken into lines that fit."""

    lines: tuple[str, ...]
    style: Style

    @property
    def height(self) -> int:
        return len(self.lines) * self.style.line_height


# -- which font --------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _script_of(sign: str) -> str:
    """Return the font that draws a sign: its block's, or the first other one that has it.

    Blocks of symbols are spread over several fonts.
    """
    expected = _BLOCKS[bisect_right(_STARTS, ord(sign)) - 1][1]
    found = (script for script in (expected, *_OTHERS) if _has_glyph(script, sign))
    return next(found, expected)


def _has_glyph(script: str, sign: str) -> bool:
    """Whether a font has a sign; what it doesn't have, it draws as one and the same box."""
    font = _font_of(script, _SAMPLE)
    return bytes(font.getmask(sign)) != bytes(font.getmask(_NOBODYS_SIGN))


def _split_by_script(text: str) -> list[tuple[str, str]]:
    """Return script and text of each part that one font draws; marks stay with their letter."""
    scripts: list[str] = []
    for sign in text:
        is_carried = sign in _JOINERS or unicodedata.category(sign) in {"Mn", "Me", "Mc"}
        scripts.append(scripts[-1] if is_carried and scripts else _script_of(sign))
    pairs = groupby(zip(scripts, text, strict=True), key=lambda pair: pair[0])
    return [(script, "".join(sign for _script, sign in group)) for script, group in pairs]


def _font_of(script: str, style: Style) -> ImageFont.FreeTypeFont:
    if script == "CJK":
        language = style.language.lower()
        face = _CJK_FACES.get(language, _CJK_FACES.get(language.partition("-")[0], 0))
        return _open_font(CJK, face, style.size, style.weight)
    return _open_font(FONTS / f"Noto{_name(script)}[wght].ttf", 0, style.size, style.weight)


def _name(script: str) -> str:
    return script if script == "Emoji" else f"Sans{script}"


@lru_cache(maxsize=32)
def _open_font(path: Path, face: int, size: int, weight: int) -> ImageFont.FreeTypeFont:
    engine = ImageFont.Layout.RAQM if HAS_SHAPING else ImageFont.Layout.BASIC
    font = ImageFont.truetype(path, size, index=face, layout_engine=engine)
    [axis] = font.get_variation_axes()
    lightest, boldest = axis["minimum"] or weight, axis["maximum"] or weight
    font.set_variation_by_axes([min(max(weight, lightest), boldest)])
    return font


# -- one line ----------------------------------------------------------------------------------


def measure(text: str, style: Style) -> float:
    """Return the width of a line in pixels."""
    return sum(
        _width(part, script, style)
        for part, script in _list_parts(text, is_right_to_left=runs_right_to_left(text))
    )


def draw_line(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    *,
    style: Style,
    fill: str,
    is_right_to_left: bool,
) -> None:
    """Draw a line from `place`, its left end on the baseline; the text's direction orders it."""
    x, y = place
    for part, script in _list_parts(text, is_right_to_left=is_right_to_left):
        font = _font_of(script, style)
        draw.text((x, y), _shown(part), fill, font, anchor="ls", direction=_direction(part))
        x += _width(part, script, style)


def _list_parts(text: str, *, is_right_to_left: bool) -> Iterator[tuple[Part, str]]:
    """Yield the parts that one font draws in one direction, from left to right."""
    for part in order_parts(text, is_right_to_left=is_right_to_left):
        pieces = [
            (Part(piece, part.level), script) for script, piece in _split_by_script(part.text)
        ]
        yield from reversed(pieces) if part.is_right_to_left else pieces


def _width(part: Part, script: str, style: Style) -> float:
    return _font_of(script, style).getlength(_shown(part), direction=_direction(part))


def _direction(part: Part) -> str | None:
    if not HAS_SHAPING:
        return None
    return "rtl" if part.is_right_to_left else "ltr"


def _shown(part: Part) -> str:
    """Return the signs as they are to be placed: from left to right, where nothing shapes them."""
    if HAS_SHAPING or not part.is_right_to_left:
        return part.text
    mirrored = str.maketrans("()[]{}<>«»", ")(][}{><»«")
    return part.text[::-1].translate(mirrored)


# -- more lines --------------------------------------------------------------------------------


def fit_text(
    text: str, *, width: float, height: float, sizes: Sequence[int], style: Style
) -> Setting:
    """Set a text as large as fits into a box, at one of `sizes` (largest first).

    At the smallest size what doesn't fit is left out, and an ellipsis says so.
    """
    text = without_marks(text)
    setting = Setting(lines=(), style=style)
    for size in sizes:
        tried = Style(size=size, weight=style.weight, language=style.language)
        lines, is_broken = _wrap(text, width=width, style=tried)
        setting = Setting(lines=tuple(lines), style=tried)
        if setting.height <= height and not is_broken:
            return _balance(text, setting, width=width)
    most = max(1, int(height // setting.style.line_height))
    if len(setting.lines) <= most:
        return setting
    last = _shorten(setting.lines[most - 1] + ELLIPSIS, width=width, style=setting.style)
    return Setting(lines=(*setting.lines[: most - 1], last), style=setting.style)


def fit_line(text: str, *, width: float, style: Style) -> str:
    """Return the text, or its beginning with an ellipsis, in a line of at most `width` pixels."""
    text = without_marks(text)
    return text if measure(text, style) <= width else _shorten(text, width=width, style=style)


def _shorten(text: str, *, width: float, style: Style) -> str:
    text = text.rstrip(ELLIPSIS)
    shortest, longest = 0, len(text)
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        if measure(text[:middle].rstrip() + ELLIPSIS, style) <= width:
            shortest = middle
        else:
            longest = middle - 1
    return text[:shortest].rstrip(" ,;:") + ELLIPSIS


def _balance(text: str, setting: Setting, *, width: float) -> Setting:
    """Make the lines about equally long, so that none holds a single word."""
    narrowest, widest = width / 2, width
    best = setting
    for _ in range(5):
        middle = (narrowest + widest) / 2
        lines, is_broken = _wrap(text, width=middle, style=setting.style)
        if len(lines) > len(setting.lines) or is_broken:
            narrowest = middle
        else:
            widest, best = middle, Setting(lines=tuple(lines), style=setting.style)
    return best


def _wrap(text: str, *, width: float, style: Style) -> tuple[list[str], bool]:
    """Break a text into lines, and say whether a word had to be broken."""
    lines: list[str] = []
    line, is_broken = "", False
    for piece in _list_pieces(text):
        if measure((line + piece).rstrip(), style) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece
        while measure(line.rstrip(), style) > width:
            is_broken = True
            beginning = _shorten(line, width=width, style=style).removesuffix(ELLIPSIS) or line[0]
            lines.append(beginning)
            line = line[len(beginning) :].lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines, is_broken


def _list_pieces(text: str) -> Iterator[str]:
    """Yield what isn't broken: words with the spaces after them, signs of Chinese and Japanese."""
    piece = ""
    for sign, following in zip(text, [*text[1:], ""], strict=False):
        piece += sign
        is_open = _breaks_anywhere(sign) or _breaks_anywhere(following)
        can_break = sign == " " or (is_open and following != " ")
        if can_break and following not in _NOT_FIRST:
            yield piece
            piece = ""
    if piece:
        yield piece


def _breaks_anywhere(sign: str) -> bool:
    """Whether lines break beside this sign: Korean, which is as wide, has spaces for that."""
    is_wide = bool(sign) and unicodedata.east_asian_width(sign) in {"W", "F"}
    return is_wide and not "\uac00" <= sign <= "\ud7a3"
