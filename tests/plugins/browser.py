"""A real Chromium, and pages that notice when something on them goes wrong.

A page fails its test when the browser's console has an error, a script throws, or a file isn't
there; `@pytest.mark.page_errors("regular expression", …)` names what a test expects of these.
`@pytest.mark.browser_context(locale="nl-NL", timezone_id="Europe/Amsterdam", …)` sets what
Playwright's `new_context` takes.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from scripts.browser import find_chromium
from tests.plugins.servers import start_or_skip
from tests.servers.errors import PartIsMissing

PICTURES = Path("test-results")

ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    # The browser stays on this machine, as the tests do.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)

CONTEXT: dict[str, Any] = {
    "locale": "en-GB",
    "timezone_id": "UTC",
    "viewport": {"width": 1280, "height": 800},
    "reduced_motion": "reduce",
}

# What Chromium says of a request that the page itself gave up, such as a stream left behind.
GIVEN_UP = "net::ERR_ABORTED"

FAILED = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    for marker in (
        "browser_context(**options): what the page of this test is opened with",
        "page_errors(*patterns): errors on the page that this test expects",
    ):
        config.addinivalue_line("markers", marker)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The path of a Chromium on this machine."""

    def find() -> Path:
        path = find_chromium()
        if path is None:
            message = "There is no Chromium: `make test` installs one, or set CHROMIUM."
            raise PartIsMissing(message)
        return path

    return start_or_skip(find)


@pytest.fixture(scope="session")
def _browser_of_session(chromium: Path) -> Iterator[tuple[Browser, asyncio.AbstractEventLoop]]:
    # Chromium refuses to put root in its sandbox.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = [*ARGUMENTS, "--no-sandbox"] if is_root else list(ARGUMENTS)
    playwright = sync_playwright().start()
    loop = asyncio.get_running_loop()
    try:
        yield playwright.chromium.launch(executable_path=chromium, args=arguments), loop
    finally:
        # Stopping Playwright closes the browser.
        with _running(loop):
            playwright.stop()


@pytest.fixture
def browser(
    _browser_of_session: tuple[Browser, asyncio.AbstractEventLoop],
) -> Iterator[Browser]:
    """The browser itself; most tests want `page`, or `new_page` where several people meet."""
    browser, loop = _browser_of_session
    with _running(loop):
        yield browser


@contextmanager
def _running(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Have Playwright's event loop count as running in this thread, and then no longer.

    Playwright leaves it so between calls. Tests without a browser need room for their own.
    """
    asyncio._set_running_loop(loop)
    yield
    asyncio._set_running_loop(None)


@pytest.fixture
def new_page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page for one more person: `new_page(**options)`, each with its own cookies."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{**CONTEXT, **_marked_options(request.node), **options})
        contexts.append(context)
        context.on("page", lambda page: _watch(page, errors))
        return context.new_page()

    yield open_page

    if request.node.stash.get(FAILED, False):
        _take_pictures(contexts, name=request.node.name)
    for context in contexts:
        context.close()
    unexpected = _without_expected(errors, request.node)
    assert not unexpected, "On the page:\n" + "\n".join(unexpected)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


def _marked_options(item: pytest.Item) -> dict[str, Any]:
    marker = item.get_closest_marker("browser_context")
    return dict(marker.kwargs) if marker else {}


def _watch(page: Page, errors: list[str]) -> None:
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(f"{error.name}: {error.message}"))
    page.on("requestfailed", lambda request: _note_failed(request, errors))


def _note_failed(request: Request, errors: list[str]) -> None:
    if request.failure != GIVEN_UP:
        errors.append(f"{request.method} {request.url}: {request.failure}")


def _without_expected(errors: list[str], item: pytest.Item) -> list[str]:
    patterns = [pattern for marker in item.iter_markers("page_errors") for pattern in marker.args]
    return [error for error in errors if not any(re.search(p, error) for p in patterns)]


def _take_pictures(contexts: list[BrowserContext], *, name: str) -> None:
    """Leave pictures of what was on the screens of a test that failed."""
    PICTURES.mkdir(exist_ok=True)
    stem = re.sub(r"[^\w.-]+", "_", name)
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages, start=1):
        page.screenshot(path=PICTURES / f"{stem}-{number}.png")
