"""The blueprint that every file of these routes adds to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("learnings", __name__)
