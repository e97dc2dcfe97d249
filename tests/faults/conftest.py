"""A migrated database with one webinar, and the processes that tests start on it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.factories import WebinarFactory
from tests.faults.processes import (
    SiteProcess,
    WebProcess,
    count_processes,
    granian,
    site_settings,
    wait_for,
)

SLUG = "seats"
SEATS = 50


@pytest.fixture
def webinar_id(app: Flask) -> int:
    """A webinar in the far future, which is open to as many as there are seats."""
    start = datetime.now(UTC) + timedelta(days=30)
    with app.app_context():
        webinar = WebinarFactory(
            slug=SLUG, capacity=SEATS, starts_at=start, ends_at=start + timedelta(hours=1)
        )
        return webinar.id


@pytest.fixture
def launch() -> Iterator[Callable[[SiteProcess], SiteProcess]]:
    """Start processes, which end with the test; a failed one shows what they said."""
    launched: list[SiteProcess] = []

    def start(process: SiteProcess) -> SiteProcess:
        launched.append(process)
        process.start()
        return process

    yield start
    for process in launched:
        process.stop()
        sys.stdout.write(process.said[-4000:])


@pytest.fixture
def serve(launch, database_url, tmp_path, webinar_id):
    """Serve an application's pages on the test's database; gives the address."""

    def start(application, *, processes):
        web = launch(
            WebProcess(
                *granian(application, processes=processes),
                settings=site_settings(tmp_path, database_url=database_url),
                said=tmp_path / "web.txt",
            )
        )
        web.wait_until_ready()
        wait_for(lambda: count_processes(web) >= processes, what="all processes")
        return web.url

    return start
