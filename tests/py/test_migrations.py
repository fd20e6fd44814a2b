"""Installing and upgrading: every route that a DBA can take, alone, at once, again, and after an accident."""

from __future__ import annotations

import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

import pymap
import pymap.migrations
from tests.conftest import Server
from tests.databases import database_of_installer, dump, postgresql_program, role, schema_of

BIN = Path(sys.executable).parent
MIGRATIONS = pymap.migrations.sql_directory() / "migrations"
NAMES = sorted(file.stem for file in MIGRATIONS.glob("*.sql") if not file.name.endswith(".rollback.sql"))

# Whatever a hand can do to the functions and triggers of a database.
HAVOC: tuple[Any, ...] = (
    "drop function pymap.sync_clients_list(bigint, text, bigint)",
    "drop trigger media_items_1_keep_in_step_on_insert on pymap.media_items",
    """
    create or replace function pymap.get_media_item_by_client_id(
        p_client_id bigint, p_client_item_id text, p_tenant_id bigint default 0
    ) returns bigint language sql as 'select 1::bigint'
    """,
    "alter function pymap.get_or_create_mapping(bigint, text, text, text, text, jsonb, jsonb, integer, bigint)"
    " security invoker reset all",
    "revoke all on all functions in schema pymap from pymap_reader, pymap_writer",
    "grant execute on function pymap.remove_client(bigint, bigint) to public",
    "comment on function pymap.remove_client(bigint, bigint) is null",
)


def yoyo(command: str, dsn: str) -> list[str]:
    """The command line of yoyo for a database; every part of the DSN goes into the query of its URL."""
    parameters = conninfo_to_dict(dsn)
    url = f"postgresql+psycopg:///{parameters.pop('dbname')}?{urlencode(parameters)}"
    return [str(BIN / "yoyo"), command, "--batch", "--no-config-file", "--database", url, str(MIGRATIONS)]


def all_at_once(command: list[str], count: int = 8) -> list[tuple[int, str]]:
    """Exit status and standard error of several processes that start together."""
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(count)
    ]
    return [(process.returncode, errors) for process, (_, errors) in [(p, p.communicate()) for p in processes]]


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """A database in which pymap is not installed."""
    with server.database() as dsn:
        yield dsn


@pytest.fixture(scope="module")
def schema(server: Server, template: str) -> str:
    """The schema that pymap.migrate makes."""
    return schema_of(server, server.dsn_of(template))


def fill(dsn: str) -> dict[str, int]:
    """Write a few media items for two tenants; return the mappings of client 1 of the first."""
    with psycopg.connect(dsn) as connection:
        for tenant_id in (0, 7):
            helper = pymap.ClientMediaItemHelper(connection, tenant_id=tenant_id)
            film = helper.get_or_create_mapping(
                1, "plex", "1", "movie", "Amélie", {"a": [1]}, {"imdb": "tt0211915"}, 2001
            )
            helper.link_client_item(film, 2, "jellyfin", "008CD489-05DA-A765-5315-FE380D46A313")
            helper.get_or_create_mapping(1, "plex", "2", "episode", None, external_ids={"imdb": "tt0211915"})
        return pymap.ClientMediaItemHelper(connection).sync_clients_list(1)


def lookups(dsn: str) -> dict[str, int]:
    with psycopg.connect(dsn) as connection:
        return pymap.ClientMediaItemHelper(connection).sync_clients_list(1)


# The files


def test_every_migration_has_a_good_name_and_a_rollback() -> None:
    names = sorted(file.name for file in MIGRATIONS.iterdir() if file.suffix == ".sql")
    assert names == sorted(f"{name}{end}" for name in NAMES for end in (".sql", ".rollback.sql"))
    assert [name for name in NAMES if not re.fullmatch(r"pymap_[0-9]{4}_[a-z]+(_[a-z]+)*", name)] == []


def test_migrations_are_numbered_one_after_the_other() -> None:
    assert [int(name.split("_")[1]) for name in NAMES] == list(range(1, len(NAMES) + 1))


def test_each_migration_depends_on_the_one_before() -> None:
    first_lines = [(MIGRATIONS / f"{name}.sql").read_text(encoding="utf-8").partition("\n")[0] for name in NAMES]
    assert first_lines[1:] == [f"-- depends: {name}" for name in NAMES[:-1]]


def test_nothing_but_migrations_and_the_hook_lies_in_their_folder() -> None:
    others = {file.name for file in MIGRATIONS.iterdir() if file.suffix != ".sql"} - {"__pycache__"}
    assert others == {"post-apply.py"}


# The routes


def test_yoyo_takes_everything_away_and_puts_the_same_schema_back(server: Server, empty: str, schema: str) -> None:
    subprocess.run(yoyo("apply", empty), check=True)
    assert schema_of(server, empty) == schema
    subprocess.run([*yoyo("rollback", empty), "--all"], check=True)
    with psycopg.connect(empty) as connection:
        assert connection.execute("select to_regnamespace('pymap')").fetchone() == (None,)
    assert pymap.migration_status(empty) == pymap.MigrationStatus(None, [], NAMES)
    subprocess.run(yoyo("apply", empty), check=True)
    assert schema_of(server, empty) == schema
    assert pymap.migration_status(empty) == pymap.MigrationStatus(pymap.__version__, NAMES, [])


@pytest.mark.parametrize("first", NAMES)
def test_yoyo_takes_the_last_migrations_away_and_puts_the_same_schema_back(
    server: Server, empty: str, schema: str, first: str
) -> None:
    subprocess.run(yoyo("apply", empty), check=True)
    fill(empty)
    filled = lookups(empty)
    subprocess.run([*yoyo("rollback", empty), "--revision", first], check=True)
    assert pymap.migration_status(empty).pending == NAMES[NAMES.index(first) :]
    pymap.migrate(empty)
    assert pymap.migration_status(empty).pending == []
    assert schema_of(server, empty) == schema
    # The first migration makes the tables: what was in them went with it.
    assert lookups(empty) == ({} if first == NAMES[0] else filled)


def test_migrate_again_changes_neither_schema_nor_data(server: Server, dsn: str) -> None:
    mappings = fill(dsn)
    before = dump(server, dsn, "--schema", "pymap")
    assert pymap.migrate(dsn) == []
    assert dump(server, dsn, "--schema", "pymap") == before
    assert lookups(dsn) == mappings


def test_migrate_goes_on_where_yoyo_left_off(server: Server, empty: str, schema: str) -> None:
    subprocess.run(yoyo("apply", empty), check=True)
    assert pymap.migrate(empty) == []
    assert schema_of(server, empty) == schema


def test_yoyo_finds_nothing_to_do_after_migrate(server: Server, dsn: str, schema: str) -> None:
    subprocess.run(yoyo("apply", dsn), check=True)
    assert schema_of(server, dsn) == schema


def test_psql_installs_the_bundle_twice_and_migrate_adopts_it(
    server: Server, empty: str, schema: str, tmp_path: Path
) -> None:
    script = tmp_path / "pymap.sql"
    script.write_text(pymap.migrations.bundle(), encoding="utf-8")
    psql = [postgresql_program("psql", server), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]
    for _ in range(2):
        subprocess.run(
            [*psql, "--single-transaction", "--file", script, empty],
            check=True,
            env={"PGOPTIONS": "-c client_min_messages=warning"},
        )
        assert schema_of(server, empty) == schema
    mappings = fill(empty)
    assert pymap.migrate(empty) == NAMES
    assert schema_of(server, empty) == schema
    assert lookups(empty) == mappings
    assert pymap.migrate(empty) == []


def test_any_client_installs_the_bundle_in_one_transaction(server: Server, empty: str, schema: str) -> None:
    with psycopg.connect(empty) as connection:
        connection.execute(pymap.migrations.bundle().encode())
        connection.rollback()
        assert connection.execute("select to_regnamespace('pymap')").fetchone() == (None,)
        connection.execute(pymap.migrations.bundle().encode())
    assert schema_of(server, empty) == schema


def test_eight_migrate_at_once(server: Server, empty: str, schema: str) -> None:
    assert all_at_once([str(BIN / "pymap"), "migrate", "--dsn", empty]) == [(0, "")] * 8
    assert schema_of(server, empty) == schema


def test_eight_yoyo_at_once(server: Server, empty: str, schema: str) -> None:
    assert all_at_once(yoyo("apply", empty)) == [(0, "")] * 8
    assert schema_of(server, empty) == schema
    assert pymap.migration_status(empty).pending == []


def test_status_tells_what_is_pending_and_creates_nothing(empty: str) -> None:
    assert pymap.migration_status(empty) == pymap.MigrationStatus(None, [], NAMES)
    with psycopg.connect(empty) as connection:
        assert connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone() == (0,)
    pymap.migrate(empty)
    assert pymap.migration_status(empty) == pymap.MigrationStatus(pymap.__version__, NAMES, [])


# Accidents


def test_a_migration_killed_before_its_mark_is_applied_again(server: Server, dsn: str, schema: str) -> None:
    mappings = fill(dsn)
    with psycopg.connect(dsn) as connection:
        connection.execute("delete from _yoyo_migration")
    assert pymap.migrate(dsn) == NAMES
    assert schema_of(server, dsn) == schema
    assert lookups(dsn) == mappings


def test_migrate_heals_functions_triggers_comments_and_their_grants(server: Server, dsn: str, schema: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in HAVOC:
            before = schema_of(server, dsn)
            connection.execute(statement)
            assert schema_of(server, dsn) != before, "no havoc at all"
    assert pymap.migrate(dsn) == []
    assert schema_of(server, dsn) == schema


def test_a_lock_that_a_killed_migration_left_is_one_clear_line_and_can_be_broken(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("insert into yoyo_lock (locked, ctime, pid) values (1, now(), 4194305)")
    impatient = "import pymap.migrations as m; m._LOCK_TIMEOUT = 1; from pymap.cli import main; main()"
    command = [sys.executable, "-c", impatient, "migrate", "--dsn", dsn]
    locked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (locked.returncode, locked.stdout) == (2, "")
    assert len(locked.stderr.splitlines()) == 1
    assert "4194305" in locked.stderr
    assert "pymap migrate --break-lock" in locked.stderr
    broken = subprocess.run([*command, "--break-lock"], capture_output=True, text=True, check=False)
    assert (broken.returncode, broken.stderr) == (0, "")
    assert pymap.migrate(dsn) == []


def test_the_lock_has_an_exception_of_its_own(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pymap.migrations, "_LOCK_TIMEOUT", 0.5)
    with psycopg.connect(dsn) as connection:
        connection.execute("insert into yoyo_lock (locked, ctime, pid) values (1, now(), 4194305)")
    with pytest.raises(pymap.MigrationLocked) as raised:
        pymap.migrate(dsn)
    assert "4194305" in (raised.value.detail or "")
    assert raised.value.hint
    assert pymap.migrate(dsn, break_lock=True) == []


# Rights and refusals


def test_a_role_with_create_on_the_database_and_a_schema_of_its_own_installs(server: Server, template: str) -> None:
    with database_of_installer(server, "create schema authorization {role}") as dsn:
        assert pymap.migrate(dsn) == NAMES
        assert pymap.migrate(dsn) == []
        assert fill(dsn) == lookups(dsn)


def test_a_role_that_may_create_schemas_and_yoyos_tables_installs(server: Server, template: str) -> None:
    with database_of_installer(server, "grant create on schema public to {role}") as dsn:
        assert pymap.migrate(dsn) == NAMES
        assert pymap.migrate(dsn) == []
        assert pymap.migration_status(dsn).pending == []


def test_a_role_that_may_not_create_yoyos_tables_is_told_so(server: Server, template: str) -> None:
    with database_of_installer(server) as dsn, pytest.raises(pymap.PymapError, match="permission denied") as raised:
        pymap.migrate(dsn)
    assert "schema public" in str(raised.value)
    assert "search_path" in (raised.value.hint or "")


def test_a_schema_that_was_dropped_by_hand_is_made_again(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("drop schema pymap cascade")
    assert pymap.migrate(dsn) == NAMES
    assert pymap.migration_status(dsn).pending == []
    fill(dsn)


def test_a_role_without_create_on_the_database_gets_one_clear_error(server: Server, template: str) -> None:
    with role(server) as nobody, server.database() as dsn:
        done = subprocess.run(
            [BIN / "pymap", "migrate", "--dsn", make_conninfo(dsn, user=nobody, password=nobody)],
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "permission denied" in done.stderr
    assert "Run: pymap migrate" not in done.stderr


def test_without_the_roles_and_without_createrole_the_error_says_what_to_do(server: Server, empty: str) -> None:
    with role(server) as installer, psycopg.connect(empty) as connection:
        connection.execute(f"grant create on database {conninfo_to_dict(empty)['dbname']} to {installer}".encode())
        # Renamed for this transaction only: the cluster's roles stay as they are.
        for name in ("pymap_reader", "pymap_writer"):
            connection.execute(f"alter role {name} rename to {name}_away".encode())
        connection.execute(f"set local role {installer}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege) as raised:
            connection.execute(pymap.migrations.bundle().encode())
        connection.rollback()
    diagnostic = raised.value.diag
    assert "pymap_reader does not exist" in (diagnostic.message_primary or "")
    assert "create role pymap_reader nologin" in (diagnostic.message_hint or "")


@pytest.fixture
def not_utf8(server: Server) -> Iterator[str]:
    name = f"pymap_test_{uuid.uuid4().hex[:12]}"
    with server.connect(autocommit=True) as connection:
        connection.execute(
            f"create database {name} template template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'".encode()
        )
        yield server.dsn_of(name)
        connection.execute(f"drop database {name} with (force)".encode())


def test_migrate_refuses_a_database_that_is_not_utf8_in_one_clear_line(not_utf8: str) -> None:
    done = subprocess.run([BIN / "pymap", "migrate", "--dsn", not_utf8], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "SQL_ASCII" in done.stderr
    assert "UTF8" in done.stderr


def test_the_bundle_refuses_a_database_that_is_not_utf8(not_utf8: str) -> None:
    with psycopg.connect(not_utf8) as connection, pytest.raises(psycopg.errors.FeatureNotSupported, match="UTF8"):
        connection.execute(pymap.migrations.bundle().encode())


# Dump and restore


@pytest.mark.parametrize("format_", ["plain", "custom"])
def test_a_restored_dump_is_identical_and_works(
    server: Server, dsn: str, empty: str, tmp_path: Path, format_: str
) -> None:
    mappings = fill(dsn)
    file = tmp_path / "dump"
    dump(server, dsn, "--format", format_, "--file", str(file))
    if format_ == "plain":
        options = ["--no-psqlrc", "--quiet", "--output", "/dev/null", "--set", "ON_ERROR_STOP=1", "--file", file]
        restore = [postgresql_program("psql", server), *options]
    else:
        restore = [postgresql_program("pg_restore", server), "--exit-on-error", file]
    subprocess.run([*restore, "--dbname", empty], check=True)
    assert dump(server, empty) == dump(server, dsn)
    assert lookups(empty) == mappings
    assert pymap.migrate(empty) == []
    with psycopg.connect(empty) as connection:
        new = pymap.ClientMediaItemHelper(connection).get_or_create_mapping(1, "plex", "3", "movie", "Seven")
    assert new not in mappings.values()
