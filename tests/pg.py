"""A real PostgreSQL for the tests: found, started in a temporary folder, stopped again.

`python -m tests.pg` prints the folder of the server's programs, or fails.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from tracker.db import open_engine, upgrade

PROGRAMS = ("initdb", "pg_ctl", "postgres")
# Nothing here outlives the run: speed is bought with a durability nobody needs.
OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")


def find_server() -> Path | None:
    """The folder that holds initdb, pg_ctl and postgres; None where only clients are installed."""
    on_path = [Path(found).parent for name in PROGRAMS if (found := shutil.which(name))]
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    complete = (f for f in [*on_path, *debian] if all((f / p).is_file() for p in PROGRAMS))
    return next(complete, None)


def _version(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


@dataclass(frozen=True)
class Server:
    """A running server, reached by the socket in `folder`; new databases copy one template."""

    folder: Path
    numbers: Iterator[int]

    def engine(self, database: str) -> sa.Engine:
        """An engine for the named database."""
        return open_engine(f"postgresql://luze@/{database}?host={self.folder}")

    def execute(self, statement: str) -> None:
        """Run a statement about databases, which PostgreSQL refuses inside a transaction."""
        engine = self.engine("postgres")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    def prepare_template(self) -> None:
        """Migrate the database that all others are copied from."""
        self.execute("CREATE DATABASE luze_template")
        engine = self.engine("luze_template")
        upgrade(engine)
        engine.dispose()

    @contextmanager
    def fresh(self, template: str = "luze_template") -> Iterator[sa.Engine]:
        """An engine on a new database of its own, dropped afterwards."""
        name = f"luze_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        engine = self.engine(name)
        try:
            yield engine
        finally:
            engine.dispose()
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running_server(programs: Path) -> Iterator[Server]:
    """Start a server in a temporary folder with a migrated template; stop it in the end."""
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="luze-pg-"))
    control: list[str | Path] = [programs / "pg_ctl", "-D", folder / "data", "-w", "-s"]
    try:
        if account:
            shutil.chown(folder, account.pw_uid, account.pw_gid)
        initdb: list[str | Path] = [
            programs / "initdb",
            "-D",
            folder / "data",
            "-U",
            "luze",
            "-A",
            "trust",
        ]
        _run([*initdb, "-E", "UTF8", "--no-locale", "--no-sync"], account)
        options = " ".join([f"-k {folder}", *(f"-c {option}" for option in OPTIONS)])
        _run([*control, "-l", folder / "log", "-o", options, "start"], account)
        try:
            server = Server(folder, count(1))
            server.prepare_template()
            yield server
        finally:
            _run([*control, "-m", "immediate", "stop"], account)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """Whom to run the server as: it refuses root, so root lends it another account."""
    if os.geteuid() != 0:
        return None
    accounts = {user.pw_name: user for user in pwd.getpwall()}
    return accounts.get("postgres") or accounts["nobody"]


def _run(command: list[str | Path], account: pwd.struct_passwd | None) -> None:
    uid, gid = (account.pw_uid, account.pw_gid) if account else (None, None)
    groups: list[int] | None = [] if account else None
    # The server inherits the output, so a pipe would never close: a file it is.
    with tempfile.TemporaryFile("w+") as output:
        code = subprocess.call(
            command, stdout=output, stderr=output, cwd="/", user=uid, group=gid, extra_groups=groups
        )
        output.seek(0)
        if code:
            raise RuntimeError(f"{command[0]} failed with {code}:\n{output.read()}")


if __name__ == "__main__":
    found = find_server()
    sys.exit(0 if found and sys.stdout.write(f"{found}\n") else 1)
