"""What of a replay can be found, and which of its lines a query meant; pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from eventapp.replays.transcript import Cue
from eventapp.search.folding import fold, has_words
from eventapp.search.models import SearchedKind

WORDS_IN_PASSAGE = 60
SECONDS_IN_PASSAGE = 45.0


@dataclass(kw_only=True)
class Passage:
    """Lines that are found together, each with its second in the recording, if it has one."""

    kind: SearchedKind
    lines: list[str] = field(default_factory=list)
    starts: list[float | None] = field(default_factory=list)

    def add(self, line: str, start: float | None) -> None:
        self.lines.append(" ".join(line.split()))
        self.starts.append(start)

    @property
    def folded(self) -> str:
        return fold(" ".join(self.lines))


def one_line(kind: SearchedKind, text: str, start: float | None) -> Passage:
    passage = Passage(kind=kind)
    passage.add(text, start)
    return passage


def split_transcript(cues: Iterable[Cue]) -> Iterator[Passage]:
    """Yield what is said as passages of about a minute: words said together are found together."""
    passage = Passage(kind=SearchedKind.TRANSCRIPT)
    words = 0
    for cue in cues:
        begin = passage.starts[0] if passage.starts else None
        is_long = words >= WORDS_IN_PASSAGE
        if begin is not None and (is_long or cue.start - begin > SECONDS_IN_PASSAGE):
            yield passage
            passage, words = Passage(kind=SearchedKind.TRANSCRIPT), 0
        passage.add(cue.text, cue.start)
        words += len(cue.text.split())
    if passage.lines:
        yield passage


def choose_line(lines: Sequence[str], words: list[str]) -> int:
    """Return the number of the first line that has most of the words."""
    counts = [has_words(line, words) for line in lines]
    return counts.index(max(counts))
