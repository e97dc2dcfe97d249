"""What comes over a stream: server-sent events in chunks (RFC 9112, 7.1), read once for everyone.

All listeners of a channel are sent the same bytes, so what was read for one of them is looked up
for the others; a driver that parsed 10,000 times would measure itself.
"""

from __future__ import annotations

import json
from functools import cached_property, lru_cache
from typing import Any

NEWS = "message"
COMMENT = ""
LINE_END = b"\r\n"


class Batch:
    """One event: its `kind` ("message" for news, or "reset", "beat", …), its id and its data."""

    def __init__(self, *, kind: str, event_id: str, data: str) -> None:
        self.kind = kind
        self.id = event_id
        self._data = data

    @cached_property
    def news(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self._data)
        return found

    @property
    def as_sent(self) -> bytes:
        """The very bytes of it on a connection, chunk and all."""
        event = f"id: {self.id}\ndata: {self._data}\n\n".encode()
        return b"%x\r\n%s\r\n" % (len(event), event)

    @cached_property
    def sign(self) -> dict[str, Any]:
        """What an event that isn't news says, such as how long to wait."""
        found: dict[str, Any] = json.loads(self._data)
        return found

    @cached_property
    def is_votes_alone(self) -> bool:
        return all(item["kind"] == "votes" for item in self.news)


@lru_cache(maxsize=4096)
def read_batch(event: bytes) -> Batch:
    """Read the lines of one event, without the empty line that ends it."""
    kind, event_id, data = COMMENT, "", []
    for line in event.decode().split("\n"):
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            kind = value
        elif name == "id":
            event_id = value
        elif name == "data":
            data.append(value)
    if data and kind == COMMENT:
        kind = NEWS
    return Batch(kind=kind, event_id=event_id, data="\n".join(data))


@lru_cache(maxsize=512)
def read_whole(data: bytes) -> tuple[Batch, ...] | None:
    """Return what `data` says; None where it ends within a chunk or an event, or with the last."""
    reader = Reader()
    batches = reader.feed(data)
    return tuple(batches) if reader.is_at_rest and not reader.has_ended else None


class Reader:
    """Takes a body as it arrives, in whatever pieces."""

    def __init__(self) -> None:
        self._chunks = b""
        self._text = b""
        self.has_ended = False

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing is kept that waits for more."""
        return not self._chunks and not self._text

    def feed(self, data: bytes) -> list[Batch]:
        """Return the events that are complete with `data`."""
        self._chunks += data
        while not self.has_ended and (piece := self._take_chunk()) is not None:
            self._text += piece
        *events, self._text = self._text.split(b"\n\n")
        return [read_batch(event) for event in events]

    def _take_chunk(self) -> bytes | None:
        size_text, found, rest = self._chunks.partition(LINE_END)
        if not found:
            return None
        size = int(size_text, 16)
        if len(rest) < size + len(LINE_END):
            return None
        self._chunks = rest[size + len(LINE_END) :]
        self.has_ended = size == 0
        return rest[:size]
