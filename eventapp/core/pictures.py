"""Pictures drawn from a text: the cover of a webinar without one, the initials of a person.

The same text gives the same picture for good. The SVG uses presentation attributes alone, so it
needs no style the security policy would refuse, and no ids, so any number may stand on a page.
"""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

from markupsafe import Markup, escape

WIDTH, HEIGHT = 640, 360

# Ground, then four inks that hold on it.
PALETTES = (
    ("#2b34c8", "#f6f3ea", "#ff8a5c", "#8f9bff", "#161b6b"),
    ("#161b4e", "#ffb08c", "#5f6dff", "#f6f3ea", "#2f3bd0"),
    ("#efe9dc", "#2b34c8", "#ff7a45", "#161b4e", "#c3c9ff"),
    ("#ffd9c7", "#161b6b", "#f0532d", "#2b34c8", "#fff6ee"),
    ("#c9d0ff", "#2b34c8", "#161b4e", "#ff8a5c", "#f6f3ea"),
    ("#0f4c4a", "#f6f3ea", "#ffb45c", "#79c2b4", "#072e2d"),
    ("#f4c95d", "#161b4e", "#2b34c8", "#fff6dd", "#e4572e"),
)
AVATAR_COLOURS = (
    ("#2b34c8", "#ffffff"),
    ("#161b4e", "#ffb08c"),
    ("#c9d0ff", "#161b6b"),
    ("#ffd9c7", "#7a2410"),
    ("#0f4c4a", "#f6f3ea"),
    ("#f4c95d", "#161b4e"),
    ("#e7e0d0", "#2a2a33"),
)

T = TypeVar("T")
Pattern = Callable[["Dice", tuple[str, ...], str], str]


class Dice:
    """Numbers that follow from a text and from nothing else."""

    def __init__(self, text: str) -> None:
        self._bytes = iter(hashlib.shake_256(text.encode("utf-8", "replace")).digest(2048))

    def number(self, low: float, high: float) -> float:
        pair = next(self._bytes) * 256 + next(self._bytes)
        return low + (high - low) * pair / 65535

    def whole(self, low: int, high: int) -> int:
        return min(high, int(self.number(low, high + 1)))

    def pick(self, choices: tuple[T, ...]) -> T:
        return choices[self.whole(0, len(choices) - 1)]


def cover_art(seed: str, title: str) -> Markup:
    """Draw a 16:9 cover: pattern and colours follow from `seed`, a letter from `title`."""
    dice = Dice(f"cover {seed}")
    palette = dice.pick(PALETTES)
    body = dice.pick(PATTERNS)(dice, palette[1:], title)
    return Markup(  # noqa: S704  # Every part is a number, a colour from above or escaped.
        f'<svg class="art" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{palette[0]}"/>{body}</svg>'
    )


def avatar_art(name: str) -> Markup:
    """Draw the initials of `name` on a colour of its own."""
    dice = Dice(f"avatar {name}")
    ground, ink = dice.pick(AVATAR_COLOURS)
    return Markup(  # noqa: S704  # The initials are escaped; the rest are colours from above.
        '<svg class="art" viewBox="0 0 96 96" width="96" height="96" '
        'aria-hidden="true" focusable="false">'
        f'<rect width="96" height="96" fill="{ground}"/>'
        f'<text x="48" y="49" fill="{ink}" font-size="36" font-weight="600" '
        'text-anchor="middle" dominant-baseline="central">'
        f"{escape(initials(name))}</text></svg>"
    )


def initials(name: str) -> str:
    """Return one or two letters: "Berta Pérez" gives "BP", a name without letters "·"."""
    words = [word for word in (_first_letter(part) for part in name.split()) if word]
    if not words:
        return "·"
    return words[0] if len(words) == 1 else words[0] + words[-1]


def _first_letter(text: str) -> str:
    for position, sign in enumerate(text):
        if sign.isalnum():
            marks = text[position + 1 :]
            accents = [mark for mark in marks[:2] if unicodedata.combining(mark)]
            return unicodedata.normalize("NFC", sign.upper()[:1] + "".join(accents))
    return ""


def _tiles(dice: Dice, inks: tuple[str, ...], _title: str) -> str:
    """Quarter circles turned at random, as on a tiled floor."""
    side = 120
    shapes = []
    for top in range(0, HEIGHT, side):
        for left in range(0, WIDTH, side):
            turn = f"rotate({90 * dice.whole(0, 3)} {left + side // 2} {top + side // 2})"
            path = f"M{left} {top}h{side}a{side} {side} 0 0 1-{side} {side}z"
            shapes.append(f'<path d="{path}" fill="{dice.pick(inks)}" transform="{turn}"/>')
    return "".join(shapes)


def _swell(dice: Dice, inks: tuple[str, ...], _title: str) -> str:
    """Bands of one long swell, each laid over the one behind it."""
    height, start = dice.number(22, 54), dice.number(0, math.tau)
    length = dice.number(0.9, 1.7)
    bands = dice.whole(5, 7)
    shapes = []
    for band in range(bands):
        base = HEIGHT * (0.16 + 0.86 * band / bands)
        turn = start + band * 0.6
        points = [
            (x, base + height * math.sin(turn + length * math.tau * x / WIDTH))
            for x in range(0, WIDTH + 1, 40)
        ]
        path = f"{_curve(points)}V{HEIGHT}H0z"
        shapes.append(f'<path d="{path}" fill="{inks[band % len(inks)]}"/>')
    return "".join(shapes)


def _curve(points: Sequence[tuple[float, float]]) -> str:
    """Draw through the middles between `points`, so that no corner shows."""
    path = f"M{points[0][0]:.0f} {points[0][1]:.0f}"
    for (x1, y1), (x2, y2) in pairwise(points[1:]):
        path += f"Q{x1:.0f} {y1:.0f} {(x1 + x2) / 2:.0f} {(y1 + y2) / 2:.0f}"
    return f"{path}L{points[-1][0]:.0f} {points[-1][1]:.0f}"


def _halftone(dice: Dice, inks: tuple[str, ...], _title: str) -> str:
    """A grid of discs that grow towards one point, one disc in another colour."""
    step = 46
    focus_x, focus_y = dice.number(0.2, 0.8) * WIDTH, dice.number(0.2, 0.8) * HEIGHT
    ink, accent = inks[0], inks[1]
    places = [(x, y) for y in range(26, HEIGHT, step) for x in range(34, WIDTH, step)]
    special = dice.whole(0, len(places) - 1)
    accent_x, accent_y = places[special]
    by_size: dict[int, str] = {}
    for x, y in places:
        near = 1 - min(1.0, math.hypot(x - focus_x, y - focus_y) / 420)
        size = round(6 + 38 * near * near)
        # A line of no length with round ends is a disc, in a fifth of the bytes.
        by_size[size] = by_size.get(size, "") + f"M{x} {y}h0"
    discs = "".join(
        f'<path d="{path}" stroke-width="{size}"/>' for size, path in sorted(by_size.items())
    )
    return (
        f'<g stroke="{ink}" stroke-linecap="round">{discs}</g>'
        f'<circle cx="{accent_x}" cy="{accent_y}" r="24" fill="{accent}"/>'
    )


def _terrain(dice: Dice, inks: tuple[str, ...], _title: str) -> str:
    """Lines of height over two hills, under a sun."""
    hills = [
        (dice.number(0.12, 0.88) * WIDTH, dice.number(60, 150), dice.number(80, 150))
        for _ in range(2)
    ]
    lines = ""
    for number in range(13):
        base = 128 + number * 21
        points = []
        for x in range(0, WIDTH + 1, 64):
            lift = sum(
                height * math.exp(-(((x - place) / width) ** 2)) for place, height, width in hills
            )
            points.append((x, base - lift * (1 - number / 13) ** 1.4))
        lines += _curve(points)
    sun_x, sun_y = dice.number(0.15, 0.85) * WIDTH, dice.number(64, 116)
    return (
        f'<circle cx="{sun_x:.0f}" cy="{sun_y:.0f}" r="{dice.whole(34, 62)}" fill="{inks[1]}"/>'
        f'<path d="{lines}" fill="none" stroke="{inks[0]}" stroke-width="3"/>'
    )


def _rings(dice: Dice, inks: tuple[str, ...], _title: str) -> str:
    """Rings around a point on the lower edge, as of a drop or a rising sun."""
    centre = f'cx="{dice.number(0.1, 0.9) * WIDTH:.0f}" cy="{dice.whole(230, 380)}"'
    start = dice.whole(0, len(inks) - 1)
    radii = range(dice.whole(400, 460), 20, -dice.whole(46, 64))
    return "".join(
        f'<circle {centre} r="{radius}" fill="{inks[(start + ring) % len(inks)]}"/>'
        for ring, radius in enumerate(radii)
    )


def _letter(dice: Dice, inks: tuple[str, ...], title: str) -> str:
    """The first letter of the title, too large for its frame, before a disc."""
    letter = escape(_first_letter(title) or "·")
    side, x = dice.pick((("end", 668), ("start", -28), ("middle", 320)))
    return (
        f'<circle cx="{dice.number(0.15, 0.85) * WIDTH:.0f}" cy="{dice.whole(70, 290)}" '
        f'r="{dice.whole(80, 150)}" fill="{inks[1]}"/>'
        f'<text x="{x}" y="{dice.whole(380, 420)}" text-anchor="{side}" fill="{inks[0]}" '
        'font-family="Georgia, Charter, serif" font-weight="700" '
        f'font-size="{dice.whole(480, 560)}">{letter}</text>'
    )


PATTERNS: tuple[Pattern, ...] = (_tiles, _swell, _halftone, _terrain, _rings, _letter)
