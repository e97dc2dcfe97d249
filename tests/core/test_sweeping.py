"""Sweeps: what one piece of work does to the others."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.mailer import BouncedAddress
from eventapp.core.sweeping import do_each
from tests.factories import EARLIER

pytestmark = [pytest.mark.every_engine, pytest.mark.usefixtures("in_app")]


def note(key):
    db.session.add(BouncedAddress(address_key=key, reason="", bounced_at=EARLIER))
    db.session.flush()
    if key == "fails":
        raise RuntimeError
    return key != "idle"


def test_one_that_fails_keeps_nobody_waiting_and_leaves_nothing():
    do_each(["first", "fails", "last"], note, failure="not_noted")

    assert set(db.session.scalars(sa.select(BouncedAddress.address_key))) == {"first", "last"}


def test_what_was_done_is_counted():
    assert do_each(["first", "idle", "fails", "last"], note, failure="not_noted") == 2
