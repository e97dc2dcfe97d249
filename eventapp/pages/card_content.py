"""What a card says and how large it is, apart from its drawing, which loads the picture library."""

from __future__ import annotations

from dataclasses import dataclass

# Part of what a kept picture is known by: raised when the drawing changes.
DRAWING = 1


@dataclass(frozen=True, kw_only=True)
class CardPerson:
    """A speaker; `photo` is the content of a checked picture, or empty."""

    name: str
    photo: bytes = b""


@dataclass(frozen=True, kw_only=True)
class CardContent:
    """What a card says; `when` and `people` may be empty, `language` is a BCP 47 tag."""

    seed: str
    title: str
    site: str
    when: str = ""
    language: str = "en"
    people: tuple[CardPerson, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A card's measures in pixels: where the tiles lie, and how large the text beside them is.

    `tiles` is (left, top, right, bottom), and `text` the same for the words.
    """

    width: int
    height: int
    tile: int
    tiles: tuple[int, int, int, int]
    text: tuple[int, int, int, int]
    titles: tuple[int, ...]
    small: int
    photo: int


WIDE = Shape(
    width=1200,
    height=630,
    tile=105,
    tiles=(885, 0, 1200, 630),
    text=(72, 60, 825, 574),
    titles=(84, 76, 68, 60, 54, 48, 42, 36),
    small=28,
    photo=80,
)
SQUARE = Shape(
    width=1400,
    height=1400,
    tile=140,
    tiles=(0, 1120, 1400, 1400),
    text=(110, 110, 1290, 1030),
    titles=(150, 130, 116, 102, 90, 80, 70, 60),
    small=46,
    photo=132,
)
