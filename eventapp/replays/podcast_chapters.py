"""Chapters as podcast programs read them: JSON Chapters 1.2 (Podcasting 2.0 namespace)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from eventapp.replays.agenda.lines import write_line
from eventapp.replays.agenda.model import ParsedAgenda
from eventapp.replays.agenda.timecodes import find_ends

VERSION = "1.2.0"


def write_podcast_chapters(
    agenda: ParsedAgenda,
    *,
    title: str,
    duration: float | None,
    link_to: Callable[[int], str],
) -> str:
    """Return the document; times are in seconds, and each chapter ends where a later one starts.

    `title` is the episode's, `link_to` gives the address of a second. The last chapter has an end
    only where the recording's length, `duration`, is known.
    """
    starts = [entry.start for entry in agenda.entries]
    ends = find_ends(starts, duration=duration)
    chapters = []
    for entry, end in zip(agenda.entries, ends, strict=True):
        chapter: dict[str, Any] = {
            "startTime": entry.start,
            "title": write_line(entry, title=entry.title),
            "url": link_to(int(entry.start)),
        }
        if duration is not None or entry.start < starts[-1]:
            chapter["endTime"] = end
        chapters.append(chapter)
    return json.dumps(
        {"version": VERSION, "title": title, "chapters": chapters}, ensure_ascii=False
    )
