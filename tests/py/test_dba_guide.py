"""docs/dba.md: its SQL does what it promises, and its lists are those of the catalogue."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pymap import ClientMediaItemHelper, InvalidArgument, MappingConflict
from tests.agreement import disagreements

GUIDE = (Path(__file__).parents[2] / "docs" / "dba.md").read_text(encoding="utf-8")


def block(part: str) -> bytes:
    """Return the one code block of the guide that contains this."""
    (found,) = (text for text in GUIDE.split("```")[1::2] if part in text)
    return found.encode()


def names_after(beginning: str) -> set[str]:
    """Return the names that the guide lists from here to the end of the sentence."""
    listed = GUIDE.split(beginning)[1].split(". ")[0]
    return set(re.findall(r"`(\w+)`", listed))


@pytest.fixture
def connection(dsn: str) -> Any:
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


def write_with_triggers_off(connection: psycopg.Connection[Any], statement: str) -> None:
    connection.execute("set session_replication_role = replica")
    connection.execute(statement.encode())
    connection.execute("set session_replication_role = origin")


def test_what_was_written_with_triggers_off_is_found_and_mended_for_every_tenant(
    connection: psycopg.Connection[Any],
) -> None:
    write_with_triggers_off(
        connection,
        """
        insert into pymap.media_items (tenant_id, type, sync_clients, external_ids)
        select t.id, 'movie', '[{"clientId": 2, "clientType": "kodi", "itemId": "1"}]',
               '[{"source": "imdb", "id": "5"}]'
        from unnest('{0, 7}'::bigint[]) as t (id)
        """,
    )
    helpers = [ClientMediaItemHelper(connection, tenant_id=tenant_id) for tenant_id in (0, 7)]
    assert [helper.get_media_item_by_client_id(2, "1") for helper in helpers] == [None, None]
    look, mend = filter(None, block("where severity = 'error'").split(b"\n"))
    assert connection.execute(look).fetchall() != []

    connection.execute(mend)

    assert connection.execute(look).fetchall() == []
    assert [bool(helper.get_media_item_by_client_id(2, "1")) for helper in helpers] == [True, False]

    connection.execute(block("pymap.rebuild_lookup(t.tenant_id)"))

    assert all(helper.get_media_item_by_client_id(2, "1") for helper in helpers)
    assert all(helper.get_media_items_by_external_id("imdb", "tt0000005") for helper in helpers)
    assert disagreements(connection) == []


@pytest.mark.parametrize("title", ["Alien", "Aliens"])
def test_a_mapping_that_two_media_items_claim_is_mended_once_one_gives_it_up(
    connection: psycopg.Connection[Any], title: str
) -> None:
    helper = ClientMediaItemHelper(connection)
    helper.get_or_create_mapping(1, "plex", "a", "movie", "Alien")
    write_with_triggers_off(
        connection,
        "insert into pymap.media_items (type, title, sync_clients) "
        "select type, 'Aliens', sync_clients from pymap.media_items",
    )
    with pytest.raises(MappingConflict):
        helper.rebuild_lookup()

    connection.execute("update pymap.media_items set sync_clients = '[]' where title <> %s", [title])
    helper.rebuild_lookup()

    kept = connection.execute("select id from pymap.media_items where title = %s", [title]).fetchall()
    assert [(helper.get_media_item_by_client_id(1, "a"),)] == kept
    assert disagreements(connection) == []


def test_old_events_go_and_a_follower_that_is_up_to_date_goes_on(connection: psycopg.Connection[Any]) -> None:
    helpers = [ClientMediaItemHelper(connection, tenant_id=tenant_id) for tenant_id in (0, 7)]
    for helper in helpers:
        for item_id in ("1", "2", "3"):
            helper.get_or_create_mapping(1, "plex", item_id, "movie", item_id)
    bookmarks = [[event.event_id for event in helper.changes_since(0)] for helper in helpers]
    connection.execute("update pymap.mapping_events set happened_at = now() - interval '91 days'")

    connection.execute(block("delete from pymap.mapping_events"))
    new = [helper.get_or_create_mapping(1, "plex", "4", "movie", "4") for helper in helpers]

    for helper, (first, *_, last), media_item_id in zip(helpers, bookmarks, new, strict=True):
        assert [event.media_item_after for event in helper.changes_since(last)] == [media_item_id]
        with pytest.raises(InvalidArgument):
            helper.changes_since(first)


def test_events_of_the_last_days_stay(connection: psycopg.Connection[Any]) -> None:
    helper = ClientMediaItemHelper(connection)
    for item_id in ("1", "2"):
        helper.get_or_create_mapping(1, "plex", item_id, "movie", item_id)

    connection.execute(block("delete from pymap.mapping_events"))

    assert len(helper.changes_since(0)) == 2


def test_the_session_that_holds_the_feed_back_is_shown(connection: psycopg.Connection[Any], dsn: str) -> None:
    sessions, prepared, _ = block("pg_prepared_xacts").split(b";")
    connection.execute(prepared)
    with psycopg.connect(dsn) as other:
        ClientMediaItemHelper(other).get_or_create_mapping(1, "plex", "1", "movie", "1")

        assert other.info.backend_pid in {row[0] for row in connection.execute(sessions)}


def test_the_functions_with_the_owners_rights_are_those_of_the_guide(connection: psycopg.Connection[Any]) -> None:
    actual = connection.execute(
        """
        select proname from pg_proc
        where pronamespace = 'pymap'::regnamespace and prosecdef and prorettype <> 'trigger'::regtype
        """
    )

    assert names_after("`search_path = pg_catalog, pg_temp`: ") == {name for (name,) in actual}


def test_the_tables_under_row_level_security_are_those_of_the_guide(connection: psycopg.Connection[Any]) -> None:
    actual = connection.execute(
        "select relname from pg_class where relnamespace = 'pymap'::regnamespace and relrowsecurity"
    )

    assert names_after("Row-level security is on for ") == {name for (name,) in actual}
