"""What the Python helpers are given: every test runs on both."""

from __future__ import annotations

import asyncio
import enum
import json
import pickle
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import psycopg
import pytest
import sqlalchemy
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb, set_json_dumps, set_json_loads
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session

import pymap
from pymap import calls
from tests.model.responses import RESPONSES


class Number(enum.IntEnum):
    SEVEN = 7


# Client item IDs


def test_a_whole_number_is_a_client_item_id_everywhere(helper: Any) -> None:
    film = helper.get_or_create_mapping(4, "kodi", 7, "movie", "Alien")
    assert helper.get_media_item_by_client_id(4, 7) == helper.get_media_item_by_client_id(4, "7") == film
    assert helper.get_media_item_by_client_id(4, Number.SEVEN) == film
    assert helper.get_media_item_by_client_id_and_type(4, 7, "movie") == film
    assert helper.get_media_items_by_client_ids(4, [7, "8"]) == {"7": film}
    assert helper.link_client_item(film, 5, "kodi", 70) is True
    assert [row.to_item_id for row in helper.translate_client_item_ids(4, (id_ for id_ in [7]), 5)] == ["70"]
    assert helper.explain_match(4, 7, "movie", film)
    helper.split_media_item(film, [(5, 70)])
    assert helper.get_client_item_ids(film) == [pymap.ClientItem(4, "kodi", "7")]
    assert helper.unlink_client_item(4, 7) is True


SERIES = pymap.Item(item_id=1, type="series", title="Lost")
EPISODE = pymap.Item(item_id=2, type="episode", parent_item_id=1, season_number=1, episode_number=1)
AS_DICTS = [
    {"itemId": 1, "type": "series", "title": "Lost"},
    {"itemId": 2, "type": "episode", "parentItemId": 1, "seasonNumber": 1, "episodeNumber": 1},
]
AS_TEXT = [
    {**item, **{key: str(item[key]) for key in ("itemId", "parentItemId") if key in item}} for item in AS_DICTS
]  # fmt: skip


@pytest.mark.parametrize("items", [[SERIES, EPISODE], AS_DICTS], ids=["Item", "dict"])
@pytest.mark.parametrize("method", ["sync", "sync_client_items", "get_or_create_mappings"])
def test_items_have_whole_numbers_as_ids(helper: Any, conn: Any, method: str, items: list[Any]) -> None:
    getattr(helper, method)(4, "kodi", items)
    assert set(helper.sync_clients_list(4)) == {"1", "2"}
    # The same as text, not something that the client tells anew.
    assert [dict(calls.item_json(item)) for item in AS_DICTS] == AS_TEXT
    assert [row.action for row in helper.sync_client_items(4, "kodi", AS_TEXT)] == ["kept", "kept"]


@pytest.mark.parametrize("value", [True, 1.5, b"7", ["7"]])
@pytest.mark.parametrize(
    "call",
    [
        lambda helper, value: helper.get_media_item_by_client_id(1, value),
        lambda helper, value: helper.get_media_item_by_client_id_and_type(1, value, "movie"),
        lambda helper, value: helper.get_or_create_mapping(1, "plex", value, "movie", "Alien"),
        lambda helper, value: helper.link_client_item(1, 1, "plex", value),
        lambda helper, value: helper.unlink_client_item(1, value),
        lambda helper, value: helper.explain_match(1, value, "movie", 1),
    ],
)
def test_anything_else_is_no_client_item_id(helper: Any, call: Callable[[Any, Any], Any], value: Any) -> None:
    with pytest.raises(TypeError, match=f"^client_item_id has to be .* not {type(value).__name__} "):
        call(helper, value)


def test_a_list_names_the_element_that_is_no_client_item_id(helper: Any) -> None:
    with pytest.raises(TypeError, match=r"^client_item_ids\[1\] has to be .* a str or an int, not bool True$"):
        helper.get_media_items_by_client_ids(1, ["1", True])
    with pytest.raises(TypeError, match=r"^mappings has to be .* not bool True$"):
        helper.split_media_item(1, [(1, True)])


@pytest.mark.parametrize("item", [pymap.Item(item_id=True, type="movie"), {"itemId": True, "type": "movie"}])
def test_the_database_names_the_item_whose_id_is_none(helper: Any, item: Any) -> None:
    with pytest.raises(pymap.InvalidArgument, match=r"p_items\[1\]\.itemId: 'true'"):
        helper.get_or_create_mappings(1, "plex", [SERIES, item])


def test_nothing_is_no_client_item_id_of_the_databases(helper: Any) -> None:
    with pytest.raises(pymap.InvalidArgument, match="p_client_item_id: NULL"):
        helper.get_media_item_by_client_id(1, None)


# Lists


@pytest.mark.parametrize("value", ["abc", b"abc", 5])
@pytest.mark.parametrize(
    ("argument", "call"),
    [
        ("client_item_ids", lambda helper, value: helper.get_media_items_by_client_ids(1, value)),
        ("client_item_ids", lambda helper, value: helper.translate_client_item_ids(1, value, 2)),
        ("media_types", lambda helper, value: helper.sync(1, "plex", [], media_types=value)),
        ("media_types", lambda helper, value: helper.sync_client_items(1, "plex", [], value)),
        ("items", lambda helper, value: helper.sync(1, "plex", value)),
        ("items", lambda helper, value: helper.sync_client_items(1, "plex", value)),
        ("items", lambda helper, value: helper.get_or_create_mappings(1, "plex", value)),
        ("mappings", lambda helper, value: helper.split_media_item(1, value)),
        ("external_ids", lambda helper, value: helper.split_media_item(1, [(1, "1")], value)),
        (
            "external_ids",
            lambda helper, value: helper.get_or_create_mapping(1, "plex", "1", "movie", "A", external_ids=value),
        ),
    ],
)
def test_a_list_is_no_str(helper: Any, argument: str, call: Callable[[Any, Any], Any], value: Any) -> None:
    with pytest.raises(TypeError, match=f"^{argument} has to be a (list|dict) .* not {type(value).__name__} "):
        call(helper, value)


@pytest.mark.parametrize("method", ["sync", "sync_client_items", "get_or_create_mappings"])
def test_one_item_is_no_list_of_items(helper: Any, method: str) -> None:
    with pytest.raises(TypeError, match=r"^items has to be .* one item goes into a list$"):
        getattr(helper, method)(1, "plex", AS_DICTS[0])
    with pytest.raises(TypeError, match=r"^items has to hold Item objects or dicts, not str$"):
        getattr(helper, method)(1, "plex", ["abc"])


def test_external_ids_can_be_addresses(helper: Any) -> None:
    film = helper.get_or_create_mapping(1, "plex", "1", "movie", "A", external_ids=["imdb://tt0133093"])
    item = pymap.Item(item_id="2", type="movie", external_ids=("IMDB://133093", {"source": "tmdb", "id": 603}))
    assert [row.media_item_id for row in helper.get_or_create_mappings(2, "emby", [item])] == [film]
    assert helper.sync(3, "emby", [{"itemId": "3", "type": "movie", "externalIds": ["tmdb://603"]}]).total("matched")
    helper.split_media_item(film, [(3, "3")], ["tmdb://603"])
    assert helper.get_media_items_by_external_id("tmdb", "603") != [film]


# Years


def test_a_release_year_is_a_year() -> None:
    assert pymap.Item(item_id="1", type="movie", release_year=1999) == pymap.Item(item_id="1", type="movie", year=1999)
    assert pymap.Item(item_id="1", type="movie", year=1999, release_year=1999).year == 1999
    assert pymap.Item(item_id="1", type="movie", year=0, release_year=1999).as_json()["year"] == 1999
    assert "release_year" not in pymap.Item(item_id="1", type="movie", release_year=1999).as_json()
    item = pymap.Item(item_id="1", type="movie", release_year=1999)
    assert pickle.loads(pickle.dumps(item)) == item


def test_two_years_contradict() -> None:
    with pytest.raises(ValueError, match=r"^year 1999 and release_year 2003 contradict each other"):
        pymap.Item(item_id="1", type="movie", year=1999, release_year=2003)


YEAR_KEYS = ("year", "releaseYear", "release_year")


@settings(deadline=None, max_examples=150)
@given(years=st.dictionaries(st.sampled_from(YEAR_KEYS), st.sampled_from([None, 0, 1999, "1999", 2003, "2003"])))
def test_the_names_of_the_year_are_one_thing(conn: psycopg.Connection[Any], years: dict[str, Any]) -> None:
    known = {int(year) for year in years.values() if year}
    helper = pymap.ClientMediaItemHelper(conn)
    item = {"itemId": "1", "type": "movie", "title": "The Matrix", **years}
    with conn.transaction(force_rollback=True):
        if len(known) > 1:
            with pytest.raises(pymap.InvalidArgument, match=r'^invalid value for (p_items|pymap_listing)\[0\]: .*"rel'):
                helper.sync(1, "plex", [item])
        else:
            (row,) = helper.sync_client_items(1, "plex", [item])
            found = conn.execute("select release_year from pymap.media_items where id = %s", [row.media_item_id])
            assert found.fetchone() == (next(iter(known), None),)


# Keys that nobody reads


def unknown(count: int) -> list[dict[str, Any]]:
    return [{"itemId": str(n), "type": "movie", "title": f"Film {n}", f"key{n}": n} for n in range(count)]


@pytest.mark.parametrize("method", ["sync", "sync_client_items", "get_or_create_mappings"])
def test_a_key_that_is_not_known_is_a_warning(helper: Any, method: str) -> None:
    items = [{"itemId": 5, "type": "movie", "external_ids": {}}, {"itemId": "6", "type": "movie", "external_ids": {}}]
    with pytest.warns(pymap.UnknownKeyWarning) as found:
        getattr(helper, method)(1, "plex", items)
    assert [str(warning.message) for warning in found] == [
        'unknown key external_ids was ignored, in 2 items. The first item that has it: itemId "5".'
    ]
    assert set(helper.sync_clients_list(1)) == {"5", "6"}


def test_the_warning_points_to_the_caller(conn: psycopg.Connection[Any]) -> None:
    helper = pymap.ClientMediaItemHelper(conn)
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        helper.get_or_create_mappings(1, "plex", unknown(1))
        helper.sync(1, "plex", unknown(2))
    assert [warning.filename for warning in found] == [__file__] * 3


def test_the_awaited_warning_points_to_the_caller(shared_dsn: str) -> None:
    async def run() -> None:
        async with await psycopg.AsyncConnection.connect(shared_dsn) as connection:
            helper = pymap.AsyncClientMediaItemHelper(connection)
            await helper.get_or_create_mappings(1, "plex", unknown(1))
            await helper.sync(1, "plex", unknown(2))
            await connection.rollback()

    with pytest.warns(pymap.UnknownKeyWarning) as found:
        asyncio.run(run())
    assert [warning.filename for warning in found] == [__file__] * 3


def test_ten_keys_are_named_and_the_rest_counted(helper: Any) -> None:
    with pytest.warns(pymap.UnknownKeyWarning) as found:
        helper.get_or_create_mappings(1, "plex", unknown(13))
    messages = [str(warning.message) for warning in found]
    assert len(messages) == 11
    assert messages[-1] == "3 more keys of items are unknown and were ignored"


def test_a_warning_that_is_an_error_takes_the_sync_back(helper: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(pymap.UnknownKeyWarning):
            helper.sync(1, "plex", unknown(1))
    assert helper.sync_clients_list(1) == {}


def test_a_warning_that_is_an_error_takes_the_batch_of_a_pool_back(flavour: Any, dsn: str) -> None:
    helper = flavour.helper(flavour.pool(dsn))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(pymap.UnknownKeyWarning):
            helper.get_or_create_mappings(1, "plex", unknown(1))
    assert helper.sync_clients_list(1) == {}


@pytest.mark.parametrize("client_type", sorted({row.client_type for row in RESPONSES}))
def test_what_a_reader_returns_has_no_unknown_key(helper: Any, client_type: str) -> None:
    for row in RESPONSES:
        if row.client_type == client_type:
            helper.get_or_create_mappings(1, client_type, helper.items_from_response(client_type, row.response))


# JSON


def loads_as_text(text: str | bytes) -> str:
    return f"loaded {text!r}"


def dumps_nothing(value: Any) -> str:
    raise AssertionError("the connection's dumps was called")


class AsText(psycopg.types.string.TextLoader):
    """As Django has it."""


@pytest.fixture(params=["set_json_loads", "orjson", "a loader of text", "everywhere"])
def unusual(request: pytest.FixtureRequest, flavour: Any, shared_dsn: str) -> Iterator[Any]:
    """A connection with loaders and dumpers of its own."""
    connection = flavour.connect(shared_dsn)
    if request.param == "set_json_loads":
        set_json_loads(loads_as_text, connection)
        set_json_dumps(dumps_nothing, connection)
    elif request.param == "orjson":
        set_json_loads(orjson.loads, connection)
        set_json_dumps(orjson.dumps, connection)
    elif request.param == "a loader of text":
        connection.adapters.register_loader("jsonb", AsText)
    else:
        set_json_loads(loads_as_text)
        set_json_dumps(dumps_nothing)
    connection.row_factory = psycopg.rows.dict_row
    yield connection
    set_json_loads(json.loads)
    set_json_dumps(json.dumps)


def test_json_is_json_whatever_the_connection_does_with_it(flavour: Any, unusual: Any) -> None:
    helper = flavour.helper(unusual)
    film = helper.get_or_create_mapping(1, "plex", "1", "movie", "Heat", {"own": [1]}, {"imdb": "tt0113277"}, 1995)
    helper.get_or_create_mapping(2, "emby", "7", "movie", "Heat", {}, {"imdb": "tt0113277"}, 1995)
    (evidence,) = helper.get_mapping_evidence(2)
    assert evidence.comparisons == {"imdb": 12, "title": 7, "year": 3}
    assert [event.comparisons for event in helper.history(film, 1)] == [evidence.comparisons]
    assert helper.items_from_response("plex", {"Metadata": [{"ratingKey": "1", "type": "movie"}]}) == [
        {"itemId": "1", "type": "movie"}
    ]
    # Twice the same title, without a year: for review, and duplicates.
    helper.sync(3, "emby", [pymap.Item(item_id="8", type="movie", title="Heat")])
    assert [type(row.comparisons) for row in helper.get_review_candidates()] == [dict]
    (pair, *_) = helper.find_duplicates()
    assert (type(pair.comparisons), type(pair.shared_external_ids)) == (dict, list)
    cursor = flavour.run(unusual.execute("select data::text as data from pymap.media_items where id = %s", [film]))
    assert flavour.run(cursor.fetchone()) == {"data": '{"own": [1]}'}


def test_the_connection_keeps_its_own_loaders(flavour: Any, shared_dsn: str) -> None:
    connection = flavour.connect(shared_dsn)
    set_json_loads(loads_as_text, connection)
    flavour.helper(connection).get_mapping_evidence(1)
    cursor = flavour.run(connection.execute("""select '{"a": 1}'::jsonb"""))
    assert flavour.run(cursor.fetchone()) == ("""loaded b'{"a": 1}'""",)


@pytest.mark.parametrize("factory", ["ClientCursor", "RawCursor"])
def test_the_cursors_of_a_connection_do_not_matter(flavour: Any, shared_dsn: str, factory: str) -> None:
    prefix = "Async" if flavour.helper_class is pymap.AsyncClientMediaItemHelper else ""
    connection = flavour.connect(shared_dsn, cursor_factory=getattr(psycopg, prefix + factory))
    helper = flavour.helper(connection)
    assert helper.sync(1, "plex", [SERIES, EPISODE]).total("created") == 2
    assert set(helper.sync_clients_list(1)) == {"1", "2"}


# Connections


class OtherPackage:
    """A connection of another package, by its name."""

    def __init__(self, package: str) -> None:
        self.__class__ = type("connection", (OtherPackage,), {"__module__": package})


SQLALCHEMY = r"pass connection\.connection\.driver_connection"
DJANGO = r"pass connection\.connection after connection\.ensure_connection\(\)"
engine = sqlalchemy.create_engine("postgresql+psycopg://nowhere")
async_engine = create_async_engine("postgresql+psycopg://nowhere")


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        (engine, SQLALCHEMY),
        (Session(engine), SQLALCHEMY),
        (OtherPackage("django.db.backends.postgresql.base"), DJANGO),
        (OtherPackage("psycopg2.extensions"), "not psycopg2$"),
        ("postgresql://me:secret@localhost", r"str: connect first, psycopg\.connect\(…\)$"),
        (None, f"NoneType: .*{SQLALCHEMY}; .*{DJANGO}$"),
        (object(), f"object: .*{SQLALCHEMY}; .*{DJANGO}$"),
    ],
    ids=["engine", "session", "Django", "psycopg2", "DSN", "None", "something"],
)
def test_a_wrong_connection_is_told_what_is_right(value: Any, advice: str) -> None:
    with pytest.raises(
        TypeError, match=f"^expected a Connection or a ConnectionPool of psycopg 3, found .*{advice}"
    ) as e:
        pymap.ClientMediaItemHelper(value)
    assert "secret" not in str(e.value)
    assert "\n" not in str(e.value)


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        (async_engine, r"pass \(await connection\.get_raw_connection\(\)\)\.driver_connection$"),
        (OtherPackage("django.db.backends.postgresql.base"), "use ClientMediaItemHelper$"),
        ("dbname=x", r"connect first, await psycopg\.AsyncConnection\.connect\(…\)$"),
    ],
    ids=["engine", "Django", "DSN"],
)
def test_a_wrong_asynchronous_connection_is_told_what_is_right(value: Any, advice: str) -> None:
    expected = "^expected an AsyncConnection or an AsyncConnectionPool of psycopg 3, found "
    with pytest.raises(TypeError, match=f"{expected}.*{advice}"):
        pymap.AsyncClientMediaItemHelper(value)


def test_each_helper_names_the_other_one(flavour: Any, connection: Any) -> None:
    helpers = {pymap.ClientMediaItemHelper, pymap.AsyncClientMediaItemHelper}
    (other,) = helpers - {flavour.helper_class}
    for source in (connection, flavour.pool(connection.info.dsn)):
        with pytest.raises(TypeError, match=f"{flavour.helper_class.__name__} takes it$"):
            other(source)
    with pytest.raises(TypeError, match=r"pass the cursor's connection$"):
        flavour.helper(connection.cursor())


def test_a_pool_of_the_callers_own_class_is_a_pool(flavour: Any, dsn: str) -> None:
    pool = flavour.pool(dsn)
    pool.__class__ = type("Pool", (type(pool),), {})
    assert flavour.helper(pool).version() == pymap.__version__


def test_jsonb_of_the_callers_is_left_alone(flavour: Any, shared_dsn: str) -> None:
    connection = flavour.connect(shared_dsn)
    set_json_dumps(lambda value: '{"dumped": true}', connection)
    flavour.helper(connection).get_or_create_mapping(1, "plex", "1", "movie", "Heat", {"own": 1})
    cursor = flavour.run(connection.execute("select %s, data from pymap.media_items limit 1", [Jsonb({})]))
    assert flavour.run(cursor.fetchone()) == ({"dumped": True}, {"own": 1})


def test_what_is_reported_again_unchanged_is_not_warned_about_again(helper: Any) -> None:
    with pytest.warns(pymap.UnknownKeyWarning):
        helper.sync(1, "plex", unknown(1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        helper.sync(1, "plex", unknown(1))
