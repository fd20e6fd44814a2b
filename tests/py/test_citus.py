"""pymap on the nodes of Citus, on a plain server that stands in for a coordinator and its only node (tests/citus)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

import pymap
from pymap import citus
from pymap.migrations import bundle, migrate
from tests.citus.cluster import CELL, HERE, PGTAP_TESTS, coordinator, pgtap, set_for_coordinator, set_for_database
from tests.command_line import assert_one_line_of_error, run_pymap
from tests.conftest import Server
from tests.pgtap import install_pgtap

Connection = psycopg.Connection[Any]

LISTING = [
    {"itemId": "1", "type": "movie", "title": "The Matrix", "year": 1999, "externalIds": {"imdb": "tt0133093"}},
    {"itemId": "2", "type": "series", "title": "Lost", "year": 2004},
    {"itemId": "3", "type": "episode", "title": "Pilot", "seasonNumber": 1, "episodeNumber": 1, "parentItemId": "2"},
]


@pytest.fixture
def ready(server: Server, template: str) -> Iterator[str]:
    """A coordinator that is not converted."""
    with coordinator(server, template) as dsn:
        yield dsn


@pytest.fixture(scope="module")
def converted_template(server: Server, template: str) -> Iterator[str]:
    """Name of a converted database to copy. Its IDs are those of a node: each has a range of its own."""
    with coordinator(server, template) as dsn:
        values(dsn, f"select setval('pymap.media_items_id_seq', {2**60})")
        citus.convert(dsn)
        yield conninfo_to_dict(dsn)["dbname"]


@pytest.fixture
def converted(server: Server, converted_template: str) -> Iterator[str]:
    with server.database(converted_template) as dsn:
        set_for_coordinator(dsn)
        yield dsn


@pytest.fixture(scope="module")
def shared(server: Server, converted_template: str) -> Iterator[str]:
    with server.database(converted_template) as dsn:
        set_for_coordinator(dsn)
        yield dsn


@pytest.fixture
def cell(shared: str) -> Iterator[Connection]:
    """A connection to a converted database whose work is rolled back."""
    with psycopg.connect(shared) as connection:
        yield connection
        connection.rollback()


def values(dsn: str, query: str) -> list[Any]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return [row[0] for row in connection.execute(query.encode()).fetchall()]


def execute(dsn: str, *statements: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def refused(connection: Connection, statement: str) -> psycopg.errors.Diagnostic:
    """The error of a statement, which leaves the transaction as it was."""
    with pytest.raises(psycopg.Error) as raised, connection.transaction():
        connection.execute(statement.encode())
    return raised.value.diag


# Converting


def test_a_database_without_citus_is_refused(server: Server, template: str, tmp_path: Path) -> None:
    with server.database(template) as dsn:
        done = run_pymap("citus", "convert", "--dsn", dsn, home=tmp_path)
        assert_one_line_of_error(done, "no Citus")
        done = run_pymap("citus", "refresh", "--dsn", dsn, home=tmp_path)
        assert_one_line_of_error(done, "not converted", "pymap citus convert")
        assert values(dsn, "select to_regnamespace('pymap_citus')") == [None]


def test_a_database_without_pymap_is_refused(server: Server, tmp_path: Path) -> None:
    with server.database() as dsn:
        assert_one_line_of_error(run_pymap("citus", "convert", "--dsn", dsn, home=tmp_path), "pymap migrate")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("update pg_dist_local_group set groupid = 3", ["not the coordinator"]),
        ("update pg_dist_node set shouldhaveshards = false", ["no node takes shards"]),
        (
            "create table mine (id bigint references pymap.media_items (id))",
            ["mine_id_fkey", "mine", "pymap.media_items"],
        ),
        (
            "create function mine() returns trigger language plpgsql as 'begin return new; end';"
            "create trigger mine before insert on pymap.media_items for each row execute function mine()",
            ["trigger mine", "pymap.media_items"],
        ),
        (
            "create role pymap_test_owner; alter table pymap.media_items owner to pymap_test_owner",
            ["owner", "pymap_test"],
        ),
    ],
)
def test_a_database_that_is_not_ready_is_refused(ready: str, statement: str, words: list[str]) -> None:
    try:
        execute(ready, f"set allow_system_table_mods = on; {statement}")
        with pytest.raises(pymap.CitusError) as raised:
            citus.convert(ready)
        for word in words:
            assert word in str(raised.value)
        assert raised.value.hint
        assert values(ready, "select to_regnamespace('pymap_citus')") == [None]
    finally:
        if "role" in statement:
            execute(ready, "reassign owned by pymap_test_owner to current_user", "drop role pymap_test_owner")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("citus.propagate_set_commands", "none"),
        ("citus.enable_unsafe_triggers", "off"),
        ("citus.shard_replication_factor", "2"),
    ],
)
def test_a_setting_that_is_wrong_is_named(ready: str, name: str, value: str) -> None:
    set_for_database(ready, name, value)
    with pytest.raises(pymap.CitusError, match=f"{name} is {value}") as raised:
        citus.convert(ready)
    assert raised.value.hint is not None
    assert "set" in raised.value.hint


def test_a_dry_run_prints_the_sql_and_changes_nothing(ready: str, tmp_path: Path) -> None:
    done = run_pymap("citus", "convert", "--dry-run", "--dsn", ready, home=tmp_path)
    assert done.returncode == 0, done.stderr
    order = [
        done.stdout.index(text)
        for text in (
            "begin;",
            "drop trigger media_items_1_keep_in_step_on_insert on pymap.media_items;",
            "select create_distributed_function('pymap._session_tenant()');",
            "alter policy tenant_isolation on pymap.media_items"
            " using (tenant_id = COALESCE(pymap._session_tenant(), tenant_id));",
            "alter table pymap.media_items drop constraint media_items_type_fkey;",
            "drop index pymap.media_items_id_key;",
            "select create_reference_table('pymap.media_types');",
            "select create_distributed_table('pymap.media_items', 'tenant_id', colocate_with => 'none');",
            "select create_distributed_table('pymap.client_items', 'tenant_id', colocate_with => 'pymap.media_items');",
            "create trigger media_items_require_cell",
            "'p_tenant_id', colocate_with => 'pymap.media_items', force_delegation => true);",
            "commit;",
            "select * from pymap_citus.refresh_cells();",
        )
    ]
    assert order == sorted(order)
    assert values(ready, "select to_regnamespace('pymap_citus')") == [None]
    assert values(ready, "select count(*) from pg_dist_partition") == [0]


def test_the_printed_sql_converts(ready: str, tmp_path: Path) -> None:
    with psycopg.connect(ready) as connection:
        citus.install(connection)
    done = run_pymap("citus", "convert", "--dry-run", "--dsn", ready, home=tmp_path)
    execute(ready, done.stdout)
    assert citus.check(ready) == []


def test_what_was_stored_is_found_afterwards_and_converting_again_does_nothing(ready: str) -> None:
    with psycopg.connect(ready) as connection:
        before = pymap.ClientMediaItemHelper(connection, tenant_id=7)
        before.sync(1, "plex", LISTING)
        mappings = before.sync_clients_list(1)
    with psycopg.connect(ready) as connection:
        events = pymap.ClientMediaItemHelper(connection, tenant_id=7).changes_since(0)
    assert [cell.action for cell in citus.convert(ready)] == ["made"]
    with psycopg.connect(ready) as connection:
        helper = pymap.ClientMediaItemHelper(connection, tenant_id=7)
        assert helper.sync_clients_list(1) == mappings
        assert len(mappings) == len(events) == 3
        assert helper.changes_since(0) == events
        assert {row.action for row in helper.sync_client_items(1, "plex", LISTING)} == {"kept"}
    assert [cell.action for cell in citus.convert(ready)] == ["kept"]
    assert citus.conversion(ready) == []
    assert citus.check(ready) == []


# What a cell is


def test_a_cell_names_no_table_but_in_prose_and_for_its_sequence(cell: Connection) -> None:
    tables = "|".join(row[0] for row in cell.execute("select name from pymap_citus._tables()"))
    bodies = cell.execute(
        "select coalesce(pg_get_function_sqlbody(oid), prosrc) from pg_proc where pronamespace = %s::regnamespace",
        [CELL],
    ).fetchall()
    assert len(bodies) > 180
    lines = [
        line.strip()
        for (body,) in bodies
        for line in re.sub(r"--.*", "", body).splitlines()
        if re.search(rf"\bpymap\.({tables})\b", line)
    ]
    assert lines
    prose = rf"'[^']*\w (in|of) pymap\.({tables})\b[^']*'"
    sequence = rf"pg_get_serial_sequence\('pymap\.({tables})', '\w+'\)"
    assert [line for line in lines if not re.search(f"{prose}|{sequence}", line)] == []


def test_a_cell_uses_its_own_functions_and_types_only(cell: Connection) -> None:
    own = "|".join(
        row[0]
        for row in cell.execute(
            "select name from pymap_citus._cell_functions() union all select name from pymap_citus._cell_types()"
        )
    )
    rows = cell.execute(
        "select proname, pg_get_functiondef(oid) from pg_proc where pronamespace = %s::regnamespace", [CELL]
    ).fetchall()
    # In quotes it is the name of a setting or of a lock.
    assert [name for name, text in rows if re.search(rf"(?<!')\bpymap\.({own})\b", re.sub(r"--.*", "", text))] == []
    missing = cell.execute(
        """
        select p.oid::regprocedure::text from pg_proc as p
        where p.pronamespace = 'pymap'::regnamespace
          and to_regprocedure(replace(p.oid::regprocedure::text, 'pymap.', %s || '.')) is null
        """,
        [CELL],
    ).fetchall()
    assert missing == []


def test_a_cell_has_the_attributes_and_the_grants_of_the_originals(
    server: Server, template: str, cell: Connection
) -> None:
    query = """
        select proname, prosecdef, provolatile, proparallel, prolang, proconfig, pronargdefaults, proretset,
               (select array_agg(a.grantee::regrole::text || a.privilege_type order by 1)
                from aclexplode(proacl) as a where a.grantee <> proowner)
        from pg_proc where pronamespace = %s::regnamespace order by proname
    """
    with psycopg.connect(server.dsn_of(template)) as plain:
        assert cell.execute(query, [CELL]).fetchall() == plain.execute(query, ["pymap"]).fetchall()


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("from pymap.clients as c", "from T:clients as c"),
        ("perform pymap._f(1)", "perform CELL._f(1)"),
        ("v pymap.kind[]", "v CELL.kind[]"),
        ("'pymap.clients'::regclass", "'T:clients'::regclass"),
        ("'rows of pymap.clients are it''s'", "'rows of pymap.clients are it''s'"),
        ("-- it's in pymap.clients\nfrom pymap.clients", "-- it's in pymap.clients\nfrom T:clients"),
        ("pg_get_serial_sequence('pymap.clients', 'id')", "pg_get_serial_sequence('pymap.clients', 'id')"),
        ("set_config('pymap._f', 'on', true)", "set_config('pymap._f', 'on', true)"),
        ("from mypymap.clients, pymap.clients_old, x.pymap", "from mypymap.clients, pymap.clients_old, x.pymap"),
        ("delete from pymap.clients using pymap.clients", "delete from T:clients using T:clients"),
        ("a - pymap._f('p') -> 'x'", "a - CELL._f('p') -> 'x'"),
    ],
)
def test_names_are_replaced_in_code_only(cell: Connection, text: str, marked: str) -> None:
    row = cell.execute("select pymap_citus._marked(%s, '{clients}', '{_f,kind}')", [text]).fetchone()
    assert row is not None
    readable = re.sub("\x01(\\w+)\x01", r"T:\1", row[0]).replace("\x02", "CELL")
    assert readable == marked


def test_tables_that_are_not_distributed_make_no_cell(cell: Connection) -> None:
    cell.execute("set local allow_system_table_mods = on")
    cell.execute("delete from pg_dist_shard where logicalrelid = 'pymap.clients'::regclass")
    assert (
        refused(cell, "select pymap_citus._cell_states()").message_primary
        == f"cell {CELL} has no shard of table clients"
    )


# Dispatchers


def test_every_dispatcher_is_called_as_its_original(server: Server, template: str, cell: Connection) -> None:
    query = """
        select proname, pg_get_function_arguments(oid), pg_get_function_result(oid),
               (select array_agg(a.grantee::regrole::text || a.privilege_type order by 1)
                from aclexplode(proacl) as a where a.grantee <> proowner)
        from pg_proc
        where pronamespace = 'pymap'::regnamespace and 'p_tenant_id' = any (proargnames) and proname !~ '^_'
        order by proname
    """
    with psycopg.connect(server.dsn_of(template)) as plain:
        dispatchers = cell.execute(query).fetchall()
        assert len(dispatchers) > 25
        assert dispatchers == plain.execute(query).fetchall()


def test_dispatchers_go_to_the_node_of_their_tenant(cell: Connection) -> None:
    rows = cell.execute(
        """
        select p.proname, p.provolatile, l.lanname, o.distribution_arg, o.colocate_with, o.force_delegation
        from pg_proc as p
        join pg_language as l on l.oid = p.prolang
        join pg_dist_object as o on o.function = p.oid::regprocedure::text
        where p.pronamespace = 'pymap'::regnamespace and p.proname !~ '^_'
        """
    ).fetchall()
    here = {"listen", "begin_client_sync", "apply_client_sync"}
    assert {row[1:3] for row in rows} == {("v", "plpgsql")}
    assert {row[3:] for row in rows if row[0] not in here} == {("p_tenant_id", "pymap.media_items", True)}
    assert {row[3:] for row in rows if row[0] in here} == {(None, "default", None)}


def test_nodes_get_what_policies_need(cell: Connection) -> None:
    names = {row[0] for row in cell.execute("select function from pg_dist_object where function ~ '[._]_'")}
    assert names >= {
        "pymap._session_tenant()",
        "pymap._invalid_argument(text,text,text)",
        "pymap_citus._cell_of(bigint,boolean)",
        "pymap_citus._require_cell()",
    }


def test_two_tenants_through_the_dispatchers(cell: Connection) -> None:
    cell.execute("set local role pymap_writer")
    one, two = (pymap.ClientMediaItemHelper(cell, tenant_id=tenant) for tenant in (1, 2))
    for helper in (one, two):
        assert {row.action for row in helper.sync_client_items(1, "plex", LISTING)} == {"created"}
    assert one.remove_client(1) == 3
    film = two.get_media_item_by_client_id(1, "1")
    assert film is not None
    assert film > 2**60
    assert one.get_media_item_by_client_id(1, "1") is None
    assert two.get_media_items_by_external_id("imdb", "133093") == [film]
    assert two.get_or_create_mapping(2, "emby", "x", "movie", "The Matrix", release_year=1999) == film
    assert [row.to_item_id for row in two.translate_client_item_ids(1, ["1"], 2)] == ["x"]
    event = two.split_media_item(film, [(2, "x")])
    assert two.undo(event) > event
    assert two.get_media_item_by_client_id(2, "x") == film
    assert {"undone", "split"} <= {event.kind for event in two.history(film)}
    assert two.unlink_client_item(2, "x")
    assert [finding for finding in two.check_integrity() if finding.severity == "error"] == []


def test_a_session_of_one_tenant_sees_and_writes_its_own_rows_of_a_shard(cell: Connection) -> None:
    for tenant in (1, 2):
        pymap.ClientMediaItemHelper(cell, tenant_id=tenant).sync_client_items(1, "plex", LISTING)
    cell.execute("set local pymap.tenant_id = 1")
    cell.execute("set local role pymap_writer")
    for table in ("media_items", "client_items", "mapping_events"):
        assert cell.execute(f"select distinct tenant_id from pymap.{table}_102008").fetchall() == [(1,)]
    assert cell.execute("update pymap.media_items_102008 set title = 'x' where tenant_id = 2").rowcount == 0
    assert refused(cell, "select pymap.remove_client(1, 2)").sqlstate == "42501"


def test_direct_writes_to_a_shard_are_followed(cell: Connection) -> None:
    cell.execute(
        """
        insert into pymap.media_items_102008 (tenant_id, type, sync_clients)
        values (7, 'movie', '[{"id": 1, "clientType": "jellyfin", "itemID": "F27CAA37-E514-2225-CCEB-DED48F6553A2"}]')
        """
    )
    helper = pymap.ClientMediaItemHelper(cell, tenant_id=7)
    assert helper.get_media_item_by_client_id(1, "f27caa37e5142225ccebded48f6553a2") is not None
    events = cell.execute("select kind, id > 0 from pymap.mapping_events_102008 where tenant_id = 7").fetchall()
    assert events == [("mapped", True)]


# What reaches no cell is refused


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("get_media_item_by_client_id(1, 'a', 7)", "as a constant or a parameter"),
        ("stats(7)", "as a constant or a parameter"),
        ("listen(7)", "a session on that node"),
        ("begin_client_sync(1, 'plex', 7)", "a listing can also be given to sync_client_items"),
        ("apply_client_sync(1, 'plex', p_tenant_id => 7)", "a session on that node"),
    ],
)
def test_a_tenant_on_another_node_is_refused(cell: Connection, call: str, hint: str) -> None:
    cell.execute("set local allow_system_table_mods = on")
    cell.execute("insert into pg_dist_node values ('there', 5433, 3, true, 'primary', true)")
    cell.execute("update pg_dist_placement set groupid = 3")
    diagnostic = refused(cell, f"select pymap.{call}")
    assert (diagnostic.sqlstate, diagnostic.message_primary) == ("PM010", "tenant 7 cannot be served on this node")
    assert diagnostic.message_detail == "Its shard 102008 is on there:5433."
    assert hint in (diagnostic.message_hint or "")


def test_a_tenant_without_its_cell_is_refused(cell: Connection) -> None:
    cell.execute(f"drop schema {CELL} cascade")
    with pytest.raises(pymap.TenantElsewhere, match="before its cell is made") as raised, cell.transaction():
        pymap.ClientMediaItemHelper(cell, tenant_id=7).stats()
    assert raised.value.hint == "Run: pymap citus refresh"


def test_null_is_no_tenant(cell: Connection) -> None:
    assert refused(cell, "select pymap.stats(null)").sqlstate == "22023"


def test_a_shard_without_its_cell_takes_no_writes(converted: str) -> None:
    insert = "insert into pymap.media_items_102008 (tenant_id, id, type) values (7, 1, 'movie')"
    # As Citus names it on a shard.
    execute(
        converted,
        """
        create trigger media_items_require_cell_102008 before insert or update or delete or truncate
        on pymap.media_items_102008 for each statement execute function pymap_citus._require_cell()
        """,
        insert,
        # A shard that moves arrives without the cell's triggers.
        *values(
            converted,
            f"""
            select format('drop trigger %I on pymap.media_items_102008', tgname)
            from pg_trigger as t join pg_proc as f on f.oid = t.tgfoid
            where f.pronamespace = '{CELL}'::regnamespace
            """,
        ),
    )
    with psycopg.connect(converted) as connection:
        for statement in (
            insert,
            "update pymap.media_items_102008 set title = 'x'",
            "delete from pymap.media_items_102008",
            "truncate pymap.media_items_102008",
        ):
            diagnostic = refused(connection, statement)
            assert (diagnostic.sqlstate, diagnostic.message_hint) == ("PM010", "Run: pymap citus refresh")
    assert [problem.problem for problem in citus.check(converted)] == ["outdated"]
    assert [cell.action for cell in citus.refresh(converted)] == ["made"]
    execute(converted, "delete from pymap.media_items_102008")


# Refreshing, upgrading, checking


def test_cells_whose_shard_has_gone_are_dropped(converted: str, tmp_path: Path) -> None:
    execute(converted, "create schema pymap_999", "create schema pymap_mine")
    done = run_pymap("citus", "check", "--json", "--dsn", converted, home=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout) == [{"node": "here:5432", "subject": "pymap_999", "problem": "stale"}]
    done = run_pymap("citus", "refresh", "--json", "--dsn", converted, home=tmp_path)
    assert {(row["cell"], row["action"]) for row in json.loads(done.stdout)} == {
        (CELL, "kept"),
        ("pymap_999", "dropped"),
    }
    assert values(converted, "select to_regnamespace('pymap_mine') is not null") == [True]
    done = run_pymap("citus", "check", "--dsn", converted, home=tmp_path)
    assert (done.returncode, done.stdout) == (0, "Every cell is there and of this version.\n")


def test_migrate_leaves_the_dispatchers_and_makes_new_cells(converted: str) -> None:
    dispatchers = (
        "select md5(string_agg(pg_get_functiondef(d.function), '')) from pymap_citus._dispatched_functions() as d"
    )
    before = values(converted, dispatchers)
    execute(converted, f"comment on schema {CELL} is 'pymap cell of old'")
    assert [problem.problem for problem in citus.check(converted)] == ["outdated"]
    assert migrate(converted) == []
    assert values(converted, dispatchers) == before
    assert citus.check(converted) == []
    shell_triggers = "select tgname from pg_trigger where tgrelid = 'pymap.media_items'::regclass and not tgisinternal"
    assert values(converted, shell_triggers) == ["media_items_require_cell"]


def test_a_changed_function_gets_into_the_cells(converted: str) -> None:
    body = f"select prosrc ~ 'written anew' from pg_proc where oid = '{CELL}._give_up()'::regprocedure"
    definition = values(converted, "select pg_get_functiondef('pymap._give_up()'::regprocedure)")[0]
    execute(converted, definition.replace("begin\n", "begin\n    -- written anew\n", 1))
    assert [(problem.subject, problem.problem) for problem in citus.check(converted)] == [(CELL, "outdated")]
    citus.refresh(converted)
    assert values(converted, body) == [True]
    migrate(converted)
    assert values(converted, body) == [False]


def test_a_changed_public_function_gets_into_the_cells_and_behind_a_dispatcher(converted: str) -> None:
    name = "get_media_item_by_client_id(bigint,text,bigint)"
    with psycopg.connect(converted) as connection:
        row = connection.execute(
            "select definition from pymap_citus.originals where name = %s", [f"pymap.{name}"]
        ).fetchone()
        assert row is not None
        connection.execute(row[0].replace("begin\n", "begin\n    -- written anew\n", 1).encode())
        connection.execute("select pymap_citus.take_over()")
    assert [problem.problem for problem in citus.check(converted)] == ["outdated"]
    citus.refresh(converted)
    assert values(
        converted, f"select prosrc ~ 'written anew' from pg_proc where oid = '{CELL}.{name}'::regprocedure"
    ) == [True]
    assert values(converted, f"select pymap_citus._is_dispatcher('pymap.{name}')") == [True]


def test_a_new_public_function_is_found_and_brought_to_the_nodes(converted: str) -> None:
    execute(
        converted,
        """
        create function pymap.of_tomorrow(p_tenant_id bigint default 0) returns bigint language plpgsql stable as
        $$ begin return (select count(*) from pymap.media_items as i where i.tenant_id = p_tenant_id); end $$
        """,
    )
    assert {problem.problem for problem in citus.check(converted)} >= {"it is no dispatcher", "outdated"}
    execute(converted, "select pymap_citus.take_over()")
    citus.refresh(converted)
    assert citus.check(converted) == []
    assert values(converted, "select pymap.of_tomorrow(7)") == [0]
    assert values(converted, "select force_delegation from pg_dist_object where function ~ 'of_tomorrow'") == [True]


def test_the_bundle_is_refused_by_a_converted_database(converted: str) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="converted for Citus"):
        execute(converted, bundle())
    assert citus.check(converted) == []


def test_a_node_that_refuses_is_named(converted: str, tmp_path: Path) -> None:
    execute(
        converted,
        f"comment on schema {CELL} is null",
        "set allow_system_table_mods = on; create or replace function pg_catalog.master_run_on_worker("
        "worker_name text[], port integer[], command text[], parallel boolean, out node_name text, "
        "out node_port integer, out success boolean, out result text) returns setof record language sql as "
        "$$ select 'here', 5432, false, 'ERROR:  disk full' $$",
    )
    assert_one_line_of_error(run_pymap("citus", "refresh", "--dsn", converted, home=tmp_path), "here:5432", "disk full")


# The helpers


def test_sync_goes_through_a_coordinator_in_one_value(converted: str, flavour: Any) -> None:
    execute(
        converted,
        """
        create or replace function pymap.begin_client_sync(
            p_client_id bigint, p_client_type text, p_tenant_id bigint default 0
        ) returns text language plpgsql as
        $$ begin raise exception 'not on this node' using errcode = 'PM010'; end $$
        """,
    )
    connection = flavour.connect(converted)
    helper = flavour.helper(connection, tenant_id=7)
    rows: list[pymap.MappedItem] = []
    reported: list[tuple[str, int, int | None]] = []
    types = iter(["movie", "series", "episode"])
    summary = helper.sync(
        1,
        "plex",
        iter(LISTING),
        media_types=types,
        on_row=rows.append,
        progress=lambda *told: reported.append(told),
    )
    assert [row.action for row in rows] == ["created"] * 3
    assert reported == [("upload", 0, None), ("upload", 3, None)]
    assert summary.counts["movie"]["created"] == 1
    with pytest.raises(pymap.InvalidArgument):
        helper.sync(1, "plex", [{"itemId": "", "type": "movie"}])
    # The caller's transaction goes on.
    assert len(helper.sync_clients_list(1)) == 3


def test_sync_on_the_node_of_the_tenant_streams(converted: str, flavour: Any) -> None:
    helper = flavour.helper(flavour.connect(converted), tenant_id=7)
    phases: list[str] = []
    helper.sync(1, "plex", LISTING, progress=lambda *told: phases.append(told[0]))
    assert "matching" in phases


# Hash partitions


@pytest.fixture(scope="module")
def partitioned(server: Server, template: str) -> Iterator[str]:
    with server.database(template) as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            install_pgtap(connection)
            connection.execute((HERE / "hash_partitions.sql").read_bytes())
        # Triggers and policies of the new tables.
        migrate(dsn)
        yield dsn


@pytest.mark.parametrize(
    "name", ["tenants", "sync_isolation", "remove_client", "undo", "mapping_events", "client_items"]
)
def test_pgtap_on_hash_partitions(partitioned: str, name: str) -> None:
    file = next(file for file in PGTAP_TESTS if file.stem == f"test_{name}")
    with psycopg.connect(partitioned, autocommit=True) as connection:
        failures = pgtap(connection, file.read_text(encoding="utf-8"))
    # Without the unique key on the ID alone.
    expected = ["not ok 2 - The ID of a media item stands in one tenant only"] if name == "tenants" else []
    assert failures == expected


def test_two_tenants_on_hash_partitions(partitioned: str) -> None:
    tenants = range(8)
    with psycopg.connect(partitioned) as connection:
        for tenant in tenants:
            pymap.ClientMediaItemHelper(connection, tenant_id=tenant).sync(1, "plex", LISTING)
        used = connection.execute("select count(distinct tableoid) from pymap.client_items").fetchone()
        assert used is not None
        assert used[0] > 1
        leaving = [pymap.ClientMediaItemHelper(connection, tenant_id=tenant) for tenant in range(4)]
        assert leaving[0].unlink_client_item(1, "1")
        leaving[0].sync(1, "plex", LISTING[1:2], media_types=["series", "episode"], allow_removals=True)
        leaving[0].sync(1, "plex", [], media_types=["series"], allow_removals=True)
        connection.execute("delete from pymap.media_items where tenant_id = 1")
        connection.execute("update pymap.media_items set sync_clients = '[]' where tenant_id = 2")
        assert leaving[3].remove_client(1) == 3
        counts = connection.execute(
            "select tenant_id, count(*) from pymap.client_items group by tenant_id order by tenant_id"
        ).fetchall()
        assert counts == [(tenant, 3) for tenant in tenants if tenant > 3]
        connection.rollback()


# What the core keeps to


@pytest.fixture(scope="module")
def core(server: Server, template: str) -> Iterator[Connection]:
    with psycopg.connect(server.dsn_of(template)) as connection:
        yield connection


TENANT_TABLES = """
    select c.oid from pg_class as c
    where c.relnamespace = 'pymap'::regnamespace and c.relkind = 'r'
      and exists (select from pg_attribute as a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnum > 0)
"""


@pytest.fixture(scope="module")
def bodies(core: Connection) -> dict[str, str]:
    """The code of every function, without comments."""
    rows = core.execute(
        "select proname, coalesce(pg_get_function_sqlbody(oid), prosrc) from pg_proc "
        "where pronamespace = 'pymap'::regnamespace"
    )
    return {name: re.sub(r"--.*", "", body) for name, body in rows}


@pytest.fixture(scope="module")
def names_a_table(core: Connection, bodies: dict[str, str]) -> Callable[[str], bool]:
    """Whether a function, or one that it calls, names a table of tenants."""
    tables = [row[0] for row in core.execute(f"select relname from pg_class where oid in ({TENANT_TABLES})")]
    pattern = re.compile(rf"\bpymap\.({'|'.join(tables)})\b")

    def names(function: str, seen: frozenset[str] = frozenset()) -> bool:
        if pattern.search(bodies[function]):
            return True
        called = set(re.findall(r"\bpymap\.(\w+)", bodies[function])) & bodies.keys() - seen
        return any(names(other, seen | called | {function}) for other in called)

    return names


def test_every_key_begins_with_the_tenant_but_for_one(core: Connection) -> None:
    keys = core.execute(
        f"""
        select i.indexrelid::regclass::text
        from pg_index as i
        join pg_attribute as a on a.attrelid = i.indrelid and a.attname = 'tenant_id'
        where i.indrelid in ({TENANT_TABLES}) and i.indisunique and i.indkey[0] <> a.attnum
        """
    ).fetchall()
    assert keys == [("pymap.media_items_id_key",)]
    foreign_keys = core.execute(
        f"select conname from pg_constraint where contype = 'f' and confrelid in ({TENANT_TABLES})"
    ).fetchall()
    assert foreign_keys == []


def test_no_function_builds_sql(bodies: dict[str, str]) -> None:
    assert [name for name, body in bodies.items() if re.search(r"\bexecute\b", body, re.IGNORECASE)] == []


def test_no_function_takes_a_row_by_its_place(bodies: dict[str, str]) -> None:
    """A ctid is one of each partition. The xmin is that of a row found by its key."""
    assert [name for name, body in bodies.items() if re.search(r"\bc(max|min|tid)\b", body)] == []
    assert [name for name, body in bodies.items() if re.search(r"\bx(max|min)\b", body)] == ["_event_position"]


def test_no_signature_has_the_row_type_of_a_table(core: Connection) -> None:
    functions = core.execute(
        """
        select distinct p.oid::regprocedure::text
        from pg_proc as p
        cross join lateral unnest(p.proallargtypes || p.proargtypes::oid[] || p.prorettype) as a (id)
        join pg_type as t on t.oid = a.id
        left join pg_type as e on e.oid = t.typelem
        join pg_class as c on c.oid in (t.typrelid, e.typrelid)
        where p.pronamespace = 'pymap'::regnamespace and c.relkind <> 'c'
        """
    ).fetchall()
    assert functions == []


def test_public_signatures_have_types_that_every_node_has(core: Connection) -> None:
    functions = core.execute(
        """
        select distinct p.oid::regprocedure::text
        from pg_proc as p
        cross join lateral unnest(p.proallargtypes || p.proargtypes::oid[] || p.prorettype) as a (id)
        join pg_type as t on t.oid = a.id
        where p.pronamespace = 'pymap'::regnamespace and p.proname !~ '^_'
          and t.typnamespace <> 'pg_catalog'::regnamespace
        """
    ).fetchall()
    assert functions == []


def test_no_sql_function_on_a_table_is_bound_to_it_or_public(
    core: Connection, names_a_table: Callable[[str], bool]
) -> None:
    bound = core.execute(
        """
        select distinct d.objid::regprocedure::text
        from pg_depend as d
        join pg_class as c on c.oid = d.refobjid and c.relnamespace = 'pymap'::regnamespace and c.relkind in ('r', 'p')
        where d.classid = 'pg_proc'::regclass and d.refclassid = 'pg_class'::regclass
        """
    ).fetchall()
    assert bound == []
    public = core.execute(
        """
        select p.proname from pg_proc as p join pg_language as l on l.oid = p.prolang
        where p.pronamespace = 'pymap'::regnamespace and p.proname !~ '^_' and l.lanname = 'sql'
        """
    ).fetchall()
    assert public
    assert [name for (name,) in public if names_a_table(name)] == []


def test_a_public_function_that_names_a_table_has_the_tenant(
    core: Connection, names_a_table: Callable[[str], bool]
) -> None:
    without = core.execute(
        """
        select proname from pg_proc
        where pronamespace = 'pymap'::regnamespace and proname !~ '^_'
          and 'p_tenant_id' <> all (coalesce(proargnames, '{}'))
        """
    ).fetchall()
    assert len(without) > 8
    assert [name for (name,) in without if names_a_table(name)] == []


def test_what_indexes_policies_defaults_and_constraints_use_names_no_table(
    core: Connection, names_a_table: Callable[[str], bool]
) -> None:
    used = core.execute(
        """
        select distinct p.proname
        from pg_depend as d
        join pg_proc as p on p.oid = d.refobjid and p.pronamespace = 'pymap'::regnamespace
        where d.refclassid = 'pg_proc'::regclass
          and d.classid::regclass::text in ('pg_policy', 'pg_class', 'pg_attrdef', 'pg_constraint')
        """
    ).fetchall()
    assert used
    assert [name for (name,) in used if names_a_table(name)] == []
