"""What every process that serves is told about its interpreter, once all is loaded."""

from __future__ import annotations

import gc
import sys

# Whoever holds a webinar's lock needs the interpreter again after each answer of the database, and
# all who register or vote wait for it meanwhile, as streams do for the loop: a thread that computes
# gives way ten times sooner.
SWITCH_SECONDS = 0.0005


def prepare_process() -> None:
    """Let threads take turns sooner, and keep what is loaded out of the search for garbage.

    What is loaded stays until the end. Each full search would go through all of it, a quarter of a
    second long, while every page and stream waits.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()
