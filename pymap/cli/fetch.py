"""pymap fetch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pymap.fetch
from pymap.cli.common import AsJson, console, print_json
from pymap.cli.server_options import (
    ApiKey,
    ClientType,
    Libraries,
    TokenEnv,
    TokenFile,
    Url,
    User,
    named_or_given,
    settings,
)


def fetch(
    save: Annotated[Path, typer.Option(metavar="FOLDER", help="A new or empty folder for the server's answers.")],
    name: Annotated[str | None, typer.Argument(metavar="[SERVER]", help="The name of a server.")] = None,
    type_: ClientType = None,
    url: Url = None,
    token_file: TokenFile = None,
    token_env: TokenEnv = None,
    user: User = None,
    api_key: ApiKey = None,
    libraries: Libraries = None,
    as_json: AsJson = False,
) -> None:
    """Save the answers in which a server lists everything; `pymap sync` takes the files.

    All or nothing: if the listing is incomplete, no file is written.
    """
    server = named_or_given(name, settings(type_, url, token_file, token_env, user, api_key, libraries))
    files = pymap.fetch.download(server, save)
    if as_json:
        print_json({"type": server.type, "files": [str(file) for file in files]})
    else:
        console.print(f"{len(files)} answers of {server} are in {save}.", soft_wrap=True)
