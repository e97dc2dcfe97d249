from __future__ import annotations

import json
import threading
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.errors import NotFound, Refusal
from eventapp.core.events import Event
from eventapp.polls.actions import Ballot, hide_word, vote_in_poll
from eventapp.polls.events import PollVoteCounted
from eventapp.polls.models import Poll, PollKind, PollOption, PollVote, ResultsShown
from eventapp.polls.queries import list_options, list_shown_options
from eventapp.polls.refusals import PollIsNotOpen, VoterIsSilenced
from eventapp.questions.actions import Asker
from eventapp.questions.models import Room, SilencedAsker
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import START, PollFactory, WebinarFactory

pytestmark = pytest.mark.every_engine


@pytest.fixture
def webinar(in_app):
    return WebinarFactory(status=WebinarStatus.LIVE)


def ids_of(poll: Poll) -> list[int]:
    return [option.id for option in list_options(poll.id)]


def vote(
    poll: Poll,
    webinar: Webinar,
    *,
    who: str = "1",
    ids: Sequence[int] = (),
    words: Sequence[str] = (),
) -> list[Event]:
    """Vote; return the events that were recorded."""
    ballot = Ballot(option_ids=ids, words=words)
    poll_id = poll.id
    with transaction() as session:
        vote_in_poll(
            poll_id, webinar=webinar, voter=Asker(key=f"guest:{who}"), ballot=ballot, now=START
        )
        return list(session.info["recorded_events"])


def counts_of(poll: Poll) -> tuple[dict[str, int], int]:
    """What the poll says of itself, and only if its rows say the same."""
    db.session.rollback()
    options = list_options(poll.id)
    for option in options:
        rows = sa.select(sa.func.count()).where(PollVote.option_id == option.id)
        assert db.session.scalar(rows) == option.votes
    people = sa.select(sa.func.count(PollVote.voter_key.distinct())).where(
        PollVote.poll_id == poll.id
    )
    assert db.session.scalar(people) == poll.voters
    return {option.text: option.votes for option in options}, poll.voters


def test_vote_is_counted_with_its_row(webinar):
    poll = PollFactory(webinar_id=webinar.id)
    red, _blue = ids_of(poll)

    [fact] = vote(poll, webinar, ids=[red])

    assert isinstance(fact, PollVoteCounted)
    assert (fact.revision, fact.voters) == (1, 1)
    assert json.loads(fact.public_tally)["counts"] == {str(red): 1, str(_blue): 0}
    assert counts_of(poll) == ({"Red": 1, "Blue": 0}, 1)


def test_same_vote_again_changes_nothing(webinar):
    poll = PollFactory(webinar_id=webinar.id)
    red, _blue = ids_of(poll)
    vote(poll, webinar, ids=[red])

    recorded = vote(poll, webinar, ids=[red, red])

    assert recorded == []
    assert (counts_of(poll), poll.revision) == (({"Red": 1, "Blue": 0}, 1), 1)


def test_vote_can_be_changed_and_stays_one_persons(webinar):
    poll = PollFactory(webinar_id=webinar.id)
    red, blue = ids_of(poll)
    vote(poll, webinar, ids=[red])

    vote(poll, webinar, ids=[blue])

    assert counts_of(poll) == ({"Red": 0, "Blue": 1}, 1)


def test_several_answers_count_each_and_their_person_once(webinar):
    poll = PollFactory(
        webinar_id=webinar.id, kind=PollKind.SEVERAL, options=["Red", "Blue", "Green"]
    )
    red, blue, green = ids_of(poll)
    vote(poll, webinar, ids=[red, blue])

    vote(poll, webinar, ids=[blue, green])

    assert counts_of(poll) == ({"Red": 0, "Blue": 1, "Green": 1}, 1)


def test_option_of_another_poll_is_no_choice(webinar):
    poll, other = PollFactory(webinar_id=webinar.id), PollFactory(webinar_id=webinar.id)

    with pytest.raises(Refusal):
        vote(poll, webinar, ids=ids_of(other))

    assert counts_of(other) == ({"Red": 0, "Blue": 0}, 0)


def test_poll_of_another_webinar_is_not_found(webinar):
    other = PollFactory(webinar_id=WebinarFactory(status=WebinarStatus.LIVE).id)

    with pytest.raises(NotFound):
        vote(other, webinar, ids=ids_of(other))


@pytest.mark.parametrize("results", [ResultsShown.VOTED, ResultsShown.CLOSED])
def test_hidden_results_are_not_told_to_the_room(webinar, results):
    poll = PollFactory(webinar_id=webinar.id, results=results)

    [fact] = vote(poll, webinar, ids=ids_of(poll)[:1])

    assert isinstance(fact, PollVoteCounted)
    assert fact.public_tally == ""


def test_words_are_counted_under_their_first_spelling(webinar):
    poll = PollFactory(webinar_id=webinar.id, kind=PollKind.WORDS, options=[])

    vote(poll, webinar, words=["Trust", "Räume"])
    vote(poll, webinar, who="2", words=["RÄUME", "trust", "Time"])

    assert counts_of(poll) == ({"Trust": 2, "Räume": 2, "Time": 1}, 2)


def test_word_that_nobody_wants_any_more_is_gone(webinar):
    poll = PollFactory(webinar_id=webinar.id, kind=PollKind.WORDS, options=[])
    vote(poll, webinar, words=["Trust", "Money"])

    vote(poll, webinar, words=["trust"])

    assert counts_of(poll) == ({"Trust": 1}, 1)


def test_blocked_words_are_dropped(webinar):
    db.session.add(Room(webinar_id=webinar.id, blocked_words="money"))
    db.session.commit()
    poll = PollFactory(webinar_id=webinar.id, kind=PollKind.WORDS, options=[])

    vote(poll, webinar, words=["Trust", "Money!"])

    assert counts_of(poll) == ({"Trust": 1}, 1)


def test_silenced_person_may_choose_but_not_write(webinar):
    db.session.add(SilencedAsker(webinar_id=webinar.id, asker_key="guest:1", silenced_at=START))
    db.session.commit()
    choice = PollFactory(webinar_id=webinar.id)
    cloud = PollFactory(webinar_id=webinar.id, kind=PollKind.WORDS, options=[])
    vote(choice, webinar, ids=ids_of(choice)[:1])

    with pytest.raises(VoterIsSilenced):
        vote(cloud, webinar, words=["Trust"])

    assert counts_of(choice)[1] == 1
    assert counts_of(cloud) == ({}, 0)


def test_hidden_word_counts_on_and_is_told_to_moderators_alone(webinar):
    poll = PollFactory(webinar_id=webinar.id, kind=PollKind.WORDS, options=[])
    vote(poll, webinar, words=["Trust", "Rude"])
    rude = next(option.id for option in list_options(poll.id) if option.text == "Rude")
    with transaction():
        hide_word(poll.id, rude, webinar_id=webinar.id)

    [fact] = vote(poll, webinar, who="2", words=["rude"])

    assert isinstance(fact, PollVoteCounted)
    assert "Rude" in fact.tally
    assert "Rude" not in fact.public_tally
    assert counts_of(poll) == ({"Trust": 1, "Rude": 2}, 2)
    assert [option.text for option in list_shown_options([poll])[poll.id]] == ["Trust"]


def test_vote_after_the_end_is_refused(webinar):
    poll = PollFactory(webinar_id=webinar.id)
    webinar.status = WebinarStatus.ENDED
    db.session.commit()

    with pytest.raises(PollIsNotOpen):
        vote(poll, webinar, ids=ids_of(poll)[:1])


def race(app, *calls) -> None:
    def run(call) -> None:
        with app.app_context():
            call()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_votes_of_many_at_once_are_all_counted_and_none_twice(webinar, in_app):
    poll_id = PollFactory(webinar_id=webinar.id).id
    webinar_id = webinar.id
    red, blue = ids_of(db.session.get_one(Poll, poll_id))
    db.session.rollback()

    def vote_as(number: int):
        def call() -> None:
            poll = db.session.get_one(Poll, poll_id)
            person = db.session.get_one(Webinar, webinar_id)
            vote(poll, person, who=str(number % 8), ids=[red if number % 8 else blue])

        return call

    race(in_app, *(vote_as(number) for number in range(24)))

    poll = db.session.get_one(Poll, poll_id)
    assert counts_of(poll) == ({"Red": 7, "Blue": 1}, 8)
    assert poll.revision == 8


def test_one_person_who_votes_for_two_things_at_once_has_one_vote(webinar, in_app):
    poll_id = PollFactory(webinar_id=webinar.id).id
    webinar_id = webinar.id
    options = ids_of(db.session.get_one(Poll, poll_id))
    db.session.rollback()

    def vote_for(option_id: int):
        def call() -> None:
            poll = db.session.get_one(Poll, poll_id)
            vote(poll, db.session.get_one(Webinar, webinar_id), ids=[option_id])

        return call

    race(in_app, *(vote_for(options[number % 2]) for number in range(10)))

    counts, voters = counts_of(db.session.get_one(Poll, poll_id))
    assert (sum(counts.values()), voters) == (1, 1)


def test_same_new_word_of_many_at_once_is_one_word(webinar, in_app):
    poll_id = PollFactory(webinar_id=webinar.id, kind=PollKind.WORDS, options=[]).id
    webinar_id = webinar.id

    def write_as(number: int):
        def call() -> None:
            poll = db.session.get_one(Poll, poll_id)
            person = db.session.get_one(Webinar, webinar_id)
            vote(poll, person, who=str(number), words=["Trust" if number % 2 else "TRUST"])

        return call

    race(in_app, *(write_as(number) for number in range(8)))

    counts, voters = counts_of(db.session.get_one(Poll, poll_id))
    assert (list(counts.values()), voters) == ([8], 8)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PollOption)) == 1
