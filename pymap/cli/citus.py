"""pymap citus."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer

from pymap import citus
from pymap.cli.common import EXIT_NOT_FOUND, AsJson, Dsn, console, database, print_json, print_rows, progress_console

app = typer.Typer(help="Run pymap on several machines with Citus; see docs/scale.md.", no_args_is_help=True)


@app.command()
def convert(
    dsn: Dsn = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the SQL and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Distribute the tables by tenant and make the cells; safe to run again.

    Run it on the coordinator, as the owner of schema pymap. A database that is not ready is refused.
    """
    if dry_run:
        statements = citus.conversion(database(dsn))
        if as_json:
            print_json(statements)
        elif statements:
            sys.stdout.write("".join(f"{statement};\n" for statement in ["begin", *statements, "commit"]))
            sys.stdout.write("select * from pymap_citus.refresh_cells();\n")
        return
    with progress_console.status("Distributing the tables and making the cells…"):
        cells = citus.convert(database(dsn))
    _print(cells, as_json)


@app.command()
def refresh(dsn: Dsn = None, as_json: AsJson = False) -> None:
    """Make the cells that are missing or outdated; after each move or split of a shard, and when a node was added."""
    with progress_console.status("Making the cells…"):
        cells = citus.refresh(database(dsn))
    _print(cells, as_json)


@app.command()
def check(dsn: Dsn = None, as_json: AsJson = False) -> None:
    """Look for what keeps the nodes from serving their tenants; exit status 1 if there is anything."""
    problems = citus.check(database(dsn))
    if problems or as_json:
        _print(problems, as_json)
    else:
        console.print("Every cell is there and of this version.")
    if problems:
        raise typer.Exit(EXIT_NOT_FOUND)


def _print(rows: list[Any], as_json: bool) -> None:
    print_rows([asdict(row) for row in rows], as_json)
