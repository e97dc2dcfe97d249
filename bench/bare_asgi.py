"""The bare routes behind the embedded form's server: ASGI, with Flask in 16 threads."""

from __future__ import annotations

from bench.bare import app
from eventapp.arriving import HeldForms
from eventapp.asgi import PAGE_THREADS
from eventapp.live.streams import Receive, Scope, Send
from eventapp.page_threads import PageThreads

pages = PageThreads(app, threads=PAGE_THREADS)
forms = HeldForms()


async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
    with forms.hold() as form:
        body = await form.take_in(scope, receive)
        await pages.answer(scope, receive, send, body=body)
