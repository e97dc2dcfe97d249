"""Flask in threads of an ASGI server: PEP 3333 on one side, ASGI's messages on the other.

Each step from a thread to the loop and back waits for both, and they share one interpreter. So a
request goes to its thread whole, and its answer comes back whole; only uploads and answers too
large to be held go in pieces, each when the one before has been taken in.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeAlias

from eventapp.live.streams import Message, Receive, Scope, Send

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    Environ: TypeAlias = dict[str, Any]

# What is held of an answer before its first bytes are sent, and of a large upload at a time.
LARGEST_HELD = 256 * 1024
PIECE = 64 * 1024
ErrorInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
)


class PageThreads:
    """Answers requests by a WSGI application, so many at a time."""

    def __init__(self, app: WSGIApplication, *, threads: int) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def answer(
        self, scope: Scope, receive: Receive, send: Send, *, body: bytes | None
    ) -> None:
        """Answer one request; a `body` of None is received in pieces as it is read."""
        loop = asyncio.get_running_loop()
        arriving = _Arriving(receive, loop) if body is None else None
        source = io.BufferedReader(arriving, PIECE) if arriving else io.BytesIO(body or b"")
        answer = _Answer(send, loop)
        environ = build_environ(scope, source)
        made: asyncio.Future[BaseException | None] = loop.create_future()
        self._threads.submit(copy_context().run, _make, answer, self._app, environ, made)
        error = await made
        if error is not None:
            raise error
        await answer.send_rest()


def _make(
    answer: _Answer,
    app: WSGIApplication,
    environ: Environ,
    made: asyncio.Future[BaseException | None],
) -> None:
    """Make an answer in a thread, and tell the loop of its end by one call.

    The loop's own `run_in_executor` chains two futures, each with callbacks and locks of its own.
    """
    error = None
    try:
        answer.make(app, environ)
    except BaseException as raised:  # noqa: BLE001 - it is raised again where it is awaited
        error = raised
    made.get_loop().call_soon_threadsafe(_settle, made, error)


def _settle(made: asyncio.Future[BaseException | None], error: BaseException | None) -> None:
    if not made.done():  # As after its task was cancelled.
        made.set_result(error)


class _Answer:
    """What the application answers, on its way from the thread to the loop."""

    def __init__(self, send: Send, loop: asyncio.AbstractEventLoop) -> None:
        self._send = send
        self._loop = loop
        self._start: Message = {}
        self._is_started = False
        self._held: list[bytes] = []
        self._size = 0

    def make(self, app: WSGIApplication, environ: Environ) -> None:
        """Run the application, in a thread; what it leaves is sent by `send_rest`."""
        parts: Iterable[bytes] = app(environ, self._begin)
        try:
            for part in parts:
                self._hold(part)
        finally:
            close: Callable[[], None] | None = getattr(parts, "close", None)
            if close is not None:
                close()

    async def send_rest(self) -> None:
        await self._send_held(more=False)

    def _begin(
        self, status: str, headers: list[tuple[str, str]], error: ErrorInfo | None = None, /
    ) -> Callable[[bytes], None]:
        if error is not None and error[1] is not None and self._is_started:
            raise error[1]
        self._start = {
            "type": "http.response.start",
            "status": int(status.partition(" ")[0]),
            "headers": [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers],
        }
        return self._hold

    def _hold(self, part: bytes) -> None:
        self._held.append(part)
        self._size += len(part)
        if self._size > LARGEST_HELD:
            _wait_for(self._send_held(more=True), self._loop)

    async def _send_held(self, *, more: bool) -> None:
        if not self._is_started:
            self._is_started = True
            await self._send(self._start)
        body = b"".join(self._held)
        self._held.clear()
        self._size = 0
        await self._send({"type": "http.response.body", "body": body, "more_body": more})


class _Arriving(io.RawIOBase):
    """A body that is received as the application reads it."""

    def __init__(self, receive: Receive, loop: asyncio.AbstractEventLoop) -> None:
        self._receive = receive
        self._loop = loop
        self._waiting = memoryview(b"")
        self._has_more = True

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        """Fill `room` with what has arrived, or wait for the next; 0 at the end."""
        while not self._waiting and self._has_more:
            message = _wait_for(self._receive_one(), self._loop)
            self._waiting = memoryview(message.get("body", b""))
            self._has_more = message.get("more_body", False)
        size = min(len(room), len(self._waiting))
        room[:size] = self._waiting[:size]
        self._waiting = self._waiting[size:]
        return size

    async def _receive_one(self) -> Message:
        return await self._receive()


def _wait_for(step: Coroutine[Any, Any, Any], loop: asyncio.AbstractEventLoop) -> Any:
    """Let the loop do something, and wait in this thread until it is done."""
    return asyncio.run_coroutine_threadsafe(step, loop).result()


def build_environ(scope: Scope, source: io.BufferedIOBase) -> Environ:
    """Return what PEP 3333 tells an application of a request.

    A header whose name holds `_` is left out: it would pass for the one with `-` in its place.
    """
    server, client = scope.get("server") or ("localhost", 80), scope.get("client")
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": source,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if client is not None:
        environ |= {"REMOTE_ADDR": client[0], "REMOTE_PORT": str(client[1])}
    for name, value in scope["headers"]:
        if b"_" not in name:
            _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    return environ


def _add_header(environ: Environ, name: str, value: str) -> None:
    """Several of one name become one value (RFC 9110, 5.3; of cookies RFC 9113, 8.2.3)."""
    key = name.upper().replace("-", "_")
    if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
        key = f"HTTP_{key}"
    between = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
