"""pymap demo."""

from __future__ import annotations

from itertools import groupby
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

import pymap
from pymap._files import shipped_directory
from pymap.cli.common import Dsn, connect, console, database, fetch
from pymap.cli.listings import read_listing
from pymap.cli.tables import fields, fits
from pymap.helper import ClientMediaItemHelper
from pymap.migrations import require_rights

DATABASE = "pymap_demo"
CLIENTS = {"plex": 1, "jellyfin": 2, "emby": 3, "kodi": 4, "subsonic": 5, "trakt": 6}

_MEDIA_ITEMS: LiteralString = """
select i.id, i.type, i.title, i.release_year, s.clients
from pymap.media_items as i
cross join lateral (
    select jsonb_object_agg(c.client_type, c.ids) as clients
    from (
        select g.client_type, jsonb_agg(g.client_item_id) as ids
        from pymap.get_client_item_ids(i.id) as g
        group by g.client_type
    ) as c
) as s
order by array_position('{movie,collection,series,season,episode,artist,album,track}'::text[], i.type), i.id
"""

_LACKING_CREATEDB: LiteralString = """
select 'CREATEDB, for the database pymap_demo' as lacking, format('alter role %I createdb', current_user) as remedy
from pg_roles as r
where r.rolname = current_user and not r.rolsuper and not r.rolcreatedb
"""

_QUESTIONS: tuple[LiteralString, ...] = (
    "select pymap.get_media_item_by_client_id(2, '008CD489-05DA-A765-5315-FE380D46A313')",
    "select pymap.get_media_item_by_client_id_and_type(4, '1', 'movie')",
    "select pymap.get_media_item_by_client_id_and_type(4, '1', 'series')",
    "select to_item_id from pymap.translate_client_item_ids(2, '{008cd48905daa7655315fe380d46a313}', 1)",
    "select pymap.get_media_items_by_external_id('IMDB', '133093')",
)


def demo(dsn: Dsn = None) -> None:
    """Sync example listings of six servers and show the result.

    It works in the database pymap_demo of the server, which it drops and creates anew each time.
    """
    target = _fresh_database(database(dsn))
    pymap.migrate(target)
    with connect(target) as connection:
        entries = sum(_sync_examples(connection, *client) for client in CLIENTS.items())
        _print_media_items(fetch(connection, _MEDIA_ITEMS, {}), entries)
        _print_questions(connection)
    console.print("\nYour own library: pymap servers add home --type plex --url http://…, then pymap sync home")


def _fresh_database(dsn: str) -> str:
    name = sql.Identifier(DATABASE)
    with psycopg.connect(dsn, autocommit=True) as connection:
        require_rights(connection, _LACKING_CREATEDB)
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(name))
        connection.execute(sql.SQL("create database {} template template0 encoding 'UTF8'").format(name))
    return make_conninfo(dsn, dbname=DATABASE)


def _sync_examples(connection: psycopg.Connection[Any], client_type: str, client_id: int) -> int:
    helper = ClientMediaItemHelper(connection)
    files = sorted(shipped_directory("listings", "examples/listings").glob(f"{client_type}*.json"))
    pages = [page for file in files for page in read_listing(str(file))]
    items = [item for page in pages for item in helper.items_from_response(client_type, page)]
    summary = helper.sync(client_id, client_type, items)
    recognised = summary.total("matched")
    mapped = recognised + summary.total("created")
    console.print(f"client {client_id} {client_type:9} {mapped:3} entries, {recognised:3} of them recognised")
    for item in items:
        if "error" in item:
            console.print(f"    not mapped: {item['error']}", style="yellow", markup=False)
    return mapped


def _print_media_items(rows: list[dict[str, Any]], entries: int) -> None:
    console.print()
    table = _table(rows)
    console.print(table if fits(table) else _list(rows))
    console.print(f"\n{entries} entries of {len(CLIENTS)} servers are {len(rows)} media items.")
    console.print(
        "Matched by external ID, by series or album and numbers, by title and year; what is ambiguous stays apart."
    )


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(title="One row per media item, one column per server", box=None, padding=(0, 1, 0, 0))
    table.add_column("item", no_wrap=True, justify="right")
    table.add_column("title", min_width=20, overflow="fold")
    for client_type in CLIENTS:
        table.add_column(client_type, no_wrap=True)
    for media_type, items in groupby(rows, lambda row: row["type"]):
        table.add_row("", f"[bold]{media_type}[/bold]")
        for item in items:
            clients = ("\n".join(item["clients"].get(client_type, ())) for client_type in CLIENTS)
            table.add_row(str(item["id"]), escape(_title(item)), *clients)
    return table


def _list(rows: list[dict[str, Any]]) -> Group:
    """Return the same for a terminal on which the table has no room."""
    lines: list[RenderableType] = ["One entry per media item, with its IDs on the servers"]
    for media_type, items in groupby(rows, lambda row: row["type"]):
        lines.append(f"\n[bold]{media_type}[/bold]")
        for item in items:
            lines.append(f"{item['id']:4} {escape(_title(item))}")
            named = ((client_type, escape(", ".join(ids))) for client_type, ids in item["clients"].items())
            lines.append(fields(named, indent=5))
    return Group(*lines)


def _title(item: dict[str, Any]) -> str:
    year = f" ({item['release_year']})" if item["release_year"] else ""
    return (item["title"] or "").removesuffix(year) + year


def _print_questions(connection: psycopg.Connection[Any]) -> None:
    console.print("\nAny language asks in SQL:\n")
    for question in _QUESTIONS:
        row = connection.execute(question).fetchone()
        console.print(f"  {question};\n    → {row and row[0]}", markup=False, highlight=False, soft_wrap=True)
