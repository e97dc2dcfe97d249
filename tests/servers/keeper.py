"""Run a server exactly as long as whoever started it: `keeper.py SIGNAL FOLDER USER COMMAND…`.

The keeper holds the reading end of a pipe whose writing end belongs to the tests. However the
tests end (done, Ctrl-C, killed), the pipe closes; the server is then stopped with SIGNAL and
FOLDER is removed. An empty USER leaves the server to the user who runs the tests.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading

SECONDS_TO_STOP = 10


def main() -> None:
    signal_name, folder, user, *command = sys.argv[1:]
    server = start_server(command, folder=folder, user=user)
    threading.Thread(target=leave_with_server, args=(server, folder), daemon=True).start()

    sys.stdin.buffer.read()

    os.killpg(server.pid, signal.Signals[signal_name])
    try:
        server.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    shutil.rmtree(folder, ignore_errors=True)


def start_server(command: list[str], *, folder: str, user: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        user=user or None,
        extra_groups=[] if user else None,
        start_new_session=True,  # So that a signal reaches the whole of it.
    )


def leave_with_server(server: subprocess.Popen[bytes], folder: str) -> None:
    """End when the server ends by itself, so that the tests notice at once."""
    server.wait()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    main()
