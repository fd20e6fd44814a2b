"""Kodi: a JSON-RPC method for each kind of thing in its library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import httpx

from pymap.errors import FetchError
from pymap.fetch.answer import nested, number, objects, text
from pymap.fetch.http import Http
from pymap.fetch.libraries import chosen
from pymap.fetch.listing import Listing, Page
from pymap.fetch.server import Server

_PAGE_SIZE = 500

#: Kodi's library has four parts; each method, the ID of what it lists, and the parameters of the call.
_METHODS: Mapping[str, tuple[tuple[str, str, Mapping[str, Any]], ...]] = {
    "movies": (
        ("VideoLibrary.GetMovies", "movieid", {"properties": ["title", "year", "imdbnumber", "uniqueid", "file"]}),
    ),
    "tvshows": (
        ("VideoLibrary.GetTVShows", "tvshowid", {"properties": ["title", "year", "imdbnumber", "uniqueid", "file"]}),
        ("VideoLibrary.GetSeasons", "seasonid", {"properties": ["season", "tvshowid", "showtitle"]}),
        (
            "VideoLibrary.GetEpisodes",
            "episodeid",
            {"properties": ["title", "season", "episode", "tvshowid", "uniqueid", "file"]},
        ),
    ),
    "musicvideos": (
        ("VideoLibrary.GetMusicVideos", "musicvideoid", {"properties": ["title", "year", "artist", "file"]}),
    ),
    "music": (
        # By default Kodi leaves out artists who only sing on other people's albums.
        ("AudioLibrary.GetArtists", "artistid", {"properties": ["musicbrainzartistid"], "albumartistsonly": False}),
        (
            "AudioLibrary.GetAlbums",
            "albumid",
            {"properties": ["title", "year", "artistid", "displayartist", "musicbrainzalbumid"]},
        ),
        (
            "AudioLibrary.GetSongs",
            "songid",
            {"properties": ["title", "albumid", "disc", "track", "displayartist", "musicbrainztrackid", "file"]},
        ),
    ),
}


def connect(server: Server) -> Http:
    """Return a connection that carries user and password, if there are any."""
    if not server.user and not server.token:
        return Http(server)
    login = httpx.BasicAuth(server.user or "kodi", server.token or "")
    request = next(login.auth_flow(httpx.Request("GET", server.url)))
    return Http(server, headers={"Authorization": request.headers["Authorization"]})


def listings(http: Http, server: Server) -> Iterator[Listing]:
    """Return a listing for each method of each part of the library."""
    for part in chosen(server, {name: name for name in _METHODS}):
        for method, id_key, params in _METHODS[part]:
            yield Listing(method, _PAGE_SIZE, partial(_read, http, method, id_key, params))


def _read(http: Http, method: str, id_key: str, params: Mapping[str, Any], start: int, size: int) -> Page:
    limits = {"start": start, "end": start + size}
    answer = http.post(
        "/jsonrpc", {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "limits": limits}}
    )
    error = nested(answer.content, "error")
    if error is not None:
        code, message = nested(error, "code"), nested(error, "message")
        raise FetchError(f"{answer.server} answered {method} with error {code}: {message}")
    result = answer.object("result")
    ids = [text(entry.get(id_key)) for value in result.values() for entry in objects(value)]
    return Page(answer.raw, ids, number(nested(result, "limits", "total")))
