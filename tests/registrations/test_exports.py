from __future__ import annotations

import csv
import io
import re
import tracemalloc
import zipfile
from datetime import UTC, datetime
from itertools import islice

import pytest
import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.form_fields.asked import AskedField
from eventapp.form_fields.models import FieldKind
from eventapp.registrations.desk_queries import Wanted, stream_table
from eventapp.registrations.exports import Export, stream_csv, write_xlsx
from eventapp.registrations.imports.people import check_people
from eventapp.registrations.imports.tables import read_rows
from eventapp.registrations.models import Registration
from tests.factories import EARLIER, RegistrationFactory, WebinarFactory
from tests.registrations.desk import add_field, add_people, add_webinar

FORMULA = '=HYPERLINK("http://evil.example","x")'


def path_of(webinar_id, ending, query=""):
    return f"/manage/webinars/{webinar_id}/registrations.{ending}{query}"


def read_csv(response):
    return list(csv.reader(io.StringIO(response.text.removeprefix("\ufeff"))))


def read_sheet(response):
    """Return the XML of a workbook's only sheet."""
    with zipfile.ZipFile(io.BytesIO(response.data)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_csv_has_answers_also_of_retired_fields(app, organiser):
    webinar_id = add_webinar(app)
    [ada] = add_people(app, webinar_id, "confirmed", name="Ada")
    add_field(app, webinar_id, answers={ada: (["t"], "Teacher")})
    add_field(app, webinar_id, label="Town", retired_at=EARLIER, answers={ada: ("Gent", "Gent")})

    [headings, row] = read_csv(organiser.get(path_of(webinar_id, "csv")))

    assert headings[-2:] == ["Role", "Town (no longer asked)"]
    assert (row[0], *row[-2:]) == ("Ada", "Teacher", "Gent")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_export_respects_what_the_list_is_narrowed_to(app, organiser, ending):
    webinar_id = add_webinar(app)
    add_people(app, webinar_id, "confirmed", name="Ada")
    add_people(app, webinar_id, "waiting", name="Ben")

    def export(query=""):
        answer = organiser.get(path_of(webinar_id, ending, query))
        return answer.text if ending == "csv" else read_sheet(answer)

    assert ("Ada" in export(), "Ben" in export()) == (True, True)
    assert ("Ada" in export("?status=waiting"), "Ben" in export("?status=waiting")) == (False, True)


def test_csv_neutralises_formulas_in_cells_and_headings(app, organiser):
    webinar_id = add_webinar(app)
    [ada] = add_people(app, webinar_id, "confirmed", name=FORMULA, affiliation="\t=1")
    add_field(app, webinar_id, label="=1+1", answers={ada: ("@x", "@x")})

    rows = read_csv(organiser.get(path_of(webinar_id, "csv")))

    cells = [cell for row in rows for cell in row]
    assert f"'{FORMULA}" in cells
    assert [cell for cell in cells if cell.lstrip().startswith(tuple("=+-@"))] == []


def test_workbook_has_texts_and_dates_and_no_formulas(app, organiser):
    webinar_id = add_webinar(app)
    moment = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
    add_people(app, webinar_id, "confirmed", name=FORMULA, registered_at=moment)

    sheet = read_sheet(organiser.get(path_of(webinar_id, "xlsx")))

    assert "<f>" not in sheet
    assert "HYPERLINK" in sheet
    assert "hyperlink " not in sheet
    assert "Registered at (Europe/Brussels)" in sheet
    # 1 March 2026, 10:00 in Brussels, in days since 30 December 1899.
    assert re.search(r'<c r="F2" s="\d+"><v>46082\.41666\d+</v>', sheet)


def test_workbook_shows_texts_as_they_are_and_numbers_as_numbers(app, organiser):
    webinar_id = add_webinar(app)
    [ada, ben] = add_people(app, webinar_id, "confirmed", "confirmed", affiliation="+44 20 1")
    add_field(app, webinar_id, label="-x", kind=FieldKind.SHORT_TEXT, answers={ada: ("-y", "-y")})
    answers = {ada: ("-3.5", "-3.5"), ben: ("0", "0")}
    add_field(app, webinar_id, label="Age", kind=FieldKind.NUMBER, answers=answers)

    sheet = read_sheet(organiser.get(path_of(webinar_id, "xlsx")))

    texts = re.findall(r"<t[^>]*>([^<]*)</t>", sheet)
    assert (texts.count("+44 20 1"), texts.count("-x"), texts.count("-y")) == (2, 1, 1)
    assert re.findall(r'<c r="N\d"[^>]*><v>([^<]*)</v>', sheet) == ["-3.5", "0"]


def test_csv_that_was_exported_is_imported_as_it_was(app, organiser):
    webinar_id = add_webinar(app)
    people = {"name": FORMULA[:9], "email": "+ada@example.org", "affiliation": "-Labs"}
    [ada] = add_people(app, webinar_id, "confirmed", **people)
    answers = {ada: ("-3.5", "-3.5")}
    field_id = add_field(app, webinar_id, label="Age", kind=FieldKind.NUMBER, answers=answers)
    exported = organiser.get(path_of(webinar_id, "csv")).text

    found = check_people(
        list(read_rows(exported, position=exported.index("\n") + 1, delimiter=",")),
        columns=["name", "email", "affiliation", *[""] * 9, f"field:{field_id}"],
        fields=[AskedField(id=field_id, kind=FieldKind.NUMBER, label="Age")],
        present={},
    )

    assert found.problems == []
    assert [
        (each.name, each.address.address, each.affiliation, each.answers[0].text)
        for each in found.people
    ] == [(*people.values(), "-3.5")]


def test_workbook_is_offered_as_a_file(app, organiser):
    webinar_id = add_webinar(app)

    response = organiser.get(path_of(webinar_id, "xlsx"))

    assert response.headers["Content-Disposition"].endswith("filename=registrations-hubs.xlsx")
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.every_engine
def test_long_table_has_everyone_once(in_app):
    webinar = WebinarFactory()
    rows = [_row(webinar.id, number) for number in range(1201)]
    db.session.execute(Registration.__table__.insert(), rows)
    db.session.commit()

    found = list(stream_table(webinar.id, Wanted(), columns=()))

    assert [row.registration.email for row in found] == [row["email"] for row in rows]


@pytest.mark.every_engine
def test_long_table_goes_on_where_somebody_is_erased_meanwhile(in_app):
    webinar = WebinarFactory()
    rows = [_row(webinar.id, number) for number in range(501)]
    db.session.execute(Registration.__table__.insert(), rows)
    db.session.commit()

    table = stream_table(webinar.id, Wanted(), columns=())
    found = list(islice(table, 500))
    last = found[-1].registration.id
    db.session.execute(sa.delete(Registration).where(Registration.id == last))
    found.extend(table)

    assert [row.registration.email for row in found] == [row["email"] for row in rows]


def test_long_table_takes_no_more_memory_than_a_short_one(in_app):
    webinar = WebinarFactory(time_zone="Europe/Brussels")
    db.session.execute(
        Registration.__table__.insert(), [_row(webinar.id, number) for number in range(12_000)]
    )
    db.session.commit()

    def export():
        rows = stream_table(webinar.id, Wanted(), columns=())
        return Export(rows=rows, columns=[], time_zone=webinar.time_zone)

    with in_app.test_request_context():
        tracemalloc.start()
        size = sum(len(part) for part in stream_csv(export()))
        csv_peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        write_xlsx(export(), sheet="People").close()
        xlsx_peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert size > 900_000
    assert csv_peak < 4_000_000
    assert xlsx_peak < 4_000_000


def _row(webinar_id, number):
    with db.session.no_autoflush:
        made = RegistrationFactory.build(webinar=None)
    return {
        "webinar_id": webinar_id,
        "uid": made.uid,
        "token_hash": made.token_hash,
        "name": made.name,
        "email": made.email,
        "email_key": made.email_key,
        "affiliation": "",
        "language": "en",
        "time_zone": "",
        "status": made.status,
        "sequence": 0,
        # Many at the same moment, so that slices begin between people who registered together.
        "registered_at": EARLIER,
        "queued_at": EARLIER,
        "updated_at": EARLIER,
    }
