"""The pages as a WSGI application, for any WSGI server."""

from __future__ import annotations

import sys

from eventapp import create_app
from eventapp.core.logs import configure_logging

# Whoever holds a webinar's lock needs the interpreter again after each answer of the database, and
# all who register wait for it meanwhile: a thread that computes gives way ten times sooner.
SWITCH_SECONDS = 0.0005

sys.setswitchinterval(SWITCH_SECONDS)
app = create_app()
configure_logging(app.config["EVENTAPP"].log_level)
