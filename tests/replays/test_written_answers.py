"""Written answers leave the room: on the replay's page, and by mail to who asked."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.core.mailer import OutgoingMail
from eventapp.core.outbox import run_due_jobs
from eventapp.live import actions
from eventapp.questions.models import QuestionReply, QuestionStatus, ReplyKind, ReplyStatus
from eventapp.registrations.models import RegistrationStatus
from eventapp.webinars.actions import end_webinar
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.queries import lock_webinar
from tests.factories import (
    START,
    ChapterFactory,
    QuestionFactory,
    RecordingFactory,
    RegistrationFactory,
    UserFactory,
    WebinarFactory,
    publish_edition,
)

PAGE = "/webinars/hubs/replay"


@pytest.fixture
def replay(app):
    """A public replay; the ids of its webinar and of a moderator."""
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", status=WebinarStatus.REPLAY_PUBLISHED, ended_at=START)
        RecordingFactory(webinar_id=webinar.id, duration_seconds=5400.0)
        publish_edition(webinar.id)
        return webinar.id, UserFactory().id


def answer(app, replay, question_id, text="It cost a bakery.", key="one"):
    webinar_id, moderator = replay
    with app.app_context(), transaction():
        actions.write_answer(
            question_id,
            webinar_id=webinar_id,
            text=text,
            submission_key=key,
            actor_id=moderator,
            now=clock.now(),
        )


def ask(app, replay, *, text="What did it cost?", **values):
    with app.app_context():
        return QuestionFactory(webinar_id=replay[0], text=text, **values).id


def work(app):
    with app.app_context():
        while run_due_jobs():
            pass


def end(app, live):
    with app.app_context(), transaction():
        end_webinar(lock_webinar(live[0]), now=clock.now())


def list_told(app):
    told = sa.select(OutgoingMail).where(OutgoingMail.message == "question_answered_in_writing")
    with app.app_context():
        mails = db.session.scalars(told.order_by(OutgoingMail.id))
        return [(mail.to_name, mail.body_text) for mail in mails]


def test_answer_that_is_written_days_later_appears_on_the_page(app, client, replay):
    question_id = ask(app, replay, author_name="Mira", desk_name="Mira Real")
    before = client.get(PAGE).text

    answer(app, replay, question_id, "First part.\n\nSecond <b>part</b>.")

    page = client.get(PAGE).text
    assert "1 question without an answer" in before
    assert "without an answer" not in page
    assert f'id="question-{question_id}"' in page
    assert "Second &lt;b&gt;part&lt;/b&gt;." in page
    assert "Mira" in page
    assert "Mira Real" not in page


def test_answer_set_aside_leaves_the_page(app, client, replay):
    question_id = ask(app, replay)
    answer(app, replay, question_id)
    assert "It cost a bakery." in client.get(PAGE).text
    webinar_id, moderator = replay

    with app.app_context(), transaction():
        reply = db.session.scalars(sa.select(QuestionReply)).one()
        actions.dismiss_reply(reply.id, webinar_id=webinar_id, actor_id=moderator, now=clock.now())

    assert "It cost a bakery." not in client.get(PAGE).text


def test_answer_links_to_its_moment_where_the_recording_has_one(app, client, replay):
    first, second = ask(app, replay), ask(app, replay)
    answer(app, replay, first, "Only in writing.")
    answer(app, replay, second, "Also in the recording.")
    with app.app_context():
        ChapterFactory(webinar_id=replay[0], start_seconds=300.0, question_id=second)
        publish_edition(replay[0])

    page = client.get(PAGE, headers={"Accept-Language": "en"}).text

    written = page[page.index('id="questions"') :]
    assert written.index("Also in the recording.") < written.index("Only in writing.")
    assert "t=3" in written[: written.index("Also in the recording.")]


def test_what_waits_or_was_dismissed_is_on_no_page(app, client, replay):
    answered = ask(app, replay)
    answer(app, replay, answered)
    with app.app_context():
        for status in (ReplyStatus.PENDING, ReplyStatus.DISMISSED):
            db.session.add(
                QuestionReply(
                    question_id=answered,
                    kind=ReplyKind.FOLLOW_UP,
                    status=status,
                    submission_key=status.value,
                    text=f"secret {status.value}",
                    written_at=START,
                )
            )
        db.session.commit()
    hidden = ask(app, replay, status=QuestionStatus.DISMISSED)

    page = client.get(PAGE).text

    assert "secret" not in page
    assert f'id="question-{hidden}"' not in page


def test_page_shows_a_question_again_that_is_published_again(app, client, replay):
    webinar_id, moderator = replay
    question_id = ask(app, replay)
    answer(app, replay, question_id)

    def act(move):
        with app.app_context(), transaction():
            move(question_id, webinar_id=webinar_id, actor_id=moderator, now=clock.now())
        return "It cost a bakery." in client.get(PAGE).text

    assert [act(actions.dismiss_question), act(actions.approve_question)] == [False, True]


def test_answer_goes_along_with_its_question_when_that_is_merged(app, client, replay):
    webinar_id, moderator = replay
    one, other = ask(app, replay), ask(app, replay)
    answer(app, replay, other)

    with app.app_context(), transaction():
        actions.merge_question(
            other, into_id=one, webinar_id=webinar_id, actor_id=moderator, now=clock.now()
        )
    merged = client.get(PAGE).text
    with app.app_context(), transaction():
        reply = db.session.scalars(sa.select(QuestionReply)).one()
        actions.dismiss_reply(reply.id, webinar_id=webinar_id, actor_id=moderator, now=clock.now())

    assert f'id="question-{one}"' in merged
    assert "It cost a bakery." in merged
    assert "It cost a bakery." not in client.get(PAGE).text


def test_page_takes_as_many_statements_for_fifty_answers_as_for_one(
    app, client, replay, count_queries
):
    answer(app, replay, ask(app, replay), key="0")
    for_one = count_queries(lambda: client.get(PAGE))
    for number in range(1, 50):
        answer(app, replay, ask(app, replay), key=str(number))

    assert count_queries(lambda: client.get(PAGE)) == for_one


def test_answer_after_the_end_is_mailed_to_everyone_who_asked_once(app, replay):
    with app.app_context():
        webinar = db.session.get_one(Webinar, replay[0])
        ada, ben = (RegistrationFactory(webinar=webinar, name=name) for name in ("Ada", "Ben"))
        gone = RegistrationFactory(webinar=webinar, status=RegistrationStatus.CANCELLED)
        ids = ada.id, ben.id, gone.id
    standing = ask(app, replay, registration_id=ids[0], text="What did it cost?")
    for registration_id in (ids[0], ids[1], ids[2], None):
        ask(
            app,
            replay,
            registration_id=registration_id,
            status=QuestionStatus.MERGED,
            merged_into_id=standing,
            text="How dear was it?",
        )

    for _ in range(2):
        answer(app, replay, standing)
        work(app)

    told = list_told(app)
    assert [name for name, _body in told] == ["Ada", "Ben"]
    assert ["What did it cost?" in told[0][1], "How dear was it?" in told[1][1]] == [True, True]
    assert "It cost a bakery." in told[0][1]
    assert f"http://localhost{PAGE}#question-{standing}" in told[0][1]


def test_answer_during_the_webinar_is_mailed_when_it_is_over(app):
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)
        asker = RegistrationFactory(webinar=webinar)
        live = webinar.id, UserFactory().id
        asker_id = asker.id
    answer(app, live, ask(app, live, registration_id=asker_id))
    work(app)
    assert list_told(app) == []

    end(app, live)
    work(app)

    assert ["What did it cost?" in body for _name, body in list_told(app)] == [True]


def test_answer_taken_back_before_the_end_is_not_mailed(app):
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)
        live = webinar.id, UserFactory().id
        asker_id = RegistrationFactory(webinar=webinar).id
    answer(app, live, ask(app, live, registration_id=asker_id))
    with app.app_context(), transaction():
        reply = db.session.scalars(sa.select(QuestionReply)).one()
        actions.dismiss_reply(reply.id, webinar_id=live[0], actor_id=live[1], now=clock.now())

    end(app, live)
    work(app)

    assert list_told(app) == []
