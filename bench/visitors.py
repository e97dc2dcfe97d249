"""People who register as their browsers do: the form, what they send, and the page after it.

`python -m bench.visitors FORM_ADDRESS FIRST_NUMBER --at-once 16 --seconds 3` has that many people
at a time register one after another, and prints how many per second got to the last page.
`--people 300` has so many come at once instead, and prints the seconds until all are through.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import re
import time
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlencode, urlsplit

HIDDEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: *(\S+)", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\s]+)=([^;\r]*)", re.IGNORECASE)
LAST_PAGES = ("/registered", "/sent")
REDIRECTS = range(300, 400)
HURRIED_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a server answered, and to which path."""

    path: str
    status: int
    head: bytes
    body: bytes

    @property
    def location(self) -> str:
        found = LOCATION.search(self.head)
        return urlsplit(found.group(1).decode()).path if found else ""


@dataclass
class Browser:
    """One person's browser: a kept connection, cookies, and an address of its own behind a proxy.

    Raises ConnectionError or EOFError where the server goes away.
    """

    host: str
    port: int
    client_address: str
    cookies: dict[bytes, bytes] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(self.host, self.port)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._writer.close()

    async def get(self, path: str) -> Page:
        return await self._ask("GET", path, b"")

    async def post(self, path: str, fields: dict[str, str]) -> Page:
        return await self._ask("POST", path, urlencode(fields).encode())

    async def follow(self, page: Page) -> Page:
        while page.status in REDIRECTS:
            page = await self.get(page.location)
        return page

    async def _ask(self, method: str, path: str, body: bytes) -> Page:
        self._writer.write(self._head(method, path, len(body)) + body)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        content = await self._reader.readexactly(int(length.group(1))) if length else b""
        self.cookies |= dict(COOKIE.findall(head))
        return Page(path=path, status=int(head[9:12]), head=head, body=content)

    def _head(self, method: str, path: str, length: int) -> bytes:
        lines = [
            f"{method} {path} HTTP/1.1".encode(),
            f"Host: {self.host}:{self.port}".encode(),
            f"X-Forwarded-For: {self.client_address}".encode(),
            b"Accept: text/html",
            b"Accept-Language: en",
        ]
        if self.cookies:
            kept = b"; ".join(name + b"=" + value for name, value in self.cookies.items())
            lines.append(b"Cookie: " + kept)
        if method == "POST":
            lines.append(b"Content-Type: application/x-www-form-urlencoded")
            lines.append(b"Content-Length: %d" % length)
        return b"\r\n".join([*lines, b"", b""])


def address_of(number: int) -> str:
    return f"person{number}@example.org"


def client_of(number: int) -> str:
    """Return the network address of person `number`, since visits are limited by it."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


async def register(form_address: str, number: int) -> Page:
    """Register person `number` and return the page that they see in the end.

    A form that can't be had is what they see; it isn't sent.
    """
    parts = urlsplit(form_address)
    browser = Browser(parts.hostname or "127.0.0.1", parts.port or 80, client_of(number))
    async with browser:
        form = await browser.get(parts.path)
        if form.status != 200:
            return form
        token = HIDDEN.search(form.body)
        fields = {
            "csrf_token": token.group(1).decode() if token else "",
            "name": f"Person {number}",
            "email": address_of(number),
            "affiliation": "Town of Example",
            "time_zone": "Europe/Brussels",
        }
        return await browser.follow(await browser.post(parts.path, fields))


def has_registered(page: Page) -> bool:
    """Whether a person has come to the page that says so."""
    return page.status == 200 and page.path.endswith(LAST_PAGES)


async def _register_one_after_another(
    form_address: str, numbers: itertools.count[int], until: float
) -> int:
    registered = 0
    while time.monotonic() < until:
        await _register_surely(form_address, next(numbers))
        registered += 1
    return registered


async def _register_surely(form_address: str, number: int) -> None:
    page = await register(form_address, number)
    if not has_registered(page):
        raise RuntimeError(f"person {number} got {page.status}: {page.body[:200]!r}")


async def _keep_coming(form_address: str, first: int, *, at_once: int, seconds: float) -> float:
    """Return how many people per second registered, so many at a time."""
    numbers = itertools.count(first)
    began = time.monotonic()
    done = await asyncio.gather(
        *(
            _register_one_after_another(form_address, numbers, began + seconds)
            for _ in range(at_once)
        )
    )
    return sum(done) / (time.monotonic() - began)


async def _come_at_once(form_address: str, first: int, *, people: int) -> float:
    """Return the seconds from when everyone asks for the form until the last is registered."""
    began = time.monotonic()
    async with asyncio.timeout(HURRIED_SECONDS):
        await asyncio.gather(
            *(_register_surely(form_address, first + number) for number in range(people))
        )
    return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.visitors")
    parser.add_argument("form_address")
    parser.add_argument("first", type=int)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--people", type=int)
    given = parser.parse_args()
    if given.people:
        coming = _come_at_once(given.form_address, given.first, people=given.people)
    else:
        coming = _keep_coming(
            given.form_address, given.first, at_once=given.at_once, seconds=given.seconds
        )
    print(asyncio.run(coming))


if __name__ == "__main__":
    main()
