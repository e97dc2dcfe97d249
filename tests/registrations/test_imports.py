from __future__ import annotations

import io
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core import outbox
from eventapp.core.db import db, transaction
from eventapp.core.mailer import OutgoingMail
from eventapp.form_fields.asked import AskedField, Option
from eventapp.form_fields.models import FieldKind
from eventapp.registrations import actions, sweeps
from eventapp.registrations.imports.columns import guess_columns, list_answerable
from eventapp.registrations.imports.people import Person, Reason, check_people
from eventapp.registrations.imports.tables import open_table, read_bytes, read_rows
from eventapp.registrations.models import (
    AddedBy,
    BatchStatus,
    FieldAnswer,
    Registration,
    RegistrationBatch,
)
from eventapp.registrations.refusals import (
    CellIsTooLong,
    ColumnsAreUnknown,
    QuotesAreOdd,
    TableIsEmpty,
    TableIsNoText,
    TableIsTooLarge,
    TableIsTooLong,
    TableIsTooWide,
    TableIsWorkbook,
)
from eventapp.webinars.models import WebinarStatus
from tests.factories import RegistrationFactory, WebinarFactory
from tests.plugins.app import NOON
from tests.registrations.desk import add_field, add_people, add_webinar, read, text_of

TABLE = "Name;E-mail;Organisation\nAda;ada@example.org;Engine\nZoë;zoe@example.org;\n"


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def rows_of(text):
    table = open_table(text)
    return list(read_rows(text, position=table.start, delimiter=table.delimiter))


def check(text, *, columns=None, present=None):
    table = open_table(text)
    return check_people(
        read_rows(text, position=table.start, delimiter=table.delimiter),
        columns=columns or guess_columns(table.headings, []),
        fields=[],
        present=present or {},
    )


# -- the table ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_table_is_read_in_every_usual_encoding(encoding, line_end):
    assert read_bytes(TABLE.replace("\n", line_end).encode(encoding)) == TABLE


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_delimiter_is_found(delimiter):
    text = f'"Name{delimiter}x"{delimiter}E-mail\n'.replace(";", delimiter)

    assert open_table(text).delimiter == delimiter


def test_spreadsheets_own_line_names_the_delimiter():
    table = open_table(f"sep=;\n{TABLE}")

    assert (table.delimiter, table.headings[0]) == (";", "Name")


def test_rows_know_their_line_also_after_a_break_within_a_cell():
    rows = rows_of('Name,E-mail\n"Ada\nLind",ada@example.org\n\nBen,ben@example.org\n')

    assert [row.line for row in rows] == [2, 5]


def test_table_is_read_on_from_any_row():
    text = 'Name,E-mail\n"Zoë\nLind",a@example.org\nBen,b@example.org\nEve,c@example.org\n'
    first, second, third = rows_of(text)

    rest = list(read_rows(text, position=first.end, delimiter=","))

    assert rest == [second, third]


def test_headings_are_known_by_many_names():
    headings = ["Surname", "First name", "E-Mail Address", "Company", "Age", "Mail"]

    assert guess_columns(headings, []) == [
        *("last_name", "first_name", "email", "affiliation", "", ""),
    ]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"x" * 2_000_001, TableIsTooLarge),
        (b"Name,E-mail\nAda\0,ada@example.org\n", TableIsNoText),
        (b"\0" * 1000, TableIsNoText),
        (b"\x81\x8d\x8f" * 9, TableIsNoText),
        (b"PK\x03\x04 a workbook", TableIsWorkbook),
    ],
)
def test_what_is_no_table_is_refused(content, refusal):
    with pytest.raises(refusal):
        read_bytes(content)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", TableIsEmpty),
        ("\n \n;;\n", TableIsEmpty),
        (",".join("x" * 5000), TableIsTooWide),
        ('Name,E-mail\n"Ada,a@example.org\nBen,b@example.org\n', QuotesAreOdd),
        ('Name,E-mail\n"Ada"x,a@example.org\n', QuotesAreOdd),
        (f"Name,E-mail\n{'x' * 10_001},a@example.org\n", CellIsTooLong),
        (f'Name,E-mail\n"{"x" * 200_000},a@example.org\n', CellIsTooLong),
        ("Name,E-mail\n" + "Ada,a@example.org\n" * 10_001, TableIsTooLong),
    ],
)
def test_hostile_table_is_refused_with_a_reason(text, refusal):
    with pytest.raises(refusal):
        check(text)


def test_quote_that_is_never_closed_is_named_by_its_line():
    with pytest.raises(QuotesAreOdd) as refused:
        rows_of('Name,E-mail\nAda,a@example.org\n"Ben,b@example.org\nEve,c@example.org\n')

    assert "line 3" in str(refused.value.message)


@pytest.mark.parametrize(
    "cell", [" " * 9_999, "<" * 9_999, "a <" * 3_333, "@." * 4_999, "=" * 9_999]
)
def test_strange_cells_take_no_longer_than_others(cell):
    began = time.monotonic()

    check("Name,E-mail\n" + f"{cell},{cell}\n" * 90)

    assert time.monotonic() - began < 5


# -- its rows ----------------------------------------------------------------------------------


def test_each_wrong_row_is_named_with_all_that_is_wrong():
    checked = check(
        "Name;E-mail;Organisation\n"
        ";ada@example.org;\n"
        "Ben;ben@;\n"
        "Eve;;\n"
        "evil.com;x;\n"
        "=1+1;eve@example.org;\n"
        "Fay;fay@example.org;=cmd|' /C calc'!A0\n"
        "Gil;gil@example.org;;more\n"
        "Hal;hal@example.org;\n"
        "Hal again;HAL@example.org;\n"
        "Ida;ida@example.org;\n"
        "Jan;jan@example.org;\n"
        "Kim;kim@example.org;\n",
        present={
            "ida@example.org": "confirmed",
            "jan@example.org": "cancelled",
            "kim@example.org": "declined",
        },
    )

    assert [person.name for person in checked.people] == ["Hal"]
    assert [(problem.line, problem.reasons) for problem in checked.problems] == [
        (2, (Reason.NO_NAME,)),
        (3, (Reason.BAD_ADDRESS,)),
        (4, (Reason.NO_ADDRESS,)),
        (5, (Reason.NAME_HOLDS_ADDRESS, Reason.BAD_ADDRESS)),
        (6, (Reason.FORMULA,)),
        (7, (Reason.FORMULA,)),
        (8, (Reason.TOO_MANY_CELLS,)),
        (10, (Reason.TWICE,)),
        (11, (Reason.REGISTERED,)),
        (12, (Reason.CANCELLED,)),
        (13, (Reason.DECLINED,)),
    ]


def test_names_come_in_two_columns_or_with_the_address():
    two = check("First name,Last name,E-mail\nAda,Lind,ada@example.org\n")
    one = check("Name,E-mail\n,Ada Lind <ada@example.org>\n")

    found = [person for each in (two, one) for person in each.people]
    assert [(person.name, person.address.address) for person in found] == [
        ("Ada Lind", "ada@example.org")
    ] * 2
    assert all(isinstance(person, Person) for person in found)


# -- answers -----------------------------------------------------------------------------------

MEALS = (Option(id="s", text="Soup"), Option(id="f", text="Fish, grilled"))
AGE = AskedField(id=1, kind=FieldKind.NUMBER, label="Age", is_required=True)
BORN = AskedField(id=2, kind=FieldKind.DATE, label="Born")
MEAL = AskedField(id=3, kind=FieldKind.SEVERAL_OF, label="Meal", options=MEALS)
ROLE = AskedField(id=4, kind=FieldKind.SHORT_TEXT, label="Role")
SAUCE = AskedField(
    id=5, kind=FieldKind.SHORT_TEXT, label="Sauce", depends_on_id=3, depends_on_value="f"
)


def check_cell(field, cell, *, meal=""):
    """Check a table with one person, who answers one field, and perhaps what they eat."""
    columns = ["name", "email", f"field:{field.id}", "field:3" if field != MEAL else ""]
    quoted = cell.replace('"', '""')
    found = check_people(
        rows_of(f'Name,E-mail,A,B\nAda,ada@example.org,"{quoted}",{meal}\n'),
        columns=columns,
        fields=[AGE, BORN, MEAL, ROLE, SAUCE],
        present={},
    )
    return [(p.line, p.reasons, p.columns) for p in found.problems] or [
        (answer.value, answer.text)
        for person in found.people
        for answer in person.answers
        if answer.field_id == field.id
    ]


@pytest.mark.parametrize(
    ("field", "cell", "kept"),
    [
        (AGE, "42,50", ("42.5", "42.5")),
        (BORN, "1990-02-28", ("1990-02-28", "1990-02-28")),
        (MEAL, "SOUP", (["s"], "Soup")),
        (MEAL, "f", (["f"], "Fish, grilled")),
        (MEAL, "fish, grilled", (["f"], "Fish, grilled")),
        (MEAL, "Fish, grilled\nSoup", (["s", "f"], "Soup\nFish, grilled")),
        (MEAL, "Soup; f", (["s", "f"], "Soup\nFish, grilled")),
        (ROLE, "  a  teacher ", ("a teacher", "a teacher")),
    ],
)
def test_answers_are_read_as_the_form_keeps_them(field, cell, kept):
    assert check_cell(field, cell) == [kept]


@pytest.mark.parametrize(
    ("field", "cell", "reason"),
    [
        (AGE, "young", Reason.NO_NUMBER),
        (AGE, "1,500", Reason.NO_NUMBER),
        (BORN, "28/02/1990", Reason.NO_DATE),
        (BORN, "1990-02-30", Reason.NO_DATE),
        (BORN, "0190-02-28", Reason.NO_DATE),
        (MEAL, "Soup; Cake", Reason.NO_OPTION),
        (ROLE, "x" * 201, Reason.LONG_ANSWER),
        (SAUCE, "Hollandaise", Reason.NOT_ASKED),
    ],
)
def test_wrong_answers_are_named_with_their_column(field, cell, reason):
    assert check_cell(field, cell) == [(2, (reason,), (field.label,))]


def test_what_depends_on_an_answer_is_taken_with_it():
    assert check_cell(SAUCE, "Hollandaise", meal="f") == [("Hollandaise", "Hollandaise")]


def test_empty_cell_is_no_answer_also_to_what_the_form_requires():
    assert check_cell(AGE, "", meal="Soup") == [(None, "")]


def test_one_row_says_nothing_of_the_next():
    rows = rows_of("Name,E-mail,Role\nAda,ada@example.org,Teacher\nBen,ben@example.org,\n")

    found = check_people(rows, columns=["name", "email", "field:4"], fields=[ROLE], present={})

    assert [[answer.text for answer in person.answers] for person in found.people] == [
        ["Teacher"],
        [],
    ]


def test_consent_and_what_depends_on_it_are_nothing_that_a_table_can_answer():
    consent = AskedField(id=6, kind=FieldKind.CONSENT, label="Photos", consent_text="Yes?")
    name = AskedField(
        id=7, kind=FieldKind.SHORT_TEXT, label="Credit", depends_on_id=6, depends_on_value="yes"
    )

    assert list_answerable([ROLE, consent, name]) == [ROLE]


# -- registering -------------------------------------------------------------------------------


def keep(webinar, text, columns):
    with transaction():
        return actions.keep_import(webinar, text=text, columns=columns, user_id=None, now=NOON)


def start(batch, total):
    with transaction():
        actions.start_import(batch, total=total, now=NOON)


def run_all():
    while outbox.run_due_jobs():
        pass


@pytest.mark.every_engine
def test_people_are_registered_in_slices_and_invited(in_app):
    webinar = WebinarFactory(capacity=100)
    lines = [f"Ada,ada{number}@example.org" for number in range(120)]
    batch = keep(webinar, "Name,E-mail\n" + "\n".join(lines), ["name", "email"])

    start(batch, 120)
    first = batch.done
    run_all()

    db.session.refresh(batch)
    assert (first, batch.done, batch.waiting, batch.status) == (50, 120, 20, BatchStatus.DONE)
    assert batch.text == ""
    messages = sa.select(OutgoingMail.message, sa.func.count()).group_by(OutgoingMail.message)
    assert dict(db.session.execute(messages).all()) == {
        "registration_confirmed": 100,
        "registration_waiting": 20,
    }


@pytest.mark.every_engine
def test_rows_are_checked_again_when_it_is_done(in_app):
    webinar = WebinarFactory()
    text = "Name,E-mail\nAda,ada@example.org\nBen,ben@example.org\nAda,ada@example.org\nX,x\n"
    batch = keep(webinar, text, ["name", "email"])
    RegistrationFactory(webinar=webinar, email="ben@example.org")

    start(batch, 4)

    assert (batch.done, batch.skipped) == (1, {"registered": 2, "bad_address": 1})
    assert [problem["line"] for problem in batch.problems] == [3, 4, 5]


@pytest.mark.every_engine
def test_whoever_a_table_registers_was_added_by_it_and_has_confirmed_nothing(in_app):
    webinar = WebinarFactory()
    batch = keep(webinar, "Name,E-mail\nAda,ada@example.org\n", ["name", "email"])

    start(batch, 1)

    [ada] = db.session.scalars(sa.select(Registration))
    assert (ada.added_by, ada.added_at) == (AddedBy.IMPORT, ada.registered_at)
    assert ada.verified_at is None


@pytest.mark.every_engine
def test_import_that_is_started_twice_runs_once(in_app):
    webinar = WebinarFactory()
    batch = keep(webinar, "Name,E-mail\nAda,ada@example.org\n", ["name", "email"])

    start(batch, 1)
    start(batch, 1)

    assert (batch.done, batch.skipped) == (1, {})


@pytest.mark.on_postgresql
def test_columns_that_were_changed_meanwhile_are_checked(in_app):
    batch = keep(WebinarFactory(), "Name,E-mail\nAda,ada@example.org\n", ["name", "email"])
    changed = sa.update(RegistrationBatch).values(columns=["name", ""])

    with pytest.raises(ColumnsAreUnknown), transaction():
        db.session.refresh(batch)
        with db.engine.begin() as connection:
            connection.execute(changed)
        actions.start_import(batch, total=1, now=NOON)

    assert batch.status == BatchStatus.DRAFT


@pytest.mark.every_engine
def test_import_after_the_webinar_registers_nobody_and_says_why(in_app):
    webinar = WebinarFactory(status=WebinarStatus.ENDED)
    batch = keep(webinar, "Name,E-mail\nAda,ada@example.org\n", ["name", "email"])

    start(batch, 1)

    assert (batch.done, batch.skipped) == (0, {"over": 1})


@pytest.mark.every_engine
def test_tables_that_nobody_imported_are_deleted_after_a_day(in_app, stopped_clock):
    batch = keep(WebinarFactory(), TABLE, ["name", "email", ""])
    sweeps.sweep_drafts()
    kept = db.session.query(RegistrationBatch).count()

    stopped_clock.at(batch.created_at + timedelta(days=1, minutes=1))
    sweeps.sweep_drafts()

    assert (kept, db.session.query(RegistrationBatch).count()) == (1, 0)


# -- pages -------------------------------------------------------------------------------------


def path_of(webinar_id, rest=""):
    return f"/manage/webinars/{webinar_id}/registrations/import{rest}"


def send(organiser, webinar_id, content, *, as_text=False):
    data = {"text": content} if as_text else {"file": (io.BytesIO(content), "people.csv")}
    return organiser.post(path_of(webinar_id), data=data, follow_redirects=True)


@pytest.mark.every_engine
def test_table_that_turns_out_unreadable_ends_there_and_says_so(in_app):
    webinar = WebinarFactory()
    rows = [f"Ada {n};ada{n}@example.org;\n" for n in range(60)]
    text = f'{TABLE.splitlines()[0]}\n{"".join(rows)}x;"y"z;\nBen;ben@example.org;\n'
    batch = keep(webinar, text, ["name", "email", "affiliation"])

    start(batch, 62)
    run_all()

    db.session.refresh(batch)
    assert (batch.status, batch.done, batch.text) == (BatchStatus.DONE, 60, "")
    assert batch.skipped == {"unreadable": 1}
    assert batch.problems[0]["line"] == 62


def test_table_that_is_refused_is_not_begun_by_asking_twice(app, organiser):
    webinar_id = add_webinar(app)
    text = f'{TABLE.splitlines()[0]}\nAda;ada@example.org;\nx;"y"z;\n'
    draft = send(organiser, webinar_id, text, as_text=True).request.path
    columns = {"column_0": "name", "column_1": "email", "column_2": "affiliation"}

    answer = organiser.post(draft, data={**columns, "register": "yes"}, follow_redirects=True)

    assert "The quotation marks in line 3 don't match" in text_of(answer)
    assert answer.request.path == draft
    assert read(app) == []


def test_preview_names_what_is_wrong_and_registers_nobody(app, organiser):
    webinar_id = add_webinar(app, capacity=2)
    add_people(app, webinar_id, "confirmed", email="ada@example.org")

    page = text_of(send(organiser, webinar_id, f"{TABLE}Ben;ben@example.org;\n;x;\n".encode()))

    assert "2 rows are left out" in page
    assert "2 Ada <ada@example.org> is registered already" in page
    assert "5 <x> no name; this isn't an e-mail address" in page
    assert "from line 4 on, 1 person would be on the waiting list" in page
    assert "Register 2 people" in page
    assert len(read(app)) == 1


def test_columns_are_corrected_and_people_registered(app, organiser):
    webinar_id = add_webinar(app)
    field_id = add_field(app, webinar_id)
    table = "Nom;Courriel;Role\nAda;ada@example.org;teacher\nBen;ben@example.org;pilot\n"
    page = send(organiser, webinar_id, table, as_text=True)
    draft = path_of(webinar_id, "/1")
    columns = {"column_0": "name", "column_1": "email", "column_2": f"field:{field_id}"}

    corrected = organiser.post(draft, data=columns, follow_redirects=True)
    done = organiser.post(draft, data={**columns, "register": "yes"}, follow_redirects=True)

    assert "Say which column holds" in text_of(page)
    assert "3 Ben <ben@example.org> Role: an answer that can't be chosen" in text_of(corrected)
    assert "1 person is registered." in text_of(done)
    assert read(app, Registration.name) == ["Ada"]
    with app.app_context():
        answer = db.session.query(FieldAnswer).one()
        assert (answer.value, answer.text, answer.label) == ("t", "Teacher", "Role")


def test_changed_columns_are_shown_before_anybody_is_registered(app, organiser):
    webinar_id = add_webinar(app)
    send(organiser, webinar_id, TABLE.encode())
    swapped = {"column_0": "affiliation", "column_1": "email", "column_2": "name"}

    response = organiser.post(
        path_of(webinar_id, "/1"), data={**swapped, "register": "yes"}, follow_redirects=True
    )

    assert "You changed the columns." in text_of(response)
    assert "Engine" in text_of(response)
    assert read(app) == []


def test_consent_is_nothing_that_a_table_can_give(app, organiser):
    webinar_id = add_webinar(app)
    add_field(app, webinar_id, kind=FieldKind.CONSENT, label="May we film?", options=[])

    page = send(organiser, webinar_id, b"Name;E-mail;May we film?\nAda;ada@example.org;yes\n")

    assert "Answer: May we film?" not in page.text
    assert "Consents can't be imported" in text_of(page)
    assert "Register 1 person" in text_of(page)


def test_columns_that_are_not_used_are_named_in_plain_sight(app, organiser):
    webinar_id = add_webinar(app)

    one = send(organiser, webinar_id, b"Name;E-mail;<b>\nAda;ada@example.org;x\n")
    two = send(organiser, webinar_id, b"Name;E-mail;Town;Age\nAda;ada@example.org;Ulm;4\n")
    none = send(organiser, webinar_id, TABLE.encode())

    assert "1 column is not used: &lt;b&gt;. Choose what it is under Columns." in one.text
    assert "2 columns are not used: Town, Age. Choose what they are under Columns." in text_of(two)
    assert '<details class="more" open>' in two.text
    assert "not used" not in none.text
    assert '<details class="more">' in none.text


def test_preview_shows_what_people_answered(app, organiser):
    webinar_id = add_webinar(app)
    add_field(app, webinar_id)

    page = send(organiser, webinar_id, b"Name;E-mail;Role\nAda;a@example.org;TEACHER\n")

    assert "2 Ada a@example.org – Role: Teacher" in text_of(page)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "There is nobody in this table"),
        (b"Name\0,E-mail\nAda,a@example.org\n", "isn't a text file"),
        (b"PK\x03\x04", "This is a workbook"),
        (b"a;" * 5000, "more than 100 columns"),
        (b'"never closed', "quotation marks in line 1"),
    ],
)
def test_hostile_file_gets_a_clear_answer(app, organiser, content, said):
    webinar_id = add_webinar(app)

    response = send(organiser, webinar_id, content)

    assert said in text_of(response)
    with app.app_context():
        assert db.session.query(RegistrationBatch).count() == 0


def test_file_that_claims_a_gigabyte_is_refused(app, organiser):
    webinar_id = add_webinar(app)

    response = organiser.post(
        path_of(webinar_id),
        data=b"x",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(10**9)},
    )

    assert response.status_code == 413


def test_quote_that_opens_below_is_told_in_the_preview(app, organiser):
    webinar_id = add_webinar(app)

    response = send(organiser, webinar_id, f'{TABLE}"Ben;ben@example.org;\n'.encode())

    assert "The quotation marks in line 4 don't match" in text_of(response)
    assert 'name="register"' not in response.text


def test_what_a_table_says_is_escaped(app, organiser):
    webinar_id = add_webinar(app)

    response = send(
        organiser, webinar_id, b"Name;E-mail;<img src=x>\n<img src=x>;a@example.org;\n;<img>;\n"
    )

    assert "<img" not in response.text


def test_table_of_another_webinar_is_not_found(app, organiser):
    webinar_id = add_webinar(app)
    send(organiser, webinar_id, TABLE.encode())
    other = add_webinar(app, slug="other")

    assert organiser.get(path_of(other, "/1")).status_code == 404


def test_preview_takes_as_many_queries_for_many_rows(app, organiser, count_queries):
    webinar_id = add_webinar(app)
    many = "Name;E-mail\n" + "".join(f"Ada;a{number}@example.org\n" for number in range(50))
    send(organiser, webinar_id, TABLE.encode())
    send(organiser, webinar_id, many.encode())
    organiser.get(path_of(webinar_id, "/1"))

    few = count_queries(lambda: organiser.get(path_of(webinar_id, "/1")))
    fifty = count_queries(lambda: organiser.get(path_of(webinar_id, "/2")))

    assert fifty == few
