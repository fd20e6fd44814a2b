"""pymap remove-client."""

from __future__ import annotations

from typing import Annotated

import typer

from pymap.cli.clients import by_media_type
from pymap.cli.common import (
    AsJson,
    Dsn,
    Quiet,
    Tenant,
    Yes,
    ask,
    can_ask,
    connect,
    console,
    count,
    id_argument,
    print_json,
    require_client,
)
from pymap.errors import PymapError
from pymap.helper import ClientMediaItemHelper


def remove_client(
    client: Annotated[int, id_argument("CLIENT", "The client's ID.")],
    yes: Yes = False,
    quiet: Quiet = False,
    dsn: Dsn = None,
    tenant: Tenant = 0,
    as_json: AsJson = False,
) -> None:
    """Forget a client and all its mappings.

    The media items stay.
    """
    with connect(dsn) as connection:
        helper = ClientMediaItemHelper(connection, tenant_id=tenant)
        require_client(helper, client)
        if not yes and not _is_wanted(helper, client, as_json):
            console.print("Nothing was removed.")
            raise typer.Exit
        removed = helper.remove_client(client)
    if as_json:
        print_json({"client_id": client, "removed": removed})
    elif not quiet:
        console.print(f"Client {client} was removed with {count(removed, 'mapping')}.")


def _is_wanted(helper: ClientMediaItemHelper, client: int, as_json: bool) -> bool:
    if as_json or not can_ask():
        raise PymapError(f"client {client} is removed only with --yes", hint="It cannot be undone as a whole.")
    (known,) = (one for one in helper.get_clients() if one.client_id == client)
    mappings = by_media_type(known.mappings) or "no mappings"
    console.print(f"Client {client} ({known.client_type}) has {mappings}. To get them back, sync it again.")
    return ask("Remove it?")
