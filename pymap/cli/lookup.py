"""pymap lookup."""

from __future__ import annotations

from typing import Annotated

import typer

from pymap.cli.common import (
    EXIT_NOT_FOUND,
    AsJson,
    Dsn,
    MediaType,
    Tenant,
    connect,
    fetch,
    id_option,
    print_json,
    require_client,
)
from pymap.cli.tables import print_table
from pymap.helper import ClientMediaItemHelper

_LOOKUP = """
select a.client_item_id, m.media_type, m.media_item_id, i.title, i.release_year
from unnest(%(ids)s::text[]) with ordinality as a (client_item_id, position)
left join pymap.get_media_items_by_client_ids(%(client)s, %(ids)s, %(media_type)s, %(tenant)s) as m
    using (client_item_id)
left join pymap.media_items as i on i.tenant_id = %(tenant)s and i.id = m.media_item_id
order by a.position, m.media_type
"""


def lookup(
    ids: Annotated[list[str], typer.Argument(help="Client item IDs.", metavar="ID")],
    client: Annotated[int, id_option(help="The client's ID.")],
    media_type: MediaType = None,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Show which media items a client's IDs stand for.

    Exit status 1 if one is not mapped.
    """
    parameters = {"ids": ids, "client": client, "media_type": media_type, "tenant": tenant}
    with connect(dsn) as connection:
        rows = fetch(connection, _LOOKUP, parameters)
        if all(row["media_item_id"] is None for row in rows):
            require_client(ClientMediaItemHelper(connection, tenant_id=tenant), client)
    if as_json:
        print_json(rows)
    else:
        print_table(("Item ID", "Type", "Media item", "Title", "Year"), [tuple(row.values()) for row in rows])
    if any(row["media_item_id"] is None for row in rows):
        raise typer.Exit(EXIT_NOT_FOUND)
