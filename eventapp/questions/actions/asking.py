"""Asking: what someone in the audience does with a question of their own."""

from __future__ import annotations

from datetime import datetime

from eventapp.core.db import record
from eventapp.questions.actions.inserting import insert_or_nothing
from eventapp.questions.asker import Asker
from eventapp.questions.events import QuestionAsked
from eventapp.questions.models import Question
from eventapp.questions.queries import (
    count_pending_of,
    find_question_by_submission,
    get_question,
)
from eventapp.questions.rules import (
    LONGEST_NAME,
    check_can_ask,
    check_pending,
    check_text,
    first_status,
    tidy_text,
)
from eventapp.webinars.models import Webinar


def ask_question(
    webinar: Webinar,
    *,
    text: str,
    author_name: str,
    desk_name: str = "",
    asker: Asker,
    submission_key: str,
    now: datetime,
) -> Question:
    """Put a question; it waits for a moderator where the webinar has them. Records QuestionAsked.

    The room reads `author_name`, empty for an anonymous question; moderators read `desk_name`.
    Sent twice with one `submission_key` it stays one: the second call returns the first's.
    Refuses: AskingIsNotOpen, AskingIsOver, QuestionIsEmpty, QuestionIsTooLong, TooManyWait.
    """
    check_can_ask(webinar, now=now)
    tidied = tidy_text(text)
    check_text(tidied)
    own_key = f"{asker.key}/{submission_key}"
    question_id = insert_or_nothing(
        Question,
        {
            "webinar_id": webinar.id,
            "registration_id": asker.registration_id,
            "asker_key": asker.key,
            "submission_key": own_key,
            "author_name": tidy_text(author_name)[:LONGEST_NAME],
            "desk_name": tidy_text(desk_name or author_name)[:LONGEST_NAME],
            "text": tidied,
            "status": first_status(webinar),
            "asked_at": now,
        },
        returning=Question.id,
    )
    if question_id is not None:
        check_pending(count_pending_of(webinar.id, asker=asker.key))
        record(QuestionAsked(question_id=question_id, webinar_id=webinar.id))
        return get_question(question_id, webinar_id=webinar.id)
    asked_before = find_question_by_submission(webinar.id, own_key)
    if asked_before is None:
        message = "a question was neither written nor there"
        raise RuntimeError(message)
    return asked_before
