from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.polls.actions import Ballot, vote_in_poll
from eventapp.polls.models import PollKind, PollVote
from eventapp.polls.personal_data import collect, erase
from eventapp.polls.queries import list_options
from eventapp.questions.actions import Asker
from eventapp.questions.rules import key_of_registration
from eventapp.registrations.models import Registration
from eventapp.webinars.models import WebinarStatus
from tests.factories import START, PollFactory, RegistrationFactory

pytestmark = pytest.mark.every_engine


@pytest.fixture
def attendee(in_app):
    """Somebody who chose two answers of a poll."""
    registration = RegistrationFactory(webinar__status=WebinarStatus.LIVE)
    webinar = registration.webinar
    poll = PollFactory(webinar_id=webinar.id, kind=PollKind.SEVERAL)
    ballot = Ballot(option_ids=[option.id for option in list_options(poll.id)])
    voter = Asker(key=key_of_registration(registration.id), registration_id=registration.id)
    with transaction():
        vote_in_poll(poll.id, webinar=webinar, voter=voter, ballot=ballot, now=START)
    return registration.id


def test_copy_says_what_somebody_chose(attendee):
    copy = collect(db.session.get_one(Registration, attendee))

    assert [(vote["poll"], vote["answer"]) for vote in copy] == [
        ("Which of these?", "Red"),
        ("Which of these?", "Blue"),
    ]


def test_votes_of_who_was_erased_are_one_nobodys_and_count_on(attendee):
    with transaction():
        erase(db.session.get_one(Registration, attendee))

    voters = set(db.session.scalars(sa.select(PollVote.voter_key)))
    votes = db.session.scalars(sa.select(PollVote)).all()
    assert (len(voters), len(votes)) == (1, 2)
    assert voters.pop().startswith("erased:")
    assert collect(db.session.get_one(Registration, attendee)) == []
