"""What a message says of a calendar entry is true: whether it carries one, and what that does."""

from __future__ import annotations

import re
from html import unescape

import pytest

from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.core.mailer import Recipient
from eventapp.messages.wordings.samples import describe_sample
from eventapp.registrations.mails import describe_to, mail_attendee
from eventapp.registrations.models import RegistrationStatus
from tests.architecture.sources import TEMPLATES
from tests.factories import RegistrationFactory

NOT_TO_ATTENDEES = {"access_code", "account_reset_instructions", "own"}
MESSAGES = sorted(
    path.name
    for path in (TEMPLATES / "mail").iterdir()
    if path.is_dir() and path.name not in NOT_TO_ATTENDEES
)
ENTRY = re.compile(r"calendar entry")
REMOVAL = re.compile(r"removes the webinar from your calendar")

pytestmark = pytest.mark.usefixtures("in_app", "stopped_clock")


def write(message, registration, *, method=None):
    """Write the standard words of a message, with or without an entry, as reactions do."""
    to = Recipient(name="Ada", address="ada@example.org")
    sample = describe_sample(message, registration, to=to)
    occasion = {name: sample[name] for name in sample.keys() - describe_to(to, registration).keys()}
    with transaction():
        return mail_attendee(
            message,
            registration,
            once_key=message,
            method=method,
            now=clock.now(),
            context={**occasion, "kept_until": clock.now()},
        )


def said_in(mail):
    """Return what is said of an entry: the same in both forms."""
    texts = [
        " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())
        for text in (mail.body_text, mail.body_html)
    ]
    said = {(bool(ENTRY.search(text)), bool(REMOVAL.search(text))) for text in texts}
    assert len(said) == 1
    return said.pop()


@pytest.mark.parametrize("status", [RegistrationStatus.CONFIRMED, RegistrationStatus.WAITING])
@pytest.mark.parametrize("message", MESSAGES)
def test_message_without_an_entry_speaks_of_none(message, status):
    mail = write(message, RegistrationFactory(status=status))

    assert mail.calendar_method is None
    assert said_in(mail) == (False, False)


@pytest.mark.parametrize(
    "message",
    [
        "registration_confirmed",
        "registration_promoted",
        "registration_link",
        "webinar_rescheduled",
    ],
)
def test_message_with_an_entry_says_so(message):
    mail = write(message, RegistrationFactory(), method="REQUEST")

    assert said_in(mail) == (True, False)


@pytest.mark.parametrize("message", MESSAGES)
def test_message_that_removes_an_entry_says_so(message):
    registration = RegistrationFactory(status=RegistrationStatus.CANCELLED)

    mail = write(message, registration, method="CANCEL")

    assert said_in(mail) == (False, True)


def test_who_has_to_wait_after_all_is_told_that_the_entry_goes():
    registration = RegistrationFactory()
    write("registration_confirmed", registration, method="REQUEST")
    registration.status = RegistrationStatus.WAITING
    db.session.commit()

    mail = write("webinar_cancelled", registration)

    assert mail.calendar_method == "CANCEL"
    assert said_in(mail) == (False, True)
