"""How the room takes questions, and from whom."""

from __future__ import annotations

from datetime import datetime

from eventapp.live.actions.logging import acting
from eventapp.live.changes import remember
from eventapp.live.models import LogEntryKind
from eventapp.questions import actions as questions
from eventapp.questions.actions import RoomChanges
from eventapp.questions.desk_queries import find_silenced
from eventapp.questions.queries import get_question
from eventapp.webinars import actions as webinars
from eventapp.webinars.queries import lock_webinar


def change_room(webinar_id: int, *, changes: RoomChanges, actor_id: int, now: datetime) -> None:
    """Change how questions are taken, while the webinar runs too.

    Without moderators, what waits for them goes on waiting. Refuses: SlowModeIsOutOfRange,
    TooManyBlockedWords.
    """
    webinar = lock_webinar(webinar_id)
    room = questions.settle_room(webinar.id)
    kind = LogEntryKind.ROOM_CHANGED
    with acting(webinar, kind, actor_id=actor_id, now=now, touched=[room, webinar]):
        if changes.is_moderated is not None:
            webinars.switch_moderation(webinar, is_moderated=changes.is_moderated, now=now)
        questions.change_room(webinar.id, changes)


def note_moderation(webinar_id: int, *, now: datetime) -> None:
    """Bring into the log what was switched with the webinar's details."""
    webinar = lock_webinar(webinar_id)
    kind = LogEntryKind.ROOM_CHANGED
    with acting(webinar, kind, actor_id=None, now=now) as act:
        act.touched.append(webinar)
        act.before += [
            state | {"is_moderated": not webinar.is_moderated} for state in remember(webinar)
        ]
        questions.touch_room(questions.settle_room(webinar.id))


def silence_asker(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Let whoever asked this write nothing more. Refuses: AskerIsErased, AlreadySilenced."""
    webinar = lock_webinar(webinar_id)
    question = get_question(question_id, webinar_id=webinar.id)
    kind = LogEntryKind.ASKER_SILENCED
    with acting(webinar, kind, actor_id=actor_id, now=now, question=question) as act:
        act.make(questions.silence_asker(question.id, webinar_id=webinar.id, now=now))


def hear_asker(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Let whoever asked this write again. Refuses: NotSilenced."""
    webinar = lock_webinar(webinar_id)
    question = get_question(question_id, webinar_id=webinar.id)
    silenced = find_silenced(webinar.id, question.asker_key)
    kind, touched = LogEntryKind.ASKER_HEARD, [silenced] if silenced else []
    with acting(webinar, kind, actor_id=actor_id, now=now, question=question, touched=touched):
        questions.hear_asker(question.id, webinar_id=webinar.id)
