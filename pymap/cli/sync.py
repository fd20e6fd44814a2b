"""pymap sync."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from decimal import Decimal
from itertools import islice
from typing import Annotated, Any

import psycopg
import typer

from pymap.cli.common import (
    EXIT_INTERRUPTED,
    AsJson,
    Dsn,
    Quiet,
    Tenant,
    connect,
    console,
    database,
    fetch,
    for_tenant,
    id_option,
)
from pymap.cli.listings import ListingError, Page, pages_of, require_listing
from pymap.cli.progress import SyncProgress
from pymap.cli.spool import Spool
from pymap.cli.tables import Figure, print_table
from pymap.errors import InvalidArgument
from pymap.helper import ClientMediaItemHelper
from pymap.models import ACTIONS, MappedItem, SyncSummary

_SHARE = re.compile(r"\d+(\.\d+)?%?")

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


def _share(value: str) -> Decimal:
    if not _SHARE.fullmatch(value):
        raise typer.BadParameter(f"{value!r} is no share, such as 30% or 0.3")
    number = Decimal(value.removesuffix("%"))
    return number / 100 if value.endswith("%") else number


def _lower(value: str) -> str:
    return value.lower()


def sync(
    files: Annotated[list[str], typer.Argument(help="JSON answers of the server, also .gz or '-'.", metavar="FILE")],
    client: Annotated[int, id_option(help="The client's ID, from 1 up.")],
    type_: Annotated[str, typer.Option("--type", help="The client's type, such as plex or jellyfin.", callback=_lower)],
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
        Any,
        typer.Option(
            metavar="SHARE",
            parser=_share,
            help="The share of a media type's mappings that may be removed, such as 30% or 0.3; 49 always may.",
        ),
    ] = "20%",
    quiet: Quiet = False,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Make a client's mappings agree with its whole listing.

    Each FILE is a page of the listing. All or nothing: what is no longer listed of these media types is removed, the
    rest is kept, matched or created.
    """
    if files.count("-") > 1:
        raise typer.BadParameter("standard input ('-') can be read only once")
    for file in files:
        require_listing(file)
    rows, unusable = Spool(), Spool()
    target = database(dsn)
    # The first connection is busy with the upload while the second one reads the pages.
    with connect(target) as connection, connect(target) as reader:
        helper = ClientMediaItemHelper(connection, tenant_id=tenant)
        with SyncProgress(f"{type_} {client}", quiet) as progress, _saying_that_nothing_was_written():
            summary = helper.sync(
                client,
                type_,
                _read_items(ClientMediaItemHelper(reader), type_, pages_of(files), progress, unusable),
                media_types=media_types or None,
                max_removed_fraction=max_removed,
                allow_removals=allow_removals,
                dry_run=dry_run,
                on_row=(lambda row: _keep(row, rows)) if as_json else None,
                progress=progress.report,
            )
        waiting = len({pair.media_item_id for pair in helper.get_review_candidates()})
        if as_json and not dry_run:
            rows = _with_evidence(connection, rows, client, type_, tenant)
    if as_json:
        report = {"client_id": client, "client_type": type_, "dry_run": dry_run, "counts": summary.counts}
        _print_json(report | {"waiting_for_review": waiting}, items=rows, unusable=unusable)
        return
    if not quiet:
        console.print(f"Client {client} ({type_})" + (", dry run: nothing was written" if dry_run else ""))
        _print_summary(summary)
    _print_unusable(unusable)
    if waiting and not quiet:
        waits = "entry waits" if waiting == 1 else "entries wait"
        console.print(f"{waiting:,} {waits} for review: {for_tenant('pymap review', tenant)}")


@contextmanager
def _saying_that_nothing_was_written() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        print("pymap: interrupted, nothing was written", file=sys.stderr)
        raise typer.Exit(EXIT_INTERRUPTED) from None


def _read_items(
    helper: ClientMediaItemHelper, client_type: str, pages: Iterator[Page], progress: SyncProgress, unusable: Spool
) -> Iterator[dict[str, Any]]:
    """Return the items of all pages, and tell the progress how many there are as soon as that is known."""
    read = 0
    for page in pages:
        items = _items(helper, client_type, page)
        read += len(items)
        progress.page(page.number, page.count, read if page.is_last else page.entries)
        for item in items:
            if isinstance(item, dict) and item.get("error") is not None:
                unusable.append(item)
            yield item


def _items(helper: ClientMediaItemHelper, client_type: str, page: Page) -> list[dict[str, Any]]:
    try:
        return helper.items_from_response(client_type, page.response)
    except InvalidArgument as error:
        raise ListingError(f"{page.name}: {error}. {error.hint}") from error
    except psycopg.DataError as error:
        message = error.diag.message_primary or error
        raise ListingError(f"{page.name}: {message}: {error.diag.message_detail}") from error


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


def _print_summary(summary: SyncSummary) -> None:
    # A column of zeros says nothing.
    actions = [action for action in ACTIONS if summary.total(action)]
    if not actions:
        console.print("The listing has no entries.")
        return
    print_table(
        ("Media type", *actions),
        [(type_, *(Figure(counts[one]) for one in actions)) for type_, counts in sorted(summary.counts.items())],
    )


def _print_unusable(unusable: Spool) -> None:
    for line in unusable.lines():
        item = json.loads(line)
        entry = json.dumps(item.get("entry"), ensure_ascii=False)
        console.print(f"not mapped: {item['error']} {entry}", style="yellow", markup=False, soft_wrap=True)
