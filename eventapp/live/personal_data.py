"""What the live log holds of an attendee's questions."""

from __future__ import annotations

from typing import Any

from eventapp.core.db import db
from eventapp.live.queries import list_entries_about
from eventapp.questions.personal_data import NOT_SAID
from eventapp.questions.queries import list_questions_of
from eventapp.questions.rules import PUBLIC_STATUSES
from eventapp.registrations.models import Registration
from eventapp.registrations.personal_data import Keeper, moment


def collect(registration: Registration) -> list[dict[str, Any]]:
    questions = [question.id for question in list_questions_of(registration.id)]
    return [
        {"what": entry.kind.value, "question": entry.title, "at": moment(entry.at)}
        for entry in list_entries_about(questions)
    ]


def erase(registration: Registration) -> None:
    """Take the words of questions that aren't published out of the log; acts and times stay."""
    hidden = [
        question.id
        for question in list_questions_of(registration.id)
        if question.status not in PUBLIC_STATUSES
    ]
    for entry in list_entries_about(hidden):
        entry.title = NOT_SAID
    db.session.flush()


KEEPER = Keeper(name="live_log", collect=collect, erase=erase)
