"""The ways through the site: the header's links and the tabs of one webinar at the desk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from eventapp.webinars.models import Webinar


@dataclass(frozen=True, kw_only=True)
class Link:
    label: str
    href: str
    is_current: bool = False
    badge: str = ""


WEBINAR_TABS = (
    (_l("Overview"), "webinars.overview"),
    (_l("Details"), "webinars.edit"),
    (_l("Agenda"), "webinars.agenda"),
    (_l("Speakers"), "webinars.speakers"),
    (_l("Presentations"), "presentations.manage"),
    (_l("Registrations"), "registrations.manage"),
    (_l("Room"), "live.room_settings"),
    (_l("Polls"), "live.polls"),
    (_l("Live desk"), "live.desk"),
    (_l("Replay"), "replays.manage"),
    (_l("Learnings"), "learnings.manage"),
    (_l("Messages"), "messages.manage"),
)

# What lies below a webinar's registrations.
REGISTRATION_TABS = (
    (_l("List"), "registrations.manage"),
    (_l("Terms"), "registrations.terms"),
    (_l("Form"), "form_fields.manage"),
    (_l("Access codes"), "registrations.codes"),
    (_l("Import"), "registrations.import_people"),
)

# Every other page lies below these, so only they themselves count as being there.
TOPS = frozenset({"webinars.desk", "webinars.overview", "pages.archive"})


def init_app(app: Flask) -> None:
    app.jinja_env.globals["main_navigation"] = main_navigation
    app.jinja_env.globals["manage_navigation"] = manage_navigation
    app.jinja_env.globals["sign_out_url"] = sign_out_url
    app.jinja_env.globals["site_name"] = site_name
    app.jinja_env.globals["webinar_tabs"] = webinar_tabs
    app.jinja_env.globals["registration_tabs"] = registration_tabs


def site_name() -> str:
    name: str = current_app.config["EVENTAPP"].site_name
    return name


def sign_out_url() -> str:
    return url_for("security.logout")


def main_navigation() -> list[Link]:
    if current_user.is_authenticated:
        own = _link(_("My desk"), "webinars.desk")
    else:
        own = _link(_("Sign in"), "security.login")
    return [_link(_("Webinars"), "pages.archive"), own]


def manage_navigation() -> list[Link]:
    return [
        _link(_("Webinars"), "webinars.desk"),
        _link(_("Speakers"), "speakers.list_all"),
        _link(_("Messages"), "messages.ledger"),
        _link(_("Account"), "security.change_password"),
    ]


def webinar_tabs(webinar: Webinar) -> list[Link]:
    tabs = [_link(str(label), endpoint, webinar_id=webinar.id) for label, endpoint in WEBINAR_TABS]
    form = url_for("form_fields.manage", webinar_id=webinar.id)
    if request.path.startswith(form):
        registrations = url_for("registrations.manage", webinar_id=webinar.id)
        tabs = [replace(tab, is_current=tab.href == registrations) for tab in tabs]
    return tabs


def registration_tabs(webinar: Webinar) -> list[Link]:
    """Return the ways between the pages about a webinar's registrations."""
    hrefs = {
        label: url_for(endpoint, webinar_id=webinar.id) for label, endpoint in REGISTRATION_TABS
    }
    below = (href for href in hrefs.values() if request.path.startswith(href))
    here = max(below, key=len, default="")
    return [
        Link(label=str(label), href=href, is_current=href == here) for label, href in hrefs.items()
    ]


def _link(label: str, endpoint: str, **values: Any) -> Link:
    href = url_for(endpoint, **values)
    return Link(label=label, href=href, is_current=_is_here(endpoint, href))


def _is_here(endpoint: str, href: str) -> bool:
    """Whether the page being answered is the link's own, or one below it."""
    if endpoint in TOPS:
        return request.endpoint == endpoint
    return request.path.rstrip("/") == href.rstrip("/") or request.path.startswith(
        href.rstrip("/") + "/"
    )
