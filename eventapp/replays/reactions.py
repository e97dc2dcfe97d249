"""What follows when a replay is published, and when questions are answered in writing."""

from __future__ import annotations

from typing import TypeAlias

from eventapp.core import clock
from eventapp.core.db import db, record
from eventapp.core.mailer import site_address
from eventapp.core.revision import raise_revision
from eventapp.questions.events import (
    AnswerChanged,
    AnswerWritten,
    AskerErased,
    QuestionAnswered,
    QuestionApproved,
    QuestionDismissed,
    QuestionMarked,
    QuestionMerged,
    QuestionPutOnAir,
    QuestionRestored,
    ReplyDismissed,
    ReplyPublished,
)
from eventapp.questions.models import Question, QuestionReply
from eventapp.questions.reply_queries import list_answers_after
from eventapp.registrations.mails import MAILING_AT_ONCE, mail_attendee
from eventapp.registrations.models import Registration
from eventapp.replays import actions
from eventapp.replays.agenda.timecodes import format_timecode
from eventapp.replays.editions import Replay
from eventapp.replays.events import (
    AnswerMailingAdvanced,
    AskerMailingAdvanced,
    EditionPublished,
    ReplayTextChanged,
)
from eventapp.replays.queries import (
    derive_entries,
    get_public_replay,
    list_answered_with_askers,
    list_askers_of,
)
from eventapp.replays.rules import in_recording, is_in_recording, is_replay_public
from eventapp.webinars.events import WebinarEnded
from eventapp.webinars.queries import get_webinar
from eventapp.webinars.rules import has_been_held

ShownOnReplay: TypeAlias = (
    AnswerChanged
    | AnswerWritten
    | AskerErased
    | QuestionAnswered
    | QuestionApproved
    | QuestionDismissed
    | QuestionMarked
    | QuestionMerged
    | QuestionPutOnAir
    | QuestionRestored
    | ReplyDismissed
    | ReplyPublished
)


def start_asker_mailing(event: EditionPublished) -> None:
    """Tell who asked where their answer is; whoever has been told already hears nothing again."""
    record(AskerMailingAdvanced(webinar_id=event.webinar_id, after_id=0))


def continue_asker_mailing(event: AskerMailingAdvanced) -> None:
    """Send the next who asked a link to their answer, and leave the rest to the next job."""
    if not is_replay_public(get_webinar(event.webinar_id)):
        return
    replay = get_public_replay(event.webinar_id)
    starts = _find_moments(event.webinar_id, replay)
    asked = list_answered_with_askers(
        event.webinar_id, after_id=event.after_id, at_most=MAILING_AT_ONCE
    )
    for question, standing_id, asker in asked:
        if standing_id in starts:
            _mail_asker(question, asker, start=starts[standing_id], number=replay.link_number)
    if len(asked) == MAILING_AT_ONCE:
        last, *_rest = asked[-1]
        record(AskerMailingAdvanced(webinar_id=event.webinar_id, after_id=last.id))


def take_agenda_from_log(event: WebinarEnded) -> None:
    """Let the organiser find the agenda on the desk, as the log tells it."""
    actions.take_agenda_from_log(get_webinar(event.webinar_id))


def start_answer_mailing(event: WebinarEnded) -> None:
    """Send what was answered in writing meanwhile: whoever asked was in the room to read it."""
    record(AnswerMailingAdvanced(webinar_id=event.webinar_id, after_id=0))


def send_answer(event: AnswerWritten | ReplyPublished) -> None:
    """Send an answer that is written, or shown after all, when the webinar is over."""
    if has_been_held(get_webinar(event.webinar_id)):
        record(AnswerMailingAdvanced(webinar_id=event.webinar_id, after_id=event.reply_id - 1))


def continue_answer_mailing(event: AnswerMailingAdvanced) -> None:
    """Send the next written answers to who asked, each person once, and leave the rest."""
    answers = list_answers_after(event.webinar_id, after_id=event.after_id, at_most=MAILING_AT_ONCE)
    askers = list_askers_of({standing_id for _answer, standing_id in answers})
    for answer, standing_id in answers:
        for question, asker in askers.get(standing_id, ()):
            _mail_answer(answer, question, asker, standing_id=standing_id)
    if len(answers) == MAILING_AT_ONCE:
        last, _standing_id = answers[-1]
        record(AnswerMailingAdvanced(webinar_id=event.webinar_id, after_id=last.id))


def refresh_replay(event: ShownOnReplay) -> None:
    """Let no kept page of a public replay show how a question stood before."""
    if is_replay_public(get_webinar(event.webinar_id)):
        raise_revision(db.session())
        record(ReplayTextChanged(webinar_id=event.webinar_id))


def _find_moments(webinar_id: int, replay: Replay) -> dict[int, float]:
    """Return where in the recording each question was answered, by its id.

    The agenda says it; for a question that an agenda from a text leaves out, the live log does.
    """
    noted = [*derive_entries(webinar_id), *replay.entries]
    moments = {
        entry.question_id: in_recording(entry, timing=replay.timing)
        for entry in noted
        if entry.question_id is not None
    }
    return {
        question_id: start
        for question_id, start in moments.items()
        if is_in_recording(start, duration=replay.duration)
    }


def _mail_asker(
    question: Question, asker: Registration, *, start: float, number: int | None
) -> None:
    mail_attendee(
        "question_answered",
        asker,
        once_key=f"answered:{question.id}",
        now=clock.now(),
        context={
            "question": question,
            "timecode": format_timecode(start, milliseconds=False),
            "moment_url": site_address(
                "pages.replay", slug=asker.webinar.slug, t=int(start), r=number
            ),
        },
    )


def _mail_answer(
    answer: QuestionReply, question: Question, asker: Registration, *, standing_id: int
) -> None:
    """Send the answer with the words in which this person asked."""
    webinar = asker.webinar
    is_public = is_replay_public(webinar)
    page = "pages.replay" if is_public else "pages.webinar"
    place = f"#question-{standing_id}" if is_public else ""
    mail_attendee(
        "question_answered_in_writing",
        asker,
        once_key=f"written:{answer.id}:{asker.id}",
        now=clock.now(),
        context={
            "question": question,
            "answer": answer.text,
            "answer_url": site_address(page, slug=webinar.slug) + place,
            "is_on_replay": is_public,
        },
    )
