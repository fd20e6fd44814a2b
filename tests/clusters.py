"""Servers that a test starts for itself, on sockets, with the programs of the server that the tests run on."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import Server

#: Seconds that a server has for what takes it milliseconds.
PATIENCE = 60


@dataclass(frozen=True)
class Account:
    """The account that a server runs under: no server runs as root."""

    uid: int
    gid: int

    def options(self) -> dict[str, Any]:
        """What subprocess needs to start a program under it."""
        as_other = {"user": self.uid, "group": self.gid, "extra_groups": []} if os.geteuid() == 0 else {}
        return {**as_other, "cwd": "/"}

    @contextmanager
    def folder(self) -> Iterator[Path]:
        # Sockets have short paths, so not below pytest's folder.
        with tempfile.TemporaryDirectory(prefix="pymap-test-", ignore_cleanup_errors=True) as name:
            if os.geteuid() == 0:
                os.chown(name, self.uid, self.gid)
            yield Path(name)


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's own programs."""

    directory: Path
    account: Account

    @classmethod
    def of(cls, server: Server) -> Programs:
        """Return those that belong to a running server."""
        with server.connect() as connection:
            found = connection.execute(
                "select setting, current_setting('data_directory') from pg_config where name = 'BINDIR'"
            ).fetchone()
        assert found is not None
        directory, data = map(Path, found)
        if not (directory / "pg_basebackup").is_file():
            pytest.fail(
                f"{directory}/pg_basebackup not found: these tests start servers with the programs of the one they run "
                "on, which has to be on this machine; on Debian: apt-get install postgresql-15",
                pytrace=False,
            )
        if os.geteuid():
            return cls(directory, Account(os.geteuid(), os.getegid()))
        owner = data.stat()
        return cls(directory, Account(owner.st_uid, owner.st_gid))

    def run(self, program: str, *arguments: object) -> None:
        # To a file: a server inherits what its starter writes to, and a pipe would never end.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [self.directory / program, *map(str, arguments)],
                stdout=output, stderr=subprocess.STDOUT, check=False, **self.account.options(),
            )  # fmt: skip
            output.seek(0)
            assert done.returncode == 0, f"{program}: {output.read()}"


@dataclass(frozen=True)
class Cluster:
    """A database cluster in a folder, which is also that of its socket."""

    programs: Programs
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def server(self) -> Server:
        return Server(psycopg.conninfo.make_conninfo(host=str(self.folder), user="postgres", dbname="postgres"))

    @contextmanager
    def running(self, **settings: str) -> Iterator[Server]:
        """Start the server, yield it, stop it."""
        options = {"listen_addresses": "", "unix_socket_directories": self.folder, "fsync": "off", **settings}
        line = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        self.programs.run("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "-o", line, "start")
        try:
            yield self.server
        finally:
            self.programs.run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")


@contextmanager
def new_cluster(programs: Programs, **settings: str) -> Iterator[Server]:
    """Make a cluster and start it."""
    with programs.account.folder() as folder:
        cluster = Cluster(programs, folder)
        programs.run(
            "initdb", "-D", cluster.data, "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"
        )
        with cluster.running(**settings) as server:
            yield server


@contextmanager
def new_standby(programs: Programs, primary: Server, name: str) -> Iterator[Server]:
    """Copy a running server and let the copy follow it."""
    with programs.account.folder() as folder:
        cluster = Cluster(programs, folder)
        programs.run(
            "pg_basebackup", "--pgdata", cluster.data, "--checkpoint=fast", "--no-sync", "--wal-method=stream",
            "--dbname", psycopg.conninfo.make_conninfo(primary.dsn, application_name=name),
            "--create-slot", "--slot", name, "--write-recovery-conf",
        )  # fmt: skip
        with cluster.running() as server:
            yield server


def wait_until(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited {PATIENCE} s for {what}"
        time.sleep(0.02)


def program(name: str, package: str) -> str:
    """Return the path of a program that PyPI does not have."""
    # Debian keeps servers where only root's PATH leads.
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        pytest.fail(f"{name} not found; on Debian: apt-get install {package}", pytrace=False)
    return found
