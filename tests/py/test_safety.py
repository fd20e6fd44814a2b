"""Nobody's code runs in pymap: an untrusted role plants functions, operators and types; a superuser calls pymap."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from pymap.migrations import bundle, migrate, sql_directory
from tests.conftest import Server
from tests.model.responses import RESPONSES, sample

Connection = psycopg.Connection[Any]

#: Raises, so that whatever finds it fails.
TRAP = """
create function {schema}.{name}({arguments}) returns {result} language plpgsql as
$$ begin raise exception using message = 'planted: {plain}'; end $$
"""
#: Beats pg_catalog's variadic ones of the same name, wherever its schema stands in the path.
VARIADIC_RIVALS = [
    ("format", ["text", "bigint"]),
    ("format", ["text", "text"]),
    ("concat_ws", ["text", "bigint", "bigint", "text", "text"]),
    ("jsonb_build_object", ["text", "bigint", "text", "text"]),
    ("jsonb_build_object", ["text", "text", "text", "text"]),
    ("jsonb_build_array", ["jsonb"]),
]
TYPES = ["text", "jsonb", "regclass", "name", "xid8"]

LISTING = [
    {
        "itemId": "1",
        "type": "movie",
        "title": "The Matrix",
        "year": 1999,
        "externalIds": {"imdb": "tt0133093", "tmdb": 603},
    },
    {"itemId": "2", "type": "series", "title": "Lost", "year": 2004, "externalIds": {"tvdb": "73739"}},
    {"itemId": "3", "type": "season", "title": "Season 1", "seasonNumber": 1, "parentItemId": "2"},
    {"itemId": "4", "type": "episode", "title": "Pilot", "seasonNumber": 1, "episodeNumber": 1, "parentItemId": "3"},
    {"itemId": "5", "type": "movie", "title": "Heat [imdbid-tt0113277]", "path": "/films/Heat (1995)/Heat.mkv"},
]


def words(pattern: str) -> set[str]:
    """What occurs in pymap's SQL."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in sql_directory().rglob("*.sql"))
    return set(re.findall(pattern, text))


def plant(connection: Connection, schema: str) -> int:
    """Plant a trap for every function and operator of pg_catalog that pymap's SQL names, and a few types."""
    functions = connection.execute(
        """
        select distinct p.proname, pg_get_function_identity_arguments(p.oid), format_type(p.prorettype, null)
        from pg_proc as p
        where p.pronamespace = 'pg_catalog'::regnamespace
          and p.proname = any (%s)
          and p.prokind = 'f'
          and not p.proretset
          and p.provariadic = 0
          and not exists (
              select from pg_type as t
              where t.oid = any (array_append(p.proargtypes::oid[], p.prorettype)) and t.typtype = 'p'
          )
        """,
        [sorted(words(r"\b([a-z_0-9]+)\("))],
    ).fetchall()
    functions += [(name, ", ".join(types), types[0]) for name, types in VARIADIC_RIVALS]
    for name, arguments, result in functions:
        connection.execute(
            sql.SQL(TRAP).format(
                schema=sql.Identifier(schema), name=sql.Identifier(name), arguments=sql.SQL(arguments),
                result=sql.SQL(result), plain=sql.SQL(name),
            )
        )  # fmt: skip
    operators = connection.execute(
        """
        select distinct o.oprname, format_type(o.oprleft, null), format_type(o.oprright, null),
               format_type(o.oprresult, null)
        from pg_operator as o
        join pg_type as l on l.oid = o.oprleft
        join pg_type as r on r.oid = o.oprright
        where o.oprnamespace = 'pg_catalog'::regnamespace
          and o.oprname = any (%s)
          and l.typname = any ('{text,jsonb,int4,int8,bool,timestamptz}')
          and r.typname = any ('{text,jsonb,int4,int8,bool,timestamptz,_text}')
        """,
        [
            [
                "=",
                "<>",
                "<",
                ">",
                "<=",
                ">=",
                "||",
                "->",
                "->>",
                "#>",
                "#>>",
                "@>",
                "?",
                "~",
                "!~",
                "+",
                "-",
                "*",
                "/",
                "%",
            ]
        ],
    ).fetchall()
    for number, (name, left, right, result) in enumerate(operators):
        connection.execute(
            sql.SQL(TRAP).format(
                schema=sql.Identifier(schema), name=sql.Identifier(f"planted_{number}"),
                arguments=sql.SQL(f"{left}, {right}"), result=sql.SQL(result), plain=sql.SQL(f"{left} {name} {right}"),
            )
        )  # fmt: skip
        connection.execute(
            sql.SQL("create operator {}.{} (function = {}, leftarg = {}, rightarg = {})").format(
                sql.Identifier(schema), sql.SQL(name), sql.Identifier(schema, f"planted_{number}"), sql.SQL(left),
                sql.SQL(right),
            )
        )  # fmt: skip
    for name in TYPES:
        connection.execute(
            sql.SQL("create domain {} as pg_catalog.{} check (false)").format(
                sql.Identifier(schema, name), sql.Identifier(name)
            )
        )
    return len(functions) + len(operators) + len(TYPES)


@pytest.fixture(scope="module", params=["before the installation", "before the bundle", "afterwards"])
def booby_trapped(server: Server, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database in which everybody may create in public, as in clusters that came from PostgreSQL 14."""
    with server.database() as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("grant create on schema public to public")
            if request.param == "afterwards":
                migrate(dsn)
            assert plant(connection, "public") > 150
            if request.param == "before the installation":
                migrate(dsn)
            elif request.param == "before the bundle":
                with connection.transaction():
                    connection.execute(bundle().encode())
        yield dsn


def calls() -> list[tuple[str, list[Any]]]:
    """Calls of every public function, in an order in which they work, and writes of media items."""
    listing = json.dumps(LISTING)
    return [
        ("select * from pymap.sync_client_items(1, 'plex', %s)", [listing]),
        ("select * from pymap.sync_client_items(2, 'kodi', %s)", [listing]),
        ("select * from pymap.sync_client_items(2, 'kodi', %s, p_dry_run => true)", [listing]),
        ("select * from pymap.get_or_create_mappings(3, 'emby', %s)", [listing]),
        ("select pymap.begin_client_sync(6, 'plex')", []),
        ("insert into pg_temp.pymap_listing (item) values (%s)", [json.dumps(LISTING[0])]),
        ("select * from pymap.apply_client_sync(6, 'plex')", []),
        ("select pymap.get_or_create_mapping(4, 'plex', '1', 'movie', 'Matrix', '{}', %s)", ['{"imdb": "tt0133093"}']),
        ("select pymap.get_or_create_mapping(4, 'plex', '2', 'movie', 'Ronin (1998)')", []),
        ("select pymap.link_client_item(1, 5, 'trakt', '7')", []),
        ("select pymap.unlink_client_item(5, '7')", []),
        ("select * from pymap.get_media_item_by_client_id(1, '1')", []),
        ("select * from pymap.get_media_item_by_client_id_and_type(1, '1', 'movie')", []),
        ("select * from pymap.get_media_items_by_client_ids(1, '{1,2}')", []),
        ("select * from pymap.get_media_items_by_external_id('imdb', 'tt0133093')", []),
        ("select * from pymap.translate_client_item_ids(1, '{1,2}', 2)", []),
        ("select * from pymap.get_client_item_ids(1, 2)", []),
        ("select * from pymap.get_media_items('{1}')", []),
        ("select * from pymap.get_told_items('{1}')", []),
        ("select * from pymap.search_media_items('matrix')", []),
        ("select * from pymap.get_clients()", []),
        ("select pymap.sync_client_pattern(1, '1')", []),
        ("select * from pymap.sync_clients_list(1)", []),
        *((f"select pymap.items_from_{row.client_type}(%s)", [json.dumps(row.response)]) for row in RESPONSES),
        ("select pymap.items_from_response('plex', %s)", [json.dumps(sample("plex"))]),
        ("select pymap.normalize_client_item_id('jellyfin', 'F27CAA37-E514-2225-CCED-DED48F6553A2')", []),
        ("select pymap.normalize_external_id('imdb', 'https://www.imdb.com/title/tt0133093/')", []),
        ("select pymap.normalize_external_id_source('com.plexapp.agents.thetvdb', 'series')", []),
        ("select pymap.normalize_external_ids('{\"Tmdb\": \"603\", \"sonarr\": 5}', 'movie')", []),
        ("select * from pymap.find_duplicates()", []),
        ("select * from pymap.explain_match(1, '1', 'movie', 1)", []),
        ("select * from pymap.compare_media_items(1, 3)", []),
        ("select * from pymap.get_mapping_evidence(1)", []),
        ("select * from pymap.get_review_candidates()", []),
        ("select * from pymap.history(1)", []),
        ("select * from pymap.changes_since(0)", []),
        ("select pymap.listen()", []),
        ("select pymap.resolve_media_item(1)", []),
        ("select pymap.mark_distinct(1, 3)", []),
        ("select pymap.undo((select id from pymap.mapping_events order by id desc limit 1))", []),
        ("select pymap.merge_media_items(1, 3)", []),
        ("select pymap.undo(id) from pymap.mapping_events where kind operator(pg_catalog.=) 'merged'", []),
        ("select pymap.split_media_item(1, '[{\"clientId\": 4, \"itemId\": \"1\"}]')", []),
        ("select pymap.remove_client(3)", []),
        ("insert into pymap.media_items (type, title, sync_clients, external_ids) values ('movie', 'X', %s, %s)",
         ['[{"clientId": 8, "clientType": "plex", "itemId": "8"}]', '[{"source": "imdb", "id": "123"}]']),
        ("update pymap.media_items set title = 'Y', sync_clients = '[]' where title operator(pg_catalog.=) 'X'", []),
        ("delete from pymap.media_items where title operator(pg_catalog.=) 'Y'", []),
        ("select * from pymap.check_integrity()", []),
        ("select * from pymap.rebuild_lookup()", []),
        ("select * from pymap.stats()", []),
        ("select pymap.version()", []),
    ]  # fmt: skip


def test_every_public_function_is_called(booby_trapped: str) -> None:
    with psycopg.connect(booby_trapped) as connection:
        names = connection.execute(
            "select p.proname from pg_proc as p where p.pronamespace operator(pg_catalog.=) 'pymap'::regnamespace"
        ).fetchall()
    statements = " ".join(statement for statement, _ in calls())
    assert [name for (name,) in names if not name.startswith("_") and f"pymap.{name}(" not in statements] == []


@pytest.mark.parametrize("path", ["public", "public, pg_catalog", "pg_temp, public, pg_catalog", ""])
def test_nothing_of_what_somebody_has_planted_is_called(booby_trapped: str, path: str) -> None:
    with psycopg.connect(booby_trapped) as connection:
        if "pg_temp" in path:
            for name in TYPES:
                connection.execute(f"create domain pg_temp.{name} as pg_catalog.{name} check (false)")
        connection.execute("alter table pymap.media_items alter column id restart")
        connection.execute("select pg_catalog.set_config('search_path', %s, false)", [path])
        for statement, arguments in calls():
            connection.execute(statement, arguments)
        connection.rollback()
