"""The floor: the row changes that a sync has made, as bare statements on copies of all tables with all indexes.

No triggers, no foreign keys, and nothing to decide: no program that stores the same can be faster.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg
from psycopg import sql

from .catalogue import Table, tables

Connection = psycopg.Connection[Any]


class Floor:
    """Copies of pymap's tables, made before a sync, changed after it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tables = tables(connection)
        for table in self._tables:
            if not table.key:
                raise RuntimeError(f"{table.schema}.{table.relation} has no primary key")

    def copy(self, *, analyze: bool) -> None:
        """Copy the tables as they are now."""
        self._connection.execute("drop schema if exists floor cascade")
        self._connection.execute("create schema floor")
        for table in self._tables:
            self._run("create table {copy} (like {table} including all)", table)
            self._run(
                "insert into {copy} ({columns}) overriding system value select {columns} from {table} order by ctid",
                table,
            )
            if analyze:
                self._run("analyze {copy}", table)

    def compare(self) -> int:
        """Note the rows that differ between the tables and their copies; return how many they are."""
        changed = 0
        for table in self._tables:
            for kind, query in _CHANGES.items():
                self._run(f"drop table if exists {{{kind}}}", table)
                self._run(f"create temporary table {{{kind}}} as {query}", table)
                self._run(f"analyze {{{kind}}}", table)
                row = self._run(f"select count(*) from {{{kind}}}", table).fetchone()
                assert row
                changed += row[0]
        return changed

    def replay(self) -> float:
        """Make the noted changes in the copies and return the seconds that it takes."""
        self._connection.execute("checkpoint")
        start = time.perf_counter()
        with self._connection.transaction():
            for table in self._tables:
                self._run("delete from {copy} as c using {deleted} as d where {same_key_deleted}", table)
                if table.values:
                    self._run("update {copy} as c set {set} from {updated} as u where {same_key_updated}", table)
                self._run(
                    "insert into {copy} ({columns}) overriding system value select {columns} from {inserted}", table
                )
        return time.perf_counter() - start

    def _run(self, statement: str, table: Table) -> psycopg.Cursor[Any]:
        parts = _parts(table)
        return self._connection.execute(sql.SQL(statement).format(**parts))


# Bytewise: *<> compares any type. The rows stand in the order in which the sync has stored them.
_CHANGES = {
    "deleted": "select {c_key} from {copy} as c where not exists (select from {table} as t where {same_key})",
    "updated": "select t.* from {table} as t join {copy} as c on {same_key} where t *<> c order by t.ctid",
    "inserted": "select t.* from {table} as t where not exists (select from {copy} as c where {same_key}) "
    "order by t.ctid",
}


def _parts(table: Table) -> dict[str, sql.Composable]:
    def same_key(one: str, other: str) -> sql.Composable:
        return sql.SQL(" and ").join(
            sql.SQL("{} = {}").format(sql.Identifier(one, column), sql.Identifier(other, column))
            for column in table.key
        )

    return {
        "table": table.name,
        "copy": sql.Identifier("floor", table.relation),
        **{kind: sql.Identifier("pg_temp", f"{kind}_{table.relation}") for kind in _CHANGES},
        "columns": sql.SQL(", ").join(map(sql.Identifier, table.columns)),
        "c_key": sql.SQL(", ").join(sql.Identifier("c", column) for column in table.key),
        "set": sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(column), sql.Identifier("u", column)) for column in table.values
        ),
        "same_key": same_key("c", "t"),
        "same_key_deleted": same_key("c", "d"),
        "same_key_updated": same_key("c", "u"),
    }
