"""The bare routes behind the embedded form's server: ASGI, with Flask in 16 threads."""

from __future__ import annotations

from a2wsgi import WSGIMiddleware

from bench.bare import app
from eventapp.asgi import PAGE_THREADS

asgi = WSGIMiddleware(app, workers=PAGE_THREADS)  # type: ignore[arg-type]
