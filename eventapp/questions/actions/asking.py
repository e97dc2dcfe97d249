"""Asking: what someone in the audience does with a question of their own."""

from __future__ import annotations

from datetime import datetime

from eventapp.core.db import db, record
from eventapp.core.errors import NotFound
from eventapp.questions.asker import Asker
from eventapp.questions.events import QuestionAsked, QuestionChanged, QuestionWithdrawn
from eventapp.questions.models import Question, QuestionStatus
from eventapp.questions.queries import (
    count_merged_into,
    count_pending_of,
    count_votes_of_others,
    find_last_asked_at,
    find_question_by_submission,
    get_question_for_change,
    get_room,
    is_silenced,
)
from eventapp.questions.room_rules import (
    check_can_change,
    check_can_withdraw,
    check_may_write,
    check_pace,
    has_blocked_word,
)
from eventapp.questions.rules import (
    LONGEST_NAME,
    PUBLIC_STATUSES,
    check_can_ask,
    check_is_time,
    check_pending,
    check_text,
    first_status,
    tidy_text,
)
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def ask_question(
    webinar: Webinar,
    *,
    text: str,
    author_name: str,
    is_anonymous: bool = False,
    shows_name_to_desk: bool = False,
    asker: Asker,
    submission_key: str,
    now: datetime,
) -> Question:
    """Put a question; it waits for a moderator where the webinar has them. Records QuestionAsked.

    The room never reads the name of who asks anonymously. Moderators do where the room is set so
    and the asker was told so (`shows_name_to_desk`); that is settled now and stays.
    Sent twice with one `submission_key` it stays one: the second call returns the first's.
    Refuses: AskingIsNotOpen, AskingIsOver, AskingIsClosed, AskerIsSilenced, AskedTooSoon,
    QuestionIsEmpty, QuestionIsTooLong, TooManyWait.
    """
    webinar = lock_webinar(webinar.id)
    own_key = f"{asker.key}/{submission_key}"
    asked_before = find_question_by_submission(webinar.id, own_key)
    if asked_before is not None:
        return asked_before
    room = get_room(webinar.id)
    tidied = tidy_text(text)
    check_can_ask(webinar, now=now, room=room)
    check_may_write(is_silenced=is_silenced(webinar.id, asker=asker.key))
    check_text(tidied)
    check_pace(room, last_asked_at=find_last_asked_at(webinar.id, asker=asker.key), now=now)
    name = tidy_text(author_name)[:LONGEST_NAME]
    is_named_to_desk = not is_anonymous or (room.shows_names_to_desk and shows_name_to_desk)
    is_blocked = has_blocked_word(tidied, blocked_words=room.blocked_words)
    question = Question(
        webinar_id=webinar.id,
        registration_id=asker.registration_id,
        asker_key=asker.key,
        submission_key=own_key,
        author_name="" if is_anonymous else name,
        desk_name=name if is_named_to_desk else "",
        text=tidied,
        has_blocked_word=is_blocked,
        status=first_status(webinar, has_blocked_word=is_blocked),
        asked_at=now,
    )
    db.session.add(question)
    db.session.flush()
    check_pending(count_pending_of(webinar.id, asker=asker.key))
    record(QuestionAsked(question_id=question.id, webinar_id=webinar.id))
    return question


def change_own_question(
    question_id: int, *, webinar: Webinar, text: str, asker: Asker, now: datetime
) -> Question:
    """Put one's own question in other words, until it is taken up; what was asked first is kept.

    A published one waits for a moderator again, and leaves the room, where the webinar has them.
    Records QuestionChanged. Raises NotFound for another's. Refuses: AskingIsNotOpen, AskingIsOver,
    AskerIsSilenced, QuestionIsTaken, QuestionHasVotes, QuestionIsEmpty, QuestionIsTooLong.
    """
    webinar = lock_webinar(webinar.id)
    room = get_room(webinar.id)
    question = _get_own_for_change(question_id, webinar_id=webinar.id, asker=asker)
    tidied = tidy_text(text)
    if tidied == question.text:
        return question
    check_is_time(webinar, now=now, room=room)
    check_may_write(is_silenced=is_silenced(webinar.id, asker=asker.key))
    others = count_votes_of_others(question.id, asker=asker.key)
    check_can_change(question, votes_of_others=others)
    check_text(tidied)
    was_public = question.status in PUBLIC_STATUSES
    first = question.text if question.original_text is None else question.original_text
    question.original_text = None if tidied == first else first
    question.text = tidied
    question.has_blocked_word = has_blocked_word(tidied, blocked_words=room.blocked_words)
    if was_public:
        question.status = first_status(webinar, has_blocked_word=question.has_blocked_word)
    question.revision += 1
    db.session.flush()
    record(QuestionChanged(question_id=question.id, webinar_id=webinar.id, was_public=was_public))
    return question


def withdraw_question(question_id: int, *, webinar: Webinar, asker: Asker) -> Question:
    """Take one's own question back, until it is taken up. Records QuestionWithdrawn.

    Twice changes nothing more. Raises NotFound for another's. Refuses: QuestionIsTaken,
    QuestionSpeaksForOthers.
    """
    webinar = lock_webinar(webinar.id)
    question = _get_own_for_change(question_id, webinar_id=webinar.id, asker=asker)
    if question.status is QuestionStatus.WITHDRAWN:
        return question
    check_can_withdraw(question, merged=count_merged_into(question.id))
    was_public = question.status in PUBLIC_STATUSES
    question.status = QuestionStatus.WITHDRAWN
    question.revision += 1
    db.session.flush()
    record(QuestionWithdrawn(question_id=question.id, webinar_id=webinar.id, was_public=was_public))
    return question


def _get_own_for_change(question_id: int, *, webinar_id: int, asker: Asker) -> Question:
    question = get_question_for_change(question_id, webinar_id=webinar_id)
    if question.asker_key != asker.key:
        raise NotFound
    return question
