"""Every write of the search; each action flushes and never commits."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.files import read_file
from eventapp.core.markdown import plain_text
from eventapp.presentations.queries import list_presentations_on_page
from eventapp.questions.queries import list_public_replies, list_questions_with_speakers
from eventapp.replays.editions import Replay
from eventapp.replays.queries import get_public_replay
from eventapp.replays.rules import in_recording, is_replay_public
from eventapp.replays.transcript import read_cues
from eventapp.search.models import SearchedKind, SearchEntry
from eventapp.search.rules import Passage, one_line, split_transcript
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def index_replay(webinar_id: int) -> int:
    """Let people find what the replay holds, as it is public now; return how many passages.

    Of a replay that isn't public nothing is kept.
    """
    webinar = lock_webinar(webinar_id)
    db.session.execute(sa.delete(SearchEntry).where(SearchEntry.webinar_id == webinar_id))
    if not is_replay_public(webinar):
        return 0
    replay = get_public_replay(webinar_id)
    passages = list(_list_passages(webinar, replay))
    rows = [
        {
            "webinar_id": webinar_id,
            "kind": passage.kind,
            "text": "\n".join(passage.lines),
            "folded": passage.folded,
            "starts": passage.starts,
            "number": replay.link_number,
        }
        for passage in passages
    ]
    if rows:
        db.session.execute(sa.insert(SearchEntry), rows)
    return len(rows)


def _list_passages(webinar: Webinar, replay: Replay) -> Iterator[Passage]:
    starts = {}
    for entry in replay.entries:
        start = in_recording(entry, timing=replay.timing)
        title = entry.title.casefold()
        unnamed = [name for name in entry.speakers if name.casefold() not in title]
        text = " · ".join(part for part in (entry.title, *unnamed, entry.section) if part)
        starts[entry.question_id] = start
        yield one_line(SearchedKind.CHAPTER, text, start)
    yield from _list_questions(webinar, starts)
    for line in plain_text(replay.learnings).split("\n"):
        if line.strip():
            yield one_line(SearchedKind.LEARNINGS, line, None)
    for presentation in list_presentations_on_page(webinar):
        yield one_line(SearchedKind.PRESENTATION, presentation.title, None)
    yield from _list_said(replay)


def _list_questions(webinar: Webinar, starts: dict[int | None, float]) -> Iterator[Passage]:
    replies = list_public_replies(webinar.id)
    for question in list_questions_with_speakers(webinar.id):
        start = starts.get(question.id)
        passage = one_line(SearchedKind.QUESTION, question.text, start)
        for reply in replies.get(question.id, ()):
            passage.add(reply.text, start)
        yield passage


def _list_said(replay: Replay) -> Iterator[Passage]:
    for track in replay.captions:
        yield from split_transcript(read_cues(read_file(track.file).decode()))
