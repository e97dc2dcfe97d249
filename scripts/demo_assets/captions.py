"""Captions that say what the recording shows: a clock, and each entry of the agenda."""

from datetime import timedelta
from pathlib import Path

from eventapp.demo.content import DemoChapter

CUE_SECONDS = 9

Chapters = tuple[DemoChapter, ...]
Cue = tuple[timedelta, timedelta, str]


def make_captions(chapters: Chapters, *, duration: timedelta, path: Path) -> None:
    blocks = ["WEBVTT"]
    for start, end, text in list_cues(chapters, duration=duration):
        blocks.append(f"{write_time(start)} --> {write_time(end)}\n{text}")
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def list_cues(chapters: Chapters, *, duration: timedelta) -> list[Cue]:
    spoken = [
        (timedelta(seconds=1), "This demonstration recording has no sound."),
        (timedelta(seconds=10), "A clock shows the time, and below it what is on the agenda."),
    ]
    for chapter in chapters:
        spoken += describe_chapter(chapter)
    last = duration - timedelta(seconds=CUE_SECONDS + 1)
    spoken.append((last, "The recording ends here."))
    return [(start, start + timedelta(seconds=CUE_SECONDS), text) for start, text in spoken]


def describe_chapter(chapter: DemoChapter) -> list[tuple[timedelta, str]]:
    if chapter.kind == "question":
        return [
            (chapter.start, f"The screen shows a question:\n{keep_first_sentence(chapter.title)}")
        ]
    by = " and ".join(chapter.speakers)
    return [(chapter.start, f"{chapter.subject} begins.\nSpeaking: {by}.")]


def keep_first_sentence(text: str) -> str:
    """Long questions stop after the first sentence, so that a caption stays two or three lines."""
    first, mark, _rest = text.partition("? ")
    return f"{first}?" if mark else text


def write_time(at: timedelta) -> str:
    seconds = int(at.total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000"
