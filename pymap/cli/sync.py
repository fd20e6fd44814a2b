"""pymap sync."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer

import pymap
from pymap.cli.common import (
    EXIT_ERROR,
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
    is_embedded,
)
from pymap.cli.listings import ListingError, Page
from pymap.cli.progress import SyncProgress
from pymap.cli.server_options import ApiKey, ClientType, Libraries, TokenEnv, TokenFile, Url, User, settings
from pymap.cli.sources import Source, all_servers, one_source
from pymap.cli.spool import Spool
from pymap.cli.tables import Figure, print_table
from pymap.cli.words import USER_ERRORS, Command
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


def sync(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            help="The name of a server, or files with a server's answers as JSON, also .gz or '-'.",
            metavar="SERVER | FILE",
        ),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Sync every server that has a name.")] = False,
    client: Annotated[int | None, id_option(help="The client's ID, from 1 up; a named server has its own.")] = None,
    type_: ClientType = None,
    url: Url = None,
    token_file: TokenFile = None,
    token_env: TokenEnv = None,
    user: User = None,
    api_key: ApiKey = None,
    libraries: Libraries = None,
    save: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="A new or empty folder to keep the server's answers in.")
    ] = None,
    media_types: Annotated[
        list[str] | None,
        typer.Option(
            "--media-type",
            help="A media type that the listing covers, so that unlisted mappings are removed; may be repeated. "
            "Default: those that occur.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done and write nothing; --json names the items.")
    ] = False,
    allow_removals: Annotated[
        bool, typer.Option("--allow-removals", help="Remove any number of mappings; accept an incomplete listing.")
    ] = False,
    max_removed: Annotated[
        Any,
        typer.Option(
            metavar="SHARE",
            parser=_share,
            help="The share of a media type's mappings that may be removed, such as 30% or 0.3; "
            "checked if 50 or more would be removed.",
        ),
    ] = "20%",
    quiet: Quiet = False,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Make a client's mappings agree with its whole listing, fetched from its server or read from files.

    Each FILE is a page of the listing. Listed entries are kept, matched or created. Mappings of these media types that
    are no longer listed are removed. If anything fails, nothing is written.
    """
    given = settings(type_, url, token_file, token_env, user, api_key, libraries)
    if all_ and (sources or given or client is not None):
        raise typer.BadParameter("--all stands alone: every server has settings of its own")
    wanted = all_servers(save) if all_ else [one_source(sources or [], client, given, save)]
    target = database(dsn)
    if is_embedded(dsn):
        _install(target, quiet or as_json)
    command = _Sync(target, tenant, media_types or None, max_removed, allow_removals, dry_run, quiet, as_json)
    if all_:
        _sync_each(command, wanted, context)
    else:
        command.run(wanted[0])


def _install(dsn: str, is_quiet: bool) -> None:
    """Install pymap in the user's own embedded server, or bring it up to date: nobody else would."""
    if pymap.migration_status(dsn).version != pymap.__version__:
        pymap.migrate(dsn)
        if not is_quiet:
            console.print(f"Installed pymap {pymap.__version__} in the embedded PostgreSQL.", highlight=False)


def _sync_each(command: _Sync, sources: list[Source], context: typer.Context) -> None:
    """Sync one server after the other; if one cannot be synced the others still are, and the exit status is 2."""
    has_failed = False
    for source in sources:
        try:
            command.run(source)
        except USER_ERRORS as error:
            assert isinstance(context.command, Command)
            print(f"pymap: error: {source.name}: {context.command.error_line(error)}", file=sys.stderr)
            has_failed = True
    if has_failed:
        raise typer.Exit(EXIT_ERROR)


@dataclass(frozen=True, slots=True)
class _Sync:
    """What is the same for every listing that one command syncs."""

    dsn: str
    tenant: int
    media_types: list[str] | None
    max_removed: Decimal
    allow_removals: bool
    dry_run: bool
    quiet: bool
    as_json: bool

    def run(self, source: Source) -> None:
        """Sync a listing and print what became of it."""
        rows, unusable = Spool(), Spool()
        with connect(self.dsn) as connection:
            helper = ClientMediaItemHelper(connection, tenant_id=self.tenant)
            with SyncProgress(source.name, self.quiet) as progress, _saying_that_nothing_was_written():
                summary = helper.sync(
                    source.client,
                    source.client_type,
                    _read_items(helper, source, progress, unusable),
                    media_types=self.media_types,
                    max_removed_fraction=self.max_removed,
                    allow_removals=self.allow_removals,
                    dry_run=self.dry_run,
                    on_row=(lambda row: _keep(row, rows)) if self.as_json else None,
                    progress=progress.report,
                )
            waiting = len({pair.media_item_id for pair in helper.get_review_candidates()})
            if self.as_json and not self.dry_run:
                rows = _with_evidence(connection, rows, source, self.tenant)
        if self.as_json:
            report = {
                "client_id": source.client,
                "client_type": source.client_type,
                "dry_run": self.dry_run,
                "counts": summary.counts,
                "waiting_for_review": waiting,
            }
            _print_json(report, items=rows, unusable=unusable)
        else:
            self._print(source, summary, unusable, waiting)

    def _print(self, source: Source, summary: SyncSummary, unusable: Spool, waiting: int) -> None:
        if not self.quiet:
            dry_run = ", dry run: nothing was written" if self.dry_run else ""
            console.print(f"Client {source.client} ({source.client_type}){dry_run}")
            _print_summary(summary)
        _print_unusable(unusable)
        if waiting and not self.quiet:
            waits = "entry waits" if waiting == 1 else "entries wait"
            console.print(f"{waiting:,} {waits} for review: {for_tenant('pymap review', self.tenant)}")


@contextmanager
def _saying_that_nothing_was_written() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        print("pymap: interrupted, nothing was written", file=sys.stderr)
        raise typer.Exit(EXIT_INTERRUPTED) from None


def _read_items(
    helper: ClientMediaItemHelper, source: Source, progress: SyncProgress, unusable: Spool
) -> Iterator[dict[str, Any]]:
    """Return the items of all pages, and tell the progress how many there are as soon as that is known."""
    read = 0
    for page in source.pages(progress):
        items = _items(helper, source.client_type, page)
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


def _with_evidence(connection: psycopg.Connection[Any], rows: Spool, source: Source, tenant: int) -> Spool:
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
                "client": source.client,
                "client_type": source.client_type,
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
