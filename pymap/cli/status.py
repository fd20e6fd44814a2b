"""pymap status."""

from __future__ import annotations

from collections import Counter
from typing import Any

import psycopg
import typer
from rich.table import Table

import pymap
from pymap.cli.common import EXIT_NOT_FOUND, AsJson, Dsn, Tenant, console, database, print_json
from pymap.helper import ClientMediaItemHelper


def status(dsn: Dsn = None, tenant: Tenant = 0, as_json: AsJson = False) -> None:
    """Show the server, the migrations and what is mapped; exit status 1 if migrations are pending."""
    target = database(dsn)
    migrations = pymap.migration_status(target)
    with psycopg.connect(target, application_name="pymap") as connection:
        report: dict[str, Any] = {
            "pymap": pymap.__version__,
            "postgresql": connection.info.parameter_status("server_version"),
            "database": connection.info.dbname,
            "applied": migrations.applied,
            "pending": migrations.pending,
        }
        if not migrations.pending:
            report |= _counts(connection, tenant)
    if as_json:
        print_json(report)
    else:
        _print(report)
    if migrations.pending:
        raise typer.Exit(EXIT_NOT_FOUND)


def _counts(connection: psycopg.Connection[Any], tenant: int) -> dict[str, Any]:
    media_items: dict[str | None, int] = {}
    mappings: Counter[tuple[int | None, str | None]] = Counter()
    for row in ClientMediaItemHelper(connection, tenant_id=tenant).stats():
        if row.statistic == "media_items":
            media_items[row.media_type] = row.count
        elif row.statistic == "mappings":
            mappings[row.client_id, row.client_type] += row.count
    return {
        "media_items": media_items,
        "clients": [{"client_id": id_, "client_type": type_, "mappings": n} for (id_, type_), n in mappings.items()],
    }


def _print(report: dict[str, Any]) -> None:
    console.print(f"pymap {report['pymap']}, PostgreSQL {report['postgresql']}, database {report['database']}")
    if report["pending"]:
        console.print(f"Pending migrations: {', '.join(report['pending'])}. Run: pymap migrate")
        return
    console.print(f"Migrations: {', '.join(report['applied'])}")
    total = sum(report["media_items"].values())
    by_type = ", ".join(f"{count:,} {type_}" for type_, count in report["media_items"].items())
    console.print(f"Media items: {total:,}" + (f" ({by_type})" if by_type else ""))
    if report["clients"]:
        table = Table("Client", "Type", "Mappings")
        table.columns[2].justify = "right"
        for client in report["clients"]:
            table.add_row(str(client["client_id"]), client["client_type"], f"{client['mappings']:,}")
        console.print(table)
