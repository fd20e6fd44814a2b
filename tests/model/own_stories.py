"""Our own stories, of each kind of mistake that the matching must not make.

Public IDs are true ones; series, episodes and albums are made up where a story needs more of them than are known.
"""

from __future__ import annotations

from typing import Any

from tests.model.stories import Story

Item = dict[str, Any]
Step = dict[str, Any]

QUEEN = "0383dadf-2a4e-4d10-a46a-e9e041da8eb3"
BOWIE = "5441c29d-3602-4898-b1a1-b77fa23b8e50"
NIRVANA_US = "5b11f4ce-a62d-471e-81fc-a69a8278c7da"
NIRVANA_UK = "9282c8b4-ca0b-4c6b-b7e3-4f7762dfc4d6"
RECORDING = "0f5a2b6e-5d0b-4f6c-9a53-3c8f0d1e7b21"


def item(media_type: str, item_id: str, title: str | None, year: int | None, ids: Item, **more: Any) -> Item:
    told = {"itemId": item_id, "type": media_type, "title": title, "year": year, "externalIds": ids or None, **more}
    return {key: value for key, value in told.items() if value is not None}


def film(item_id: str, title: str | None, year: int | None = None, path: str | None = None, **ids: Any) -> Item:
    return item("movie", item_id, title, year, ids, path=path)


def series(item_id: str, title: str, year: int | None = None, **ids: Any) -> Item:
    return item("series", item_id, title, year, ids)


def season(item_id: str, parent: str, number: int, **ids: Any) -> Item:
    return item("season", item_id, f"Season {number}", None, ids, parentItemId=parent, seasonNumber=number)


def episode(
    item_id: str, parent: str, numbers: str | None, title: str | None, path: str | None = None, **ids: Any
) -> Item:
    """An episode; numbers as in 1x02."""
    of_season, own = map(int, numbers.split("x")) if numbers else (None, None)
    return item(
        "episode", item_id, title, None, ids, parentItemId=parent, seasonNumber=of_season, episodeNumber=own, path=path
    )


def artist(item_id: str, name: str, *mbids: str) -> Item:
    return item("artist", item_id, name, None, {"musicbrainz": list(mbids)} if mbids else {})


def album(item_id: str, parent: str, title: str, year: int | None = None, **ids: Any) -> Item:
    return item("album", item_id, title, year, ids, parentItemId=parent)


def track(item_id: str, parent: str, number: int | None, title: str, disc: int | None = None, **ids: Any) -> Item:
    return item("track", item_id, title, None, ids, parentItemId=parent, discNumber=disc, trackNumber=number)


def plex(*items: Item) -> Step:
    return {"client_id": 1, "client_type": "plex", "items": items, "allow_removals": True}


def emby(*items: Item) -> Step:
    return {"client_id": 2, "client_type": "emby", "items": items, "allow_removals": True}


def kodi(*items: Item) -> Step:
    return {"client_id": 3, "client_type": "kodi", "items": items, "allow_removals": True}


def subsonic(*items: Item) -> Step:
    return {"client_id": 4, "client_type": "subsonic", "items": items, "allow_removals": True}


def trakt(*items: Item) -> Step:
    return {"client_id": 5, "client_type": "trakt", "items": items, "allow_removals": True}


def distinct(one: tuple[int, str, str], other: tuple[int, str, str]) -> Step:
    return {"distinct": [one, other]}


def movies(*keys: str) -> list[tuple[int, str, str]]:
    """Keys of films, as in 1:a."""
    return of("movie", *keys)


def of(media_type: str, *keys: str) -> list[tuple[int, str, str]]:
    return [(int(client), item_id, media_type) for client, item_id in (key.split(":") for key in keys)]


_TOLD: list[dict[str, Any]] = [
    # One wrong, cut or swapped ID among several that agree
    {
        "name": "one-wrong-tvdb-id-of-three",
        "steps": [
            plex(series("f", "Fargo", 2014, imdb="tt2802850", tmdb="60622", tvdb="269613")),
            emby(series("5", "Fargo", 2014, imdb="tt2802850", tmdb="60622", tvdb="269631")),
            kodi(series("1", "Fargo", 2014, imdb="tt2802850")),
        ],
        "expect": "two IDs, title and year outweigh two swapped digits",
        "same": [of("series", "1:f", "2:5", "3:1")],
    },
    {
        "name": "an-imdb-id-cut-short",
        "steps": [
            plex(film("h", "Heat", 1995, imdb="tt0113277", tmdb="949")),
            emby(film("7", "Heat", 1995, imdb="tt011327", tmdb="949")),
        ],
        "expect": "the TMDB ID, title and year say what the cut ID hides",
        "same": [movies("1:h", "2:7")],
    },
    {
        "name": "the-imdb-ids-of-two-films-are-swapped",
        "steps": [
            plex(
                film("1", "Alien", 1979, imdb="tt0078748", tmdb="348"),
                film("2", "Aliens", 1986, imdb="tt0090605", tmdb="679"),
            ),
            emby(
                film("1", "Alien", 1979, imdb="tt0090605", tmdb="348"),
                film("2", "Aliens", 1986, imdb="tt0078748", tmdb="679"),
            ),
        ],
        "expect": "each is itself: one ID, title and year against one ID",
        "same": [movies("1:1", "2:1"), movies("1:2", "2:2")],
        "different": [movies("1:1", "1:2")],
    },
    {
        "name": "two-episodes-swapped-their-tvdb-ids",
        "steps": [
            plex(
                series("s", "Saltmarsh", 2015, tvdb="901"),
                episode("1", "s", "1x01", "The Causeway", tvdb="9011", imdb="tt9010001"),
                episode("2", "s", "1x02", "Low Water", tvdb="9012", imdb="tt9010002"),
            ),
            emby(
                series("s", "Saltmarsh", 2015, tvdb="901"),
                episode("1", "s", "1x01", "The Causeway", tvdb="9012", imdb="tt9010001"),
                episode("2", "s", "1x02", "Low Water", tvdb="9011", imdb="tt9010002"),
            ),
        ],
        "expect": "each is itself: one ID, title and number against one ID",
        "same": [of("episode", "1:1", "2:1"), of("episode", "1:2", "2:2")],
        "different": [of("episode", "1:1", "1:2")],
    },
    {
        "name": "the-wrong-id-is-another-films",
        "steps": [
            plex(film("c", "Collateral", 2004, tvdb="445"), film("h", "Heat", 1995, imdb="tt0113277")),
            emby(film("7", "Heat", 1995, imdb="tt0113277", tmdb="949", tvdb="445")),
        ],
        "expect": "Heat is Heat, and Collateral nothing that it has to do with",
        "same": [movies("1:h", "2:7")],
        "different": [movies("1:c", "2:7")],
    },
    {
        "name": "one-wrong-id-and-another-title",
        "steps": [
            plex(film("a", "The Passenger", 1975, imdb="tt0073580", tmdb="9652", tvdb="1234")),
            emby(film("9", "Professione: reporter", 1975, imdb="tt0073580", tmdb="9652", tvdb="4321")),
        ],
        "expect": "two IDs and the year against one ID; the title is Italian",
        "same": [movies("1:a", "2:9")],
    },
    # An ID that agrees while title and year both differ
    {
        "name": "an-id-alone-against-title-and-year",
        "steps": [
            plex(film("s", "Solaris", 1972, imdb="tt0069293")),
            emby(film("p", "Prisoners", 2013, imdb="tt0069293")),
        ],
        "expect": "a wrong ID, as title and year say: listed, not matched",
        "different": [movies("1:s", "2:p")],
        "review": [movies("1:s", "2:p")],
    },
    {
        "name": "an-id-against-title-and-year-beside-the-right-film",
        "steps": [
            plex(film("s", "Solaris", 1972, imdb="tt0069293")),
            emby(film("p", "Prisoners", 2013, imdb="tt0069293")),
            kodi(film("1", "Prisoners", 2013, imdb="tt1392214"), film("2", "Solaris", 1972, imdb="tt0069293")),
        ],
        "expect": "Kodi's Solaris is Plex'; Emby's Prisoners is not Solaris",
        "same": [movies("1:s", "3:2")],
        "different": [movies("1:s", "2:p"), movies("3:1", "3:2")],
    },
    {
        "name": "an-id-and-the-title-against-the-year",
        "steps": [
            plex(film("b", "Blade Runner", 1982, imdb="tt0083658")),
            emby(film("f", "Blade Runner", 2007, imdb="tt0083658")),
        ],
        "expect": "one film: the second server shows the year of the final cut",
        "same": [movies("1:b", "2:f")],
    },
    {
        "name": "an-id-and-the-year-against-the-title",
        "steps": [
            plex(film("a", "Amélie", 2001, imdb="tt0211915")),
            emby(film("f", "Le Fabuleux Destin d'Amélie Poulain", 2001, imdb="tt0211915")),
        ],
        "expect": "one film: the titles are of two languages",
        "same": [movies("1:a", "2:f")],
    },
    # Episodes that two providers number differently, where titles tell
    {
        "name": "a-pilot-that-one-provider-counts-twice",
        "steps": [
            plex(
                series("h", "Harbour Watch", 2011, tvdb="77001"),
                episode("1", "h", "1x01", "Fog (1)", tvdb="770011"),
                episode("2", "h", "1x02", "Fog (2)", tvdb="770012"),
                episode("3", "h", "1x03", "The Lighthouse Keeper", tvdb="770013"),
                episode("4", "h", "1x04", "Salvage", tvdb="770014"),
                episode("5", "h", "1x05", "Spring Tide", tvdb="770015"),
            ),
            emby(
                series("h", "Harbour Watch", 2011, tmdb="88001"),
                episode("1", "h", "1x01", "Fog", tmdb="880011"),
                episode("2", "h", "1x02", "The Lighthouse Keeper", tmdb="880012"),
                episode("3", "h", "1x03", "Salvage", tmdb="880013"),
                episode("4", "h", "1x04", "Spring Tide", tmdb="880014"),
            ),
        ],
        "expect": "the titles are one number off",
        "same": [of("episode", "1:3", "2:2"), of("episode", "1:4", "2:3"), of("episode", "1:5", "2:4")],
        "different": [of("episode", "1:2", "2:2"), of("episode", "1:4", "2:4")],
    },
    {
        "name": "an-absolute-number-across-seasons",
        "steps": [
            plex(
                series("k", "Kraken Hunters", 2004, tvdb="77002"),
                episode("14", "k", "2x01", "Return to the Maelstrom"),
                episode("15", "k", "2x02", "The Bone Reef"),
            ),
            kodi(
                series("k", "Kraken Hunters", 2004, tvdb="77002"),
                episode("14", "k", "1x14", "Return to the Maelstrom"),
                episode("15", "k", "1x15", "The Bone Reef"),
            ),
        ],
        "expect": "one counts through, the other one by season",
        "same": [of("episode", "1:14", "3:14"), of("episode", "1:15", "3:15")],
        "different": [of("episode", "1:14", "1:15")],
    },
    {
        "name": "a-special-that-is-an-episode-elsewhere",
        "steps": [
            plex(
                series("m", "Moorland", 2018, tvdb="77003"),
                episode("0", "m", "0x01", "A Winter's Night"),
                episode("1", "m", "1x01", "The Letter"),
                episode("2", "m", "1x02", "The Answer"),
            ),
            emby(
                series("m", "Moorland", 2018, tvdb="77003"),
                episode("1", "m", "1x01", "The Letter"),
                episode("2", "m", "1x02", "The Answer"),
                episode("3", "m", "1x03", "A Winter's Night"),
            ),
        ],
        "expect": "the Christmas special counts as 1x03 on one server",
        "same": [of("episode", "1:0", "2:3"), of("episode", "1:1", "2:1"), of("episode", "1:2", "2:2")],
    },
    # Translated titles, where numbers tell
    {
        "name": "episodes-in-two-languages",
        "steps": [
            plex(
                series("n", "Nachtzug", 2016, tvdb="77004"),
                episode("1", "n", "1x01", "Abfahrt"),
                episode("2", "n", "1x02", "Der Schaffner"),
                episode("3", "n", "1x03", "Grenze"),
            ),
            emby(
                series("n", "Night Train", 2016, tvdb="77004"),
                episode("1", "n", "1x01", "Departure"),
                episode("2", "n", "1x02", "The Conductor"),
                episode("3", "n", "1x03", "Border"),
            ),
        ],
        "expect": "number by number",
        "same": [of("series", "1:n", "2:n"), *(of("episode", f"1:{n}", f"2:{n}") for n in (1, 2, 3))],
        "different": [of("episode", "1:1", "1:2", "1:3")],
    },
    {
        "name": "tracks-in-two-scripts",
        "steps": [
            plex(
                artist("a", "Kumo"), album("b", "a", "Kaze", 1998),
                track("1", "b", 1, "Ame"), track("2", "b", 2, "Yuki"),
            ),
            subsonic(
                artist("a", "Kumo"), album("b", "a", "Kaze", 1998),
                track("1", "b", 1, "雨"), track("2", "b", 2, "雪"),
            ),
        ],
        "expect": "number by number",
        "same": [of("track", "1:1", "4:1"), of("track", "1:2", "4:2")],
        "different": [of("track", "1:1", "1:2")],
    },
    {
        "name": "one-title-is-translated-the-others-are-not",
        "steps": [
            plex(
                series("o", "Observatory", 2020, tvdb="77005"),
                episode("1", "o", "1x01", "Zenith"),
                episode("2", "o", "1x02", "The Long Night"),
                episode("3", "o", "1x03", "Nadir"),
            ),
            emby(
                series("o", "Observatory", 2020, tvdb="77005"),
                episode("1", "o", "1x01", "Zenith"),
                episode("2", "o", "1x02", "La longue nuit"),
                episode("3", "o", "1x03", "Nadir"),
            ),
        ],
        "expect": "the second by its number, which nothing else wants",
        "same": [of("episode", f"1:{n}", f"2:{n}") for n in (1, 2, 3)],
    },
    # IDs given out anew
    {
        "name": "every-film-has-a-new-id",
        "steps": [
            plex(film("1", "Metropolis", 1927, imdb="tt0017136"), film("2", "M", 1931)),
            plex(film("11", "Metropolis", 1927, imdb="tt0017136"), film("12", "M", 1931)),
        ],
        "expect": "the same media items, by ID and by title and year",
        "same": [[(1, "1", "movie", 0), (1, "11", "movie")], [(1, "2", "movie", 0), (1, "12", "movie")]],
        "different": [movies("1:11", "1:12")],
        "actions": [(1, "11", "movie", "rekeyed"), (1, "12", "movie", "rekeyed")],
    },
    {
        "name": "films-without-ids-move-up-by-one",
        "steps": [
            emby(
                film("a", "Total Recall", 1990, imdb="tt0100802"),
                film("b", "Total Recall", 2012, imdb="tt1386703"),
                film("c", "Stalker", 1979, imdb="tt0079944"),
            ),
            kodi(film("1", "Stalker", 1979), film("2", "Total Recall", 1990), film("3", "Total Recall", 2012)),
            kodi(
                film("1", "'71", 2014),
                film("2", "Stalker", 1979),
                film("3", "Total Recall", 1990),
                film("4", "Total Recall", 2012),
            ),
        ],
        "expect": "each film keeps its media item, also of the two that have one title",
        "same": [movies("3:2", "2:c"), movies("3:3", "2:a"), movies("3:4", "2:b")],
        "different": [movies("3:1", "3:2", "3:3", "3:4")],
    },
    {
        "name": "every-part-has-a-new-id",
        "steps": [
            plex(
                series("1", "Lantern Street", 2009, tvdb="77006"),
                season("2", "1", 1),
                episode("3", "1", "1x01", "Gas"),
                episode("4", "1", "1x02", "Oil"),
            ),
            plex(
                series("11", "Lantern Street", 2009, tvdb="77006"),
                season("12", "11", 1),
                episode("13", "11", "1x01", "Gas"),
                episode("14", "11", "1x02", "Oil"),
            ),
        ],
        "expect": "the same media items, by their place",
        "same": [
            [(1, old, media_type, 0), (1, f"1{old}", media_type)]
            for old, media_type in (("1", "series"), ("2", "season"), ("3", "episode"), ("4", "episode"))
        ],
    },
    {
        "name": "episode-ids-move-on-by-a-series-in-front",
        "steps": [
            plex(
                series("s", "Tidewater", 2012, tvdb="77007"),
                episode("a", "s", "1x01", "Ebb"),
                episode("b", "s", "1x02", "Flow"),
                episode("c", "s", "1x03", "Slack"),
            ),
            kodi(
                series("1", "Tidewater", 2012),
                episode("1", "1", "1x01", "Ebb"),
                episode("2", "1", "1x02", "Flow"),
                episode("3", "1", "1x03", "Slack"),
            ),
            kodi(
                series("1", "Aardvark Farm", 2013),
                series("2", "Tidewater", 2012),
                episode("1", "1", "1x01", "Termites"),
                episode("2", "2", "1x01", "Ebb"),
                episode("3", "2", "1x02", "Flow"),
                episode("4", "2", "1x03", "Slack"),
            ),
        ],
        "expect": "series and episodes are followed, although every ID now means the one before",
        "same": [
            of("series", "1:s", "3:2"), of("episode", "1:a", "3:2"), of("episode", "1:b", "3:3"),
            of("episode", "1:c", "3:4"),
        ],
        "different": [of("series", "3:1", "3:2"), of("episode", "3:1", "3:2", "3:3", "3:4")],
    },
    {
        "name": "two-films-of-one-title-have-new-ids-and-another-server-has-one",
        "any_order": False,
        "steps": [
            plex(film("v", "The Visitor", 1979, imdb="tt0080100")),
            kodi(
                film("1", "The Visitor", 1979, path="/films/The Visitor A/film.mkv"),
                film("2", "The Visitor", 1979, path="/films/The Visitor B/film.mkv"),
            ),
            kodi(
                film("5", "The Visitor", 1979, path="/films/The Visitor B/film.mkv"),
                film("6", "The Visitor", 1979, path="/films/The Visitor A/film.mkv"),
            ),
        ],
        "expect": "each keeps its media item, and neither becomes the other server's",
        "same": [[(3, "1", "movie", 1), (3, "6", "movie")], [(3, "2", "movie", 1), (3, "5", "movie")]],
        "different": [movies("1:v", "3:5", "3:6")],
    },
    {
        "name": "an-artist-that-may-be-two-has-a-new-id",
        "any_order": False,
        "steps": [
            plex(artist("us", "Nirvana", NIRVANA_US), artist("uk", "Nirvana", NIRVANA_UK)),
            subsonic(artist("1", "Nirvana"), album("2", "1", "Nevermind", 1991), track("3", "2", 2, "In Bloom")),
            subsonic(artist("11", "Nirvana"), album("12", "11", "Nevermind", 1991), track("13", "12", 2, "In Bloom")),
        ],
        "expect": "still neither of the two, and the same artist, album and track as before",
        "same": [
            [(4, "1", "artist", 1), (4, "11", "artist")], [(4, "2", "album", 1), (4, "12", "album")],
            [(4, "3", "track", 1), (4, "13", "track")],
        ],
        "different": [of("artist", "1:us", "1:uk", "4:11")],
        "actions": [(2, "11", "artist", "rekeyed")],
    },
    {
        "name": "two-tracks-have-changed-ids",
        "steps": [
            plex(
                artist("a", "The Ferrymen"), album("b", "a", "Crossings", 1987),
                track("t", "b", 1, "Rope"), track("u", "b", 2, "Plank"),
            ),
            subsonic(
                artist("a", "The Ferrymen"), album("b", "a", "Crossings", 1987),
                track("1", "b", 1, "Rope"), track("2", "b", 2, "Plank"),
            ),
            subsonic(
                artist("a", "The Ferrymen"), album("b", "a", "Crossings", 1987),
                track("2", "b", 1, "Rope"), track("1", "b", 2, "Plank"),
            ),
        ],
        "expect": "title and number say which is which",
        "same": [of("track", "1:t", "4:2"), of("track", "1:u", "4:1")],
    },
    {
        "name": "the-id-of-a-deleted-film-is-used-again",
        "steps": [
            plex(film("a", "Nosferatu", 1922), film("b", "Alphaville", 1965)),
            kodi(film("1", "Nosferatu", 1922), film("2", "Alphaville", 1965)),
            kodi(film("1", "Nosferatu", 1922), film("2", "Brazil", 1985)),
        ],
        "expect": "2 is Brazil now; Plex keeps Alphaville",
        "same": [movies("1:a", "3:1")],
        "different": [movies("1:a", "1:b", "3:2")],
    },
    {
        "name": "the-id-of-a-deleted-episode-is-used-again-at-the-same-number",
        "steps": [
            plex(
                series("s", "Copper Mine", 2001, tvdb="77008"), episode("a", "s", "1x01", "Shaft"),
                series("t", "Tin Mine", 2003, tvdb="77009"), episode("b", "t", "1x01", "Drift"),
            ),
            kodi(series("1", "Copper Mine", 2001, tvdb="77008"), episode("1", "1", "1x01", "Shaft")),
            kodi(
                series("1", "Copper Mine", 2001, tvdb="77008"),
                series("2", "Tin Mine", 2003, tvdb="77009"), episode("1", "2", "1x01", "Drift"),
            ),
        ],
        "expect": "the episode is the other series' now",
        "same": [of("episode", "1:b", "3:1"), of("series", "1:s", "3:1")],
        "different": [of("episode", "1:a", "3:1")],
    },
    {
        "name": "two-artists-have-changed-ids-and-their-albums-share-a-title",
        "any_order": False,
        "steps": [
            plex(
                artist("f", "The Ferrymen"), album("l", "f", "Live", 2000), track("t", "l", 1, "Intro"),
                artist("g", "The Gardeners"), album("m", "g", "Live", 2000), track("u", "m", 1, "Intro"),
            ),
            kodi(
                artist("1", "The Ferrymen"), album("1", "1", "Live", 2000), track("1", "1", 1, "Intro"),
                artist("2", "The Gardeners"), album("2", "2", "Live", 2000), track("2", "2", 1, "Intro"),
            ),
            kodi(
                artist("1", "The Gardeners"), album("1", "1", "Live", 2000), track("1", "1", 1, "Intro"),
                artist("2", "The Ferrymen"), album("2", "2", "Live", 2000), track("2", "2", 1, "Intro"),
            ),
        ],
        "expect": "an album goes with its artist, not with its old ID",
        "same": [
            of("artist", "1:f", "3:2"), of("artist", "1:g", "3:1"), of("album", "1:l", "3:2"),
            of("album", "1:m", "3:1"), of("track", "1:t", "3:2"), of("track", "1:u", "3:1"),
        ],
    },
    # A correction
    {
        "name": "a-corrected-series-takes-its-renamed-episodes-along",
        "steps": [
            plex(
                series("uk", "The Office", 2001, tvdb="78107"),
                episode("uk1", "uk", "1x01", "Downsize"), episode("uk2", "uk", "1x02", "Work Experience"),
                series("us", "The Office", 2005, tvdb="73244"),
                episode("us1", "us", "1x01", "Pilot"), episode("us2", "us", "1x02", "Diversity Day"),
            ),
            emby(
                series("5", "The Office", 2001, tvdb="78107"),
                episode("6", "5", "1x01", "Downsize"), episode("7", "5", "1x02", "Work Experience"),
            ),
            emby(
                series("5", "The Office", 2005, tvdb="73244"),
                episode("6", "5", "1x01", "Pilot"), episode("7", "5", "1x02", "Diversity Day"),
            ),
        ],
        "expect": "series and episodes are the American ones after the correction",
        "same": [of("series", "1:us", "2:5"), of("episode", "1:us1", "2:6"), of("episode", "1:us2", "2:7")],
        "different": [of("series", "1:uk", "1:us"), of("episode", "1:uk1", "2:6")],
    },
    {
        "name": "a-corrected-artist-takes-album-and-tracks-along",
        "steps": [
            plex(
                artist("us", "Nirvana", NIRVANA_US), album("n", "us", "Nevermind", 1991),
                track("b", "n", 2, "In Bloom"),
                artist("uk", "Nirvana", NIRVANA_UK), album("s", "uk", "Dedicated to Markos III", 1969),
                track("c", "s", 2, "Black Flower"),
            ),
            subsonic(
                artist("1", "Nirvana", NIRVANA_US), album("2", "1", "Nevermind", 1991), track("3", "2", 2, "In Bloom"),
            ),
            subsonic(
                artist("1", "Nirvana", NIRVANA_UK), album("2", "1", "Dedicated to Markos III", 1969),
                track("3", "2", 2, "Black Flower"),
            ),
        ],
        "expect": "artist, album and track are the British ones after the correction",
        "same": [of("artist", "1:uk", "4:1"), of("album", "1:s", "4:2"), of("track", "1:c", "4:3")],
        "different": [of("artist", "1:us", "1:uk"), of("album", "1:n", "4:2"), of("track", "1:b", "4:3")],
    },
    {
        "name": "a-corrected-film-of-the-same-title",
        "steps": [
            plex(film("a", "Carrie", 1976, imdb="tt0074285"), film("b", "Carrie", 2013, imdb="tt1939659")),
            emby(film("5", "Carrie", 1976, imdb="tt0074285")),
            emby(film("5", "Carrie", 2013, imdb="tt1939659")),
        ],
        "expect": "the remake after the correction",
        "same": [movies("1:b", "2:5")],
        "different": [movies("1:a", "1:b")],
        "actions": [(2, "5", "movie", "reassigned")],
    },
    {
        "name": "ids-that-a-server-reports-later-are-another-films",
        "any_order": False,
        "steps": [
            plex(film("a", "Pinocchio", 2022, imdb="tt1488589", tmdb="555604")),
            kodi(film("1", "Pinocchio", 2022)),
            kodi(film("1", "Pinocchio", 2022, imdb="tt4593060", tmdb="532639")),
            emby(film("b", "Pinocchio", 2022, imdb="tt4593060")),
        ],
        "expect": "the other film of that year, as both IDs say",
        "same": [movies("2:b", "3:1"), [(1, "a", "movie"), (3, "1", "movie", 1)]],
        "different": [movies("1:a", "3:1")],
        "actions": [(2, "1", "movie", "reassigned")],
    },
    # A source that is private to one program
    {
        "name": "radarrs-row-number-on-two-films",
        "steps": [
            plex(film("a", "Brazil", 1985, radarr="12")),
            emby(film("b", "Akira", 1988, radarr="12")),
        ],
        "expect": "two films: each program counts for itself",
        "different": [movies("1:a", "2:b")],
    },
    {
        "name": "radarrs-row-number-on-two-films-of-one-title",
        "steps": [
            plex(film("a", "Beauty and the Beast", 1991, radarr="7")),
            emby(film("b", "Beauty and the Beast", 2017, radarr="7")),
        ],
        "expect": "two films: the years are far apart, and the number means little",
        "different": [movies("1:a", "2:b")],
    },
    {
        "name": "radarrs-row-numbers-differ",
        "steps": [
            plex(film("a", "Brazil", 1985, radarr="12")),
            emby(film("b", "Brazil", 1985, radarr="99")),
        ],
        "expect": "one film: what a program counts contradicts nothing",
        "same": [movies("1:a", "2:b")],
    },
    # A recording on several albums
    {
        "name": "a-recording-opens-an-album-and-a-single",
        "steps": [
            kodi(
                artist("1", "The Ferrymen"), album("1", "1", "Crossings", 1987), album("2", "1", "Rope", 1987),
                track("1", "1", 1, "Rope", musicbrainz=RECORDING), track("2", "2", 1, "Rope", musicbrainz=RECORDING),
            ),
            subsonic(
                artist("a", "The Ferrymen"), album("c", "a", "Crossings", 1987), album("r", "a", "Rope", 1987),
                track("3", "c", 1, "Rope", musicbrainz=RECORDING), track("4", "r", 1, "Rope", musicbrainz=RECORDING),
            ),
        ],
        "expect": "two tracks: each is the one of its album",
        "same": [of("track", "3:1", "4:3"), of("track", "3:2", "4:4")],
        "different": [of("track", "3:1", "3:2")],
    },
    {
        "name": "a-recording-on-another-album-of-each-server",
        "steps": [
            kodi(
                artist("1", "The Ferrymen"), album("1", "1", "Crossings", 1987),
                track("1", "1", 3, "Rope", musicbrainz=RECORDING),
            ),
            subsonic(
                artist("a", "The Ferrymen"), album("b", "a", "The Best of the Ferrymen", 2000),
                track("9", "b", 9, "Rope", musicbrainz=RECORDING),
            ),
            emby(
                artist("x", "The Ferrymen"), album("y", "x", "Crossings", 1987),
                album("z", "x", "The Best of the Ferrymen", 2000),
                track("3", "y", 3, "Rope", musicbrainz=RECORDING), track("4", "z", 9, "Rope", musicbrainz=RECORDING),
            ),
        ],
        "expect": "each is the track of its album, whichever server comes first",
        "same": [of("track", "3:1", "2:3"), of("track", "4:9", "2:4")],
        "different": [of("track", "3:1", "4:9")],
    },
    {
        "name": "a-recording-under-two-names-of-its-artist",
        "steps": [
            kodi(
                artist("1", "The Ferrymen & Friends"), album("1", "1", "Crossings", 1987),
                track("1", "1", 3, "Rope", musicbrainz=RECORDING),
            ),
            subsonic(
                artist("a", "The Ferrymen"), album("b", "a", "Crossings", 1987),
                track("3", "b", 3, "Rope", musicbrainz=RECORDING),
            ),
        ],
        "expect": "the number agrees as well: one track",
        "same": [of("track", "3:1", "4:3")],
    },
    # Two artists in one credit
    {
        "name": "two-artists-in-one-credit",
        "steps": [
            plex(artist("q", "Queen", QUEEN), artist("b", "David Bowie", BOWIE)),
            emby(artist("1", "Queen & David Bowie", QUEEN, BOWIE), artist("2", "Queen", QUEEN)),
            subsonic(artist("x", "Queen & David Bowie", f"{QUEEN}/{BOWIE}")),
        ],
        "expect": "the pair is a third thing, and the same one on both servers",
        "same": [of("artist", "1:q", "2:2"), of("artist", "2:1", "4:x")],
        "different": [of("artist", "1:q", "1:b", "2:1")],
    },
    # The first server's title is in another language
    {
        "name": "the-first-server-is-italian",
        "any_order": False,
        "steps": [
            plex(film("a", "Il Gattopardo", 1963, imdb="tt0057091")),
            emby(film("b", "The Leopard", 1963, imdb="tt0057091")),
            kodi(film("1", "The Leopard", 1963)),
            trakt(film("2", "Il gattopardo", 1963)),
        ],
        "expect": "one film: a title of any of its client items tells it",
        "same": [movies("1:a", "2:b", "3:1", "5:2")],
    },
    {
        "name": "the-first-server-is-german-and-has-episodes",
        "any_order": False,
        "steps": [
            plex(
                series("n", "Die Brücke am Fluss", 2014, tvdb="77010"),
                episode("1", "n", "1x01", "Nebel"), episode("2", "n", "1x02", "Eis"),
            ),
            emby(
                series("n", "The River Bridge", 2014, tvdb="77010"),
                episode("1", "n", "1x01", "Mist"), episode("2", "n", "1x02", "Ice"),
            ),
            kodi(
                series("1", "The River Bridge", 2014),
                episode("1", "1", "1x01", "Mist"), episode("2", "1", "1x02", "Ice"),
            ),
        ],
        "expect": "one series, two episodes",
        "same": [
            of("series", "1:n", "2:n", "3:1"), of("episode", "1:1", "2:1", "3:1"), of("episode", "1:2", "2:2", "3:2"),
        ],
        "different": [of("episode", "1:1", "1:2")],
    },
    # File paths
    {
        "name": "folder-and-file-of-a-film-agree",
        "steps": [
            plex(film("a", "Spirited Away", 2001, path="/data/films/Spirited Away (2001)/Spirited Away.mkv")),
            kodi(film("1", "Chihiros Reise", 2001, path="/mnt/nas/Spirited Away (2001)/Spirited Away.mkv")),
        ],
        "expect": "one film: the file and the year",
        "same": [movies("1:a", "3:1")],
    },
    {
        "name": "the-file-name-alone-agrees",
        "steps": [
            plex(film("a", "Brazil", 1985, path="/data/films/Brazil/movie.mkv")),
            kodi(film("1", "Akira", 1988, path="/data/films/Akira/movie.mkv")),
        ],
        "expect": "two films: one component of the path says nothing",
        "different": [movies("1:a", "3:1")],
    },
    {
        "name": "a-path-that-is-not-unique-on-its-server",
        "steps": [
            plex(
                film("a", "Brazil", 1985, path="/data/Brazil/Disc 1/movie.mkv"),
                film("b", "Akira", 1988, path="/data/Akira/Disc 1/movie.mkv"),
            ),
            kodi(film("1", "Akira (Kinofassung)", 1988, path="/mnt/A/Disc 1/movie.mkv")),
        ],
        "expect": "not Brazil, on the strength of a path that two films end with",
        "different": [movies("1:a", "1:b"), movies("1:a", "3:1")],
    },
    {
        "name": "series-season-and-file-of-an-episode-agree",
        "steps": [
            plex(
                series("s", "Saltmarsh", 2015, tvdb="901"),
                episode("a", "s", "1x01", "The Causeway", path="/data/tv/Saltmarsh/Season 1/saltmarsh.101.mkv"),
                episode("b", "s", "1x02", "Low Water", path="/data/tv/Saltmarsh/Season 1/saltmarsh.102.mkv"),
            ),
            kodi(
                series("1", "Saltmarsh", 2015, tvdb="901"),
                episode("1", "1", None, "saltmarsh.101", path="/mnt/tv/Saltmarsh/Season 1/saltmarsh.101.mkv"),
                episode("2", "1", None, "saltmarsh.102", path="/mnt/tv/Saltmarsh/Season 1/saltmarsh.102.mkv"),
            ),
        ],
        "expect": "by the files: one server reads neither title nor number from them",
        "same": [of("episode", "1:a", "3:1"), of("episode", "1:b", "3:2")],
        "different": [of("episode", "1:a", "1:b")],
    },
    {
        "name": "season-and-file-of-two-series-agree",
        "steps": [
            plex(
                series("s", "Saltmarsh", 2015, tvdb="901"),
                episode("a", "s", "1x01", "The Causeway", path="/data/tv/Saltmarsh/Season 1/S01E01.mkv"),
            ),
            kodi(
                series("1", "Tidewater", 2012, tvdb="77007"),
                episode("1", "1", "1x01", "Ebb", path="/data/tv/Tidewater/Season 1/S01E01.mkv"),
            ),
        ],
        "expect": "two episodes: every series has such a file",
        "different": [of("series", "1:s", "3:1"), of("episode", "1:a", "3:1")],
    },
    # Never together
    {
        "name": "marked-as-distinct-and-listed-under-another-id",
        "any_order": False,
        "steps": [
            plex(film("a", "Solaris", 1972, imdb="tt0069293")),
            emby(film("b", "Prisoners", 2013, imdb="tt0069293")),
            distinct((1, "a", "movie"), (2, "b", "movie")),
            emby(film("c", "Prisoners", 2013, imdb="tt0069293")),
            kodi(film("1", "Solaris", 1972, imdb="tt0069293"), film("2", "Prisoners", 2013, imdb="tt0069293")),
        ],
        "expect": "the two stay apart; what comes later goes to the one that it is like",
        "same": [[(2, "b", "movie", 1), (2, "c", "movie"), (3, "2", "movie")], movies("1:a", "3:1")],
        "different": [movies("1:a", "2:c")],
    },
    {
        "name": "marked-as-distinct-and-a-third-server-with-both-ids",
        "any_order": False,
        "steps": [
            plex(film("a", "Kiss", 1999, imdb="tt9900001")),
            emby(film("b", "Kiss", 1987, tmdb="990002")),
            distinct((1, "a", "movie"), (2, "b", "movie")),
            kodi(film("1", "Kiss", 1999, imdb="tt9900001", tmdb="990002")),
        ],
        "expect": "the third server's word does not unite the two",
        "different": [movies("1:a", "2:b")],
    },
    {
        "name": "two-entries-of-one-title-and-year",
        "steps": [
            plex(film("a", "The Visitor", 1979), film("b", "The Visitor", 1979)),
            emby(film("c", "The Visitor", 1979, imdb="tt0080100"), film("d", "The Visitor", 1979)),
        ],
        "expect": "whether they are two versions or two films, only an ID can say",
        "different": [movies("1:a", "1:b"), movies("2:c", "2:d")],
    },
    {
        "name": "two-entries-at-one-number",
        "steps": [
            plex(
                series("s", "Saltmarsh", 2015, tvdb="901"),
                episode("a", "s", "1x01", "The Causeway"),
                episode("b", "s", "1x01", "Unaired Pilot"),
            ),
        ],
        "expect": "two entries of one listing that only a number unites are two",
        "different": [of("episode", "1:a", "1:b")],
    },
    {
        "name": "two-versions-with-one-id",
        "steps": [
            plex(film("a", "Metropolis", 1927, imdb="tt0017136"), film("b", "Metropolis", 1927, imdb="tt0017136")),
            emby(film("c", "Metropolis", 1927)),
        ],
        "expect": "two versions of one film on one server, control",
        "same": [movies("1:a", "1:b", "2:c")],
    },
    {
        "name": "an-entry-with-the-ids-of-two-films",
        "steps": [
            plex(film("a", "Stalker", 1979, imdb="tt0079944", tmdb="1398")),
            emby(film("b", "Metropolis", 1927, imdb="tt0017136", tmdb="19")),
            kodi(film("1", "Stalker", 1979, imdb="tt0079944", tmdb="19")),
        ],
        "expect": "Kodi's is Stalker, and does not unite the two",
        "same": [movies("1:a", "3:1")],
        "different": [movies("1:a", "2:b")],
    },
    {
        "name": "a-year-less-title-of-two-series",
        "steps": [
            plex(series("a", "Ghosts", 2019, tvdb="358480"), series("b", "Ghosts", 2021, tvdb="396390")),
            kodi(series("1", "Ghosts")),
        ],
        "any_order": False,
        "expect": "either would be a guess: both are listed for review",
        "different": [of("series", "1:a", "1:b", "3:1")],
        "review": [of("series", "3:1", "1:a"), of("series", "3:1", "1:b")],
    },
    {
        "name": "remakes-at-one-number",
        "steps": [
            plex(
                series("a", "Lantern Street", 1974), episode("1", "a", "1x01", "Pilot"),
                series("b", "Lantern Street", 2009), episode("2", "b", "1x01", "Pilot"),
            ),
            emby(series("b", "Lantern Street", 2009), episode("2", "b", "1x01", "Pilot")),
            kodi(series("a", "Lantern Street", 1974), episode("1", "a", "1x01", "Pilot")),
        ],
        "expect": "series by the year, episodes by their series",
        "same": [
            of("series", "1:b", "2:b"), of("series", "1:a", "3:a"),
            of("episode", "1:2", "2:2"), of("episode", "1:1", "3:1"),
        ],
        "different": [of("series", "1:a", "1:b"), of("episode", "1:1", "1:2")],
    },
    # A series in two libraries, in halves, in another order, or later than its episodes
    {
        "name": "a-series-in-two-libraries-of-one-server",
        "steps": [
            plex(
                series("s", "Saltmarsh", 2015, tvdb="901"), season("s1", "s", 1),
                episode("a", "s", "1x01", "The Causeway"),
            ),
            emby(
                series("5", "Saltmarsh", 2015, tvdb="901"), season("6", "5", 1),
                episode("7", "5", "1x01", "The Causeway"),
            ),
            plex(
                series("s", "Saltmarsh", 2015, tvdb="901"), season("s1", "s", 1),
                episode("a", "s", "1x01", "The Causeway"),
                series("t", "Saltmarsh", 2015, tvdb="901"), season("t1", "t", 1),
                episode("b", "t", "1x01", "The Causeway"),
            ),
        ],
        "expect": "one series, season and episode, although seasons and episodes have no IDs",
        "same": [
            of("series", "1:s", "1:t", "2:5"), of("season", "1:s1", "1:t1", "2:6"), of("episode", "1:a", "1:b", "2:7"),
        ],
    },
    {
        "name": "two-halves-of-a-series-with-one-id",
        "steps": [
            emby(
                series("5", "Saltmarsh", 2015, tvdb="901"), episode("6", "5", "1x01", "Episode 1"),
                series("7", "Saltmarsh Part 2", 2016, tvdb="901"), episode("8", "7", "1x01", "Episode 1"),
            ),
            plex(
                series("s", "Saltmarsh", 2015, tvdb="901"),
                episode("a", "s", "1x01", "The Causeway"), episode("b", "s", "2x01", "Ebb"),
            ),
        ],
        "expect": "the first episodes of the halves are two, whatever the series are",
        "different": [of("episode", "2:6", "2:8"), of("episode", "1:a", "1:b")],
    },
    {
        "name": "a-server-puts-its-episodes-in-another-order",
        "steps": [
            plex(
                series("s", "Saltmarsh", 2015, tvdb="901"), episode("a", "s", "1x01", "The Causeway"),
                episode("b", "s", "1x02", "Low Water"), episode("c", "s", "1x03", "Samphire"),
            ),
            emby(
                series("5", "Saltmarsh", 2015, tvdb="901"), episode("1", "5", "1x01", "The Causeway"),
                episode("2", "5", "1x02", "Low Water"), episode("3", "5", "1x03", "Samphire"),
            ),
            emby(
                series("5", "Saltmarsh", 2015, tvdb="901"), episode("1", "5", "1x01", "Samphire"),
                episode("2", "5", "1x02", "The Causeway"), episode("3", "5", "1x03", "Low Water"),
            ),
        ],
        "expect": "each title is itself: the item IDs and the numbers have stayed, the episodes have not",
        "same": [of("episode", "1:c", "2:1"), of("episode", "1:a", "2:2"), of("episode", "1:b", "2:3")],
    },
    {
        "name": "episodes-whose-titles-only-count",
        "steps": [
            plex(
                series("s", "Saltmarsh", 2015, tvdb="901"),
                episode("a", "s", "3x01", "Episode 1", tvdb="9031"),
                episode("b", "s", "3x02", "Episode 2", tvdb="9032"),
            ),
            emby(
                series("5", "Saltmarsh", 2015, tvdb="901"),
                episode("6", "5", "3x25", "Episode 25", tvdb="9031"),
                episode("7", "5", "3x26", "Episode 26", tvdb="9032"),
            ),
        ],
        "expect": "by ID: one server counts through all seasons, and the titles say no more than the numbers",
        "same": [of("episode", "1:a", "2:6"), of("episode", "1:b", "2:7")],
        "different": [of("episode", "1:a", "1:b")],
    },
    {
        "name": "a-server-unites-three-series-and-their-episodes",
        "steps": [
            plex(series("s", "Salzwiesen", 2015, tvdb="901"), episode("a", "s", "1x01", "Der Damm", tvdb="9011")),
            emby(series("5", "Saltmarsh", 2015, tmdb="801"), episode("6", "5", "1x01", "Episode 1", tmdb="8011")),
            kodi(series("1", "Marais salants", 2015, imdb="tt9010000"), episode("1", "1", "1x01", "Episode 1")),
            trakt(
                series("7", "Saltmarsh", 2015, tvdb="901", tmdb="801", imdb="tt9010000"),
                episode("8", "7", "1x01", "The Causeway", tvdb="9011", tmdb="8011"),
            ),
        ],
        "expect": "one series and one episode, as three IDs and the numbers say",
        "same": [of("series", "1:s", "2:5", "3:1", "5:7"), of("episode", "1:a", "2:6", "3:1", "5:8")],
    },
    {
        "name": "a-series-that-comes-after-its-episodes",
        "steps": [
            emby(episode("6", "5", "1x01", "The Causeway"), episode("7", "5", "1x02", "Low Water"))
            | {"media_types": ["episode"]},
            emby(series("5", "Saltmarsh", 2015, tvdb="901")) | {"media_types": ["series"]},
            plex(
                series("s", "Saltmarsh", 2015, tvdb="901"),
                episode("a", "s", "1x01", "The Causeway"), episode("b", "s", "1x02", "Low Water"),
            ),
            emby(episode("6", "5", "1x01", "The Causeway"), episode("7", "5", "1x02", "Low Water"))
            | {"media_types": ["episode"]},
        ],
        "expect": "the episodes are found when their series is known, although they are reported as before",
        "same": [of("series", "1:s", "2:5"), of("episode", "1:a", "2:6"), of("episode", "1:b", "2:7")],
    },
]  # fmt: skip

STORIES = [Story(**{"any_order": True, **told}) for told in _TOLD]
