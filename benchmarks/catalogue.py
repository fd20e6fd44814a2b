"""What tables pymap has, from the catalogue: private ones come and go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql


@dataclass(frozen=True)
class Table:
    """A base table of a schema. The columns are those that an INSERT may name."""

    schema: str
    relation: str
    key: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def name(self) -> sql.Identifier:
        """The name with its schema."""
        return sql.Identifier(self.schema, self.relation)

    @property
    def values(self) -> tuple[str, ...]:
        """The columns that are not of the primary key."""
        return tuple(column for column in self.columns if column not in self.key)


def tables(connection: psycopg.Connection[Any], schema: str = "pymap") -> list[Table]:
    """Return the tables of a schema."""
    rows = connection.execute(
        """
        select
            c.relname,
            array(
                select a.attname::text
                from pg_index as i
                cross join unnest(i.indkey) with ordinality as k (attnum, place)
                join pg_attribute as a on a.attrelid = c.oid and a.attnum = k.attnum
                where i.indrelid = c.oid and i.indisprimary and k.place <= i.indnkeyatts
                order by k.place
            ),
            array(
                select a.attname::text
                from pg_attribute as a
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                order by a.attnum
            )
        from pg_class as c
        where c.relnamespace = %s::regnamespace and c.relkind = 'r' and c.relpersistence <> 't'
        order by 1
        """,
        [schema],
    )
    return [Table(schema, relation, tuple(key), tuple(columns)) for relation, key, columns in rows]


def rows_written(connection: psycopg.Connection[Any], schema: str = "pymap") -> int:
    """Return how many rows this transaction has inserted, updated and deleted, those that it took back too."""
    row = connection.execute(
        """
        select coalesce(sum(
            pg_stat_get_xact_tuples_inserted(c.oid)
            + pg_stat_get_xact_tuples_updated(c.oid)
            + pg_stat_get_xact_tuples_deleted(c.oid)
        ), 0)::bigint
        from pg_class as c
        where c.relnamespace = %s::regnamespace and c.relkind = 'r'
        """,
        [schema],
    ).fetchone()
    assert row
    return int(row[0])
