"""The helper for asynchronous programs: the methods of ClientMediaItemHelper, awaited."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager, nullcontext
from typing import Any, Concatenate, ParamSpec, TypeVar

import psycopg
from psycopg.rows import class_row, scalar_row
from psycopg_pool import AsyncConnectionPool

from pymap import _connections, _sync, calls, errors
from pymap._methods import as_method
from pymap.models import MappedItem, SyncSummary

P = ParamSpec("P")
T = TypeVar("T")

Items = Iterable[_sync.ListedItem] | AsyncIterable[_sync.ListedItem]


def _method(
    build: Callable[P, calls.Call[T]],
) -> Callable[Concatenate[AsyncClientMediaItemHelper, P], Coroutine[Any, Any, T]]:
    async def method(self: AsyncClientMediaItemHelper, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._run(build(*args, **kwargs))

    return as_method(method, build)


def _sync_method(
    build: Callable[P, _sync.Sync[Items]],
) -> Callable[Concatenate[AsyncClientMediaItemHelper, P], Coroutine[Any, Any, SyncSummary]]:
    async def method(self: AsyncClientMediaItemHelper, /, *args: P.args, **kwargs: P.kwargs) -> SyncSummary:
        return await self._run_sync(build(*args, **kwargs))

    return as_method(method, build, returns="SyncSummary")


@asynccontextmanager
async def _all_or_nothing(connection: psycopg.AsyncConnection[Any]) -> AsyncIterator[None]:
    if not connection.autocommit:
        # Begins the caller's transaction; as the outermost one, transaction() would commit.
        await connection.execute("select 1")
    async with connection.transaction():
        yield


async def _each(items: Items) -> AsyncIterator[_sync.ListedItem]:
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item


async def _first(items: AsyncIterator[_sync.ListedItem], count: int) -> AsyncIterator[_sync.ListedItem]:
    for _ in range(count):
        try:
            yield await anext(items)
        except StopAsyncIteration:
            return


class AsyncClientMediaItemHelper:
    """pymap's functions on an asynchronous psycopg connection, or on a pool that lends one for each call.

    On a connection nothing is committed: the transaction is the caller's. A pool commits each call. ``tenant_id`` is
    the household, 0 if there is only one.
    """

    def __init__(
        self, connection: psycopg.AsyncConnection[Any] | AsyncConnectionPool[Any], *, tenant_id: int = 0
    ) -> None:
        _connections.check_async(connection)
        self._source = connection
        self._tenant_id = tenant_id

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
        if isinstance(self._source, psycopg.AsyncConnection):
            yield self._source
        else:
            async with self._source.connection() as connection:
                yield connection

    async def _run(self, call: calls.Call[T]) -> T:
        async with self._connection() as connection:
            return await self._fetch(connection, call)

    async def _fetch(self, connection: psycopg.AsyncConnection[Any], call: calls.Call[T]) -> T:
        factory: Any = scalar_row if call.row is None else class_row(call.row)
        watched = errors.warned(connection) if call.takes_items else nullcontext()
        # A cursor of psycopg's own class, whatever the connection makes.
        with watched:
            async with psycopg.AsyncCursor(connection, row_factory=factory) as cursor:
                with errors.translated():
                    call.prepare(cursor)
                    await cursor.execute(call.sql.encode(), self._parameters(call))
                    rows = await cursor.fetchall()
        return call.result(rows)

    def _parameters(self, call: calls.Call[Any]) -> dict[str, Any]:
        return {**call.parameters, "tenant_id": self._tenant_id}

    async def _run_sync(self, run: _sync.Sync[Items]) -> SyncSummary:
        async with self._connection() as connection, _all_or_nothing(connection):
            statement = await self._begin(connection, run)
            if statement is None:
                await self._sync_at_once(connection, run)
            else:
                await self._upload(connection, run, statement)
                await self._apply(connection, run)
        return run.summary()

    async def _begin(self, connection: psycopg.AsyncConnection[Any], run: _sync.Sync[Any]) -> str | None:
        try:
            async with connection.transaction():
                return await self._fetch(connection, run.begin)
        except errors.TenantElsewhere:
            # A coordinator of Citus: a temporary table here is none on the tenant's node.
            return None

    async def _sync_at_once(self, connection: psycopg.AsyncConnection[Any], run: _sync.Sync[Items]) -> None:
        items = _each(run.items)
        listing: list[_sync.ListedItem] = []
        run.report_upload(0)
        while portion := [item async for item in _first(items, _sync.UPLOAD_STEP)]:
            listing += portion
            run.report_upload(len(portion))
        rows = await self._fetch(connection, run.at_once(listing))
        run.count_rows(rows)

    async def _upload(self, connection: psycopg.AsyncConnection[Any], run: _sync.Sync[Items], statement: str) -> None:
        items = _each(run.items)
        run.report_upload(0)
        # No COPY is open while the iterable is asked: it may query on the connection.
        while rows := [_sync.copy_row(item) async for item in _first(items, _sync.UPLOAD_STEP)]:
            async with psycopg.AsyncCursor(connection) as cursor, cursor.copy(statement.encode()) as copy:
                for row in rows:
                    await copy.write_row(row)
            run.report_upload(len(rows))

    async def _apply(self, connection: psycopg.AsyncConnection[Any], run: _sync.Sync[Any]) -> None:
        if run.progress:
            await self._fetch(connection, _sync.announce_phases())
        async with psycopg.AsyncServerCursor(connection, _sync.CURSOR, row_factory=class_row(MappedItem)) as cursor:
            with errors.warned(connection), run.reporting_phases(connection), errors.translated():
                await cursor.execute(run.apply.sql.encode(), self._parameters(run.apply))
                rows = await cursor.fetchmany(_sync.FETCH_SIZE)
            while rows:
                run.count_rows(rows)
                rows = await cursor.fetchmany(_sync.FETCH_SIZE)

    get_media_item_by_client_id = _method(calls.get_media_item_by_client_id)
    get_media_item_by_client_id_and_type = _method(calls.get_media_item_by_client_id_and_type)
    get_media_items_by_client_ids = _method(calls.get_media_items_by_client_ids)
    sync_clients_list = _method(calls.sync_clients_list)
    get_client_item_ids = _method(calls.get_client_item_ids)
    translate_client_item_ids = _method(calls.translate_client_item_ids)
    get_media_items_by_external_id = _method(calls.get_media_items_by_external_id)
    get_media_items = _method(calls.get_media_items)
    get_told_items = _method(calls.get_told_items)
    search_media_items = _method(calls.search_media_items)
    get_clients = _method(calls.get_clients)
    get_or_create_mapping = _method(calls.get_or_create_mapping)
    get_or_create_mappings = _method(calls.get_or_create_mappings)
    link_client_item = _method(calls.link_client_item)
    unlink_client_item = _method(calls.unlink_client_item)
    remove_client = _method(calls.remove_client)
    sync = _sync_method(_sync.sync)
    sync_client_items = _method(calls.sync_client_items)
    get_review_candidates = _method(calls.get_review_candidates)
    explain_match = _method(calls.explain_match)
    compare_media_items = _method(calls.compare_media_items)
    get_mapping_evidence = _method(calls.get_mapping_evidence)
    resolve_media_item = _method(calls.resolve_media_item)
    find_duplicates = _method(calls.find_duplicates)
    mark_distinct = _method(calls.mark_distinct)
    merge_media_items = _method(calls.merge_media_items)
    split_media_item = _method(calls.split_media_item)
    undo = _method(calls.undo)
    changes_since = _method(calls.changes_since)
    history = _method(calls.history)
    stats = _method(calls.stats)
    check_integrity = _method(calls.check_integrity)
    rebuild_lookup = _method(calls.rebuild_lookup)
    version = _method(calls.version)
    items_from_response = _method(calls.items_from_response)
