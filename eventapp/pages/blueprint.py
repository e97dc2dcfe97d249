"""The blueprint of the pages, apart from its views so that each can have a file of its own."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("pages", __name__)
