"""pymap translate."""

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

_TRANSLATE = """
select a.from_item_id, t.media_type, t.media_item_id, i.title, t.to_item_id
from unnest(%(ids)s::text[]) with ordinality as a (from_item_id, position)
left join pymap.translate_client_item_ids(%(from)s, %(ids)s, %(to)s, %(media_type)s, %(tenant)s) as t
    using (from_item_id)
left join pymap.media_items as i on i.tenant_id = %(tenant)s and i.id = t.media_item_id
order by a.position, t.media_type, t.to_item_id
"""


def translate(
    ids: Annotated[list[str], typer.Argument(help="Client item IDs of the first client.", metavar="ID")],
    from_: Annotated[int, id_option("--from", help="The client whose IDs they are.")],
    to: Annotated[int, id_option("--to", help="The client whose IDs are wanted.")],
    media_type: MediaType = None,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Translate client item IDs into those of another client.

    Exit status 1 if one has no counterpart.
    """
    parameters = {"ids": ids, "from": from_, "to": to, "media_type": media_type, "tenant": tenant}
    with connect(dsn) as connection:
        rows = fetch(connection, _TRANSLATE, parameters)
        helper = ClientMediaItemHelper(connection, tenant_id=tenant)
        for client, column in ((from_, "media_item_id"), (to, "to_item_id")):
            if all(row[column] is None for row in rows):
                require_client(helper, client)
    if as_json:
        print_json(rows)
    else:
        print_table(("From ID", "Type", "Media item", "Title", "To ID"), [tuple(row.values()) for row in rows])
    if any(row["to_item_id"] is None for row in rows):
        raise typer.Exit(EXIT_NOT_FOUND)
