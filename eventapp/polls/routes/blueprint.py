"""The blueprint that the routes of this feature share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("polls", __name__)
