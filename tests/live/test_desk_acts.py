from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.errors import NotFound
from eventapp.live import actions
from eventapp.live.models import LogEntryKind as Kind
from eventapp.live.queries import find_undoable, list_log
from eventapp.live.refusals import AnotherWasFaster
from eventapp.questions.actions import (
    Asker,
    RoomChanges,
    VoteCount,
    take_back_vote,
    vote_for_question,
)
from eventapp.questions.desk_queries import list_silenced_keys
from eventapp.questions.desk_refusals import (
    AlreadySilenced,
    LabelIsTooLong,
    NotSilenced,
    QuestionIsOnAir,
    QuestionIsTheSame,
    QuestionTakesNoOthers,
    SlowModeIsOutOfRange,
    SpeakerIsNotHere,
    TooManyBlockedWords,
)
from eventapp.questions.models import Question, QuestionStatus, QuestionVote
from eventapp.questions.queries import get_room
from eventapp.questions.refusals import QuestionIsElsewhere, QuestionIsEmpty
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import (
    START,
    AgendaItemFactory,
    QuestionFactory,
    SpeakerFactory,
    UserFactory,
    WebinarFactory,
    add_speaker,
)

NOW = START + timedelta(minutes=1)

pytestmark = pytest.mark.every_engine


@pytest.fixture
def webinar(in_app) -> Webinar:
    made: Webinar = WebinarFactory(status=WebinarStatus.LIVE)
    return made


@pytest.fixture
def moderator(in_app) -> int:
    number: int = UserFactory(name="Anna").id
    return number


@pytest.fixture
def do(webinar, moderator) -> Callable[..., None]:
    """Do an act on a question as Anna."""

    def act(act: Callable[..., None], question: Question, **details: object) -> None:
        by = {"actor_id": moderator, "now": NOW} | details
        with transaction():
            act(question.id, webinar_id=webinar.id, **by)

    return act


@pytest.fixture
def undo(webinar, moderator) -> Callable[[], None]:
    def take_back() -> None:
        entry, _name = find_undoable(webinar.id)
        with transaction():
            actions.undo_act(
                webinar.id, entry_id=entry.id if entry else 0, actor_id=moderator, now=NOW
            )

    return take_back


@pytest.fixture
def ask(webinar) -> Callable[..., Question]:
    def put(*voters: str, **values: object) -> Question:
        question: Question = QuestionFactory(webinar_id=webinar.id, votes=len(voters), **values)
        db.session.add_all(
            QuestionVote(question_id=question.id, voter_key=v, voted_at=START) for v in voters
        )
        db.session.commit()
        return question

    return put


def votes_of(question: Question) -> tuple[int, set[str]]:
    db.session.expire_all()
    keys = db.session.scalars(
        sa.select(QuestionVote.voter_key).where(QuestionVote.question_id == question.id)
    )
    return question.votes, set(keys)


def test_edit_keeps_what_was_asked(ask, do):
    question = ask(text="wat is teh price")

    do(actions.edit_question, question, text="What is the price?")
    do(actions.edit_question, question, text="What is the price of it?")

    assert (question.text, question.original_text) == (
        "What is the price of it?",
        "wat is teh price",
    )


def test_edit_back_to_what_was_asked_leaves_nothing_beside_it(ask, do):
    question = ask(text="Who pays?")
    do(actions.edit_question, question, text="Who pays for it?")

    do(actions.edit_question, question, text="Who pays?")

    assert (question.text, question.original_text) == ("Who pays?", None)


def test_edit_to_nothing_is_refused(ask, do):
    with pytest.raises(QuestionIsEmpty):
        do(actions.edit_question, ask(), text=" \n ")


def test_act_that_changes_nothing_leaves_no_entry(webinar, ask, do):
    question = ask(label="Money")

    do(actions.label_question, question, label=" Money ")

    assert list_log(webinar.id) == []


def test_label_is_short(ask, do):
    with pytest.raises(LabelIsTooLong):
        do(actions.label_question, ask(), label="x" * 31)


def test_question_is_assigned_to_who_speaks_here_and_when(webinar, ask, do):
    item = AgendaItemFactory(webinar=webinar, speakers=[SpeakerFactory()])
    question, speaker = ask(), add_speaker(webinar)

    do(
        actions.assign_question,
        question,
        speaker_id=speaker.id,
        agenda_item_id=item.id,
    )

    assert (question.speaker_id, question.agenda_item_id) == (speaker.id, item.id)


def test_question_is_not_assigned_to_who_speaks_elsewhere(ask, do):
    with pytest.raises(SpeakerIsNotHere):
        do(actions.assign_question, ask(), speaker_id=SpeakerFactory().id, agenda_item_id=None)


def test_merge_counts_each_voter_once(ask, do):
    question, into = ask("a", "b"), ask("b", "c")

    do(actions.merge_question, question, into_id=into.id)

    assert votes_of(into) == (3, {"a", "b", "c"})
    assert (question.status, question.merged_into_id) == (QuestionStatus.MERGED, into.id)


def test_undone_merge_gives_back_exactly(ask, do, undo):
    question, into = ask("a", "b", status=QuestionStatus.PENDING), ask("b", "c")
    do(actions.merge_question, question, into_id=into.id)

    undo()

    assert votes_of(into) == (2, {"b", "c"})
    assert votes_of(question) == (2, {"a", "b"})
    assert (question.status, question.merged_into_id) == (QuestionStatus.PENDING, None)


@pytest.fixture
def vote(webinar) -> Callable[[Callable[..., VoteCount], Question, str], int]:
    """Vote, or take the vote back, under a name; return the question that it counts for."""
    webinar_id = webinar.id

    def give(change: Callable[..., VoteCount], question: Question, name: str) -> int:
        question_id = question.id
        with transaction():
            voter = Asker(key=name)
            return change(question_id, webinar_id=webinar_id, voter=voter, now=NOW).question_id

    return give


def test_vote_for_a_merged_question_counts_for_both_and_once(ask, do, vote, undo):
    one, other = ask("ada"), ask("ben")
    do(actions.merge_question, other, into_id=one.id)

    counted_for = [vote(vote_for_question, other, name) for name in ("cem", "cem", "ada")]
    together = votes_of(one)
    undo()

    assert counted_for == [one.id] * 3
    assert together == (3, {"ada", "ben", "cem"})
    assert votes_of(one) == (1, {"ada"})
    assert votes_of(other) == (3, {"ada", "ben", "cem"})


def test_vote_taken_back_from_the_whole_is_in_none_of_its_parts(ask, do, vote, undo):
    one, other = ask("ada"), ask("ada", "ben")
    do(actions.merge_question, other, into_id=one.id)

    vote(take_back_vote, one, "ada")
    together = votes_of(one)
    undo()

    assert together == (1, {"ben"})
    assert (votes_of(one), votes_of(other)) == ((0, set()), (1, {"ben"}))


def test_edit_without_the_blocked_word_takes_its_mark_away(webinar, moderator, ask, do):
    with transaction():
        changes = RoomChanges(blocked_words="rubbish")
        actions.change_room(webinar.id, changes=changes, actor_id=moderator, now=NOW)
    question = ask(text="What rubbish?", has_blocked_word=True)

    do(actions.edit_question, question, text="What is it?")
    mended = question.has_blocked_word
    do(actions.edit_question, question, text="Rubbish!")

    assert (mended, question.has_blocked_word) == (False, True)


def test_merged_into_one_that_is_merged_goes_where_that_went(ask, do):
    first, second, third = ask("a"), ask("b"), ask("c")
    do(actions.merge_question, second, into_id=third.id)

    do(actions.merge_question, first, into_id=second.id)

    assert first.merged_into_id == third.id
    assert votes_of(third) == (3, {"a", "b", "c"})


def test_those_merged_into_a_merged_one_come_along_and_back(ask, do, undo):
    first, second, third = ask("a"), ask("b"), ask("c")
    do(actions.merge_question, first, into_id=second.id)
    do(actions.merge_question, second, into_id=third.id)
    along = first.merged_into_id, votes_of(third)

    undo()

    assert along == (third.id, (3, {"a", "b", "c"}))
    assert (first.merged_into_id, second.merged_into_id) == (second.id, None)
    assert (votes_of(second), votes_of(third)) == ((2, {"a", "b"}), (1, {"c"}))


def test_question_that_took_in_others_is_not_merged_into_one_of_them(ask, do):
    first, second = ask(), ask()
    do(actions.merge_question, first, into_id=second.id)

    with pytest.raises(QuestionIsTheSame):
        do(actions.merge_question, second, into_id=first.id)


def test_question_on_air_takes_in_others_and_is_not_merged_itself(ask, do):
    question, on_air = ask("a"), ask(status=QuestionStatus.ON_AIR)

    with pytest.raises(QuestionIsOnAir):
        do(actions.merge_question, on_air, into_id=question.id)
    do(actions.merge_question, question, into_id=on_air.id)

    assert votes_of(on_air) == (1, {"a"})


def test_nothing_is_merged_into_what_is_set_aside(ask, do):
    with pytest.raises(QuestionTakesNoOthers):
        do(actions.merge_question, ask(), into_id=ask(status=QuestionStatus.DISMISSED).id)


def test_merged_question_moves_no_more(ask, do):
    question = ask()
    do(actions.merge_question, question, into_id=ask().id)

    with pytest.raises(QuestionIsElsewhere):
        do(actions.approve_question, question)


def test_second_moderator_is_told_who_was_first(ask, do):
    question, second = ask(status=QuestionStatus.PENDING), UserFactory(name="Ben")
    do(actions.approve_question, question)

    with pytest.raises(AnotherWasFaster) as refused:
        do(actions.approve_question, question, actor_id=second.id)

    assert str(refused.value.message) == "Anna published this question a moment ago."


def test_long_after_it_is_told_only_where_the_question_is(ask, do):
    question, second = ask(status=QuestionStatus.PENDING), UserFactory(name="Ben")
    do(actions.approve_question, question)

    with pytest.raises(QuestionIsElsewhere):
        do(actions.approve_question, question, actor_id=second.id, now=NOW + timedelta(hours=1))


def test_silenced_asker_is_heard_again(webinar, ask, do):
    question = ask(asker_key="guest:1")
    do(actions.silence_asker, question)
    silenced = list_silenced_keys(webinar.id)
    with pytest.raises(AlreadySilenced):
        do(actions.silence_asker, question)

    do(actions.hear_asker, question)

    assert (silenced, list_silenced_keys(webinar.id)) == ({"guest:1"}, set())
    with pytest.raises(NotSilenced):
        do(actions.hear_asker, question)


def test_silencing_and_hearing_are_undone(webinar, ask, do, undo):
    question = ask(asker_key="guest:1")
    do(actions.silence_asker, question)
    do(actions.hear_asker, question)

    undo()
    heard_undone = list_silenced_keys(webinar.id)
    undo()

    assert (heard_undone, list_silenced_keys(webinar.id)) == ({"guest:1"}, set())


def test_room_is_changed_where_it_is_said_and_back(webinar, moderator, ask, undo):
    waiting = ask(status=QuestionStatus.PENDING)
    changes = RoomChanges(is_moderated=False, slow_seconds=30, blocked_words="Foo\n\nfoo\n bar ")
    with transaction():
        actions.change_room(webinar.id, changes=changes, actor_id=moderator, now=NOW)
    room = get_room(webinar.id)
    changed = (webinar.is_moderated, room.slow_seconds, room.blocked_words, room.is_closed)

    undo()

    assert changed == (False, 30, "foo\nbar", False)
    assert waiting.status is QuestionStatus.PENDING
    assert (webinar.is_moderated, room.slow_seconds, room.blocked_words) == (True, 0, "")
    assert room.revision == 2


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        (RoomChanges(slow_seconds=3601), SlowModeIsOutOfRange),
        (RoomChanges(slow_seconds=-1), SlowModeIsOutOfRange),
        (RoomChanges(blocked_words="x" * 51), TooManyBlockedWords),
        (RoomChanges(blocked_words="\n".join(map(str, range(201)))), TooManyBlockedWords),
    ],
)
def test_settings_out_of_range_are_refused(webinar, moderator, changes, refusal):
    with pytest.raises(refusal), transaction():
        actions.change_room(webinar.id, changes=changes, actor_id=moderator, now=NOW)

    assert list_log(webinar.id) == []


def test_undo_passes_over_what_is_gone_since(webinar, ask, do, undo):
    kept, gone = ask(status=QuestionStatus.PENDING), ask(status=QuestionStatus.PENDING)
    do(actions.approve_question, kept)
    do(actions.approve_question, gone)
    gone.status = QuestionStatus.WITHDRAWN
    db.session.commit()

    undo()

    assert (kept.status, gone.status) == (QuestionStatus.PENDING, QuestionStatus.WITHDRAWN)
    assert [e.kind for e in list_log(webinar.id)][-1] is Kind.UNDONE
    assert find_undoable(webinar.id) == (None, "")


@pytest.mark.parametrize(
    "act", [actions.pin_question, actions.silence_asker, actions.approve_question]
)
def test_another_webinars_question_is_not_found(moderator, ask, act):
    question, other = ask(), WebinarFactory(status=WebinarStatus.LIVE)

    with pytest.raises(NotFound), transaction():
        act(question.id, webinar_id=other.id, actor_id=moderator, now=NOW)
