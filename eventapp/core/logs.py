"""Structured logs: JSON lines on standard error (plain on a terminal), each with a request id."""

from __future__ import annotations

import logging
import sys
import time
import uuid

import structlog
from flask import Flask, Response, g, request, request_started

CHATTY_LIBRARIES = ("alembic", "huey", "uvicorn")
QUIET_PATHS = ("/healthz", "/readyz", "/static/", "/assets/")


def configure_logging(level: str) -> None:
    """Write this process's logs to standard error: ours straight, libraries' in the same form."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in CHATTY_LIBRARIES:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


log = structlog.get_logger(__name__)


def _begin(_app: Flask, **_rest: object) -> None:
    g.request_id = uuid.uuid4().hex
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def init_app(app: Flask) -> None:
    # Before all else: what runs before a request may break too, and is then answered with the id.
    request_started.connect(_begin, app)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.request_id
        if not request.path.startswith(QUIET_PATHS):
            log.info(
                "request",
                method=request.method,
                # Personal links are secrets: the rule is logged, never the address itself.
                route=str(request.url_rule) if request.url_rule else None,
                status=response.status_code,
                milliseconds=round(1000 * (time.perf_counter() - g.request_began), 1),
            )
        return response
