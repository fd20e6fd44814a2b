"""The options that say how to ask a media server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from pymap.cli.configuration import NamedServer, named_server
from pymap.fetch import Server

_PANEL = "Media server"

ClientType = Annotated[
    str | None,
    typer.Option("--type", help="The server's type, such as plex or jellyfin.", rich_help_panel=_PANEL),
]
Url = Annotated[
    str | None, typer.Option(help="The server's address, such as http://nas:32400.", rich_help_panel=_PANEL)
]
TokenFile = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="A file that holds the token, API key or password; '-' is standard input.",
        rich_help_panel=_PANEL,
    ),
]
TokenEnv = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="An environment variable that holds it instead.", rich_help_panel=_PANEL),
]
User = Annotated[
    str | None,
    typer.Option(
        help="Kodi, Subsonic: the user of the password. Jellyfin, Emby: the user whose view is listed. "
        "Default: an administrator.",
        rich_help_panel=_PANEL,
    ),
]
ApiKey = Annotated[str | None, typer.Option(help="Trakt: the client ID of your application.", rich_help_panel=_PANEL)]
Libraries = Annotated[
    list[str] | None,
    typer.Option("--library", help="A library to list; may be repeated. Default: all.", rich_help_panel=_PANEL),
]


def settings(
    type_: str | None,
    url: str | None,
    token_file: str | None,
    token_env: str | None,
    user: str | None,
    api_key: str | None,
    libraries: list[str] | None,
) -> dict[str, Any]:
    """Return what was given, under the keys of the servers' file."""
    if token_file and token_env:
        raise typer.BadParameter("--token-file and --token-env exclude each other")
    given = {
        "type": type_ and type_.lower(),
        "url": url,
        "user": user,
        "api_key": api_key,
        "token_file": token_file,
        "token_env": token_env,
        "libraries": libraries,
    }
    return {key: value for key, value in given.items() if value}


def option(key: str) -> str:
    """Return the option of a key of the settings."""
    return "--library" if key == "libraries" else f"--{key.replace('_', '-')}"


def given_server(given: Mapping[str, Any]) -> Server:
    """Return the server that the options say."""
    return NamedServer("", 0, given).server()


def refuse_settings(name: str, given: Iterable[str]) -> None:
    """Raise BadParameter for the first of the settings that were given beside the name of a server."""
    for key in given:
        raise typer.BadParameter(f"{name} is a server with settings of its own; leave out {option(key)}")


def named_or_given(name: str | None, given: Mapping[str, Any]) -> Server:
    """Return the server of that name, or the one that the options say."""
    if name:
        refuse_settings(name, given)
        return named_server(name).server()
    if "type" not in given:
        raise typer.BadParameter("name a server, or say --type and --url")
    return given_server(given)
