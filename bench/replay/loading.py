"""How a page loads on a slow phone: the largest paint, what moves, and whom it asks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from scripts.browser import find_chromium

# Fast 3G as WebPageTest has it: 1.6 and 0.75 Mbit/s, 150 ms there and back.
FAST_3G = {
    "offline": False,
    "downloadThroughput": 1.6 * 1000 * 1000 / 8,
    "uploadThroughput": 750 * 1000 / 8,
    "latency": 150,
}
SLOW_DOWN = 4
OBSERVE = """
window.seen = { paint: 0, shift: 0 };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.seen.paint = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput) window.seen.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@dataclass(frozen=True, kw_only=True)
class Loading:
    """Milliseconds to the largest paint, the sum of layout shifts, and the other hosts asked."""

    paint: float
    shift: float
    others: frozenset[str]


def load_on_a_slow_phone(address: str) -> Loading:
    asyncio.set_event_loop(asyncio.new_event_loop())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 360, "height": 740})
        hosts: set[str] = set()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", FAST_3G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_DOWN})
        page.add_init_script(OBSERVE)
        page.goto(address, wait_until="load")
        page.wait_for_timeout(2500)
        seen = page.evaluate("window.seen")
        browser.close()
    return Loading(
        paint=seen["paint"],
        shift=seen["shift"],
        others=frozenset(hosts - {urlsplit(address).netloc, ""}),
    )
