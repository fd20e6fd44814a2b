"""The Python helpers: every test runs on ClientMediaItemHelper and on AsyncClientMediaItemHelper."""

from __future__ import annotations

import dataclasses
import inspect
import pydoc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg import errors, rows
from psycopg.types.json import Jsonb

import pymap
from tests.conftest import Server

METHODS = sorted(name for name in vars(pymap.ClientMediaItemHelper) if not name.startswith("_"))


@pytest.fixture
def matrix(helper: Any) -> int:
    """A film that client 1 (plex) calls 101."""
    return helper.get_or_create_mapping(1, "plex", "101", "movie", "The Matrix", {}, {"imdb": "tt0133093"}, 1999)


def mapping_count(dsn: str) -> int:
    with psycopg.connect(dsn) as other:
        return other.execute("select count(*) from pymap.client_items").fetchone()[0]


# What a helper looks like


def test_both_helpers_have_the_same_methods() -> None:
    assert sorted(name for name in vars(pymap.AsyncClientMediaItemHelper) if not name.startswith("_")) == METHODS


@pytest.mark.parametrize("name", METHODS)
def test_a_method_has_the_name_and_the_parameters_of_its_sql_function(name: str, conn: psycopg.Connection[Any]) -> None:
    in_sql = conn.execute(
        """
        select a.name
        from pg_proc as p, unnest(p.proargnames, p.proargmodes) with ordinality as a (name, mode, position)
        where p.pronamespace = 'pymap'::regnamespace and p.proname = %s
          and coalesce(a.mode, 'i') = 'i' and a.name <> 'p_tenant_id'
        order by a.position
        """,
        [{"sync": "apply_client_sync"}.get(name, name)],
    ).fetchall()
    own = {"sync": ["items", "on_row", "progress"]}.get(name, [])
    for helper_class in (pymap.ClientMediaItemHelper, pymap.AsyncClientMediaItemHelper):
        parameters = list(inspect.signature(getattr(helper_class, name)).parameters)
        assert [parameter for parameter in parameters if parameter not in own] == [
            "self",
            *(row[0].removeprefix("p_") for row in in_sql),
        ]


@pytest.mark.parametrize("name", METHODS)
def test_help_shows_a_method_with_its_own_docstring(name: str) -> None:
    method = getattr(pymap.ClientMediaItemHelper, name)
    assert method.__doc__
    assert method.__doc__ == getattr(pymap.AsyncClientMediaItemHelper, name).__doc__
    shown = pydoc.plain(pydoc.render_doc(method))
    assert f"{name}(self" in shown
    assert method.__doc__.splitlines()[0] in shown


@pytest.mark.parametrize("helper_class", [pymap.ClientMediaItemHelper, pymap.AsyncClientMediaItemHelper])
def test_a_signature_tells_what_the_method_returns_not_how_the_query_is_built(helper_class: type[Any]) -> None:
    signatures = {name: str(inspect.signature(getattr(helper_class, name))) for name in METHODS}
    assert {name: shown for name, shown in signatures.items() if "Call[" in shown} == {}


def test_only_the_asynchronous_methods_are_awaited() -> None:
    assert all(inspect.iscoroutinefunction(getattr(pymap.AsyncClientMediaItemHelper, name)) for name in METHODS)
    assert not any(inspect.iscoroutinefunction(getattr(pymap.ClientMediaItemHelper, name)) for name in METHODS)


# Every method


def test_a_client_item_id_gives_its_media_item(helper: Any, matrix: int) -> None:
    assert helper.get_media_item_by_client_id(1, "101") == matrix
    assert helper.get_media_item_by_client_id(client_id=1, client_item_id="101") == matrix


def test_a_client_item_id_without_mapping_gives_none(helper: Any) -> None:
    assert helper.get_media_item_by_client_id(1, "nowhere") is None
    assert helper.get_media_item_by_client_id_and_type(1, "nowhere", "movie") is None


def test_a_media_type_picks_one_of_several_media_items(helper: Any) -> None:
    film = helper.get_or_create_mapping(4, "kodi", "1", "movie", "Alien")
    series = helper.get_or_create_mapping(4, "kodi", "1", "series", "Breaking Bad")
    assert film != series
    assert helper.get_media_item_by_client_id_and_type(4, "1", "movie") == film
    assert helper.get_media_item_by_client_id_and_type(4, "1", "series") == series
    assert helper.get_media_item_by_client_id_and_type(4, "1", "album") is None


def test_many_client_item_ids_give_a_dict_of_those_that_are_mapped(helper: Any, matrix: int) -> None:
    assert helper.get_media_items_by_client_ids(1, ["101", "nowhere"]) == {"101": matrix}
    assert helper.get_media_items_by_client_ids(1, (id_ for id_ in ("101",)), "movie") == {"101": matrix}
    assert helper.get_media_items_by_client_ids(1, ["101"], media_type="series") == {}
    assert helper.get_media_items_by_client_ids(1, []) == {}


def test_the_mappings_of_a_client_are_a_dict(helper: Any, matrix: int) -> None:
    series = helper.get_or_create_mapping(1, "plex", "200", "series", "Breaking Bad")
    assert helper.sync_clients_list(1) == {"101": matrix, "200": series}
    assert helper.sync_clients_list(1, "series") == {"200": series}
    assert helper.sync_clients_list(2) == {}


def test_a_media_item_gives_the_ids_of_its_clients(helper: Any, matrix: int) -> None:
    assert helper.link_client_item(matrix, 2, "jellyfin", "008CD489-05DA-A765-5315-FE380D46A313") is True
    plex = pymap.ClientItem(1, "plex", "101")
    jellyfin = pymap.ClientItem(2, "jellyfin", "008cd48905daa7655315fe380d46a313")
    assert helper.get_client_item_ids(matrix) == [plex, jellyfin]
    assert helper.get_client_item_ids(matrix, client_id=2) == [jellyfin]
    assert helper.get_client_item_ids(10**15) == []


def test_client_item_ids_translate_to_those_of_another_client(helper: Any, matrix: int) -> None:
    assert helper.translate_client_item_ids(1, ["101", "nowhere"], 2) == [
        pymap.Translation("101", "movie", matrix, None)
    ]
    helper.link_client_item(matrix, 2, "emby", "4102")
    assert helper.translate_client_item_ids(1, ["101"], 2, "movie") == [
        pymap.Translation("101", "movie", matrix, "4102")
    ]
    assert helper.translate_client_item_ids(1, ["101"], 2, media_type="series") == []


def test_an_external_id_in_any_spelling_gives_its_media_items(helper: Any, matrix: int) -> None:
    assert helper.get_media_items_by_external_id("IMDB", "133093") == [matrix]
    assert helper.get_media_items_by_external_id("imdb", "tt0133093", "series") == []


def test_a_mapping_is_created_once_and_then_returned(helper: Any, matrix: int) -> None:
    assert helper.get_or_create_mapping(1, "plex", "101", "movie", None) == matrix


def test_a_mapping_joins_the_media_item_with_the_same_external_id(helper: Any, matrix: int) -> None:
    external_ids = [{"source": "imdb", "id": "tt0133093"}]
    assert helper.get_or_create_mapping(2, "emby", "7", "movie", "Matrix", external_ids=external_ids) == matrix


def test_a_new_media_item_keeps_title_year_and_data(helper: Any, connection: Any, flavour: Any) -> None:
    id_ = helper.get_or_create_mapping(1, "plex", "1", "movie", "Seven", {"rating": 9}, release_year=1995)
    cursor = flavour.run(
        connection.execute("select title, release_year, data from pymap.media_items where id = %s", [id_])
    )
    assert flavour.run(cursor.fetchone()) == ("Seven", 1995, {"rating": 9})


def test_a_batch_takes_items_and_plain_dicts_and_tells_what_became_of_each(helper: Any, matrix: int) -> None:
    batch = [
        pymap.Item(item_id="101", type="movie"),
        pymap.Item(item_id="102", type="movie", external_ids={"imdb": "tt0133093"}),
        {"itemId": "103", "type": "movie", "title": "Seven", "year": 1995, "externalIds": {"imdb": ["tt0114369"]}},
        {"error": "The entry has no ID: Id is missing.", "entry": {}},
    ]
    kept, matched, created, unusable = helper.get_or_create_mappings(1, "plex", iter(batch))
    assert kept == pymap.MappedItem("101", "movie", matrix, "kept")
    assert matched == pymap.MappedItem("102", "movie", matrix, "matched")
    assert (created.client_item_id, created.action) == ("103", "created")
    assert created.media_item_id == helper.get_media_item_by_client_id(1, "103")
    assert unusable == pymap.MappedItem(None, None, None, "unusable")
    assert helper.get_or_create_mappings(1, "plex", []) == []


def test_a_batch_stores_every_field_of_an_item(helper: Any, connection: Any, flavour: Any) -> None:
    item = pymap.Item(
        item_id="9",
        type="episode",
        title="Rose",
        year=2005,
        external_ids=[{"source": "tvdb", "id": "295294"}],
        parent_item_id="8",
        season_number=1,
        episode_number=1,
        data={"disc": 1},
    )
    (mapped,) = helper.get_or_create_mappings(1, "plex", [item])
    cursor = flavour.run(
        connection.execute(
            "select type, title, release_year, external_ids, data from pymap.media_items where id = %s",
            [mapped.media_item_id],
        )
    )
    assert flavour.run(cursor.fetchone()) == (
        "episode",
        "Rose",
        2005,
        [{"source": "tvdb", "id": "295294"}],
        {"disc": 1},
    )


def test_a_client_item_links_once(helper: Any, matrix: int) -> None:
    assert helper.link_client_item(matrix, 2, "emby", "7") is True
    assert helper.link_client_item(matrix, 2, "emby", "7") is False


def test_a_client_item_unlinks_once_and_the_media_item_stays(helper: Any, matrix: int) -> None:
    assert helper.unlink_client_item(1, "101") is True
    assert helper.unlink_client_item(1, "101", "movie") is False
    assert helper.get_media_items_by_external_id("imdb", "tt0133093") == [matrix]


def test_a_removed_client_leaves_no_mapping(helper: Any, matrix: int) -> None:
    helper.get_or_create_mapping(1, "plex", "102", "movie", "Seven")
    assert helper.remove_client(1) == 2
    assert helper.remove_client(1) == 0
    assert helper.sync_clients_list(1) == {}
    assert helper.link_client_item(matrix, 1, "emby", "1") is True


def test_a_server_response_becomes_items_for_a_batch(helper: Any) -> None:
    response = {"MediaContainer": {"Metadata": [{"ratingKey": "1", "type": "movie", "title": "Seven"}, {"type": "x"}]}}
    item, unusable = helper.items_from_response("plex", response)
    assert item == {"itemId": "1", "type": "movie", "title": "Seven"}
    assert set(unusable) == {"error", "entry"}
    assert [row.action for row in helper.get_or_create_mappings(1, "plex", [item, unusable])] == ["created", "unusable"]


# Identity


def test_a_match_is_explained_field_by_field(helper: Any, matrix: int) -> None:
    matched = helper.get_or_create_mapping(2, "emby", "7", "movie", "Matrix", {}, {"imdb": "133093"}, 2000)
    assert matched == matrix
    assert helper.explain_match(2, "7", "movie", matrix) == [
        pymap.Comparison("imdb", "tt0133093", "tt0133093", "agrees", 12),
        pymap.Comparison("year", "2000", "1999", "one off", 1),
        pymap.Comparison("title", "Matrix", "The Matrix", "differs", -3),
        pymap.Comparison("mapping", "7", str(matrix), "agrees", 8),
    ]
    other = helper.get_or_create_mapping(1, "plex", "102", "movie", "Seven", release_year=1995)
    assert helper.explain_match(client_id=2, client_item_id="7", media_type="movie", media_item_id=other) == [
        pymap.Comparison("title", "Matrix", "Seven", "differs", -3),
        pymap.Comparison("year", "2000", "1995", "differs", -6),
    ]
    with pytest.raises(pymap.MediaItemNotFound):
        helper.explain_match(2, "7", "movie", 10**15)


def test_what_is_not_mapped_has_no_match_to_explain(helper: Any, matrix: int) -> None:
    with pytest.raises(pymap.InvalidArgument, match="nowhere"):
        helper.explain_match(1, "nowhere", "movie", matrix)


def test_every_mapping_of_a_client_has_its_evidence(helper: Any, matrix: int) -> None:
    assert helper.get_mapping_evidence(1) == [pymap.MappingEvidence("101", "movie", matrix, None, None, None)]
    helper.get_or_create_mapping(2, "emby", "7", "movie", "The Matrix", {}, {"imdb": "133093"}, 2000)
    evidence = pymap.MappingEvidence("7", "movie", matrix, "external_ids", 20, {"imdb": 12, "title": 7, "year": 1})
    assert helper.get_mapping_evidence(2) == [evidence]
    assert helper.get_mapping_evidence(2, "movie") == [evidence]
    assert helper.get_mapping_evidence(client_id=2, media_type="series") == []
    assert helper.get_mapping_evidence(3) == []


@pytest.fixture
def matrices(helper: Any, matrix: int) -> tuple[int, int]:
    """The same film twice: client 2 (emby) calls it 7, without a shared external ID or a year."""
    return matrix, helper.get_or_create_mapping(2, "emby", "7", "movie", "The Matrix", {}, {"tmdb": "603"})


def test_duplicates_are_pairs_with_their_evidence(helper: Any, connection: Any, flavour: Any, matrices: Any) -> None:
    pair = pymap.DuplicatePair(*matrices, "movie", "title", 6, {"title": 7, "year": -1}, [], False)
    assert helper.find_duplicates() == [pair]
    assert helper.find_duplicates("movie", 1) == [pair]
    assert helper.find_duplicates(media_type="series", limit=1) == []
    external_ids = [{"source": "imdb", "id": "tt0133093"}]
    flavour.run(
        connection.execute(
            "update pymap.media_items set external_ids = external_ids || %s where id = %s",
            [Jsonb([*external_ids, {"source": "tvdb", "id": "169"}]), matrices[1]],
        )
    )
    assert helper.find_duplicates() == [
        dataclasses.replace(
            pair,
            evidence="external_ids",
            weight=18,
            comparisons={"imdb": 12, "title": 7, "year": -1},
            shared_external_ids=external_ids,
        )
    ]


def test_two_that_are_distinct_are_never_proposed_or_merged(helper: Any, matrices: tuple[int, int]) -> None:
    event = helper.mark_distinct(*matrices)
    assert helper.mark_distinct(*matrices) is None
    assert helper.find_duplicates() == []
    assert helper.undo(event) > event
    assert len(helper.find_duplicates()) == 1


def test_a_merged_media_item_stays_valid_until_the_merge_is_undone(helper: Any, matrices: tuple[int, int]) -> None:
    keep, duplicate = matrices
    event = helper.merge_media_items(keep, duplicate)
    assert helper.merge_media_items(duplicate, keep) is None
    assert helper.resolve_media_item(duplicate) == keep
    assert helper.sync_clients_list(2) == {"7": keep}
    undone = helper.undo(event)
    assert helper.sync_clients_list(2) == {"7": duplicate}
    assert helper.history(keep, limit=2**31)[0].kind == "undone"
    (merged,) = [row for row in helper.history(duplicate) if row.event_id == event]
    assert (merged.kind, merged.media_item_before, merged.media_item_after) == ("merged", duplicate, keep)
    assert (merged.media_type, merged.evidence, merged.undone_by) == ("movie", "manual", undone)
    assert merged.happened_at.tzinfo


def test_a_split_takes_mappings_and_external_ids_along(helper: Any, matrix: int) -> None:
    helper.link_client_item(matrix, 2, "emby", "7")
    helper.link_client_item(matrix, 3, "kodi", "1")
    mappings = ((client_id, item_id) for client_id, item_id in [(2, "7"), (3, "1")])
    event = helper.split_media_item(matrix, mappings, {"imdb": "133093"})
    (new,) = helper.get_media_items_by_external_id("imdb", "tt0133093")
    assert new != matrix
    assert helper.get_media_items_by_client_ids(2, ["7"]) == {"7": new}
    assert helper.get_media_items_by_client_ids(3, ["1"]) == {"1": new}
    assert helper.get_media_items_by_client_ids(1, ["101"]) == {"101": matrix}
    (split,) = [row for row in helper.history(matrix) if row.event_id == event]
    assert (split.kind, split.media_item_before, split.media_item_after) == ("split", matrix, new)
    helper.undo(event)
    assert helper.get_media_items_by_external_id("imdb", "tt0133093") == [matrix]
    helper.split_media_item(matrix, [(2, "7")])
    assert helper.get_media_items_by_external_id("imdb", "tt0133093") == [matrix]


def test_the_change_feed_goes_on_after_the_last_event(flavour: Any, dsn: str) -> None:
    helper = flavour.helper(flavour.connect(dsn, autocommit=True))
    films = [helper.get_or_create_mapping(1, "plex", id_, "movie", f"Film {id_}") for id_ in ("a", "b", "c")]
    first, second = helper.changes_since(0, limit=2)
    assert [
        (event.kind, event.client_id, event.client_item_id, event.media_item_after) for event in (first, second)
    ] == [
        ("mapped", 1, "a", films[0]),
        ("mapped", 1, "b", films[1]),
    ]
    (third,) = helper.changes_since(second.event_id)
    assert (third.client_item_id, third.media_item_before, third.undoes, third.undone_by) == ("c", None, None, None)
    undone = helper.undo(third.event_id)
    assert [event.undoes for event in helper.changes_since(third.event_id) if event.event_id == undone] == [
        third.event_id
    ]
    assert helper.changes_since(undone) == []


def test_the_statistics_count_what_is_there(helper: Any, matrices: tuple[int, int]) -> None:
    stats = helper.stats()
    assert pymap.Statistic("media_items", None, None, "movie", 2) in stats
    assert pymap.Statistic("mappings", 1, "plex", "movie", 1) in stats
    helper.remove_client(1)
    assert [row.client_id for row in helper.stats() if row.statistic == "mappings"] == [2]


def test_damage_is_found_and_mended(helper: Any, connection: Any, flavour: Any, matrices: tuple[int, int]) -> None:
    assert helper.check_integrity() == []
    assert helper.rebuild_lookup() == 0
    flavour.run(connection.execute("delete from pymap.client_items where client_id = 1"))
    assert helper.check_integrity() == [
        pymap.Finding("error", "mapping_missing", 0, matrices[0], "movie '101' of client 1 is not found")
    ]
    assert helper.rebuild_lookup() == 1
    assert helper.check_integrity() == []
    assert helper.get_media_item_by_client_id(1, "101") == matrices[0]


def test_the_functions_and_the_wrapper_are_of_one_version(helper: Any) -> None:
    assert helper.version() == pymap.__version__


# Errors


def ambiguous(helper: Any) -> None:
    helper.get_or_create_mapping(4, "kodi", "1", "movie", "Alien")
    helper.get_or_create_mapping(4, "kodi", "1", "series", "Breaking Bad")
    helper.get_media_item_by_client_id(4, "1")


def conflicting(helper: Any) -> None:
    other = helper.get_or_create_mapping(1, "plex", "2", "movie", "Seven")
    helper.get_or_create_mapping(1, "plex", "1", "movie", "Alien")
    helper.link_client_item(other, 1, "plex", "1")


def mismatching(helper: Any) -> None:
    helper.get_or_create_mapping(1, "plex", "1", "movie", "Alien")
    helper.get_or_create_mapping(1, "emby", "2", "movie", "Seven")


def merging_distinct(helper: Any) -> None:
    pair = [helper.get_or_create_mapping(1, "plex", id_, "movie", "Alien") for id_ in ("1", "2")]
    helper.mark_distinct(*pair)
    helper.merge_media_items(*pair)


def undoing_twice(helper: Any) -> None:
    pair = [helper.get_or_create_mapping(1, "plex", id_, "movie", "Alien") for id_ in ("1", "2")]
    event = helper.merge_media_items(*pair)
    helper.undo(event)
    helper.undo(event)


@pytest.mark.parametrize(
    ("cause", "exception", "sqlstate"),
    [
        (lambda helper: helper.get_media_item_by_client_id(0, "1"), pymap.InvalidArgument, "22023"),
        (lambda helper: helper.link_client_item(10**15, 1, "plex", "1"), pymap.MediaItemNotFound, "P0002"),
        (conflicting, pymap.MappingConflict, "PM001"),
        (ambiguous, pymap.AmbiguousClientItemId, "PM002"),
        (mismatching, pymap.ClientTypeMismatch, "PM003"),
        (merging_distinct, pymap.IdentityConflict, "PM005"),
        (undoing_twice, pymap.IdentityConflict, "PM005"),
    ],
    ids=["invalid argument", "not found", "conflict", "ambiguous", "mismatch", "distinct", "undone"],
)
def test_an_error_of_the_database_is_an_exception_of_its_own(
    helper: Any, cause: Callable[[Any], None], exception: type[pymap.PymapError], sqlstate: str
) -> None:
    with pytest.raises(pymap.PymapError) as raised:
        cause(helper)
    error = raised.value
    assert type(error) is exception
    assert exception.sqlstate == sqlstate
    assert isinstance(error.__cause__, psycopg.Error)
    assert error.__cause__.sqlstate == sqlstate
    diagnostic = error.__cause__.diag
    assert (str(error), error.detail, error.hint) == (
        diagnostic.message_primary,
        diagnostic.message_detail,
        diagnostic.message_hint,
    )
    assert error.detail
    assert error.hint


@pytest.mark.parametrize(
    "exception",
    [
        *(pymap.SyncRefused, pymap.RetryTransaction, pymap.MappingConflict),
        *(pymap.InvalidArgument, pymap.IdentityConflict),
    ],
)
def test_the_sqlstate_alone_decides_the_exception(
    exception: type[pymap.PymapError], conn: psycopg.Connection[Any]
) -> None:
    statement = (
        f"do $$ begin raise exception using errcode = '{exception.sqlstate}', message = 'what', detail = 'd'; end $$"
    )
    with pytest.raises(psycopg.Error) as raised:
        conn.execute(statement.encode())
    error = pymap.errors.from_database(raised.value)
    assert type(error) is exception
    assert (str(error), error.detail, error.hint) == ("what", "d", None)


def test_no_exception_of_pymap_stands_for_a_foreign_error(conn: psycopg.Connection[Any]) -> None:
    with pytest.raises(errors.DivisionByZero) as raised:
        conn.execute("select 1 / 0")
    assert pymap.errors.from_database(raised.value) is None


def test_a_concurrent_mapping_under_repeatable_read_asks_for_a_retry(flavour: Any, dsn: str) -> None:
    connection = flavour.connect(dsn)
    helper = flavour.helper(connection)
    flavour.run(connection.execute("set transaction isolation level repeatable read"))
    assert helper.sync_clients_list(1) == {}
    with psycopg.connect(dsn) as other:
        pymap.ClientMediaItemHelper(other).get_or_create_mapping(1, "plex", "1", "movie", "Alien")
    with pytest.raises(pymap.RetryTransaction) as raised:
        helper.get_or_create_mapping(1, "plex", "1", "movie", "Alien")
    assert raised.value.__cause__.sqlstate == "40001"
    flavour.run(connection.rollback())
    assert helper.get_or_create_mapping(1, "plex", "1", "movie", "Alien") == helper.sync_clients_list(1)["1"]


@pytest.mark.parametrize("method", ["sync_clients_list", "get_media_items_by_client_ids"])
def test_a_dict_never_hides_one_of_two_media_types(helper: Any, method: str) -> None:
    film = helper.get_or_create_mapping(4, "kodi", "1", "movie", "Alien")
    helper.get_or_create_mapping(4, "kodi", "1", "series", "Breaking Bad")
    arguments = (4,) if method == "sync_clients_list" else (4, ["1"])
    with pytest.raises(pymap.AmbiguousClientItemId, match="'1'") as raised:
        getattr(helper, method)(*arguments)
    assert raised.value.detail
    assert raised.value.hint == "Name the media type."
    assert getattr(helper, method)(*arguments, media_type="movie") == {"1": film}


def test_a_bad_item_of_a_batch_is_named_and_nothing_is_written(flavour: Any, dsn: str) -> None:
    helper = flavour.helper(flavour.connect(dsn, autocommit=True))
    batch = [pymap.Item(item_id="1", type="movie"), pymap.Item(item_id="2", type="hologram")]
    with pytest.raises(pymap.InvalidArgument, match=r"p_items\[1\]\.type.*hologram"):
        helper.get_or_create_mappings(1, "plex", batch)
    assert mapping_count(dsn) == 0


def test_a_database_without_pymap_raises_psycopgs_own_error(flavour: Any, server: Server) -> None:
    with server.database() as empty:
        connection = flavour.connect(empty)
        with pytest.raises(errors.InvalidSchemaName) as raised:
            flavour.helper(connection).sync_clients_list(1)
        assert raised.value.__cause__ is None
        flavour.run(connection.close())


def test_a_closed_connection_raises_psycopgs_own_error(flavour: Any, shared_dsn: str) -> None:
    connection = flavour.connect(shared_dsn)
    flavour.run(connection.close())
    with pytest.raises(psycopg.OperationalError, match="closed"):
        flavour.helper(connection).sync_clients_list(1)


def test_a_failed_transaction_raises_psycopgs_own_error_until_it_is_rolled_back(
    flavour: Any, helper: Any, connection: Any
) -> None:
    with pytest.raises(pymap.InvalidArgument):
        helper.sync_clients_list(0)
    with pytest.raises(errors.InFailedSqlTransaction):
        helper.sync_clients_list(1)
    flavour.run(connection.rollback())
    assert helper.sync_clients_list(1) == {}


def test_a_helper_that_may_only_read_gets_psycopgs_own_error(flavour: Any, helper: Any, connection: Any) -> None:
    flavour.run(connection.execute("set role pymap_reader"))
    assert helper.sync_clients_list(1) == {}
    with pytest.raises(errors.InsufficientPrivilege):
        helper.remove_client(1)


# Connections, transactions, pools


def test_nothing_is_committed_on_a_connection(flavour: Any, dsn: str) -> None:
    connection = flavour.connect(dsn)
    helper = flavour.helper(connection)
    helper.get_or_create_mapping(1, "plex", "1", "movie", "Alien")
    helper.get_or_create_mappings(1, "plex", [pymap.Item(item_id="2", type="movie")])
    assert mapping_count(dsn) == 0
    flavour.run(connection.commit())
    assert mapping_count(dsn) == 2


def test_a_rollback_takes_everything_back(flavour: Any, dsn: str) -> None:
    connection = flavour.connect(dsn)
    helper = flavour.helper(connection)
    helper.get_or_create_mapping(1, "plex", "1", "movie", "Alien")
    flavour.run(connection.rollback())
    assert helper.get_media_item_by_client_id(1, "1") is None
    flavour.run(connection.commit())
    assert mapping_count(dsn) == 0


def test_an_autocommit_connection_keeps_every_call(flavour: Any, dsn: str) -> None:
    helper = flavour.helper(flavour.connect(dsn, autocommit=True))
    helper.get_or_create_mapping(1, "plex", "1", "movie", "Alien")
    assert mapping_count(dsn) == 1
    helper.get_or_create_mappings(1, "plex", [pymap.Item(item_id="2", type="movie")])
    helper.get_or_create_mappings(1, "plex", [pymap.Item(item_id="3", type="movie")])
    assert mapping_count(dsn) == 3


def test_a_pool_commits_every_call(flavour: Any, dsn: str) -> None:
    helper = flavour.helper(flavour.pool(dsn))
    film = helper.get_or_create_mapping(1, "plex", "1", "movie", "Alien")
    assert mapping_count(dsn) == 1
    assert helper.sync_clients_list(1) == {"1": film}


def test_a_pool_goes_on_after_an_error_and_keeps_nothing_of_the_call(flavour: Any, dsn: str) -> None:
    helper = flavour.helper(flavour.pool(dsn))
    for _ in range(3):
        with pytest.raises(pymap.InvalidArgument):
            helper.get_or_create_mapping(1, "plex", "1", "hologram", "Alien")
    assert helper.sync_clients_list(1) == {}


def test_tenants_do_not_see_each_other(flavour: Any, connection: Any, matrix: int) -> None:
    neighbour = flavour.helper(connection, tenant_id=7)
    assert neighbour.get_media_item_by_client_id(1, "101") is None
    assert neighbour.get_media_items_by_external_id("imdb", "tt0133093") == []
    own = neighbour.get_or_create_mapping(1, "emby", "101", "movie", "The Matrix", {}, {"imdb": "tt0133093"})
    assert own != matrix
    assert neighbour.sync_clients_list(1) == {"101": own}
    assert [row.media_item_after for row in neighbour.history(own)] == [own]
    assert neighbour.history(matrix) == []
    with pytest.raises(pymap.MediaItemNotFound):
        neighbour.merge_media_items(own, matrix)
    flavour.run(connection.rollback())


def test_tenants_remove_their_own_clients_only(flavour: Any, connection: Any, matrix: int) -> None:
    neighbour = flavour.helper(connection, tenant_id=7)
    neighbour.get_or_create_mapping(1, "emby", "101", "movie", "The Matrix")
    assert neighbour.remove_client(1) == 1
    assert flavour.helper(connection).sync_clients_list(1) == {"101": matrix}


@pytest.mark.parametrize("factory", ["dict_row", "tuple_row", "namedtuple_row", "scalar_row"])
def test_the_row_factory_of_a_connection_does_not_matter(flavour: Any, shared_dsn: str, factory: str) -> None:
    connection = flavour.connect(shared_dsn, row_factory=getattr(rows, factory))
    use(flavour.helper(connection))
    assert connection.row_factory is getattr(rows, factory)


@pytest.mark.parametrize(
    "options",
    [
        {"prepare_threshold": None},
        {"prepare_threshold": 0},
        {"options": "-c search_path="},
        {"options": "-c timezone=Asia/Tokyo -c datestyle=German -c standard_conforming_strings=on"},
    ],
    ids=["never prepared", "always prepared", "empty search_path", "other settings"],
)
def test_the_options_of_a_connection_do_not_matter(flavour: Any, shared_dsn: str, options: dict[str, Any]) -> None:
    use(flavour.helper(flavour.connect(shared_dsn, **options)))


def use(helper: Any) -> None:
    """Call methods of every kind, some of them several times."""
    for _ in range(2):
        film = helper.get_or_create_mapping(1, "plex", "1", "movie", "Alien", {}, {"imdb": "tt0078748"})
        assert [row.action for row in helper.get_or_create_mappings(1, "plex", [{"itemId": "1", "type": "movie"}])]
        helper.link_client_item(film, 2, "emby", "9")
        assert helper.sync_clients_list(1) == {"1": film}
        assert helper.get_client_item_ids(film, 2) == [pymap.ClientItem(2, "emby", "9")]
        assert [row.to_item_id for row in helper.translate_client_item_ids(1, ["1"], 2)] == ["9"]
        assert helper.get_media_items_by_external_id("imdb", "tt0078748") == [film]
        assert helper.unlink_client_item(1, "1") is True
        assert helper.remove_client(2) == 1


@pytest.mark.parametrize(
    "row",
    [
        pymap.Item(item_id="1", type="movie"),
        pymap.ClientItem(1, "plex", "1"),
        pymap.ListedMapping("1", "movie", 1),
        pymap.Translation("1", "movie", 1, None),
        pymap.MappedItem("1", "movie", 1, "kept"),
        pymap.SyncSummary({"movie": {"kept": 1}}, 0),
        pymap.MappingEvidence("1", "movie", 1, "title", 10, {"title": 7, "year": 3}),
        pymap.Comparison("title", "Alien", "Aliens", "differs", -3),
        pymap.ReviewCandidate(1, 2, "title", 6, {"title": 7, "year": -1}, datetime.now(UTC)),
        pymap.DuplicatePair(1, 2, "movie", "title", 6, {"title": 7, "year": -1}, [], False),
        pymap.Event(1, datetime.now(UTC), "jo", "mapped", 1, "1", "movie", None, 1, None, None, None, None),
        pymap.Finding("error", "mapping_missing", 0, 1, "movie '1' of client 1"),
        pymap.Statistic("mappings", 1, "plex", "movie", 1),
        pymap.MigrationStatus(None, [], []),
    ],
    ids=lambda row: type(row).__name__,
)
def test_what_goes_in_and_comes_back_is_frozen(row: Any) -> None:
    field = dataclasses.fields(row)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(row, field, "other")
