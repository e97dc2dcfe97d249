"""An SMTP server that forgets what it is given, as quickly as Python can.

`python -m bench.sink PORT [EXTENSION …]` serves on loopback. NOOP is answered with the number of
messages taken so far.
"""

from __future__ import annotations

import asyncio
import sys

END_OF_CONTENT = b"\r\n.\r\n"
TAKEN = b"250 2.0.0 Taken\r\n"


class Sink(asyncio.Protocol):
    """One conversation; `taken` counts the messages of all."""

    taken = 0
    extensions: tuple[str, ...] = ()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.waiting = b""
        self.is_content = False
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.waiting = self.waiting + data if self.waiting else data
        if self.is_content:
            # Nobody writes on after a content before it has been answered.
            if self.waiting.endswith(END_OF_CONTENT):
                Sink.taken += 1
                self.is_content, self.waiting = False, b""
                self.transport.write(TAKEN)
            return
        *lines, self.waiting = self.waiting.split(b"\r\n")
        self.transport.write(b"".join(map(self._answer, lines)))

    def _answer(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"DATA":
            self.is_content = True
            return b"354 Go ahead\r\n"
        if verb == b"EHLO":
            names = ["sink", *self.extensions]
            rows = [f"250-{name}" for name in names[:-1]] + [f"250 {names[-1]}"]
            return "".join(f"{row}\r\n" for row in rows).encode()
        if verb == b"NOOP":
            return b"250 %d\r\n" % Sink.taken
        return b"221 Bye\r\n" if verb == b"QUIT" else b"250 OK\r\n"


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    Sink.extensions = ("SIZE 50000000", "8BITMIME", "ENHANCEDSTATUSCODES", *sys.argv[2:])
    asyncio.run(_serve(int(sys.argv[1])))
