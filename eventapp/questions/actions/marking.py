"""What moderators write on a question: other words, a label, whom and what it is for, a pin."""

from __future__ import annotations

from eventapp.core.db import db, record
from eventapp.questions.desk_queries import speaks_in
from eventapp.questions.desk_refusals import SpeakerIsNotHere
from eventapp.questions.desk_rules import check_can_mark, tidy_label
from eventapp.questions.events import QuestionMarked
from eventapp.questions.models import Question
from eventapp.questions.queries import get_question_for_change, get_room
from eventapp.questions.room_rules import has_blocked_word
from eventapp.questions.rules import check_text, tidy_text
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_agenda_item


def edit_question(question_id: int, *, webinar_id: int, text: str) -> Question:
    """Change the words; what was asked is kept beside them. Records QuestionMarked.

    Refuses: QuestionIsElsewhere, QuestionIsEmpty, QuestionIsTooLong.
    """
    question = _get_to_mark(question_id, webinar_id=webinar_id)
    tidied = tidy_text(text)
    check_text(tidied)
    asked = question.text if question.original_text is None else question.original_text
    question.original_text = None if tidied == asked else asked
    question.text = tidied
    blocked_words = get_room(webinar_id).blocked_words
    question.has_blocked_word = has_blocked_word(tidied, blocked_words=blocked_words)
    return _mark(question)


def label_question(question_id: int, *, webinar_id: int, label: str) -> Question:
    """Put a label on a question, or take it off. Records QuestionMarked.

    Refuses: QuestionIsElsewhere, LabelIsTooLong.
    """
    question = _get_to_mark(question_id, webinar_id=webinar_id)
    question.label = tidy_label(label)
    return _mark(question)


def assign_question(
    question_id: int, *, webinar: Webinar, speaker_id: int | None, agenda_item_id: int | None
) -> Question:
    """Say who should answer, and in which part of the agenda. Records QuestionMarked.

    Refuses: QuestionIsElsewhere, SpeakerIsNotHere. Raises NotFound for another webinar's item.
    """
    question = _get_to_mark(question_id, webinar_id=webinar.id)
    if speaker_id is not None and not speaks_in(webinar.id, speaker_id):
        raise SpeakerIsNotHere
    if agenda_item_id is not None:
        get_agenda_item(webinar, agenda_item_id)
    question.speaker_id, question.agenda_item_id = speaker_id, agenda_item_id
    db.session.flush()
    db.session.expire(question, ["speaker", "agenda_item"])
    return _mark(question)


def pin_question(question_id: int, *, webinar_id: int) -> Question:
    """Keep a question in sight, whatever its votes. Records QuestionMarked."""
    return _pin(question_id, webinar_id=webinar_id, is_pinned=True)


def unpin_question(question_id: int, *, webinar_id: int) -> Question:
    """Let a question go with its votes again. Records QuestionMarked."""
    return _pin(question_id, webinar_id=webinar_id, is_pinned=False)


def _pin(question_id: int, *, webinar_id: int, is_pinned: bool) -> Question:
    question = _get_to_mark(question_id, webinar_id=webinar_id)
    question.is_pinned = is_pinned
    return _mark(question)


def _get_to_mark(question_id: int, *, webinar_id: int) -> Question:
    question = get_question_for_change(question_id, webinar_id=webinar_id)
    check_can_mark(question)
    return question


def _mark(question: Question) -> Question:
    question.revision += 1
    db.session.flush()
    record(QuestionMarked(question_id=question.id, webinar_id=question.webinar_id))
    return question
