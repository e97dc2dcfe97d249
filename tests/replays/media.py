"""Recordings of the kinds that are taken, made on the spot."""

from __future__ import annotations

import struct
from io import BytesIO

import av

RATE = 44100


def make_video(seconds=2, *, kind="webm", codec="libvpx"):
    content = BytesIO()
    with av.open(content, mode="w", format=kind) as container:
        stream = container.add_stream(codec, rate=1)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _ in range(seconds):
            container.mux(stream.encode(av.VideoFrame(32, 32, "yuv420p")))
        container.mux(stream.encode())
    return content.getvalue()


def make_sound(seconds=3, *, kind="mp3", codec="libmp3lame", bit_rate=64_000):
    content = BytesIO()
    with av.open(content, mode="w", format=kind) as container:
        stream = container.add_stream(codec, rate=RATE, layout="mono")
        stream.bit_rate = bit_rate
        for second in range(seconds):
            frame = av.AudioFrame(format="fltp", layout="mono", samples=RATE)
            frame.planes[0].update(bytes(frame.planes[0].buffer_size))
            frame.sample_rate, frame.pts = RATE, second * RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return content.getvalue()


def make_m4a(seconds=3):
    """An M4A as phones and Apple's programs write it: its brand says that it is sound alone."""
    content = bytearray(make_sound(seconds, kind="mp4", codec="aac"))
    content[8:12] = b"M4A "
    return bytes(content)


def with_length(webm, seconds):
    """The same WebM with another length in its header (Matroska's Duration, 0x4489)."""
    at = webm.index(b"\x44\x89\x88") + 3
    return webm[:at] + struct.pack(">d", seconds * 1000) + webm[at + 8 :]
