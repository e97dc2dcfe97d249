"""Acts on one question: where it goes, and what moderators write on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from eventapp.live.actions.logging import acting
from eventapp.live.models import LogEntryKind
from eventapp.live.queries import find_last_act_on
from eventapp.live.refusals import AnotherWasFaster
from eventapp.live.rules import check_can_run, is_moment_ago
from eventapp.questions import actions as questions
from eventapp.questions.models import Question
from eventapp.questions.queries import get_question, list_on_air_for_change
from eventapp.questions.refusals import QuestionIsElsewhere
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def approve_question(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Publish a question. Refuses: QuestionIsElsewhere, AnotherWasFaster."""
    kind = LogEntryKind.QUESTION_APPROVED
    with acting_on(question_id, kind, webinar_id=webinar_id, actor_id=actor_id, now=now):
        questions.approve_question(question_id, webinar_id=webinar_id)


def dismiss_question(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Set a question aside. Refuses: QuestionIsElsewhere, AnotherWasFaster."""
    kind = LogEntryKind.QUESTION_DISMISSED
    with acting_on(question_id, kind, webinar_id=webinar_id, actor_id=actor_id, now=now):
        questions.dismiss_question(question_id, webinar_id=webinar_id)


def put_question_on_air(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Put a question on air; the one before counts as answered.

    Refuses: WebinarIsNotLive, QuestionIsElsewhere, AnotherWasFaster.
    """
    webinar = lock_webinar(webinar_id)
    check_can_run(webinar)
    question = get_question(question_id, webinar_id=webinar.id)
    before = [q for q in list_on_air_for_change(webinar.id) if q.id != question.id]
    kind, touched = LogEntryKind.QUESTION_ON_AIR, [question, *before]
    with (
        naming_who_was_faster(question, actor_id=actor_id, now=now),
        acting(webinar, kind, actor_id=actor_id, now=now, question=question, touched=touched),
    ):
        questions.put_on_air(question.id, webinar_id=webinar.id, now=now)


def answer_question(
    question_id: int, *, webinar_id: int, actor_id: int | None, now: datetime
) -> None:
    """Mark a question as answered. Refuses: QuestionIsElsewhere, AnotherWasFaster."""
    kind = LogEntryKind.QUESTION_ANSWERED
    with acting_on(question_id, kind, webinar_id=webinar_id, actor_id=actor_id, now=now):
        questions.mark_answered(question_id, webinar_id=webinar_id, now=now)


def restore_question(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Bring a question back among the published. Refuses: QuestionIsElsewhere, AnotherWasFaster."""
    kind = LogEntryKind.QUESTION_APPROVED
    with acting_on(question_id, kind, webinar_id=webinar_id, actor_id=actor_id, now=now):
        questions.restore_question(question_id, webinar_id=webinar_id)


def edit_question(
    question_id: int, *, webinar_id: int, text: str, actor_id: int, now: datetime
) -> None:
    """Change the words; what was asked is kept.

    Refuses: QuestionIsElsewhere, QuestionIsEmpty, QuestionIsTooLong.
    """
    kind = LogEntryKind.QUESTION_EDITED
    with acting_on(question_id, kind, webinar_id=webinar_id, actor_id=actor_id, now=now):
        questions.edit_question(question_id, webinar_id=webinar_id, text=text)


def label_question(
    question_id: int, *, webinar_id: int, label: str, actor_id: int, now: datetime
) -> None:
    """Put a label on a question, or take it off. Refuses: QuestionIsElsewhere, LabelIsTooLong."""
    kind = LogEntryKind.QUESTION_LABELLED
    with acting_on(question_id, kind, webinar_id=webinar_id, actor_id=actor_id, now=now):
        questions.label_question(question_id, webinar_id=webinar_id, label=label)


def assign_question(
    question_id: int,
    *,
    webinar_id: int,
    speaker_id: int | None,
    agenda_item_id: int | None,
    actor_id: int,
    now: datetime,
) -> None:
    """Say who should answer, and in which part. Refuses: QuestionIsElsewhere, SpeakerIsNotHere."""
    kind = LogEntryKind.QUESTION_ASSIGNED
    with acting_on(question_id, kind, webinar_id=webinar_id, actor_id=actor_id, now=now) as webinar:
        questions.assign_question(
            question_id, webinar=webinar, speaker_id=speaker_id, agenda_item_id=agenda_item_id
        )


def pin_question(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Keep a question in sight, whatever its votes. Refuses: QuestionIsElsewhere."""
    kind = LogEntryKind.QUESTION_PINNED
    with acting_on(question_id, kind, webinar_id=webinar_id, actor_id=actor_id, now=now):
        questions.pin_question(question_id, webinar_id=webinar_id)


def unpin_question(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Let a question go with its votes again. Refuses: QuestionIsElsewhere."""
    kind = LogEntryKind.QUESTION_UNPINNED
    with acting_on(question_id, kind, webinar_id=webinar_id, actor_id=actor_id, now=now):
        questions.unpin_question(question_id, webinar_id=webinar_id)


def merge_question(
    question_id: int, *, webinar_id: int, into_id: int, actor_id: int, now: datetime
) -> None:
    """Let a question live on in another, which gets its votes.

    Refuses: QuestionIsElsewhere, AnotherWasFaster, QuestionIsTheSame, QuestionIsOnAir,
    QuestionTakesNoOthers.
    """
    webinar = lock_webinar(webinar_id)
    touched = questions.list_touched_by_merge(question_id, into_id=into_id, webinar_id=webinar.id)
    question = get_question(question_id, webinar_id=webinar.id)
    kind = LogEntryKind.QUESTION_MERGED
    with (
        naming_who_was_faster(question, actor_id=actor_id, now=now),
        acting(webinar, kind, actor_id=actor_id, now=now, question=question, touched=touched),
    ):
        questions.merge_question(question.id, into_id=into_id, webinar_id=webinar.id)


@contextmanager
def acting_on(
    question_id: int,
    kind: LogEntryKind,
    *,
    webinar_id: int,
    actor_id: int | None,
    now: datetime,
) -> Iterator[Webinar]:
    """Act on one question, under the lock of its webinar; whoever is second is told who was first.

    What changes nothing leaves no entry.
    """
    webinar = lock_webinar(webinar_id)
    question = get_question(question_id, webinar_id=webinar.id)
    with (
        naming_who_was_faster(question, actor_id=actor_id, now=now),
        acting(webinar, kind, actor_id=actor_id, now=now, question=question, touched=[question]),
    ):
        yield webinar


@contextmanager
def naming_who_was_faster(
    question: Question, *, actor_id: int | None, now: datetime
) -> Iterator[None]:
    """Where another moderator moved the question a moment ago, say who and what they did."""
    try:
        yield
    except QuestionIsElsewhere as refusal:
        entry, name = find_last_act_on(question.id)
        if entry is None or entry.actor_id == actor_id or not is_moment_ago(entry.at, now=now):
            raise
        raise AnotherWasFaster(entry.kind, name) from refusal
