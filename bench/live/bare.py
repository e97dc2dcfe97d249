"""What a push is compared with: a server that writes what it is sent to every open stream.

`python -m bench.live.bare PORT` serves on loopback: a GET stays open, a POST's body goes to all who
stay, and nothing is kept, looked up or checked. It runs on the same event loop as the real one.
"""

from __future__ import annotations

import asyncio
import re
import sys

import uvloop

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
)
TAKEN = b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Connection(asyncio.Protocol):
    everyone: set[asyncio.Transport] = set()  # noqa: RUF012 - of all connections, as it says

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        self.waiting = b""

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        head, found, body = self.waiting.partition(b"\r\n\r\n")
        if not found:
            return
        length = LENGTH.search(head)
        if length is None:
            self.transport.write(STREAM_HEAD)
            self.everyone.add(self.transport)
        elif len(body) == int(length.group(1)):
            for each in self.everyone:
                each.write(body)
            self.transport.write(TAKEN)
            self.transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        self.everyone.discard(self.transport)


async def _serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(int(sys.argv[1])))
