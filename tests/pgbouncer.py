"""PgBouncer in transaction mode between the tests and their server."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.clusters import Programs, program, wait_until
from tests.conftest import Server

_PORT = 6432


def version() -> tuple[int, ...]:
    """Return PgBouncer's version; fails if there is none."""
    shown = subprocess.run([program("pgbouncer", "pgbouncer"), "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"PgBouncer (\d+)\.(\d+)", shown.stdout)
    assert found, shown.stdout
    return tuple(map(int, found.groups()))


@contextmanager
def pgbouncer(server: Server, **settings: object) -> Iterator[Server]:
    """Run PgBouncer before a server, and yield it as a server."""
    path = program("pgbouncer", "pgbouncer")
    # PgBouncer does not run as root either.
    account = Programs.of(server).account
    with account.folder() as folder:
        file = folder / "pgbouncer.ini"
        file.write_text(_configuration(server, folder, settings))
        process = subprocess.Popen(
            [path, "--quiet", file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **account.options()
        )
        try:
            pooler = Server(psycopg.conninfo.make_conninfo(server.dsn, host=str(folder), port=_PORT))
            wait_until(lambda: process.poll() is not None or _answers(pooler), "PgBouncer")
            assert process.poll() is None, (folder / "log").read_text()
            yield pooler
        finally:
            process.terminate()
            process.wait()


def _configuration(server: Server, folder: Path, settings: dict[str, object]) -> str:
    with server.connect() as connection:
        info = connection.info
        target = {"host": info.host, "port": info.port, "user": info.user}
        if info.password:
            target["password"] = info.password
    options: dict[str, Any] = {
        "listen_addr": "",
        "unix_socket_dir": folder,
        "listen_port": _PORT,
        "auth_type": "any",
        "pool_mode": "transaction",
        "default_pool_size": 1,
        "logfile": folder / "log",
        **settings,
    }
    return "\n".join(
        [
            "[databases]",
            "* = " + " ".join(f"{name}={value}" for name, value in target.items()),
            "[pgbouncer]",
            *(f"{name} = {value}" for name, value in options.items()),
        ]
    )


def _answers(pooler: Server) -> bool:
    try:
        pooler.connect(prepare_threshold=None).close()
    except psycopg.OperationalError:
        return False
    return True
