"""What tests of the attendees' pages arrange and read."""

from __future__ import annotations

import re
from html import unescape

import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.tokens import derive_token
from eventapp.registrations.models import Registration
from eventapp.webinars.models import Webinar
from tests.factories import RegistrationFactory, RegistrationPolicyFactory, WebinarFactory

ADA = {"name": "Ada", "email": "ada@example.org", "affiliation": "", "website": ""}


def add_webinar(app, *, policy=None, **changes):
    """Add a webinar at /webinars/hubs/, with terms other than the defaults if need be."""
    with app.app_context():
        webinar = WebinarFactory(**{"slug": "hubs", "title": "Creative hubs", **changes})
        if policy is not None:
            RegistrationPolicyFactory(webinar_id=webinar.id, **policy)
        return webinar.id


def add_registration(app, webinar_id, **changes):
    """Add a registration and return the path of its door, without the slash at its end."""
    with app.app_context():
        webinar = db.session.get_one(Webinar, webinar_id)
        return door_of(RegistrationFactory(webinar=webinar, **changes))


def door_of(registration):
    return f"/r/{derive_token('registration', registration.uid)}"


def read(app, column=Registration.status):
    with app.app_context():
        return db.session.scalars(sa.select(column).order_by(Registration.id)).all()


def text_of(response):
    """Return what a page says, without its markup and scripts."""
    main = re.search(r"<main.*?</main>", response.text, re.DOTALL)
    page = main.group() if main else response.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def without_token(response):
    """Return a page as it is for everybody: a form's token holds the second it was made in."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", response.text)
