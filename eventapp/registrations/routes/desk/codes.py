"""Access codes: shared ones, and personal ones that are sent to their owners."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.lists import read_page, read_words
from eventapp.registrations import actions, desk_queries
from eventapp.registrations.code_rules import can_invite, check_can_invite
from eventapp.registrations.desk_forms import PersonalCodesForm, SharedCodeForm
from eventapp.registrations.imports.invited import Understood, read_invited
from eventapp.registrations.mails import code_url
from eventapp.registrations.models import RegistrationMode
from eventapp.registrations.queries import get_policy
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.registrations.routes.desk.words import reason_words
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.queries import get_webinar

PERSONAL = "personal"


@blueprint.route("/manage/webinars/<int:webinar_id>/registrations/codes", methods=["GET", "POST"])
@organisers_only
def codes(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    form = SharedCodeForm()
    if form.validate_on_submit() and _add_shared(webinar, form):
        return redirect(url_for("registrations.codes", webinar_id=webinar_id))
    are_personal = request.args.get("kind") == PERSONAL
    words = read_words()
    found = desk_queries.list_codes(
        webinar.id, are_personal=are_personal, words=words, page=read_page(), now=clock.now()
    )
    return render_template(
        "registrations/codes.html",
        webinar=webinar,
        form=form,
        found=found,
        words=words,
        are_personal=are_personal,
        urls={code.id: code_url(code, webinar) for code in found.codes},
        can_invite=can_invite(webinar, now=clock.now()),
        is_by_invitation=get_policy(webinar.id).mode == RegistrationMode.INVITATION,
        is_draft=webinar.status == WebinarStatus.DRAFT,
    )


def _add_shared(webinar: Webinar, form: SharedCodeForm) -> bool:
    try:
        with transaction():
            made = actions.add_shared_code(
                webinar,
                code=form.code.data,
                note=form.note.data,
                most_uses=form.most_uses.data,
                now=clock.now(),
            )
    except Refusal as refusal:
        form.code.errors = [*form.code.errors, refusal.message]
        return False
    flash(_("The code %(code)s works from now on.", code=made.code), "success")
    return True


@blueprint.route(
    "/manage/webinars/<int:webinar_id>/registrations/codes/invite", methods=["GET", "POST"]
)
@organisers_only
def invite(webinar_id: int) -> ResponseReturnValue:
    """Show what was understood of pasted lines, and send the codes once that was seen."""
    webinar = get_webinar(webinar_id)
    form = PersonalCodesForm()
    understood: Understood | None = None
    if form.validate_on_submit():
        try:
            understood = _read_lines(webinar, form)
            if "send" in request.form and understood.people:
                return _send(webinar, understood)
        except Refusal as refusal:
            form.people.errors = [*form.people.errors, refusal.message]
    return render_template(
        "registrations/invite.html",
        webinar=webinar,
        form=form,
        understood=understood,
        reason_words=reason_words(),
        can_invite=can_invite(webinar, now=clock.now()),
        is_draft=webinar.status == WebinarStatus.DRAFT,
    )


def _read_lines(webinar: Webinar, form: PersonalCodesForm) -> Understood:
    check_can_invite(webinar, now=clock.now())
    return read_invited(
        form.people.data, keys_with_code=desk_queries.list_keys_with_code(webinar.id)
    )


def _send(webinar: Webinar, understood: Understood) -> ResponseReturnValue:
    webinar_id, is_draft = webinar.id, webinar.status == WebinarStatus.DRAFT
    with transaction():
        for person in understood.people:
            actions.add_personal_code(
                webinar, name=person.name, email=person.email, now=clock.now()
            )
    count = len(understood.people)
    if is_draft:
        said = ngettext(
            "%(num)d code is ready. It is sent when you publish the webinar.",
            "%(num)d codes are ready. They are sent when you publish the webinar.",
            count,
        )
    else:
        said = ngettext("%(num)d code is on its way.", "%(num)d codes are on their way.", count)
    flash(said, "success")
    return redirect(url_for("registrations.codes", webinar_id=webinar_id, kind=PERSONAL))


@blueprint.post("/manage/webinars/<int:webinar_id>/registrations/codes/<int:code_id>/revoke")
@organisers_only
def revoke_code(webinar_id: int, code_id: int) -> ResponseReturnValue:
    code = desk_queries.get_code(webinar_id, code_id)
    kind = PERSONAL if code.email_key else None
    with transaction():
        actions.revoke_access_code(code, now=clock.now())
    flash(
        _("The code %(code)s lets nobody in any more. Who is registered stays.", code=code.code),
        "success",
    )
    return redirect(url_for("registrations.codes", webinar_id=webinar_id, kind=kind))
