"""What somebody asks of a registration that is erased in the same moment: it isn't found."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.errors import NotFound
from eventapp.registrations import actions, subscriptions
from eventapp.registrations.models import Registration
from tests.factories import RegistrationFactory
from tests.plugins.app import NOON

ASKED = [
    actions.verify_address,
    actions.accept_offer,
    actions.approve_registration,
    actions.decline_registration,
    actions.register_again,
    actions.send_link,
    actions.cancel_registration,
    actions.mark_joined,
    actions.erase_registration,
    actions.erase_unconfirmed,
    subscriptions.unsubscribe,
    subscriptions.subscribe_again,
]


def change(registration, *, now):
    actions.change_attendee(registration, name="Ada", affiliation="", now=now)


@pytest.mark.every_engine
@pytest.mark.parametrize("act", [*ASKED, change], ids=lambda act: act.__name__)
def test_registration_that_was_erased_meanwhile_is_not_found(in_app, act):
    registration = RegistrationFactory()
    erased = sa.delete(Registration).execution_options(synchronize_session=False)
    with transaction():
        db.session.execute(erased)

    with pytest.raises(NotFound), transaction():
        act(registration, now=NOON)
