"""What follows when a replay is published."""

from __future__ import annotations

from eventapp.core import clock
from eventapp.core.mailer import site_address
from eventapp.questions.models import Question
from eventapp.registrations.mails import mail_attendee
from eventapp.replays.agenda.timecodes import format_timecode
from eventapp.replays.queries import get_replay, list_answered_with_askers
from eventapp.replays.rules import in_recording, is_replay_public
from eventapp.webinars.events import ReplayPublished


def mail_askers(event: ReplayPublished) -> None:
    """Send whoever asked a question that was answered a link to that moment of the recording."""
    replay = get_replay(event.webinar_id)
    starts = {
        entry.question_id: in_recording(entry, offset=replay.offset) for entry in replay.entries
    }
    for question in list_answered_with_askers(event.webinar_id):
        if question.id in starts:
            _mail_asker(question, start=starts[question.id])


def _mail_asker(question: Question, *, start: float) -> None:
    registration = question.registration
    if registration is None or not registration.email:
        return
    webinar = registration.webinar
    if is_replay_public(webinar):
        mail_attendee(
            "question_answered",
            registration,
            once_key=f"answered:{question.id}",
            now=clock.now(),
            context={
                "question": question,
                "timecode": format_timecode(start, milliseconds=False),
                "moment_url": site_address("pages.replay", slug=webinar.slug, t=int(start)),
            },
        )
