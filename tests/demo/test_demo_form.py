"""The registration form of the demo, as rows."""

from __future__ import annotations

from eventapp.core.db import db
from eventapp.demo.content import ACCESSIBLE_SERVICES
from eventapp.demo.load import load_demo
from eventapp.form_fields.asked import list_shown
from eventapp.form_fields.queries import fields_of, list_fields
from eventapp.form_fields.rules import check_conditions
from eventapp.registrations.answers import count_answers, read_values
from eventapp.registrations.models import Registration
from eventapp.webinars.queries import find_webinar_by_slug


def test_form_and_its_answers_hold_together(in_app):
    load_demo()

    webinar = find_webinar_by_slug(ACCESSIBLE_SERVICES.slug)
    check_conditions(list_fields(webinar.id))
    asked = fields_of(webinar.id)
    assert len(asked) == len(count_answers(webinar.id)) == len(ACCESSIBLE_SERVICES.fields)
    for registration in db.session.query(Registration).filter_by(webinar_id=webinar.id):
        values = {field_id: answer.value for field_id, answer in read_values(registration).items()}
        assert set(values) <= list_shown(asked, values)
    db.session.rollback()
