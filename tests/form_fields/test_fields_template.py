"""How the fields stand inside somebody else's form."""

from __future__ import annotations

import re

import pytest
from flask import render_template_string
from werkzeug.datastructures import MultiDict

from eventapp.form_fields.asked import AskedField, Option
from eventapp.form_fields.forms import AnswersForm
from eventapp.form_fields.models import FieldKind

CHOICE = AskedField(
    id=1,
    kind=FieldKind.ONE_OF,
    label="Do you teach?",
    is_required=True,
    options=(Option(id="y", text="Yes"), Option(id="n", text="No")),
)
SCHOOL = AskedField(
    id=2, kind=FieldKind.SHORT_TEXT, label="School", depends_on_id=1, depends_on_value="y"
)
PAGE = """
{% from "components/forms.html" import form_errors %}
{% from "form_fields/fields.html" import answer_fields %}
{{ form_errors(*people) }}{% for person in people %}{{ answer_fields(person) }}{% endfor %}
"""


@pytest.fixture
def show(app):
    """Return a function that renders several people's answers on one page."""

    def render(*people):
        with app.test_request_context():
            for person in people:
                person.validate()
            return render_template_string(PAGE, people=people)

    return render


@pytest.fixture
def people(in_app):
    return [AnswersForm([CHOICE, SCHOOL], sent=MultiDict(), prefix=f"{n}-") for n in "ab"]


def test_people_on_one_page_have_controls_of_their_own(show, people):
    page = show(*people)

    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert re.findall(r'data-shown-if="([^"]+)"', page) == ["a-field-1", "b-field-1"]


def test_errors_of_several_forms_stand_in_one_summary(show, people):
    page = show(*people)

    assert page.count('role="alert"') == 1
    assert re.findall(r'<li><a href="#([^"]+)">', page) == ["a-field-1-0", "b-field-1-0"]


def test_form_without_fields_shows_nothing(show, in_app):
    assert show(AnswersForm([], sent=MultiDict())).strip() == ""
