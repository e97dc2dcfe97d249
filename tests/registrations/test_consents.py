"""What somebody agreed to, and when, wherever it is shown; the field's text is another since."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime

import pytest

from eventapp.core.db import db
from eventapp.core.tokens import derive_token
from eventapp.form_fields.models import FieldKind
from eventapp.registrations.models import FieldAnswer, Registration
from tests.registrations.desk import add_field, add_people, add_webinar, text_of
from tests.registrations.test_exports import path_of, read_sheet

AGREED_AT = datetime(2026, 3, 1, 9, 0, 5, tzinfo=UTC)
TERMS = "You may film me."


@pytest.fixture
def ada(app):
    """Somebody who agreed to a text, beside somebody who didn't."""
    webinar_id = add_webinar(app)
    ada, _ben = add_people(app, webinar_id, "confirmed", "confirmed")
    field = {"kind": FieldKind.CONSENT, "label": "Photos", "options": []}
    add_field(
        app,
        webinar_id,
        answers={ada: (True, "yes")},
        consent_text="You may film me and sell it.",
        **field,
    )
    with app.app_context():
        answer = db.session.query(FieldAnswer).one()
        answer.agreed_text, answer.answered_at = TERMS, AGREED_AT
        db.session.commit()
        return db.session.get_one(Registration, ada)


def test_desk_says_what_somebody_agreed_to_and_when(organiser, ada):
    page = text_of(organiser.get(f"/manage/webinars/{ada.webinar_id}/registrations/{ada.id}"))

    assert f"Photos yes {TERMS} Agreed:" in page
    assert "1 March 2026, 10:00" in page
    assert "sell it" not in page


def test_csv_says_what_people_agreed_to_and_when(organiser, ada):
    text = organiser.get(path_of(ada.webinar_id, "csv")).text.removeprefix("\ufeff")

    rows = [row[-3:] for row in csv.reader(io.StringIO(text))]
    assert rows == [
        ["Photos", "Photos: text agreed to", "Photos: agreed at (UTC)"],
        ["yes", TERMS, "2026-03-01T09:00:05Z"],
        ["", "", ""],
    ]


def test_workbook_says_what_people_agreed_to_and_when(organiser, ada):
    sheet = read_sheet(organiser.get(path_of(ada.webinar_id, "xlsx")))

    assert "Photos: agreed at (Europe/Brussels)" in sheet
    assert TERMS in sheet
    # 1 March 2026, 10:00:05 in Brussels, in days since 30 December 1899.
    assert re.search(r"<v>46082\.416724\d*</v>", sheet)


def test_copy_says_what_its_owner_agreed_to_and_when(app, client, ada):
    with app.app_context():
        token = derive_token("registration", ada.uid)

    [answer] = json.loads(client.get(f"/r/{token}/data.json").data)["answers"]

    assert answer["agreed_to"] == TERMS
    assert answer["answered_at"] == "2026-03-01T09:00:05+00:00"
