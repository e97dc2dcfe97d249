"""The terms on which people register."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from eventapp.core.db import db, record
from eventapp.registrations.actions.seats import settle
from eventapp.registrations.events import PolicyChanged
from eventapp.registrations.models import RegistrationPolicy
from eventapp.registrations.rules import Policy, check_policy
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def save_policy(webinar: Webinar, policy: Policy, *, now: datetime) -> None:
    """Write the terms; they hold for who comes from now on, and nobody loses what they have.

    Records PolicyChanged. Refuses: ClosesBeforeOpening.
    """
    check_policy(policy)
    webinar = lock_webinar(webinar.id)
    row = db.session.get(RegistrationPolicy, webinar.id)
    if row is None:
        row = RegistrationPolicy(webinar_id=webinar.id)
        db.session.add(row)
    for name, value in asdict(policy).items():
        setattr(row, name, value)
    row.updated_at = now
    db.session.flush()
    record(PolicyChanged(webinar_id=webinar.id))
    settle(webinar, policy, now=now)
