"""Look-ups: pymap's functions beside a mapping table of a program's own, and beside containment."""

from __future__ import annotations

import json

from .contests import Contender, Contest
from .data import EMBY, PLEX, ROLE, Sample
from .session import Session

OWN_LOOKUP = "select media_item_id from own.mappings where client_id = $1 and client_item_id = $2"
LOOKUP = "select pymap.get_media_item_by_client_id($1, $2)"
LOOKUP_BY_TYPE = "select pymap.get_media_item_by_client_id_and_type($1, $2, 'movie')"
CONTAINMENT = "select id from pymap.media_items where sync_clients @> $1"
#: offset 0: else the planner expects 1 % of the table for each pattern, and may scan all of it for a plain join.
CONTAINMENT_JOIN = "cross join lateral (select * from pymap.media_items as m where m.sync_clients @> p offset 0) as i"


def each(query: str) -> Contender:
    """Return a contender that asks for one ID after the other."""
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


def lookups(items: int, size: int) -> list[Contest]:
    """Return the contests, each with ``size`` look-ups."""
    return [
        Contest("Look up one client item ID", size, {
            "own mapping table": each(OWN_LOOKUP),
            "get_media_item_by_client_id": each(LOOKUP),
            "get_media_item_by_client_id_and_type": each(LOOKUP_BY_TYPE),
            "sync_clients @> …": _each_pattern,
        }),
        Contest(f"Look up {size:,} client item IDs", size, {
            "own mapping table, = any(…)": _batch(
                "select client_item_id, media_item_id from own.mappings "
                "where client_id = $1 and client_item_id = any($2)"
            ),
            "get_media_items_by_client_ids": _batch("select * from pymap.get_media_items_by_client_ids($1, $2)"),
            f"{size:,} × get_media_item_by_client_id": each(LOOKUP),
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
        Contest("Look up one ID under row-level security", 10, {
            "own mapping table": each(OWN_LOOKUP),
            "get_media_item_by_client_id": each(LOOKUP),
            "sync_clients @> …": _each_pattern,
        }, role=ROLE),
    ]  # fmt: skip
