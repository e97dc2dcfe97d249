"""Find a Chromium for the tests, and install one where there is none.

`python scripts/browser.py` prints its path; what it does on the way there goes to stderr.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)

# Asked in a process of its own: Playwright's driver starts only to answer this.
ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def find_chromium() -> Path | None:
    """The browser named by CHROMIUM, or one on the PATH, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return _existing(shutil.which(named))
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    installed = next(filter(Path.exists, APPLICATIONS), None)
    return _existing(on_path) or installed or _existing(_ask_playwright())


def install_chromium() -> None:
    """Install Debian's package where that is possible, and otherwise Playwright's browser."""
    if _is_debian() and os.geteuid() == 0:
        _run("apt-get", "update", "-qq")
        _run("apt-get", "install", "-qq", "--yes", "--no-install-recommends", "chromium")
    else:
        _run(sys.executable, "-m", "playwright", "install", "chromium")


def _existing(path: str | None) -> Path | None:
    return Path(path) if path and Path(path).exists() else None


def _ask_playwright() -> str | None:
    asked = subprocess.run(
        [sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or None


def _is_debian() -> bool:
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def _run(*command: str) -> None:
    print(f"Chromium for the tests: {' '.join(command)}", file=sys.stderr)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=quiet)


def main() -> int:
    path = find_chromium()
    if path is None and not os.environ.get("CHROMIUM"):
        install_chromium()
        path = find_chromium()
    if path is None:
        print(
            "There is no Chromium, so what needs a browser isn't tested. "
            "Install Chromium or Chrome, or name one: CHROMIUM=/path/to/it make test",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
