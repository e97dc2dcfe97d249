"""What the review lists beside the agenda: questions, presentations, mails that go out."""

from __future__ import annotations

import pytest

from eventapp.core.db import db, transaction
from eventapp.core.outbox import run_due_jobs
from eventapp.questions.models import Question, QuestionStatus
from eventapp.replays.actions import publish_replay
from eventapp.replays.queries import get_replay
from eventapp.replays.review import describe_review
from eventapp.webinars.models import AgendaItemKind, WebinarStatus
from tests.factories import (
    AgendaItemFactory,
    ChapterFactory,
    PresentationFactory,
    QuestionFactory,
    RecordingFactory,
    RegistrationFactory,
    WebinarFactory,
)
from tests.plugins.app import NOON


@pytest.fixture
def webinar(in_app):
    made = WebinarFactory(slug="hubs", status=WebinarStatus.ENDED)
    RecordingFactory(webinar_id=made.id)
    return made


def review(webinar):
    return describe_review(webinar, get_replay(webinar.id))


@pytest.mark.every_engine
def test_presentations_that_are_missing_are_named(webinar):
    given = AgendaItemFactory(webinar=webinar, title="Given", kind=AgendaItemKind.PRESENTATION)
    AgendaItemFactory(webinar=webinar, title="Missing", kind=AgendaItemKind.PRESENTATION)
    AgendaItemFactory(webinar=webinar, title="Coffee", kind=AgendaItemKind.BREAK)
    PresentationFactory(webinar_id=webinar.id, agenda_item_id=given.id)

    assert [item.title for item in review(webinar).missing] == ["Missing"]


@pytest.mark.every_engine
def test_mails_are_counted_and_those_who_were_told_are_not(webinar):
    ada, ben = (RegistrationFactory(webinar=webinar) for _ in range(2))
    for asker in (ada, ada, ben):
        answered = QuestionFactory(
            webinar_id=webinar.id, registration_id=asker.id, status=QuestionStatus.ANSWERED
        )
        if asker is ada:
            ChapterFactory(webinar_id=webinar.id, question_id=answered.id)
    before = review(webinar)

    with transaction():
        publish_replay(webinar, now=NOON)
    while run_due_jobs():
        pass
    after = review(webinar)

    assert (before.hearers, before.askers) == (2, 1)
    assert (after.hearers, after.askers) == (0, 0)


@pytest.mark.every_engine
def test_lists_take_as_many_queries_for_many_questions(webinar, count_queries):
    QuestionFactory(webinar_id=webinar.id)
    few = count_queries(lambda: review(webinar))
    for _ in range(30):
        QuestionFactory(webinar_id=webinar.id, registration=RegistrationFactory(webinar=webinar))

    assert count_queries(lambda: review(webinar)) <= few


# -- questions without an answer ---------------------------------------------------------------


@pytest.fixture
def asked(app, organiser):
    """The ids of an ended webinar and of a question that still waits there."""
    with app.app_context():
        webinar_id = WebinarFactory(slug="hubs", status=WebinarStatus.ENDED).id
        RecordingFactory(webinar_id=webinar_id)
        pending = QuestionFactory(
            webinar_id=webinar_id, status=QuestionStatus.PENDING, text="Who <b>pays</b>?"
        )
        return webinar_id, pending.id


def act(organiser, asked, name, **data):
    webinar_id, question_id = asked
    path = f"/manage/webinars/{webinar_id}/replay/questions/{question_id}/{name}"
    return organiser.post(path, data=data, follow_redirects=True)


def test_question_that_waits_is_answered_in_writing(app, client, organiser, asked):
    before = organiser.get(f"/manage/webinars/{asked[0]}/replay").text

    page = act(organiser, asked, "answer", text="The city.", submission_key="k" * 16).text

    assert "Who &lt;b&gt;pays&lt;/b&gt;?" in before
    assert "1 without an answer" in before
    assert "in writing" in page
    assert "without an answer" not in page.replace("Publish without an answer", "")
    organiser.post(f"/manage/webinars/{asked[0]}/replay/publish")
    assert "The city." in client.get("/webinars/hubs/replay").text


@pytest.mark.parametrize(
    ("name", "status"),
    [("publish", QuestionStatus.APPROVED), ("leave-out", QuestionStatus.DISMISSED)],
)
def test_question_is_published_or_left_out(app, organiser, asked, name, status):
    act(organiser, asked, name)

    with app.app_context():
        assert db.session.get_one(Question, asked[1]).status is status


def test_empty_answer_is_refused(app, organiser, asked):
    page = act(organiser, asked, "answer", text="  ", submission_key="k" * 16).text

    assert "1 without an answer" in page
    with app.app_context():
        assert db.session.get_one(Question, asked[1]).status is QuestionStatus.PENDING
