"""A recording ninety minutes long and under two megabytes: a clock, a title, a progress bar.

One picture a second, each showing the second it belongs to, so that a jump to any moment can be
checked by eye. A keyframe at least every minute, one where each entry of the agenda starts, and
cues at the front of the file keep seeking quick and exact.
"""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import PictureType
from PIL import Image, ImageDraw

from eventapp.demo.content import DemoChapter
from scripts.demo_assets.look import AMBER, DEEP, INK, LINE, MIST, PAPER, load_font, wrap_text

WIDTH, HEIGHT = 640, 360
LONG_TITLE = 90
MARGIN = 40
BAR_TOP = 318
KEYFRAME_EVERY = 60
CLOCK_BOX = (MARGIN - 4, 56, WIDTH - MARGIN, 142)

Chapters = tuple[DemoChapter, ...]

KICKERS = {
    "introduction": "Introduction",
    "presentation": "Presentation",
    "question": "Question and answer",
}

ENCODER = {
    "crf": "54",
    "b": "0",
    "deadline": "good",
    "cpu-used": "4",
    "tune-content": "screen",
    "lag-in-frames": "0",
    "auto-alt-ref": "0",
    "g": str(KEYFRAME_EVERY),
    "threads": "1",
}


def make_recording(chapters: Chapters, *, title: str, duration: timedelta, path: Path) -> None:
    """Encode one frame for each second of `duration` as WebM with VP9."""
    seconds = int(duration.total_seconds())
    options = {"cues_to_front": "1", "fflags": "+bitexact", "cluster_time_limit": "60000"}
    starts = {chapter.start.total_seconds() for chapter in chapters}
    with av.open(str(path), "w", format="webm", options=options) as container:
        container.metadata["title"] = title
        stream = container.add_stream("libvpx-vp9", rate=1, options=ENCODER)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.time_base = Fraction(1, 1)
        for second, image in enumerate(draw_frames(chapters, seconds=seconds)):
            frame = av.VideoFrame.from_image(image)
            frame.pts = second
            frame.time_base = Fraction(1, 1)
            if second in starts:
                frame.pict_type = PictureType.I
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def draw_frames(chapters: Chapters, *, seconds: int) -> Iterator[Image.Image]:
    card = Image.new("RGB", (WIDTH, HEIGHT), INK)
    shown: DemoChapter | None = None
    draw_card(card, chapter=None)
    for second in range(seconds):
        chapter = find_chapter(chapters, at=timedelta(seconds=second))
        if chapter is not shown:
            draw_card(card, chapter=chapter)
            shown = chapter
        draw_progress(card, chapters=chapters, second=second, seconds=seconds)
        draw_clock(card, second=second)
        yield card


def find_chapter(chapters: Chapters, *, at: timedelta) -> DemoChapter | None:
    begun = [chapter for chapter in chapters if chapter.start <= at]
    return begun[-1] if begun else None


def draw_card(card: Image.Image, *, chapter: DemoChapter | None) -> None:
    """Draw everything that stays the same for as long as the chapter lasts."""
    draw = ImageDraw.Draw(card)
    draw.rectangle((0, 0, WIDTH, HEIGHT), fill=INK)
    draw.rectangle((0, 0, 8, HEIGHT), fill=DEEP)
    small = load_font("DejaVuSans", 14)
    kicker = KICKERS[chapter.kind] if chapter else "Before the introduction"
    if chapter and chapter.section:
        kicker = f"{chapter.section}  ·  {kicker}"
    draw.text((MARGIN, 30), kicker.upper(), font=load_font("DejaVuSans-Bold", 13), fill=AMBER)
    title = chapter.subject if chapter else "The recording has begun"
    speakers = " and ".join(chapter.speakers) if chapter else ""
    font = load_font("DejaVuSerif", 24 if len(title) < LONG_TITLE else 20)
    top = 158.0
    for line in wrap_text(title, font=font, width=WIDTH - 2 * MARGIN):
        draw.text((MARGIN, top), line, font=font, fill=PAPER)
        top += font.size + 7
    draw.text((MARGIN, top + 8), speakers, font=small, fill=MIST)
    note = "Demonstration recording, without sound"
    draw.text((MARGIN, 332), note, font=load_font("DejaVuSans", 12), fill=MIST)


def draw_progress(card: Image.Image, *, chapters: Chapters, second: int, seconds: int) -> None:
    draw = ImageDraw.Draw(card)
    length = WIDTH - 2 * MARGIN
    draw.rectangle((MARGIN, BAR_TOP, MARGIN + length, BAR_TOP + 5), fill=LINE)
    done = MARGIN + length * second // seconds
    draw.rectangle((MARGIN, BAR_TOP, done, BAR_TOP + 5), fill=AMBER)
    for chapter in chapters:
        tick = MARGIN + int(length * chapter.start.total_seconds()) // seconds
        draw.line((tick, BAR_TOP, tick, BAR_TOP + 5), fill=INK)


def draw_clock(card: Image.Image, *, second: int) -> None:
    """Each digit has a place of its own, so that only those that change are encoded again."""
    draw = ImageDraw.Draw(card)
    draw.rectangle(CLOCK_BOX, fill=INK)
    text = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    draw.text((MARGIN - 4, 50), text, font=load_font("DejaVuSans-Bold", 76), fill=PAPER)
