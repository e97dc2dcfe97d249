"""A full disk and two at once: what is kept is whole, and it goes on afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.files import StoredFile, is_full
from eventapp.core.resumable import actions, receiving, working
from eventapp.core.resumable.models import ResumableUpload, UploadPart, UploadState
from eventapp.core.resumable.queries import list_parts
from eventapp.replays.queries import find_recording
from tests.factories import UserFactory
from tests.races import race
from tests.replays.media import make_sound

DISK_BYTES = 6 * 1024 * 1024


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 6 MB of its own, which a test may fill."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if mount is None or subprocess.run([mount, *options], check=False).returncode:
        pytest.skip("This account may not mount a small disk.")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(folder, *, leave):
    """Fill the disk up to so many bytes; return the file that does it."""
    ballast = folder / "ballast"
    free = shutil.disk_usage(folder).free
    ballast.write_bytes(b"\0" * max(0, free - leave))
    return ballast


class TestOnASmallDisk:
    @pytest.fixture
    def environment(self, small_disk, monkeypatch):
        monkeypatch.setattr(receiving, "ROOM_FOR_OTHERS", 0)
        return {"STORAGE_URL": small_disk.as_uri()}

    def test_upload_that_will_not_fit_is_refused_before_it_is_sent(self, tus):
        answer = tus.create(DISK_BYTES)

        assert answer.status_code == 507
        assert "no room left on the server" in answer.json()["error"]

    def test_part_that_does_not_fit_leaves_nothing_and_can_be_sent_again(self, tus, small_disk):
        content = b"x" * 2_000_000
        address = tus.begin(len(content))
        tus.patch(address, content[:500_000])
        ballast = fill(small_disk, leave=1_000_000)

        refused = tus.patch(address, content[500_000:], at=500_000)
        left = [path.stat().st_size for path in small_disk.glob("*.part*")]
        ballast.unlink()
        accepted = tus.patch(address, content[500_000:], at=500_000)

        assert refused.status_code == 507
        assert "no room left on the server" in refused.json()["error"]
        assert left == [500_000]
        assert (accepted.status_code, tus.offset(address)) == (204, len(content))

    def test_joining_waits_for_room_and_then_goes_on(
        self, app, tus, hubs, small_disk, stopped_clock
    ):
        address = tus.send(make_sound(120), name="talk.mp3")
        ballast = fill(small_disk, leave=100_000)

        with app.app_context():
            working.sweep()
            assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 0
        waiting = tus.state(address)
        left = {path.suffix for path in small_disk.iterdir()}
        ballast.unlink()
        stopped_clock.at(clock.now() + timedelta(minutes=2))
        with app.app_context():
            working.sweep()

            assert find_recording(hubs).duration_seconds == pytest.approx(120, abs=1)
        assert waiting["state"] == "waiting"
        assert "no room left on the server" in waiting["said"]
        assert "will be tried again" in waiting["said"]
        assert left == {".part", ""}
        assert {path.suffix for path in small_disk.iterdir()} == {".mp3"}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(28, os.strerror(28)), True),
        (OSError("Generic LocalFileSystem error: No space left on device (os error 28)"), True),
        (OSError("Generic S3 error: 507 Insufficient Storage"), True),
        (OSError(13, os.strerror(13)), False),
        (OSError("os error 13"), False),
    ],
)
def test_errors_that_tell_of_a_full_store_are_known(error, expected):
    assert is_full(error) is expected


# -- two at once -------------------------------------------------------------------------------


@pytest.fixture
def begun(app, hubs):
    """An upload of ten bytes, and the keys of two parts that are on their way to its start."""
    with app.app_context():
        user = UserFactory()
        upload = actions_in(
            lambda: actions.create_upload(
                owner_id=user.id,
                purpose="recording",
                subject_id=hubs,
                name="a",
                size=10,
                now=clock.now(),
            )
        )
        keys = [actions_in(lambda: actions.begin_part(upload)).key for _ in range(2)]
        return (
            receiving.Place(purpose="recording", subject_id=hubs, owner_id=user.id),
            (upload.token),
            keys,
        )


def actions_in(work):
    with working.transaction():
        return work()


def counting(place, token, key, size):
    def task():
        upload = place.get(token, is_locked=True)
        actions.count_part(upload, key=key, size=size, now=clock.now())

    return task


@pytest.mark.every_engine
def test_of_two_parts_for_one_place_one_is_counted(app, begun):
    place, token, keys = begun

    errors = race(app, [counting(place, token, key, 4) for key in keys])

    assert [error.status for error in errors] == [409]
    with app.app_context():
        upload = place.get(token)
        assert (upload.received, len(list_parts(upload.id))) == (4, 1)


@pytest.mark.on_postgresql
def test_without_the_lock_both_are_counted(app, begun, monkeypatch):
    """The control: both read the upload before either writes it."""
    place, token, keys = begun
    both_have_read = threading.Barrier(2)
    check = actions.check_may_go_on

    def check_together(upload, **options):
        check(upload, **options)
        both_have_read.wait(timeout=20)

    def counting_without_lock(key):
        def task():
            upload = place.get(token)
            actions.count_part(upload, key=key, size=4, now=clock.now())

        return task

    monkeypatch.setattr(actions, "check_may_go_on", check_together)

    errors = race(app, [counting_without_lock(key) for key in keys])

    assert errors == []
    with app.app_context():
        upload = place.get(token)
        assert len(list_parts(upload.id)) == 2


@pytest.mark.every_engine
def test_requests_that_race_leave_one_whole_file(app, tus):
    """Two connections send the same parts at the same time, as a client that thinks one dead."""
    content = bytes(range(256)) * 4000
    address = tus.begin(len(content))
    answers = []

    def send(at):
        answers.append(tus.patch(address, content[at : at + 256_000], at=at).status_code)

    for at in range(0, len(content), 256_000):
        pair = [threading.Thread(target=send, args=(at,)) for _ in range(2)]
        for thread in pair:
            thread.start()
        for thread in pair:
            thread.join()

    assert sorted(answers) == [204] * 4 + [409] * 4
    with app.app_context():
        upload = db.session.scalars(sa.select(ResumableUpload)).one()
        joined = b"".join(
            block for part in list_parts(upload.id) for block in working.read_blocks(part.key)
        )
        assert joined == content
        assert db.session.scalar(sa.select(sa.func.count()).select_from(UploadPart)) == 4
        assert upload.state in {UploadState.WAITING, UploadState.CHECKING}
