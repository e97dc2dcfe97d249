"""People with a network address and cookies of their own, as limits count them.

Linux answers on all of 127.0.0.0/8, so each address here is a household of its own.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
SUBMISSION = re.compile(r'name="submission_key"[^>]*value="([^"]+)"')
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\s]+)=([^;\r]*)", re.IGNORECASE)
ADDRESSES = 249


def address_of(number: int) -> str:
    """Return the network address of person `number`: one of 127.0.0.2 to 127.0.0.250."""
    return f"127.0.0.{2 + number % ADDRESSES}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Person:
    """Somebody's browser; each request has a connection of its own, as after a pause.

    Raises OSError or EOFError where the server goes away.
    """

    number: int
    cookies: dict[bytes, bytes] = field(default_factory=dict)
    token: str = ""

    @property
    def address(self) -> str:
        return address_of(self.number)

    async def enter(self, port: int, room: str) -> None:
        """Open the room's page, for the cookies and the token that a POST needs."""
        page = await self.ask(port, "GET", room, accept="text/html")
        found = TOKEN.search(page.body.decode())
        if page.status != 200 or found is None:
            raise RuntimeError(f"{room} answered {page.status}: {page.body[:200]!r}")
        self.token = html.unescape(found.group(1))

    async def get_json(self, port: int, path: str, *, after: str = "") -> Any:
        """Fetch what is no older than `after`.

        Raises ConnectionError for any answer but 200, which a page takes for a break too.
        """
        answer = await self.ask(port, "GET", path, after=after)
        if answer.status != 200:
            raise ConnectionError(f"{path} answered {answer.status}: {answer.body[:200]!r}")
        return answer.json

    async def post(self, port: int, path: str, fields: Mapping[str, str] | None = None) -> Answer:
        return await self.ask(port, "POST", path, body=urlencode(fields or {}).encode())

    async def ask(
        self,
        port: int,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        accept: str = "application/json",
        after: str = "",
    ) -> Answer:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, local_addr=(self.address, 0)
        )
        try:
            writer.write(self._head(method, path, len(body), accept, after) + body)
            head = await reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            content = await (reader.readexactly(int(length.group(1))) if length else reader.read())
        finally:
            writer.close()
        self.cookies |= dict(COOKIE.findall(head))
        return Answer(status=int(head[9:12]), body=content)

    def _head(self, method: str, path: str, length: int, accept: str, after: str) -> bytes:
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: 127.0.0.1",
            f"Accept: {accept}",
            "Connection: close",
        ]
        if after:
            lines.append(f"Last-Event-ID: {after}")
        if method == "POST":
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {length}")
            lines.append(f"X-CSRFToken: {self.token}")
        kept = b"; ".join(name + b"=" + value for name, value in self.cookies.items())
        cookies = [b"Cookie: " + kept] if kept else []
        return b"\r\n".join([*(line.encode() for line in lines), *cookies, b"", b""])
