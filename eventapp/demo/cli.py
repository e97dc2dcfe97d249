"""`python -m eventapp demo`: load the demo into this database."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from eventapp.demo.load import load_demo


@click.command()
@with_appcontext
def demo() -> None:
    """Load the demo's three webinars and its organiser."""
    load_demo()
