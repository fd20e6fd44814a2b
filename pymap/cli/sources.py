"""Where the listing of a sync comes from: files, or a media server that is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import typer

import pymap.fetch
from pymap.cli.configuration import NamedServer, named_server, read_servers
from pymap.cli.listings import Page, pages_of, require_listing
from pymap.cli.progress import SyncProgress
from pymap.cli.server_options import given_server, option, refuse_settings
from pymap.fetch import Server


@dataclass(frozen=True, slots=True)
class Source:
    """A client and its listing; the pages are had when they are asked for, and their progress is shown."""

    name: str
    client: int
    client_type: str
    pages: Callable[[SyncProgress], Iterator[Page]]


def all_servers(save: Path | None) -> list[Source]:
    """Return every server that has a name; each keeps its answers in a folder of its own below ``save``."""
    servers = read_servers()
    if not servers:
        raise typer.BadParameter("there is no server with a name; add one with: pymap servers add NAME")
    return [_of_name(server, save and save / server.name) for server in servers.values()]


def one_source(words: list[str], client: int | None, given: Mapping[str, Any], save: Path | None) -> Source:
    """Return the server of that name, the one that the options say, or files; ``given`` are the server's settings."""
    if len(words) == 1 and words[0] in read_servers():
        refuse_settings(words[0], (*(["client"] if client is not None else []), *given))
        return _of_name(named_server(words[0]), save)
    if client is None or "type" not in given:
        raise typer.BadParameter(_what_is_missing(words))
    client_type = str(given["type"])
    if "url" in given or (client_type == "trakt" and not words):
        if words:
            raise typer.BadParameter("either files or --url")
        return _of_server(f"{client_type} {client}", client, client_type, partial(given_server, given), save)
    return _of_files(words, client, client_type, given, save)


def _what_is_missing(words: list[str]) -> str:
    if not words:
        return "name a server (pymap servers lists them), files, or --url, each but the first with --client and --type"
    is_file = len(words) > 1 or words[0] == "-" or Path(words[0]).exists()
    return "files need --client and --type" if is_file else f"{words[0]!r} is neither a server nor a file"


def _of_name(named: NamedServer, save: Path | None) -> Source:
    return _of_server(named.name, named.client, str(named.settings["type"]), named.server, save)


def _of_server(name: str, client: int, client_type: str, server: Callable[[], Server], save: Path | None) -> Source:
    def pages(progress: SyncProgress) -> Iterator[Page]:
        read = 0

        def report(done: int, total: int | None) -> None:
            nonlocal read
            read = done
            progress.report("fetching", done, total)

        for number, answer in enumerate(_answers(server(), save, report), 1):
            yield Page(name, answer, number, entries=read)

    return Source(name, client, client_type.lower(), pages)


def _answers(server: Server, save: Path | None, report: pymap.fetch.Report) -> Iterator[Any]:
    if save is None:
        yield from pymap.fetch.pages(server, report=report)
    else:
        for file in pymap.fetch.download(server, save, report=report):
            yield json.loads(file.read_bytes())


def _of_files(files: list[str], client: int, client_type: str, given: Mapping[str, Any], save: Path | None) -> Source:
    for name in (*(name for name in given if name != "type"), *(["save"] if save else [])):
        raise typer.BadParameter(f"{option(name)} is for a server, not for files")
    if not files:
        raise typer.BadParameter(_what_is_missing(files))
    if files.count("-") > 1:
        raise typer.BadParameter("standard input ('-') can be read only once")
    for file in files:
        require_listing(file)
    return Source(f"{client_type} {client}", client, client_type, lambda progress: pages_of(files))
