"""Installs and upgrades the schema: yoyo applies sql/migrations, then every function of sql/functions is re-applied."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import yoyo
import yoyo.exceptions
from psycopg.conninfo import conninfo_to_dict
from yoyo.backends import get_backend_class
from yoyo.connections import DatabaseURI
from yoyo.migrations import default_migration_table

from pymap._files import shipped_directory
from pymap.errors import MigrationLocked, PymapError

_LOCK_TIMEOUT = 10  # seconds


def sql_directory() -> Path:
    """Return the folder that holds migrations/ and functions/."""
    return shipped_directory("sql", "sql")


@dataclass(frozen=True)
class MigrationStatus:
    """The names of the migrations that a database has, and of those that it lacks."""

    applied: list[str]
    pending: list[str]


def migrate(dsn: str, *, break_lock: bool = False) -> list[str]:
    """Bring a database up to date and return the names of the migrations that were applied.

    Safe to run again and from several processes at once. ``dsn`` is a libpq connection string or URL. The role needs
    CREATE on the database and on the first schema of its search_path, where yoyo keeps its tables, and CREATEROLE
    unless the roles pymap_reader and pymap_writer exist. ``break_lock`` takes away the lock that a killed migration
    left behind. Raises MigrationLocked if yoyo's lock is held.
    """
    # Several processes wait here for each other; yoyo's own lock is a row that outlives a killed process.
    with psycopg.connect(dsn, autocommit=True) as connection:
        _check_database(connection)
        connection.execute("select pg_advisory_lock(hashtextextended('pymap.migrate', 0))")
        migrations = _read_migrations()
        with _backend(dsn) as backend:
            if break_lock:
                backend.break_lock()
            try:
                with backend.lock(timeout=_LOCK_TIMEOUT):
                    if not _is_installed(connection):
                        backend.unmark_migrations(migrations)
                    pending = backend.to_apply(migrations)
                    backend.apply_migrations_only(pending)
                    # yoyo runs this hook only after it applied something; functions may have changed without that.
                    backend.run_post_apply(migrations)
            except yoyo.exceptions.LockTimeout as error:
                raise MigrationLocked(
                    "another migration holds yoyo's lock",
                    detail=str(error),
                    hint="Wait for it; if it was killed: pymap migrate --break-lock",
                ) from error
    return [migration.id for migration in pending]


def _check_database(connection: psycopg.Connection[Any]) -> None:
    """Refuse what would otherwise end in an error of yoyo's own."""
    row = connection.execute(
        """
        select current_user, current_schema(),
               coalesce(has_schema_privilege(current_schema(), 'create'), false)
        """
    ).fetchone()
    assert row is not None
    role, schema, may_create = row
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise PymapError(
            f"pymap needs a database with encoding UTF8, this one has {encoding}",
            hint="create database ... encoding 'UTF8' template template0",
        )
    if not may_create:
        raise PymapError(
            f"permission denied: {role} may not create yoyo's tables in schema {schema or '(none)'}",
            hint=f"Let the role create there, or give it a schema of its own: alter role {role} set search_path = ...",
        )


def _is_installed(connection: psycopg.Connection[Any]) -> bool:
    return connection.execute("select to_regclass('pymap.media_items') is not null").fetchone() == (True,)


def migration_status(dsn: str) -> MigrationStatus:
    """Tell which migrations a database has; changes nothing in it."""
    with psycopg.connect(dsn) as connection:
        applied_ids = _applied_ids(connection)
    ids = [migration.id for migration in _read_migrations()]
    return MigrationStatus(
        applied=[id_ for id_ in ids if id_ in applied_ids], pending=[id_ for id_ in ids if id_ not in applied_ids]
    )


def _applied_ids(connection: psycopg.Connection[Any]) -> set[str]:
    exists = connection.execute("select to_regclass(%s)", [default_migration_table]).fetchone()
    if exists == (None,):
        return set()
    return {row[0] for row in connection.execute(f"select migration_id from {default_migration_table}")}


def _read_migrations() -> Any:
    return yoyo.read_migrations(str(sql_directory() / "migrations"))


def _backend(dsn: str) -> Any:
    scheme = "postgresql+psycopg"
    # Every part of the DSN goes through args, so that hosts that are socket folders and libpq's defaults work too.
    uri = DatabaseURI(
        scheme=scheme,
        username=None,
        password=None,
        hostname=None,
        port=None,
        database=None,
        args=conninfo_to_dict(dsn),
    )
    backend = get_backend_class(scheme)(uri, default_migration_table)
    backend.init_database()
    return backend


def bundle() -> str:
    """Return everything as one SQL script for ``psql --single-transaction -f``.

    A database that was installed with it can go on with ``migrate``: every migration survives being applied again.
    """
    folder = sql_directory()
    migrations = sorted(file for file in folder.glob("migrations/*.sql") if not file.name.endswith(".rollback.sql"))
    functions = sorted(folder.glob("functions/**/*.sql"))
    parts = [
        "-- pymap: psql --set ON_ERROR_STOP=1 --single-transaction --file pymap.sql",
        "set local client_min_messages = warning;",
        # The lock that sql/migrations/post-apply.py takes.
        "do $$ begin perform pg_advisory_xact_lock(hashtextextended('pymap.functions', 0)); end $$;",
        *(file.read_text(encoding="utf-8") for file in migrations),
        "set local check_function_bodies = off;",
        "set local search_path = pg_catalog, pg_temp;",
        *(file.read_text(encoding="utf-8") for file in functions),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)
