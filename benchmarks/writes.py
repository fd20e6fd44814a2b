"""Writes: mapping items and inserting media items, beside what a program without pymap would send."""

from __future__ import annotations

import json

from .contests import Contender, Contest
from .data import INSERT_ITEMS, KODI, PLEX, Sample
from .lookups import OWN_LOOKUP, each
from .session import Session

BULK = 2_000
#: The most that pymap may take, as multiples of what is written by hand.
INSERT_TARGET = 1.7
SINGLE_TARGET = 2.5

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


def _by_hand(session: Session, items: list[tuple[str, int]]) -> None:
    """Map one item after the other, by the external ID where it is known; not safe with concurrent writers."""
    for client_item_id, number in items:
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


def _one_by_one(session: Session, items: list[tuple[str, int]]) -> None:
    for client_item_id, number in items:
        session.run(
            "select pymap.get_or_create_mapping($1, 'kodi', $2, 'movie', $3, '{}', $4)",
            KODI, client_item_id, f"Film {number}", json.dumps({"imdb": f"tt{number:07}"}),
        )  # fmt: skip


def _batch(session: Session, client_id: int, client_type: str, items: list[tuple[str, int]]) -> None:
    listing = [
        {"itemId": id_, "type": "movie", "title": f"Film {number}", "externalIds": {"imdb": f"tt{number:07}"}}
        for id_, number in items
    ]
    session.run("select * from pymap.get_or_create_mappings($1, $2, $3)", client_id, client_type, json.dumps(listing))


def _batch_of_half_known(session: Session, sample: Sample) -> None:
    _batch(session, KODI, "kodi", sample.half_known)


def _batch_of_mapped(session: Session, sample: Sample) -> None:
    _batch(session, PLEX, "plex", list(zip(sample.plex_ids, sample.numbers, strict=True)))


def _bulk(table: str, *more: str) -> Contender:
    def run(session: Session, _: Sample) -> None:
        first = 2 * session.items + 1
        for statement in (INSERT_ITEMS.format(table=table), *more):
            session.run(statement, first, first + BULK - 1)

    return run


def writes(size: int) -> list[Contest]:
    """Return the contests, each with ``size`` items or with so many rows that a statement's own cost is small."""
    return [
        Contest(f"Map {size:,} new items, one by one", size, {
            "own tables, SELECT, then INSERT": lambda session, sample: _by_hand(session, sample.new),
            "get_or_create_mapping": lambda session, sample: _one_by_one(session, sample.new),
        }, {"get_or_create_mapping": SINGLE_TARGET}),
        Contest(f"Map {size:,} new items, half known by ID", size, {
            "own tables, SELECT and INSERT in a loop": lambda session, sample: _by_hand(session, sample.half_known),
            "get_or_create_mappings": _batch_of_half_known,
            f"{size:,} × get_or_create_mapping": lambda session, sample: _one_by_one(session, sample.half_known),
        }),
        Contest(f"Map {size:,} items, all mapped already", size, {
            "own mapping table, SELECT in a loop": each(OWN_LOOKUP),
            "get_or_create_mappings": _batch_of_mapped,
        }),
        Contest(f"INSERT {BULK:,} items, 3 mappings each", BULK, {
            "the same table and own lookup tables": _bulk("own.media_items", OWN_LOOKUP_ROWS),
            "pymap.media_items": _bulk("pymap.media_items"),
            "the same table alone, no lookup tables": _bulk("own.media_items"),
        }, {"pymap.media_items": INSERT_TARGET}),
    ]  # fmt: skip
