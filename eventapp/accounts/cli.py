"""`python -m eventapp create-organiser`."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from eventapp.accounts.actions import create_organiser as create
from eventapp.core import clock
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal


@click.command()
@click.option("--email", prompt="E-mail address")
@click.option("--name", prompt="Name")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@with_appcontext
def create_organiser(email: str, name: str, password: str) -> None:
    """Add an organiser, who can then sign in at /manage/."""
    try:
        with transaction():
            create(email=email, name=name, password=password, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    click.echo(f"{email} can sign in now.")
