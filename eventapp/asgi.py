"""How requests enter: event streams go to the live hub, everything else to Flask in threads.

A thread is worth much (there are sixteen), and a slow line may hold one for as long as it likes. So
forms are received before a thread is taken, and files are sent after it has been given back: Flask
answers with the file's path (`X-Sendfile`), and the file goes out from here, ranges and all.
"""

from __future__ import annotations

import socket

import uvicorn
from flask import Flask
from starlette.responses import FileResponse

from eventapp.arriving import FormIsRefused, HeldForms
from eventapp.core.files import SENT_BYTES
from eventapp.live.hub import Hub
from eventapp.live.streams import Message, Receive, Scope, Send, build_stream_app, is_stream
from eventapp.page_threads import PageThreads

PAGE_THREADS = 16
SENDFILE = b"x-sendfile"
SAID_BY_FILE = {SENDFILE, b"content-length", b"content-range", b"accept-ranges"}


class _File(FileResponse):
    """A file in larger pieces than the usual 64 kB, each of which goes through a thread."""

    chunk_size = SENT_BYTES


class Site:
    """The whole site as one ASGI application (the embedded form)."""

    def __init__(self, app: Flask) -> None:
        app.config["USE_X_SENDFILE"] = True
        self._pages = PageThreads(app, threads=PAGE_THREADS)
        self._streams = build_stream_app(app)
        self._forms = HeldForms()

    @property
    def hub(self) -> Hub:
        return self._streams.hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or is_stream(scope):
            await self._streams(scope, receive, send)
            return
        with self._forms.hold() as form:
            try:
                body = await form.take_in(scope, receive)
            except FormIsRefused as refusal:
                await refusal.answer(send)
                return
            answer = _Answer(send)
            await self._pages.answer(scope, receive, answer, body=body)
            await answer.send_file(scope, receive)


class _Answer:
    """Passes Flask's answer on, or holds it back where it names a file to be sent instead."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._file: _File | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in {200, 206}:
            self._file = _find_file(message)
        if self._file is None:
            await self._send(message)

    async def send_file(self, scope: Scope, receive: Receive) -> None:
        if self._file is not None:
            await self._file(scope, receive, self._send)


def _find_file(start: Message) -> _File | None:
    headers = [(name.lower(), value) for name, value in start["headers"]]
    path = dict(headers).get(SENDFILE)
    if path is None:
        return None
    response = _File(path.decode(), media_type="application/octet-stream")
    said = [h for h in response.raw_headers if h[0] == b"accept-ranges"]
    # In place: the response looks its headers up in this very list.
    response.raw_headers[:] = said + [h for h in headers if h[0] not in SAID_BY_FILE]
    return response


class SiteServer(uvicorn.Server):
    """Says farewell on every open stream when it is told to stop, so that none holds it up.

    Uvicorn tells the application of the end only after it has waited for open connections.
    """

    def __init__(self, config: uvicorn.Config, *, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.close()
        await super().shutdown(sockets)
