"""`python -m eventapp` as a process: what it says before it serves, and why it doesn't."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from eventapp.core.db import db
from eventapp.demo.content import REPAIR
from eventapp.serving import _list_demo
from eventapp.webinars.models import WebinarStatus
from tests.factories import WebinarFactory
from tests.plugins.app import NOON


def run(*arguments: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "eventapp", *arguments],
        env={**os.environ, "INSTANCE_DIR": str(folder), "HOST": "127.0.0.1", **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("command", ["run", "web", "worker"])
def test_wrong_setting_ends_a_command_with_its_message_alone(tmp_path, command):
    ended = run(command, folder=tmp_path, PORT="x")

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == (
        "eventapp can't start:\n  - PORT is 'x': set it to a whole number from 1 to 65535.\n"
    )


def test_help_is_shown_in_spite_of_a_wrong_setting(tmp_path):
    ended = run("--help", folder=tmp_path, PORT="x")

    assert ended.returncode == 0
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["run", "serve", "web"])
def test_taken_port_is_said_before_anything_else(tmp_path, command):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        ended = run(command, folder=tmp_path, PORT=str(port))

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"eventapp can't listen on port {port} of 127.0.0.1: ")
    assert ended.stderr.endswith(" make run\n")
    assert not (tmp_path / "eventapp.db").exists()


@pytest.mark.parametrize(
    ("status", "listed"),
    [
        (WebinarStatus.LIVE, [("live", "live now: ask and vote")]),
        (WebinarStatus.ENDED, [("", "over, without a replay yet")]),
        (WebinarStatus.REPLAY_PUBLISHED, [("replay", "a replay with its agenda and learnings")]),
        (WebinarStatus.CANCELLED, []),
    ],
)
def test_demo_is_described_as_it_is_by_now(in_app, status, listed):
    WebinarFactory(slug=REPAIR.slug, status=status)
    db.session.commit()

    described = list(_list_demo(now=NOON))

    page = f"/webinars/{REPAIR.slug}/"
    assert described == [(page + rest, meaning) for rest, meaning in listed]
