"""Servers for the measurements: on loopback, on free ports, ended by their own process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

SECONDS_TO_START = 60
GRANIAN = (
    *("-m", "granian", "--interface", "wsgi"),
    *("--blocking-threads", "16", "--log-level", "error", "--host", "127.0.0.1"),
)

UVICORN = ("-m", "uvicorn", "--no-access-log", "--log-level", "error", "--host", "127.0.0.1")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(address: str) -> None:
    """Return once `address` answers; raises RuntimeError when it doesn't in time."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, ConnectionError):
            time.sleep(0.05)
    raise RuntimeError(f"{address} did not answer within {SECONDS_TO_START} s")


def size_of(address: str) -> int:
    """Return how many bytes a page has."""
    with urlopen(address, timeout=5) as answer:
        return len(answer.read())


@contextmanager
def process(
    *arguments: str, environ: Mapping[str, str], ready: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python ARGUMENTS` until the block ends; the block begins once `ready` answers."""
    running = subprocess.Popen(
        [sys.executable, *arguments],
        env=os.environ | environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(ready)
        yield running
    finally:
        running.terminate()
        try:
            running.wait(timeout=15)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def settings(folder: Path, *, database_url: str = "", port: int = 8000) -> dict[str, str]:
    """The environment of an application that keeps what it writes under `folder`."""
    return {
        "INSTANCE_DIR": str(folder),
        "DATABASE_URL": database_url,
        "SECRET_KEY": "for-measuring-only-" + "0" * 32,
        "PORT": str(port),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "LOG_LEVEL": "INFO",
    }


def prepare(folder: Path, *, database_url: str = "") -> None:
    """Migrate the database and load the demo."""
    environ = os.environ | settings(folder, database_url=database_url)
    for command in ("migrate", "demo"):
        subprocess.run(
            [sys.executable, "-m", "eventapp", command],
            env=environ,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def pages(folder: Path, *, database_url: str = "") -> Iterator[str]:
    """Serve the application's pages as the scaled form does; gives its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with process(
        *GRANIAN,
        *("--workers", "1", "--port", str(port), "eventapp.wsgi:app"),
        environ=settings(folder, database_url=database_url, port=port),
        ready=f"{address}/healthz",
    ):
        yield address


@contextmanager
def web(folder: Path, *, database_url: str, redis_url: str, processes: int) -> Iterator[str]:
    """Serve pages from several processes, to people behind a proxy; gives the address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with process(
        *("-m", "eventapp", "web", "--processes", str(processes)),
        environ=settings(folder, database_url=database_url, port=port)
        | {"REDIS_URL": redis_url, "TRUSTED_PROXIES": "1"},
        ready=f"{address}/healthz",
    ):
        yield address


@contextmanager
def worker(folder: Path, *, database_url: str, redis_url: str) -> Iterator[None]:
    """Do what follows from registrations; without a mail server, messages wait in the ledger."""
    running = subprocess.Popen(
        [sys.executable, "-m", "eventapp", "worker"],
        env=os.environ | settings(folder, database_url=database_url) | {"REDIS_URL": redis_url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        running.terminate()
        running.wait(timeout=30)


@contextmanager
def bare(
    *, database_url: str, page_bytes: int, is_embedded: bool = False, processes: int = 1
) -> Iterator[str]:
    """Serve the bare routes on the server of the scaled or the embedded form; gives the address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    granian = (*GRANIAN, "--workers", str(processes), "bench.bare:app")
    served_by = (*UVICORN, "bench.bare_asgi:asgi") if is_embedded else granian
    with process(
        *served_by,
        *("--port", str(port)),
        environ={"BARE_DATABASE_URL": database_url, "BARE_BYTES": str(page_bytes)},
        ready=f"{address}/ics",
    ):
        yield address


@contextmanager
def all_in_one(folder: Path) -> Iterator[tuple[str, int]]:
    """Serve everything from one process; gives its address and process id."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with process(
        *("-m", "eventapp", "serve"),
        environ=settings(folder, port=port),
        ready=f"{address}/healthz",
    ) as running:
        yield address, running.pid
