"""The helper for synchronous programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import islice
from typing import Any, Concatenate, ParamSpec, TypeVar

import psycopg
from psycopg.rows import class_row, scalar_row
from psycopg_pool import ConnectionPool

from pymap import _connections, _sync, calls, errors
from pymap._methods import as_method
from pymap.models import MappedItem, SyncSummary

P = ParamSpec("P")
T = TypeVar("T")


def _method(
    build: Callable[P, calls.Call[T]],
) -> Callable[Concatenate[ClientMediaItemHelper, P], T]:
    def method(self: ClientMediaItemHelper, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self._run(build(*args, **kwargs))

    return as_method(method, build)


def _sync_method(
    build: Callable[P, _sync.Sync[Iterable[_sync.ListedItem]]],
) -> Callable[Concatenate[ClientMediaItemHelper, P], SyncSummary]:
    def method(self: ClientMediaItemHelper, /, *args: P.args, **kwargs: P.kwargs) -> SyncSummary:
        return self._run_sync(build(*args, **kwargs))

    return as_method(method, build, returns="SyncSummary")


@contextmanager
def _all_or_nothing(connection: psycopg.Connection[Any]) -> Iterator[None]:
    if not connection.autocommit:
        # Begins the caller's transaction; as the outermost one, transaction() would commit.
        connection.execute("select 1")
    with connection.transaction():
        yield


class ClientMediaItemHelper:
    """pymap's functions on a psycopg connection, or on a pool that lends one for each call.

    On a connection nothing is committed: the transaction is the caller's. A pool commits each call. ``tenant_id`` is
    the household, 0 if there is only one.
    """

    def __init__(self, connection: psycopg.Connection[Any] | ConnectionPool[Any], *, tenant_id: int = 0) -> None:
        _connections.check(connection)
        self._source = connection
        self._tenant_id = tenant_id

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        if isinstance(self._source, psycopg.Connection):
            yield self._source
        else:
            with self._source.connection() as connection:
                yield connection

    def _run(self, call: calls.Call[T]) -> T:
        with self._connection() as connection:
            return self._fetch(connection, call)

    def _fetch(self, connection: psycopg.Connection[Any], call: calls.Call[T]) -> T:
        factory: Any = scalar_row if call.row is None else class_row(call.row)
        watched = errors.warned(connection) if call.takes_items else nullcontext()
        # A cursor of psycopg's own class, whatever the connection makes.
        with watched, psycopg.Cursor(connection, row_factory=factory) as cursor, errors.translated():
            call.prepare(cursor)
            cursor.execute(call.sql.encode(), self._parameters(call))
            rows = cursor.fetchall()
        return call.result(rows)

    def _parameters(self, call: calls.Call[Any]) -> dict[str, Any]:
        return {**call.parameters, "tenant_id": self._tenant_id}

    def _run_sync(self, run: _sync.Sync[Iterable[_sync.ListedItem]]) -> SyncSummary:
        with self._connection() as connection, _all_or_nothing(connection):
            statement = self._begin(connection, run)
            if statement is None:
                self._sync_at_once(connection, run)
            else:
                self._upload(connection, run, statement)
                self._apply(connection, run)
        return run.summary()

    def _begin(self, connection: psycopg.Connection[Any], run: _sync.Sync[Any]) -> str | None:
        try:
            with connection.transaction():
                return self._fetch(connection, run.begin)
        except errors.TenantElsewhere:
            # A coordinator of Citus: a temporary table here is none on the tenant's node.
            return None

    def _sync_at_once(self, connection: psycopg.Connection[Any], run: _sync.Sync[Iterable[_sync.ListedItem]]) -> None:
        items = iter(run.items)
        listing: list[_sync.ListedItem] = []
        run.report_upload(0)
        while portion := list(islice(items, _sync.UPLOAD_STEP)):
            listing += portion
            run.report_upload(len(portion))
        rows = self._fetch(connection, run.at_once(listing))
        run.count_rows(rows)

    def _upload(
        self, connection: psycopg.Connection[Any], run: _sync.Sync[Iterable[_sync.ListedItem]], statement: str
    ) -> None:
        items = iter(run.items)
        run.report_upload(0)
        # No COPY is open while the iterable is asked: it may query on the connection.
        while rows := [_sync.copy_row(item) for item in islice(items, _sync.UPLOAD_STEP)]:
            with psycopg.Cursor(connection) as cursor, cursor.copy(statement.encode()) as copy:
                for row in rows:
                    copy.write_row(row)
            run.report_upload(len(rows))

    def _apply(self, connection: psycopg.Connection[Any], run: _sync.Sync[Any]) -> None:
        if run.progress:
            self._fetch(connection, _sync.announce_phases())
        with psycopg.ServerCursor(connection, _sync.CURSOR, row_factory=class_row(MappedItem)) as cursor:
            with errors.warned(connection), run.reporting_phases(connection), errors.translated():
                cursor.execute(run.apply.sql.encode(), self._parameters(run.apply))
                rows = cursor.fetchmany(_sync.FETCH_SIZE)
            while rows:
                run.count_rows(rows)
                rows = cursor.fetchmany(_sync.FETCH_SIZE)

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
