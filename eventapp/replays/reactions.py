"""What follows when a replay is published."""

from __future__ import annotations

from eventapp.core import clock
from eventapp.core.db import record
from eventapp.core.mailer import site_address
from eventapp.questions.models import Question
from eventapp.registrations.mails import MAILING_AT_ONCE, mail_attendee
from eventapp.registrations.models import Registration
from eventapp.replays.agenda.timecodes import format_timecode
from eventapp.replays.events import AskerMailingAdvanced
from eventapp.replays.queries import derive_entries, get_replay, list_answered_with_askers
from eventapp.replays.rules import in_recording, is_in_recording, is_replay_public
from eventapp.webinars.events import ReplayPublished
from eventapp.webinars.queries import get_webinar


def start_asker_mailing(event: ReplayPublished) -> None:
    record(AskerMailingAdvanced(webinar_id=event.webinar_id, after_id=0))


def continue_asker_mailing(event: AskerMailingAdvanced) -> None:
    """Send the next who asked a link to their answer, and leave the rest to the next job."""
    if not is_replay_public(get_webinar(event.webinar_id)):
        return
    starts = _find_moments(event.webinar_id)
    asked = list_answered_with_askers(
        event.webinar_id, after_id=event.after_id, at_most=MAILING_AT_ONCE
    )
    for question, asker in asked:
        if question.id in starts:
            _mail_asker(question, asker, start=starts[question.id])
    if len(asked) == MAILING_AT_ONCE:
        last, _asker = asked[-1]
        record(AskerMailingAdvanced(webinar_id=event.webinar_id, after_id=last.id))


def _find_moments(webinar_id: int) -> dict[int, float]:
    """Return where in the recording each question was answered, by its id.

    The agenda says it; for a question that an agenda from a text leaves out, the live log does.
    """
    replay = get_replay(webinar_id)
    noted = [*derive_entries(webinar_id), *replay.entries]
    moments = {
        entry.question_id: in_recording(entry, offset=replay.offset)
        for entry in noted
        if entry.question_id is not None
    }
    return {
        question_id: start
        for question_id, start in moments.items()
        if is_in_recording(start, duration=replay.duration)
    }


def _mail_asker(question: Question, asker: Registration, *, start: float) -> None:
    mail_attendee(
        "question_answered",
        asker,
        once_key=f"answered:{question.id}",
        now=clock.now(),
        context={
            "question": question,
            "timecode": format_timecode(start, milliseconds=False),
            "moment_url": site_address("pages.replay", slug=asker.webinar.slug, t=int(start)),
        },
    )
