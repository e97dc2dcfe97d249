"""A whole server on a port of this machine, as `serve` runs it, and streams read from it."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from uvicorn import Server

from eventapp.asgi import Site
from eventapp.live.permits import sign_stage_key
from eventapp.serving import build_server
from tests.servers.process import find_free_port

SECONDS_TO_WAIT = 10


def stage_path(app: Flask, slug: str = "hubs", *, webinar_id: int = 1) -> str:
    """Return where the stage is, as the desk tells it while it has never moved."""
    key = sign_stage_key(webinar_id, secret="", secret_key=app.config["SECRET_KEY"])
    return f"/webinars/{slug}/live/stage?key={key}"


class Stream:
    """One open event stream, read in a thread of its own."""

    def __init__(self, url: str, *, headers: dict[str, str] | None = None) -> None:
        self.status = 0
        self.events: list[dict[str, Any]] = []
        self.lines: list[str] = []
        self._url = url
        self._headers = headers or {}
        self._is_open = threading.Event()
        self._is_over = False
        self._response: httpx.Response | None = None
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        assert self._is_open.wait(SECONDS_TO_WAIT)

    @property
    def news(self) -> list[dict[str, Any]]:
        """Everything told so far, in order."""
        told = [e for e in self.events if "id" in e]
        return [item for event in told for item in json.loads(event["data"])]

    def wait_for(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        deadline = time.monotonic() + SECONDS_TO_WAIT
        while time.monotonic() < deadline:
            for item in self.news:
                if is_it(item):
                    return item
            time.sleep(0.01)
        message = f"not in {self.news}"
        raise AssertionError(message)

    def wait_for_event(self, name: str) -> None:
        deadline = time.monotonic() + SECONDS_TO_WAIT
        while not any(e.get("event") == name for e in self.events):
            assert time.monotonic() < deadline, self.events
            time.sleep(0.01)

    def close(self) -> None:
        self._is_over = True
        self._thread.join(SECONDS_TO_WAIT)

    def _read(self) -> None:
        asyncio.run(self._follow())

    async def _follow(self) -> None:
        async with (
            httpx.AsyncClient(timeout=None) as client,
            client.stream("GET", self._url, headers=self._headers) as response,
        ):
            self.status = response.status_code
            reading = asyncio.create_task(self._take_in(response))
            self._is_open.set()
            while not self._is_over and not reading.done():  # noqa: ASYNC110 - set by a thread
                await asyncio.sleep(0.01)
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _take_in(self, response: httpx.Response) -> None:
        event: dict[str, Any] = {}
        async for line in response.aiter_lines():
            self.lines.append(line)
            name, _colon, value = line.partition(": ")
            if not line and event:
                self.events.append(event)
                event = {}
            elif name:
                event[name] = value


class RunningSite:
    """The site on a port; `open_stream` takes the address that a page embeds."""

    def __init__(self, app: Flask, port: int, stop: Callable[[], None], server: Server) -> None:
        self.app = app
        self._server = server
        self.stop = stop
        self.url = f"http://127.0.0.1:{port}"
        self._streams: list[Stream] = []

    @property
    def connections(self) -> int:
        """How many connections the server holds."""
        return len(self._server.server_state.connections)

    def open_stream(self, address: str, *, after: str = "") -> Stream:
        stream = Stream(f"{self.url}{address}" + (f"&after={after}" if after else ""))
        self._streams.append(stream)
        return stream

    def close_streams(self) -> None:
        for stream in self._streams:
            stream.close()


def open_desk(page: Page, site: RunningSite, *, email: str, password: str) -> Page:
    """Sign in, and wait until the desk of the first webinar follows."""
    page.set_default_timeout(SECONDS_TO_WAIT * 1000)
    page.goto(f"{site.url}/manage/sign-in?next=/manage/webinars/1/live")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/manage/webinars/1/live")
    expect(page.locator("[data-connection]")).to_have_text("Up to date")
    return page


@contextmanager
def serving(app: Flask) -> Iterator[RunningSite]:
    port = find_free_port()
    server = build_server(Site(app), host="127.0.0.1", port=port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + SECONDS_TO_WAIT
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.01)

    def stop() -> None:
        server.should_exit = True
        thread.join(SECONDS_TO_WAIT)

    site = RunningSite(app, port, stop, server)
    try:
        yield site
    finally:
        site.close_streams()
        site.stop()


@pytest.fixture
def site(app: Flask) -> Iterator[RunningSite]:
    with serving(app) as running:
        yield running
