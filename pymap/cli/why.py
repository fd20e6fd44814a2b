"""pymap why."""

from __future__ import annotations

from typing import Annotated

import psycopg
import typer
from psycopg.rows import scalar_row

from pymap.cli.common import (
    EXIT_NOT_FOUND,
    AsJson,
    Dsn,
    MediaType,
    Tenant,
    connect,
    console,
    fetch,
    id_option,
    print_json,
    require_client,
)
from pymap.cli.tables import print_table
from pymap.helper import ClientMediaItemHelper
from pymap.models import Comparison

_MAPPED = """
select m.media_type, m.media_item_id
from pymap.get_media_items_by_client_ids(%(client)s, array[%(id)s]::text[], %(media_type)s, %(tenant)s) as m
order by m.media_type
"""


def why(
    client_item_id: Annotated[str, typer.Argument(help="A client item ID that is mapped.", metavar="ID")],
    client: Annotated[int, id_option(help="The client's ID.")],
    media_type: MediaType = None,
    item: Annotated[
        int | None, id_option(help="A media item to compare it with; default: the one that it is mapped to.")
    ] = None,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Show why a client item is, or is not, matched with a media item.

    It lists every comparison with its weight. Exit status 1 if the client item is not mapped.
    """
    with connect(dsn) as connection:
        helper = ClientMediaItemHelper(connection, tenant_id=tenant)
        mapped = fetch(
            connection, _MAPPED, {"client": client, "id": client_item_id, "media_type": media_type, "tenant": tenant}
        )
        if not mapped:
            require_client(helper, client)
        thresholds = _thresholds(connection)
        results = []
        for row in mapped:
            media_item = row["media_item_id"] if item is None else item
            comparisons = helper.explain_match(client, client_item_id, row["media_type"], media_item)
            results.append((row["media_type"], media_item, comparisons))
    if as_json:
        print_json(
            [
                {"media_type": type_, "media_item_id": id_, "weight": _sum(found), "comparisons": found}
                for type_, id_, found in results
            ]
        )
    for type_, id_, found in results:
        if not as_json:
            _show(f"{type_} {client_item_id} of client {client} and media item {id_}", found, thresholds)
    if not results:
        if not as_json:
            console.print(f"Client {client} has no mapping of {client_item_id}.", markup=False)
        raise typer.Exit(EXIT_NOT_FOUND)


def _thresholds(connection: psycopg.Connection[object]) -> dict[str, int]:
    with connection.cursor(row_factory=scalar_row) as cursor:
        cursor.execute("select jsonb_object_agg(outcome, weight) from pymap.match_weights where evidence = 'decision'")
        return dict(cursor.fetchone() or {})


def _sum(comparisons: list[Comparison]) -> int:
    return sum(comparison.weight for comparison in comparisons)


def _show(heading: str, comparisons: list[Comparison], thresholds: dict[str, int]) -> None:
    print_table(
        ("Field", "The client says", "The media item says", "Outcome", "Weight"),
        [(one.field, one.client_says, one.media_item_says, one.outcome, f"{one.weight:+}") for one in comparisons],
        title=heading,
    )
    weight = _sum(comparisons)
    if weight >= thresholds["match"]:
        verdict = f"enough for a match, which takes {thresholds['match']}"
    elif weight >= thresholds["review"]:
        verdict = f"for a person to decide: a match takes {thresholds['match']}, a review {thresholds['review']}"
    else:
        verdict = f"another thing: a review takes {thresholds['review']}"
    console.print(f"Together {weight:+}: {verdict}.")
