"""The processes: all in one (`serve`), or web, live and worker each on its own.

`run` is `serve` for a newcomer: it migrates first, loads the demo into an empty database, and says
where to look.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import IO, Any

import click
import flask_migrate
import uvicorn
from flask import Flask, current_app
from flask.cli import NoAppException, ScriptInfo, pass_script_info, with_appcontext
from granian import Granian
from granian.constants import Interfaces

from config import ConfigurationError, Settings
from eventapp.asgi import Site, SiteServer
from eventapp.connections import LimitedConnection
from eventapp.core import clock, queue
from eventapp.core.logs import configure_logging
from eventapp.demo.content import ACCESSIBLE_SERVICES, CREATIVE_HUBS, REPAIR
from eventapp.demo.load import ORGANISER_EMAIL, demo_password, is_empty, load_demo
from eventapp.live.streams import StreamApp, build_stream_app
from eventapp.processes import prepare_process
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.queries import find_webinar_by_slug
from eventapp.webinars.rules import WITH_REPLAY, can_register

STOP_STREAMS_SECONDS = 3
DEMO_SLUGS = (CREATIVE_HUBS.slug, ACCESSIBLE_SERVICES.slug, REPAIR.slug)
LAST_PORT = 65535


class CannotStart(NoAppException):
    """Why nothing is started, printed as it is: no traceback would help whoever reads it."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=True)


def read_settings() -> Settings:
    """Return the settings of the environment. Raises CannotStart where they can't be."""
    try:
        return Settings.from_environment()
    except ConfigurationError as error:
        raise CannotStart(str(error)) from error


def _check_can_listen(settings: Settings) -> None:
    """Raise CannotStart where the address can't be had, before anything else is done or said."""
    try:
        _bind_briefly(settings.host, settings.port)
    except OSError as error:
        what = f"eventapp can't listen on port {settings.port} of {settings.host}"
        if error.errno != errno.EADDRINUSE:
            message = f"{what} ({error.strerror}): set HOST and PORT to an address it may have."
            raise CannotStart(message) from error
        other = settings.port + 1 if settings.port < LAST_PORT else settings.port - 1
        raise CannotStart(
            f"{what}: something listens there, perhaps another eventapp. Stop that, or choose "
            f"another port:\n  PORT={other} make run"
        ) from error


def _bind_briefly(host: str, port: int) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as probe:
        # What was closed a moment ago is free; what listens is not.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


def _settings(app: Flask) -> Settings:
    settings: Settings = app.config["EVENTAPP"]
    return settings


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database schema up to this version."""
    flask_migrate.upgrade()


@click.command()
@pass_script_info
def run(info: ScriptInfo) -> None:
    """Migrate, load the demo into an empty database, and serve everything on one port."""
    app = info.load_app()
    _check_can_listen(_settings(app))
    with app.app_context():
        flask_migrate.upgrade()
        if _settings(app).demo and is_empty():
            click.echo("Loading the demo …")
            load_demo()
        _greet()
    _serve_all(app)


def _greet() -> None:
    base = current_app.config["EVENTAPP"].base_url
    click.echo(f"\n  {base}/          the public site")
    password = demo_password()
    if password is None:
        click.echo(f"  {base}/manage/   the organisers' desk")
        click.echo("\n  Nobody can sign in until you run `python -m eventapp create-organiser`.")
        return
    for path, meaning in _list_demo(now=clock.now()):
        click.echo(f"  {base}{path}  {meaning}")
    click.echo(f"\n  Sign in at {base}/manage/ as {ORGANISER_EMAIL}, password {password}\n")


def _list_demo(*, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield where to look in the demo, and what is there by now."""
    for slug in DEMO_SLUGS:
        webinar = find_webinar_by_slug(slug)
        if webinar is not None and (found := _describe(webinar, now=now)):
            page, meaning = found
            yield f"/webinars/{slug}/{page}", meaning


def _describe(webinar: Webinar, *, now: datetime) -> tuple[str, str] | None:
    if webinar.status in WITH_REPLAY:
        return "replay", "a replay with its agenda and learnings"
    if webinar.status == WebinarStatus.LIVE:
        return "live", "live now: ask and vote"
    if can_register(webinar, now=now):
        return "", "open for registration"
    return ("", "over, without a replay yet") if webinar.status == WebinarStatus.ENDED else None


@click.command()
@pass_script_info
def serve(info: ScriptInfo) -> None:
    """Serve pages, live streams and background work from this one process."""
    _serve_all(info.load_app())


def _serve_all(app: Flask) -> None:
    settings = _settings(app)
    configure_logging(settings.log_level)
    _check_can_listen(settings)
    consumer = queue.build_consumer(app, embedded=True)
    consumer.start()
    try:
        _run_uvicorn(Site(app), settings)
    finally:
        consumer.stop(graceful=True)


def _run_uvicorn(asgi: Site | StreamApp, settings: Settings) -> None:
    prepare_process()
    # Uvicorn ends its streams and requests on Ctrl-C and then raises it again.
    with suppress(KeyboardInterrupt):
        build_server(asgi, host=settings.host, port=settings.port).run()


def build_server(asgi: Site | StreamApp, *, host: str, port: int) -> SiteServer:
    config = uvicorn.Config(
        asgi,
        host=host,
        port=port,
        http=LimitedConnection,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=STOP_STREAMS_SECONDS,
        proxy_headers=False,
        server_header=False,
    )
    return SiteServer(config, hub=asgi.hub)


def _check_shared(settings: Settings) -> None:
    """Stop a process that would serve pages of its own database, or whose news nobody heard."""
    if settings.database_url.startswith("sqlite:"):
        raise click.ClickException(
            "DATABASE_URL is not PostgreSQL's, which several processes can share: set it, for "
            "instance to postgresql://user:password@host/name, or run "
            "`python -m eventapp serve` instead."
        )
    _check_news(settings)


def _check_news(settings: Settings) -> None:
    """Stop a process that would hear no news: they come by Redis alone."""
    if settings.redis_url is None:
        raise click.ClickException(
            "REDIS_URL is empty, and by Redis alone news gets from one process to another: set "
            "it, for instance to redis://localhost:6379/0, or run `python -m eventapp serve` "
            "instead."
        )


@click.command()
@click.option(
    "--processes",
    type=click.IntRange(min=1),
    default=lambda: os.cpu_count() or 1,
    help="How many; default: cores.",
)
def web(processes: int) -> None:
    """Serve pages alone, in several processes (needs DATABASE_URL and REDIS_URL)."""
    settings = read_settings()
    _check_can_listen(settings)
    _check_shared(settings)
    Granian(
        "eventapp.wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=16,
    ).serve()


@click.command()
@pass_script_info
def live(info: ScriptInfo) -> None:
    """Serve live streams alone (needs REDIS_URL)."""
    app = info.load_app()
    _check_news(_settings(app))
    configure_logging(_settings(app).log_level)
    _check_can_listen(_settings(app))
    _run_uvicorn(build_stream_app(app), _settings(app))


@click.command()
@click.option("--threads", default=4, help="How many jobs at a time.")
@pass_script_info
def worker(info: ScriptInfo, threads: int) -> None:
    """Do background work: reactions, mail, sweeps."""
    app = info.load_app()
    configure_logging(_settings(app).log_level)
    queue.build_consumer(app, embedded=False, workers=threads).run()
