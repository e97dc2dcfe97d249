"""The kinds and states of polls in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.polls.models import PollKind, PollStatus, ResultsShown

KINDS = {
    PollKind.ONE: _l("One choice"),
    PollKind.SEVERAL: _l("Several choices"),
    PollKind.RATING: _l("Rating from 1 to 5"),
    PollKind.WORDS: _l("Word cloud, up to three words each"),
}
RESULTS = {
    ResultsShown.ALWAYS: _l("At once, growing as people vote"),
    ResultsShown.VOTED: _l("Each person once they have voted, everyone when it is closed"),
    ResultsShown.CLOSED: _l("When it is closed"),
}
STATUSES = {
    PollStatus.DRAFT: _l("Not opened yet"),
    PollStatus.OPEN: _l("Open"),
    PollStatus.CLOSED: _l("Closed"),
}
