"""Lines of plain text beside each other: where the agenda is, what wraps, what is a heading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from flask_babel import gettext as _

from .cleaning import excerpt
from .model import LONGEST_TITLE, AgendaRefused, AgendaWarning
from .scanning import Scanned, is_heading, strip_heading
from .vocabulary import ANNOUNCEMENTS
from .wrapping import continues, find_wrap_width, overflows

_MOST_WRAPPED_LINES = 20
_NEAR = 2
_MOST_ANNOUNCING = 3
_AROUND_WORDS = "".join(chr(code) for code in range(33, 127) if not chr(code).isalnum())
_APART = 3
_SMALL = 2
_LARGE = 3


@dataclass
class TimedItem:
    """A time with the pieces of its title and the section it stands in."""

    line: int
    start: float
    pieces: list[str]
    section: str | None
    indent: int
    width: int


@dataclass
class Layout:
    """What the lines of an agenda amount to.

    `placed` are the lines that were used, or named in a warning of their own.
    """

    items: list[TimedItem] = field(default_factory=list)
    warnings: list[AgendaWarning] = field(default_factory=list)
    placed: set[Scanned] = field(default_factory=set)
    has_headings: bool = False
    unused_heading: Scanned | None = None
    wrap_width: int | None = None


def lay_out(lines: Sequence[Scanned]) -> Layout:
    """Return the items of the agenda, and a warning for whatever else the lines say."""
    layout = Layout()
    times = [index for index, item in enumerate(lines) if item.role == "timed"]
    if not times:
        _refuse_unreadable(lines)
        return layout
    times = _leave_out_strays(lines, times=times, layout=layout)
    first, last = times[0], times[-1]
    layout.wrap_width = find_wrap_width(lines[first : last + 1])
    section = _read_before(lines[:first], layout=layout)
    for place, following in pairwise(times):
        _add_item(lines[place], section=section, layout=layout)
        section = _read_between(lines[place + 1 : following], section=section, layout=layout)
    _add_item(lines[last], section=section, layout=layout)
    _read_wrapped(lines[last + 1 :], layout=layout)
    _decide_first_heading(lines[:first], layout=layout)
    for around in (lines[:first], lines[last + 1 :]):
        _warn_unreadable(around, layout=layout)
        _warn_around(around, layout=layout)
    layout.warnings.sort(key=lambda warning: warning.line or 0)
    return layout


def is_announcement(text: str) -> bool:
    """Tell whether a heading only says that an agenda follows: "Agenda", "⏰ Timestamps:"."""
    words = [word.strip(_AROUND_WORDS).lower() for word in text.split(" ")[: _MOST_ANNOUNCING + 1]]
    words = [word for word in words if word]
    if len(words) > _MOST_ANNOUNCING:
        return False
    return " ".join(words) in ANNOUNCEMENTS or (bool(words) and words[-1] in ANNOUNCEMENTS)


def _refuse_unreadable(lines: Sequence[Scanned]) -> None:
    unreadable = next((item for item in lines if item.role == "unreadable"), None)
    if unreadable is not None:
        raise AgendaRefused(
            _(
                "No agenda found: line %(line)s, “%(text)s”, doesn't start with a time that can "
                "be read. Write times in the recording as 00:05:30 or 5:30.",
                line=unreadable.line,
                text=excerpt(unreadable.words),
            )
        )


def _leave_out_strays(lines: Sequence[Scanned], *, times: list[int], layout: Layout) -> list[int]:
    """Drop a time or two in the prose that contradict a whole agenda further on, and say so."""
    blocks: list[list[int]] = [[times[0]]]
    for above, below in pairwise(times):
        between = sum(item.role != "blank" for item in lines[above + 1 : below])
        if between >= _APART:
            blocks.append([])
        blocks[-1].append(below)
    main = max(blocks, key=len)
    if len(main) < _LARGE:
        return times
    start, end = lines[main[0]].start, lines[main[-1]].start
    kept: list[int] = []
    for block in blocks:
        is_before = block[0] < main[0]
        agrees = lines[block[-1]].start <= start if is_before else lines[block[0]].start >= end
        if block is main or len(block) > _SMALL or agrees:
            kept += block
        else:
            layout.warnings += [_warn_stray(lines[index]) for index in block]
            layout.placed.update(lines[index] for index in block)
    return kept


def _warn_stray(item: Scanned) -> AgendaWarning:
    return AgendaWarning(
        item.line,
        _("“%(text)s” is separate from the agenda and was left out.", text=excerpt(item.words)),
    )


def _add_item(item: Scanned, *, section: str | None, layout: Layout) -> None:
    pieces = [item.text] if item.text else []
    layout.items.append(TimedItem(item.line, item.start, pieces, section, item.indent, item.width))
    layout.placed.add(item)
    layout.unused_heading = None


def _read_before(lines: Sequence[Scanned], *, layout: Layout) -> str | None:
    """Return the heading right above the first time, unless it only announces the agenda.

    One without a mark is a heading for now: `_decide_first_heading` has seen the rest.
    """
    nearest = _find_nearest(lines)
    if nearest is None:
        return None
    if is_announcement(nearest.text):
        layout.placed.add(nearest)
        return None
    if nearest.role == "heading":
        return _open_section(nearest, layout=layout)
    return strip_heading(nearest.words) if _is_plain_heading(nearest) else None


def _decide_first_heading(lines: Sequence[Scanned], *, layout: Layout) -> None:
    """Take a line without a mark above the first time as a heading only where more follow.

    Alone it may as well be a greeting, and would stand over the whole agenda.
    """
    nearest = _find_nearest(lines)
    if nearest is None or nearest in layout.placed or not _is_plain_heading(nearest):
        return
    layout.placed.add(nearest)
    if layout.has_headings:
        return
    for item in layout.items:
        item.section = None
    message = _(
        "“%(text)s” stands above the first time and was left out. If it is a heading, put “#” "
        "and a space before it.",
        text=excerpt(nearest.words),
    )
    layout.warnings.append(AgendaWarning(nearest.line, message))


def _find_nearest(lines: Sequence[Scanned]) -> Scanned | None:
    """Return the line right above the first time; one blank line may stand between."""
    written = [item for item in lines[-_NEAR:] if item.role != "blank"]
    return written[-1] if written else None


def _read_between(lines: Sequence[Scanned], *, section: str | None, layout: Layout) -> str | None:
    """Add wrapped words to the item above, and return the section of the item below."""
    rest = lines[_read_wrapped(lines, layout=layout) :]
    written = [item for item in rest if item.role != "blank" and item not in layout.placed]
    unplaced: list[Scanned] = []
    last = max((at for at, item in enumerate(written) if item.role != "rule"), default=-1)
    for index, item in enumerate(written):
        if item.role == "rule":
            is_underline = index > 0 and written[index - 1].role in {"plain", "heading"}
            section = section if is_underline else None
        elif item.role == "heading" or (index == last and _stands_out(written[: index + 1])):
            section = _open_section(item, layout=layout)
        else:
            unplaced.append(item)
    _warn_unreadable(unplaced, layout=layout)
    _warn_unplaced(unplaced, layout=layout)
    return section


def _stands_out(lines: Sequence[Scanned]) -> bool:
    """Tell whether the last line is a heading rather than the end of a paragraph."""
    *above, item = lines
    if not _is_plain_heading(item):
        return False
    is_alone = not above or above[-1].role != "plain" or item.line - above[-1].line > 1
    return is_alone or _is_plain_heading(above[-1])


def _read_wrapped(lines: Sequence[Scanned], *, layout: Layout) -> int:
    """Move the lines that carry on the last item's title into it; return how many they were."""
    item = layout.items[-1]
    count = 0
    if not item.pieces:
        count = _read_title_below(lines, item=item)
    while count < min(len(lines), _MOST_WRAPPED_LINES) and item.pieces:
        line = lines[count]
        if not (
            continues(item.pieces[-1], line, above_indent=item.indent)
            or overflows(item.width, line, width=layout.wrap_width)
        ):
            break
        item.pieces.append(line.text)
        item.width = line.width
        count += 1
    layout.placed.update(lines[:count])
    return count


def _read_title_below(lines: Sequence[Scanned], *, item: TimedItem) -> int:
    """A time alone on its line has its title on the next one that is not blank."""
    for index, line in enumerate(lines[:_NEAR]):
        if line.role in {"plain", "heading"}:
            item.pieces.append(line.text)
            return index + 1
        if line.role != "blank":
            break
    return 0


def _is_plain_heading(item: Scanned) -> bool:
    return item.role == "plain" and bool(item.words) and is_heading(item.words)


def _open_section(item: Scanned, *, layout: Layout) -> str | None:
    """Return the section's name; a heading that stood over nothing until here is reported."""
    if layout.unused_heading is not None:
        _warn_unplaced([layout.unused_heading], layout=layout)
    layout.unused_heading = item
    layout.has_headings = True
    layout.placed.add(item)
    name = item.words if item.role == "heading" else strip_heading(item.words)
    if len(name) > LONGEST_TITLE:
        message = _(
            "The heading “%(text)s” is %(length)s characters long and was cut after %(limit)s.",
            text=excerpt(name[:LONGEST_TITLE]),
            length=len(name),
            limit=LONGEST_TITLE,
        )
        layout.warnings.append(AgendaWarning(item.line, message))
    return name[:LONGEST_TITLE] or None


def _warn_unreadable(lines: Iterable[Scanned], *, layout: Layout) -> None:
    for item in lines:
        if item.role == "unreadable":
            message = _(
                "“%(text)s” doesn't start with a time that can be read; it was left out.",
                text=excerpt(item.words),
            )
            layout.warnings.append(AgendaWarning(item.line, message))
            layout.placed.add(item)


def _warn_around(lines: Sequence[Scanned], *, layout: Layout) -> None:
    """Warn once for all that stands before or after the agenda, as on a whole page."""
    rest = [
        item for item in lines if item.role not in {"blank", "rule"} and item not in layout.placed
    ]
    if rest:
        _warn_run(rest, layout=layout)


def _warn_unplaced(lines: Iterable[Scanned], *, layout: Layout) -> None:
    """Warn once for a run of lines: a paragraph is one thing to look at."""
    runs: list[list[Scanned]] = []
    for item in lines:
        if item.role == "unreadable":
            continue
        if runs and item.line - runs[-1][-1].line <= 1:
            runs[-1].append(item)
        else:
            runs.append([item])
    for run in runs:
        _warn_run(run, layout=layout)


def _warn_run(run: Sequence[Scanned], *, layout: Layout) -> None:
    message = _("“%(text)s” has no time and was left out.", text=excerpt(run[0].words))
    if run[-1].line > run[0].line:
        message = _(
            "“%(text)s” and the lines up to %(last)s have no time and were left out.",
            text=excerpt(run[0].words),
            last=run[-1].line,
        )
    layout.warnings.append(AgendaWarning(run[0].line, message))
