"""The two helpers behind one face, so that a test runs on both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import psycopg
import psycopg_pool

import pymap


class Sync:
    """The blocking helper, its connections and its pools; all end with the test."""

    helper_class: Any = pymap.ClientMediaItemHelper

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack

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


class Awaited:
    """A helper whose methods wait for their result."""

    def __init__(self, helper: Any, run: Callable[[Any], Any]) -> None:
        self.helper = helper
        self.run = run

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self.helper, name)
        return lambda *args, **kwargs: self.run(method(*args, **kwargs))
