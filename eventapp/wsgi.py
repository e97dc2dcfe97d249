"""The pages as a WSGI application, for any WSGI server."""

from __future__ import annotations

from eventapp import create_app
from eventapp.core.logs import configure_logging
from eventapp.processes import prepare_process

app = create_app()
configure_logging(app.config["EVENTAPP"].log_level)
prepare_process()
