"""What the tests of the organisers' pages share."""

from __future__ import annotations

import re
from html import unescape

import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.form_fields.models import FieldKind, FormField
from eventapp.registrations.models import FieldAnswer, Registration, RegistrationPolicy
from eventapp.webinars.models import Webinar
from tests.factories import EARLIER, RegistrationFactory, WebinarFactory


def add_webinar(app, **changes):
    with app.app_context():
        return WebinarFactory(**{"slug": "hubs", "title": "Creative hubs", **changes}).id


def add_people(app, webinar_id, *statuses, **changes):
    """Add a registration for each status, one after another; return their ids."""
    with app.app_context():
        webinar = db.session.get_one(Webinar, webinar_id)
        return [RegistrationFactory(webinar=webinar, status=s, **changes).id for s in statuses]


def add_field(app, webinar_id, *, answers=(), **changes):
    """Add a field to the form; `answers` maps registrations to (value, text)."""
    with app.app_context():
        field = FormField(
            **{
                "webinar_id": webinar_id,
                "kind": FieldKind.ONE_OF,
                "label": "Role",
                "options": [{"id": "t", "text": "Teacher"}, {"id": "c", "text": "Civil servant"}],
                "created_at": EARLIER,
                "updated_at": EARLIER,
                **changes,
            }
        )
        db.session.add(field)
        db.session.flush()
        db.session.add_all(
            FieldAnswer(
                registration_id=registration_id,
                field_id=field.id,
                label=field.label,
                value=value,
                text=text,
                answered_at=EARLIER,
            )
            for registration_id, (value, text) in dict(answers).items()
        )
        db.session.commit()
        return field.id


def set_policy(app, webinar_id, **terms):
    with app.app_context():
        usual = {"hold_minutes": 60, "offer_hours": 24, "largest_group": 1}
        db.session.add(
            RegistrationPolicy(webinar_id=webinar_id, updated_at=EARLIER, **{**usual, **terms})
        )
        db.session.commit()


def read(app, column=Registration.status):
    with app.app_context():
        return db.session.scalars(sa.select(column).order_by(Registration.id)).all()


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def names_in(response):
    """Return the names that stand at the head of a table's rows."""
    rows = re.findall(r'<th scope="row">(.*?)</th>', response.text, re.DOTALL)
    return [unescape(re.sub(r"<br>.*|<[^>]+>", "", row)).strip() for row in rows]
