"""Why something can't be done with a replay, in words that say what to do instead."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class RecordingCannotBeRead(Refusal):
    """It has the outside of a recording and nothing inside that plays."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "This recording can't be read: it may be damaged, or the upload may have been cut "
                "short. Please play it to the end to check, then choose it again."
            )
        )


class RecordingIsNeeded(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("Add the recording first: a file, or an address where it can be watched.")
        )


class RecordingIsPublic(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "This replay is public, so its recording can't be removed. Replace it with another "
                "one instead."
            )
        )


class EntryIsPastTheEnd(Refusal):
    """An entry starts after the recording has ended."""

    def __init__(self, *, title: str, start: str, end: str) -> None:
        super().__init__(
            _(
                "“%(title)s” starts at %(start)s, but the recording ends at %(end)s. Correct its "
                "time, the shift, or the length of the recording.",
                title=title,
                start=start,
                end=end,
            )
        )


class EntriesAreBeforeTheStart(Refusal):
    """A shift puts more than the first entry before the beginning of the recording."""

    def __init__(self, *, many: int, title: str, first_start: str) -> None:
        super().__init__(
            _(
                "Shifted like this, %(many)s entries would start before the recording does, "
                "“%(title)s” among them. Please shift by less: without a shift the first one "
                "starts at %(first_start)s.",
                many=many,
                title=title,
                first_start=first_start,
            )
        )


class EntriesAreOutOfOrder(Refusal):
    """An entry starts before the one above it, or before the one it stands under."""

    def __init__(self, *, title: str, start: str, above: str, above_start: str) -> None:
        super().__init__(
            _(
                "“%(title)s” starts at %(start)s, but “%(above)s” above it starts at "
                "%(above_start)s. Put the times in the order of the recording.",
                title=title,
                start=start,
                above=above,
                above_start=above_start,
            )
        )


class NothingAbove(Refusal):
    """The first entry has none that it could belong to."""

    def __init__(self) -> None:
        super().__init__(_l("There is no entry above that this one could belong to."))


class EntryIsNotUnderstood(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Please give the entry a title of at most 1,000 characters."))


class AgendaIsTooLong(Refusal):
    def __init__(self, *, most: int) -> None:
        super().__init__(_("An agenda can have at most %(most)s entries.", most=most))


class LogIsEmpty(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "Nothing was logged during this webinar, so there is no log to take the agenda "
                "from. Paste it as text instead."
            )
        )
