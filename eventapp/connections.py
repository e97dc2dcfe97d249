"""One connection to the all-in-one server or to the live streams, before its request is understood.

Uvicorn takes a request's head in whatever its size and however long it takes to arrive, and all
connections share one loop: without limits, one of them can hold up everybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 64 * 1024
SECONDS_FOR_A_HEAD = 20.0
# In which a reader takes in some tens of kilobytes, or is taken for gone.
SECONDS_TO_READ_ON = 30.0
TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class LimitedConnection(HttpToolsProtocol):
    """Closes when a head (request line and headers) is too large or takes too long (RFC 6585, 5).

    What arrives together with the end of a head counts as its body; so a head can exceed the limit
    by what the system hands over at a time, and no more.

    So does one that is read from no more: what was written for it would be kept until it is.

    A stream writes to it directly (`eventapp/live/rings.Outlet`).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_bytes = 0
        self._is_in_head = True
        self._is_answering = False
        self._timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None
        self.is_full = False
        self.on_room: Callable[[], None] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_timer()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._timer is None and not self._is_answering:
            # A line end alone begins no head, and yet ends the wait for one.
            self._start_timer()
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_HEAD:
                self.transport.write(TOO_LARGE)
                self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["connection"] = self  # type: ignore[typeddict-unknown-key]
        self._is_in_head = True
        self._head_bytes = 0
        self._start_timer()

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._is_answering = True
        self._stop_timer()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        self._is_answering = bool(self.pipeline)
        super().on_response_complete()

    def write(self, data: bytes) -> None:
        self.transport.write(data)

    def pause_writing(self) -> None:
        super().pause_writing()
        self.is_full = True
        self._unread_timer = self.loop.call_later(SECONDS_TO_READ_ON, self.abort)

    def resume_writing(self) -> None:
        self._stop_unread_timer()
        self.is_full = False
        if self.on_room is not None:
            self.on_room()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        self._stop_unread_timer()
        self.is_full = True
        self.on_room = None
        super().connection_lost(exc)

    def abort(self) -> None:
        """Close without waiting for what is still to be read, which may be for ever."""
        self.transport.abort()

    def _stop_unread_timer(self) -> None:
        if self._unread_timer is not None:
            self._unread_timer.cancel()
            self._unread_timer = None

    def _start_timer(self) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(SECONDS_FOR_A_HEAD, self.transport.close)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
