import re
from itertools import pairwise
from pathlib import Path

import av
import pytest
from odf import draw
from odf.opendocument import load
from PIL import Image
from pptx import Presentation

from eventapp.demo.content import ASSETS, CREATIVE_HUBS, WEBINARS, DemoPresentation

CUE = re.compile(r"^(\d\d):(\d\d):(\d\d)\.000 --> \d\d:\d\d:\d\d\.000$", re.MULTILINE)

every_presentation = pytest.mark.parametrize(
    "presentation", CREATIVE_HUBS.presentations, ids=lambda presentation: presentation.file
)


def read_titles(path: Path) -> list[str]:
    """The title of each slide, or of the whole file once a page where only that is kept."""
    if path.suffix == ".pptx":
        return [slide.shapes.title.text for slide in Presentation(str(path)).slides]
    if path.suffix == ".odp":
        frames = load(path).presentation.getElementsByType(draw.Frame)
        return [str(frame) for frame in frames if frame.getAttribute("class") == "title"]
    data = path.read_bytes()
    title = re.search(rb"/Title \((.+?)\)", data)
    pages = re.search(rb"/Count (\d+) /Kids", data)
    assert data.startswith(b"%PDF-")
    assert title is not None
    assert pages is not None
    return [title[1].decode("latin-1")] * int(pages[1])


def list_starts() -> list[int]:
    return [int(chapter.start.total_seconds()) for chapter in CREATIVE_HUBS.chapters]


def test_assets_are_exactly_the_files_that_the_content_names() -> None:
    named = {path for webinar in WEBINARS for path in webinar.list_files()}

    assert named == {path for path in ASSETS.rglob("*") if path.is_file()}


def test_presentations_come_in_each_format() -> None:
    formats = {Path(presentation.file).suffix for presentation in CREATIVE_HUBS.presentations}

    assert formats == {".pdf", ".pptx", ".odp"}


@every_presentation
def test_presentation_opens_with_its_title_and_has_slides(presentation: DemoPresentation) -> None:
    titles = read_titles(ASSETS / presentation.file)

    assert titles[0] == presentation.title
    assert len(titles) >= 3


@every_presentation
def test_presentation_is_small(presentation: DemoPresentation) -> None:
    assert (ASSETS / presentation.file).stat().st_size < 60_000


def test_recording_lasts_ninety_minutes() -> None:
    with av.open(ASSETS / "creative-hubs/recording.webm") as container:
        seconds = (container.duration or 0) / av.time_base
        codec = container.streams.video[0].codec_context.name

    assert seconds == pytest.approx(5400, abs=1)
    assert codec == "vp9"


def test_recording_is_small() -> None:
    assert (ASSETS / "creative-hubs/recording.webm").stat().st_size < 3_000_000


def test_recording_can_be_entered_at_every_chapter_and_every_minute() -> None:
    with av.open(ASSETS / "creative-hubs/recording.webm") as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        entries = [
            packet.pts // 1000
            for packet in packets
            if packet.is_keyframe and packet.pts is not None
        ]

    gaps = [later - earlier for earlier, later in pairwise(entries)]

    assert len(packets) == 5400
    assert set(list_starts()) <= set(entries)
    assert max(gaps) <= 60


def test_captions_speak_at_every_chapter() -> None:
    text = (ASSETS / "creative-hubs/captions.en.vtt").read_text(encoding="utf-8")

    cues = [int(h) * 3600 + int(m) * 60 + int(s) for h, m, s in CUE.findall(text)]

    assert text.startswith("WEBVTT\n\n")
    assert cues == sorted(cues)
    assert set(list_starts()) <= set(cues)


def test_cover_is_wide_and_light() -> None:
    path = ASSETS / "creative-hubs/cover.webp"

    with Image.open(path) as picture:
        shape = (picture.format, picture.size)

    assert shape == ("WEBP", (1600, 900))
    assert path.stat().st_size < 60_000
