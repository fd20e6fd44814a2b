"""A library as households have it, the same one on several servers; deterministic."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count, islice
from random import Random
from typing import Any

from .words import ENGLISH, GERMAN, Title, performer, title

#: The kinds of works and their weights; a series has some 35 entries, an artist some 30.
_KINDS = {"film": 24.0, "series": 1.5, "artist": 0.7}


@dataclass(frozen=True)
class Client:
    """A server that lists the library: with what IDs, how many of its titles translated, which scan."""

    number: int
    type: str
    translated: float = 0.0
    root: str = "/data"
    scan: int = 0

    def rescanned(self) -> Client:
        """Return the same server after a scan that has given everything a new ID."""
        return replace(self, scan=self.scan + 1)

    def item_id(self, thing: Thing) -> str:
        """Return the ID of a thing on this server: Kodi's numbers mean nothing without the type."""
        number = thing.number + 10_000_000 * self.scan
        if self.type == "jellyfin":
            return hashlib.md5(f"{self.number}/{number}".encode()).hexdigest()
        return str(number if self.type == "kodi" else 7 * number + 1000 * self.number)


PLEX = Client(1, "plex")
JELLYFIN = Client(2, "jellyfin", translated=0.15, root="/mnt/media")
EMBY = Client(3, "emby", translated=0.03)
KODI = Client(4, "kodi", root="/storage")


@dataclass(frozen=True, slots=True)
class Thing:
    """What it is in truth, before a server tells of it. ``number`` counts the things of its type."""

    type: str
    number: int
    title: Title
    year: int | None
    external_ids: dict[str, str]
    parent: Thing | None = None
    numbers: tuple[tuple[str, int], ...] = ()
    path: str | None = None


def entries(size: int, client: Client, seed: int = 0) -> Iterator[dict[str, Any]]:
    """Return a client's listing of the library's first ``size`` things, parents before their parts."""
    for work, things in enumerate(_works(seed)):
        rng = Random(f"{seed}/{work}/{client.number}")
        for thing in islice(things, size):
            yield _entry(thing, client, rng)
            size -= 1
        if not size:
            return


def _entry(thing: Thing, client: Client, rng: Random) -> dict[str, Any]:
    language = GERMAN if rng.random() < client.translated else ENGLISH
    # Each of them is asked for, so that one chance does not move the next.
    told = {source: id_ for source, id_ in thing.external_ids.items() if rng.random() < 0.9}
    year_off, has_path = rng.random() < 0.02, rng.random() < 0.6
    entry: dict[str, Any] = {
        "itemId": client.item_id(thing),
        "type": thing.type,
        "title": thing.title[language],
        "externalIds": told,
        **dict(thing.numbers),
    }
    if thing.year:
        entry["year"] = thing.year + (1 if year_off and thing.type == "movie" else 0)
    if thing.parent:
        entry["parentItemId"] = client.item_id(thing.parent)
    if thing.path and has_path:
        entry["path"] = f"{client.root}/{thing.path}"
    return entry


class _Numbers:
    """The next number of each type, and external IDs that nothing else has."""

    def __init__(self) -> None:
        self._next: dict[str, count[int]] = {}

    def draw(self, kind: str) -> int:
        return next(self._next.setdefault(kind, count(1)))

    def imdb(self) -> str:
        return f"tt{1_000_000 + 13 * self.draw('imdb'):07}"

    def mbid(self) -> str:
        digits = hashlib.md5(f"mbid {self.draw('mbid')}".encode()).hexdigest()
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def tmdb(self, kind: str) -> str:
        return str(3 * self.draw(f"tmdb {kind}"))

    def tvdb(self, kind: str) -> str:
        return str(70_000 + 7 * self.draw(f"tvdb {kind}"))


def _works(seed: int) -> Iterator[list[Thing]]:
    numbers = _Numbers()
    remade: list[Title] = []
    for work in count():
        rng = Random(f"{seed}/{work}")
        (kind,) = rng.choices(list(_KINDS), list(_KINDS.values()))
        if kind == "film":
            yield [_film(rng, numbers, remade)]
        else:
            yield list((_series if kind == "series" else _artist)(rng, numbers))


def _some(rng: Random, none: float, **ids: str) -> dict[str, str]:
    """Return some of the IDs, or with the given chance none of them."""
    if rng.random() < none:
        return {}
    return {source: id_ for source, id_ in ids.items() if rng.random() < 0.85}


def _film(rng: Random, numbers: _Numbers, remade: list[Title]) -> Thing:
    name = rng.choice(remade) if remade and rng.random() < 0.02 else title(rng)
    if len(remade) < 2000:
        remade.append(name)
    year = rng.randint(1925, 2025)
    folder = f"{name[ENGLISH]} ({year})"
    ids = _some(rng, 0.07, imdb=numbers.imdb(), tmdb=numbers.tmdb("movie"))
    known_year = None if rng.random() < 0.04 else year
    return Thing("movie", numbers.draw("movie"), name, known_year, ids, path=f"movies/{folder}/{folder} - 1080p.mkv")


def _series(rng: Random, numbers: _Numbers) -> Iterator[Thing]:
    name, year = title(rng), rng.randint(1960, 2024)
    ids = _some(rng, 0.03, imdb=numbers.imdb(), tvdb=numbers.tvdb("series"), tmdb=numbers.tmdb("series"))
    series = Thing("series", numbers.draw("series"), name, year, ids)
    yield series
    identified = bool(ids)
    for season_number in range(1, rng.randint(1, 6) + 1):
        season_title = f"Season {season_number}", f"Staffel {season_number}"
        season_ids = _some(rng, 0.5 if identified else 1, tvdb=numbers.tvdb("season"))
        place = (("seasonNumber", season_number),)
        season = Thing("season", numbers.draw("season"), season_title, None, season_ids, series, place)
        yield season
        for episode_number in range(1, rng.randint(6, 13) + 1):
            name = _episode_title(rng, episode_number)
            file = f"{series.title[ENGLISH]} - S{season_number:02}E{episode_number:02} - {name[ENGLISH]}.mkv"
            episode_ids = _some(rng, 0.02 if identified else 1, tvdb=numbers.tvdb("episode"))
            if rng.random() < 0.1:
                episode_ids["imdb"] = numbers.imdb()
            yield Thing(
                "episode", numbers.draw("episode"), name, year + season_number - 1, episode_ids, season,
                (*place, ("episodeNumber", episode_number)),
                f"tv/{series.title[ENGLISH]}/Season {season_number:02}/{file}",
            )  # fmt: skip


def _episode_title(rng: Random, number: int) -> Title:
    return (f"Episode {number}", f"Folge {number}") if rng.random() < 0.03 else title(rng)


def _artist(rng: Random, numbers: _Numbers) -> Iterator[Thing]:
    name = performer(rng)
    artist = Thing("artist", numbers.draw("artist"), name, None, _some(rng, 0.2, musicbrainz=numbers.mbid()))
    yield artist
    year = rng.randint(1960, 2015)
    for _ in range(rng.randint(1, 5)):
        # Music keeps its language.
        album_name = name[ENGLISH] if rng.random() < 0.05 else title(rng)[ENGLISH]
        year += rng.randint(0, 3)
        ids = _some(rng, 0.15, musicbrainz=numbers.mbid())
        album = Thing("album", numbers.draw("album"), (album_name, album_name), year, ids, artist)
        yield album
        discs = 2 if rng.random() < 0.05 else 1
        for disc in range(1, discs + 1):
            for track_number in range(1, rng.randint(7, 14) + 1):
                track = "Intro" if rng.random() < 0.02 else title(rng)[ENGLISH]
                yield Thing(
                    "track", numbers.draw("track"), (track, track), None,
                    _some(rng, 0.7, musicbrainz=numbers.mbid()), album,
                    (("discNumber", disc), ("trackNumber", track_number)),
                    f"music/{name[ENGLISH]}/{album_name}/{disc}-{track_number:02} - {track}.flac",
                )  # fmt: skip
