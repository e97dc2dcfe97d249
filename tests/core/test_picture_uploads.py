"""Pictures that people hand in: made smaller and clean, or refused before they cost much."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from eventapp.core.uploads import (
    NotAPicture,
    PictureIsTooLarge,
    PictureTakesTooLong,
    clean_picture,
)

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


def make_picture(picture: Image.Image, file_format: str, **options: Any) -> io.BytesIO:
    content = io.BytesIO()
    picture.save(content, file_format, **options)
    return content


def read_colour(content: bytes, across: float = 0.5, down: float = 0.5) -> tuple[int, int, int]:
    with Image.open(io.BytesIO(content)) as picture:
        colour = picture.convert("RGB").getpixel(
            (int(picture.width * across), int(picture.height * down))
        )
    assert isinstance(colour, tuple)
    red, green, blue = colour
    return red, green, blue


def is_blue(colour: tuple[int, int, int]) -> bool:
    red, _, blue = colour
    return blue > 200 and red < 100


def test_photo_is_made_smaller_and_written_anew():
    stream = make_picture(Image.new("RGB", (800, 400), "red"), "PNG")

    picture = clean_picture(stream, max_side=200)

    assert (picture.media_type, picture.extension) == ("image/jpeg", "jpg")
    assert (picture.width, picture.height) == (200, 100)
    with Image.open(io.BytesIO(picture.content)) as seen:
        assert (seen.format, seen.size) == ("JPEG", (200, 100))
    assert stream.tell() == 0


def test_small_picture_keeps_its_size():
    stream = make_picture(Image.new("L", (20, 10), 128), "JPEG")

    picture = clean_picture(stream, max_side=200)

    assert (picture.width, picture.height) == (20, 10)


@pytest.mark.parametrize("max_side", [400, 20])
def test_photo_is_turned_upright(max_side):
    photo = Image.new("RGB", (80, 40), "red")
    photo.paste("blue", (0, 0, 40, 40))
    exif = Image.Exif()
    exif[0x0112] = 6
    stream = make_picture(photo, "JPEG", exif=exif, quality=95)

    picture = clean_picture(stream, max_side=max_side)

    assert picture.height == 2 * picture.width
    assert is_blue(read_colour(picture.content, down=0.25))


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_metadata_is_gone(file_format, mode):
    exif = Image.Exif()
    exif[0x010F] = "SECRET maker"
    exif[0x8825] = {1: "N", 2: (1.0, 2.0, 3.0)}
    options: dict[str, Any] = {"exif": exif, "icc_profile": ImageCms.ImageCmsProfile(
        ImageCms.createProfile("sRGB")).tobytes()}  # fmt: skip
    if file_format == "JPEG":
        mode, options["comment"] = "RGB", b"SECRET comment"
    if file_format == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Author", "SECRET author")
    if file_format == "WEBP":
        options["xmp"] = b"SECRET xmp"
    stream = make_picture(Image.new(mode, (40, 40), "#ff000080"), file_format, **options)

    content = clean_picture(stream, max_side=200).content

    assert b"SECRET" not in content
    with Image.open(io.BytesIO(content)) as seen:
        assert dict(seen.getexif()) == {}
        assert not {"icc_profile", "exif", "xmp", "comment"} & set(seen.info)


@pytest.mark.parametrize(
    ("picture", "file_format", "options"),
    [
        (Image.new("RGBA", (20, 20), (255, 0, 0, 80)), "PNG", {}),
        (Image.new("LA", (20, 20), (200, 80)), "PNG", {}),
        (Image.new("P", (20, 20), 0), "GIF", {"transparency": 0}),
    ],
)
def test_see_through_picture_stays_so(picture, file_format, options):
    cleaned = clean_picture(make_picture(picture, file_format, **options), max_side=200)

    assert (cleaned.media_type, cleaned.extension) == ("image/webp", "webp")
    with Image.open(io.BytesIO(cleaned.content)) as seen:
        assert seen.has_transparency_data


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "RGBA"])
def test_every_mode_of_colour_is_taken(mode):
    file_format = "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG"
    stream = make_picture(Image.new("RGB", (20, 20), "white").convert(mode), file_format)

    picture = clean_picture(stream, max_side=200)

    assert picture.media_type == "image/jpeg"
    assert read_colour(picture.content) == (255, 255, 255)


def test_sixteen_bits_of_grey_become_eight():
    stream = make_picture(Image.new("I;16", (20, 20), 0x8000), "PNG")

    picture = clean_picture(stream, max_side=200)

    assert read_colour(picture.content) == (128, 128, 128)


def test_other_colour_space_is_converted():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red_is_blue = srgb.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    stream = make_picture(Image.new("RGB", (20, 20), "red"), "PNG", icc_profile=red_is_blue)

    picture = clean_picture(stream, max_side=200)

    assert is_blue(read_colour(picture.content))


def test_broken_colour_profile_is_passed_over():
    stream = make_picture(Image.new("RGB", (20, 20)), "PNG", icc_profile=b"no profile")

    assert clean_picture(stream, max_side=200).media_type == "image/jpeg"


def test_first_frame_of_an_animation_is_kept():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "lime")]
    stream = make_picture(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)

    picture = clean_picture(stream, max_side=200)

    red, green, _ = read_colour(picture.content)
    assert red > 200
    assert green < 50


@pytest.mark.parametrize(
    "content",
    [
        b"",
        PDF,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a<script>alert(1)</script>",
        make_picture(Image.new("RGB", (90, 90)), "TIFF").getvalue(),
        make_picture(Image.effect_noise((90, 90), 50), "PNG").getvalue()[:2000],
        make_picture(Image.effect_noise((90, 90), 50), "JPEG").getvalue()[:1000],
    ],
)
def test_other_content_is_no_picture(content):
    stream = io.BytesIO(content)

    with pytest.raises(NotAPicture) as refused:
        clean_picture(stream, max_side=200)

    assert "JPEG" in str(refused.value.message)
    assert stream.tell() == 0


@pytest.mark.parametrize("side", [7_100, 9_600, 14_000])
def test_picture_has_a_largest_size(side):
    stream = make_picture(Image.new("1", (side, side)), "PNG")

    with pytest.raises(PictureIsTooLarge) as refused:
        clean_picture(stream, max_side=200)

    assert "50 million" in str(refused.value.message)


def test_script_behind_a_picture_is_left_behind():
    stream = make_picture(Image.new("RGB", (20, 20)), "GIF")
    stream.seek(0, io.SEEK_END)
    stream.write(b"<script>alert(1)</script>")

    picture = clean_picture(stream, max_side=200)

    assert b"<script>" not in picture.content


# -- what is made to cost much -----------------------------------------------------------------


def repeat_last_scan(content: bytes, times: int) -> bytes:
    """Return the progressive JPEG with its last scan, and the table it needs, so often again."""
    table, scan = content.rfind(b"\xff\xc4"), content.rfind(b"\xff\xda")
    last = content[min(table, scan) : -2]
    return content[:-2] + last * times + content[-2:]


@pytest.fixture(scope="module")
def progressive() -> bytes:
    return make_picture(Image.new("RGB", (80, 60), "blue"), "JPEG", progressive=True).getvalue()


@pytest.mark.parametrize("before", [b"", b"\xff\x01", b"\xff\xff"])
def test_jpeg_of_absurdly_many_scans_is_refused(progressive, before):
    hostile = progressive[:2] + before + repeat_last_scan(progressive, 60)[2:]

    with pytest.raises(PictureTakesTooLong) as refused:
        clean_picture(io.BytesIO(hostile), max_side=200)

    assert "save it again" in str(refused.value.message)


@pytest.mark.parametrize(
    "make",
    [
        lambda jpeg: jpeg,
        lambda jpeg: repeat_last_scan(jpeg, 20),
        lambda jpeg: jpeg + b"\xff\xda" * 100,
        lambda jpeg: jpeg[:2] + b"\xff\xe5" + struct.pack(">H", 202) + b"\xff\xda" * 100 + jpeg[2:],
    ],
    ids=["as it is", "many scans", "behind its end", "within a segment"],
)  # fmt: skip
def test_other_jpegs_of_several_scans_are_taken(progressive, make):
    picture = clean_picture(io.BytesIO(make(progressive)), max_side=200)

    assert (picture.width, picture.height) == (80, 60)


@pytest.mark.parametrize(("mode", "megapixels"), [("P", 25), ("I;16", 18)])
def test_picture_is_refused_by_what_it_takes_once_opened(mode, megapixels):
    stream = make_picture(Image.new(mode, (5_200, 5_000)), "PNG")

    with pytest.raises(PictureIsTooLarge) as refused:
        clean_picture(stream, max_side=200)

    assert f"{megapixels} million" in str(refused.value.message)


def test_photo_of_a_good_camera_is_taken():
    stream = make_picture(Image.new("RGB", (8_000, 6_000), "red"), "JPEG")

    picture = clean_picture(stream, max_side=1600)

    assert (picture.width, picture.height) == (1600, 1200)


def test_server_does_not_load_the_picture_library():
    told = "import sys, eventapp.core.uploads; print('PIL' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
