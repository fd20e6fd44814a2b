"""What must not grow with the square of anything: each statement here ended only after minutes when it did."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from psycopg import sql

import pymap
from tests.conftest import Server

Connection = psycopg.Connection[Any]


@pytest.fixture
def fresh(dsn: str) -> Iterator[Connection]:
    """A session whose plans are made while the tables are empty."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set statement_timeout = '60s'")
        yield connection


def batch(connection: Connection, client_id: int, external_ids: list[dict[str, Any]], media_type: str = "movie") -> int:
    """Map one item for each of the external IDs; return the number of media items that they became."""
    items = [{"itemId": str(n), "type": media_type, "externalIds": ids} for n, ids in enumerate(external_ids)]
    rows = connection.execute(
        "select distinct media_item_id from pymap.get_or_create_mappings(%s, 'plex', %s)",
        [client_id, json.dumps(items)],
    )
    return len(rows.fetchall())


def test_one_of_a_thousand_mappings_of_an_item_is_unlinked(fresh: Connection) -> None:
    fresh.execute(
        """
        insert into pymap.media_items (type, sync_clients)
        select 'movie', jsonb_agg(jsonb_build_object('clientId', 1, 'clientType', 'plex', 'itemId', n::text))
        from generate_series(1, 1000) as n
        """
    )
    assert fresh.execute("select pymap.unlink_client_item(1, '5')").fetchone() == (True,)
    assert fresh.execute("select count(*) from pymap.client_items").fetchone() == (999,)


def test_a_chain_of_entries_through_all_sources_becomes_one_item(fresh: Connection) -> None:
    """Twenty entries share each ID, the most that still says something, and one entry has two of the IDs."""
    sources = ["imdb", "tmdb", "tvdb", "tvmaze", "tvrage", "trakt", "anidb", "anilist", "mal", "kitsu"]
    ids = [{source: n} for n, source in enumerate(sources, start=1)]
    chain = [ids[0]]
    for one, next_one in pairwise(ids):
        chain += [one] * 18 + [one | next_one]
    assert batch(fresh, 2, chain) == 1


def test_a_chain_of_two_thousand_entries_whose_ends_contradict_each_other_is_no_item(fresh: Connection) -> None:
    items = [
        {"itemId": str(n), "type": "movie", "title": "Film", "externalIds": {"imdb": [str(n + 1), str(n + 2)]}}
        for n in range(2000)
    ]
    (rows,) = fresh.execute(
        "select count(distinct media_item_id) from pymap.get_or_create_mappings(2, 'plex', %s)", [json.dumps(items)]
    ).fetchone() or (None,)
    assert rows == 2000


def test_an_id_on_a_thousand_episodes_is_none_of_them(fresh: Connection) -> None:
    episodes = [{"tvdb": 55, "imdb": n + 1} for n in range(1000)]
    assert batch(fresh, 1, episodes, "episode") == 1000
    assert batch(fresh, 2, episodes, "episode") == 1000
    assert fresh.execute("select count(*) from pymap.media_items").fetchone() == (1000,)
    fresh.execute("select pymap.get_or_create_mapping(3, 'plex', 'a', 'episode', null, '{}', '{\"tvdb\": 55}')")
    assert fresh.execute("select count(*) from pymap.media_items").fetchone() == (1001,)


def scans_of_the_entries(connection: Connection, client_id: int, series: int) -> int:
    """Sync what client 1 has and so many new series with an episode each; return how often the entries were scanned."""
    items = [{"itemId": str(n), "type": "movie", "title": f"Film {n}", "year": 1999} for n in range(5000)]
    for n in range(series):
        parent = {"itemId": f"s{n}", "type": "series", "title": f"Series {client_id} {n}"}
        items += [parent, {"itemId": f"e{n}", "type": "episode", "parentItemId": f"s{n}", "episodeNumber": 1}]
    with connection.transaction():
        connection.execute("select from pymap.sync_client_items(%s, 'plex', %s)", [client_id, json.dumps(items)])
        (scans,) = connection.execute(
            "select seq_scan from pg_stat_xact_user_tables where relid = 'pg_temp.pymap_entries'::regclass"
        ).fetchone() or (None,)
    assert scans is not None
    return int(scans)


def test_the_entries_are_not_scanned_once_more_for_every_new_parent(fresh: Connection) -> None:
    # What a big listing would not fit into.
    fresh.execute("set work_mem = '64kB'; set hash_mem_multiplier = 1")
    scans_of_the_entries(fresh, 1, 1)
    few = scans_of_the_entries(fresh, 2, 2)
    # In so little memory a plan of another version may scan them some more; 300 times is once for each parent.
    assert scans_of_the_entries(fresh, 3, 300) <= few + 100


def rows_scanned(connection: Connection) -> int:
    (rows,) = connection.execute(
        """
        select sum(seq_tup_read)::bigint
        from pg_stat_xact_user_tables
        where relname in ('client_items', 'external_ids', 'media_items')
        """
    ).fetchone() or (None,)
    assert rows is not None
    return int(rows)


def test_plans_of_an_empty_database_do_not_scan_a_full_one(fresh: Connection) -> None:
    def look_up() -> None:
        fresh.execute("select * from pymap.get_media_items_by_client_ids(1, '{1,2}')")
        fresh.execute("select * from pymap.translate_client_item_ids(1, '{1,2}', 2)")
        fresh.execute("select * from pymap.get_media_items_by_external_id('imdb', '1')")
        fresh.execute("select pymap.get_or_create_mapping(3, 'plex', %s, 'movie', null, '{}', '{\"imdb\": 1}')", ["x"])
        fresh.execute("select pymap.unlink_client_item(3, 'x')")

    for _ in range(10):
        look_up()
    batch(fresh, 1, [{"imdb": n + 1} for n in range(5000)])
    with fresh.transaction():
        # What the batch has read may not have been reported yet.
        before = rows_scanned(fresh)
        look_up()
        assert rows_scanned(fresh) == before


@pytest.mark.parametrize("new", [0, 1])
def test_a_listing_that_has_hardly_changed_is_quick_without_statistics(fresh: Connection, new: int) -> None:
    def sync(size: int) -> None:
        items = [{"itemId": str(n), "type": "movie", "title": f"Film {n}", "year": 1999} for n in range(size)]
        fresh.execute("select from pymap.sync_client_items(1, 'plex', %s)", [json.dumps(items)])

    sync(4000)
    # Comparing each item with each mapping takes minutes.
    fresh.execute("set statement_timeout = '20s'")
    sync(4000 + new)


def test_statistics_that_a_rollback_took_back_are_taken_again(fresh: Connection) -> None:
    def films(client_id: int) -> None:
        batch(fresh, client_id, [{"tmdb": n} for n in range(1, 2001)])

    def columns_known() -> bool:
        return (
            fresh.execute("select from pg_stats where schemaname = 'pymap' and tablename = 'client_items'").rowcount > 0
        )

    with fresh.transaction(force_rollback=True):
        films(1)
        films(2)
        assert columns_known()
    size = "select relpages > 20 from pg_class where oid = 'pymap.client_items'::regclass"
    assert fresh.execute(size).fetchone() == (True,)
    assert not columns_known()
    films(1)
    films(2)
    assert columns_known()


def test_statistics_that_another_session_is_taking_are_left_to_it_in_silence(fresh: Connection) -> None:
    notices: list[str | None] = []
    fresh.add_notice_handler(lambda notice: notices.append(notice.message_primary))
    with psycopg.connect(fresh.info.dsn) as other:
        other.execute("lock table pymap.media_items, pymap.client_items in share update exclusive mode")
        for client_id in (1, 2):
            batch(fresh, client_id, [{"tmdb": n} for n in range(1, 2001)])
    assert notices == []


def test_an_owner_whose_name_needs_quotes(server: Server, template: str) -> None:
    owner = sql.Identifier("pymap Test Owner")
    with server.database() as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("drop role if exists {}").format(owner))
        connection.execute(sql.SQL("create role {} superuser").format(owner))
        try:
            connection.execute(sql.SQL("set role {}").format(owner))
            connection.execute(pymap.migrations.bundle().encode())
            connection.execute(sql.SQL("reset role"))
            with connection.transaction():
                assert batch(connection, 1, [{"imdb": 1}]) == 1
                assert batch(connection, 2, [{"imdb": 1}]) == 1
            connection.execute(sql.SQL("drop schema pymap cascade"))
        finally:
            connection.execute(sql.SQL("drop owned by {}").format(owner))
            connection.execute(sql.SQL("drop role {}").format(owner))
