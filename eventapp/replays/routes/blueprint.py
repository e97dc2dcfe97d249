"""The blueprint that every file of these routes adds to."""

from __future__ import annotations

from flask import Blueprint

from eventapp.core.forms import allow_uploads

blueprint = Blueprint("replays", __name__)
allow_uploads(
    blueprint,
    setting="max_recording_bytes",
    endpoints={"upload_recording", "append_upload", "act_on_upload"},
)
