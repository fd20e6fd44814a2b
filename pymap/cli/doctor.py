"""pymap doctor."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from pymap.cli.common import EXIT_NOT_FOUND, AsJson, Dsn, Tenant, connect, console, count, print_json, progress_console
from pymap.cli.tables import print_table
from pymap.helper import ClientMediaItemHelper
from pymap.models import Finding

#: More findings than these, the first ones, do not help a reader.
SHOWN = 100


def doctor(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Repair the lookup tables first.")] = False,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Look for damage and for suspicious data.

    Exit status 1 if something is damaged.
    """
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
        console.print(f"Repaired {count(mended, 'row')}.")
    if findings:
        print_table(
            ("Severity", "Kind", "Media item", "Detail"),
            [(one.severity, one.kind, one.media_item_id, one.detail) for one in findings[:SHOWN]],
        )
    if len(findings) > SHOWN:
        console.print(f"… and {len(findings) - SHOWN:,} more; --json shows all.")
    for severity in ("error", "warning"):
        kinds = Counter(finding.kind for finding in findings if finding.severity == severity)
        by_kind = ", ".join(f"{kind} {number:,}" for kind, number in kinds.items())
        console.print(count(kinds.total(), severity) + (f": {by_kind}" if kinds else ""))
        if severity == "error" and kinds and mended is None:
            console.print("pymap doctor --rebuild repairs the lookup tables.")
