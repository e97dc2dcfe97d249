"""From the agenda's clock to a recording's, and back; pure functions.

The agenda's times are seconds as the log or a text says them. A recording begins `offset` later or
earlier, and parts of it may have been cut out: a pause, or a beginning that was trimmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TO_THE_MILLISECOND = 3

Cut = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Timing:
    """How a recording lies on the agenda's clock.

    `offset` is added to each time, in seconds. `cuts` are the parts that are missing, as pairs of
    seconds in the recording as it was before anything was cut; in order, and apart.
    """

    offset: float = 0.0
    cuts: tuple[Cut, ...] = ()

    def place(self, seconds: float) -> float:
        """Return where in the recording something stands that the agenda has at `seconds`.

        What was cut out stands where the cut is. Before the recording began it is negative.
        """
        uncut = seconds + self.offset
        missing = sum(min(end, uncut) - start for start, end in self.cuts if start < uncut)
        return round(uncut - missing, TO_THE_MILLISECOND)

    def moment(self, place: float) -> float:
        """Return what the agenda's clock says at second `place` of the recording.

        At a cut, that is where the recording goes on.
        """
        uncut = place
        for start, end in self.cuts:
            if start <= uncut:
                uncut += end - start
        return round(uncut - self.offset, TO_THE_MILLISECOND)


def join_cuts(cuts: Iterable[Sequence[float]]) -> tuple[Cut, ...]:
    """Return the cuts in order, with those joined that touch or overlap, and empty ones left out.

    A recording has nothing before its beginning that could be missing.
    """
    joined: list[Cut] = []
    for start, end in sorted((max(0.0, start), end) for start, end in cuts):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)
