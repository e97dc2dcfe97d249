"""The desk's pages about a form: what an organiser sees, and what the buttons do."""

from __future__ import annotations

import pytest

from eventapp.core.db import db
from eventapp.form_fields.asked import mark_consent
from eventapp.form_fields.models import FieldKind, FormField
from eventapp.form_fields.queries import list_fields
from eventapp.form_fields.rules import MOST_FIELDS
from eventapp.registrations.models import FieldAnswer
from eventapp.webinars.models import Webinar
from tests.factories import EARLIER, FormFieldFactory, RegistrationFactory, WebinarFactory
from tests.webinars.pages import text_of

YES_OR_NO = [{"id": "y", "text": "Yes"}, {"id": "n", "text": "No"}]


@pytest.fixture
def url(app):
    """The address of the form of a webinar, number 1."""
    with app.app_context():
        return f"/manage/webinars/{WebinarFactory().id}/form"


@pytest.fixture
def add(app, url):
    """Return a function that adds a field, and an answer to it if wanted; it gives the id."""

    def add_one(*, is_answered=False, **values):
        with app.app_context():
            webinar = db.session.get(Webinar, 1)
            field = FormFieldFactory(webinar=webinar, **values)
            if is_answered:
                registration = RegistrationFactory(webinar=webinar)
                said = {"label": field.label, "value": "x", "text": "x", "answered_at": EARLIER}
                registration.answers.append(FieldAnswer(field_id=field.id, **said))
                db.session.commit()
            return field.id

    return add_one


@pytest.fixture
def stored(app):
    """Return a function that reads the form's fields."""

    def read():
        with app.app_context():
            return [(field.label, field.kind, field.options) for field in list_fields(1)]

    return read


def test_empty_form_says_what_fields_are_for(organiser, url):
    page = organiser.get(url)

    assert "No fields of your own yet" in text_of(page)


def test_field_is_added(organiser, url, stored):
    data = {"label": "Your school", "kind": "short_text", "hint": "Its name."}

    page = organiser.post(url, data=data, follow_redirects=True)

    assert "Added to the form." in text_of(page)
    assert stored() == [("Your school", FieldKind.SHORT_TEXT, [])]


def test_options_are_typed_one_a_line(organiser, url, stored):
    data = {"label": "When?", "kind": "one_of", "options": "Morning\r\n\r\n  Noon \0\r\n"}

    organiser.post(url, data=data)

    [(_label, _kind, options)] = stored()
    assert [option["text"] for option in options] == ["Morning", "Noon"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Please give the field a label."),
        ({"label": "x" * 201}, "Please use at most 200 characters."),
        ({"kind": "one_of", "options": "Alone"}, "Please give at least two options"),
        ({"kind": "one_of", "options": "a\n" * 2}, "“a” is there twice."),
        ({"kind": "one_of", "options": "a\n" + "x" * 300_000}, "Please use at most"),
        ({"kind": "consent"}, "Please write what people agree to."),
        ({"kind": "secret"}, "Not a valid choice"),
        ({"condition": "999:y"}, "could then no longer be given"),
    ],
)
def test_what_is_wrong_with_a_field_is_said(organiser, url, stored, data, words):
    data = {"label": "Label", "kind": "short_text"} | data if data else {"kind": "short_text"}

    page = organiser.post(url, data=data)

    assert words in text_of(page)
    assert stored() == []


def test_list_says_to_whom_a_field_is_shown(organiser, url, add):
    choice = add(kind=FieldKind.ONE_OF, label="Do you teach?", options=YES_OR_NO)
    add(label="School", depends_on_id=choice, depends_on_value="y", is_required=True)

    page = text_of(organiser.get(url))

    assert "Shown only to people who answer “Yes” to “Do you teach?”." in page
    assert "Required" in page


@pytest.mark.every_engine
def test_list_takes_as_many_queries_for_many_fields_as_for_one(organiser, url, add, count_queries):
    add(is_answered=True)
    few = count_queries(lambda: organiser.get(url))
    for number in range(20):
        add(is_answered=True, retired_at=EARLIER if number % 2 else None)

    assert count_queries(lambda: organiser.get(url)) == few


def test_full_form_takes_no_more(organiser, url, add, stored):
    for _ in range(MOST_FIELDS):
        add()

    page = organiser.get(url)
    organiser.post(url, data={"label": "One more", "kind": "number"})

    assert "The form is full." in text_of(page)
    assert len(stored()) == MOST_FIELDS


def test_field_is_edited(organiser, url, add, stored):
    field = add(label="Shool", kind=FieldKind.ONE_OF, options=YES_OR_NO)
    data = {"label": "School", "kind": "one_of", "options": "Yes\nNot yet"}

    page = organiser.post(f"{url}/{field}", data=data, follow_redirects=True)

    assert "Saved." in text_of(page)
    options = [{"id": "y", "text": "Yes"}, {"id": "n", "text": "Not yet"}]
    assert stored() == [("School", FieldKind.ONE_OF, options)]


def test_form_of_a_field_holds_what_is_stored(organiser, url, add):
    choice = add(kind=FieldKind.ONE_OF, options=YES_OR_NO)
    field = add(kind=FieldKind.SEVERAL_OF, label="<b>", options=YES_OR_NO, is_required=True)
    _set(organiser, field, depends_on_id=choice, depends_on_value="y")

    page = organiser.get(f"{url}/{field}").text

    assert 'value="&lt;b&gt;"' in page
    assert "Yes\nNo</textarea>" in page
    assert f'<option selected value="{choice}:y">' in page


def _set(client, field_id, **values):
    with client.application.app_context():
        for name, value in values.items():
            setattr(db.session.get(FormField, field_id), name, value)
        db.session.commit()


def test_kind_of_an_answered_field_stays(organiser, url, add, stored):
    field = add(label="School", is_answered=True)

    page = organiser.get(f"{url}/{field}")
    organiser.post(f"{url}/{field}", data={"label": "School", "kind": "number"})

    assert "People have answered this field, so its kind stays." in text_of(page)
    assert stored() == [("School", FieldKind.SHORT_TEXT, [])]


def test_conflict_keeps_what_was_typed_and_lets_it_be_saved(organiser, url, add, stored):
    field = add(label="Theirs")
    data = {"label": "Mine", "kind": "short_text", "seen_at": "2020-01-01T00:00:00+00:00"}

    page = organiser.post(f"{url}/{field}", data=data)
    organiser.post(f"{url}/{field}", data=data | {"seen_at": EARLIER.isoformat()})

    assert "Someone else saved this field after you opened it." in text_of(page)
    assert 'value="Mine"' in page.text
    assert stored()[0][0] == "Mine"


@pytest.mark.parametrize(
    ("is_answered", "words"),
    [(False, "Deleted."), (True, "Taken off the form. Its answers are kept.")],
)
def test_field_is_removed(organiser, url, add, stored, is_answered, words):
    field = add(is_answered=is_answered)

    page = organiser.post(f"{url}/{field}/remove", follow_redirects=True)

    assert words in text_of(page)
    assert ("No longer on the form" in text_of(page)) is is_answered
    assert stored() == []


def test_retired_field_is_brought_back(organiser, url, add, stored):
    field = add(label="School", is_answered=True, retired_at=EARLIER)

    page = organiser.post(f"{url}/{field}/bring-back", follow_redirects=True)

    assert "Back at the end of the form." in text_of(page)
    assert stored() == [("School", FieldKind.SHORT_TEXT, [])]


def test_field_on_which_another_depends_is_not_removed(organiser, url, add, stored):
    choice = add(kind=FieldKind.ONE_OF, options=YES_OR_NO)
    add(label="School", depends_on_id=choice, depends_on_value="y")

    page = organiser.post(f"{url}/{choice}/remove", follow_redirects=True)

    assert "Change when “School” is shown first." in text_of(page)
    assert len(stored()) == 2


def test_arrow_moves_a_field(organiser, url, add, stored):
    add(label="First")
    second = add(label="Second")

    organiser.post(f"{url}/{second}/move", data={"to": "up"})

    assert [label for label, _kind, _options in stored()] == ["Second", "First"]


def test_drag_that_would_orphan_a_condition_is_refused_in_words(organiser, url, add):
    choice = add(kind=FieldKind.ONE_OF, label="Do you teach?", options=YES_OR_NO)
    field = add(label="School", depends_on_id=choice, depends_on_value="y")

    answer = organiser.post(
        f"{url}/order",
        data={"order": [field, choice]},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 409
    assert "it has to come after it" in answer.json["error"]


def test_fields_of_another_webinar_are_not_found(app, organiser, url):
    with app.app_context():
        field = FormFieldFactory().id

    for path in ("", "/move", "/remove", "/bring-back"):
        assert organiser.post(f"{url}/{field}{path}", data={}).status_code == 404


def test_preview_tells_what_would_happen_and_keeps_nothing(app, organiser, url, add):
    choice = add(kind=FieldKind.ONE_OF, label="Do you teach?", options=YES_OR_NO)
    field = add(label="School", depends_on_id=choice, depends_on_value="y", is_required=True)

    wrong = organiser.post(f"{url}/preview", data={f"field-{choice}": "y"})
    right = organiser.post(
        f"{url}/preview", data={f"field-{choice}": "y", f"field-{field}": "Hill"}
    )

    assert "School Please fill this in." in text_of(wrong)
    assert "These answers would be accepted." in text_of(right)
    with app.app_context():
        assert db.session.query(FieldAnswer).count() == 0


def test_consent_shows_its_text_and_runs_nothing(organiser, url, add):
    text = "See the [terms](https://example.org/terms). <script>alert(1)</script>"
    add(kind=FieldKind.CONSENT, label="Terms", consent_text=text)

    page = organiser.get(f"{url}/preview").text

    assert '<a href="https://example.org/terms"' in page
    assert "<script>alert" not in page
    assert f'value="{mark_consent(text)}"' in page
