"""What the six readers accept: a request, a sample of the server's response and how the reader takes it.

``python -m tests.model.responses`` writes the tables into the guides of the servers. Films, series and records are
real, and so are their public IDs; the servers' own IDs are made up, except Trakt's.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
BEGIN, END = "<!-- responses: begin -->", "<!-- responses: end -->"

#: What all requests to a server have in common.
SERVERS = {
    "plex": "Send the header `Accept: application/json`.",
    "jellyfin": "Send the header `Accept: application/json`.",
    "emby": "Send the header `Accept: application/json`.",
    "kodi": "Post each call to `/jsonrpc` with the header `Content-Type: application/json`.",
    "subsonic": "Add the parameters `u`, `t`, `s`, `v` and `c` to each request below `/rest`.",
    "trakt": "Send the headers `Content-Type: application/json`, `trakt-api-version: 2` and `trakt-api-key`.",
}


@dataclass(frozen=True, eq=False)
class Accepted:
    """One response that a reader accepts."""

    client_type: str
    request: str
    what: str
    response: Any
    item_ids: tuple[str, ...]
    #: "listing" if the reader takes it for complete, "page" if it has a total, else the selection's name.
    taken_for: str = "listing"


Json = dict[str, Any]

WHEN = "2014-09-01T09:10:11.000Z"

# Plex

MOVIE = {
    "ratingKey": "101", "key": "/library/metadata/101", "type": "movie", "title": "The Matrix", "year": 1999,
    "guid": "plex://movie/5d776825880197001ec90ed4", "Guid": [{"id": "imdb://tt0133093"}, {"id": "tmdb://603"}],
    "Media": [{"id": 1, "Part": [{"id": 1, "file": "/movies/The Matrix (1999)/The Matrix.mkv"}]}],
}  # fmt: skip
SHOW = {
    "ratingKey": "200", "key": "/library/metadata/200/children", "type": "show", "title": "Breaking Bad", "year": 2008,
    "guid": "plex://show/5d9c08254eefaa001f5daa50", "Guid": [{"id": "imdb://tt0903747"}, {"id": "tvdb://81189"}],
}  # fmt: skip
SEASON = {
    "ratingKey": "210", "type": "season", "title": "Season 1", "index": 1,
    "parentRatingKey": "200", "parentTitle": "Breaking Bad", "Guid": [{"id": "tvdb://30272"}],
}  # fmt: skip
EPISODE = {
    "ratingKey": "220", "type": "episode", "title": "Pilot", "index": 1, "parentIndex": 1, "parentRatingKey": "210",
    "grandparentRatingKey": "200", "grandparentTitle": "Breaking Bad", "Guid": [{"id": "tvdb://349232"}],
}  # fmt: skip
ARTIST = {
    "ratingKey": "300", "type": "artist", "title": "Pink Floyd",
    "Guid": [{"id": "mbid://83d91898-7763-47d7-b03b-b92132375c47"}],
}  # fmt: skip
ALBUM = {
    "ratingKey": "301", "type": "album", "title": "The Dark Side of the Moon", "year": 1973, "parentRatingKey": "300",
    "parentTitle": "Pink Floyd", "Guid": [{"id": "mbid://b84ee12a-09ef-421b-82de-0441a926375b"}],
}  # fmt: skip
TRACK = {
    "ratingKey": "302", "type": "track", "title": "Speak to Me", "index": 1, "parentIndex": 1, "parentRatingKey": "301",
    "parentTitle": "The Dark Side of the Moon", "grandparentRatingKey": "300", "grandparentTitle": "Pink Floyd",
    "Guid": [{"id": "mbid://d4156411-b884-368f-a4cb-7c0101a557a2"}],
}  # fmt: skip
PLAYED = {
    "historyKey": "/status/sessions/history/7", "key": "/library/metadata/220", "ratingKey": "220", "title": "Pilot",
    "parentKey": "/library/metadata/210", "grandparentKey": "/library/metadata/200", "type": "episode",
    "index": 1, "parentIndex": 1, "viewedAt": 1700381600, "accountID": 1, "deviceID": 2,
}  # fmt: skip
WEBHOOK = {
    "event": "media.scrobble", "user": True, "owner": True, "Account": {"id": 1, "title": "me"},
    "Server": {"title": "Home"}, "Player": {"local": True, "title": "TV"}, "Metadata": MOVIE,
}  # fmt: skip


def _plex(*entries: Json, **container: Any) -> Json:
    return {"MediaContainer": {"size": len(entries), "allowSync": True, **container, "Metadata": list(entries)}}


def _section(section: int, group: str, *entries: Json, **page: int) -> Json:
    return _plex(*entries, **page, librarySectionID=section, viewGroup=group)


def _plex_container(**container: Any) -> Json:
    return {"MediaContainer": {"size": len(next(iter(container.values()))), **container}}


PLEX = [
    Accepted("plex", "GET /library/sections/1/all?type=1&includeGuids=1", "films",
             _section(1, "movie", MOVIE), ("101",)),
    Accepted("plex", "GET /library/sections/2/all?type=2&includeGuids=1", "series",
             _section(2, "show", SHOW), ("200",)),
    Accepted("plex", "GET /library/sections/2/all?type=3&includeGuids=1", "seasons",
             _section(2, "season", SEASON), ("210",)),
    Accepted("plex", "GET /library/sections/2/all?type=4&includeGuids=1", "episodes",
             _section(2, "episode", EPISODE), ("220",)),
    Accepted("plex", "GET /library/sections/3/all?type=8&includeGuids=1", "artists",
             _section(3, "artist", ARTIST), ("300",)),
    Accepted("plex", "GET /library/sections/3/all?type=9&includeGuids=1", "albums",
             _section(3, "album", ALBUM), ("301",)),
    Accepted("plex", "GET /library/sections/3/all?type=10&includeGuids=1", "tracks",
             _section(3, "track", TRACK), ("302",)),
    Accepted("plex", "GET /library/sections/1/collections", "collections",
             _section(1, "secondary", {"ratingKey": "400", "type": "collection", "title": "The Matrix Collection"}),
             ("400",)),
    Accepted("plex", "GET /library/sections/1/all?type=1&X-Plex-Container-Start=0&X-Plex-Container-Size=1",
             "a page of films", _section(1, "movie", MOVIE, totalSize=3, offset=0), ("101",), "page"),
    Accepted("plex", "GET /playlists", "playlists",
             _plex({"ratingKey": "500", "type": "playlist", "title": "Road", "playlistType": "audio"}), ("500",)),
    Accepted("plex", "GET /playlists/500/items", "the entries of a playlist",
             _plex(TRACK, ratingKey="500", playlistType="audio", title="Road", smart=False), ("302",), "playlist"),
    Accepted("plex", "GET /library/metadata/101?includeGuids=1", "one entry",
             _plex(MOVIE, allowSync=True, librarySectionID=1, librarySectionTitle="Movies"), ("101",), "item"),
    Accepted("plex", "GET /playQueues/7", "what is going to be played",
             _plex(MOVIE, playQueueID=7, playQueueTotalCount=1), ("101",), "playQueue"),
    Accepted("plex", "GET /library/sections/1/recentlyAdded", "what was added last",
             _plex(MOVIE, title1="Movies", title2="Recently Added", viewGroup="movie"), ("101",), "hub"),
    Accepted("plex", "GET /library/onDeck", "what is to be watched next",
             _plex(EPISODE, title2="On Deck"), ("220",), "hub"),
    Accepted("plex", "GET /search?query=matrix", "a search, as older programs send it",
             _plex(MOVIE, Provider=[{"key": "/system/search", "title": "Local Network"}]), ("101",), "search"),
    Accepted("plex", "GET /library/metadata/200/children", "the seasons of a series, the tracks of an album",
             _plex(SEASON, key="200", viewGroup="season"), ("210",), "children"),
    Accepted("plex", "GET /library/metadata/200/allLeaves", "the episodes of a series",
             _plex(EPISODE, key="200", viewGroup="episode"), ("220",), "children"),
    Accepted("plex", "GET /hubs", "hubs, such as recently added",
             _plex_container(Hub=[{"hubIdentifier": "home.movies.recent", "type": "movie", "Metadata": [MOVIE]}]),
             ("101",), "hubs"),
    Accepted("plex", "GET /hubs/search?query=matrix", "a search by hubs",
             _plex_container(Hub=[{"type": "movie", "Metadata": [MOVIE]}, {"type": "genre", "Directory": []}]),
             ("101",), "hubs"),
    Accepted("plex", "GET /library/search?query=matrix", "a search",
             _plex_container(SearchResult=[{"score": 0.9, "Metadata": MOVIE}]), ("101",), "search"),
    Accepted("plex", "GET /status/sessions/history/all", "the play history", _plex(PLAYED), ("220",), "history"),
    Accepted("plex", "GET /status/sessions", "what is being played",
             _plex({**MOVIE, "Session": {"id": "a"}, "Player": {"state": "playing"}}), ("101",), "sessions"),
    Accepted("plex", "POST of Plex to your webhook, form field payload", "a webhook", WEBHOOK, ("101",), "webhook"),
    Accepted("plex", "GET /library/sections/1/all?type=1, only the content of MediaContainer", "films",
             _section(1, "movie", MOVIE)["MediaContainer"], ("101",)),
    Accepted("plex", "GET /library/sections/1/all?type=1&X-Plex-Container-Size=1, only the content of MediaContainer",
             "a page of films", _section(1, "movie", MOVIE, totalSize=3, offset=0)["MediaContainer"], ("101",), "page"),
    Accepted("plex", "GET /playlists/500/items, only the content of MediaContainer", "the entries of a playlist",
             _plex(TRACK, ratingKey="500", playlistType="audio", title="Road")["MediaContainer"], ("302",), "playlist"),
    Accepted("plex", "GET /hubs, only the content of MediaContainer", "hubs",
             _plex_container(Hub=[{"type": "movie", "Metadata": [MOVIE]}])["MediaContainer"], ("101",), "hubs"),
    Accepted("plex", "GET /library/sections/1/all?type=1, as JSON text in a JSON string", "films",
             json.dumps(_section(1, "movie", MOVIE)), ("101",)),
]  # fmt: skip

# Jellyfin and Emby

FILM_ID, SERIES_ID, SEASON_ID, EPISODE_ID, ARTIST_ID, ALBUM_ID, TRACK_ID, SET_ID = (
    f"{number:02}ba7bab911d657eb648316a0197282c" for number in range(8)
)


def _media_browser(client_type: str, prefix: str, fields: str, ids: tuple[str, ...]) -> list[Accepted]:
    """Rows of Jellyfin or Emby, whose parameters differ in case."""
    film_id, series_id, season_id, episode_id, artist_id, album_id, track_id, set_id = ids
    film = {
        "Id": film_id, "Name": "The Matrix", "Type": "Movie", "ProductionYear": 1999,
        "ProviderIds": {"Imdb": "tt0133093", "Tmdb": "603"}, "Path": "/movies/The Matrix (1999)/The Matrix.mkv",
    }  # fmt: skip
    series = {
        "Id": series_id, "Name": "Breaking Bad", "Type": "Series", "ProductionYear": 2008,
        "ProviderIds": {"Imdb": "tt0903747", "Tvdb": "81189"},
    }  # fmt: skip
    season = {
        "Id": season_id, "Name": "Season 1", "Type": "Season", "IndexNumber": 1, "SeriesId": series_id,
        "ProviderIds": {"Tvdb": "30272"},
    }  # fmt: skip
    episode = {
        "Id": episode_id, "Name": "Pilot", "Type": "Episode", "IndexNumber": 1, "ParentIndexNumber": 1,
        "SeriesId": series_id, "SeasonId": season_id, "ProviderIds": {"Tvdb": "349232"},
    }  # fmt: skip
    artist = {
        "Id": artist_id, "Name": "Pink Floyd", "Type": "MusicArtist",
        "ProviderIds": {"MusicBrainzArtist": "83d91898-7763-47d7-b03b-b92132375c47"},
    }  # fmt: skip
    album = {
        "Id": album_id, "Name": "The Dark Side of the Moon", "Type": "MusicAlbum", "ProductionYear": 1973,
        "AlbumArtist": "Pink Floyd", "AlbumArtists": [{"Name": "Pink Floyd", "Id": artist_id}],
        "ProviderIds": {"MusicBrainzAlbum": "b84ee12a-09ef-421b-82de-0441a926375b"},
    }  # fmt: skip
    track = {
        "Id": track_id, "Name": "Speak to Me", "Type": "Audio", "IndexNumber": 1, "ParentIndexNumber": 1,
        "AlbumId": album_id, "Artists": ["Pink Floyd"],
        "ProviderIds": {"MusicBrainzTrack": "d4156411-b884-368f-a4cb-7c0101a557a2"},
    }  # fmt: skip
    box_set = {
        "Id": set_id, "Name": "The Matrix Collection", "Type": "BoxSet", "ProviderIds": {"Tmdb": "2344"},
    }  # fmt: skip
    start = {"StartIndex": 0} if client_type == "jellyfin" else {}

    def items(*entries: Json, total: int | None = None) -> Json:
        return {"Items": list(entries), "TotalRecordCount": total or len(entries), **start}

    def ask(types: str) -> str:
        parameters = "Recursive=true&IncludeItemTypes={}&Fields=ProviderIds,Path"
        if client_type == "jellyfin":
            parameters = "recursive=true&includeItemTypes={}&fields=ProviderIds,Path"
        return f"GET {prefix}/Items?" + parameters.format(types)

    limit = "&startIndex=0&limit=1" if client_type == "jellyfin" else "&StartIndex=0&Limit=1"
    return [
        Accepted(client_type, ask("Movie"), "films", items(film), (film_id,)),
        Accepted(client_type, ask("Series,Season,Episode"), "series, seasons and episodes",
                 items(series, season, episode), (series_id, season_id, episode_id)),
        Accepted(client_type, ask("MusicAlbum,Audio"), "albums and tracks", items(album, track), (album_id, track_id)),
        Accepted(client_type, ask("BoxSet"), "collections", items(box_set), (set_id,)),
        Accepted(client_type, f"GET /Artists/AlbumArtists?{fields}=ProviderIds", "artists", items(artist),
                 (artist_id,)),
        Accepted(client_type, ask("Movie") + limit, "a page of films", items(film, total=3), (film_id,), "page"),
        Accepted(client_type, f"GET /Users/{{userId}}/Items/Latest?{fields}=ProviderIds,Path", "the latest items",
                 [film, series], (film_id, series_id), "latest"),
        Accepted(client_type, "GET /Users/{userId}/Items/{itemId}", "one item", film, (film_id,), "item"),
        Accepted(client_type, ask("Movie,Series") + ", only its Items",
                 "films and series; a bare list looks like the latest items", [film, series], (film_id, series_id),
                 "latest"),
        Accepted(client_type, ask("Movie") + ", as JSON text in a JSON string", "films", json.dumps(items(film)),
                 (film_id,)),
        Accepted(client_type, f"GET /Movies/Recommendations?{fields}=ProviderIds,Path", "recommendations",
                 [{"Items": [film], "RecommendationType": "SimilarToRecentlyPlayed", "BaselineItemName": "Heat",
                   "CategoryId": "1"}], (film_id,), "recommendations"),
        Accepted(client_type, f"POST of {SERVERS[client_type][0]} to your webhook", "a webhook",
                 {"Title": "The Matrix was added", "Date": WHEN, "Event": "library.new", "Item": film,
                  "Server": {"Name": "Home", "Id": "1", "Version": "4.8"}}, (film_id,), "webhook")
        if client_type == "emby" else
        Accepted(client_type, "POST of the plug-in Webhook to your address, with all properties", "a notification",
                 {"NotificationType": "ItemAdded", "ServerName": "Home", "ItemId": film_id, "ItemType": "Movie",
                  "Name": "The Matrix", "Year": 1999, "Provider_imdb": "tt0133093", "Provider_tmdb": "603"},
                 (film_id,), "notification"),
    ]  # fmt: skip


JELLYFIN_IDS = (FILM_ID, SERIES_ID, SEASON_ID, EPISODE_ID, ARTIST_ID, ALBUM_ID, TRACK_ID, SET_ID)
JELLYFIN_FILM = {"Id": FILM_ID, "Name": "The Matrix", "Type": "Movie", "ProductionYear": 1999}
JELLYFIN = [
    *_media_browser("jellyfin", "", "fields", JELLYFIN_IDS),
    Accepted("jellyfin", "GET /Users/{userId}/Items?recursive=true&includeItemTypes=Movie",
             "films, as a user sees them",
             {"Items": [JELLYFIN_FILM], "TotalRecordCount": 1, "StartIndex": 0}, (FILM_ID,)),
    Accepted("jellyfin", "GET /Items/Latest?userId={userId}", "the latest items, from 10.9 on", [JELLYFIN_FILM],
             (FILM_ID,), "latest"),
    Accepted("jellyfin", "GET /Items/{itemId}?userId={userId}", "one item, from 10.9 on", JELLYFIN_FILM, (FILM_ID,),
             "item"),
    Accepted("jellyfin", "GET /Search/Hints?searchTerm=matrix", "a search",
             {"SearchHints": [{"ItemId": FILM_ID, **JELLYFIN_FILM}], "TotalRecordCount": 1}, (FILM_ID,), "search"),
    Accepted("jellyfin", "GET /Playlists/{playlistId}/Items?userId={userId}", "the entries of a playlist",
             {"Items": [{**JELLYFIN_FILM, "PlaylistItemId": "1"}], "TotalRecordCount": 1, "StartIndex": 0}, (FILM_ID,),
             "playlist"),
    Accepted("jellyfin", 'GET /Items?recursive=true with Accept: application/json; profile="CamelCase"',
             "keys in camelCase",
             {"items": [{"id": FILM_ID, "name": "The Matrix", "type": "Movie", "providerIds": {"imdb": "tt0133093"}}],
              "totalRecordCount": 1, "startIndex": 0}, (FILM_ID,)),
]  # fmt: skip

EMBY = [
    *_media_browser("emby", "/Users/{userId}", "Fields", tuple(str(number) for number in range(4107, 4115))),
    Accepted("emby", "GET /Items?Recursive=true&IncludeItemTypes=Movie&Fields=ProviderIds,Path",
             "films, with an API key",
             {"Items": [{"Id": "4107", "Name": "The Matrix", "Type": "Movie", "ProviderIds": {"Imdb": "tt0133093"}}],
              "TotalRecordCount": 1}, ("4107",)),
]  # fmt: skip

# Kodi

KODI_MOVIE = {
    "movieid": 1, "label": "The Matrix", "title": "The Matrix", "year": 1999,
    "uniqueid": {"imdb": "tt0133093", "tmdb": "603"}, "file": "/movies/The Matrix (1999)/The Matrix.mkv",
}  # fmt: skip
KODI_SET = {"setid": 2, "label": "The Matrix Collection", "title": "The Matrix Collection"}
KODI_SHOW = {"tvshowid": 3, "label": "Breaking Bad", "title": "Breaking Bad", "uniqueid": {"tvdb": "81189"}}
KODI_SEASON = {"seasonid": 4, "label": "Season 1", "season": 1, "tvshowid": 3}
KODI_EPISODE = {
    "episodeid": 5, "label": "1x01. Pilot", "title": "Pilot", "season": 1, "episode": 1, "tvshowid": 3,
    "uniqueid": {"tvdb": "349232"}, "file": "/series/Breaking Bad/Breaking Bad S01E01.mkv",
}  # fmt: skip
KODI_VIDEO = {"musicvideoid": 6, "label": "Take On Me", "title": "Take On Me", "artist": ["a-ha"], "year": 1985}
KODI_ARTIST = {
    "artistid": 7, "label": "Pink Floyd", "artist": "Pink Floyd",
    "musicbrainzartistid": ["83d91898-7763-47d7-b03b-b92132375c47"],
}  # fmt: skip
KODI_ALBUM = {
    "albumid": 8, "label": "The Dark Side of the Moon", "title": "The Dark Side of the Moon", "year": 1973,
    "artistid": [7], "displayartist": "Pink Floyd", "musicbrainzalbumid": "b84ee12a-09ef-421b-82de-0441a926375b",
}  # fmt: skip
KODI_SONG = {
    "songid": 9, "label": "Speak to Me", "title": "Speak to Me", "albumid": 8, "disc": 1, "track": 1,
    "displayartist": "Pink Floyd", "musicbrainztrackid": "bef3fddb-5aca-49f5-b2fd-d56a23268d63",
}  # fmt: skip


def _call(method: str, call_id: int = 1, **params: Any) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": call_id, "method": method, "params": params})


def _list_call(method: str, *properties: str, **params: Any) -> str:
    return _call(method, properties=properties, **params)


def _result(total: int | None = None, **lists: list[Json]) -> Json:
    count = sum(map(len, lists.values()))
    limits = {"start": 0, "end": count, "total": total or count}
    return {"id": 1, "jsonrpc": "2.0", "result": {"limits": limits, **lists}}


def _notification(method: str, data: Json) -> Json:
    return {"jsonrpc": "2.0", "method": method, "params": {"data": data, "sender": "xbmc"}}


VIDEO = ("title", "year", "uniqueid", "file")
SEASONS = ("season", "tvshowid")
EPISODES = ("title", "season", "episode", "tvshowid", "uniqueid", "file")
MUSIC_VIDEOS = ("title", "artist", "year", "file")
ARTISTS = ("musicbrainzartistid",)
ALBUMS = ("title", "year", "artistid", "displayartist", "musicbrainzalbumid")
SONGS = ("title", "albumid", "disc", "track", "displayartist", "musicbrainztrackid", "file")


def _kodi_details() -> list[Accepted]:
    return [
        Accepted("kodi", _list_call(method, *properties, **{key: entry[key]}), f"one {name}",
                 {"id": 1, "jsonrpc": "2.0", "result": {selection: entry}}, (str(entry[key]),), selection)
        for method, key, selection, name, entry, properties in (
            ("VideoLibrary.GetMovieDetails", "movieid", "moviedetails", "film", KODI_MOVIE, VIDEO),
            ("VideoLibrary.GetMovieSetDetails", "setid", "setdetails", "film set", KODI_SET, ("title",)),
            ("VideoLibrary.GetTVShowDetails", "tvshowid", "tvshowdetails", "series", KODI_SHOW, VIDEO),
            ("VideoLibrary.GetSeasonDetails", "seasonid", "seasondetails", "season", KODI_SEASON, SEASONS),
            ("VideoLibrary.GetEpisodeDetails", "episodeid", "episodedetails", "episode", KODI_EPISODE, EPISODES),
            ("VideoLibrary.GetMusicVideoDetails", "musicvideoid", "musicvideodetails", "music video", KODI_VIDEO,
             MUSIC_VIDEOS),
            ("AudioLibrary.GetArtistDetails", "artistid", "artistdetails", "artist", KODI_ARTIST, ARTISTS),
            ("AudioLibrary.GetAlbumDetails", "albumid", "albumdetails", "album", KODI_ALBUM, ALBUMS),
            ("AudioLibrary.GetSongDetails", "songid", "songdetails", "song", KODI_SONG, SONGS),
        )
    ]  # fmt: skip


KODI = [
    Accepted("kodi", _list_call("VideoLibrary.GetMovies", *VIDEO), "films", _result(movies=[KODI_MOVIE]), ("1",)),
    Accepted("kodi", _list_call("VideoLibrary.GetMovieSets", "title"), "film sets", _result(sets=[KODI_SET]), ("2",)),
    Accepted("kodi", _list_call("VideoLibrary.GetTVShows", *VIDEO), "series", _result(tvshows=[KODI_SHOW]), ("3",)),
    Accepted("kodi", _list_call("VideoLibrary.GetSeasons", *SEASONS), "seasons",
             _result(seasons=[KODI_SEASON]), ("4",)),
    Accepted("kodi", _list_call("VideoLibrary.GetEpisodes", *EPISODES), "episodes",
             _result(episodes=[KODI_EPISODE]), ("5",)),
    Accepted("kodi", _list_call("VideoLibrary.GetMusicVideos", *MUSIC_VIDEOS), "music videos",
             _result(musicvideos=[KODI_VIDEO]), ("6",)),
    Accepted("kodi", _list_call("AudioLibrary.GetArtists", *ARTISTS, albumartistsonly=False), "artists",
             _result(artists=[KODI_ARTIST]), ("7",)),
    Accepted("kodi", _list_call("AudioLibrary.GetAlbums", *ALBUMS), "albums", _result(albums=[KODI_ALBUM]), ("8",)),
    Accepted("kodi", _list_call("AudioLibrary.GetSongs", *SONGS), "songs", _result(songs=[KODI_SONG]), ("9",)),
    Accepted("kodi", _call("VideoLibrary.GetMovies"), "an empty library, without a list", _result(), ()),
    Accepted("kodi", _list_call("VideoLibrary.GetMovies", *VIDEO, limits={"start": 0, "end": 1}), "a page of films",
             _result(3, movies=[KODI_MOVIE]), ("1",), "page"),
    Accepted("kodi", f"[{_call('VideoLibrary.GetMovies')}, {_call('VideoLibrary.GetTVShows', 2)}]",
             "a batch: several calls in one request",
             [_result(movies=[KODI_MOVIE]), {**_result(tvshows=[KODI_SHOW]), "id": 2}], ("1", "3")),
    *_kodi_details(),
    Accepted("kodi", _list_call("Player.GetItem", *VIDEO, playerid=1), "what is being played",
             {"id": 1, "jsonrpc": "2.0", "result": {"item": {"id": 1, "type": "movie", **KODI_MOVIE}}}, ("1",), "item"),
    Accepted("kodi", _list_call("Playlist.GetItems", *VIDEO, playlistid=1), "what will be played",
             _result(items=[{"id": 5, "type": "episode", "label": "Pilot", "title": "Pilot"}]), ("5",), "items"),
    Accepted("kodi", _list_call("Files.GetDirectory", *VIDEO, directory="/movies/", media="video"),
             "a folder; only what is in the library has an ID",
             _result(files=[{"id": 1, "type": "movie", "filetype": "file", "label": "The Matrix"},
                            {"type": "unknown", "filetype": "directory", "label": "New", "file": "/movies/New/"}]),
             ("1",), "files"),
    Accepted("kodi", _list_call("VideoLibrary.GetMovies", *VIDEO) + ", only the result", "films",
             _result(movies=[KODI_MOVIE])["result"], ("1",)),
    Accepted("kodi", _list_call("VideoLibrary.GetMovies", limits={"start": 0, "end": 1}) + ", only the result",
             "a page of films", _result(3, movies=[KODI_MOVIE])["result"], ("1",), "page"),
    Accepted("kodi", _call("VideoLibrary.GetMovies") + ", as JSON text in a JSON string", "films",
             json.dumps(_result(movies=[KODI_MOVIE])), ("1",)),
    Accepted("kodi", "notification VideoLibrary.OnUpdate or AudioLibrary.OnUpdate",
             "what was added or changed, by ID and type alone",
             _notification("VideoLibrary.OnUpdate", {"id": 1, "type": "movie", "added": True}), ("1",),
             "notification"),
    Accepted("kodi", "notification VideoLibrary.OnUpdate, before Kodi 18", "the same, wrapped",
             _notification("VideoLibrary.OnUpdate", {"item": {"id": 5, "type": "episode"}, "playcount": 1}), ("5",),
             "notification"),
    Accepted("kodi", "notification Player.OnPlay", "what is being played",
             _notification("Player.OnPlay", {"item": {"id": 1, "type": "movie"}, "player": {"playerid": 1}}), ("1",),
             "notification"),
    Accepted("kodi", "notification VideoLibrary.OnRemove", "what was removed; it is no item",
             _notification("VideoLibrary.OnRemove", {"id": 1, "type": "movie"}), (), "notification"),
]  # fmt: skip

# Subsonic

SUB_ARTIST = {"id": "ar1", "name": "Pink Floyd", "musicBrainzId": "83d91898-7763-47d7-b03b-b92132375c47"}
SUB_ALBUM = {
    "id": "al1", "name": "The Dark Side of the Moon", "artist": "Pink Floyd", "artistId": "ar1", "year": 1973,
    "musicBrainzId": "b84ee12a-09ef-421b-82de-0441a926375b",
}  # fmt: skip
SUB_SONG = {
    "id": "s1", "parent": "al1", "isDir": False, "title": "Speak to Me", "artist": "Pink Floyd", "albumId": "al1",
    "discNumber": 1, "track": 1, "year": 1973, "path": "Pink Floyd/The Dark Side of the Moon/01 Speak to Me.flac",
}  # fmt: skip
SUB_FOLDER = {"id": "d1", "parent": "m1", "isDir": True, "title": "The Dark Side of the Moon"}
SUB_INDEX = [{"name": "P", "artist": [SUB_ARTIST]}]
PODCAST = {"id": "p1", "isDir": False, "title": "Episode 1", "type": "podcast"}
ROAD = {"id": "pl1", "name": "Road", "owner": "me", "songCount": 1}


def _subsonic(request: str, what: str, answer: Json, item_ids: tuple[str, ...], taken_for: str = "listing") -> Accepted:
    head = {"status": "ok", "version": "1.16.1"}
    separator = "&" if "?" in request else "?"
    return Accepted(
        "subsonic", f"GET /rest/{request}{separator}f=json", what, {"subsonic-response": head | answer}, item_ids,
        taken_for,
    )  # fmt: skip


def _songs(request: str, what: str, key: str) -> Accepted:
    return _subsonic(request, what, {key: {"song": [SUB_SONG]}}, ("s1",), key)


SUBSONIC = [
    _subsonic("search3?query=&artistCount=10000&albumCount=10000&songCount=100000", "all artists, albums and songs",
              {"searchResult3": {"artist": [SUB_ARTIST], "album": [SUB_ALBUM], "song": [SUB_SONG]}},
              ("ar1", "al1", "s1")),
    _subsonic("search2?query=&artistCount=10000&albumCount=10000&songCount=100000", "the same by folders",
              {"searchResult2": {"artist": [SUB_ARTIST], "album": [SUB_FOLDER], "song": [SUB_SONG]}},
              ("ar1", "d1", "s1")),
    _subsonic("getArtists", "artists", {"artists": {"index": SUB_INDEX}}, ("ar1",)),
    _subsonic("getIndexes", "artists by folders", {"indexes": {"lastModified": 0, "index": SUB_INDEX}}, ("ar1",)),
    _subsonic("getIndexes?musicFolderId=1", "artists, and songs outside every folder",
              {"indexes": {"lastModified": 0, "index": SUB_INDEX, "child": [SUB_SONG]}}, ("ar1", "s1"), "indexes"),
    _subsonic("getPlaylists", "playlists", {"playlists": {"playlist": [ROAD]}}, ("pl1",)),
    _subsonic("getVideos", "videos",
              {"videos": {"video": [{"id": "v1", "title": "Take On Me", "isVideo": True, "isDir": False}]}}, ("v1",)),
    _subsonic("getArtist?id=ar1", "an artist and its albums", {"artist": {**SUB_ARTIST, "album": [SUB_ALBUM]}},
              ("ar1", "al1"), "artist"),
    _subsonic("getAlbum?id=al1", "an album and its songs", {"album": {**SUB_ALBUM, "song": [SUB_SONG]}},
              ("al1", "s1"), "album"),
    _subsonic("getSong?id=s1", "one song", {"song": SUB_SONG}, ("s1",), "song"),
    _subsonic("getAlbumList2?type=newest", "albums", {"albumList2": {"album": [SUB_ALBUM]}}, ("al1",), "albumList2"),
    _subsonic("getAlbumList?type=newest", "albums by folders", {"albumList": {"album": [SUB_FOLDER]}}, ("d1",),
              "albumList"),
    _subsonic("getStarred2", "favourites",
              {"starred2": {"artist": [SUB_ARTIST], "album": [SUB_ALBUM], "song": [SUB_SONG]}}, ("ar1", "al1", "s1"),
              "starred2"),
    _subsonic("getStarred", "favourites by folders", {"starred": {"album": [SUB_FOLDER], "song": [SUB_SONG]}},
              ("d1", "s1"), "starred"),
    _songs("getRandomSongs?size=50", "random songs", "randomSongs"),
    _songs("getSongsByGenre?genre=Rock", "songs of a genre", "songsByGenre"),
    _songs("getTopSongs?artist=Pink%20Floyd", "an artist's top songs", "topSongs"),
    _songs("getSimilarSongs?id=s1", "similar songs by folders", "similarSongs"),
    _songs("getSimilarSongs2?id=ar1", "similar songs", "similarSongs2"),
    _subsonic("getPlaylist?id=pl1", "a playlist and its songs", {"playlist": {**ROAD, "entry": [SUB_SONG]}},
              ("pl1", "s1"), "playlist"),
    _subsonic("getMusicDirectory?id=m1", "a folder; folders in it are no items",
              {"directory": {"id": "m1", "name": "Pink Floyd", "child": [SUB_FOLDER, SUB_SONG]}}, ("s1",), "directory"),
    _subsonic("getNowPlaying", "what is being played",
              {"nowPlaying": {"entry": [{**SUB_SONG, "username": "me", "minutesAgo": 1}]}}, ("s1",), "nowPlaying"),
    _subsonic("getBookmarks", "bookmarks",
              {"bookmarks": {"bookmark": [{"position": 5000, "username": "me", "entry": SUB_SONG}]}}, ("s1",),
              "bookmarks"),
    _subsonic("getPlayQueue", "the play queue; podcasts in it are no items",
              {"playQueue": {"current": "s1", "username": "me", "entry": [PODCAST, SUB_SONG]}}, ("s1",), "playQueue"),
    _subsonic("getPlayQueueByIndex", "the play queue by index",
              {"playQueueByIndex": {"currentIndex": 0, "username": "me", "entry": [SUB_SONG]}}, ("s1",),
              "playQueueByIndex"),
    _subsonic("getShares", "what was shared",
              {"shares": {"share": [{"id": "1", "url": "https://example.org/s/1", "username": "me",
                                     "entry": [SUB_SONG]}]}}, ("s1",), "shares"),
    _subsonic("getPodcasts", "podcasts, which are no items",
              {"podcasts": {"channel": [{"id": "1", "title": "News", "status": "completed", "episode": [PODCAST]}]}},
              (), "podcasts"),
    _subsonic("getNewestPodcasts", "the newest podcasts, which are no items",
              {"newestPodcasts": {"episode": [PODCAST]}}, (), "newestPodcasts"),
    Accepted("subsonic", "GET /rest/search3?query=&f=json, only the content of subsonic-response",
             "all artists, albums and songs",
             {"status": "ok", "version": "1.16.1", "searchResult3": {"artist": [SUB_ARTIST], "song": [SUB_SONG]}},
             ("ar1", "s1")),
    Accepted("subsonic", "GET /rest/search3?query=&f=json, only its searchResult3", "all artists, albums and songs",
             {"searchResult3": {"album": [SUB_ALBUM]}}, ("al1",)),
    Accepted("subsonic", "GET /rest/getArtists?f=json, only its artists", "artists",
             {"artists": {"index": SUB_INDEX}}, ("ar1",)),
    Accepted("subsonic", "GET /rest/getStarred2?f=json, only its starred2", "favourites",
             {"starred2": {"song": [SUB_SONG]}}, ("s1",), "starred2"),
    Accepted("subsonic", "GET /rest/getArtists?f=json, as JSON text in a JSON string", "artists",
             json.dumps({"subsonic-response": {"status": "ok", "artists": {"index": SUB_INDEX}}}), ("ar1",)),
    _subsonic("jukeboxControl?action=get", "the jukebox's queue",
              {"jukeboxPlaylist": {"currentIndex": 0, "playing": True, "entry": [SUB_SONG]}}, ("s1",),
              "jukeboxPlaylist"),
    Accepted("subsonic", "GET /api/artist", "artists, from Navidrome's own API",
             [{"id": "ar1", "name": "Pink Floyd", "albumCount": 1, "orderArtistName": "pink floyd",
               "mbzArtistId": "83d91898-7763-47d7-b03b-b92132375c47"}], ("ar1",)),
    Accepted("subsonic", "GET /api/album", "albums, from Navidrome's own API",
             [{"id": "al1", "name": "The Dark Side of the Moon", "albumArtistId": "ar1", "albumArtist": "Pink Floyd",
               "maxYear": 1973, "mbzAlbumId": "b84ee12a-09ef-421b-82de-0441a926375b"}], ("al1",)),
    Accepted("subsonic", "GET /api/song", "songs, from Navidrome's own API",
             [{"id": "s1", "title": "Speak to Me", "albumId": "al1", "artistId": "ar1", "artist": "Pink Floyd",
               "trackNumber": 1, "mbzRecordingID": "bef3fddb-5aca-49f5-b2fd-d56a23268d63"}], ("s1",)),
    Accepted("subsonic", "GET /api/playlist/pl1/tracks", "the songs of a playlist, from Navidrome's own API",
             [{"id": "1", "mediaFileId": "s1", "playlistId": "pl1", "title": "Speak to Me", "albumId": "al1"}], ("s1",),
             "playlist"),
    Accepted("subsonic", "GET /api/playlist", "playlists, from Navidrome's own API",
             [{"id": "pl1", "name": "Road", "ownerId": "u1", "ownerName": "me", "songCount": 1}], ("pl1",)),
]  # fmt: skip

# Trakt

FILM = {
    "title": "TRON: Legacy", "year": 2010,
    "ids": {"trakt": 12601, "slug": "tron-legacy-2010", "imdb": "tt1104001", "tmdb": 20526},
}  # fmt: skip
SERIES = {
    "title": "Breaking Bad", "year": 2008,
    "ids": {"trakt": 1388, "slug": "breaking-bad", "tvdb": 81189, "imdb": "tt0903747", "tmdb": 1396},
}  # fmt: skip
TRAKT_SEASON = {"number": 1, "ids": {"trakt": 3950, "tvdb": 30272, "tmdb": 3572}}
PILOT = {
    "season": 1, "number": 1, "title": "Pilot",
    "ids": {"trakt": 73482, "tvdb": 349232, "imdb": "tt0959621", "tmdb": 62085},
}  # fmt: skip
SEEN = [{"number": 1, "episodes": [{"number": 1, "plays": 1, "last_watched_at": WHEN}]}]


def _trakt(
    request: str, what: str, response: Json | list[Json] | str, item_ids: tuple[str, ...], taken_for: str = "listing"
) -> Accepted:
    return Accepted("trakt", f"GET {request}", what, response, item_ids, taken_for)


TRAKT = [
    _trakt("/sync/collection/movies", "collected films", [{"collected_at": WHEN, "movie": FILM}], ("12601",)),
    _trakt("/sync/collection/shows", "collected series; episodes come by number alone and are no items",
           [{"last_collected_at": WHEN, "show": SERIES,
             "seasons": [{"number": 1, "episodes": [{"number": 1, "collected_at": WHEN}]}]}], ("1388",)),
    _trakt("/sync/watched/movies", "watched films", [{"plays": 4, "last_watched_at": WHEN, "movie": FILM}],
           ("12601",)),
    _trakt("/sync/watched/shows", "watched series; episodes as above",
           [{"plays": 1, "last_watched_at": WHEN, "show": SERIES, "seasons": SEEN}], ("1388",)),
    _trakt("/sync/ratings", "ratings, each episode and season with its series",
           [{"rated_at": WHEN, "rating": 10, "type": "movie", "movie": FILM},
            {"rated_at": WHEN, "rating": 9, "type": "episode", "episode": PILOT, "show": SERIES},
            {"rated_at": WHEN, "rating": 8, "type": "season", "season": TRAKT_SEASON, "show": SERIES}],
           ("12601", "73482", "1388", "3950")),
    _trakt("/sync/watchlist", "the watchlist",
           [{"rank": 1, "id": 101, "listed_at": WHEN, "type": "movie", "movie": FILM},
            {"rank": 2, "id": 102, "listed_at": WHEN, "type": "show", "show": SERIES}], ("12601", "1388")),
    _trakt("/sync/history", "the play history",
           [{"id": 1, "watched_at": WHEN, "action": "scrobble", "type": "episode", "episode": PILOT, "show": SERIES},
            {"id": 2, "watched_at": WHEN, "action": "watch", "type": "movie", "movie": FILM}],
           ("73482", "1388", "12601"), "history"),
    _trakt("/sync/playback", "what was paused",
           [{"progress": 10, "paused_at": WHEN, "id": 13, "type": "movie", "movie": FILM}], ("12601",), "playback"),
    _trakt("/search/movie?query=tron", "a search", [{"type": "movie", "score": 26.2, "movie": FILM}], ("12601",),
           "search"),
    _trakt("/search/imdb/tt0903747", "a search by ID", [{"type": "show", "score": 1000, "show": SERIES}], ("1388",),
           "search"),
    _trakt("/movies/trending", "what others watch now", [{"watchers": 21, "movie": FILM}], ("12601",), "trending"),
    _trakt("/movies/watched/weekly", "what others watched",
           [{"watcher_count": 66667, "play_count": 109736, "collected_count": 27584, "movie": FILM}], ("12601",),
           "popular"),
    _trakt("/movies/anticipated", "what is on many lists", [{"list_count": 5362, "movie": FILM}], ("12601",), "chart"),
    _trakt("/movies/boxoffice", "what earned most", [{"revenue": 48464322, "movie": FILM}], ("12601",), "chart"),
    _trakt("/calendars/my/shows/2014-09-01/7", "what is on this week",
           [{"first_aired": WHEN, "episode": PILOT, "show": SERIES}], ("73482", "1388"), "calendar"),
    _trakt("/users/hidden/progress_watched", "what the user hides",
           [{"hidden_at": WHEN, "type": "show", "show": SERIES}], ("1388",), "hidden"),
    _trakt("/movies/popular", "films without wrapper", [FILM], ("12601",), "list"),
    _trakt("/recommendations/shows", "series without wrapper", [SERIES], ("1388",), "list"),
    _trakt("/shows/breaking-bad/seasons", "the seasons of a series", [TRAKT_SEASON], ("3950",), "list"),
    _trakt("/shows/breaking-bad/seasons/1", "the episodes of a season", [PILOT], ("73482",), "list"),
    _trakt("/movies/tron-legacy-2010", "one film", FILM, ("12601",), "item"),
    _trakt("/shows/breaking-bad", "one series", SERIES, ("1388",), "item"),
    _trakt("/shows/breaking-bad/seasons/1/episodes/1", "one episode", PILOT, ("73482",), "item"),
    _trakt("/users/me/watching", "what is being played",
           {"expires_at": WHEN, "started_at": WHEN, "action": "scrobble", "type": "episode", "episode": PILOT,
            "show": SERIES}, ("73482", "1388"), "item"),
    _trakt("/people/bryan-cranston/movies", "the films that a person took part in",
           {"cast": [{"characters": ["Clu"], "movie": FILM}],
            "crew": {"directing": [{"jobs": ["Director"], "movie": FILM}]}},
           ("12601",), "person"),
    _trakt("/people/bryan-cranston/shows", "the series that a person took part in",
           {"cast": [{"characters": ["Walter White"], "episode_count": 62, "show": SERIES}]}, ("1388",), "person"),
    _trakt("/sync/collection/movies, as JSON text in a JSON string", "collected films",
           json.dumps([{"collected_at": WHEN, "movie": FILM}]), ("12601",)),
]  # fmt: skip

RESPONSES = [*PLEX, *JELLYFIN, *EMBY, *KODI, *SUBSONIC, *TRAKT]


def sample(client_type: str) -> Any:
    """Return a response that the reader accepts."""
    return next(row.response for row in RESPONSES if row.client_type == client_type)


def guide(client_type: str) -> Path:
    """Return the page that lists what the reader accepts."""
    return GUIDES / f"{client_type}.md"


def render(client_type: str) -> str:
    """Return the part of a server's guide, with its marks."""
    lines = [SERVERS[client_type], "", "| request | what | taken for |", "| --- | --- | --- |"]
    for row in RESPONSES:
        if row.client_type == client_type:
            taken_for = row.taken_for if row.taken_for in ("listing", "page") else f"selection `{row.taken_for}`"
            lines.append(f"| `{row.request}` | {row.what} | {taken_for} |")
    return "\n\n".join([BEGIN, "\n".join(lines), END])


def main() -> None:
    """Write the parts of the guides anew."""
    part = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    for client_type in SERVERS:
        page = guide(client_type)
        if not page.exists():
            raise SystemExit(f"{page} has to be written first, with the lines {BEGIN} and {END}")
        text = page.read_text(encoding="utf-8")
        if len(part.findall(text)) != 1:
            raise SystemExit(f"{page} has to contain {BEGIN} and {END} once")
        new = render(client_type)
        page.write_text(part.sub(lambda _, new=new: new, text), encoding="utf-8")


if __name__ == "__main__":
    main()
