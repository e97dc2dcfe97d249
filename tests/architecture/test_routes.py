"""Every address of the application: who may enter, and from where a form may come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, BaseConverter, FloatConverter, IntegerConverter, Rule

from eventapp.core import access

MARKS = {access.PUBLIC, access.ORGANISERS, access.DOOR, access.AUDIENCE}
WRITING = {"POST", "PUT", "PATCH", "DELETE"}
ASKING = WRITING | {"GET"}


def made_up(converter: BaseConverter) -> object:
    """Return a value that fits the converter and names nothing that exists."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 999_999 if isinstance(converter, IntegerConverter | FloatConverter) else "nothing-there"


def address_of(app: Flask, rule: Rule) -> str:
    values = {name: made_up(converter) for name, converter in rule._converters.items()}
    url: str = app.url_map.bind("localhost").build(rule.endpoint, values, append_unknown=False)
    return url


def list_doings(app: Flask, *, methods: set[str], marks: set[str] = MARKS) -> Iterator[list[str]]:
    """Every method of every address, as `[method, address]`."""
    for rule in app.url_map.iter_rules():
        if access.access_of(app, rule.endpoint) in marks:
            for method in sorted((rule.methods or set()) & methods):
                yield [method, address_of(app, rule)]


def test_every_view_says_who_may_enter(app: Flask):
    unmarked = [name for name in app.view_functions if access.access_of(app, name) not in MARKS]

    assert unmarked == []


def test_desk_is_the_organisers_own(app: Flask):
    strays = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if str(rule).startswith("/manage/") and not rule.endpoint.startswith("security.")
        if access.access_of(app, rule.endpoint) != access.ORGANISERS
    ]

    assert strays == []


def test_organisers_pages_are_closed_to_visitors(app: Flask, client: FlaskClient):
    open_to_all = []
    for method, url in list_doings(app, methods=ASKING, marks={access.ORGANISERS}):
        answer = client.open(url, method=method)
        is_sent_to_sign_in = answer.location and answer.location.startswith("/manage/sign-in")
        if not (answer.status_code == 403 or (answer.status_code == 302 and is_sent_to_sign_in)):
            open_to_all.append((method, url, answer.status))

    assert open_to_all == []


def test_doors_are_closed_to_made_up_links(app: Flask, client: FlaskClient):
    opened = [
        (method, url)
        for method, url in list_doings(app, methods=ASKING, marks={access.DOOR})
        if client.open(url, method=method).status_code != 404
    ]

    assert opened == []


@pytest.mark.parametrize("person", ["client", "organiser"])
def test_nothing_breaks_on_what_does_not_exist(
    app: Flask, person: str, request: pytest.FixtureRequest
):
    client: FlaskClient = request.getfixturevalue(person)

    broken = [
        (method, url)
        for method, url in list_doings(app, methods=ASKING)
        if client.open(url, method=method).status_code >= 500
    ]

    assert broken == []


def test_forms_of_other_sites_are_refused(app: Flask, organiser: FlaskClient):
    app.config["WTF_CSRF_ENABLED"] = True

    taken = [
        [method, url]
        for method, url in list_doings(app, methods=WRITING)
        if organiser.open(url, method=method).status_code != 400
    ]

    assert taken == [["POST", "/r/nothing-there/unsubscribe"]]


@pytest.mark.every_engine
@pytest.mark.parametrize("rest", ["", "event.ics", "cover", "replay", "live", "register"])
def test_nul_in_an_address_is_not_found(client: FlaskClient, rest):
    assert client.get(f"/webinars/a%00b/{rest}").status_code == 404


@pytest.mark.every_engine
def test_nul_in_a_search_finds_nothing(client: FlaskClient):
    assert client.get("/webinars/?q=a%00b").status_code == 200


def test_one_view_is_exempt_from_the_forms_token(app: Flask):
    """A mail program's one click (RFC 8058), which holds a personal link and nothing else."""
    protection = app.extensions["csrf"]

    exempt = protection._exempt_views | protection._exempt_blueprints

    assert exempt == {"eventapp.registrations.routes.unsubscribe.unsubscribe"}


def test_pages_are_read_and_written_by_different_methods(app: Flask):
    """A GET that writes could be triggered by a link; so a rule that writes takes POST.

    Only uploads in parts have the methods of their protocol.
    """
    others = {
        method
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if "/uploads/" not in str(rule) or method not in {"PATCH", "DELETE"}
    }

    assert others <= {"GET", "HEAD", "OPTIONS", "POST"}
