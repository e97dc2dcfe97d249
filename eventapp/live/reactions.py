"""What open pages hear of, after the commit; and steps taken elsewhere, for the log."""

from __future__ import annotations

from typing import TypeAlias

from eventapp.audience_reactions.events import ReactionsCounted
from eventapp.core import clock
from eventapp.live import actions, audience_news
from eventapp.live.audience_news import PollMoved
from eventapp.live.bus import publish
from eventapp.live.desk_states import describe_one_for_desk
from eventapp.live.events import ActLogged, ActUndone, AgendaItemStarted, StageMoved
from eventapp.live.messages import VOTES, News
from eventapp.live.models import LogEntryKind
from eventapp.live.payloads import describe_agenda, describe_run
from eventapp.live.permits import Channel
from eventapp.live.queries import get_run, get_webinar_with_agenda
from eventapp.polls.events import PollDeleted, PollVoteCounted
from eventapp.questions.desk_queries import list_question_ids_of
from eventapp.questions.events import (
    AnswerChanged,
    AnswerWritten,
    AskerErased,
    AskerHeard,
    AskerSilenced,
    FollowUpWritten,
    QuestionAnswered,
    QuestionApproved,
    QuestionAsked,
    QuestionChanged,
    QuestionDismissed,
    QuestionMarked,
    QuestionMerged,
    QuestionPutOnAir,
    QuestionRestored,
    QuestionWithdrawn,
    ReplyDismissed,
    ReplyPublished,
    RoomChanged,
    VoteCounted,
)
from eventapp.questions.payloads import describe_question
from eventapp.questions.queries import get_question, get_room, list_public_replies
from eventapp.questions.room_payloads import describe_room, describe_room_for_desk
from eventapp.questions.rules import PUBLIC_STATUSES
from eventapp.webinars.events import (
    ReplayPublished,
    WebinarCancelled,
    WebinarEnded,
    WebinarModerationChanged,
    WebinarWentLive,
)
from eventapp.webinars.queries import get_webinar

QuestionMoved: TypeAlias = (
    QuestionAsked
    | QuestionApproved
    | QuestionPutOnAir
    | QuestionAnswered
    | QuestionMarked
    | AskerErased
    | AnswerWritten
    | AnswerChanged
    | FollowUpWritten
    | ReplyPublished
    | ReplyDismissed
)
QuestionHidden: TypeAlias = (
    QuestionDismissed | QuestionRestored | QuestionChanged | QuestionWithdrawn
)
AskerChanged: TypeAlias = AskerSilenced | AskerHeard
RunChanged: TypeAlias = AgendaItemStarted | ActUndone
StepTaken: TypeAlias = WebinarWentLive | WebinarEnded | WebinarCancelled | ReplayPublished

AUDIENCE = (Channel.ROOM, Channel.STAGE)


def push_question(fact: QuestionMoved) -> None:
    """Show a question at the desk, and to the audience only where it is public at this moment."""
    _push_question(fact.question_id, fact.webinar_id, was_public=False)


def push_hidden_question(fact: QuestionHidden) -> None:
    """The same, and take it from the audience's pages where it is public no more."""
    _push_question(fact.question_id, fact.webinar_id, was_public=fact.was_public)


def push_merged_question(fact: QuestionMerged) -> None:
    """Show the one that has the votes of both now, and take the other from the audience's pages."""
    _push_question(fact.into_id, fact.webinar_id, was_public=False)
    _push_question(fact.question_id, fact.webinar_id, was_public=fact.was_public)


def push_asker(fact: AskerChanged) -> None:
    """Show at the desk, on all that one person asked, whether they may write; nowhere else."""
    webinar = get_webinar(fact.webinar_id)
    asker_key = get_question(fact.question_id, webinar_id=webinar.id).asker_key
    for question_id in list_question_ids_of(webinar.id, asker_key):
        shown = {"kind": "question", **describe_one_for_desk(question_id, webinar=webinar)}
        publish(News(webinar_id=webinar.id, channel=Channel.DESK, payload=shown))


def _push_question(question_id: int, webinar_id: int, *, was_public: bool) -> None:
    question = get_question(question_id, webinar_id=webinar_id)
    webinar = get_webinar(webinar_id)
    at_desk = {"kind": "question", **describe_one_for_desk(question_id, webinar=webinar)}
    news = [News(webinar_id=webinar_id, channel=Channel.DESK, payload=at_desk)]
    if question.status in PUBLIC_STATUSES:
        replies = list_public_replies(webinar_id, question_id=question_id).get(question_id, ())
        described = describe_question(question, time_zone=webinar.time_zone, replies=replies)
        shown = {"kind": "question", **described}
        news += [News(webinar_id=webinar_id, channel=c, payload=shown) for c in AUDIENCE]
    elif was_public:
        gone = {
            "kind": "gone",
            "id": question.id,
            "revision": question.revision,
            "merged_into": question.merged_into_id,
        }
        news += [News(webinar_id=webinar_id, channel=c, payload=gone) for c in AUDIENCE]
    publish(*news)


def push_room(fact: RoomChanged) -> None:
    """Tell everybody how the room takes questions now, and moderators which words it holds back."""
    webinar, room = get_webinar(fact.webinar_id), get_room(fact.webinar_id)
    at_desk = {"kind": "room", **describe_room_for_desk(webinar, room)}
    shown = {"kind": "room", **describe_room(webinar, room)}
    publish(
        News(webinar_id=webinar.id, channel=Channel.DESK, payload=at_desk),
        *(News(webinar_id=webinar.id, channel=c, payload=shown) for c in AUDIENCE),
    )


def push_moved_stage(fact: StageMoved) -> None:
    """Screens that show the stage under an address that was given up let go of it at once."""
    publish(News(webinar_id=fact.webinar_id, channel=Channel.STAGE, payload={"kind": "moved"}))


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


def push_run(fact: ActLogged) -> None:
    """Tell moderators how the run of show stands, and what an undo would take back."""
    webinar = get_webinar_with_agenda(fact.webinar_id)
    run = {"kind": "run", **describe_run(webinar, get_run(webinar.id), now=clock.now())}
    publish(News(webinar_id=webinar.id, channel=Channel.DESK, payload=run))


def push_agenda(fact: RunChanged) -> None:
    """Tell the audience which part of the agenda is running."""
    webinar = get_webinar_with_agenda(fact.webinar_id)
    agenda = {"kind": "agenda", **describe_agenda(webinar, get_run(webinar.id))}
    publish(*(News(webinar_id=webinar.id, channel=c, payload=agenda) for c in AUDIENCE))


def push_step(fact: StepTaken) -> None:
    """The webinar is live, over or called off: pages draw themselves anew."""
    payload = {"kind": "webinar", "status": get_webinar(fact.webinar_id).status.value}
    publish(*(News(webinar_id=fact.webinar_id, channel=c, payload=payload) for c in Channel))


def log_start(fact: WebinarWentLive) -> None:
    actions.note_start(fact.webinar_id)


def log_end(fact: WebinarEnded | WebinarCancelled) -> None:
    actions.note_end(fact.webinar_id)


def log_moderation(fact: WebinarModerationChanged) -> None:
    actions.note_moderation(fact.webinar_id, now=clock.now())


def log_asked(fact: QuestionAsked) -> None:
    asked_at = get_question(fact.question_id, webinar_id=fact.webinar_id).asked_at
    kind = LogEntryKind.QUESTION_ASKED
    actions.note_question(fact.question_id, kind, webinar_id=fact.webinar_id, now=asked_at)


def log_changed(fact: QuestionChanged) -> None:
    kind = LogEntryKind.QUESTION_CHANGED
    actions.note_question(fact.question_id, kind, webinar_id=fact.webinar_id, now=clock.now())


def log_withdrawn(fact: QuestionWithdrawn) -> None:
    kind = LogEntryKind.QUESTION_WITHDRAWN
    actions.note_question(fact.question_id, kind, webinar_id=fact.webinar_id, now=clock.now())


def log_follow_up(fact: FollowUpWritten) -> None:
    actions.note_follow_up(fact.reply_id, webinar_id=fact.webinar_id, now=clock.now())


def log_erased(fact: AskerErased) -> None:
    kind = LogEntryKind.ASKER_ERASED
    actions.note_question(fact.question_id, kind, webinar_id=fact.webinar_id, now=clock.now())
