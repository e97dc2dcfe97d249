"""What the live log holds of an attendee's questions."""

from __future__ import annotations

from typing import Any

from eventapp.core.db import db
from eventapp.live.changes import THING, State, from_text, to_text
from eventapp.live.queries import list_entries_about, list_whole_log
from eventapp.questions.models import ReplyStatus
from eventapp.questions.personal_data import ERASED, NOT_SAID
from eventapp.questions.queries import list_questions_of
from eventapp.questions.reply_queries import list_replies_by
from eventapp.questions.rules import PUBLIC_STATUSES, key_of_registration
from eventapp.registrations.models import Registration
from eventapp.registrations.personal_data import Keeper, moment


def collect(registration: Registration) -> list[dict[str, Any]]:
    questions = [question.id for question in list_questions_of(registration.id)]
    return [
        {"what": entry.kind.value, "question": entry.title, "at": moment(entry.at)}
        for entry in list_entries_about(questions)
    ]


def erase(registration: Registration) -> None:
    """Take what isn't published, and who was silenced, out of the log; acts and times stay.

    Of what is published the log keeps the words that everyone reads now, and no earlier ones.
    """
    words = _Words(registration)
    for entry in list_whole_log(registration.webinar_id):
        if entry.question_id in words.questions:
            entry.title = words.questions[entry.question_id]
        entry.before = words.take_out(entry.before)
        entry.after = words.take_out(entry.after)
    db.session.flush()


class _Words:
    """What may still be read of one attendee's words, by the id of what they are in."""

    def __init__(self, registration: Registration) -> None:
        self._key = key_of_registration(registration.id)
        self.questions = {
            question.id: question.text if question.status in PUBLIC_STATUSES else NOT_SAID
            for question in list_questions_of(registration.id)
        }
        self._replies = {
            reply.id: reply.text if reply.status is ReplyStatus.PUBLISHED else NOT_SAID
            for reply in list_replies_by(self._key)
        }

    def take_out(self, text: str) -> str:
        """Return the states of an entry without what may be read no more."""
        states = from_text(text)
        left = [self._leave(state) for state in states]
        return to_text(left) if left != states else text

    def _leave(self, state: State) -> State:
        thing, known = state[THING], {"question": self.questions, "reply": self._replies}
        if thing == "silenced" and state["asker_key"] == self._key:
            return state | {"asker_key": ERASED}
        if thing in known and state["id"] in known[thing]:
            left = {"text": known[thing][state["id"]], "original_text": None}
            return state | {name: value for name, value in left.items() if name in state}
        return state


KEEPER = Keeper(name="live_log", collect=collect, erase=erase)
