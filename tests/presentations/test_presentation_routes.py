"""The organisers' list of presentations, and everyone's downloads."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.files import store_file
from eventapp.presentations.queries import list_presentations
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import AgendaItemFactory, PresentationFactory, SpeakerFactory, WebinarFactory

DEMO = Path("eventapp/demo/assets/creative-hubs")


@pytest.fixture
def hubs(app):
    """The id of a published webinar, "hubs"."""
    with app.app_context():
        return WebinarFactory(slug="hubs").id


def at(hubs, path=""):
    return f"/manage/webinars/{hubs}/presentations{path}"


def add_file(hubs, **values):
    stored = store_file(
        BytesIO(b"%PDF-1.4"), name="Über <uns>.html", media_type="application/pdf", extension="pdf"
    )
    return PresentationFactory(webinar_id=hubs, file=stored, **values).id


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("introduction.pdf", "introduction.pdf"),
        ("trakk-namur.pptx", "trakk-namur.pptx"),
        ("waps-tournai.odp", "waps-tournai.odp"),
    ],
)
def test_slides_are_known_by_their_content(app, organiser, hubs, file, name):
    content = BytesIO((DEMO / file).read_bytes())
    data = {"title": "Slides", "agenda_item": "0", "file": (content, f"{Path(file).stem}.exe")}

    response = organiser.post(at(hubs), data=data)

    assert response.status_code == 302
    with app.app_context():
        assert [p.file.name for p in list_presentations(hubs)] == [name]


def test_slides_are_copied_before_anybody_waits(app, organiser, hubs, tmp_path):
    stored_when_locked = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith("BEGIN IMMEDIATE"):
            stored_when_locked.append(len(list((tmp_path / "files").iterdir())))

    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", note)
    content = BytesIO((DEMO / "introduction.pdf").read_bytes())

    organiser.post(
        at(hubs), data={"title": "Slides", "agenda_item": "0", "file": (content, "slides.pdf")}
    )

    assert stored_when_locked == [0, 1]


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"<script>alert(1)</script>", "look like a presentation"),
        (b"", "Please choose a file."),
        (b"%PDF-1.4 cut", "The end of this file is missing"),
    ],
)
def test_other_files_are_refused_kindly(app, organiser, hubs, content, answer):
    name = "slides.pdf" if content else ""
    data = {"title": "Slides", "agenda_item": "0", "file": (BytesIO(content), name)}

    page = organiser.post(at(hubs), data=data).text

    assert answer in page
    with app.app_context():
        assert list_presentations(hubs) == []


def test_list_names_speakers_and_escapes_titles(app, organiser, hubs):
    with app.app_context():
        item = AgendaItemFactory(
            webinar=db.session.get(Webinar, hubs), speakers=[SpeakerFactory(name="Ann Lee")]
        )
        add_file(hubs, title="<script>alert(1)</script>", agenda_item_id=item.id)

    page = organiser.get(at(hubs)).text

    assert "Ann Lee" in page
    assert "<script>alert" not in page


def test_presentation_is_edited_moved_and_deleted(app, organiser, hubs):
    with app.app_context():
        first = add_file(hubs, title="First", position=0)
        add_file(hubs, title="Second", position=1)

    organiser.post(
        at(hubs, f"/{first}"), data={"title": "Renamed", "agenda_item": "0", "is_shown_before": "y"}
    )
    organiser.post(at(hubs, f"/{first}/move"), data={"to": "down"})

    with app.app_context():
        assert [p.title for p in list_presentations(hubs)] == ["Second", "Renamed"]
    organiser.post(at(hubs, f"/{first}/delete"))
    with app.app_context():
        assert [p.title for p in list_presentations(hubs)] == ["Second"]


def test_download_is_always_an_attachment_under_a_safe_name(app, client, hubs):
    with app.app_context():
        number = add_file(hubs, is_shown_before=True)

    with client.get(f"/webinars/hubs/presentations/{number}") as response:
        disposition = response.headers["Content-Disposition"]

        assert disposition.startswith("attachment; ")
        assert disposition.endswith("filename*=UTF-8''%C3%9Cber%20-uns.pdf")
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("status", "is_shown_before", "code"),
    [
        (WebinarStatus.DRAFT, True, 404),
        (WebinarStatus.PUBLISHED, False, 404),
        (WebinarStatus.PUBLISHED, True, 200),
        (WebinarStatus.ENDED, False, 200),
    ],
)
def test_hidden_presentation_is_not_found_by_visitors(
    app, client, organiser, status, is_shown_before, code
):
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", status=status)
        number = add_file(webinar.id, is_shown_before=is_shown_before)

    for person, expected in ((client, code), (organiser, 200)):
        with person.get(f"/webinars/hubs/presentations/{number}") as response:
            assert response.status_code == expected


def test_presentation_is_not_found_under_another_webinar(app, client, hubs):
    with app.app_context():
        WebinarFactory(slug="other")
        number = add_file(hubs, is_shown_before=True)

    assert client.get(f"/webinars/other/presentations/{number}").status_code == 404
    assert client.get(f"/webinars/none/presentations/{number}").status_code == 404


def test_list_takes_as_many_queries_for_one_as_for_many(app, organiser, hubs, count_queries):
    def add(position):
        item = AgendaItemFactory(
            webinar=db.session.get(Webinar, hubs), speakers=[SpeakerFactory(), SpeakerFactory()]
        )
        add_file(hubs, position=position, agenda_item_id=item.id)

    with app.app_context():
        add(0)
    organiser.get(at(hubs))
    one = count_queries(lambda: organiser.get(at(hubs)))
    with app.app_context():
        for position in range(1, 10):
            add(position)

    assert count_queries(lambda: organiser.get(at(hubs))) == one
