"""Large files in parts, over as many connections as it takes: tus 1.0, and what follows the end.

A feature says what it takes (`purposes`), and has routes that let people in and call `receiving`.
"""

from __future__ import annotations

from flask import Flask

from eventapp.core import queue
from eventapp.core.resumable import purposes, working
from eventapp.core.resumable.actions import TASK
from eventapp.core.resumable.purposes import Purpose

__all__ = ["Purpose", "init_app"]


def init_app(app: Flask, *, takes: tuple[Purpose, ...]) -> None:
    """Take uploads for these purposes; workers join them, and sweep what is over."""
    purposes.init_app(app, purposes=takes)
    queue.add_task(app, TASK, working.work_on)
    queue.add_sweep(app, "sweep_uploads", working.sweep)
