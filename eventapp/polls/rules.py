"""Decisions about polls: who may vote and see what, what counts as a word, what a stage shows."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from eventapp.polls.models import Poll, PollKind, PollStatus, ResultsShown
from eventapp.polls.refusals import (
    NothingChosen,
    NoWords,
    OptionIsThereTwice,
    OptionIsTooLong,
    PollHasVotes,
    PollIsElsewhere,
    PollIsNotOpen,
    PollIsRunning,
    PollWasOpened,
    TooFewOptions,
    TooManyChosen,
    TooManyOptions,
    TooManyWords,
    WordIsTooLong,
    WordsAreBlocked,
)
from eventapp.questions.room_rules import has_blocked_word
from eventapp.questions.rules import tidy_text
from eventapp.webinars.models import Webinar, WebinarStatus

LONGEST_POLL = 300
LONGEST_OPTION = 120
FEWEST_OPTIONS = 2
MOST_OPTIONS = 10
MOST_WORDS = 3
LONGEST_WORD = 30
RATINGS = ("1", "2", "3", "4", "5")
CHOICE_KINDS = frozenset({PollKind.ONE, PollKind.SEVERAL})
PUBLIC_STATUSES = frozenset({PollStatus.OPEN, PollStatus.CLOSED})
# The sizes of a word, from the one written least often.
WORD_SIZES = 5
STAGE_KEEPS_RESULTS = timedelta(minutes=10)


def key_of(text: str) -> str:
    """Return what tells a text from others: capitals and forms of writing make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()


def check_options(texts: Sequence[str]) -> None:
    """Refuse tidied answers that are too few, too many, too long or twice the same."""
    if len(texts) < FEWEST_OPTIONS:
        raise TooFewOptions
    if len(texts) > MOST_OPTIONS:
        raise TooManyOptions
    if any(len(text) > LONGEST_OPTION for text in texts):
        raise OptionIsTooLong
    if len({key_of(text) for text in texts}) < len(texts):
        raise OptionIsThereTwice


def can_vote(webinar: Webinar, poll: Poll) -> bool:
    return webinar.status is WebinarStatus.LIVE and poll.status is PollStatus.OPEN


def check_can_vote(webinar: Webinar, poll: Poll) -> None:
    if not can_vote(webinar, poll):
        raise PollIsNotOpen


def check_choice(kind: PollKind, chosen: Collection[int]) -> None:
    """Refuse no answer, and more than one where one is asked for."""
    if not chosen:
        raise NothingChosen
    if kind is not PollKind.SEVERAL and len(chosen) > 1:
        raise TooManyChosen


def choose_words(texts: Sequence[str], *, blocked_words: str) -> dict[str, str]:
    """Return the words to count, tidied, by their keys; those that are blocked are left out.

    Refuses: NoWords, TooManyWords, WordIsTooLong, WordsAreBlocked.
    """
    tidied = [word for word in map(tidy_text, texts) if word]
    if not tidied:
        raise NoWords
    if len(tidied) > MOST_WORDS:
        raise TooManyWords
    if any(len(word) > LONGEST_WORD for word in tidied):
        raise WordIsTooLong
    words = {key_of(word): word for word in reversed(tidied)}
    allowed = {
        key: words[key] for key in words if not has_blocked_word(key, blocked_words=blocked_words)
    }
    if not allowed:
        raise WordsAreBlocked
    return allowed


def can_see_results(poll: Poll, *, has_voted: bool) -> bool:
    """Whether somebody in the audience may see the counts; moderators always may."""
    if poll.status is not PollStatus.OPEN:
        return poll.status is PollStatus.CLOSED
    return poll.results is ResultsShown.ALWAYS or (poll.results is ResultsShown.VOTED and has_voted)


def is_shown_to_all(poll: Poll) -> bool:
    """Whether the counts may go to the room's channel, which is the same for everyone in it."""
    return can_see_results(poll, has_voted=False)


def check_can_open(poll: Poll) -> None:
    if poll.status is PollStatus.OPEN:
        raise PollIsElsewhere(poll.status)


def check_can_close(poll: Poll) -> None:
    if poll.status is not PollStatus.OPEN:
        raise PollIsElsewhere(poll.status)


def can_change(poll: Poll) -> bool:
    """Whether what a poll asks may be changed: as long as nobody can have answered it."""
    return poll.status is PollStatus.DRAFT and not poll.voters


def check_can_change(poll: Poll) -> None:
    if not can_change(poll):
        raise PollWasOpened


def check_can_delete(poll: Poll) -> None:
    if poll.status is PollStatus.OPEN:
        raise PollIsRunning
    if poll.voters:
        raise PollHasVotes


def find_stage_poll(
    polls: Sequence[Poll], *, on_air_at: datetime | None, now: datetime
) -> Poll | None:
    """Return the poll a stage shows: the one that is open, or else the one closed last.

    The latter stays for ten minutes, unless a question went on air after it.
    """
    running = next((poll for poll in polls if poll.status is PollStatus.OPEN), None)
    if running is not None:
        return running
    closed = [(poll.closed_at, poll) for poll in polls if poll.closed_at is not None]
    if not closed:
        return None
    closed_at, last = max(closed, key=lambda pair: (pair[0], pair[1].id))
    is_over = now - closed_at >= STAGE_KEEPS_RESULTS or (
        on_air_at is not None and on_air_at > closed_at
    )
    return None if is_over else last


def share_of(votes: int, voters: int) -> int:
    """Return how many of a hundred voters chose something, rounded."""
    return round(100 * votes / voters) if voters else 0


def size_of_word(votes: int, most: int) -> int:
    """Return the size of a word, from 1 to 5, where the word written most often has `most`."""
    if most <= 1:
        return WORD_SIZES // 2
    share = (min(votes, most) - 1) / (most - 1)
    return 1 + round((WORD_SIZES - 1) * max(share, 0))
