"""Jellyfin and Emby, which descend from one server: a listing for each type of item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pymap.errors import FetchError
from pymap.fetch.answer import nested, number, text
from pymap.fetch.http import Http
from pymap.fetch.libraries import chosen
from pymap.fetch.listing import Listing, Page
from pymap.fetch.server import Server

_PAGE_SIZE = 500
_TYPES = ("Movie", "Series", "Season", "Episode", "MusicArtist", "MusicAlbum", "Audio", "MusicVideo")

#: Items with the same name follow each other in any order; the date decides.
_QUERY = {
    "Recursive": "true",
    "Fields": "ProviderIds,Path",
    "SortBy": "DateCreated,SortName",
    "SortOrder": "Ascending",
    "IsMissing": "false",
    "EnableUserData": "false",
    "EnableImages": "false",
    "EnableTotalRecordCount": "true",
}


def connect(server: Server) -> Http:
    """Return a connection that carries the API key."""
    if server.type == "emby":
        return Http(server, headers={"X-Emby-Token": server.token or ""})
    return Http(server, headers={"Authorization": f'MediaBrowser Token="{server.token}"'})


def listings(http: Http, server: Server) -> Iterator[Listing]:
    """Return a listing for each type, of the whole server or of each library that is named."""
    user = _user_id(http, server)
    # Without a user, Jellyfin lists what is missing on the disk and leaves out what is there.
    path, query = ("/Items", {"userId": user}) if server.type == "jellyfin" else (f"/Users/{user}/Items", {})
    for library in _libraries(http, server):
        for type_ in _TYPES:
            wanted = _QUERY | query | library | {"IncludeItemTypes": type_}
            name = f"{type_} of library {library['ParentId']}" if library else type_
            yield Listing(name, _PAGE_SIZE, partial(_read, http, path, wanted))


def _user_id(http: Http, server: Server) -> str:
    users = http.get("/Users").objects()
    for user in users:
        if _is_named(user, server.user) if server.user else _is_administrator(user):
            return str(user.get("Id"))
    wanted = f"no user {server.user!r}" if server.user else "no administrator"
    raise FetchError(f"{server} has {wanted}", hint=f"It has {', '.join(str(user.get('Name')) for user in users)}.")


def _is_named(user: Mapping[str, Any], name: str) -> bool:
    return str(user.get("Name")).casefold() == name.casefold()


def _is_administrator(user: Mapping[str, Any]) -> bool:
    return nested(user, "Policy", "IsAdministrator") is True


def _libraries(http: Http, server: Server) -> list[dict[str, str]]:
    if not server.libraries:
        return [{}]
    folders = http.get("/Library/MediaFolders").objects("Items")
    names = {str(folder.get("Id")): str(folder.get("Name")) for folder in folders}
    return [{"ParentId": key} for key in chosen(server, names)]


def _read(http: Http, path: str, query: Mapping[str, str], start: int, size: int) -> Page:
    answer = http.get(path, {**query, "StartIndex": start, "Limit": size})
    ids = [text(item.get("Id")) for item in answer.objects("Items")]
    return Page(answer.raw, ids, number(nested(answer.content, "TotalRecordCount")))
