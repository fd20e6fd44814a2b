"""What a replica is compared by: a library with a past, its tables, and what all functions that only read return."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from pymap import ClientMediaItemHelper
from tests.command_line import CLIENTS, LISTINGS
from tests.model.responses import SERVERS, sample

Connection = psycopg.Connection[Any]

GUIDE = (Path(__file__).parents[1] / "docs" / "replicas.md").read_text(encoding="utf-8")

#: For each public function that only reads: a call for everything that is stored in tenant 0.
READS = {
    "changes_since": "select * from pymap.changes_since(0, 100000)",
    "check_integrity": "select * from pymap.check_integrity()",
    "compare_media_items": """
        select i.id, c.* from pymap.media_items as i
        join pymap.media_items as o on o.tenant_id = 0 and o.id = i.id + 1 and o.type = i.type
        cross join lateral pymap.compare_media_items(i.id, o.id) as c
        where i.tenant_id = 0 and i.merged_into is null and o.merged_into is null
        """,
    "explain_match": """
        select c.client_id, c.client_item_id, e.* from pymap.client_items as c
        cross join lateral pymap.explain_match(c.client_id, c.client_item_id, c.media_type, c.media_item_id) as e
        where c.tenant_id = 0
        """,
    "find_duplicates": "select * from pymap.find_duplicates()",
    "get_client_item_ids": """
        select i.id, r.* from pymap.media_items as i cross join lateral pymap.get_client_item_ids(i.id) as r
        where i.tenant_id = 0
        """,
    "get_clients": "select * from pymap.get_clients()",
    "get_mapping_evidence": """
        select c.client_id, r.* from pymap.clients as c cross join lateral pymap.get_mapping_evidence(c.client_id) as r
        where c.tenant_id = 0
        """,
    "get_media_item_by_client_id": """
        select c.client_id, c.client_item_id, pymap.get_media_item_by_client_id(c.client_id, c.client_item_id)
        from pymap.client_items as c
        where c.tenant_id = 0
        group by c.client_id, c.client_item_id
        having count(*) = 1
        """,
    "get_media_item_by_client_id_and_type": """
        select c.client_id, c.client_item_id,
               pymap.get_media_item_by_client_id_and_type(c.client_id, c.client_item_id, c.media_type)
        from pymap.client_items as c
        where c.tenant_id = 0
        """,
    "get_media_items": """
        select g.* from (select array_agg(id) as ids from pymap.media_items where tenant_id = 0) as i
        cross join lateral pymap.get_media_items(i.ids) as g
        """,
    "get_media_items_by_client_ids": """
        select c.client_id, c.media_type, r.*
        from (
            select client_id, media_type, array_agg(client_item_id) as ids
            from pymap.client_items
            where tenant_id = 0
            group by client_id, media_type
        ) as c
        cross join lateral pymap.get_media_items_by_client_ids(c.client_id, c.ids, c.media_type) as r
        """,
    "get_media_items_by_external_id": """
        select x.source, x.external_id, r
        from pymap.external_ids as x
        cross join lateral pymap.get_media_items_by_external_id(x.source, x.external_id) as r
        where x.tenant_id = 0
        """,
    "get_review_candidates": "select * from pymap.get_review_candidates()",
    "get_told_items": """
        select g.* from (select array_agg(id) as ids from pymap.media_items where tenant_id = 0) as i
        cross join lateral pymap.get_told_items(i.ids) as g
        """,
    "history": """
        select i.id, h.* from pymap.media_items as i cross join lateral pymap.history(i.id) as h
        where i.tenant_id = 0
        """,
    **{f"items_from_{type_}": f"select pymap.items_from_{type_}(%({type_})s)" for type_ in SERVERS},
    "items_from_response": "select pymap.items_from_response('plex', %(plex)s)",
    "normalize_client_item_id": "select pymap.normalize_client_item_id('jellyfin', 'F27CAA37E5144FC1BF2DE4DE0ECD2DA1')",
    "normalize_external_id": "select pymap.normalize_external_id('imdb', '133093')",
    "normalize_external_id_source": "select pymap.normalize_external_id_source('com.plexapp.agents.imdb')",
    "normalize_external_ids": """select pymap.normalize_external_ids('{"Imdb": "tt0133093"}')""",
    "resolve_media_item": "select id, pymap.resolve_media_item(id) from pymap.media_items where tenant_id = 0",
    "search_media_items": "select * from pymap.search_media_items('the', null, 1000)",
    "stats": "select * from pymap.stats()",
    "sync_client_pattern": """
        select c.client_id, c.client_item_id, i.id
        from pymap.client_items as c
        join pymap.media_items as i on i.sync_clients @> pymap.sync_client_pattern(c.client_id, c.client_item_id)
        where c.tenant_id = 0
        """,
    "sync_clients_list": """
        select c.client_id, r.* from pymap.clients as c cross join lateral pymap.sync_clients_list(c.client_id) as r
        where c.tenant_id = 0
        """,
    "translate_client_item_ids": """
        select c.client_id as from_client, o.client_id as to_client, r.*
        from (
            select client_id, array_agg(client_item_id) as ids
            from pymap.client_items
            where tenant_id = 0
            group by client_id
        ) as c
        cross join pymap.clients as o
        cross join lateral pymap.translate_client_item_ids(c.client_id, c.ids, o.client_id) as r
        where o.tenant_id = 0
        """,
    "version": "select pymap.version()",
}

#: A tenant of its own beside tenant 0.
OTHER_TENANT = 7


def fill(connection: Connection) -> None:
    """Sync the example listings and let everything happen that can happen to a media item."""
    helper = ClientMediaItemHelper(connection)
    for client_type in ("plex", "jellyfin", "kodi", "subsonic"):
        helper.sync(CLIENTS[client_type], client_type, listing(helper, client_type))
    ClientMediaItemHelper(connection, tenant_id=OTHER_TENANT).get_or_create_mapping(1, "plex", "101", "movie", "Heat")
    change(connection, "first")


def listing(helper: ClientMediaItemHelper, client_type: str) -> list[Any]:
    return [
        item
        for file in sorted(LISTINGS.glob(f"{client_type}*.json"))
        for item in helper.items_from_response(client_type, json.loads(file.read_text(encoding="utf-8")))
    ]


def change(connection: Connection, round_name: str) -> None:
    """Map, merge, split, undo, mark, remove, delete; every time with IDs of its own."""
    helper = ClientMediaItemHelper(connection)

    def film(client_id: int, name: str, title: str, year: int, **external_ids: str) -> int:
        return helper.get_or_create_mapping(
            client_id, "plex", f"{round_name} {name}", "movie", f"{title} {round_name}",
            release_year=year, external_ids=external_ids,
        )  # fmt: skip

    alien, aliens = film(21, "a", "Alien", 1979, wikidata=f"Q1{round_name}"), film(22, "b", "Aliens", 1986)
    leon, lyon = film(21, "c", "Leon", 1994), film(22, "d", "Lyon", 1995)
    kept = film(21, "e", "Solaris", 1972)
    helper.merge_media_items(alien, aliens)
    merge = helper.merge_media_items(leon, lyon)
    assert merge is not None
    helper.undo(merge)
    helper.mark_distinct(leon, kept)
    helper.link_client_item(kept, 22, "plex", f"{round_name} f")
    helper.split_media_item(kept, [(22, f"{round_name} f")])
    helper.unlink_client_item(21, f"{round_name} c")
    film(23, "g", "Stalker", 1979)
    helper.remove_client(23)
    films = [{"itemId": f"{round_name} {n}", "type": "movie", "title": f"Film {n}"} for n in range(5)]
    new_client = 1000 + sum(round_name.encode())
    helper.sync(new_client, "kodi", films)
    helper.sync(new_client, "kodi", films[:4])
    connection.execute("update pymap.media_items set data = '{\"seen\": true}' where id = %s", [kept])
    connection.execute("delete from pymap.media_items where id = %s", [lyon])


def readers(connection: Connection) -> set[str]:
    """Return the public functions that pymap_reader may call, but listen, which is for sessions and not for data."""
    return _public_functions(connection, "pymap_reader") - {"listen"}


def writers(connection: Connection) -> set[str]:
    """Return the public functions that only pymap_writer may call."""
    return _public_functions(connection, "pymap_writer") - _public_functions(connection, "pymap_reader")


def _public_functions(connection: Connection, role: str) -> set[str]:
    rows = connection.execute(
        r"""
        select p.proname from pg_proc as p
        where p.pronamespace = 'pymap'::regnamespace and p.proname !~ '^_' and p.prorettype <> 'trigger'::regtype
          and has_function_privilege(%s, p.oid, 'execute')
        """,
        [role],
    )
    return {name for (name,) in rows}


def read(connection: Connection, function: str) -> list[str]:
    """Return what a function returns for everything that is stored."""
    parameters = {type_: Jsonb(sample(type_)) for type_ in SERVERS}
    # A row as text compares whatever it holds.
    query = f"select r::text from ({READS[function]}) as r".encode()
    return sorted(row for (row,) in connection.execute(query, parameters))


def tables(connection: Connection) -> dict[str, list[str]]:
    """Return the rows of every table of the schema."""
    return {table: _rows(connection, table) for table in table_names(connection)}


def _rows(connection: Connection, table: str) -> list[str]:
    query = sql.SQL("select t::text from pymap.{} as t").format(sql.Identifier(table))
    return sorted(row for (row,) in connection.execute(query))


def table_names(connection: Connection) -> list[str]:
    rows = connection.execute("select tablename from pg_tables where schemaname = 'pymap' order by 1")
    return [name for (name,) in rows]


def damage(connection: Connection) -> list[Any]:
    """Return the errors that check_integrity finds, in any tenant."""
    return connection.execute(
        """
        select t.tenant_id, f.* from (select distinct tenant_id from pymap.media_items) as t
        cross join lateral pymap.check_integrity(t.tenant_id) as f where f.severity = 'error'
        """
    ).fetchall()


def statements(part: str) -> list[str]:
    """Return the statements of the one code block of the guide that contains this."""
    (found,) = (text for text in GUIDE.split("```")[1::2] if part in text)
    return [statement.strip() for statement in re.sub("--.*", "", found).split(";") if statement.strip()]
