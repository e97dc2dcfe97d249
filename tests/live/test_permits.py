from __future__ import annotations

from datetime import UTC, datetime, timedelta

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


def sign(channel: Channel = Channel.ROOM, *, now: datetime = START, secret_key: str = KEY) -> str:
    return sign_permit(4, channel=channel, secret_key=secret_key, now=now, who="w8")


@pytest.mark.parametrize("channel", Channel)
def test_permit_tells_what_it_permits_and_until_when(channel):
    permit = read_permit(sign(channel), secret_key=KEY, now=START)

    ends_at = {
        Channel.ROOM: datetime(2026, 3, 24, 22, tzinfo=UTC),
        Channel.STAGE: datetime(2026, 3, 24, 9, 41, tzinfo=UTC),
        Channel.DESK: datetime(2026, 3, 24, 9, 41, tzinfo=UTC),
    }
    assert permit == Permit(webinar_id=4, channel=channel, ends_at=ends_at[channel], who="w8")


@pytest.mark.parametrize(
    ("channel", "at_least"),
    [
        (Channel.ROOM, timedelta(hours=12)),
        (Channel.STAGE, timedelta(minutes=10)),
        (Channel.DESK, timedelta(minutes=10)),
    ],
)
def test_permit_ends_by_itself(channel, at_least):
    signed = sign(channel)

    open_for = [at_least, at_least * 1.1]
    read = [read_permit(signed, secret_key=KEY, now=START + passed) for passed in open_for]

    assert [permit is not None for permit in read] == [True, False]


@pytest.mark.parametrize(
    ("channel", "meanwhile"),
    [(Channel.ROOM, timedelta(minutes=20)), (Channel.DESK, timedelta(seconds=50))],
)
def test_permit_stays_the_same_for_a_while(channel, meanwhile):
    assert sign(channel, now=START + meanwhile) == sign(channel)


@pytest.mark.parametrize("text", ["", "x", "WzQsImRlc2siLDk5OTk5OTk5OTldInO.abc", "{}.{}"])
def test_forged_permit_is_none(text):
    assert read_permit(text, secret_key=KEY, now=START) is None


def test_permit_of_another_key_is_none():
    signed = sign(secret_key="another" * 8)

    assert read_permit(signed, secret_key=KEY, now=START) is None


@pytest.mark.parametrize("secret", ["", "s3cret"])
def test_stage_key_opens_its_own_stage_and_no_stream(secret):
    key = sign_stage_key(4, secret=secret, secret_key=KEY)

    assert is_stage_key(key, 4, secret=secret, secret_key=KEY)
    assert not is_stage_key(key, 5, secret=secret, secret_key=KEY)
    assert not is_stage_key(key, 4, secret="another", secret_key=KEY)
    assert read_permit(key, secret_key=KEY, now=START) is None
