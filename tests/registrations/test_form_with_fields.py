"""The registration form with an organiser's own fields: registering, a group, the door."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.tokens import derive_token
from eventapp.form_fields.models import FieldKind
from eventapp.registrations.actions import save_policy
from eventapp.registrations.models import FieldAnswer, Registration
from eventapp.registrations.rules import Policy
from eventapp.webinars.models import Webinar
from tests.factories import EARLIER, FormFieldFactory, RegistrationFactory, WebinarFactory

SECTORS = [{"id": "public", "text": "Public body"}, {"id": "other", "text": "Another one"}]
ADA = {"name": "Ada", "email": "ada@example.org"}
BEN = {"others-0-name": "Ben", "others-0-email": "ben@example.org"}

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def asked(app):
    """Return the names of three fields: a sector, which one (asked of others), and a remark."""
    with app.app_context():
        webinar = WebinarFactory(slug="hubs")
        with transaction():
            save_policy(webinar, Policy(largest_group=3), now=EARLIER)
        sector = FormFieldFactory(
            webinar=webinar,
            kind=FieldKind.ONE_OF,
            label="Your sector",
            position=0,
            options=SECTORS,
            is_required=True,
        )
        which = FormFieldFactory(
            webinar=webinar,
            kind=FieldKind.SHORT_TEXT,
            label="Which one?",
            is_required=True,
            depends_on_id=sector.id,
            depends_on_value="other",
            position=1,
        )
        return f"field-{sector.id}", f"field-{which.id}"


def answers_in(app):
    with app.app_context():
        rows = db.session.execute(
            sa.select(Registration.name, FieldAnswer.label, FieldAnswer.text)
            .join(FieldAnswer.registration)
            .order_by(FieldAnswer.id)
        )
        return [tuple(row) for row in rows]


def test_form_asks_what_the_organiser_asks(client, asked):
    page = client.get("/webinars/hubs/register").text

    assert "Your sector" in page
    assert "Which one?" in page
    assert "shown-if" in page


def test_answers_are_kept_with_the_registration(app, client, asked):
    sector, which = asked

    answer = client.post("/webinars/hubs/register", data={**ADA, sector: "other", which: "A club"})

    assert answer.status_code == 302
    assert answers_in(app) == [
        ("Ada", "Your sector", "Another one"),
        ("Ada", "Which one?", "A club"),
    ]


def test_missing_answer_is_named_and_nobody_is_registered(app, client, asked):
    sector, which = asked

    page = client.post("/webinars/hubs/register", data={**ADA, sector: "other"}).text

    assert f'href="#{which}"' in page
    with app.app_context():
        assert db.session.scalars(sa.select(Registration)).all() == []


def test_everybody_in_a_group_answers(app, client, asked):
    sector, which = asked
    form = {**ADA, **BEN, sector: "public", which: "ignored", f"others-0-{sector}": "public"}

    client.post("/webinars/hubs/register", data=form)

    assert answers_in(app) == [
        ("Ada", "Your sector", "Public body"),
        ("Ben", "Your sector", "Public body"),
    ]


def test_what_somebody_in_a_group_left_out_is_named_with_the_person(app, client, asked):
    sector, _which = asked

    page = client.post("/webinars/hubs/register", data={**ADA, **BEN, sector: "public"}).text

    assert f'href="#others-0-{sector}-0"><b>Person 2:</b>' in page
    assert answers_in(app) == []


def test_another_row_asks_the_same(client, asked):
    sector, _which = asked

    page = client.post("/webinars/hubs/register", data={**ADA, "add": "person"}).text

    assert f'name="others-0-{sector}"' in page


def test_those_who_stay_keep_their_answers_when_another_is_left_out(client, asked):
    sector, which = asked
    cleo = {"others-1-name": "Cleo", f"others-1-{sector}": "other", f"others-1-{which}": "A club"}

    page = client.post("/webinars/hubs/register", data={**ADA, **BEN, **cleo, "remove": "0"}).text

    assert 'value="Ben"' not in page
    assert re.search(f'<input[^>]*name="others-1-{which}"[^>]*value="A club"', page)


def test_stranger_who_types_a_known_address_changes_no_answer(app, client, asked):
    sector, _which = asked
    client.post("/webinars/hubs/register", data={**ADA, sector: "public"})

    client.post("/webinars/hubs/register", data={**ADA, sector: "other", _which: "Evil"})

    assert answers_in(app) == [("Ada", "Your sector", "Public body")]


def test_attendee_changes_answers_at_the_door(app, client, asked):
    sector, which = asked
    client.post("/webinars/hubs/register", data={**ADA, sector: "public"})
    with app.app_context():
        uid = db.session.scalars(sa.select(Registration.uid)).one()
        door = f"/r/{derive_token('registration', uid)}/"

    before = client.get(door).text
    client.post(door, data={"name": "Ada", sector: "other", which: "A club"})

    assert re.search(r'<input[^>]*checked[^>]*value="public"', before)
    assert answers_in(app) == [
        ("Ada", "Your sector", "Another one"),
        ("Ada", "Which one?", "A club"),
    ]


def test_door_names_what_is_missing_and_changes_nothing(app, client, asked):
    sector, _which = asked
    with app.app_context():
        webinar = db.session.scalars(sa.select(Webinar)).one()
        uid = RegistrationFactory(webinar=webinar, name="Ada").uid
        door = f"/r/{derive_token('registration', uid)}/"

    page = client.post(door, data={"name": "Eve"}).text

    assert f'href="#{sector}-0"' in page
    with app.app_context():
        assert db.session.scalars(sa.select(Registration.name)).all() == ["Ada"]
