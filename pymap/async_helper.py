"""The helper for asynchronous programs: the methods of ClientMediaItemHelper, awaited."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

import psycopg
from psycopg.rows import class_row, scalar_row
from psycopg_pool import AsyncConnectionPool

from pymap import calls, errors
from pymap._methods import as_method

P = ParamSpec("P")
T = TypeVar("T")


def _method(
    build: Callable[P, calls.Call[T]],
) -> Callable[Concatenate[AsyncClientMediaItemHelper, P], Coroutine[Any, Any, T]]:
    async def method(self: AsyncClientMediaItemHelper, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._run(build(*args, **kwargs))

    return as_method(method, build)


class AsyncClientMediaItemHelper:
    """pymap's functions on an asynchronous psycopg connection, or on a pool that lends one for each call.

    On a connection nothing is committed: the transaction is the caller's. A pool commits each call. ``tenant_id`` is
    the household, 0 where there is only one.
    """

    def __init__(
        self, connection: psycopg.AsyncConnection[Any] | AsyncConnectionPool[Any], *, tenant_id: int = 0
    ) -> None:
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
            factory: Any = scalar_row if call.row is None else class_row(call.row)
            async with connection.cursor(row_factory=factory) as cursor:
                try:
                    await cursor.execute(call.sql.encode(), {**call.parameters, "tenant_id": self._tenant_id})
                    rows = await cursor.fetchall()
                except psycopg.Error as error:
                    if (ours := errors.from_database(error)) is None:
                        raise
                    raise ours from error
        return call.result(rows)

    get_media_item_by_client_id = _method(calls.get_media_item_by_client_id)
    get_media_item_by_client_id_and_type = _method(calls.get_media_item_by_client_id_and_type)
    get_media_items_by_client_ids = _method(calls.get_media_items_by_client_ids)
    sync_clients_list = _method(calls.sync_clients_list)
    get_client_item_ids = _method(calls.get_client_item_ids)
    translate_client_item_ids = _method(calls.translate_client_item_ids)
    get_media_items_by_external_id = _method(calls.get_media_items_by_external_id)
    get_or_create_mapping = _method(calls.get_or_create_mapping)
    get_or_create_mappings = _method(calls.get_or_create_mappings)
    link_client_item = _method(calls.link_client_item)
    unlink_client_item = _method(calls.unlink_client_item)
    remove_client = _method(calls.remove_client)
    items_from_response = _method(calls.items_from_response)
