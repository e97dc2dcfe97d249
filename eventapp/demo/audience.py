"""The demonstration's audience: what it asked, what was answered in writing, how it voted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from eventapp.core.db import db
from eventapp.demo.content.shapes import DemoPoll, DemoQuestion
from eventapp.polls.models import Poll, PollKind, PollOption, PollStatus, PollVote, ResultsShown
from eventapp.polls.rules import RATINGS
from eventapp.questions.models import (
    Question,
    QuestionReply,
    QuestionStatus,
    QuestionVote,
    ReplyKind,
    ReplyStatus,
)
from eventapp.registrations.models import Registration
from eventapp.speakers.models import Speaker
from eventapp.webinars.models import Webinar


def add_questions(
    webinar: Webinar,
    contents: Sequence[DemoQuestion],
    *,
    registrations: Mapping[str, Registration],
    speakers: Mapping[str, Speaker],
    starts_at: datetime,
) -> list[Question]:
    """Add the questions with their votes and replies; return them in their order."""
    rows: list[Question] = []
    for content in contents:
        asker = registrations.get(content.asked_by or "")
        row = Question(
            webinar_id=webinar.id,
            registration_id=asker.id if asker else None,
            asker_key=f"registration:{asker.id}" if asker else f"guest:{uuid.uuid4().hex}",
            submission_key=uuid.uuid4().hex,
            author_name=content.asked_by or "",
            desk_name=content.asked_by or "",
            text=content.text,
            status=QuestionStatus(content.status),
            label=content.label,
            is_pinned=content.is_pinned,
            speaker_id=speakers[content.speaker].id if content.speaker else None,
            merged_into_id=None if content.merged_into is None else rows[content.merged_into].id,
            votes=content.votes,
            asked_at=starts_at + content.asked_at,
        )
        db.session.add(row)
        db.session.flush()
        rows.append(row)
        _add_votes(row)
        _add_replies(row, content, starts_at=starts_at)
    return rows


def _add_votes(question: Question) -> None:
    """The same people vote for all, so that whoever voted for a merged one counts once."""
    db.session.add_all(
        QuestionVote(
            question_id=question.id,
            voter_key=f"guest:demo-{number}",
            voted_at=question.asked_at,
        )
        for number in range(question.votes)
    )


def _add_replies(question: Question, content: DemoQuestion, *, starts_at: datetime) -> None:
    db.session.add_all(
        QuestionReply(
            question_id=question.id,
            kind=ReplyKind.ANSWER if reply.is_answer else ReplyKind.FOLLOW_UP,
            status=ReplyStatus.PUBLISHED,
            asker_key="" if reply.is_answer else question.asker_key,
            author_name="" if reply.is_answer else question.author_name,
            submission_key=uuid.uuid4().hex,
            text=reply.text,
            written_at=starts_at + reply.written_at,
        )
        for reply in content.replies
    )


def add_polls(webinar: Webinar, contents: Sequence[DemoPoll], *, starts_at: datetime) -> None:
    for position, content in enumerate(contents):
        options = content.options or tuple((str(rating), 0) for rating in RATINGS)
        poll = Poll(
            webinar_id=webinar.id,
            position=position,
            text=content.text,
            kind=PollKind(content.kind),
            status=PollStatus(content.status),
            results=ResultsShown.ALWAYS,
            voters=_count_voters(content),
            opened_at=None if content.opened_at is None else starts_at + content.opened_at,
            closed_at=None if content.closed_at is None else starts_at + content.closed_at,
            options=[
                PollOption(position=place, text=text, key=text.casefold(), votes=votes)
                for place, (text, votes) in enumerate(options)
            ],
        )
        db.session.add(poll)
        db.session.flush()
        _add_poll_votes(poll, is_shared=content.kind == "several")


def _count_voters(content: DemoPoll) -> int:
    votes = [count for _text, count in content.options]
    return max(votes, default=0) if content.kind == "several" else sum(votes)


def _add_poll_votes(poll: Poll, *, is_shared: bool) -> None:
    """Where several can be chosen the same people choose them, else each has people of its own."""
    first = 0
    for option in poll.options:
        db.session.add_all(
            PollVote(
                poll_id=poll.id,
                voter_key=f"guest:demo-{first + number}",
                option_id=option.id,
                voted_at=poll.opened_at,
            )
            for number in range(option.votes)
        )
        first += 0 if is_shared else option.votes
