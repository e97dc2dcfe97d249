"""Pictures of people and covers: opened, turned upright, made smaller and written anew."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, ImageCms, ImageOps

from eventapp.core.uploads.refusals import MOST_PIXELS, NotAPicture, PictureIsTooLarge
from eventapp.core.uploads.streams import rewound

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
DIRECT_MODES = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})
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
TOO_MANY_PIXELS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as we keep it: without anything but what is to be seen."""

    content: bytes
    media_type: str
    extension: str
    width: int
    height: int


def clean_picture(stream: IO[bytes], *, max_side: int) -> Picture:
    """Return the picture upright, at most `max_side` pixels either way, without metadata.

    JPEG, which every mail program and preview shows; WebP where parts are transparent. Of an
    animation the first frame is kept. Refuses with NotAPicture or PictureIsTooLarge.
    """
    with rewound(stream):
        try:
            return _encode(_open_upright(stream, max_side))
        except TOO_MANY_PIXELS as error:
            raise PictureIsTooLarge from error
        except UNREADABLE_PICTURE as error:
            raise NotAPicture from error


def _open_upright(stream: IO[bytes], max_side: int) -> Image.Image:
    with Image.open(stream, formats=FORMATS) as source:
        if source.width * source.height > MOST_PIXELS:
            raise PictureIsTooLarge
        exif = source.getexif()
        picture = _to_direct_mode(source)
        picture.thumbnail((max_side, max_side))
        picture = _convert_colours(picture, source.info.get("icc_profile"))
        picture.info["exif"] = exif.tobytes()
        return ImageOps.exif_transpose(picture)


def _to_direct_mode(source: Image.Image) -> Image.Image:
    """Return the picture in eight bits a channel, without a palette."""
    if source.mode in DIRECT_MODES and "transparency" not in source.info:
        return source
    if source.mode.startswith("I"):
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


def _encode(picture: Image.Image) -> Picture:
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
    return Picture(
        content=content.getvalue(),
        media_type=media_type,
        extension=extension,
        width=picture.width,
        height=picture.height,
    )


def _is_see_through(picture: Image.Image) -> bool:
    return picture.mode == "RGBA" and picture.getchannel("A").getextrema() != (255, 255)
