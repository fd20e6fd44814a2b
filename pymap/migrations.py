"""Installs and upgrades the schema: yoyo applies sql/migrations, then every function of sql/functions is re-applied."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import yoyo
import yoyo.exceptions
from psycopg.conninfo import conninfo_to_dict
from yoyo.backends import get_backend_class
from yoyo.connections import DatabaseURI
from yoyo.migrations import default_migration_table

import pymap
from pymap import citus
from pymap._dsn import libpq_dsn
from pymap._files import shipped_directory
from pymap.errors import MigrationLocked, PymapError

_LOCK_TIMEOUT = 10  # seconds

# The tables' statements are for a single node, and the cells have to follow.
_REFUSE_CONVERTED = """
do $$
begin
    if to_regnamespace('pymap_citus') is not null then
        raise exception 'this database was converted for Citus' using hint = 'Run: pymap migrate';
    end if;
end
$$;
"""


def sql_directory() -> Path:
    """Return the folder that holds migrations/ and functions/."""
    return shipped_directory("sql", "sql")


@dataclass(frozen=True)
class MigrationStatus:
    """What is installed in a database.

    ``version`` is that of its functions, None if there are none. ``applied`` and ``pending`` are the names of the
    migrations that yoyo has noted and of those that it lacks. Both are empty after an installation of this version by
    the SQL bundle, which notes nothing.
    """

    version: str | None
    applied: list[str]
    pending: list[str]


def migrate(dsn: str, *, break_lock: bool = False) -> list[str]:
    """Bring a database up to date and return the names of the migrations that were applied.

    Safe to run again and from several processes at once. ``dsn`` is a libpq connection string or URL, also with a
    driver's name as in ``postgresql+psycopg://``. The role needs CREATE on the database and on the first schema of its
    search_path, where yoyo keeps its tables, and CREATEROLE unless the roles pymap_reader and pymap_writer exist;
    PymapError names the missing ones. ``break_lock`` removes the lock that a killed migration left behind.
    A database that Citus distributes gets new cells. Raises MigrationLocked if yoyo's lock is held.
    """
    dsn = libpq_dsn(dsn)
    # Several processes wait here for each other; yoyo's own lock is a row that outlives a killed process.
    with psycopg.connect(dsn) as connection:
        # The transaction's lock, not the session's: a pooler would keep the session, and the lock with it.
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        connection.execute("set local idle_in_transaction_session_timeout = 0")
        _check_database(connection)
        connection.execute("select pg_advisory_xact_lock(hashtextextended('pymap.migrate', 0))")
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
        if citus.is_converted(connection):
            citus.refresh(dsn)
    return [migration.id for migration in pending]


def _check_database(connection: psycopg.Connection[Any]) -> None:
    """Refuse what would otherwise end in an error of yoyo's own, or half way."""
    _refuse_read_only(connection)
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise PymapError(
            f"pymap needs a database with encoding UTF8, this one has {encoding}",
            hint="create database ... encoding 'UTF8' template template0",
        )
    require_rights(connection, _LACKING_RIGHTS)


def _refuse_read_only(connection: psycopg.Connection[Any]) -> None:
    row = connection.execute("select current_setting('transaction_read_only')::boolean, pg_is_in_recovery()").fetchone()
    assert row is not None
    is_read_only, is_standby = row
    if is_standby:
        raise PymapError("a standby can only be read", hint="Migrate its primary; the standby follows.")
    if is_read_only:
        raise PymapError("transactions are read-only here: default_transaction_read_only is on")


_LACKING_RIGHTS: LiteralString = """
select format('CREATE on schema %s, for yoyo''s tables', coalesce(current_schema(), '(none)')) as lacking,
       format('let the role create there, or give it a schema of its own with alter role %I set search_path = …',
              current_user) as remedy
where not coalesce(has_schema_privilege(current_schema(), 'create'), false)
union all
select format('CREATE on database %s', current_database()),
       format('grant create on database %I to %I', current_database(), current_user)
where to_regnamespace('pymap') is null and not has_database_privilege(current_database(), 'create')
union all
select 'the role that owns schema pymap', format('grant %I to %I', n.nspowner::regrole, current_user)
from pg_namespace as n
where n.nspname = 'pymap' and not pg_has_role(n.nspowner, 'usage')
"""

#: The roles belong to the cluster: one of another database's installation will do.
_LACKING_CREATEROLE: LiteralString = """
union all
select 'CREATEROLE, for the roles pymap_reader and pymap_writer', format('alter role %I createrole', current_user)
from pg_roles as r
where r.rolname = current_user
  and not r.rolsuper
  and not r.rolcreaterole
  and (to_regrole('pymap_reader') is null or to_regrole('pymap_writer') is null)
"""


def require_rights(connection: psycopg.Connection[Any], lacking: LiteralString) -> None:
    """Raise PymapError with all rights that the role lacks; ``lacking`` is a query for them and for their remedies."""
    rows = connection.execute(lacking + _LACKING_CREATEROLE).fetchall()
    if rows:
        raise PymapError(
            f"permission denied: {connection.info.user} lacks {'; '.join(row[0] for row in rows)}",
            hint=f"As a superuser: {'; '.join(row[1] for row in rows)}",
        )


def _is_installed(connection: psycopg.Connection[Any]) -> bool:
    return connection.execute("select to_regclass('pymap.media_items') is not null").fetchone() == (True,)


def migration_status(dsn: str) -> MigrationStatus:
    """Tell what is installed in a database and what is pending; changes nothing in it."""
    with psycopg.connect(libpq_dsn(dsn)) as connection:
        applied_ids = _applied_ids(connection)
        version = _installed_version(connection)
    ids = [migration.id for migration in _read_migrations()]
    applied = [id_ for id_ in ids if id_ in applied_ids]
    is_bundle = not applied and version == pymap.__version__
    return MigrationStatus(version, applied, [] if is_bundle else [id_ for id_ in ids if id_ not in applied_ids])


def _installed_version(connection: psycopg.Connection[Any]) -> str | None:
    if connection.execute("select to_regprocedure('pymap.version()')").fetchone() == (None,):
        return None
    row = connection.execute("select pymap.version()").fetchone()
    return row and row[0]


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
        _REFUSE_CONVERTED,
        # The lock that sql/migrations/post-apply.py takes.
        "do $$ begin perform pg_advisory_xact_lock(hashtextextended('pymap.functions', 0)); end $$;",
        *(file.read_text(encoding="utf-8") for file in migrations),
        "set local check_function_bodies = off;",
        "set local search_path = pg_catalog, pg_temp;",
        *(file.read_text(encoding="utf-8") for file in functions),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)
