"""Recordings in parts, by the tus protocol: begun, gone on with, asked for and stopped."""

from __future__ import annotations

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.resumable import receiving
from eventapp.core.resumable.protocol import ProtocolError, say_versions, speaks_tus
from eventapp.core.resumable.receiving import Place
from eventapp.replays.routes.blueprint import blueprint
from eventapp.replays.uploaded import RECORDINGS, SAME, put_into_words
from eventapp.webinars.queries import get_webinar

UPLOADS = "/manage/webinars/<int:webinar_id>/replay/uploads"
UPLOAD = f"{UPLOADS}/<token>"


@blueprint.route(UPLOADS, methods=["OPTIONS"])
@organisers_only
@speaks_tus
def show_upload_versions(webinar_id: int) -> ResponseReturnValue:  # noqa: ARG001 - the address's
    return say_versions(largest=_largest())


@blueprint.post(UPLOADS)
@organisers_only
@speaks_tus
def create_upload(webinar_id: int) -> ResponseReturnValue:
    get_webinar(webinar_id)
    upload = receiving.create(_place(webinar_id), largest=_largest())
    address = url_for("replays.show_upload", webinar_id=webinar_id, token=upload.token)
    return receiving.say_created(upload, address=address)


@blueprint.get(UPLOAD)
@organisers_only
@speaks_tus
def show_upload(webinar_id: int, token: str) -> ResponseReturnValue:
    """Answer HEAD with the offset; a page's GET is told in words where the upload stands."""
    upload = _place(webinar_id).get(token)
    return receiving.say_state(
        upload,
        words=put_into_words(upload),
        is_known=upload.reason == SAME,
        now=clock.now(),
    )


@blueprint.patch(UPLOAD)
@organisers_only
@speaks_tus
def append_upload(webinar_id: int, token: str) -> ResponseReturnValue:
    return receiving.say_appended(receiving.append(_place(webinar_id), token))


@blueprint.delete(UPLOAD)
@organisers_only
@speaks_tus
def end_upload(webinar_id: int, token: str) -> ResponseReturnValue:
    receiving.end(_place(webinar_id), token)
    return receiving.say_ended()


@blueprint.post(UPLOAD)
@organisers_only
@speaks_tus
def act_on_upload(webinar_id: int, token: str) -> ResponseReturnValue:
    """Do what X-HTTP-Method-Override says, for clients that can't send these methods."""
    method = request.headers.get("X-HTTP-Method-Override", "")
    if method == "PATCH":
        return receiving.say_appended(receiving.append(_place(webinar_id), token))
    if method == "DELETE":
        receiving.end(_place(webinar_id), token)
        return receiving.say_ended()
    raise ProtocolError(405, _("Please use PATCH or DELETE here."))


def _place(webinar_id: int) -> Place:
    return Place(purpose=RECORDINGS.name, subject_id=webinar_id, owner_id=current_user.id)


def _largest() -> int:
    largest: int = current_app.config["EVENTAPP"].max_recording_bytes
    return largest
