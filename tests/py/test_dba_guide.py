from __future__ import annotations

from pathlib import Path

import psycopg

from pymap import ClientMediaItemHelper
from tests.agreement import disagreements

GUIDE = Path(__file__).parents[2] / "docs" / "dba.md"


def test_the_recipe_for_writing_with_triggers_off_builds_the_lookup_tables_anew(dsn: str) -> None:
    (recipe,) = (block for block in GUIDE.read_text().split("```") if "create temporary table kept" in block)
    with psycopg.connect(dsn, autocommit=True) as connection:
        helper = ClientMediaItemHelper(connection)
        helper.get_or_create_mapping(1, "plex", "a", "movie", "Alien", external_ids={"imdb": "tt0078748"})
        connection.execute("set session_replication_role = replica")
        connection.execute(
            """
            insert into pymap.media_items (type, sync_clients, external_ids)
            values (
                'movie', '[{"clientId": 2, "clientType": "kodi", "itemId": "1"}]', '[{"source": "imdb", "id": "5"}]'
            )
            """
        )
        connection.execute("set session_replication_role = origin")
        assert helper.get_media_item_by_client_id(2, "1") is None

        connection.execute(recipe.encode())

        assert helper.get_media_item_by_client_id(1, "a")
        assert helper.get_media_item_by_client_id(2, "1")
        assert helper.get_media_items_by_external_id("imdb", "tt0000005")
        assert disagreements(connection) == []
