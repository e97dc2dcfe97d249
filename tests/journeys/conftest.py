"""Sites for journeys, and the people who meet there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.mailbox import Mailbox
from tests.journeys.site import Site

# Several processes share the machine with the browser; whoever waits does so for an outcome.
expect.set_options(timeout=15_000)


@pytest.fixture
def site(tmp_path: Path, smtp_server) -> Iterator[Site]:
    """An empty site that sends its mail to the SMTP server of the tests."""
    site = Site(tmp_path, mail=smtp_server)
    site.command("migrate")
    site.start("serve")
    yield site
    site.stop()
    # Shown with a test that failed.
    sys.stdout.write(site.said)


@pytest.fixture
def mailbox(smtp_server) -> Mailbox:
    return Mailbox(smtp_server)


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with the demo, shared by the tests of a module."""
    site = Site(tmp_path_factory.mktemp("demo"))
    site.start("run")
    yield site
    site.stop()
