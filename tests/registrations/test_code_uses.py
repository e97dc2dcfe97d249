"""Uses of a shared code by people who haven't confirmed their address."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventapp.core.db import transaction
from eventapp.registrations import actions
from eventapp.registrations.models import RegistrationMode
from eventapp.registrations.refusals import CodeIsUsedUp, CodeWasUsedMeanwhile
from eventapp.webinars.models import Webinar
from tests.registrations.test_policies import (
    CONFIRMED,
    NOW,
    UNVERIFIED,
    act,
    open_webinar,
    register,
    states,
)

pytestmark = pytest.mark.every_engine


def code_for_one(webinar: Webinar) -> str:
    with transaction():
        return actions.add_shared_code(webinar, most_uses=1, now=NOW).code


def test_unconfirmed_address_uses_a_code_only_while_its_place_is_kept(in_app):
    webinar = open_webinar(mode=RegistrationMode.INVITATION, is_address_verified=True)
    code = code_for_one(webinar)
    register(webinar, code=code)

    with pytest.raises(CodeIsUsedUp):
        register(webinar, "Ben", code=code, now=NOW + timedelta(minutes=59))
    ben = register(webinar, "Ben", code=code, now=NOW + timedelta(minutes=60))

    assert ben.status == UNVERIFIED


def test_who_confirms_late_needs_a_use_of_the_code_that_is_left(in_app):
    webinar = open_webinar(mode=RegistrationMode.INVITATION, is_address_verified=True)
    code = code_for_one(webinar)
    ada = register(webinar, code=code)
    ben = register(webinar, "Ben", code=code, now=NOW + timedelta(hours=1))

    with pytest.raises(CodeWasUsedMeanwhile):
        act(actions.verify_address, ada, now=NOW + timedelta(hours=1))
    act(actions.verify_address, ada, now=NOW + timedelta(hours=2))
    with pytest.raises(CodeWasUsedMeanwhile):
        act(actions.verify_address, ben, now=NOW + timedelta(hours=2))

    assert states(ada, ben) == [CONFIRMED, UNVERIFIED]
    assert (ada.verified_at, ben.verified_at) == (NOW + timedelta(hours=2), None)


def test_who_confirms_in_time_is_let_in_by_a_code_that_was_revoked_since(in_app):
    webinar = open_webinar(mode=RegistrationMode.INVITATION, is_address_verified=True)
    with transaction():
        code = actions.add_shared_code(webinar, now=NOW)
    ada = register(webinar, code=code.code)
    with transaction():
        actions.revoke_access_code(code, now=NOW)

    act(actions.verify_address, ada, now=NOW + timedelta(minutes=59))

    assert states(ada) == [CONFIRMED]
