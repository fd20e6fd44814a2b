"""Subsonic and its kin: search3 for everything, page after page until nothing comes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from functools import partial

from pymap.errors import FetchError
from pymap.fetch.answer import Answer, nested, objects, text
from pymap.fetch.http import Http
from pymap.fetch.libraries import chosen
from pymap.fetch.listing import Listing, Page
from pymap.fetch.server import Server

#: Servers send no more at once.
_PAGE_SIZE = 500
_KINDS = ("artist", "album", "song")

_EVERY_REQUEST = {"v": "1.16.1", "c": "pymap", "f": "json"}
_PING = "/rest/ping.view"

#: What servers answer that cannot check a hash: a parameter is missing, or they have no such way of logging in.
_WANTS_PASSWORD = (10, 41, 42)


def connect(server: Server) -> Http:
    """Return a connection that carries the API key, or the user and a hash of the password."""
    return Http(server, params=_EVERY_REQUEST | _login(server))


def listings(http: Http, server: Server) -> Iterator[Listing]:
    """Return a listing of artists, of albums and of songs, of the whole server or of each folder that is named."""
    _send_password_if_wanted(http, server)
    for folder in _folders(http, server):
        for kind in _KINDS:
            name = f"{kind}s of folder {folder['musicFolderId']}" if folder else f"{kind}s"
            # Of a folder, Supysonic lists an artist as often as it has tracks there.
            yield Listing(name, _PAGE_SIZE, partial(_read, http, kind, folder), may_repeat=bool(folder))


def _login(server: Server) -> dict[str, str]:
    if not server.user:
        return {"apiKey": server.token or ""}
    salt = secrets.token_hex(8)
    token = hashlib.md5(f"{server.token}{salt}".encode(), usedforsecurity=False).hexdigest()
    return {"u": server.user, "t": token, "s": salt}


def _send_password_if_wanted(http: Http, server: Server) -> None:
    answer = http.get(_PING)
    if server.user and nested(answer.content, "subsonic-response", "error", "code") in _WANTS_PASSWORD:
        password = (server.token or "").encode().hex()
        http.send_with_each(_EVERY_REQUEST | {"u": server.user, "p": f"enc:{password}"})
        answer = http.get(_PING)
    _checked(answer)


def _folders(http: Http, server: Server) -> list[dict[str, str]]:
    if not server.libraries:
        return [{}]
    answer = _checked(http.get("/rest/getMusicFolders.view"))
    folders = objects(nested(answer, "musicFolders", "musicFolder"))
    names = {str(folder.get("id")): str(folder.get("name")) for folder in folders}
    return [{"musicFolderId": key} for key in chosen(server, names)]


def _read(http: Http, kind: str, folder: Mapping[str, str], start: int, size: int) -> Page:
    counts = {f"{each}Count": size if each == kind else 0 for each in _KINDS}
    answer = http.get("/rest/search3.view", {"query": "", **counts, f"{kind}Offset": start, **folder})
    found = nested(_checked(answer), "searchResult3", kind)
    return Page(answer.raw, [text(entry.get("id")) for entry in objects(found)], total=None)


def _checked(answer: Answer) -> dict[str, object]:
    response = answer.object("subsonic-response")
    if response.get("status") != "ok":
        code, message = nested(response, "error", "code"), nested(response, "error", "message")
        raise FetchError(f"{answer.server} answered {answer.path} with error {code}: {message}")
    return response
