"""Real listings: every usable entry is mapped, nothing is taken for something else, nothing depends on the order."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pymap import AmbiguousClientItemId, ClientMediaItemHelper
from tests.agreement import disagreements

Connection = psycopg.Connection[Any]
Items = list[dict[str, Any]]

KODI, TRAKT, ANIME = 1, 2, 3
KODI_FILES = ["movies", "tvshows", "seasons", "episodes", "albums", "songs"]
TRAKT_FILES = ["collection_movies", "collection_shows", "history_movies", "ratings_episodes"]


@pytest.fixture
def helper(conn: Connection) -> ClientMediaItemHelper:
    return ClientMediaItemHelper(conn)


def read(samples: Path, client_type: str, file: str) -> Any:
    return json.loads((samples / client_type / f"{file}.json").read_text(encoding="utf-8"))


def items_of(helper: ClientMediaItemHelper, samples: Path, client_type: str, file: str) -> Items:
    items = helper.items_from_response(client_type, read(samples, client_type, file))
    return [item for item in items if "listing" not in item]


def usable(items: Items) -> Items:
    return [item for item in items if "error" not in item]


def keys_of(items: Items) -> set[tuple[str, str]]:
    return {(item["itemId"], item["type"]) for item in usable(items)}


def grouping(conn: Connection) -> set[frozenset[tuple[Any, ...]]]:
    """Which mappings share a media item."""
    rows = conn.execute(
        "select array_agg((client_id, client_item_id, media_type)::text) from pymap.client_items group by media_item_id"
    )
    return {frozenset(keys) for (keys,) in rows}


def crosswalk(samples: Path) -> Items:
    rows = read(samples, "crosswalk", "anime_ids")
    sources = ("tvdb", "mal", "anilist", "imdb")
    return [
        {
            "itemId": anidb,
            "type": "series",
            "externalIds": {"anidb": anidb, **{source: row.get(f"{source}_id") for source in sources}},
        }
        for anidb, row in rows.items()
    ]


def listing(helper: ClientMediaItemHelper, samples: Path, client_type: str, files: Iterable[str]) -> Items:
    return [item for file in files for item in items_of(helper, samples, client_type, file)]


# Kodi


@pytest.mark.parametrize("file", KODI_FILES)
def test_every_entry_of_kodi_is_mapped(helper: ClientMediaItemHelper, samples: Path, file: str) -> None:
    (entries,) = (value for value in read(samples, "kodi", file)["result"].values() if isinstance(value, list))
    rows = helper.get_or_create_mappings(KODI, "kodi", items_of(helper, samples, "kodi", file))
    assert len(rows) == len(entries)
    assert {row.action for row in rows} == {"created"}
    for row in rows:
        assert (
            helper.get_media_item_by_client_id_and_type(KODI, row.client_item_id, row.media_type) == row.media_item_id
        )


def test_kodis_equal_numbers_of_different_types_are_different_items(
    helper: ClientMediaItemHelper, samples: Path
) -> None:
    rows = helper.get_or_create_mappings(KODI, "kodi", listing(helper, samples, "kodi", KODI_FILES))
    by_number: dict[str, dict[str, int]] = {}
    for row in rows:
        by_number.setdefault(row.client_item_id, {})[row.media_type] = row.media_item_id
    shared = {number: types for number, types in by_number.items() if len(types) > 1}
    assert len(shared) > 100
    for number, types in shared.items():
        assert len(set(types.values())) == len(types), number
        for media_type, media_item_id in types.items():
            assert helper.get_media_item_by_client_id_and_type(KODI, number, media_type) == media_item_id


def test_a_number_that_stands_for_several_types_needs_the_type(
    conn: Connection, helper: ClientMediaItemHelper, samples: Path
) -> None:
    items = listing(helper, samples, "kodi", KODI_FILES)
    helper.get_or_create_mappings(KODI, "kodi", items)
    types_of: dict[str, set[str]] = {}
    for number, media_type in keys_of(items):
        types_of.setdefault(number, set()).add(media_type)
    number = max(types_of, key=lambda number: (len(types_of[number]), number))
    with pytest.raises(AmbiguousClientItemId) as error, conn.transaction():
        helper.get_media_item_by_client_id(KODI, number)
    assert all(media_type in (error.value.detail or "") for media_type in types_of[number])
    alone = next(number for number, types in types_of.items() if len(types) == 1)
    assert helper.get_media_item_by_client_id(KODI, alone) is not None


def test_kodis_albums_and_songs_without_musicbrainz_ids_all_stay_apart(
    helper: ClientMediaItemHelper, samples: Path
) -> None:
    rows = helper.get_or_create_mappings(KODI, "kodi", listing(helper, samples, "kodi", ["albums", "songs"]))
    assert len({row.media_item_id for row in rows}) == len(rows) == 500


def test_a_short_imdb_id_of_kodi_meets_the_full_one(helper: ClientMediaItemHelper) -> None:
    """As the library of the samples had it; the cut that is kept there does not include this film."""
    response = {"result": {"movies": [{"movieid": 1, "label": "A film", "imdbnumber": "tt148792"}]}}
    items = helper.items_from_response("kodi", response)
    (row,) = helper.get_or_create_mappings(KODI, "kodi", items)
    assert helper.get_media_items_by_external_id("imdb", "tt0148792") == [row.media_item_id]
    met = helper.get_or_create_mapping(9, "plex", "x", "movie", None, external_ids={"imdb": "tt0148792"})
    assert met == row.media_item_id


# Trakt


@pytest.mark.parametrize("file", TRAKT_FILES)
def test_every_usable_entry_of_trakt_is_mapped(helper: ClientMediaItemHelper, samples: Path, file: str) -> None:
    items = items_of(helper, samples, "trakt", file)
    rows = helper.get_or_create_mappings(TRAKT, "trakt", items)
    assert len(rows) == len(items)
    mapped = {(row.client_item_id, row.media_type) for row in rows if row.action != "unusable"}
    assert mapped == keys_of(items)
    assert [row.action == "unusable" for row in rows] == ["error" in item for item in items]


def test_trakts_zeros_empty_strings_and_nulls_are_no_ids(
    conn: Connection, helper: ClientMediaItemHelper, samples: Path
) -> None:
    items = listing(helper, samples, "trakt", TRAKT_FILES)
    rows = helper.get_or_create_mappings(TRAKT, "trakt", items)
    placeholders = conn.execute(
        "select source, external_id from pymap.external_ids where external_id in ('', '0', 'tt0000000', 'null')"
    ).fetchall()
    assert placeholders == []
    known = {row.media_item_id for row in rows}
    for number, ids in enumerate([{"tmdb": 0}, {"imdb": ""}, {"tvrage": None}, {"tmdb": "0", "imdb": "", "tvdb": 0}]):
        for media_type in ("movie", "series", "episode"):
            created = helper.get_or_create_mapping(9, "plex", str(number), media_type, None, external_ids=ids)
            assert created not in known


def test_episodes_that_share_only_placeholders_stay_apart(helper: ClientMediaItemHelper, samples: Path) -> None:
    items = items_of(helper, samples, "trakt", "ratings_episodes")
    rows = helper.get_or_create_mappings(TRAKT, "trakt", items)
    assert len({row.media_item_id for row in rows}) == len(keys_of(items))


def test_two_trakt_numbers_of_one_film_do_not_outweigh_two_ids_that_agree(
    helper: ClientMediaItemHelper, samples: Path
) -> None:
    """The history calls TRON: Legacy 1, the collection 12601, the recordings' own flaw; IMDb and TMDB are the same."""
    for file in TRAKT_FILES:
        helper.get_or_create_mappings(TRAKT, "trakt", items_of(helper, samples, "trakt", file))
    one, other = (helper.get_media_item_by_client_id_and_type(TRAKT, number, "movie") for number in ("1", "12601"))
    assert one is not None
    assert one == other


# The crosswalk


@pytest.mark.parametrize("seed", range(4))
def test_anime_that_share_a_tvdb_series_stay_apart(helper: ClientMediaItemHelper, samples: Path, seed: int) -> None:
    items = crosswalk(samples)
    random.Random(seed).shuffle(items)
    rows = helper.get_or_create_mappings(ANIME, "anime", items)
    assert {row.action for row in rows} == {"created"}
    assert len({row.media_item_id for row in rows}) == len(items) == 163


def test_anime_that_share_a_tvdb_series_stay_apart_call_by_call(helper: ClientMediaItemHelper, samples: Path) -> None:
    items = crosswalk(samples)
    ids = {
        helper.get_or_create_mapping(ANIME, "anime", item["itemId"], "series", None, external_ids=item["externalIds"])
        for item in items
    }
    assert len(ids) == len(items)


def test_every_id_of_a_comma_list_leads_to_its_anime(helper: ClientMediaItemHelper, samples: Path) -> None:
    items = crosswalk(samples)
    media_items = {
        row.client_item_id: row.media_item_id for row in helper.get_or_create_mappings(ANIME, "anime", items)
    }
    lists = 0
    for item in items:
        for source in ("imdb", "mal"):
            values = str(item["externalIds"][source] or "").split(",")
            lists += len(values) > 1
            for value in filter(None, values):
                assert helper.get_media_items_by_external_id(source, value, "series") == [media_items[item["itemId"]]]
    assert lists > 20


@pytest.mark.parametrize("source", ["mal", "anilist", "imdb"])
def test_another_client_meets_the_anime_by_one_source_alone(
    helper: ClientMediaItemHelper, samples: Path, source: str
) -> None:
    items = crosswalk(samples)
    media_items = {
        row.client_item_id: row.media_item_id for row in helper.get_or_create_mappings(ANIME, "anime", items)
    }
    other = [
        {**item, "externalIds": {source: item["externalIds"][source]}} for item in items if item["externalIds"][source]
    ]
    for row in helper.get_or_create_mappings(9, "plex", other):
        assert (row.action, row.media_item_id) == ("matched", media_items[str(row.client_item_id)])


def test_a_client_that_knows_only_a_shared_tvdb_series_is_not_guessed_to_be_one_of_them(
    helper: ClientMediaItemHelper, samples: Path
) -> None:
    items = crosswalk(samples)
    media_items = {
        row.client_item_id: row.media_item_id for row in helper.get_or_create_mappings(ANIME, "anime", items)
    }
    holders: dict[str, list[int]] = {}
    for item in items:
        if tvdb := item["externalIds"]["tvdb"]:
            holders.setdefault(str(tvdb), []).append(media_items[item["itemId"]])
    other = [{"itemId": tvdb, "type": "series", "externalIds": {"tvdb": tvdb}} for tvdb in holders]
    for row in helper.get_or_create_mappings(9, "plex", other):
        known = holders[str(row.client_item_id)]
        if len(known) == 1:
            assert (row.action, row.media_item_id) == ("matched", known[0])
        else:
            assert row.action == "created"
    assert any(len(known) > 1 for known in holders.values())


# All of them


def everything(helper: ClientMediaItemHelper, samples: Path) -> list[tuple[int, str, Items]]:
    """Each file as (client, client type, items)."""
    return [
        *((KODI, "kodi", items_of(helper, samples, "kodi", file)) for file in KODI_FILES),
        *((TRAKT, "trakt", items_of(helper, samples, "trakt", file)) for file in TRAKT_FILES),
        (ANIME, "anime", crosswalk(samples)),
    ]


def test_repeating_everything_keeps_everything(conn: Connection, helper: ClientMediaItemHelper, samples: Path) -> None:
    files = everything(helper, samples)
    first = [row for client in files for row in helper.get_or_create_mappings(*client)]
    again = [row for client in files for row in helper.get_or_create_mappings(*client)]
    assert {row.action for row in again} == {"kept", "unusable"}
    assert [(r.client_item_id, r.media_type, r.media_item_id) for r in again] == [
        (r.client_item_id, r.media_type, r.media_item_id) for r in first
    ]
    assert disagreements(conn) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_entries_and_of_files_does_not_matter(
    conn: Connection, helper: ClientMediaItemHelper, samples: Path, seed: int
) -> None:
    files = everything(helper, samples)
    with conn.transaction(force_rollback=True):
        for client in files:
            helper.get_or_create_mappings(*client)
        expected = grouping(conn)
    shuffle = random.Random(seed).shuffle
    shuffle(files)
    for _, _, items in files:
        shuffle(items)
    for client in files:
        helper.get_or_create_mappings(*client)
    assert grouping(conn) == expected


@pytest.mark.parametrize(("one", "other"), list(combinations(TRAKT_FILES, 2)))
def test_two_files_in_one_batch_group_as_two_batches_do(
    conn: Connection, helper: ClientMediaItemHelper, samples: Path, one: str, other: str
) -> None:
    with conn.transaction(force_rollback=True):
        for file in (one, other):
            helper.get_or_create_mappings(TRAKT, "trakt", items_of(helper, samples, "trakt", file))
        expected = grouping(conn)
    helper.get_or_create_mappings(TRAKT, "trakt", listing(helper, samples, "trakt", (one, other)))
    assert grouping(conn) == expected
