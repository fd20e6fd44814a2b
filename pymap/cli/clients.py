"""pymap clients."""

from __future__ import annotations

import typer

from pymap.cli.common import EXIT_NOT_FOUND, AsJson, Dsn, Tenant, connect, console, local_time, print_json
from pymap.cli.tables import Figure, print_table
from pymap.helper import ClientMediaItemHelper


def clients(dsn: Dsn = None, tenant: Tenant = 0, as_json: AsJson = False) -> None:
    """Show the clients and their mappings.

    Exit status 1 if there is none.
    """
    with connect(dsn) as connection:
        found = ClientMediaItemHelper(connection, tenant_id=tenant).get_clients()
    if as_json:
        print_json(found)
    elif found:
        print_table(
            ("Client", "Type", "Mappings", "By media type", "Last changed"),
            [
                (
                    one.client_id,
                    one.client_type,
                    Figure(sum(one.mappings.values())),
                    by_media_type(one.mappings) or "-",
                    local_time(one.changed_at) if one.changed_at else "-",
                )
                for one in found
            ],
        )
    else:
        console.print("There are no clients yet: pymap sync --help")
    if not found:
        raise typer.Exit(EXIT_NOT_FOUND)


def by_media_type(counts: dict[str, int]) -> str:
    """Return counts in one line, the largest first."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count:,} {media_type}" for media_type, count in ranked)
