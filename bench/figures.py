"""The figures: what is measured, against what, and what it should be."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener, urlopen

import psutil  # type: ignore[import-untyped]

from bench import running
from bench.driver import measure_rate
from bench.lists import FEW, MANY, compare_lists
from bench.queries import count_statements
from eventapp.demo.load import ORGANISER_EMAIL, SIGN_IN_FILE
from tests.servers.postgres import PostgresServer

ROUNDS = 5
SECONDS = 1.5
ROOT = Path(__file__).parent.parent
PAGE = "/webinars/accessible-public-services/"
WEIGHED = {
    "home": "/",
    "archive": "/webinars/",
    "webinar": PAGE,
    "register": f"{PAGE}register",
    "room": "/webinars/repair-in-your-town/live",
    "replay": "/webinars/creative-hubs/replay",
}
# Opened by its key, or by whoever is signed in.
STAGE = "/webinars/repair-in-your-town/live/stage"
DESK = re.compile(r'href="(/manage/webinars/\d+/)live"')
IMPORT = re.compile(r'\bfrom "(\.[^"]+)"')
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table. `is_met` is None where nothing was promised."""

    what: str
    value: str
    compared: str
    wanted: str = ""
    is_met: bool | None = None


def compare(what: str, ours: str, theirs: str, *, at_least: float | None) -> Figure:
    """Measure two addresses in turns and compare the medians; `at_least` None promises nothing."""
    for address in (ours, theirs):
        measure_rate(address, seconds=1)
    mine, other = [], []
    for _ in range(ROUNDS):
        mine.append(measure_rate(ours, seconds=SECONDS))
        other.append(measure_rate(theirs, seconds=SECONDS))
    ratio = statistics.median(m / o for m, o in zip(mine, other, strict=True))
    return Figure(
        what=what,
        value=f"{ratio:.2f} ×",
        compared=f"{statistics.median(mine):.0f}/s to {statistics.median(other):.0f}/s",
        wanted="" if at_least is None else f"≥ {at_least} ×",
        is_met=None if at_least is None else ratio >= at_least,
    )


def measure_pages() -> list[Figure]:
    """The public page and event.ics against bare routes, on both engines."""
    with tempfile.TemporaryDirectory() as folder:
        found = _measure_engine("SQLite", Path(folder), "")
        found.append(_measure_embedded(Path(folder)))
    server = PostgresServer()
    try:
        with tempfile.TemporaryDirectory() as folder:
            database_url = server.url(server.create_database())
            return found + _measure_engine("PostgreSQL", Path(folder), database_url)
    finally:
        server.stop()


def _measure_engine(engine: str, folder: Path, database_url: str) -> list[Figure]:
    running.prepare(folder, database_url=database_url)
    bare_url = database_url or f"sqlite:///{folder / 'eventapp.db'}"
    with running.pages(folder, database_url=database_url) as ours:
        size = len(_read(ours + PAGE))
        with running.bare(database_url=bare_url, page_bytes=size) as theirs:
            return [
                compare(f"webinar's page, {engine}", ours + PAGE, f"{theirs}/page", at_least=0.5),
                compare(
                    f"event.ics, {engine}", f"{ours}{PAGE}event.ics", f"{theirs}/ics", at_least=0.5
                ),
            ]


def _measure_embedded(folder: Path) -> Figure:
    """The public page as `serve` answers it, against the bare page behind the same server."""
    bare_url = f"sqlite:///{folder / 'eventapp.db'}"
    with running.all_in_one(folder) as (ours, _pid):
        size = len(_read(ours + PAGE))
        with running.bare(database_url=bare_url, page_bytes=size, is_embedded=True) as theirs:
            return compare(
                "webinar's page, all in one process, SQLite",
                ours + PAGE,
                f"{theirs}/page",
                at_least=None,
            )


def measure_queries() -> list[Figure]:
    """The statements of a webinar's page, at very different sizes."""
    counted = count_statements()
    return [
        Figure(
            what="statements of a webinar's page",
            value="; ".join(
                sorted({f"{first}, then {next_}" for first, next_ in counted.values()})
            ),
            compared="first visit, then the next; 1 and 300 webinars, 5 and 50 agenda items",
            wanted="the same for all",
            is_met=len(set(counted.values())) == 1,
        )
    ]


def measure_lists() -> list[Figure]:
    """A webinar's registrations at the desk, on both engines."""
    found = {"SQLite": compare_lists("")}
    server = PostgresServer()
    try:
        found["PostgreSQL"] = compare_lists(server.url(server.create_database()))
    finally:
        server.stop()
    return [
        Figure(
            what=f"list of registrations, {page}, {engine}",
            value=f"{many / few:.2f} ×",
            compared=f"{many * 1000:.0f} ms with {MANY:,} people to {few * 1000:.0f} ms with {FEW}",
            wanted="≤ 2 ×",
            is_met=many / few <= 2,
        )
        for engine, pages in found.items()
        for page, (few, many) in pages.items()
    ]


def measure_memory() -> list[Figure]:
    """What the embedded form takes at rest, after a few pages."""
    if sys.platform != "linux":
        return []
    with tempfile.TemporaryDirectory() as folder:
        running.prepare(Path(folder))
        with running.all_in_one(Path(folder)) as (address, pid):
            for path in list(WEIGHED.values()) * 3:
                _read(address + path)
            time.sleep(10)
            proportional, resident = _measure_tree(pid)
    return [
        Figure(
            what="memory at rest, all in one process",
            value=f"{proportional:.0f} MB",
            compared="proportional set size after 18 pages and 10 s of rest; "
            f"resident: {resident:.0f} MB",
            wanted="≤ 150 MB",
            is_met=proportional <= 150,
        )
    ]


def _measure_tree(pid: int) -> tuple[float, float]:
    """Return PSS and RSS of a process and all below it, in megabytes (2²⁰ bytes)."""
    root = psutil.Process(pid)
    every = [each.memory_full_info() for each in (root, *root.children(recursive=True))]
    return sum(each.pss for each in every) / 2**20, sum(each.rss for each in every) / 2**20


def measure_start() -> list[Figure]:
    """`make run` on a clean clone, to the first page."""
    folder = Path(tempfile.mkdtemp(prefix="eventapp-start-"))
    port = running.free_port()
    try:
        subprocess.run(["git", "clone", "-q", str(ROOT), str(folder / "clone")], check=True)
        began = time.monotonic()
        server = subprocess.Popen(
            ["make", "run"],
            cwd=folder / "clone",
            env=os.environ | {"PORT": str(port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            running.wait_for(f"http://127.0.0.1:{port}/")
            seconds = time.monotonic() - began
        finally:
            os.killpg(server.pid, 15)
            server.wait(timeout=20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [
        Figure(
            what="`make run` on a clean clone, to the first page",
            value=f"{seconds:.0f} s",
            compared="warm package cache",
            wanted="≤ 60 s",
            is_met=seconds <= 60,
        )
    ]


def measure_weights() -> list[Figure]:
    """HTML, CSS and JavaScript of each public page, compressed (gzip -9)."""
    with tempfile.TemporaryDirectory() as folder:
        running.prepare(Path(folder))
        with running.all_in_one(Path(folder)) as (address, _pid):
            visitor = build_opener()
            figures = [_weigh(visitor, address, name, path) for name, path in WEIGHED.items()]
            organiser = _sign_in(address, Path(folder))
            desk = DESK.search(_read(f"{address}/manage/", organiser).decode())
            first = f"{desk.group(1)}live" if desk else "/manage/webinars/1/live"
            shown = {"desk": first, "stage": STAGE}
            return figures + [_weigh(organiser, address, *page) for page in shown.items()]


def _read_scripts(addresses: set[str]) -> list[bytes]:
    """Return these scripts and all that they import, each once."""
    found: dict[str, bytes] = {}
    wanted = list(addresses)
    while wanted:
        address = wanted.pop()
        if address not in found:
            found[address] = _read(address)
            wanted += [urljoin(address, path) for path in IMPORT.findall(found[address].decode())]
    return list(found.values())


def _sign_in(address: str, folder: Path) -> OpenerDirector:
    """Sign in as the demo's organiser, whose password is kept beside the database."""
    organiser = build_opener(HTTPCookieProcessor())
    page = _read(f"{address}/manage/sign-in", organiser).decode()
    token = TOKEN.search(page)
    form = {
        "csrf_token": token.group(1) if token else "",
        "email": ORGANISER_EMAIL,
        "password": (folder / SIGN_IN_FILE).read_text("utf-8").split()[-1],
    }
    organiser.open(f"{address}/manage/sign-in", urlencode(form).encode(), timeout=20).close()
    return organiser


def _weigh(reader: OpenerDirector, address: str, name: str, path: str) -> Figure:
    html = _read(address + path, reader)
    text = html.decode()
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', text)
    scripts = re.findall(r'<script[^>]* src="([^"]+)"', text)
    css = sum(_compressed(_read(address + href)) for href in styles)
    javascript = sum(map(_compressed, _read_scripts({address + href for href in scripts})))
    return Figure(
        what=f"weight of a page: {name}",
        value=f"{_compressed(html) / 1000:.1f} kB HTML, {css / 1000:.1f} kB CSS, "
        f"{javascript / 1000:.1f} kB JavaScript",
        compared="gzip -9",
        wanted="CSS and JavaScript ≤ 20 kB each",
        is_met=max(css, javascript) <= 20_000,
    )


def _read(address: str, reader: OpenerDirector | None = None) -> bytes:
    with (reader.open if reader else urlopen)(address, timeout=20) as response:
        content: bytes = response.read()
        return content


def _compressed(content: bytes) -> int:
    return len(gzip.compress(content, 9))


MEASUREMENTS: dict[str, Callable[[], list[Figure]]] = {
    "weights": measure_weights,
    "queries": measure_queries,
    "list": measure_lists,
    "memory": measure_memory,
    "pages": measure_pages,
    "start": measure_start,
}
