"""`python -m eventapp COMMAND`: serving, and everything an administrator does by hand."""

from __future__ import annotations

import os

import click
from flask.cli import FlaskGroup

from eventapp import create_app
from eventapp.accounts.cli import create_organiser
from eventapp.core.logs import configure_logging
from eventapp.demo.cli import demo
from eventapp.messages.incoming.cli import receive_mail
from eventapp.replays.cli import agenda
from eventapp.serving import live, migrate, read_settings, run, serve, web, worker


def _create_app() -> object:
    return create_app(read_settings())


@click.group(cls=FlaskGroup, create_app=_create_app, add_default_commands=False, load_dotenv=False)
def main() -> None:
    """eventapp: webinars, from the first draft to the replay."""
    # What is written holds people's data: it is its owner's alone.
    os.umask(0o077)
    configure_logging("INFO")


for command in (
    run,
    serve,
    web,
    live,
    worker,
    migrate,
    create_organiser,
    demo,
    agenda,
    receive_mail,
):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m eventapp")
