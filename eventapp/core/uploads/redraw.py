"""A picture anew, small and clean: `python redraw.py MAX_SIDE < FILE`.

It writes one line and then the new picture: `{"media_type": …, "extension": …, "width": …,
"height": …}`. Instead of both it writes `{"most_pixels": …}` for a picture with more than that,
`{"is_too_dear": true}` for one made to cost too much, and `{}` for what is no picture.

Pictures are opened here and nowhere else. It is run by its path and confined (`core/confined`),
outside the package, and imports nothing of the application.
"""

from __future__ import annotations

import json
import re
import struct
import sys
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
JPEG_QUALITY = 85
WEBP_QUALITY = 85

UNREADABLE_PICTURE = (
    EOFError,
    IndexError,
    KeyError,
    OSError,
    OverflowError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

MOST_PIXELS = 50_000_000
MOST_DECODED_BYTES = 200_000_000
# What a pixel takes at most while its picture is turned into eight bits a channel.
BYTES_FOR_DIRECT = {"L": 1, "LA": 4, "RGB": 4, "RGBA": 4, "CMYK": 4}
BYTES_FOR_GREY_OF_SIXTEEN_BITS = 11
BYTES_FOR_OTHERS = 8

# A progressive JPEG has about ten scans, and each goes over the whole picture.
MOST_SCANS = 50
JPEG_START = b"\xff\xd8"
JPEG_SCAN, JPEG_END = 0xDA, 0xD9
# Of the markers those that a length follows, and the end.
JPEG_MARKER = re.compile(rb"\xff[\xc0-\xcf\xd9-\xfe]")


class TooManyPixelsError(Exception):
    """The picture has more pixels than `most`, the number we open of its kind."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most


class TooManyScansError(Exception):
    """A JPEG made to take long rather than to be seen."""


def redraw(content: bytes, max_side: int) -> tuple[dict[str, Any], bytes]:
    """Return what the new picture is, and its content."""
    if content.startswith(JPEG_START):
        check_scans(content)
    return _encode(_open_upright(content, max_side))


def check_scans(content: bytes) -> None:
    """Raise TooManyScansError for a JPEG of more scans than any program writes.

    Walks from marker to marker (ITU-T T.81, B.1.1): what follows the picture's end, or lies within
    a segment such as a preview, isn't counted.
    """
    scans, marker = 0, JPEG_MARKER.search(content, len(JPEG_START))
    while marker is not None and marker[0][1] != JPEG_END:
        scans += marker[0][1] == JPEG_SCAN
        if scans > MOST_SCANS:
            raise TooManyScansError
        length = int.from_bytes(content[marker.end() : marker.end() + 2], "big")
        marker = JPEG_MARKER.search(content, marker.end() + length)


def _open_upright(content: bytes, max_side: int) -> Image.Image:
    with Image.open(BytesIO(content), formats=FORMATS) as source:
        # A JPEG is read no larger than it is needed.
        full_size = source.size
        source.draft(None, (2 * max_side, 2 * max_side))
        _check_size(source, full_size)
        exif = source.getexif()
        picture = _to_direct_mode(source)
        picture.thumbnail((max_side, max_side))
        picture = _convert_colours(picture, source.info.get("icc_profile"))
        picture.info["exif"] = exif.tobytes()
        return ImageOps.exif_transpose(picture)


def _check_size(source: Image.Image, full_size: tuple[int, int]) -> None:
    width, height = full_size
    if width * height > MOST_PIXELS:
        raise TooManyPixelsError(MOST_PIXELS)
    most = MOST_DECODED_BYTES // _bytes_for(source)
    if source.width * source.height > most:
        raise TooManyPixelsError(most)


def _bytes_for(source: Image.Image) -> int:
    if _is_direct(source):
        return BYTES_FOR_DIRECT[source.mode]
    return BYTES_FOR_GREY_OF_SIXTEEN_BITS if _is_deep_grey(source) else BYTES_FOR_OTHERS


def _is_direct(source: Image.Image) -> bool:
    return source.mode in BYTES_FOR_DIRECT and "transparency" not in source.info


def _is_deep_grey(source: Image.Image) -> bool:
    return source.mode.startswith("I")


def _to_direct_mode(source: Image.Image) -> Image.Image:
    """Return the picture in eight bits a channel, without a palette."""
    if _is_direct(source):
        return source
    if _is_deep_grey(source):
        return source.convert("I").point(lambda value: value / 256).convert("L")
    return source.convert(_mode_for(source))


def _mode_for(picture: Image.Image) -> str:
    return "RGBA" if picture.has_transparency_data else "RGB"


def _convert_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in sRGB, since the profile that says otherwise is dropped."""
    mode = _mode_for(picture)
    if profile:
        try:
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, BytesIO(profile), srgb, outputMode=mode)
        except (ImageCms.PyCMSError, ValueError, OSError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert(mode)


def _encode(picture: Image.Image) -> tuple[dict[str, Any], bytes]:
    # A writer may copy comments and the like from what the reader noted here.
    picture.info.clear()
    content = BytesIO()
    if _is_see_through(picture):
        picture.save(content, "WEBP", quality=WEBP_QUALITY)
        media_type, extension = "image/webp", "webp"
    else:
        picture.convert("RGB").save(
            content, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True
        )
        media_type, extension = "image/jpeg", "jpg"
    made = {
        "media_type": media_type,
        "extension": extension,
        "width": picture.width,
        "height": picture.height,
    }
    return made, content.getvalue()


def _is_see_through(picture: Image.Image) -> bool:
    return picture.mode == "RGBA" and picture.getchannel("A").getextrema() != (255, 255)


def main() -> None:
    made: dict[str, Any] = {}
    content = b""
    # We count the pixels ourselves.
    Image.MAX_IMAGE_PIXELS = None
    try:
        made, content = redraw(sys.stdin.buffer.read(), int(sys.argv[1]))
    except TooManyPixelsError as error:
        made = {"most_pixels": error.most}
    except (TooManyScansError, MemoryError):
        made = {"is_too_dear": True}
    except UNREADABLE_PICTURE:
        pass
    sys.stdout.buffer.write(json.dumps(made).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
