"""Media servers over real HTTP that hold the example listings: they page, cap and authenticate as theirs do."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

import pymap.fetch
from tests.command_line import LISTINGS

USER, TOKEN, API_KEY = "alice", "geheim-7f3a", "app-91c2"
ADMINISTRATOR = "d2a1"

#: They count pages, so a page has to be as long as was asked for.
COUNT_PAGES = {"trakt"}
#: They do not say how many entries a listing has.
WITHOUT_TOTALS = {"subsonic"}

Json = dict[str, Any]
Page = list[Json] | Response


@dataclass(eq=False)
class MediaServer:
    """A server of one type; ``library`` has the entries of each of its listings."""

    type: str
    http: HTTPServer
    library: dict[str, list[Json]] = field(default_factory=dict)
    #: No page is longer, whatever is asked for; by default 4 entries, which is a real page if the server counts pages.
    cap: int = 0
    #: What the test does before a page of a listing is answered; a response of its own is sent in place of the page.
    before_page: Callable[[str, int], Response | None] = lambda listing, start: None
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.library = self.library or _SERVERS[self.type][0]()
        self.cap = self.cap or (100 if self.type in COUNT_PAGES else 4)
        self.http.clear()
        self.http.expect_request(re.compile(".*")).respond_with_handler(self._answer)

    def server(self, **options: Any) -> pymap.fetch.Server:
        """What pymap has to know of it."""
        known: Json = {"type": self.type, "url": self.http.url_for("/"), "token": TOKEN}
        if self.type in ("kodi", "subsonic"):
            known["user"] = USER
        if self.type == "trakt":
            known["api_key"] = API_KEY
        return pymap.fetch.Server(**{**known, **options})

    def entries(self, but_not: tuple[str, ...] = ()) -> int:
        return sum(len(entries) for listing, entries in self.library.items() if listing not in but_not)

    def _answer(self, request: Request) -> Response:
        self.requests.append(request)
        return _SERVERS[self.type][1](self, request)

    def page(self, listing: str, start: int, size: int) -> Page:
        answer = self.before_page(listing, start)
        return answer or self.library.get(listing, [])[start : start + min(size, self.cap)]


def json_response(content: Any, headers: Mapping[str, str] | None = None) -> Response:
    return Response(json.dumps(content), content_type="application/json", headers=headers)


def _example(name: str) -> Any:
    return json.loads((LISTINGS / f"{name}.json").read_text())


# Plex

_SECTIONS = {"1": ("movie", "Movies"), "2": ("show", "TV Shows"), "3": ("artist", "Music"), "4": ("photo", "Photos")}
_PLEX_TYPES = {
    "1": "movies",
    "2": "shows",
    "3": "seasons",
    "4": "episodes",
    "8": "artists",
    "9": "albums",
    "10": "tracks",
}


def _plex_library() -> dict[str, list[Json]]:
    return {name: _example(f"plex-{name}")["MediaContainer"]["Metadata"] for name in _PLEX_TYPES.values()}


def _plex(server: MediaServer, request: Request) -> Response:
    if request.headers.get("X-Plex-Token") != TOKEN:
        return Response("<html>401 Unauthorized</html>", 401, content_type="text/html")
    if request.path == "/library/sections":
        sections = [{"key": key, "type": kind, "title": title} for key, (kind, title) in _SECTIONS.items()]
        return json_response({"MediaContainer": {"size": len(sections), "Directory": sections}})
    listing = _PLEX_TYPES[request.args["type"]]
    start = int(request.args["X-Plex-Container-Start"])
    page = server.page(listing, start, int(request.args["X-Plex-Container-Size"]))
    if isinstance(page, Response):
        return page
    container = {"size": len(page), "totalSize": len(server.library[listing]), "offset": start, "viewGroup": listing}
    return json_response({"MediaContainer": container | ({"Metadata": page} if page else {})})


# Jellyfin and Emby


def _media_browser_library(type_: str) -> Callable[[], dict[str, list[Json]]]:
    def library() -> dict[str, list[Json]]:
        found: dict[str, list[Json]] = {}
        for item in _example(type_)["Items"]:
            found.setdefault(item["Type"], []).append(item)
        return found

    return library


def _media_browser(server: MediaServer, request: Request) -> Response:
    login = ("Authorization", f'MediaBrowser Token="{TOKEN}"') if server.type == "jellyfin" else ("X-Emby-Token", TOKEN)
    if request.headers.get(login[0]) != login[1]:
        return Response("", 401)
    if request.path == "/Users":
        users = (("guest", "00aa", False), (USER, "11bb", False), ("root", ADMINISTRATOR, True))
        return json_response(
            [{"Name": name, "Id": id_, "Policy": {"IsAdministrator": is_admin}} for name, id_, is_admin in users]
        )
    if request.path == "/Library/MediaFolders":
        return json_response(
            {"Items": [{"Id": "aa01", "Name": "Films"}, {"Id": "bb02", "Name": "Music"}], "TotalRecordCount": 2}
        )
    listing, start = request.args["IncludeItemTypes"], int(request.args["StartIndex"])
    page = server.page(listing, start, int(request.args["Limit"]))
    if isinstance(page, Response):
        return page
    where = {"StartIndex": start} if server.type == "jellyfin" else {}
    return json_response({"Items": page, "TotalRecordCount": len(server.library.get(listing, []))} | where)


# Kodi

_KODI_LISTS = {
    "VideoLibrary.GetMovies": "movies",
    "VideoLibrary.GetTVShows": "tvshows",
    "VideoLibrary.GetSeasons": "seasons",
    "VideoLibrary.GetEpisodes": "episodes",
    "VideoLibrary.GetMusicVideos": "musicvideos",
    "AudioLibrary.GetArtists": "artists",
    "AudioLibrary.GetAlbums": "albums",
    "AudioLibrary.GetSongs": "songs",
}


def _kodi_library() -> dict[str, list[Json]]:
    lists = [name for name in _KODI_LISTS.values() if name != "musicvideos"]
    return {name: _example(f"kodi-{name}")["result"][name] for name in lists}


def _kodi(server: MediaServer, request: Request) -> Response:
    if request.headers.get("Authorization") != "Basic " + base64.b64encode(f"{USER}:{TOKEN}".encode()).decode():
        return Response("", 401)
    call = request.get_json()
    listing, limits = _KODI_LISTS[call["method"]], call["params"]["limits"]
    page = server.page(listing, limits["start"], limits["end"] - limits["start"])
    if isinstance(page, Response):
        return page
    total = len(server.library.get(listing, []))
    told = {"start": limits["start"], "end": limits["start"] + len(page), "total": total}
    return json_response({"id": 1, "jsonrpc": "2.0", "result": {"limits": told} | ({listing: page} if page else {})})


# Subsonic


def _subsonic_library() -> dict[str, list[Json]]:
    return dict(_example("subsonic-search3")["subsonic-response"]["searchResult3"])


def _subsonic(server: MediaServer, request: Request) -> Response:
    args = request.args
    token = hashlib.md5(f"{TOKEN}{args.get('s')}".encode()).hexdigest()
    if args.get("apiKey") != TOKEN and (args.get("u"), args.get("t")) != (USER, token):
        return _subsonic_answer({"error": {"code": 40, "message": "Wrong username or password"}}, "failed")
    if request.path == "/rest/ping.view":
        return _subsonic_answer({})
    if request.path == "/rest/getMusicFolders.view":
        return _subsonic_answer({"musicFolders": {"musicFolder": [{"id": 1, "name": "Music"}]}})
    found: dict[str, list[Json]] = {}
    for kind in ("artist", "album", "song"):
        if size := int(args[f"{kind}Count"]):
            page = server.page(kind, int(args[f"{kind}Offset"]), size)
            if isinstance(page, Response):
                return page
            found |= {kind: page} if page else {}
    return _subsonic_answer({"searchResult3": found})


def _subsonic_answer(content: Json, status: str = "ok") -> Response:
    return json_response({"subsonic-response": {"status": status, "version": "1.16.1", **content}})


# Trakt


def _trakt_library() -> dict[str, list[Json]]:
    ratings = _example("trakt-ratings")
    return {
        "collection/movies": _example("trakt-collection-movies"),
        **{
            f"ratings/{kind}s": [rating for rating in ratings if rating["type"] == kind]
            for kind in ("movie", "episode")
        },
    }


def _trakt(server: MediaServer, request: Request) -> Response:
    wanted = {"Authorization": f"Bearer {TOKEN}", "trakt-api-key": API_KEY, "trakt-api-version": "2"}
    if any(request.headers.get(name) != value for name, value in wanted.items()):
        return Response("", 403)
    listing, size = request.path.removeprefix("/sync/"), int(request.args["limit"])
    page = server.page(listing, (int(request.args["page"]) - 1) * size, size)
    if isinstance(page, Response):
        return page
    return json_response(page, {"X-Pagination-Item-Count": str(len(server.library.get(listing, [])))})


#: Of each type what it holds at first, and what it answers.
_SERVERS: dict[str, tuple[Callable[[], dict[str, list[Json]]], Callable[[MediaServer, Request], Response]]] = {
    "plex": (_plex_library, _plex),
    "jellyfin": (_media_browser_library("jellyfin"), _media_browser),
    "emby": (_media_browser_library("emby"), _media_browser),
    "kodi": (_kodi_library, _kodi),
    "subsonic": (_subsonic_library, _subsonic),
    "trakt": (_trakt_library, _trakt),
}
