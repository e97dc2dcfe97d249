"""How warmly the audience reacted along the recording, as a strip over its time."""

from __future__ import annotations

from eventapp.audience_reactions.queries import list_reactions
from eventapp.live.queries import find_recording_start
from eventapp.replays.editions import Replay
from eventapp.webinars.models import Webinar

SLICES = 120
TALLEST = 100


def draw_heat(found: Replay, webinar: Webinar) -> str:
    """Return an SVG path in a box of 120 × 100, or nothing where nobody reacted.

    Each slice of the recording is as high as its reactions are many, compared with the most.
    """
    began = find_recording_start(webinar.id)
    if not found.duration or began is None:
        return ""
    heights = [0] * SLICES
    for moment, count in list_reactions(webinar.id):
        place = found.timing.place((moment - began).total_seconds())
        if 0 <= place < found.duration:
            heights[int(place / found.duration * SLICES)] += count
    most = max(heights)
    if not most:
        return ""
    tops = (TALLEST - round(TALLEST * height / most) for height in heights)
    steps = "".join(f"V{top}h1" for top in tops)
    return f"M0 {TALLEST}{steps}V{TALLEST}z"
