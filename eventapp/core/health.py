"""`/healthz`: the process answers. `/readyz`: its database does too and has every migration."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from structlog import get_logger

from eventapp.core.access import public
from eventapp.core.db import db

blueprint = Blueprint("health", __name__)

log = get_logger(__name__)


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    try:
        is_migrated = has_every_migration()
    except sa.exc.SQLAlchemyError:
        log.exception("database_unreachable")
        return jsonify(status="unavailable", database="unreachable"), 503
    if not is_migrated:
        return jsonify(status="unavailable", database="not migrated"), 503
    return jsonify(status="ok", database="ok")


def has_every_migration() -> bool:
    """Return whether the database stands at the newest migration of this version."""
    directory = current_app.extensions["migrate"].directory
    context = MigrationContext.configure(db.session.connection())
    return context.get_current_revision() == ScriptDirectory(directory).get_current_head()
