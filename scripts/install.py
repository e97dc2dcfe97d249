"""Put what eventapp needs into .venv, unless it is there already: `install.py [--dev]`.

The list's hash is kept in .venv, so that a second call ends at once. uv installs several times
faster than pip; where it can't be had or doesn't get through, pip does the same.
"""

from __future__ import annotations

import hashlib
import importlib
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Windows has no such locks; nor does it have `make`, so there nothing is started side by side.
fcntl: Any = importlib.import_module("fcntl") if sys.platform != "win32" else None

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
RUN_LIST = ROOT / "requirements.txt"
DEV_LIST = ROOT / "requirements-dev.txt"  # All of the first, and more.
OLDEST_PYTHON = (3, 11)


class CantInstall(Exception):
    """Why nothing could be installed, and what would help."""


def install(wanted: Path) -> None:
    """Install a list, unless it is installed as it stands now."""
    with _one_at_a_time():
        if _is_installed(wanted):
            return
        _say(f"Installing {wanted.name} into .venv; this happens once.")
        started = time.monotonic()
        if not _is_usable():
            _create_venv()
        _install_list(wanted)
        _stamp(wanted).write_text(_hash_of(wanted), encoding="ascii")
        _say(f"Installed in {time.monotonic() - started:.0f} seconds.")


def _is_installed(wanted: Path) -> bool:
    if not _is_usable():
        return False
    if wanted == RUN_LIST and _is_installed(DEV_LIST):
        return True
    stamp = _stamp(wanted)
    return stamp.exists() and stamp.read_text(encoding="ascii") == _hash_of(wanted)


def _is_usable() -> bool:
    """Whether .venv has a Python that starts; one whose base was removed does not."""
    if not PYTHON.exists():
        return False
    question = f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    return subprocess.run([PYTHON, "-c", question], check=False).returncode == 0


def _stamp(wanted: Path) -> Path:
    return VENV / f".installed-{wanted.stem}"


def _hash_of(wanted: Path) -> str:
    lists = [RUN_LIST] if wanted == RUN_LIST else [RUN_LIST, DEV_LIST]
    return hashlib.sha256(b"".join(path.read_bytes() for path in lists)).hexdigest()


def _create_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    uv = shutil.which("uv")
    if uv and _succeeds(uv, "venv", "--quiet", "--seed", "--python", sys.executable, VENV):
        return
    if not _succeeds(sys.executable, "-m", "venv", VENV):
        shutil.rmtree(VENV, ignore_errors=True)
        message = (
            f"{sys.executable} can't make a virtual environment. "
            "On Debian and Ubuntu: apt-get install python3-venv"
        )
        raise CantInstall(message)


def _install_list(requirements: Path) -> None:
    uv = shutil.which("uv") or _install_uv()
    if uv and _succeeds(uv, "pip", "install", "--quiet", "--python", PYTHON, "-r", requirements):
        return
    if not _succeeds(PYTHON, "-m", "pip", "install", "--quiet", "-r", requirements):
        message = "Not everything could be installed; the lines above say why."
        raise CantInstall(message)


def _install_uv() -> str | None:
    """Install uv, if there is a wheel of it; building it would take longer than pip saves."""
    _succeeds(PYTHON, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "uv")
    return shutil.which("uv", path=str(PYTHON.parent))


def _succeeds(*command: str | Path) -> bool:
    return subprocess.run(command, check=False, cwd=ROOT).returncode == 0


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let `make lint` and `make test`, started side by side, share one installation."""
    with (ROOT / ".venv.lock").open("w") as lock:
        if fcntl:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    try:
        install(DEV_LIST if "--dev" in sys.argv[1:] else RUN_LIST)
    except CantInstall as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
