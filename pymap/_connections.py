"""Says what to pass if a helper is given something that is no connection of psycopg 3."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, ConnectionPool

#: By the package of the object: what to pass from there.
_ADVICE = {
    "sqlalchemy": "from SQLAlchemy pass connection.connection.driver_connection",
    "django": "from Django pass connection.connection after connection.ensure_connection()",
    "psycopg2": "psycopg 3 is the package psycopg, not psycopg2",
}
_ADVICE_ASYNC = _ADVICE | {
    "sqlalchemy": "from SQLAlchemy pass (await connection.get_raw_connection()).driver_connection",
    "django": "Django has no asynchronous connection: use ClientMediaItemHelper",
}


_EXPECTED = "a Connection or a ConnectionPool"
_EXPECTED_ASYNC = "an AsyncConnection or an AsyncConnectionPool"


def check(value: Any) -> None:
    """Raise TypeError unless ClientMediaItemHelper can use ``value``."""
    if isinstance(value, psycopg.AsyncConnection | AsyncConnectionPool):
        raise _refused(value, _EXPECTED, "AsyncClientMediaItemHelper takes it")
    if not isinstance(value, psycopg.Connection | ConnectionPool):
        raise _refused(value, _EXPECTED, _advice(value, _ADVICE, "psycopg.connect(…)"))


def check_async(value: Any) -> None:
    """Raise TypeError unless AsyncClientMediaItemHelper can use ``value``."""
    if isinstance(value, psycopg.Connection | ConnectionPool):
        raise _refused(value, _EXPECTED_ASYNC, "ClientMediaItemHelper takes it")
    if not isinstance(value, psycopg.AsyncConnection | AsyncConnectionPool):
        raise _refused(
            value, _EXPECTED_ASYNC, _advice(value, _ADVICE_ASYNC, "await psycopg.AsyncConnection.connect(…)")
        )


def _advice(value: Any, by_package: dict[str, str], connect: str) -> str:
    if isinstance(value, str):
        return f"connect first, {connect}"
    if isinstance(value, psycopg.Cursor | psycopg.AsyncCursor):
        return "pass the cursor's connection"
    package = type(value).__module__.partition(".")[0]
    return by_package.get(package) or "; ".join((by_package["sqlalchemy"], by_package["django"]))


def _refused(value: Any, expected: str, advice: str) -> TypeError:
    given = type(value)
    name = given.__name__ if given.__module__ == "builtins" else f"{given.__module__}.{given.__name__}"
    # The value itself is not shown: a DSN can hold a password.
    return TypeError(f"expected {expected} of psycopg 3, found {name}: {advice}")
