"""URLs of an organiser's own words: the list of messages, and the editor with its preview."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import NotFound, Refusal
from eventapp.core.i18n import LANGUAGES, own_language_name
from eventapp.core.security_headers import allow_source
from eventapp.messages.models import MessageWording
from eventapp.messages.rules import label_of
from eventapp.messages.wordings import actions, previews, queries
from eventapp.messages.wordings.forms import WordsForm
from eventapp.messages.wordings.samples import choose_person
from eventapp.messages.wordings.standard import MESSAGES
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_webinar

blueprint = Blueprint("wordings", __name__)


@blueprint.get("/manage/webinars/<int:webinar_id>/messages/wordings")
@organisers_only
def list_all(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    written = queries.list_wordings(webinar_id)
    rows = [
        {
            "message": message,
            "label": label_of(message),
            "when": standard.when,
            "language": language,
            "wording": written.get((message, language)),
        }
        for message, standard in MESSAGES.items()
        for language in LANGUAGES
    ]
    return render_template(
        "messages/wordings.html", webinar=webinar, rows=rows, languages=_languages()
    )


@blueprint.route(
    "/manage/webinars/<int:webinar_id>/messages/wordings/<message>", methods=["GET", "POST"]
)
@organisers_only
def edit(webinar_id: int, message: str) -> ResponseReturnValue:
    webinar, wording, form = _open(webinar_id, message)
    if form.validate_on_submit():
        if "test" in request.form:
            previews.send_test_to_organiser(
                message, person=_person(webinar, form), language=_language(), **form.words
            )
        elif _save(webinar, message, form):
            flash(_("Saved. The message says this from now on."), "success")
            return redirect(_address("wordings.edit", webinar_id, message))
    allow_source("frame-src", "'self'")
    return render_template(
        "messages/wording.html",
        webinar=webinar,
        message=message,
        label=label_of(message),
        standard=MESSAGES[message],
        wording=wording,
        form=form,
        is_changed=form.is_submitted(),
        language=_language(),
        languages=_languages(),
        own_address=current_user.email,
    )


@blueprint.route(
    "/manage/webinars/<int:webinar_id>/messages/wordings/<message>/preview",
    methods=["GET", "POST"],
)
@organisers_only
def preview(webinar_id: int, message: str) -> ResponseReturnValue:
    """Return the message alone, for the frame: as it is saved, or as it stands in the form."""
    webinar, _wording, form = _open(webinar_id, message)
    if form.is_submitted() and not form.validate():
        return previews.frame_problems(form)
    return previews.frame_message(
        message,
        person=_person(webinar, form),
        language=_language(),
        kind=request.values.get("as", ""),
        **form.words,
    )


@blueprint.post("/manage/webinars/<int:webinar_id>/messages/wordings/<message>/standard")
@organisers_only
def go_back(webinar_id: int, message: str) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    with transaction():
        actions.remove_wording(webinar, _known(message), language=_language())
    flash(_("The message says its standard words again."), "success")
    return redirect(_address("wordings.edit", webinar_id, message))


def _open(webinar_id: int, message: str) -> tuple[Webinar, MessageWording | None, WordsForm]:
    """Return the webinar, what was written for it, and the form, which begins with that."""
    webinar = get_webinar(webinar_id)
    wording = queries.find_wording(webinar_id, _known(message), language=_language())
    standard = MESSAGES[message]
    form = WordsForm(
        data={
            "subject": wording.subject if wording else str(standard.subject),
            "body": wording.body if wording else str(standard.body),
            "seen_at": wording.updated_at.isoformat() if wording else "",
        }
    )
    form.message = message
    form.offer_people(queries.list_people_to_choose(webinar_id))
    return webinar, wording, form


def _save(webinar: Webinar, message: str, form: WordsForm) -> bool:
    """Write what was typed, or put the refusal into the form, which then knows the present."""
    webinar_id = webinar.id
    try:
        with transaction():
            actions.save_wording(
                webinar,
                message,
                language=_language(),
                now=clock.now(),
                seen_at=form.seen_moment(),
                **form.words,
            )
    except Refusal as refusal:
        form.form_errors.append(str(refusal.message))
        present = queries.find_wording(webinar_id, message, language=_language())
        form.seen_at.data = present.updated_at.isoformat() if present else ""
        return False
    return True


def _person(webinar: Webinar, form: WordsForm) -> Any:
    return choose_person(webinar, form.attendee.data)


def _known(message: str) -> str:
    if message not in MESSAGES:
        raise NotFound
    return message


def _language() -> str:
    asked = request.args.get("language", LANGUAGES[0])
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _languages() -> dict[str, str]:
    """Return the languages that messages are written in, by their names, where there are some."""
    names = {code: own_language_name(code) for code in LANGUAGES}
    return names if len(names) > 1 else {}


def _address(endpoint: str, webinar_id: int, message: str) -> str:
    language = _language() if _language() != LANGUAGES[0] else None
    return url_for(endpoint, webinar_id=webinar_id, message=message, language=language)
