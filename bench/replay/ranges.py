"""Ranges of a large recording, as our servers hand them out and as nginx does."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped]
import sqlalchemy as sa

from bench import running
from config import Settings
from eventapp import create_app
from eventapp.core.db import db, transaction
from eventapp.core.files import local_path, store_file
from eventapp.replays import actions
from eventapp.webinars.models import Webinar

FILE_BYTES = 1024**3
RANGE_BYTES = 8 * 1024**2
CONNECTIONS = 8
SECONDS = 2.0
ROUNDS = 3
READ_BYTES = 256 * 1024
PATH = "/webinars/creative-hubs/replay/recording"
NGINX = """daemon off; pid {folder}/nginx.pid; error_log stderr crit; worker_processes 1;
events {{ worker_connections 64; }}
http {{ access_log off; sendfile on; keepalive_requests 1000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; location / {{ root {root}; }} }} }}
"""


def find_nginx() -> str | None:
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def compare_ranges() -> dict[str, tuple[float, float, float, float]]:
    """Return, for each form, the ratio, both rates in MB/s, and the growth of memory in MB."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        running.prepare(folder)
        stored = _store_large_file(folder)
        with _nginx(stored) as theirs:
            found = {}
            with running.pages(folder) as ours:
                found["scaled form"] = _compare(ours, f"{theirs}/{stored.name}")
            with running.all_in_one(folder) as (ours, _pid):
                found["all in one process"] = _compare(ours, f"{theirs}/{stored.name}")
            return found


def _store_large_file(folder: Path) -> Path:
    app = create_app(Settings.from_environment(running.settings(folder)))
    with app.app_context():
        with transaction():
            stored = store_file(
                BytesIO(b"\x1a\x45\xdf\xa3"),
                name="large.webm",
                media_type="video/webm",
                extension="webm",
            )
            stored.size = FILE_BYTES
            webinar = db.session.scalars(sa.select(Webinar).filter_by(slug="creative-hubs")).one()
            now = webinar.updated_at
            actions.save_recording_file(webinar, stored=stored, duration=5400.0, now=now)
            actions.write_edition(webinar, now=now, published_by_id=None)
        path = local_path(stored)
        db.session.remove()
        db.engine.dispose()
    if path is None:
        raise RuntimeError("the store is no folder")
    block = random.Random(5).randbytes(1024**2)
    with path.open("wb") as file:
        for _ in range(FILE_BYTES // len(block)):
            file.write(block)
    return path


@contextmanager
def _nginx(file: Path) -> Iterator[str]:
    command = find_nginx()
    if command is None:
        raise RuntimeError("nginx is missing")
    with tempfile.TemporaryDirectory() as folder:
        port = running.free_port()
        configuration = Path(folder) / "nginx.conf"
        user = f"user {os.environ.get('USER') or 'root'};\n" if os.geteuid() == 0 else ""
        configuration.write_text(user + NGINX.format(folder=folder, port=port, root=file.parent))
        server = subprocess.Popen([command, "-c", str(configuration), "-p", folder])
        try:
            address = f"http://127.0.0.1:{port}"
            running.wait_for(f"{address}/{file.name}")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=10)


def _compare(ours: str, theirs: str) -> tuple[float, float, float, float]:
    address = ours + PATH
    before = _memory_of_server(ours)
    mine, other = [], []
    for _ in range(ROUNDS):
        mine.append(measure_bytes(address))
        other.append(measure_bytes(theirs))
    ratio = statistics.median(m / o for m, o in zip(mine, other, strict=True))
    growth = _memory_of_server(ours) - before
    return ratio, statistics.median(mine), statistics.median(other), growth


def _memory_of_server(address: str) -> float:
    """Return the resident memory, in MB, of whatever listens there and all beside it."""
    port = urlsplit(address).port
    listening = [
        each
        for each in psutil.Process().children(recursive=True)
        if any(place.laddr and place.laddr.port == port for place in each.net_connections())
    ]
    family = {child for each in listening for child in (each, *each.children(recursive=True))}
    return float(sum(each.memory_info().rss for each in family)) / 2**20


def measure_bytes(address: str) -> float:
    """Return the megabytes (2²⁰) a second that so many connections get in random ranges."""
    finished = subprocess.run(
        [sys.executable, "-m", "bench.replay.ranges", address],
        check=True,
        capture_output=True,
        text=True,
        timeout=SECONDS + 60,
    )
    return float(finished.stdout)


async def _fetch_again_and_again(address: str, until: float, draw: random.Random) -> int:
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**20)
    got = 0
    while time.monotonic() < until:
        start = draw.randrange(FILE_BYTES - RANGE_BYTES)
        wanted = f"bytes={start}-{start + RANGE_BYTES - 1}"
        request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nRange: {wanted}\r\n\r\n"
        writer.write(request.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 206 " not in head[:20]:
            raise RuntimeError(f"not answered with 206: {head[:80]!r}")
        left = RANGE_BYTES
        while left:
            block = await reader.read(min(left, READ_BYTES))
            if not block:
                raise RuntimeError("the answer was cut short")
            left -= len(block)
        got += RANGE_BYTES
    writer.close()
    return got


async def _fetch(address: str) -> float:
    began = time.monotonic()
    got = await asyncio.gather(
        *(
            _fetch_again_and_again(address, began + SECONDS, random.Random(number))
            for number in range(CONNECTIONS)
        )
    )
    return sum(got) / 2**20 / (time.monotonic() - began)


if __name__ == "__main__":
    print(asyncio.run(_fetch(sys.argv[1])))
