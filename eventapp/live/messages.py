"""What travels from the pages to the streams: small messages with rising ids."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, TypeAlias

from eventapp.live.permits import Channel

MessageId: TypeAlias = tuple[int, int]
Payload: TypeAlias = dict[str, Any]

BEFORE_ALL: MessageId = (0, 0)
ID_TEXT = re.compile(r"(\d{1,15})-(\d{1,15})")
VOTES = "votes"
POLL_VOTES = "poll_votes"
REACTIONS = "reactions"
# Counts that change faster than anyone reads. Of one kind and id the highest `revision` holds, so
# those that wait for the next push become one.
HELD_KINDS = frozenset({VOTES, POLL_VOTES, REACTIONS})


@dataclass(frozen=True, kw_only=True)
class Message:
    """News for one channel of one webinar; `payload["kind"]` says what it is."""

    id: MessageId
    webinar_id: int
    channel: Channel
    payload: Payload


@dataclass(frozen=True, kw_only=True)
class News:
    """A message that has no id yet."""

    webinar_id: int
    channel: Channel
    payload: Payload


def read_id(text: str) -> MessageId | None:
    """Return an id written "milliseconds-number", as in Redis Streams; None for anything else."""
    match = ID_TEXT.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None


def write_id(message_id: MessageId) -> str:
    return f"{message_id[0]}-{message_id[1]}"


def to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
