"""Generated libraries: a small world, what four servers list of it, and how that changes.

Everything that is drawn is decidable: a person who reads the listings could say which thing each entry is. So an entry
without external IDs has a title and a year, or a place; a wrong ID stands among right ones and belongs to nothing that
is alike; titles are translated only where IDs or numbers tell; a series that is listed in two orders is listed whole,
and in one language.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from tests.model.stories import Key

Item = dict[str, Any]

#: Words of titles, and the same in another language.
FIRST_WORDS = {
    "Silent": "Stiller", "Broken": "Zerbrochener", "Golden": "Goldener", "Distant": "Ferner", "Hollow": "Hohler",
    "Winter": "Winterlicher", "Hidden": "Verborgener", "Crimson": "Purpurner", "Restless": "Ruheloser",
    "Borrowed": "Geliehener", "Paper": "Papierner", "Midnight": "Nächtlicher",
}  # fmt: skip
SECOND_WORDS = {
    "Harbour": "Hafen", "Orchard": "Obstgarten", "Mirror": "Spiegel", "Engine": "Motor", "Garden": "Garten",
    "Tower": "Turm", "Letter": "Brief", "River": "Strom", "Summit": "Gipfel", "Market": "Markt", "Shadow": "Schatten",
    "Planet": "Planet hinter dem Mond",
}  # fmt: skip

SOURCES = {
    "movie": ("imdb", "tmdb", "tvdb"), "series": ("imdb", "tmdb", "tvdb"), "episode": ("imdb", "tmdb", "tvdb"),
    "artist": ("musicbrainz", "theaudiodb"), "album": ("musicbrainz", "theaudiodb"),
    "track": ("musicbrainz", "theaudiodb"),
}  # fmt: skip
LEVELS = ("movie", "series", "episode", "artist", "album", "track")  # parents first
PARTS = ("episode", "track")


@dataclass(frozen=True, eq=False)
class Thing:
    """Something real."""

    media_type: str
    title: str
    foreign_title: str
    ids: dict[str, str]
    year: int | None = None
    parent: Thing | None = None
    volume: int = 1  # season or disc
    place: int = 0
    other_place: int = 0  # in the other order of the series
    in_two_orders: bool = False  # of a series, and of its episodes
    discs: int = 1  # of the album that a track is on

    def __repr__(self) -> str:
        where = f" {self.volume}x{self.place:02} of {self.parent}" if self.media_type in PARTS else ""
        return f"{self.media_type} {self.title} ({self.year or '-'}){where}"


def unlike(one: Thing, other: Thing) -> bool:
    if one.media_type in PARTS:
        far_apart = {one.place, one.other_place}.isdisjoint({other.place, other.other_place})
    else:
        far_apart = abs((one.year or 0) - (other.year or 0)) > 5
    return far_apart and one.title != other.title


@dataclass(frozen=True)
class Client:
    client_id: int
    client_type: str
    knows: tuple[str, ...]  # sources of external IDs
    is_foreign: bool = False
    has_other_order: bool = False
    names_discs: bool = True
    has_wrong_ids: bool = False
    counts_by_type: bool = False  # its item IDs are numbers, from 1 for each media type, in the order of titles


CLIENTS = (
    Client(1, "plex", ("imdb", "tmdb", "musicbrainz")),
    Client(2, "emby", ("imdb", "tmdb", "tvdb", "musicbrainz", "theaudiodb"), has_wrong_ids=True),
    Client(3, "kodi", ("tvdb", "theaudiodb"), has_other_order=True, names_discs=False, counts_by_type=True),
    Client(4, "plex", ("tmdb", "musicbrainz"), is_foreign=True),
)


@dataclass(frozen=True)
class Copy:
    """A thing on a server."""

    thing: Thing
    item_id: str
    ids: dict[str, str]  # external IDs that it shows; one of them may be wrong
    is_foreign: bool = False

    @property
    def is_misnamed(self) -> bool:
        return any(self.thing.ids[source] != value for source, value in self.ids.items())


@dataclass(frozen=True)
class Entry:
    """A copy as it is listed."""

    copy: Copy
    client: Client
    item: Item
    parent: Key | None

    @property
    def thing(self) -> Thing:
        return self.copy.thing

    @property
    def key(self) -> Key:
        return self.client.client_id, self.copy.item_id, self.thing.media_type

    def __repr__(self) -> str:
        client_id, item_id, media_type = self.key
        told = {key: value for key, value in self.item.items() if key not in ("itemId", "type")}
        return f"{media_type} {item_id} of client {client_id}, {told}"


@dataclass(frozen=True)
class Listing:
    """What a client lists after a change."""

    client: Client
    change: str
    entries: tuple[Entry, ...]

    @property
    def items(self) -> list[Item]:
        return [entry.item for entry in self.entries]


# The world


def make_world(dice: random.Random) -> list[Thing]:
    """Films, of some titles two; series with episodes; artists with albums and tracks."""
    titles = [
        (f"{first} {second}", f"{FIRST_WORDS[first]} {SECOND_WORDS[second]}")
        for first in FIRST_WORDS
        for second in SECOND_WORDS
    ]
    dice.shuffle(titles)
    things: list[Thing] = []

    def add(media_type: str, names: tuple[str, str], **attributes: Any) -> Thing:
        number = 1 + sum(thing.media_type == media_type for thing in things)
        level = LEVELS.index(media_type)
        ids = {
            source: {
                "imdb": f"tt{9_000_000 + 1_000 * level + number}",
                "musicbrainz": f"{level:08x}-abcd-4abc-8abc-{number:012x}",
            }.get(source, str(700 + number))
            for source in SOURCES[media_type]
        }
        things.append(Thing(media_type, *names, ids, **attributes))
        return things[-1]

    def twice(media_type: str, names: tuple[str, str], **attributes: Any) -> list[Thing]:
        """A thing, and one of the same title that is much younger."""
        year = dice.randint(1950, 1985)
        return [add(media_type, names, year=year + later, **attributes) for later in (0, dice.randint(8, 30))]

    for _ in range(dice.randint(24, 28)):
        add("movie", titles.pop(), year=dice.randint(1950, 2020))
    for _ in range(2):
        twice("movie", titles.pop())
    all_series = [
        add("series", titles.pop(), year=dice.randint(1980, 2020), in_two_orders=True),
        *twice("series", titles.pop()),
    ]
    for series in all_series:
        places = list(range(1, dice.randint(4, 6)))
        others = dice.sample(places, len(places)) if series.in_two_orders else places
        for place, other in zip(places, others, strict=True):
            is_pilot = place == 1 and not series.in_two_orders
            add(
                "episode", ("Pilot", "Pilot") if is_pilot else titles.pop(), parent=series, place=place,
                other_place=other, in_two_orders=series.in_two_orders,
            )  # fmt: skip
    for _ in range(2):
        artist = add("artist", titles.pop())
        discs = dice.randint(1, 2)
        album = add("album", titles.pop(), year=dice.randint(1960, 2020), parent=artist)
        for volume in range(1, discs + 1):
            for place in range(1, dice.randint(4, 5)):
                names = ("Intro", "Intro") if place == 1 else titles.pop()
                add("track", names, parent=album, volume=volume, place=place, other_place=place, discs=discs)
    return things


# A server


@dataclass
class Server:
    """What a client has, and how that changes."""

    client: Client
    world: list[Thing]
    dice: random.Random
    copies: list[Copy] = field(default_factory=list)
    last_id: Counter[str] = field(default_factory=Counter)

    def fill(self) -> None:
        """Most things; a series in two orders whole, and nothing without what it is part of."""
        for thing in sorted(
            self.world, key=lambda thing: (LEVELS.index(thing.media_type), thing.title, thing.year or 0)
        ):
            if self.has_place_for(thing) and (thing.in_two_orders or self.dice.random() < 0.85):
                self.copies.append(self.new_copy(thing))
        if not self.client.counts_by_type:
            films = [copy for copy in self.copies if copy.thing.media_type == "movie" and copy.ids]
            for film in self.dice.sample(films, min(1, len(films))):  # a second version
                self.copies.append(replace(film, item_id=self.new_id(film.thing)))

    def has_place_for(self, thing: Thing) -> bool:
        return thing.parent is None or any(copy.thing is thing.parent for copy in self.copies)

    def new_id(self, thing: Thing) -> str:
        kind = thing.media_type if self.client.counts_by_type else ""
        self.last_id[kind] += 1
        return str(self.last_id[kind] + (0 if self.client.counts_by_type else 100))

    def new_copy(self, thing: Thing, item_id: str | None = None) -> Copy:
        ids = {source: value for source, value in thing.ids.items() if source in self.client.knows}
        if self.dice.random() < 1 / 3:
            ids = {}
        elif self.client.has_wrong_ids and len(ids) == 3 and not thing.in_two_orders and self.dice.random() < 0.15:
            source = self.dice.choice(sorted(ids))
            ids[source] = self.wrong_id(thing, source)
        is_part = thing.media_type in PARTS
        is_music = thing.media_type in ("artist", "album", "track")
        is_foreign = self.client.is_foreign and not (is_music or thing.in_two_orders) and (is_part or bool(ids))
        return Copy(thing, item_id or self.new_id(thing), ids, is_foreign)

    def wrong_id(self, thing: Thing, source: str) -> str:
        """Nothing's ID, or that of something of another title, and of another year or number."""
        others = [
            other.ids[source] for other in self.world if other.media_type == thing.media_type and unlike(thing, other)
        ]
        nobodys = "tt0000123" if source == "imdb" else "123"
        return self.dice.choice([nobodys, *self.dice.sample(others, min(2, len(others)))])

    # Changes

    def rebuild(self) -> None:
        """The database is made anew, with something in front: every item ID of a media type is one higher."""
        for media_type in ("movie", "episode", "track"):
            missing = self.missing(media_type)
            if missing:
                self.last_id[media_type] += 1
                self.copies = [
                    replace(copy, item_id=str(int(copy.item_id) + 1)) if copy.thing.media_type == media_type else copy
                    for copy in self.copies
                ]
                self.copies.append(self.new_copy(self.dice.choice(missing), item_id="1"))

    def swap(self) -> None:
        """Two things of a kind have each other's item IDs."""
        for media_type in LEVELS:
            some = [n for n, copy in enumerate(self.copies) if copy.thing.media_type == media_type]
            if len(some) > 1:
                one, other = self.dice.sample(some, 2)
                a, b = self.copies[one], self.copies[other]
                self.copies[one], self.copies[other] = replace(a, item_id=b.item_id), replace(b, item_id=a.item_id)

    def rescan(self) -> None:
        """Every item ID is new."""
        self.copies = [replace(copy, item_id=self.new_id(copy.thing)) for copy in self.copies]

    def delete_and_use_again(self) -> None:
        """Some things go, and new ones get the item IDs of some of them."""
        for media_type in ("movie", "episode", "track"):
            some = [c for c in self.copies if c.thing.media_type == media_type and not c.thing.in_two_orders]
            missing = self.missing(media_type)
            for old in self.dice.sample(some, min(2, len(some))):
                self.copies.remove(old)
                new = [thing for thing in missing if thing.title != old.thing.title]
                if new:
                    missing.remove(new[0])
                    self.copies.append(self.new_copy(new[0], item_id=old.item_id))

    def learn(self) -> None:
        """What had no external IDs has some now."""
        self.copies = [
            copy if copy.ids else replace(copy, ids={s: v for s, v in copy.thing.ids.items() if s in self.client.knows})
            for copy in self.copies
        ]

    def missing(self, media_type: str) -> list[Thing]:
        has = {copy.thing for copy in self.copies}
        return [t for t in self.world if t.media_type == media_type and t not in has and self.has_place_for(t)]

    # Its listing

    def listing(self, change: str) -> Listing:
        entries = [self.entry(copy) for copy in self.copies]
        self.dice.shuffle(entries)
        return Listing(self.client, change, tuple(entries))

    def entry(self, copy: Copy) -> Entry:
        thing = copy.thing
        item: Item = {
            "itemId": copy.item_id,
            "type": thing.media_type,
            "title": thing.foreign_title if copy.is_foreign else thing.title,
            "externalIds": dict(copy.ids),
        }
        if thing.year:
            item["year"] = thing.year
        place = thing.other_place if self.client.has_other_order else thing.place
        if thing.media_type == "episode":
            item |= {"seasonNumber": thing.volume, "episodeNumber": place}
        if thing.media_type == "track":
            item["trackNumber"] = place
            if self.client.names_discs or thing.discs > 1:
                item["discNumber"] = thing.volume
        parent = next((other for other in self.copies if other.thing is thing.parent), None)
        if parent:
            item["parentItemId"] = parent.item_id
        key = (self.client.client_id, parent.item_id, parent.thing.media_type) if parent else None
        return Entry(copy, self.client, item, key)


def history(seed: int) -> Iterator[Listing]:
    """The first listings of all clients, in any order; then changes, each with the listing after it."""
    dice = random.Random(seed)
    world = make_world(dice)
    servers = [Server(client, world, dice) for client in CLIENTS]
    dice.shuffle(servers)
    for server in servers:
        server.fill()
        yield server.listing("first listing")
    changes = [
        (server, change)
        for server in servers
        for change in ("rebuild", "swap", "rescan", "delete_and_use_again", "learn")
        if change != ("rescan" if server.client.counts_by_type else "rebuild")
    ]
    for server, change in dice.sample(changes, 4):
        getattr(server, change)()
        yield server.listing(change)


# What the listings tell


def expected_groups(entries: list[Entry], misnamed: set[Thing]) -> list[list[Entry]]:
    """Entries of one thing, put together where what they tell leaves no doubt, in whatever order they come.

    External IDs connect also through third entries; titles, years and places only if each entry of the one group is
    like each of the other. Of a thing that has had a wrong ID somewhere, only two IDs that agree count.
    """
    group_of: dict[Key, list[Entry]] = {entry.key: [entry] for entry in entries}

    def unite(of_thing: list[Entry], by: Callable[[list[Entry], list[Entry]], bool]) -> None:
        for one, other in combinations(of_thing, 2):
            group, another = group_of[one.key], group_of[other.key]
            if group is not another and by(group, another):
                group += another
                group_of.update({entry.key: group for entry in another})

    def alike(one: Entry, other: Entry) -> bool:
        same_parent = not (one.parent and other.parent) or group_of[one.parent] is group_of[other.parent]
        return is_like(one, other, same_parent)

    for level in LEVELS:
        things: defaultdict[Thing, list[Entry]] = defaultdict(list)
        for entry in entries:
            if entry.thing.media_type == level:
                things[entry.thing].append(entry)
        for thing, of_thing in things.items():
            if thing in misnamed:
                unite(of_thing, lambda a, b: any(common_ids(x, y) > 1 for x in a for y in b))
            else:
                unite(of_thing, lambda a, b: any(common_ids(x, y) for x in a for y in b))
                unite(of_thing, lambda a, b: all(alike(x, y) for x in a for y in b))
    return list({id(group): group for group in group_of.values()}.values())


def common_ids(one: Entry, other: Entry) -> int:
    return len(one.copy.ids.items() & other.copy.ids.items())


def is_like(one: Entry, other: Entry, same_parent: bool) -> bool:
    """Whether two servers' entries of one thing show that they are, by title and year or by the place in a whole."""
    if one.client is other.client:
        return False
    if common_ids(one, other):
        return True
    numbers = ("seasonNumber", "episodeNumber", "trackNumber")
    same_place = one.thing.media_type in PARTS and all(one.item.get(key) == other.item.get(key) for key in numbers)
    return same_parent and (same_place or one.item["title"] == other.item["title"])
