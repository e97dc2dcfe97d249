"""Why something can't be done with a replay, in words that say what to do instead."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class RecordingCannotBeRead(Refusal):
    """It has the outside of a recording and nothing inside that plays."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "This recording can't be read: it may be damaged, or cut off on the way. "
                "Please play it once to its end, then choose it again."
            )
        )


class RecordingIsNeeded(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("First add the recording: a file, or an address where it can be seen."))


class RecordingIsPublic(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("People are watching this replay. Put another recording in its place instead.")
        )


class EntryIsPastTheEnd(Refusal):
    """An entry starts after the recording has ended."""

    def __init__(self, *, title: str, start: str, end: str) -> None:
        super().__init__(
            _l(
                "“%(title)s” starts at %(start)s, but the recording ends at %(end)s. Correct its "
                "time, the shift, or the length of the recording.",
                title=title,
                start=start,
                end=end,
            )
        )


class EntriesAreOutOfOrder(Refusal):
    """An entry starts before the one above it, or before the one it stands under."""

    def __init__(self, *, title: str, start: str, above: str, above_start: str) -> None:
        super().__init__(
            _l(
                "“%(title)s” starts at %(start)s, but “%(above)s” above it starts at "
                "%(above_start)s. Put the times in the order of the recording.",
                title=title,
                start=start,
                above=above,
                above_start=above_start,
            )
        )


class AgendaIsTooLong(Refusal):
    def __init__(self, *, most: int) -> None:
        super().__init__(_l("An agenda can have %(most)s entries at most.", most=most))


class LogIsEmpty(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "Nothing was noted while this webinar ran, so there is no log to take the agenda "
                "from. Paste it as text instead."
            )
        )
