"""pymap citus."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pymap import citus
from pymap.cli.common import EXIT_NOT_FOUND, AsJson, Dsn, console, database, print_json, progress_console
from pymap.cli.tables import print_table
from pymap.cli.words import Command, Group

app = typer.Typer(cls=Group, help="Run pymap on several machines with Citus; docs/scale.md.", no_args_is_help=True)


@app.command(cls=Command)
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


@app.command(cls=Command)
def refresh(dsn: Dsn = None, as_json: AsJson = False) -> None:
    """Make the cells that are missing or outdated; run it after moving or splitting a shard, or adding a node."""
    with progress_console.status("Making the cells…"):
        cells = citus.refresh(database(dsn))
    _print(cells, as_json)


@app.command(cls=Command)
def check(dsn: Dsn = None, as_json: AsJson = False) -> None:
    """Look for problems that keep the nodes from serving their tenants; exit status 1 if there is one."""
    problems = citus.check(database(dsn))
    if as_json:
        print_json(problems)
    elif problems:
        print_table(("Node", "Subject", "Problem"), [(one.node, one.subject, one.problem) for one in problems])
    else:
        console.print("Every cell is there and of this version.")
    if problems:
        raise typer.Exit(EXIT_NOT_FOUND)


def _print(cells: list[citus.Cell], as_json: bool) -> None:
    if as_json:
        print_json(cells)
    else:
        print_table(("Node", "Cell", "What"), [(cell.node, cell.cell, cell.action) for cell in cells])
