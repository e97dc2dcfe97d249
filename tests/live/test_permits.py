from __future__ import annotations

from datetime import timedelta

import pytest

from eventapp.live.permits import (
    Channel,
    Permit,
    is_stage_key,
    read_permit,
    sign_permit,
    sign_stage_key,
)
from tests.factories import START

KEY = "k" * 32
PERMIT = Permit(webinar_id=4, channel=Channel.ROOM)


def test_permit_tells_what_it_permits():
    signed = sign_permit(PERMIT, secret_key=KEY, now=START)

    assert read_permit(signed, secret_key=KEY, now=START) == PERMIT


def test_permit_ends_after_half_a_day():
    signed = sign_permit(PERMIT, secret_key=KEY, now=START)

    assert read_permit(signed, secret_key=KEY, now=START + timedelta(hours=12)) == PERMIT
    assert read_permit(signed, secret_key=KEY, now=START + timedelta(hours=13)) is None


def test_permit_stays_the_same_within_the_hour():
    first = sign_permit(PERMIT, secret_key=KEY, now=START)

    assert sign_permit(PERMIT, secret_key=KEY, now=START + timedelta(minutes=20)) == first


@pytest.mark.parametrize("text", ["", "x", "WzQsImRlc2siLDk5OTk5OTk5OTldInO.abc", "{}.{}"])
def test_forged_permit_is_none(text):
    assert read_permit(text, secret_key=KEY, now=START) is None


def test_permit_of_another_key_is_none():
    signed = sign_permit(PERMIT, secret_key="another" * 8, now=START)

    assert read_permit(signed, secret_key=KEY, now=START) is None


def test_stage_key_opens_its_own_stage_and_no_stream():
    key = sign_stage_key(4, secret_key=KEY)

    assert is_stage_key(key, 4, secret_key=KEY)
    assert not is_stage_key(key, 5, secret_key=KEY)
    assert read_permit(key, secret_key=KEY, now=START) is None
