"""pymap doctor."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from pymap.cli.common import EXIT_NOT_FOUND, AsJson, Dsn, Tenant, connect, console, print_json, progress_console
from pymap.helper import ClientMediaItemHelper
from pymap.models import Finding

#: More findings than these, the first ones, do not help a reader.
SHOWN = 100


def doctor(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="First make the lookup tables agree with the media items.")
    ] = False,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Look for damage and for what is suspicious; exit status 1 if something is damaged."""
    with connect(dsn) as connection, progress_console.status("Reading everything…"):
        helper = ClientMediaItemHelper(connection, tenant_id=tenant)
        mended = helper.rebuild_lookup() if rebuild else None
        findings = helper.check_integrity()
    if as_json:
        print_json({"mended": mended, "findings": findings})
    else:
        _print(findings, mended)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(EXIT_NOT_FOUND)


def _print(findings: list[Finding], mended: int | None) -> None:
    if mended is not None:
        console.print(f"Mended {_count(mended, 'row')}.")
    if findings:
        console.print(_table(findings[:SHOWN]))
    if len(findings) > SHOWN:
        console.print(f"… and {len(findings) - SHOWN:,} more; --json shows all.")
    for severity in ("error", "warning"):
        kinds = Counter(finding.kind for finding in findings if finding.severity == severity)
        by_kind = ", ".join(f"{kind} {count:,}" for kind, count in kinds.items())
        console.print(_count(kinds.total(), severity) + (f": {by_kind}" if kinds else ""))
        if severity == "error" and kinds and mended is None:
            console.print("pymap doctor --rebuild mends the lookup tables.")


def _table(findings: list[Finding]) -> Table:
    table = Table()
    table.add_column("Severity", no_wrap=True)
    table.add_column("Kind", no_wrap=True)
    table.add_column("Media item", no_wrap=True, justify="right")
    table.add_column("Detail", overflow="fold")
    for finding in findings:
        style = "red" if finding.severity == "error" else "yellow"
        table.add_row(
            f"[{style}]{finding.severity}[/{style}]", finding.kind, str(finding.media_item_id), escape(finding.detail)
        )
    return table


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
