"""A recording at somebody else's, whose player loads once the reader has agreed."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.security_headers import allow_source
from eventapp.replays.addresses import VideoAddress, parse_address
from eventapp.replays.models import Recording, RecordingKind

PROVIDERS = {RecordingKind.YOUTUBE: "YouTube", RecordingKind.VIMEO: "Vimeo"}


@dataclass(frozen=True, kw_only=True)
class OutsidePlayer:
    """The player as `components/player.html` shows it.

    `provider` names who has it, the rest are addresses; `frame_url` is empty until the reader has
    agreed to load it.
    """

    provider: str
    url: str
    play_url: str
    frame_url: str
    frame_pattern: str


def describe_outside(
    recording: Recording | None, *, play_url: str, start: str, is_played: bool
) -> OutsidePlayer | None:
    """Return the player, or None for a file of ours; `start` is a second, or a mark to put one."""
    address = address_of(recording)
    if address is None:
        return None
    return OutsidePlayer(
        provider=PROVIDERS.get(address.kind, address.host),
        url=address.url,
        play_url=play_url,
        frame_url=address.frame_url(start=start or 0) if is_played else "",
        frame_pattern=address.frame_url(start="{start}"),
    )


def allow_frame(recording: Recording | None) -> None:
    """Let the page that is being answered load the player's frame."""
    address = address_of(recording)
    if address is not None:
        allow_source("frame-src", address.frame_source)


def address_of(recording: Recording | None) -> VideoAddress | None:
    if recording is None or recording.kind == RecordingKind.FILE:
        return None
    return parse_address(recording.address)
