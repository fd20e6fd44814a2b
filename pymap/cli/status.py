"""pymap status."""

from __future__ import annotations

from collections import Counter
from typing import Any

import psycopg
import typer

import pymap
from pymap.cli.clients import by_media_type
from pymap.cli.common import EXIT_NOT_FOUND, AsJson, Dsn, Tenant, console, database, print_json
from pymap.cli.tables import Figure, print_table
from pymap.helper import ClientMediaItemHelper


def status(dsn: Dsn = None, tenant: Tenant = 0, as_json: AsJson = False) -> None:
    """Show the server, what is installed and what is mapped.

    Exit status 1 if something is not up to date.
    """
    target = database(dsn)
    migrations = pymap.migration_status(target)
    is_current = not migrations.pending and migrations.version == pymap.__version__
    with psycopg.connect(target, application_name="pymap") as connection:
        report: dict[str, Any] = {
            "pymap": pymap.__version__,
            "postgresql": connection.info.parameter_status("server_version"),
            "database": connection.info.dbname,
            "installed": migrations.version,
            "applied": migrations.applied,
            "pending": migrations.pending,
        }
        if is_current:
            report |= _counts(connection, tenant)
    if as_json:
        print_json(report)
    else:
        _print(report, is_current)
    if not is_current:
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


def _print(report: dict[str, Any], is_current: bool) -> None:
    console.print(f"pymap {report['pymap']}, PostgreSQL {report['postgresql']}, database {report['database']}")
    if report["installed"]:
        console.print(f"Installed: version {report['installed']}")
    if report["pending"]:
        console.print(f"Pending migrations: {', '.join(report['pending'])}")
    if not is_current:
        console.print("Run: pymap migrate")
        return
    by = ", ".join(report["applied"]) or "none noted: it was installed with the SQL bundle"
    console.print(f"Migrations: {by}")
    total = sum(report["media_items"].values())
    console.print(f"Media items: {total:,}" + (f" ({by_media_type(report['media_items'])})" if total else ""))
    if report["clients"]:
        print_table(
            ("Client", "Type", "Mappings"),
            [(one["client_id"], one["client_type"], Figure(one["mappings"])) for one in report["clients"]],
        )
