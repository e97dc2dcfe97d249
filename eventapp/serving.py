"""The processes: all in one (`serve`), or web, live and worker each on its own.

`run` is `serve` for a newcomer: it migrates first, loads the demo into an empty database, and says
where to look.
"""

from __future__ import annotations

import os
from contextlib import suppress

import click
import flask_migrate
import uvicorn
from flask import Flask, current_app
from flask.cli import ScriptInfo, pass_script_info, with_appcontext
from granian import Granian
from granian.constants import Interfaces

from config import Settings
from eventapp.asgi import Site, SiteServer
from eventapp.connections import LimitedConnection
from eventapp.core import queue
from eventapp.core.logs import configure_logging
from eventapp.demo.content import ACCESSIBLE_SERVICES, CREATIVE_HUBS, REPAIR
from eventapp.demo.load import ORGANISER_EMAIL, demo_password, is_empty, load_demo
from eventapp.live.streams import StreamApp, build_stream_app

STOP_STREAMS_SECONDS = 3
DEMO_ADDRESSES = {
    f"/webinars/{CREATIVE_HUBS.slug}/replay": "a replay with its agenda and learnings",
    f"/webinars/{ACCESSIBLE_SERVICES.slug}/": "open for registration",
    f"/webinars/{REPAIR.slug}/live": "live now: ask and vote",
}


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
    for path, meaning in DEMO_ADDRESSES.items():
        click.echo(f"  {base}{path}  {meaning}")
    click.echo(f"\n  Sign in at {base}/manage/ as {ORGANISER_EMAIL}, password {password}\n")


@click.command()
@pass_script_info
def serve(info: ScriptInfo) -> None:
    """Serve pages, live streams and background work from this one process."""
    _serve_all(info.load_app())


def _serve_all(app: Flask) -> None:
    settings = _settings(app)
    configure_logging(settings.log_level)
    consumer = queue.build_consumer(app, embedded=True)
    consumer.start()
    try:
        _run_uvicorn(Site(app), settings)
    finally:
        consumer.stop(graceful=True)


def _run_uvicorn(asgi: Site | StreamApp, settings: Settings) -> None:
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
@click.option("--processes", default=lambda: os.cpu_count() or 1, help="How many; default: cores.")
def web(processes: int) -> None:
    """Serve pages alone, in several processes (needs DATABASE_URL and REDIS_URL)."""
    settings = Settings.from_environment()
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
    _run_uvicorn(build_stream_app(app), _settings(app))


@click.command()
@click.option("--threads", default=4, help="How many jobs at a time.")
@pass_script_info
def worker(info: ScriptInfo, threads: int) -> None:
    """Do background work: reactions, mail, sweeps."""
    app = info.load_app()
    configure_logging(_settings(app).log_level)
    queue.build_consumer(app, embedded=False, workers=threads).run()
