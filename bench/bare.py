"""What the ratios are taken against: the same server, database and bytes, and nothing else.

`/page` renders a template as large as the page under test after one SELECT; `/ics` serialises one
icalendar event. Its settings come from the environment: `BARE_DATABASE_URL`, `BARE_BYTES`.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask, Response, render_template
from icalendar import Calendar, Event

app = Flask(__name__)
engine = sa.create_engine(os.environ["BARE_DATABASE_URL"])
PARAGRAPH = "<p>{{ title }} and some words that stand for what a page says.</p>\n"
LINES = int(os.environ["BARE_BYTES"]) // len(PARAGRAPH)
template = app.jinja_env.from_string(PARAGRAPH * LINES)


@app.get("/page")
def page() -> str:
    with engine.connect() as connection:
        row = connection.execute(
            sa.text("SELECT title FROM webinars WHERE slug = :slug"),
            {"slug": "accessible-public-services"},
        ).one()
    return render_template(template, title=row.title)


@app.get("/ics")
def ics() -> Response:
    calendar = Calendar()
    calendar.add("prodid", "-//bare//")
    calendar.add("version", "2.0")
    event = Event()
    event.add("uid", "1@example.org")
    event.add("dtstamp", datetime.now(UTC))
    event.add("dtstart", datetime(2026, 12, 18, 10, 0, tzinfo=UTC))
    event.add("dtend", datetime(2026, 12, 18, 12, 0, tzinfo=UTC))
    event.add("summary", "Public services that everyone can use")
    event.add("description", "Two hours with people who made a counter, a form and a page easier.")
    event.add("location", "https://example.org/webinars/accessible-public-services/")
    event.add("url", "https://example.org/webinars/accessible-public-services/")
    calendar.add_component(event)
    return Response(calendar.to_ical(), content_type="text/calendar")
