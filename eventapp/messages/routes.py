"""The mail ledger at the desk."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from structlog import get_logger

from eventapp.core import clock, mailer, outbox
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.core.security_headers import MESSAGE_POLICY, allow_source
from eventapp.messages import actions, queries, reading, rules
from eventapp.messages.lists import read_wanted, say_where
from eventapp.registrations.subscriptions import is_unwanted
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import find_webinar, get_webinar

blueprint = Blueprint("messages", __name__)
log = get_logger(__name__)


@blueprint.get("/manage/messages/")
@organisers_only
def ledger() -> ResponseReturnValue:
    return _list(None)


@blueprint.get("/manage/webinars/<int:webinar_id>/messages")
@organisers_only
def manage(webinar_id: int) -> ResponseReturnValue:
    return _list(get_webinar(webinar_id))


def _list(webinar: Webinar | None) -> ResponseReturnValue:
    wanted = read_wanted("status", MailStatus)
    return render_template(
        "messages/ledger.html",
        **say_where(webinar, of_one="messages.manage", of_all="messages.ledger"),
        found=queries.list_mails(webinar_id=webinar.id if webinar else None, wanted=wanted),
        wanted=wanted,
        can_send=mailer.can_send(),
        failed_jobs=outbox.count_failed_jobs(),
        label_of=rules.label_of,
        is_erased=rules.is_erased,
    )


@blueprint.post("/manage/messages/jobs/again")
@organisers_only
def retry_jobs() -> ResponseReturnValue:
    """Have tried again what should have followed an event and failed too often."""
    with transaction():
        count = outbox.retry_failed_jobs(now=clock.now())
    log.info("jobs_tried_again", count=count, user_id=current_user.id)
    flash(_("It is being tried again. Look here in some minutes."), "success")
    return redirect(url_for("messages.ledger"))


@blueprint.get("/manage/messages/<int:mail_id>")
@organisers_only
def show(mail_id: int) -> ResponseReturnValue:
    mail = queries.get_mail(mail_id)
    unwanted = is_unwanted(mail)
    allow_source("frame-src", "'self'")
    page = render_template(
        "messages/show.html",
        mail=mail,
        about=find_webinar(mail.webinar_id) if mail.webinar_id else None,
        text=reading.read_text(mail),
        calendar=reading.read_calendar(mail),
        replies_go_to=reading.read_reply_to(mail),
        label=rules.label_of(mail.message),
        is_erased=rules.is_erased(mail),
        again_label=rules.again_label(mail),
        can_send=mailer.can_send(),
        is_unwanted=unwanted,
        was_called_back=rules.was_called_back(mail, now=clock.now()),
        can_send_again=rules.can_send_again(mail, is_unwanted=unwanted),
        are_links_shown=reading.are_links_shown(),
    )
    return _not_kept(Response(page))


@blueprint.get("/manage/messages/<int:mail_id>/html")
@organisers_only
def show_html(mail_id: int) -> ResponseReturnValue:
    """Return the message's HTML alone, for the frame in its page."""
    response = Response(reading.read_html(queries.get_mail(mail_id)), mimetype="text/html")
    response.headers["Content-Security-Policy"] = MESSAGE_POLICY
    return _not_kept(response)


@blueprint.post("/manage/messages/<int:mail_id>/again")
@organisers_only
def send_again(mail_id: int) -> ResponseReturnValue:
    mail = queries.get_mail(mail_id)
    user_id = current_user.id
    try:
        with transaction():
            again = actions.send_again(mail, user_id=user_id, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(url_for("messages.show", mail_id=mail_id))
    log.info("mail_sent_again", mail_id=mail_id, new_mail_id=again.id, user_id=user_id)
    _say_what_became_of(again)
    return redirect(url_for("messages.show", mail_id=again.id))


def _say_what_became_of(mail: OutgoingMail) -> None:
    if mail.status == MailStatus.WITHHELD:
        flash(
            _("It is written down and held back: mail to this address has come back before."),
            "warning",
        )
    else:
        flash(_("The message is on its way again."), "success")


def _not_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
