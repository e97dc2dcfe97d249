"""The colours and letters that the recording, the slides and the cover share."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

INK = "#0f1b2d"
DEEP = "#1b2c47"
LINE = "#34496b"
PAPER = "#f5f1e8"
MIST = "#a9b7cc"
AMBER = "#e8a33d"

FONTS = Path("/usr/share/fonts/truetype/dejavu")


@cache
def load_font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """One of Debian's DejaVu fonts (package fonts-dejavu), at `size` pixels."""
    return ImageFont.truetype(FONTS / f"{name}.ttf", size)


def to_rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def wrap_text(text: str, *, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break `text` into lines at most `width` pixels wide."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
