"""The picture that stands for a webinar where its address is shared, drawn in the house's look.

Wide (1200×630, what Open Graph's readers show) or square (1400×1400, what podcast programs want).
The colours and the tiles follow from the webinar's slug, as those of its cover do.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

from eventapp.core.lettering import (
    BOLD,
    REGULAR,
    Setting,
    Style,
    draw_line,
    fit_line,
    fit_text,
    measure,
)
from eventapp.core.pictures import AVATAR_COLOURS, PALETTES, Dice, initials
from eventapp.core.writing_order import runs_right_to_left, without_marks
from eventapp.pages.card_content import CardContent, CardPerson, Shape

# Tiles and discs are drawn larger and made smaller, so that their edges are smooth.
FINER = 3
PHOTO_FORMATS = ("JPEG", "PNG", "WEBP")
MOST_FACES = 4
RIM = 4


def draw_card(content: CardContent, shape: Shape) -> bytes:
    """Return the card as PNG; where the title runs from right to left, so does the card."""
    card = _Card(content, shape)
    card.draw_tiles()
    card.draw_words()
    output = BytesIO()
    card.image.save(output, "PNG")
    return output.getvalue()


class _Card:
    """A card while it is drawn."""

    def __init__(self, content: CardContent, shape: Shape) -> None:
        self.dice = Dice(f"card {content.seed}")
        self.ground, *inks = self.dice.pick(PALETTES)
        self.inks = tuple(inks)
        self.ink = max(inks, key=lambda ink: contrast(ink, self.ground))
        self.content = content
        self.shape = shape
        self.title = without_marks(content.title)
        self.is_mirrored = runs_right_to_left(self.title)
        self.image = Image.new("RGB", (shape.width, shape.height), self.ground)
        self.draw = ImageDraw.Draw(self.image)

    # -- the tiles -----------------------------------------------------------------------------

    def draw_tiles(self) -> None:
        """Lay quarter circles, as `core/pictures` does for covers."""
        left, top, right, bottom = self.shape.tiles
        side = self.shape.tile * FINER
        field = Image.new("RGB", ((right - left) * FINER, (bottom - top) * FINER), self.ground)
        pen = ImageDraw.Draw(field)
        for y in range(0, field.height, side):
            for x in range(0, field.width, side):
                turn = self.dice.whole(0, 3)
                centre_x, centre_y = x + side * (turn in {1, 2}), y + side * (turn in {2, 3})
                circle = (centre_x - side, centre_y - side, centre_x + side, centre_y + side)
                pen.pieslice(circle, 90 * turn, 90 * turn + 90, fill=self.dice.pick(self.inks))
        field = field.resize((right - left, bottom - top), Image.Resampling.LANCZOS)
        self.image.paste(field, (self.shape.width - right if self.is_mirrored else left, top))

    # -- the words -----------------------------------------------------------------------------

    def draw_words(self) -> None:
        """Set site, title and date from the top, and the people on the bottom edge."""
        _left, top, _right, bottom = self.shape.text
        gap = round(self.shape.small * 0.9)
        site = self.style(self.shape.small, BOLD)
        self.set_lines(
            [fit_line(self.content.site, width=self.width, style=site)],
            style=site,
            top=top,
        )
        top += site.line_height + gap
        if self.content.people:
            bottom -= self.shape.photo
            self.draw_people(bottom)
            bottom -= gap
        when = self.style(self.shape.small, REGULAR)
        room = bottom - top - (when.line_height + gap // 2 if self.content.when else 0)
        title = fit_text(
            self.title,
            width=self.width,
            height=room,
            sizes=self.shape.titles,
            style=self.style(self.shape.titles[0], BOLD),
        )
        self.set_lines(title.lines, style=title.style, top=top)
        if self.content.when:
            line = fit_line(self.content.when, width=self.width, style=when)
            self.set_lines([line], style=when, top=top + title.height + gap // 2)

    @property
    def width(self) -> int:
        return self.shape.text[2] - self.shape.text[0]

    def style(self, size: int, weight: int) -> Style:
        return Style(size=size, weight=weight, language=self.content.language)

    def set_lines(
        self, lines: list[str] | tuple[str, ...], *, style: Style, top: float, indent: int = 0
    ) -> None:
        """Draw lines below each other, from the edge where this card begins."""
        left, _top, _right, _bottom = self.shape.text
        for number, line in enumerate(lines):
            x: float = left + indent
            if self.is_mirrored:
                x = self.shape.width - left - indent - measure(line, style)
            baseline = top + number * style.line_height + style.size * 0.97
            draw_line(
                self.draw,
                (round(x), round(baseline)),
                line,
                style=style,
                fill=self.ink,
                is_right_to_left=self.is_mirrored or runs_right_to_left(line),
            )

    # -- the people ----------------------------------------------------------------------------

    def draw_people(self, top: int) -> None:
        """Put the first faces side by side, and the names of all next to them."""
        side, step = self.shape.photo, round(self.shape.photo * 0.86)
        shown = self.content.people[:MOST_FACES]
        left = self.shape.text[0]
        for number, person in reversed(list(enumerate(shown))):
            x = left + number * step
            x = self.shape.width - x - side if self.is_mirrored else x
            self.put_disc(
                (x - RIM, top - RIM), side + 2 * RIM, Image.new("RGB", (1, 1), self.ground)
            )
            self.put_disc((x, top), side, self.face_of(person))
        indent = step * (len(shown) - 1) + side + round(side * 0.3)
        names = self.set_names(width=self.width - indent)
        self.set_lines(
            names.lines, style=names.style, top=top + (side - names.height) / 2, indent=indent
        )

    def set_names(self, *, width: int) -> Setting:
        style = self.style(self.shape.small, REGULAR)
        names = ", ".join(person.name for person in self.content.people)
        sizes = (self.shape.small, round(self.shape.small * 0.86))
        return fit_text(names, width=width, height=self.shape.photo, sizes=sizes, style=style)

    def put_disc(self, place: tuple[int, int], side: int, picture: Image.Image) -> None:
        mask = Image.new("L", (side * FINER, side * FINER), 0)
        ImageDraw.Draw(mask).ellipse((0, 0, side * FINER - 1, side * FINER - 1), fill=255)
        mask = mask.resize((side, side), Image.Resampling.LANCZOS)
        self.image.paste(picture.resize((side, side), Image.Resampling.LANCZOS), place, mask)

    def face_of(self, person: CardPerson) -> Image.Image:
        """Return a square picture of somebody: the photo, or their initials."""
        side = self.shape.photo
        if person.photo:
            with Image.open(BytesIO(person.photo), formats=PHOTO_FORMATS) as photo:
                return ImageOps.fit(photo.convert("RGB"), (side, side), Image.Resampling.LANCZOS)
        apart = tuple(pair for pair in AVATAR_COLOURS if pair[0] != self.ground)
        ground, ink = Dice(f"avatar {person.name}").pick(apart)
        face = Image.new("RGB", (side, side), ground)
        letters = initials(without_marks(person.name))
        style = self.style(round(side * 0.38), BOLD)
        draw_line(
            ImageDraw.Draw(face),
            (round((side - measure(letters, style)) / 2), round(side / 2 + style.size * 0.36)),
            letters,
            style=style,
            fill=ink,
            is_right_to_left=runs_right_to_left(letters),
        )
        return face


def contrast(one: str, other: str) -> float:
    """Return how well a colour is read on another, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part) for part in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> Iterator[float]:
    for place in (1, 3, 5):
        yield int(colour[place : place + 2], 16) / 255


def _linear(part: float) -> float:
    is_dark = part <= 0.04045  # noqa: PLR2004 - where sRGB's curve begins (IEC 61966-2-1)
    return part / 12.92 if is_dark else ((part + 0.055) / 1.055) ** 2.4
