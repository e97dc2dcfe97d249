"""Forms on their way in: received whole before a thread is taken, within bounds for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from eventapp.live.streams import Receive, Scope, Send

LARGEST_HELD = 2 * 1024 * 1024
MOST_HELD_TOGETHER = 128 * 1024 * 1024
SECONDS_TO_ARRIVE = 30
# What a slow line carries, which gives larger forms their time on top.
SLOWEST_BYTES_A_SECOND = 16 * 1024


class FormIsRefused(Exception):
    """A form that isn't waited for; `status` and `said` are the whole answer."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status
        self.said = said

    async def answer(self, send: Send) -> None:
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.said.encode(), "more_body": False})


class HeldForms:
    """How many bytes all forms hold that are being received or answered."""

    def __init__(self) -> None:
        self._held = 0

    @contextmanager
    def hold(self) -> Iterator[HeldForm]:
        form = HeldForm(self)
        try:
            yield form
        finally:
            self._held -= form.size

    def add(self, size: int) -> None:
        self._held += size
        if self._held > MOST_HELD_TOGETHER:
            said = "Too much is arriving at once. Nothing was changed: please try again soon."
            raise FormIsRefused(503, said)


class HeldForm:
    """One form, until it is answered."""

    def __init__(self, forms: HeldForms) -> None:
        self._forms = forms
        self.size = 0

    async def take_in(self, scope: Scope, receive: Receive) -> bytes | None:
        """Receive a form whole; None for a larger one, which is left to Flask's limits.

        Raises FormIsRefused when it takes too long, or when too much is held already.
        """
        length = dict(scope["headers"]).get(b"content-length", b"")
        if not length.isdigit() or not int(length):
            return b""
        if int(length) > LARGEST_HELD:
            return None
        try:
            async with asyncio.timeout(SECONDS_TO_ARRIVE + int(length) / SLOWEST_BYTES_A_SECOND):
                return await self._receive_all(receive)
        except TimeoutError:
            said = "The form took too long to arrive. Nothing was changed."
            raise FormIsRefused(408, said) from None

    async def _receive_all(self, receive: Receive) -> bytes:
        parts = []
        has_more = True
        while has_more:
            message = await receive()
            part = message.get("body", b"")
            parts.append(part)
            self.size += len(part)
            self._forms.add(len(part))
            has_more = message.get("more_body", False)
        return b"".join(parts)
