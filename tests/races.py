"""Several at once, each in a thread and a transaction of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from flask import Flask

from eventapp.core.db import transaction


def race(app: Flask, tasks: Sequence[Callable[[], object]]) -> list[Exception]:
    """Run all tasks at once; return their errors."""
    start = threading.Barrier(len(tasks))
    errors: list[Exception] = []

    def run(task: Callable[[], object]) -> None:
        with app.app_context():
            start.wait(timeout=20)
            try:
                with transaction():
                    task()
            except Exception as error:  # noqa: BLE001 - a thread's errors are the test's.
                errors.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
