"""`receive-mail` at the end of a mail server's pipe."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

from tests.messages.incoming.answers import write_note

EX_TEMPFAIL = 75


def pipe(raw: bytes, folder, *arguments: str, **environ: str) -> subprocess.CompletedProcess:
    settings = {"INSTANCE_DIR": str(folder), "REPLY_ADDRESS": "replies@example.org", **environ}
    return subprocess.run(
        [sys.executable, "-m", "eventapp", "receive-mail", *arguments],
        env={**os.environ, **settings},
        input=raw,
        capture_output=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def folder(migrated_sqlite, tmp_path):
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    return tmp_path


def list_subjects(folder) -> list[str]:
    with sqlite3.connect(folder / "eventapp.db") as connection:
        found = connection.execute("SELECT subject FROM incoming_mails ORDER BY id").fetchall()
    return [subject for (subject,) in found]


def test_message_is_kept_once(folder):
    raw = write_note("replies@example.org")

    ended = [pipe(raw, folder, "--recipient", "replies@example.org") for _ in range(2)]

    assert [each.returncode for each in ended] == [0, 0]
    assert list_subjects(folder) == ["Sorry"]


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\0" * 5000, write_note("x@example.org", "x") + b"y\n" * 2_000_000]
)
def test_whatever_comes_is_taken(folder, raw):
    assert pipe(raw, folder).returncode == 0
    assert len(list_subjects(folder)) == 1


def test_without_its_tables_the_message_is_to_be_sent_again(tmp_path):
    ended = pipe(write_note("replies@example.org"), tmp_path)

    assert ended.returncode == EX_TEMPFAIL


def test_without_a_database_the_message_is_to_be_sent_again(folder):
    ended = pipe(
        write_note("replies@example.org"),
        folder,
        DATABASE_URL="postgresql://nobody@127.0.0.1:9/nowhere",
        SECRET_KEY="s" * 32,
    )

    assert ended.returncode == EX_TEMPFAIL


@pytest.mark.parametrize(
    ("environ", "said"),
    [({"REPLY_ADDRESS": ""}, b"REPLY_ADDRESS is empty"), ({"PORT": "x"}, b"PORT")],
)
def test_wrong_setting_says_so_and_loses_nothing(folder, environ, said):
    ended = pipe(write_note("replies@example.org"), folder, **environ)

    assert ended.returncode == EX_TEMPFAIL
    assert said in ended.stderr
    assert list_subjects(folder) == []
