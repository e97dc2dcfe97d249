"""A load driver: keep-alive connections in asyncio, in a process of its own.

`python -m bench.driver ADDRESS CONNECTIONS SECONDS` prints the number of answers per second.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from urllib.parse import urlsplit

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


async def _ask_again_and_again(host: str, port: int, request: bytes, until: float) -> int:
    """Send `request` over one connection until `until`; return how many were answered."""
    reader, writer = await asyncio.open_connection(host, port)
    answered = 0
    while time.monotonic() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head[:20]:
            raise RuntimeError(f"not answered with 200: {head[:60]!r}")
        length = LENGTH.search(head)
        if length is None:
            raise RuntimeError("an answer without Content-Length")
        await reader.readexactly(int(length.group(1)))
        answered += 1
    writer.close()
    return answered


async def _drive(address: str, connections: int, seconds: float) -> float:
    parts = urlsplit(address)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()
    began = time.monotonic()
    answered = await asyncio.gather(
        *(_ask_again_and_again(host, port, request, began + seconds) for _ in range(connections))
    )
    return sum(answered) / (time.monotonic() - began)


def measure_rate(address: str, *, connections: int = 16, seconds: float = 3.0) -> float:
    """Return how many answers per second `address` gives to so many connections at a time."""
    finished = subprocess.run(
        [sys.executable, "-m", "bench.driver", address, str(connections), str(seconds)],
        check=True,
        capture_output=True,
        text=True,
        timeout=seconds + 30,
    )
    return float(finished.stdout)


if __name__ == "__main__":
    print(asyncio.run(_drive(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))))
