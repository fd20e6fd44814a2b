"""What is compared: the first contender of each contest is what a program would send without pymap."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.pq import DiagnosticField, ExecStatus

from .data import EMBY, INSERT_ITEMS, KODI, PLEX, Sample


class Session:
    """Prepared statements on libpq itself, so that no time goes into turning rows into Python objects."""

    def __init__(self, connection: psycopg.Connection[Any], items: int) -> None:
        self.connection = connection
        self.items = items
        self._names: dict[str, bytes] = {}

    def run(self, query: str, *arguments: str | int) -> str | None:
        """Run a query and return the first column of its first row."""
        if query not in self._names:
            self._names[query] = f"q{len(self._names)}".encode()
            self._checked(self.connection.pgconn.prepare(self._names[query], query.encode()))
        parameters = [str(argument).encode() for argument in arguments]
        result = self._checked(self.connection.pgconn.exec_prepared(self._names[query], parameters))
        value = result.get_value(0, 0) if result.ntuples else None
        return None if value is None else value.decode()

    def _checked(self, result: Any) -> Any:
        if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            raise RuntimeError(result.error_field(DiagnosticField.MESSAGE_PRIMARY).decode())
        return result


Contender = Callable[[Session, Sample], object]


@dataclass(frozen=True)
class Contest:
    """Contenders that do the same work; ``things`` is how many look-ups, mappings or rows that is."""

    title: str
    things: int
    contenders: dict[str, Contender]
    role: str | None = None


OWN_LOOKUP = "select media_item_id from own.mappings where client_id = $1 and client_item_id = $2"
LOOKUP = "select pymap.get_media_item_by_client_id($1, $2)"
LOOKUP_BY_TYPE = "select pymap.get_media_item_by_client_id_and_type($1, $2, 'movie')"
CONTAINMENT = "select id from pymap.media_items where sync_clients @> $1"
#: offset 0: else the planner expects 1 % of the table for each pattern, and may scan all of it for a plain join.
CONTAINMENT_JOIN = "cross join lateral (select * from pymap.media_items as m where m.sync_clients @> p offset 0) as i"


def _each(query: str) -> Contender:
    return lambda session, sample: [session.run(query, PLEX, id_) for id_ in sample.plex_ids]


def _each_pattern(session: Session, sample: Sample) -> None:
    for id_ in sample.plex_ids:
        session.run(CONTAINMENT, json.dumps([{"clientId": PLEX, "itemId": id_}]))


def _batch(query: str, *more: int) -> Contender:
    return lambda session, sample: session.run(query, PLEX, f"{{{','.join(sample.plex_ids)}}}", *more)


def _patterns(query: str, *more: int) -> Contender:
    def run(session: Session, sample: Sample) -> None:
        patterns = ",".join(f'"[{{\\"clientId\\": {PLEX}, \\"itemId\\": \\"{id_}\\"}}]"' for id_ in sample.plex_ids)
        session.run(query, f"{{{patterns}}}", *more)

    return run


def _loop(session: Session, sample: Sample) -> None:
    """Map one item after the other, by the external ID where it is known; not safe with concurrent writers."""
    for client_item_id, number in sample.new:
        imdb = f"tt{number:07}"
        if session.run(OWN_LOOKUP, KODI, client_item_id) is not None:
            continue
        item = session.run(
            "select media_item_id from own.external_ids where source = 'imdb' and external_id = $1 limit 1", imdb
        )
        if item is None:
            item = session.run(
                "insert into own.items (type, title) values ('movie', $1) returning id", f"Film {number}"
            )
            session.run("insert into own.external_ids values ('imdb', $1, $2)", imdb, item or "")
        session.run("insert into own.mappings values ($1, $2, $3)", KODI, client_item_id, item or "")


def _one_by_one(session: Session, sample: Sample) -> None:
    for client_item_id, number in sample.new:
        session.run(
            "select pymap.get_or_create_mapping($1, 'kodi', $2, 'movie', $3, '{}', $4)",
            KODI, client_item_id, f"Film {number}", json.dumps({"imdb": f"tt{number:07}"}),
        )  # fmt: skip


def _mappings(session: Session, client_id: int, client_type: str, items: list[tuple[str, int]]) -> None:
    listing = [
        {"itemId": id_, "type": "movie", "title": f"Film {number}", "externalIds": {"imdb": f"tt{number:07}"}}
        for id_, number in items
    ]
    session.run("select * from pymap.get_or_create_mappings($1, $2, $3)", client_id, client_type, json.dumps(listing))


def _bulk(table: str, *more: str) -> Contender:
    def run(session: Session, sample: Sample) -> None:
        first = 2 * session.items + 1
        for statement in (INSERT_ITEMS.format(table=table), *more):
            session.run(statement, first, first + BULK - 1)

    return run


def _without_events(contend: Contender) -> Contender:
    def run(session: Session, sample: Sample) -> None:
        for event in ("insert", "update"):
            session.run(f"alter table pymap.media_items disable trigger media_items_7_note_events_on_{event}")
        contend(session, sample)

    return run


def _batch_of_new(session: Session, sample: Sample) -> None:
    _mappings(session, KODI, "kodi", sample.new)


BULK = 10_000
# Takes the rows that the statement before has written.
OWN_LOOKUP_ROWS = """
with i as (
    select id, sync_clients, external_ids from own.media_items
    where id > (select max(id) from own.media_items) - ($2::bigint - $1::bigint + 1)
), m as (
    insert into own.mappings
    select (c ->> 'clientId')::bigint, c ->> 'itemId', id from i, jsonb_array_elements(sync_clients) as c
)
insert into own.external_ids select e ->> 'source', e ->> 'id', id from i, jsonb_array_elements(external_ids) as e
"""


def contests(items: int, size: int) -> list[Contest]:
    """Return all contests, each with ``size`` look-ups or items."""
    return [
        Contest("Look up one client item ID", size, {
            "own mapping table": _each(OWN_LOOKUP),
            "get_media_item_by_client_id": _each(LOOKUP),
            "get_media_item_by_client_id_and_type": _each(LOOKUP_BY_TYPE),
            "sync_clients @> …": _each_pattern,
        }),
        Contest(f"Look up {size:,} client item IDs", size, {
            "own mapping table, = any(…)": _batch(
                "select client_item_id, media_item_id from own.mappings "
                "where client_id = $1 and client_item_id = any($2)"
            ),
            "get_media_items_by_client_ids": _batch("select * from pymap.get_media_items_by_client_ids($1, $2)"),
            f"{size:,} × get_media_item_by_client_id": _each(LOOKUP),
            "join on sync_clients @> …": _patterns(f"select p, i.id from unnest($1::jsonb[]) as p {CONTAINMENT_JOIN}"),
        }),
        Contest(f"Translate {size:,} client item IDs", size, {
            "own mapping table, self-join": _batch(
                "select f.client_item_id, t.client_item_id from own.mappings as f "
                "left join own.mappings as t on t.media_item_id = f.media_item_id and t.client_id = $3 "
                "where f.client_id = $1 and f.client_item_id = any($2)", EMBY,
            ),
            "translate_client_item_ids": _batch("select * from pymap.translate_client_item_ids($1, $2, $3)", EMBY),
            "join on sync_clients @> …, unnest": _patterns(
                f"select p, c ->> 'itemId' from unnest($1::jsonb[]) as p {CONTAINMENT_JOIN} "
                "cross join jsonb_array_elements(i.sync_clients) as c where c -> 'clientId' = to_jsonb($2::bigint)",
                EMBY,
            ),
        }),
        Contest("List a client", items, {
            "own mapping table": lambda session, _: session.run(
                "select client_item_id, media_item_id from own.mappings where client_id = $1", PLEX
            ),
            "sync_clients_list": lambda session, _: session.run("select * from pymap.sync_clients_list($1)", PLEX),
            "sync_clients @> …, unnest": lambda session, _: session.run(
                "select c ->> 'itemId', i.id from pymap.media_items as i, jsonb_array_elements(i.sync_clients) as c "
                "where i.sync_clients @> jsonb_build_array(jsonb_build_object('clientId', $1::bigint)) "
                "and c -> 'clientId' = to_jsonb($1::bigint)", PLEX,
            ),
        }),
        Contest(f"Map {size:,} new items, half known by ID", size, {
            "own tables, SELECT and INSERT in a loop": _loop,
            "get_or_create_mappings": _batch_of_new,
            f"{size:,} × get_or_create_mapping": _one_by_one,
        }),
        Contest(f"Map {size:,} items, all mapped already", size, {
            "own mapping table, SELECT in a loop": _each(OWN_LOOKUP),
            "get_or_create_mappings": lambda session, sample: _mappings(
                session, PLEX, "plex", list(zip(sample.plex_ids, sample.numbers, strict=True))
            ),
        }),
        Contest(f"INSERT {BULK:,} items, 3 mappings each", BULK, {
            "the same table without triggers": _bulk("own.media_items"),
            "the same and own lookup tables": _bulk("own.media_items", OWN_LOOKUP_ROWS),
            "pymap.media_items": _bulk("pymap.media_items"),
        }),
        Contest(f"Events: INSERT {BULK:,} items, 3 mappings each", BULK, {
            "pymap.media_items without events": _without_events(_bulk("pymap.media_items")),
            "pymap.media_items": _bulk("pymap.media_items"),
        }),
        Contest(f"Events: map {size:,} new items, half known by ID", size, {
            "get_or_create_mappings without events": _without_events(_batch_of_new),
            "get_or_create_mappings": _batch_of_new,
        }),
        Contest(f"Events: the same, {size:,} × get_or_create_mapping", size, {
            "get_or_create_mapping without events": _without_events(_one_by_one),
            "get_or_create_mapping": _one_by_one,
        }),
        Contest("Look up one ID under row-level security", 10, {
            "own mapping table": _each(OWN_LOOKUP),
            "get_media_item_by_client_id": _each(LOOKUP),
            "sync_clients @> …": _each_pattern,
        }, role="pymap_bench"),
    ]  # fmt: skip
