from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

import av
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eventapp.core.uploads import (
    CaptionsAreTooLarge,
    CaptionTimeIsWrong,
    NotAPicture,
    NotAPresentation,
    NotAVideo,
    NotCaptions,
    PresentationHasMacros,
    PresentationIsIncomplete,
    UploadIsRefused,
    UploadKind,
    VideoIsIncomplete,
    check_captions,
    check_presentation,
    check_recording,
    check_video,
    safe_download_name,
)

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
PPTX_ENTRIES = {"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"}
ODP_TYPE = "application/vnd.oasis.opendocument.presentation"


def make_zip(entries: Mapping[str, str | bytes], *, comment: bytes = b"") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
        archive.comment = comment
    return content.getvalue()


def make_video(container: str, codec: Literal["mpeg4", "libvpx"]) -> bytes:
    content = io.BytesIO()
    with av.open(content, "w", format=container) as output:
        stream = output.add_stream(codec, rate=Fraction(10))
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(5):
            output.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        output.mux(stream.encode())
    return content.getvalue()


@pytest.fixture(scope="module")
def mp4() -> bytes:
    return make_video("mp4", "mpeg4")


@pytest.fixture(scope="module")
def webm() -> bytes:
    return make_video("webm", "libvpx")


def make_box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


# -- presentations -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (PDF, "pdf"),
        (b"\xef\xbb\xbf\r\n" + PDF, "pdf"),
        (PDF + b"\0" * 1000, "pdf"),
        (make_zip(PPTX_ENTRIES), "pptx"),
        (make_zip(PPTX_ENTRIES, comment=b"PK" * 200), "pptx"),
        (make_zip({"mimetype": ODP_TYPE, "content.xml": "<x/>"}), "odp"),
    ],
)
def test_presentation_is_known_by_its_content(content, extension):
    stream = io.BytesIO(content)
    stream.seek(7)

    kind = check_presentation(stream)

    assert kind.extension == extension
    assert stream.tell() == 0


def test_presentation_kinds_have_their_media_types():
    kinds = [
        check_presentation(io.BytesIO(content))
        for content in (PDF, make_zip(PPTX_ENTRIES), make_zip({"mimetype": ODP_TYPE}))
    ]

    assert kinds == [
        UploadKind("application/pdf", "pdf"),
        UploadKind(
            "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"
        ),
        UploadKind("application/vnd.oasis.opendocument.presentation", "odp"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"GIF89a" + b"\0" * 100,
        b"<html><script>alert(1)</script>" + PDF,
        b" " * 1024 + PDF,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        make_zip({}),
        make_zip({"word/document.xml": "", "[Content_Types].xml": ""}),
        make_zip({"ppt/presentation.xml": ""}),
        make_zip({"x/[Content_Types].xml": "", "x/ppt/presentation.xml": ""}),
        make_zip({"mimetype": "application/vnd.oasis.opendocument.text"}),
        make_zip({"mimetype": ODP_TYPE + "-template"}),
        make_zip({"mimetype": b"\0" * 5_000_000}),
        make_zip(PPTX_ENTRIES | {"[Content_Types].xml": "<!DOCTYPE a><a/>"}),
        make_zip(PPTX_ENTRIES | {"[Content_Types].xml": "<Types>"}),
        make_zip(PPTX_ENTRIES | {"[Content_Types].xml": b" " * 5_000_000}),
    ],
)
def test_other_content_is_no_presentation(content):
    stream = io.BytesIO(content)

    with pytest.raises(NotAPresentation) as refused:
        check_presentation(stream)

    assert "PDF" in str(refused.value.message)
    assert stream.tell() == 0


@pytest.mark.parametrize(
    "content", [PDF[:-10], PDF + b"x" * 5000, make_zip(PPTX_ENTRIES)[:-30], b"PK\x03\x04"]
)
def test_cut_off_presentation_is_incomplete(content):
    with pytest.raises(PresentationIsIncomplete):
        check_presentation(io.BytesIO(content))


VBA_TYPE = '<Types><Override ContentType="application/vnd.ms-office.vbaProject"/></Types>'
PPTM_TYPE = "<Types><Default ContentType='x/presentation.macroEnabled.main+xml'/></Types>"


@pytest.mark.parametrize(
    "entries",
    [
        PPTX_ENTRIES | {"ppt/vbaProject.bin": "x"},
        PPTX_ENTRIES | {"[Content_Types].xml": VBA_TYPE},
        PPTX_ENTRIES | {"[Content_Types].xml": VBA_TYPE.replace("vba", "&#118;ba")},
        PPTX_ENTRIES | {"[Content_Types].xml": VBA_TYPE.encode("utf-16")},
        PPTX_ENTRIES | {"[Content_Types].xml": PPTM_TYPE},
        {"mimetype": ODP_TYPE, "Basic/Standard/Module1.xml": "x"},
        {"mimetype": ODP_TYPE, "basic\\Standard\\Module1.xml": "x"},
        {"mimetype": ODP_TYPE, "Scripts/python/macro.py": "x"},
    ],
    ids=["named", "renamed", "escaped", "utf-16", "pptm", "basic", "backslashes", "python"],
)  # fmt: skip
def test_presentation_with_macros_is_declined(entries):
    content = make_zip(entries)

    with pytest.raises(PresentationHasMacros):
        check_presentation(io.BytesIO(content))


def test_archive_of_too_many_entries_is_declined():
    content = make_zip(PPTX_ENTRIES | {f"ppt/slides/{number}": "" for number in range(20_000)})

    with pytest.raises(NotAPresentation):
        check_presentation(io.BytesIO(content))


def test_archive_with_a_64_bit_directory_is_declined():
    content = make_zip(PPTX_ENTRIES)
    locator = b"PK\x06\x07" + b"\0" * 16

    with pytest.raises(NotAPresentation):
        check_presentation(io.BytesIO(content[:-22] + locator + content[-22:]))


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_archive_is_taken_or_refused_and_nothing_else(data):
    content = bytearray(make_zip({"mimetype": ODP_TYPE, "content.xml": "x" * 100}))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))

    try:
        kind = check_presentation(io.BytesIO(content))
    except NotAPresentation:
        kind = None

    assert kind is None or kind.extension in {"odp", "pptx"}


# -- recordings --------------------------------------------------------------------------------


def test_mp4_is_known_by_its_content(mp4):
    stream = io.BytesIO(mp4)

    assert check_video(stream) == UploadKind("video/mp4", "mp4")
    assert stream.tell() == 0


def test_m4v_is_known_by_its_brand():
    content = make_box(b"ftyp", b"M4V \0\0\0\1M4V mp42isom") + make_box(b"moov", b"")

    assert check_video(io.BytesIO(content)) == UploadKind("video/mp4", "m4v")


def test_webm_is_known_by_its_content(webm):
    stream = io.BytesIO(webm)

    assert check_video(stream) == UploadKind("video/webm", "webm")
    assert stream.tell() == 0


def test_webm_written_as_it_happens_may_leave_its_length_open():
    header = bytes.fromhex("1a45dfa3") + b"\x87" + bytes.fromhex("4282") + b"\x84webm"
    segment = bytes.fromhex("18538067") + b"\x01" + b"\xff" * 7

    assert check_video(io.BytesIO(header + segment + b"\0" * 50)).extension == "webm"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        PDF,
        b"\0\0\0\x18ftyp",
        b"\0\0\0\0ftypisom\0\0\0\0",
        b"<html>ftypisom",
        make_box(b"ftyp", b"qt  \0\0\0\0qt  ") + make_box(b"moov", b""),
        make_box(b"ftyp", b"M4P \0\0\0\0M4A mp42isom") + make_box(b"moov", b""),
        make_box(b"ftyp", b"heic\0\0\0\0mif1heic") + make_box(b"meta", b""),
        make_box(b"ftyp", b"xxxx\0\0\0\0yyyy"),
    ],
)
def test_other_content_is_no_video(content):
    stream = io.BytesIO(content)

    with pytest.raises(NotAVideo) as refused:
        check_video(stream)

    assert "MP4" in str(refused.value.message)
    assert stream.tell() == 0


def test_matroska_is_no_webm():
    content = make_video("matroska", "mpeg4")

    with pytest.raises(NotAVideo):
        check_video(io.BytesIO(content))


def test_quicktime_is_no_mp4():
    content = make_video("mov", "mpeg4")

    with pytest.raises(NotAVideo):
        check_video(io.BytesIO(content))


def test_cut_off_mp4_is_incomplete(mp4):
    with pytest.raises(VideoIsIncomplete):
        check_video(io.BytesIO(mp4[:-20]))


@pytest.mark.parametrize("length", [4, 8, 20, 45])
def test_cut_off_webm_header_is_incomplete(webm, length):
    with pytest.raises(VideoIsIncomplete):
        check_video(io.BytesIO(webm[:length]))


def test_cut_off_webm_is_incomplete(webm):
    with pytest.raises(VideoIsIncomplete):
        check_video(io.BytesIO(webm[:-20]))


@given(
    content=st.binary(max_size=80), start=st.sampled_from([b"\x1a\x45\xdf\xa3", b"\0\0\0\x18ftyp"])
)
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_video_or_refused(content, start):
    try:
        kind = check_video(io.BytesIO(start + content))
    except NotAVideo:
        kind = None

    assert kind is None or kind.media_type in {"video/mp4", "video/webm"}


# -- captions ----------------------------------------------------------------------------------

VTT = (
    "WEBVTT - talk\n\nNOTE by hand\n\n"
    "intro\n00:01.000 --> 00:02.500 align:start\nHello & <i>you</i>\n"
)
SRT = "1\n00:00:01,000 --> 00:00:02,500\nHello\n\n2\n01:02:03,4 --> 01:02:04,400\nTwo\nlines\n"


@pytest.mark.parametrize(
    "content", [VTT.encode(), b"\xef\xbb\xbf" + VTT.encode(), VTT.replace("\n", "\r\n").encode()]
)
def test_webvtt_is_kept(content):
    stream = io.BytesIO(content)

    assert check_captions(stream) == VTT
    assert stream.tell() == 0


@pytest.mark.parametrize(
    "content",
    [SRT.encode(), b"\xef\xbb\xbf" + SRT.encode(), SRT.replace("\n", "\r").encode()],
)
def test_subrip_becomes_webvtt(content):
    assert check_captions(io.BytesIO(content)) == (
        "WEBVTT\n\n"
        "00:00:01.000 --> 00:00:02.500\nHello\n\n"
        "01:02:03.400 --> 01:02:04.400\nTwo\nlines\n"
    )


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("{\\an8}<b>Up</b> here", "<b>Up</b> here"),
        ('<font color="#fff">White</font>', "White"),
        ("a < b & c &amp; d", "a &lt; b &amp; c &amp; d"),
        ("<script>x</script>", "x"),
        ("<I>x</I>", "<i>x</i>"),
        ("first\n\nafter a blank line", "first\nafter a blank line"),
        ("1984", "1984"),
    ],
)
def test_subrip_marks_become_webvtt_marks(line, shown):
    content = f"1\n00:00:01,000 --> 00:00:02,000\n{line}\n\n2\n00:00:03,0 --> 00:00:04,0\nend\n"

    captions = check_captions(io.BytesIO(content.encode()))

    assert captions.split("\n\n")[1] == f"00:00:01.000 --> 00:00:02.000\n{shown}"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Hello",
        b"WEBVTT",
        b"WEBVTTX\n\n00:01.000 --> 00:02.000\nx\n",
        b"<html>\n00:00:01,000 --> 00:00:02,000\nx",
        VTT.encode("utf-16"),
        SRT.replace("Hello", "Gr\u00fc\u00dfe").encode("latin-1"),
        b"1\n00:00:01,000 --> 00:00:02,000\n\n",
        PDF,
    ],
)
def test_other_content_is_no_captions(content):
    stream = io.BytesIO(content)

    with pytest.raises(NotCaptions) as refused:
        check_captions(stream)

    assert "UTF-8" in str(refused.value.message)
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nx\n", 3),
        ("WEBVTT\n\n00:01 --> 00:02\nx\n", 3),
        ("WEBVTT\n\n00:01.000 --> 00:61.000\nx\n", 3),
        ("1\n00:00:01,000 -->\nx\n", 2),
        ("1\n00:00:01,000 --> 00:00:01,000\nx\n", 2),
    ],
)
def test_wrong_time_is_named_by_its_line(content, line):
    with pytest.raises(CaptionTimeIsWrong) as refused:
        check_captions(io.BytesIO(content.encode()))

    assert refused.value.line == line
    assert f"line {line} " in str(refused.value.message)


def test_captions_have_a_largest_size():
    content = VTT.encode() + b"\n" * (2 * 1024 * 1024)

    with pytest.raises(CaptionsAreTooLarge) as refused:
        check_captions(io.BytesIO(content))

    assert "2 MB" in str(refused.value.message)


@given(lines=st.lists(st.text(max_size=30).map(lambda text: text.replace("-->", "")), max_size=6))
@settings(max_examples=150, deadline=None)
def test_converted_captions_are_webvtt(lines):
    content = "1\n00:00:01,000 --> 00:00:02,000\nfirst\n" + "\n".join(lines)

    captions = check_captions(io.BytesIO(content.encode()))

    assert check_captions(io.BytesIO(captions.encode())) == captions
    assert captions.count("-->") == 1


# -- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "extension", "safe"),
    [
        ("Slides.pdf", "pdf", "Slides.pdf"),
        ("Slides.PDF", ".pdf", "Slides.pdf"),
        ("Slides", "pdf", "Slides.pdf"),
        ("cat.gif", "pdf", "cat.pdf"),
        ("Version 2.0", "pptx", "Version 2.0.pptx"),
        ("Übersicht – 日本語 العربية.odp", "odp", "Übersicht – 日本語 العربية.odp"),
        ("../../etc/passwd", "pdf", "etc-passwd.pdf"),
        ("C:\\fake\\a.pdf", "pdf", "C-fake-a.pdf"),
        (".htaccess", "pdf", "htaccess.pdf"),
        ("...", "pdf", "file.pdf"),
        ("", "pdf", "file.pdf"),
        ("con", "pdf", "file-con.pdf"),
        ("LPT1.tar", "pdf", "file-LPT1.pdf"),
        ("invoice\u202efdp.exe", "pdf", "invoicefdp.pdf"),
        ('a"b\r\nX: y;.pdf', "pdf", "a-b X- y;.pdf"),
        ("a\x00b", "pdf", "ab.pdf"),
        (" a . ", "pdf", "a.pdf"),
        ("x" * 300, "pdf", "x" * 116 + ".pdf"),
    ],
)
def test_download_name_is_safe(name, extension, safe):
    assert safe_download_name(name, extension) == safe


NAMES = st.lists(
    st.sampled_from(["..", "/", "\\", "con", ".", " ", "\u202e", "\x00", ".pdf", "ü", "日" * 50])
    | st.text(max_size=20),
    max_size=12,
).map("".join)


@given(name=NAMES)
@example(name="con.")
@example(name="nul .pdf")
@example(name="-.con")
@settings(max_examples=400, deadline=None)
def test_any_name_becomes_a_safe_one(name):
    safe = safe_download_name(name, "pdf")

    stem = safe.removesuffix(".pdf")
    assert safe.endswith(".pdf")
    assert stem
    assert len(safe) <= 120
    assert len(safe.encode()) <= 255
    assert not set('/\\:*?"<>|') & set(safe)
    assert not {unicodedata.category(char) for char in safe} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert stem[0] not in ". "
    assert stem[-1] not in ". "
    assert stem.split(".")[0].strip().lower() not in {"con", "nul", "prn", "aux"}


# -- sound alone -------------------------------------------------------------------------------

MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # 128 kbit/s at 44.1 kHz: 417 bytes
TAG = b"ID3\x04\0\0\0\0\x01\x05" + bytes(133)  # 1 * 128 + 5 bytes follow its header


@pytest.mark.parametrize("start", [b"", TAG, TAG + TAG, TAG + bytes(1000)])
def test_mp3_is_known_by_its_frames(start):
    stream = io.BytesIO(start + 5 * MP3_FRAME)

    assert check_recording(stream) == UploadKind("audio/mpeg", "mp3")
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (TAG + b"<html>" * 100, NotAVideo),
        (MP3_FRAME + b"GIF89a" * 200, NotAVideo),
        (b"\xff\xfe" + "text in UTF-16".encode("utf-16-le"), NotAVideo),
        (b"\xff\xd8\xff\xe0" + bytes(100), NotAVideo),
        (TAG[:60], VideoIsIncomplete),
        (b"ID3\x04", VideoIsIncomplete),
        (b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(100), VideoIsIncomplete),
    ],
)
def test_other_content_is_no_mp3(content, refusal):
    with pytest.raises(refusal):
        check_recording(io.BytesIO(content))


def test_mp3_that_says_it_is_longer_is_incomplete():
    summary = bytes(32) + b"Info" + (3).to_bytes(4, "big") + (9).to_bytes(4, "big")
    first = (b"\xff\xfb\x90\x00" + summary + (500_000).to_bytes(4, "big")).ljust(417, b"\0")

    with pytest.raises(VideoIsIncomplete):
        check_recording(io.BytesIO(first + 5 * MP3_FRAME))


def test_m4a_is_sound():
    content = make_box(b"ftyp", b"M4A \0\0\0\0M4A mp42isom") + make_box(b"moov", b"")

    assert check_recording(io.BytesIO(content)) == UploadKind("audio/mp4", "m4a")


@given(content=st.binary(max_size=3000))
def test_any_other_bytes_are_judged_or_refused(content):
    for start in (b"ID3\x04", b"\xff\xfb\x90\x00"):
        try:
            check_recording(io.BytesIO(start + content))
        except NotAVideo:
            continue


@pytest.mark.parametrize("refusal", [NotAPresentation, NotAVideo, NotCaptions, NotAPicture])
def test_refusal_says_what_to_do(refusal):
    assert issubclass(refusal, UploadIsRefused)
    assert "Please choose" in str(refusal().message)
