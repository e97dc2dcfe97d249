"""A server as a process, which can't outlive the tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from tests.servers import keeper
from tests.servers.errors import PartIsMissing

SECONDS_TO_START = 30
SECONDS_BETWEEN_LOOKS = 0.02


def find_free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class ServerProcess:
    """A running server: its keeper and its log."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        folder: Path,
        stop_with: signal.Signals = signal.SIGTERM,
        user: str = "",
    ) -> None:
        # Without a name, so that it can still be read when the keeper has removed the folder.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        self._keeper = subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", keeper.__file__),
                *(stop_with.name, folder, user),
                *command,
            ],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C reaches the tests, which then stop the server.
        )

    def wait_until(self, is_ready: Callable[[], bool], *, name: str) -> None:
        """Wait for `is_ready`, or say with the end of the log why the server didn't get there."""
        deadline = time.monotonic() + SECONDS_TO_START
        while not is_ready():
            if self._keeper.poll() is not None or time.monotonic() > deadline:
                message = f"{name} didn't start. {self._read_log()[-2000:]}".strip()
                self.stop()
                raise PartIsMissing(message)
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def stop(self) -> None:
        """Stop the server and remove its folder; once stopped, there is nothing more to do."""
        if self._keeper.stdin and not self._keeper.stdin.closed:
            self._keeper.stdin.close()
        self._keeper.wait()
        self._log.close()

    def kill(self) -> None:
        """End the server and all below it at once, as a loss of power would."""
        [server] = psutil.Process(self._keeper.pid).children()
        os.killpg(server.pid, signal.SIGKILL)
        self.stop()

    def _read_log(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace")
