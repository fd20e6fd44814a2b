"""One session that runs prepared statements on libpq itself, so that no time goes into Python objects."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.pq import DiagnosticField, ExecStatus


class Session:
    """Prepared statements of one connection; ``items`` is how many media items the database has."""

    def __init__(self, connection: psycopg.Connection[Any], items: int) -> None:
        self.connection = connection
        self.items = items
        self._names: dict[str, bytes] = {}

    def run(self, query: str, *arguments: str | int) -> str | None:
        """Run a query and return the first column of its first row."""
        if query not in self._names:
            self._names[query] = f"q{len(self._names)}".encode()
            self._checked(self.connection.pgconn.prepare(self._names[query], query.encode()))
        parameters = [str(argument).encode() for argument in arguments]
        result = self._checked(self.connection.pgconn.exec_prepared(self._names[query], parameters))
        value = result.get_value(0, 0) if result.ntuples else None
        return None if value is None else value.decode()

    def _checked(self, result: Any) -> Any:
        if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            raise RuntimeError(result.error_field(DiagnosticField.MESSAGE_PRIMARY).decode())
        return result
