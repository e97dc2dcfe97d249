"""What the ratios are taken against: the same server, database and bytes, and nothing else.

`/page` renders a template as large as the page under test after one SELECT; `/ics` serialises one
icalendar event. `/form` renders it without asking, writes one row of what it is sent, and leads to
`/sent`, which reads the row back.
Its settings come from the environment: `BARE_DATABASE_URL`, `BARE_BYTES`.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask, Response, redirect, render_template, request, session
from icalendar import Calendar, Event
from werkzeug import Response as Answer

app = Flask(__name__)
app.secret_key = "for-measuring-only"
engine = sa.create_engine(os.environ["BARE_DATABASE_URL"])
PARAGRAPH = "<p>{{ title }} and some words that stand for what a page says.</p>\n"
LINES = int(os.environ["BARE_BYTES"]) // len(PARAGRAPH)
template = app.jinja_env.from_string(PARAGRAPH * LINES)

with engine.begin() as at_start:
    # Two processes that make one table at once stumble over each other in PostgreSQL's catalogue.
    if at_start.dialect.name == "postgresql":
        at_start.execute(sa.text("SELECT pg_advisory_xact_lock(1)"))
    at_start.execute(
        sa.text(
            "CREATE TABLE IF NOT EXISTS bare_people"
            " (name text, email text PRIMARY KEY, affiliation text, time_zone text)"
        )
    )


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


@app.get("/form")
def form() -> str:
    return render_template(template, title="Register")


@app.post("/form")
def send() -> Answer:
    values = {name: request.form[name] for name in ("name", "email", "affiliation", "time_zone")}
    with engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO bare_people VALUES (:name, :email, :affiliation, :time_zone)"),
            values,
        )
    session["email"] = values["email"]
    return redirect("/sent")


@app.get("/sent")
def sent() -> str:
    with engine.connect() as connection:
        row = connection.execute(
            sa.text("SELECT email FROM bare_people WHERE email = :email"),
            {"email": session["email"]},
        ).one()
    return render_template(template, title=row.email)
