"""A line: where a stream of the hub ends in tests, as a connection does at a server."""

from __future__ import annotations

from collections.abc import Callable

from eventapp.live.hub import Hub
from eventapp.live.messages import MessageId
from eventapp.live.permits import Channel
from eventapp.live.rings import Listener

# Hello, heartbeat and the number present come first on every open stream.
GREETINGS = 3


class Line:
    """Carries what is written until it is taken."""

    def __init__(self) -> None:
        self.is_full = False
        self.on_room: Callable[[], None] | None = None
        self.listener: Listener
        self.carried: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.carried.append(data)

    def take(self) -> bytes:
        """Return all that was written since the last time, without the marks between chunks."""
        taken = read_chunks(b"".join(self.carried))
        self.carried.clear()
        return b"".join(taken)

    def empty(self) -> None:
        """Have room again, as a connection whose other end has read on."""
        self.is_full = False
        if self.on_room is not None:
            self.on_room()


def listen(
    hub: Hub, webinar_id: int, channel: Channel, *, after: MessageId | None, who: str = ""
) -> Line:
    """Open a stream, and take in what each is told first."""
    line = Line()
    line.listener = hub.listen(webinar_id, channel, line, after=after, who=who)
    missed = read_chunks(b"".join(line.carried))[GREETINGS:]
    line.carried = [b"%x\r\n%s\r\n" % (len(each), each) for each in missed]
    return line


def read_chunks(data: bytes) -> list[bytes]:
    """Return what chunks hold (RFC 9112, 7.1)."""
    chunks = []
    while data:
        size, _, rest = data.partition(b"\r\n")
        length = int(size, 16)
        assert rest[length : length + 2] == b"\r\n"
        chunks.append(rest[:length])
        data = rest[length + 2 :]
    return chunks
