"""Questions in the state of the desk, and in its news: one and all in the same words."""

from __future__ import annotations

from typing import Any

from eventapp.questions.desk_payloads import describe_for_desk
from eventapp.questions.desk_queries import (
    count_merged,
    list_questions_for_desk,
    list_replies,
    list_replies_of_webinar,
    list_silenced_keys,
)
from eventapp.questions.queries import get_question
from eventapp.webinars.models import Webinar


def describe_all_for_desk(webinar: Webinar) -> list[dict[str, Any]]:
    """Every question as the desk sees it, in a constant number of statements."""
    replies = list_replies_of_webinar(webinar.id)
    silenced = list_silenced_keys(webinar.id)
    merged = count_merged(webinar.id)
    return [
        describe_for_desk(
            question,
            time_zone=webinar.time_zone,
            replies=replies.get(question.id, []),
            is_silenced=question.asker_key in silenced,
            merged_count=merged.get(question.id, 0),
        )
        for question in list_questions_for_desk(webinar.id)
    ]


def describe_one_for_desk(question_id: int, *, webinar: Webinar) -> dict[str, Any]:
    """One question in the same words."""
    question = get_question(question_id, webinar_id=webinar.id)
    return describe_for_desk(
        question,
        time_zone=webinar.time_zone,
        replies=list_replies([question.id]).get(question.id, []),
        is_silenced=question.asker_key in list_silenced_keys(webinar.id),
        merged_count=count_merged(webinar.id).get(question.id, 0),
    )
