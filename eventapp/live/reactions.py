"""What open pages hear of, after the commit; and steps taken elsewhere, for the log."""

from __future__ import annotations

from typing import TypeAlias

from eventapp.audience_reactions.events import ReactionsCounted
from eventapp.live import actions, audience_news
from eventapp.live.audience_news import PollMoved
from eventapp.live.bus import publish
from eventapp.live.events import (
    ActLogged,
    ActUndone,
    AgendaItemStarted,
    RecordingStarted,
    RecordingStopped,
)
from eventapp.live.messages import VOTES, News
from eventapp.live.payloads import describe_agenda, describe_run
from eventapp.live.permits import Channel
from eventapp.live.queries import get_webinar_with_agenda, list_log
from eventapp.polls.events import PollDeleted, PollVoteCounted
from eventapp.questions.events import (
    AskerErased,
    QuestionAnswered,
    QuestionApproved,
    QuestionAsked,
    QuestionDismissed,
    QuestionPutOnAir,
    QuestionRestored,
    VoteCounted,
)
from eventapp.questions.payloads import describe_question
from eventapp.questions.queries import get_question
from eventapp.questions.rules import PUBLIC_STATUSES
from eventapp.webinars.events import (
    ReplayPublished,
    WebinarCancelled,
    WebinarEnded,
    WebinarWentLive,
)
from eventapp.webinars.queries import get_webinar

QuestionMoved: TypeAlias = (
    QuestionAsked | QuestionApproved | QuestionPutOnAir | QuestionAnswered | AskerErased
)
QuestionHidden: TypeAlias = QuestionDismissed | QuestionRestored
RunChanged: TypeAlias = (
    ActLogged | ActUndone | AgendaItemStarted | RecordingStarted | RecordingStopped
)
StepTaken: TypeAlias = WebinarWentLive | WebinarEnded | WebinarCancelled | ReplayPublished

AUDIENCE = (Channel.ROOM, Channel.STAGE)


def push_question(fact: QuestionMoved) -> None:
    """Show a question at the desk, and to the audience only where it is public at this moment."""
    _push_question(fact.question_id, fact.webinar_id, was_public=False)


def push_hidden_question(fact: QuestionHidden) -> None:
    """The same, and take it from the audience's pages where it is public no more."""
    _push_question(fact.question_id, fact.webinar_id, was_public=fact.was_public)


def _push_question(question_id: int, webinar_id: int, *, was_public: bool) -> None:
    question = get_question(question_id, webinar_id=webinar_id)
    zone = get_webinar(webinar_id).time_zone
    shown = {"kind": "question", **describe_question(question, time_zone=zone)}
    news = [News(webinar_id=webinar_id, channel=Channel.DESK, payload=shown)]
    if question.status in PUBLIC_STATUSES:
        news += [News(webinar_id=webinar_id, channel=c, payload=shown) for c in AUDIENCE]
    elif was_public:
        gone = {"kind": "gone", "id": question.id, "revision": question.revision}
        news += [News(webinar_id=webinar_id, channel=c, payload=gone) for c in AUDIENCE]
    publish(*news)


def push_votes(fact: VoteCounted) -> None:
    """Only public questions take votes, so every channel may hear of them."""
    payload = {
        "kind": VOTES,
        "id": fact.question_id,
        "votes": fact.votes,
        "revision": fact.revision,
    }
    publish(*(News(webinar_id=fact.webinar_id, channel=c, payload=payload) for c in Channel))


def push_poll(fact: PollMoved) -> None:
    publish(*audience_news.tell_poll(fact))


def push_deleted_poll(fact: PollDeleted) -> None:
    publish(*audience_news.tell_deleted_poll(fact))


def push_poll_votes(fact: PollVoteCounted) -> None:
    publish(*audience_news.tell_poll_votes(fact))


def push_reactions(fact: ReactionsCounted) -> None:
    publish(*audience_news.tell_reactions(fact))


def push_run(fact: RunChanged) -> None:
    """Tell moderators how the run of show stands, and the audience which part is running."""
    webinar = get_webinar_with_agenda(fact.webinar_id)
    entries = list_log(webinar.id)
    run = {"kind": "run", **describe_run(webinar, entries)}
    news = [News(webinar_id=webinar.id, channel=Channel.DESK, payload=run)]
    if isinstance(fact, AgendaItemStarted | ActUndone):
        agenda = {"kind": "agenda", **describe_agenda(webinar, entries)}
        news += [News(webinar_id=webinar.id, channel=c, payload=agenda) for c in AUDIENCE]
    publish(*news)


def push_step(fact: StepTaken) -> None:
    """The webinar is live, over or called off: pages draw themselves anew."""
    payload = {"kind": "webinar", "status": get_webinar(fact.webinar_id).status.value}
    publish(*(News(webinar_id=fact.webinar_id, channel=c, payload=payload) for c in Channel))


def log_start(fact: WebinarWentLive) -> None:
    actions.note_start(fact.webinar_id)


def log_end(fact: WebinarEnded) -> None:
    actions.note_end(fact.webinar_id)
