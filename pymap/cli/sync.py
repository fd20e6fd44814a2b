"""pymap sync."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from typing import Annotated, Any

import psycopg
import typer
from rich.table import Table

from pymap.cli.common import AsJson, Dsn, Tenant, connect, console, database, fetch, id_option
from pymap.cli.listings import ListingError, read_listing, require_listing
from pymap.cli.progress import SyncProgress
from pymap.cli.spool import Spool
from pymap.errors import InvalidArgument, SyncRefused
from pymap.helper import ClientMediaItemHelper
from pymap.models import ACTIONS, MappedItem, SyncSummary

_MATCHED = ("matched", "rekeyed", "reassigned")

_EVIDENCE = """
select a.id as asked_id, a.media_type, c.evidence, c.weight, c.comparisons
from unnest(%(ids)s::text[], %(media_types)s::text[]) as a (id, media_type)
join pymap.client_items as c
    on c.tenant_id = %(tenant)s
    and c.client_id = %(client)s
    and c.client_item_id = pymap.normalize_client_item_id(%(client_type)s, a.id)
    and c.media_type = a.media_type
where c.weight is not null
"""


def sync(
    files: Annotated[list[str], typer.Argument(help="JSON answers of the server, also .gz or '-'.", metavar="FILE")],
    client: Annotated[int, id_option(help="The client's ID, from 1 up.")],
    type_: Annotated[str, typer.Option("--type", help="The client's type, such as plex or jellyfin.")],
    media_types: Annotated[
        list[str] | None,
        typer.Option(
            "--media-type",
            help="A media type of which all is listed, so that what is missing is removed; may be repeated. "
            "Default: those that occur.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done (--json: with which items); write nothing.")
    ] = False,
    allow_removals: Annotated[
        bool, typer.Option("--allow-removals", help="Remove mappings however many are no longer listed.")
    ] = False,
    max_removed: Annotated[
        float,
        typer.Option(
            metavar="FRACTION", help="The share of a media type's mappings that may be removed, 0 to 1; 49 always may."
        ),
    ] = 0.2,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Make a client's mappings agree with its whole listing, of which each FILE is a page.

    All or nothing: what is no longer listed of these media types is removed, the rest is kept, matched or created.
    """
    if files.count("-") > 1:
        raise typer.BadParameter("standard input ('-') can be read only once")
    for file in files:
        require_listing(file)
    rows, unusable = Spool(), Spool()
    target = database(dsn)
    # The first connection is busy with the upload while the second one reads the pages.
    with (
        connect(target) as connection,
        connect(target) as reader,
        SyncProgress(f"{type_} {client}", files) as progress,
        _hint_at_options(),
    ):
        summary = ClientMediaItemHelper(connection, tenant_id=tenant).sync(
            client,
            type_,
            _read_items(ClientMediaItemHelper(reader), type_, progress.pages(), unusable),
            media_types=media_types or None,
            max_removed_fraction=max_removed,
            allow_removals=allow_removals,
            dry_run=dry_run,
            on_row=(lambda row: _keep(row, rows)) if as_json else None,
            progress=progress.report,
        )
        if as_json and not dry_run:
            rows = _with_evidence(connection, rows, client, type_, tenant)
    if as_json:
        report = {"client_id": client, "client_type": type_, "dry_run": dry_run, "counts": summary.counts}
        _print_json(report, items=rows, unusable=unusable)
    else:
        console.print(f"Client {client} ({type_})" + (", dry run: nothing was written" if dry_run else ""))
        _print_summary(summary, unusable)


@contextmanager
def _hint_at_options() -> Iterator[None]:
    try:
        yield
    except SyncRefused as error:
        hint = error.hint and error.hint.replace("p_allow_removals => true", "--allow-removals")
        raise SyncRefused(str(error), detail=error.detail, hint=hint) from error


def _read_items(
    helper: ClientMediaItemHelper, client_type: str, files: Iterator[str], unusable: Spool
) -> Iterator[dict[str, Any]]:
    for file in files:
        for item in _items(helper, client_type, file):
            if isinstance(item, dict) and item.get("error") is not None:
                unusable.append(item)
            yield item


def _items(helper: ClientMediaItemHelper, client_type: str, file: str) -> list[dict[str, Any]]:
    try:
        return [item for page in read_listing(file) for item in helper.items_from_response(client_type, page)]
    except InvalidArgument as error:
        raise ListingError(f"{file}: {error}. {error.hint}") from error
    except psycopg.DataError as error:
        raise ListingError(f"{file}: {error.diag.message_primary or error}: {error.diag.message_detail}") from error


def _keep(row: MappedItem, rows: Spool) -> None:
    if row.action != "unusable":
        rows.append(asdict(row))


def _with_evidence(
    connection: psycopg.Connection[Any], rows: Spool, client: int, client_type: str, tenant: int
) -> Spool:
    """Return the rows with what speaks for the mappings that were matched, in constant memory."""
    explained = Spool()
    lines = rows.lines()
    while chunk := [json.loads(line) for line in islice(lines, 1000)]:
        matched = [row for row in chunk if row["action"] in _MATCHED]
        found = fetch(
            connection,
            _EVIDENCE,
            {
                "ids": [row["client_item_id"] for row in matched],
                "media_types": [row["media_type"] for row in matched],
                "client": client,
                "client_type": client_type,
                "tenant": tenant,
            },
        )
        evidence = {(row.pop("asked_id"), row.pop("media_type")): row for row in found}
        for row in chunk:
            explained.append(row | evidence.get((row["client_item_id"], row["media_type"]), {}))
    return explained


def _print_json(report: dict[str, Any], **lists: Spool) -> None:
    sys.stdout.write(json.dumps(report, indent=2, ensure_ascii=False).removesuffix("\n}"))
    for name, values in lists.items():
        sys.stdout.write(f',\n  "{name}": [')
        separator, end = "\n    ", ""
        for line in values.lines():
            sys.stdout.write(separator + line)
            separator, end = ",\n    ", "\n  "
        sys.stdout.write(f"{end}]")
    sys.stdout.write("\n}\n")


def _print_summary(summary: SyncSummary, unusable: Spool) -> None:
    # A column of zeros says nothing.
    actions = [action for action in ACTIONS if summary.total(action)]
    table = Table("Media type", *actions)
    for column in table.columns[1:]:
        column.justify = "right"
    for media_type, counts in sorted(summary.counts.items()):
        table.add_row(media_type, *(f"{counts[action]:,}" for action in actions))
    console.print(table if actions else "The listing has no entries.")
    for line in unusable.lines():
        item = json.loads(line)
        entry = json.dumps(item.get("entry"), ensure_ascii=False)
        console.print(f"not mapped: {item['error']} {entry}", style="yellow", markup=False, soft_wrap=True)
