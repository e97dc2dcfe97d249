"""The stage: what is on air, as large as the screen allows, and the way into the room."""

from __future__ import annotations

import segno
from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from eventapp.core import clock
from eventapp.core.access import audience
from eventapp.live.bus import newest_id
from eventapp.live.permits import is_stage_key
from eventapp.live.queries import get_webinar_with_agenda
from eventapp.live.refusals import StageHasMoved, StageNeedsItsKey
from eventapp.live.routes.blueprint import answer_state, blueprint
from eventapp.live.rules import size_of_text
from eventapp.live.states import build_stage_state, room_address
from eventapp.questions.queries import get_room
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_public_webinar

NEXT_SHOWN = 3


@blueprint.get("/webinars/<slug>/live/stage")
@audience
def stage(slug: str) -> ResponseReturnValue:
    after = newest_id()
    webinar = _enter_stage(slug)
    state = build_stage_state(webinar, after=after, now=clock.now())
    on_air = next((q for q in state["questions"] if q["status"] == "on_air"), None)
    waiting = [q for q in state["questions"] if q["status"] == "approved"]
    address = room_address(webinar)
    return render_template(
        "live/stage.html",
        webinar=webinar,
        state=state,
        on_air=on_air,
        waiting=waiting[:NEXT_SHOWN],
        size=size_of_text(on_air["text"] if on_air else ""),
        address=address.partition("://")[2],
        qr_code=draw_qr_code(address),
        key=request.args.get("key", ""),
    )


@blueprint.get("/webinars/<slug>/live/stage/state.json")
@audience
def stage_state(slug: str) -> ResponseReturnValue:
    after = newest_id()
    webinar = _enter_stage(slug)
    return answer_state(build_stage_state(webinar, after=after, now=clock.now()))


def _enter_stage(slug: str) -> Webinar:
    """Let in organisers, and whoever has the address shown at the desk."""
    webinar = get_public_webinar(slug)
    secret = get_room(webinar.id).stage_secret
    if not (current_user.is_authenticated or _has_key(webinar, secret)):
        raise StageHasMoved if secret else StageNeedsItsKey
    return get_webinar_with_agenda(webinar.id)


def _has_key(webinar: Webinar, secret: str) -> bool:
    return is_stage_key(
        request.args.get("key", ""),
        webinar.id,
        secret=secret,
        secret_key=current_app.config["SECRET_KEY"],
    )


def draw_qr_code(address: str) -> Markup:
    """Return `address` as a QR code (ISO/IEC 18004), an SVG without styles of its own."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        omitsize=True, border=2, svgclass="qr", lineclass=None, dark="#000", light="#fff"
    )
    return Markup(drawn)  # noqa: S704 - drawn here, from squares alone
