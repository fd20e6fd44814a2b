"""pymap servers."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

import pymap.fetch
from pymap.cli.common import AsJson, console, id_option, print_json
from pymap.cli.configuration import (
    NamedServer,
    add_server,
    read_servers,
    read_token,
    remove_server,
    require_new_name,
    servers_file,
)
from pymap.cli.server_options import ApiKey, Libraries, TokenEnv, TokenFile, Url, User, settings
from pymap.cli.tables import Figure, print_table
from pymap.cli.words import Command, Group

app = typer.Typer(cls=Group, help="The media servers that have a name.", invoke_without_command=True)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="Your name for the server.")]


@app.callback()
def servers(context: typer.Context, as_json: AsJson = False) -> None:
    """List the media servers that have a name, or add and remove one."""
    if context.invoked_subcommand:
        return
    rows = [_row(server) for server in read_servers().values()]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(
            ("Name", "Client", "Type", "URL", "User", "Libraries", "Token"), [list(row.values()) for row in rows]
        )
    else:
        console.print("There are none. Add one with: pymap servers add NAME --type plex --url http://…")


@app.command(cls=Command)
def add(
    name: _Name,
    type_: Annotated[str, typer.Option("--type", help="Its type: " + ", ".join(pymap.fetch.TYPES) + ".")],
    url: Url = None,
    client: Annotated[
        int | None, id_option(help="The client's ID in the database, from 1 up. Default: the next one.")
    ] = None,
    token_file: TokenFile = None,
    token_env: TokenEnv = None,
    user: User = None,
    api_key: ApiKey = None,
    libraries: Libraries = None,
    check: Annotated[bool, typer.Option(help="Ask the server for its libraries before it is added.")] = True,
) -> None:
    """Give a media server a name.

    It asks for the token, unless a file or a variable holds it. A token that is typed in, or comes from standard input,
    is kept in the file of the servers, which only you may read.
    """
    require_new_name(name)
    given = settings(type_, url, token_file, token_env, user, api_key, libraries)
    if token_file == "-" or (not token_file and not token_env and sys.stdin.isatty()):
        given.pop("token_file", None)
        given |= _typed_token(token_file)
    elif token_file:
        given["token_file"] = str(Path(token_file).expanduser().absolute())
    if client is not None and client < 1:
        raise typer.BadParameter(f"{client} is no client's ID: give a number from 1 up")
    if client is None:
        client = max((server.client for server in read_servers().values()), default=0) + 1
    server = NamedServer(name, client, given).server()
    contents = pymap.fetch.contents(server) if check else None
    add_server(name, {"client": client} | given | {"url": server.url})
    if contents is not None:
        _print_contents(contents)
    console.print(f"{name} is client {client}. Sync it with: pymap sync {name}", soft_wrap=True)


@app.command(cls=Command)
def remove(name: _Name) -> None:
    """Forget the name of a media server; the database keeps its mappings."""
    remove_server(name)
    console.print(f"{name} is gone from {servers_file()}.", soft_wrap=True)


def _typed_token(token_file: str | None) -> dict[str, str]:
    if token_file:
        return {"token": read_token(token_file)}
    typed = typer.prompt(
        "Token, API key or password (nothing if the server wants none)", "", hide_input=True, show_default=False
    )
    return {"token": typed.strip()} if typed.strip() else {}


def _row(server: NamedServer) -> dict[str, Any]:
    settings = server.settings
    return {
        "name": server.name,
        "client": server.client,
        "type": settings["type"],
        "url": settings.get("url"),
        "user": settings.get("user"),
        "libraries": ", ".join(settings.get("libraries", ())) or None,
        "token": _place_of_token(settings),
    }


def _place_of_token(settings: Mapping[str, Any]) -> str | None:
    if "token_file" in settings:
        return f"in {settings['token_file']}"
    if "token_env" in settings:
        return f"in ${settings['token_env']}"
    return f"in {servers_file()}" if "token" in settings else None


def _print_contents(contents: dict[str, int | None]) -> None:
    rows = [
        (listing, "not told" if total is None else Figure(total)) for listing, total in contents.items() if total != 0
    ]
    if rows:
        print_table(("Listing", "Entries"), rows)
    else:
        console.print("The server has nothing that pymap reads.")
