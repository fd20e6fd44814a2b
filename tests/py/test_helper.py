"""The Python helpers: every test runs on ClientMediaItemHelper and on AsyncClientMediaItemHelper."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import pydoc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import psycopg_pool
import pytest
from psycopg import errors, rows

import pymap
from tests.conftest import Server

METHODS = sorted(name for name in vars(pymap.ClientMediaItemHelper) if not name.startswith("_"))


class Sync:
    """The blocking helper, its connections and its pools; all end with the test."""

    helper_class: Any = pymap.ClientMediaItemHelper

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack

    def connect(self, dsn: str, **options: Any) -> Any:
        connection = psycopg.connect(dsn, **options)
        self.stack.callback(connection.close)
        return connection

    def pool(self, dsn: str) -> Any:
        return self.stack.enter_context(psycopg_pool.ConnectionPool(dsn, min_size=1, max_size=2))

    def helper(self, source: Any, **options: Any) -> Any:
        return pymap.ClientMediaItemHelper(source, **options)

    def run(self, result: Any) -> Any:
        return result


class Async:
    """The same for the asynchronous helper, whose methods are awaited one by one."""

    helper_class: Any = pymap.AsyncClientMediaItemHelper

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.run = stack.enter_context(asyncio.Runner()).run

    def connect(self, dsn: str, **options: Any) -> Any:
        connection = self.run(psycopg.AsyncConnection.connect(dsn, **options))
        self.stack.callback(lambda: self.run(connection.close()))
        return connection

    def pool(self, dsn: str) -> Any:
        async def open_pool() -> Any:
            pool: Any = psycopg_pool.AsyncConnectionPool(dsn, min_size=1, max_size=2, open=False)
            await pool.open()
            return pool

        pool = self.run(open_pool())
        self.stack.callback(lambda: self.run(pool.close()))
        return pool

    def helper(self, source: Any, **options: Any) -> Any:
        return Awaited(pymap.AsyncClientMediaItemHelper(source, **options), self.run)


class Awaited:
    """A helper whose methods wait for their result."""

    def __init__(self, helper: Any, run: Callable[[Any], Any]) -> None:
        self.helper = helper
        self.run = run

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self.helper, name)
        return lambda *args, **kwargs: self.run(method(*args, **kwargs))


@pytest.fixture(params=[Sync, Async], ids=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> Iterator[Any]:
    with ExitStack() as stack:
        yield request.param(stack)


@pytest.fixture
def connection(flavour: Any, shared_dsn: str) -> Any:
    """A connection of the flavour; closing it rolls back."""
    return flavour.connect(shared_dsn)


@pytest.fixture
def helper(flavour: Any, connection: Any) -> Any:
    return flavour.helper(connection)


@pytest.fixture
def matrix(helper: Any) -> int:
    """A film that client 1 (plex) calls 101."""
    return helper.get_or_create_mapping(1, "plex", "101", "movie", "The Matrix", {}, {"imdb": "tt0133093"}, 1999)


def mapping_count(dsn: str) -> int:
    with psycopg.connect(dsn) as other:
        return other.execute("select count(*) from pymap.mappings").fetchone()[0]


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
        [name],
    ).fetchall()
    for helper_class in (pymap.ClientMediaItemHelper, pymap.AsyncClientMediaItemHelper):
        parameters = list(inspect.signature(getattr(helper_class, name)).parameters)
        assert parameters == ["self", *(row[0].removeprefix("p_") for row in in_sql)]


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


@pytest.mark.parametrize(
    ("cause", "exception", "sqlstate"),
    [
        (lambda helper: helper.get_media_item_by_client_id(0, "1"), pymap.InvalidArgument, "22023"),
        (lambda helper: helper.link_client_item(10**15, 1, "plex", "1"), pymap.MediaItemNotFound, "P0002"),
        (conflicting, pymap.MappingConflict, "PM001"),
        (ambiguous, pymap.AmbiguousClientItemId, "PM002"),
        (mismatching, pymap.ClientTypeMismatch, "PM003"),
    ],
    ids=["invalid argument", "not found", "conflict", "ambiguous", "mismatch"],
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
    [pymap.SyncRefused, pymap.RetryTransaction, pymap.MappingConflict, pymap.InvalidArgument],
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


def test_a_closed_connection_raises_psycopgs_own_error(flavour: Any, helper: Any, connection: Any) -> None:
    flavour.run(connection.close())
    with pytest.raises(psycopg.OperationalError, match="closed"):
        helper.sync_clients_list(1)


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
        pymap.MigrationStatus([], []),
    ],
    ids=lambda row: type(row).__name__,
)
def test_what_goes_in_and_comes_back_is_frozen(row: Any) -> None:
    field = dataclasses.fields(row)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(row, field, "other")
