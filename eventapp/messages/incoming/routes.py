"""What came back, at the desk."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.reply_addresses import reply_address
from eventapp.messages.incoming import actions, queries, rules
from eventapp.messages.lists import read_wanted, say_where
from eventapp.messages.models import IncomingKind
from eventapp.registrations.queries import find_registration
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import find_webinar, get_webinar

blueprint = Blueprint("incoming", __name__)


@blueprint.get("/manage/messages/incoming")
@organisers_only
def list_all() -> ResponseReturnValue:
    return _list(None)


@blueprint.get("/manage/webinars/<int:webinar_id>/messages/incoming")
@organisers_only
def manage(webinar_id: int) -> ResponseReturnValue:
    return _list(get_webinar(webinar_id))


def _list(webinar: Webinar | None) -> ResponseReturnValue:
    wanted = read_wanted("kind", IncomingKind)
    webinar_id = webinar.id if webinar else None
    return render_template(
        "messages/incoming.html",
        **say_where(webinar, of_one="incoming.manage", of_all="incoming.list_all"),
        found=queries.list_incoming(webinar_id=webinar_id, wanted=wanted),
        wanted=wanted,
        unread=queries.count_unread(webinar_id=webinar_id),
        in_words=rules.in_words,
        reply_address=reply_address(),
    )


@blueprint.get("/manage/messages/incoming/<int:mail_id>")
@organisers_only
def show(mail_id: int) -> ResponseReturnValue:
    mail = queries.get_incoming(mail_id)
    return render_template(
        "messages/incoming_show.html",
        mail=mail,
        about=find_webinar(mail.webinar_id) if mail.webinar_id else None,
        registration=find_registration(mail.registration_id) if mail.registration_id else None,
        in_words=rules.in_words,
    )


@blueprint.post("/manage/messages/incoming/<int:mail_id>/read")
@organisers_only
def mark_read(mail_id: int) -> ResponseReturnValue:
    mail = queries.get_incoming(mail_id)
    with transaction():
        actions.mark_read(mail, now=clock.now())
    return redirect(_list_address(mail.webinar_id))


@blueprint.post("/manage/messages/incoming/read")
@organisers_only
def mark_all_read() -> ResponseReturnValue:
    return _mark_all_read(None)


@blueprint.post("/manage/webinars/<int:webinar_id>/messages/incoming/read")
@organisers_only
def mark_webinar_read(webinar_id: int) -> ResponseReturnValue:
    return _mark_all_read(get_webinar(webinar_id).id)


def _mark_all_read(webinar_id: int | None) -> ResponseReturnValue:
    with transaction():
        actions.mark_all_read(webinar_id=webinar_id, now=clock.now())
    flash(_("Everything is marked as read."), "success")
    return redirect(_list_address(webinar_id))


def _list_address(webinar_id: int | None) -> str:
    if webinar_id is None:
        return url_for("incoming.list_all")
    return url_for("incoming.manage", webinar_id=webinar_id)
