"""The two helpers behind one face, so that a test runs on both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from copy import copy
from typing import Any, Self

import psycopg
import psycopg_pool

import pymap


class Flavour:
    """A kind of helper, with its connections and its pools."""

    helper_class: Any

    def __init__(self, stack: ExitStack, dsn: str) -> None:
        self.stack = stack
        #: A connection that tests use one after the other; each of them rolls back. It has the temporary tables of a
        #: sync: made within a test they would go with its transaction. They and their plans cost more than most tests.
        self.lasting = self.connect(dsn)
        self.helper(self.lasting).sync_client_items(1, "plex", [], dry_run=True)
        self.run(self.lasting.commit())

    def until(self, stack: ExitStack) -> Self:
        """This flavour, whose new connections and pools end with another stack."""
        other = copy(self)
        other.stack = stack
        return other

    def connect(self, dsn: str, **options: Any) -> Any:
        raise NotImplementedError

    def pool(self, dsn: str, **options: Any) -> Any:
        raise NotImplementedError

    def helper(self, source: Any, **options: Any) -> Any:
        raise NotImplementedError

    def run(self, result: Any) -> Any:
        raise NotImplementedError


class Sync(Flavour):
    """The blocking helper."""

    helper_class = pymap.ClientMediaItemHelper

    def connect(self, dsn: str, **options: Any) -> Any:
        connection = psycopg.connect(dsn, **options)
        self.stack.callback(connection.close)
        return connection

    def pool(self, dsn: str, **options: Any) -> Any:
        return self.stack.enter_context(psycopg_pool.ConnectionPool(dsn, min_size=1, max_size=2, **options))

    def helper(self, source: Any, **options: Any) -> Any:
        return pymap.ClientMediaItemHelper(source, **options)

    def run(self, result: Any) -> Any:
        return result


class Async(Flavour):
    """The asynchronous helper, whose methods are awaited one by one."""

    helper_class = pymap.AsyncClientMediaItemHelper

    def __init__(self, stack: ExitStack, dsn: str) -> None:
        self._runner = stack.enter_context(asyncio.Runner())
        super().__init__(stack, dsn)

    def connect(self, dsn: str, **options: Any) -> Any:
        connection = self.run(psycopg.AsyncConnection.connect(dsn, **options))
        self.stack.callback(lambda: self.run(connection.close()))
        return connection

    def pool(self, dsn: str, **options: Any) -> Any:
        async def open_pool() -> Any:
            pool: Any = psycopg_pool.AsyncConnectionPool(dsn, min_size=1, max_size=2, open=False, **options)
            await pool.open()
            return pool

        pool = self.run(open_pool())
        self.stack.callback(lambda: self.run(pool.close()))
        return pool

    def helper(self, source: Any, **options: Any) -> Any:
        return Awaited(pymap.AsyncClientMediaItemHelper(source, **options), self.run)

    def run(self, result: Any) -> Any:
        return self._runner.run(result)


class Awaited:
    """A helper whose methods wait for their result."""

    def __init__(self, helper: Any, run: Callable[..., Any]) -> None:
        self.helper = helper
        self.run = run

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self.helper, name)
        return lambda *args, **kwargs: self.run(method(*args, **kwargs))
