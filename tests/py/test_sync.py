"""Random worlds, what several servers list of them, how that changes: what every sync has to keep of the truth."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pymap import ClientMediaItemHelper, MappedItem, SyncRefused
from tests.agreement import disagreements
from tests.scale import SCALE

Connection = psycopg.Connection[Any]
Key = tuple[int, str, str]  # client ID, client item ID, media type
ExternalId = tuple[str, str]

# The external IDs that a thing has, one of each source. The first one is what a server shows that identifies it.
SOURCES = {
    "movie": ("imdb", "tmdb", "trakt"),
    "series": ("tvdb", "imdb", "tmdb"),
    "season": ("tvdb", "tmdb"),
    "episode": ("tvdb", "imdb"),
    "artist": ("musicbrainz", "theaudiodb"),
    "album": ("musicbrainz", "theaudiodb"),
    "track": ("musicbrainz", "theaudiodb"),
}
# Films and series, like artists, are numbered from 1 each.
FIRST_NUMBERS = {"season": 101, "album": 101, "episode": 1001, "track": 1001}
DOMAINS = (("movie",), ("series", "season", "episode"), ("artist", "album", "track"))
TITLES = ("Amélie", "Tom & Straße 9")
PART_TITLES = ("Pilot", "Été, part one", "Finale")
YEARS = (1999, 2019)

examples = settings(max_examples=12 * SCALE, deadline=None, suppress_health_check=[HealthCheck.too_slow])


# The world


@dataclass(frozen=True)
class Thing:
    """Something real."""

    number: int
    media_type: str
    title: str
    year: int | None
    ids: tuple[ExternalId, ...]
    parent: Thing | None = None
    season: Thing | None = None
    parent_number: int | None = None
    own_number: int | None = None
    # What every entry has to show, lest it could as well be another thing: "id" (that of the first source), "title"
    # (with the year), "numbers", "place" (numbers and parent), "company" (of all things with the same title and year).
    needs: frozenset[str] = frozenset()
    # The number alone, without season or disc, says which of the parent's parts it is.
    one_volume: bool = True
    title_is_unique: bool = False

    def __repr__(self) -> str:
        return f"{self.media_type} {self.number}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What Hypothesis prints: it would print the fields."""
        printer.text(repr(self))


@dataclass
class World:
    """Things; with certain=True everything is made so that each entry tells which of them it is."""

    certain: bool
    things: list[Thing] = field(default_factory=list)

    def add(self, media_type: str, title: str, year: int | None = None, **attributes: Any) -> Thing:
        number = len(self.things) + 1
        nth = FIRST_NUMBERS.get(media_type, 1) + sum(thing.media_type == media_type for thing in self.things)
        spelt = {
            # Unlike the ID of another source: a bare number that is the tmdb ID as well is no imdb ID.
            "imdb": f"tt{9000 + number:07}",
            "musicbrainz": f"{number:08x}-abcd-4abc-8abc-abcdefabcdef",
        }
        ids = tuple((source, spelt.get(source, str(nth))) for source in SOURCES[media_type])
        thing = Thing(number, media_type, title, year, ids, **attributes)
        self.things.append(thing)
        return thing


@st.composite
def worlds(draw: st.DrawFn, certain: bool = False) -> World:
    """Films and series, some with the same title, series with seasons and episodes, artists with albums and tracks."""
    world = World(certain)
    domains = draw(st.sampled_from([DOMAINS[:1], DOMAINS[:1], DOMAINS[1:2], DOMAINS[2:], DOMAINS]))

    def roots(media_type: str, fewest: int, most: int, years: tuple[int | None, ...]) -> list[Thing]:
        titled = st.tuples(st.sampled_from([*TITLES, TITLES[0]]), st.sampled_from(years))
        names = [draw(titled) for _ in range(draw(st.integers(fewest, most)))]
        ways = ["id"] if certain else ["id", "company"]
        needs_of_twins = {name: draw(st.sampled_from(ways)) for name, count in Counter(names).items() if count > 1}
        found = []
        for name in names:
            needs = {needs_of_twins[name]} if name in needs_of_twins else set()
            if certain and not needs:
                needs = {draw(st.sampled_from(["id", "title"]))}
            is_unique = sum(title == name[0] for title, _ in names) == 1
            found.append(world.add(media_type, *name, needs=frozenset(needs), title_is_unique=is_unique))
        return found

    def parts(parent: Thing, media_type: str, numbers: list[int], seasons: dict[int, Thing]) -> None:
        """Episodes or tracks in some seasons or on some discs."""
        titles = [[draw(st.sampled_from(PART_TITLES)) for _ in range(draw(st.integers(1, 2)))] for _ in numbers]
        counts = Counter(title for some in titles for title in some)
        for volume, some in zip(numbers, titles, strict=True):
            for own_number, title in enumerate(some, 1):
                # A server that has only one of two parts with the same title seems to count differently.
                needs = {"numbers", "company"} if counts[title] > 1 else set()
                if certain:
                    needs.add(draw(st.sampled_from(["place", "id"])))
                world.add(
                    media_type,
                    title,
                    None,
                    parent=parent,
                    season=seasons.get(volume),
                    parent_number=volume,
                    own_number=own_number,
                    needs=frozenset(needs),
                    one_volume=len(numbers) == 1,
                )

    if DOMAINS[0] in domains:
        roots("movie", 2, 5, YEARS)
    if DOMAINS[1] in domains:
        for series in roots("series", 1, 2, YEARS):
            numbers = draw(st.sampled_from([[1], [1, 2]]))
            seasons = {
                number: world.add(
                    "season",
                    f"Season {number}",
                    parent=series,
                    own_number=number,
                    needs=frozenset({draw(st.sampled_from(["place", "id"])), "parent"} if certain else ()),
                )
                for number in numbers
            }
            parts(series, "episode", numbers, seasons)
    if DOMAINS[2] in domains:
        for artist in roots("artist", 1, 2, (None,)):
            # Two of one title and year may be two releases of one album, each with an ID of its own: they weigh 8.
            titles = draw(st.lists(st.sampled_from(TITLES), min_size=1, max_size=2, unique=True))
            for title in titles:
                year = draw(st.sampled_from(YEARS))
                album = world.add("album", title, year, parent=artist, needs=frozenset({"id"} if certain else ()))
                parts(album, "track", draw(st.sampled_from([[1], [1, 2]])), {})
    return world


# What a server shows of it


@dataclass(frozen=True)
class Client:
    client_id: int
    client_type: str

    def item_id(self, number: int) -> str:
        return {"plex": f"{100 + number}", "kodi": f"{number}", "jellyfin": f"{number:08x}abcd4abc8abcabcdefabcdef"}[
            self.client_type
        ]

    def spelt(self, item_id: str, spelling: int) -> str | int:
        if self.client_type == "jellyfin" and spelling % 2:
            return "-".join((item_id[:8], item_id[8:12], item_id[12:16], item_id[16:20], item_id[20:])).upper()
        if self.client_type == "kodi" and spelling % 2:
            return int(item_id)
        return item_id

    def canonical(self, item_id: str) -> str:
        return item_id.replace("-", "").lower() if self.client_type == "jellyfin" else item_id


CLIENTS = (Client(1, "plex"), Client(2, "jellyfin"), Client(3, "kodi"))


@dataclass(frozen=True)
class Look:
    """How an entry shows its thing."""

    hidden: int = 0  # a bit for each source that is left out
    spelling: int = 0
    titled: bool = True
    year: str | None = "field"  # or "title"; "guessed" is in the title with a wrong one beside it
    tagged: bool = False  # an external ID in the title
    numbers: str | None = "all"  # or "own": without the season, the disc
    parent: str | None = "nearest"  # or "top": the series of an episode, even where its season is listed
    parents_ids: bool = False  # the parent's external IDs as well

    def identified(self) -> Look:
        return replace(self, hidden=self.hidden & ~1)

    def fitting(self, thing: Thing, client: Client) -> Look:
        """This look, with what the thing needs."""
        needs = thing.needs
        placed = "place" in needs
        if "numbers" in needs or placed or (self.numbers == "own" and not thing.one_volume) or self.parents_ids:
            numbers: str | None = "all"
        else:
            numbers = self.numbers
        titled = "title" in needs or "company" in needs
        # Of two films of one title, one without a year would be taken for the other one that shows none.
        dated = titled or (self.titled and thing.parent is None and not thing.title_is_unique)
        parent = (self.parent or "nearest") if placed or "parent" in needs or self.parents_ids else self.parent
        return replace(
            self,
            hidden=self.identified().hidden if "id" in needs else self.hidden,
            spelling=self.spelling if thing.title_is_unique else LIKE_ITS_TWINS[self.spelling % 4],
            titled=self.titled or titled,
            year=(self.year or "field") if dated else self.year,
            numbers=numbers,
            # Kodi numbers each media type: a bare parent ID is its series'.
            parent="top" if parent and client.client_type == "kodi" else parent,
        )


LOOKS = st.builds(
    Look,
    hidden=st.sampled_from([0, 6, 7, 5, 7, 3, 1, 4]),
    spelling=st.integers(0, 5),
    titled=st.sampled_from([True, True, False]),
    year=st.sampled_from([None, "field", "title", "guessed"]),
    tagged=st.booleans(),
    numbers=st.sampled_from(["all", "own", None]),
    parent=st.sampled_from(["nearest", "top", None]),
    parents_ids=st.booleans(),
)

# One or two IDs and nothing else: what entries have in common turns out late.
SPARSE_LOOKS = st.builds(
    Look,
    hidden=st.sampled_from([6, 5, 3, 4, 2, 1]),
    spelling=st.integers(0, 5),
    titled=st.just(False),
    year=st.none(),
    parent=st.sampled_from(["nearest", "top", None]),
)


@dataclass(frozen=True)
class Copy:
    """A thing on a server."""

    thing: Thing
    item_id: str
    look: Look

    @property
    def shown(self) -> frozenset[ExternalId]:
        return frozenset(pair for n, pair in enumerate(self.thing.ids) if not self.look.hidden >> n & 1)

    @property
    def is_identified(self) -> bool:
        return self.thing.ids[0] in self.shown


Library = tuple[Copy, ...]


@dataclass(frozen=True)
class Entry:
    """An entry of a listing; shown are the external IDs that it tells of its own thing."""

    item_id: str
    thing: Thing
    shown: frozenset[ExternalId]
    item: dict[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        return self.item_id, self.thing.media_type

    def __repr__(self) -> str:
        return f"{self.thing}: {json.dumps(self.item, ensure_ascii=False)}"


@dataclass(frozen=True)
class Sync:
    client: Client
    entries: tuple[Entry, ...]
    media_types: tuple[str, ...] | None = None

    @property
    def covered(self) -> frozenset[str]:
        return frozenset(self.media_types or (entry.thing.media_type for entry in self.entries))

    @property
    def items(self) -> list[dict[str, Any]]:
        return [entry.item for entry in self.entries]

    def __repr__(self) -> str:
        return f"{self.client}, media types {self.media_types}: {list(self.entries)}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What Hypothesis prints: an entry a line."""
        printer.text(f"\n{self.client}, media types {self.media_types}")
        for entry in self.entries:
            printer.text(f"\n  {entry}")


# Accents and punctuation tell things of one title apart; capitals, blanks around it, and Unicode forms do not.
LIKE_ITS_TWINS = (0, 1, 4, 5)


def spelt_title(title: str, spelling: int) -> str:
    return (
        title,
        title.upper(),
        "".join(c for c in unicodedata.normalize("NFD", title) if not unicodedata.combining(c)),
        title.replace("& ", "and ").replace(" ", "-") + "!",
        unicodedata.normalize("NFD", title),
        f"  {title.lower()} ",
    )[spelling]


def spelt_ids(source: str, external_id: str, spelling: int) -> list[str | int]:
    """The values of one external ID: some spell it differently, some say it twice."""
    if source == "imdb":
        bare = external_id[2:].lstrip("0")
        return [
            [external_id], [bare], [external_id.upper()], [external_id, bare], [f"{bare}, {external_id}"], [int(bare)]
        ][spelling]  # type: ignore[return-value]  # fmt: skip
    if source == "musicbrainz":
        flat = external_id.replace("-", "")
        return [
            [external_id], [external_id.upper()], [flat], [external_id, flat], [f"{flat}/{external_id}"], [flat.upper()]
        ][spelling]  # type: ignore[return-value]  # fmt: skip
    return [
        [external_id], [f"00{external_id}"], [f"{external_id}.0"], [external_id, int(external_id)],
        [f"0,{external_id}"], [int(external_id)]
    ][spelling]  # type: ignore[return-value]  # fmt: skip


def spelt_source(source: str, media_type: str, spelling: int) -> str:
    if source == "musicbrainz" and spelling > 2:
        return {"artist": "MusicBrainzArtist", "album": "MusicBrainzAlbum", "track": "MusicBrainzRecording"}[media_type]
    prefix, suffix = ("com.plexapp.agents.", "_id") if source in ("imdb", "tmdb", "tvdb") else ("", "")
    return (source, source.upper(), source + suffix, source.title(), prefix + source, source)[spelling]


def entry_of(copy: Copy, library: Library, client: Client) -> Entry:
    thing, look = copy.thing, copy.look
    item: dict[str, Any] = {"itemId": client.spelt(copy.item_id, look.spelling), "type": thing.media_type}
    ids = [(thing.media_type, *pair) for pair in thing.ids if pair in copy.shown]

    title = spelt_title(thing.title, look.spelling)
    if thing.year and look.titled and look.year in ("title", "guessed"):
        title = f"{title} ({thing.year})"
        if look.year == "guessed":
            item["year"] = thing.year + 1
    elif thing.year and look.year:
        item["year"] = thing.year
    if look.titled and look.tagged and ids and ids[0][1] in ("imdb", "tmdb", "tvdb"):
        _, source, external_id = ids.pop(0)
        title += f" {{{source}-{external_id}}}" if look.spelling % 2 else f" [{source}id-{external_id}]"
    if look.titled:
        item["title"] = title

    if look.numbers and thing.own_number is not None:
        names = {
            "season": ("", "seasonNumber"), "episode": ("seasonNumber", "episodeNumber"),
            "track": ("discNumber", "trackNumber"),
        }[thing.media_type]  # fmt: skip
        item[names[1]] = thing.own_number
        if names[0] and look.numbers == "all":
            item[names[0]] = thing.parent_number

    if thing.parent and look.parent:
        listed = {other.thing: other for other in reversed(library)}
        wanted = [thing.season] if look.parent == "nearest" else []
        parent = next((listed[thing] for thing in (*wanted, thing.parent) if thing in listed), None)
        if parent:
            item["parentItemId"] = client.spelt(parent.item_id, look.spelling)
            above = {parent}
            if parent.thing.parent in listed and parent.look.parent:  # the series of the season
                above.add(listed[parent.thing.parent])
            if look.parents_ids:
                ids += [(thing.media_type, *pair) for pair in sorted({pair for other in above for pair in other.shown})]
        elif look.spelling % 2:
            item["parentItemId"] = f"not listed {thing.parent.number}"

    pairs = [
        (spelt_source(source, media_type, look.spelling), value)
        for media_type, source, external_id in ids
        for value in spelt_ids(source, external_id, look.spelling)
    ]
    if look.spelling > 2:  # what is no ID of the thing
        pairs += [("TmdbCollection", "7"), ("thetvdb", "0"), ("imdbid", "")]
    if look.spelling % 2:
        item["externalIds"] = [{"source": source, "id": value} for source, value in pairs]
    elif pairs:
        values: defaultdict[str, list[str | int]] = defaultdict(list)
        for source, value in pairs:
            values[source].append(value)
        item["externalIds"] = {source: some if some[1:] else some[0] for source, some in values.items()}
    return Entry(copy.item_id, thing, copy.shown, item)


# What becomes of it


@dataclass
class Server:
    """A server in the making: its library, and the item IDs that it has given out."""

    client: Client
    world: World
    draw: st.DrawFn
    looks: st.SearchStrategy[Look]
    identifies: bool  # everything that it lists, by the ID of the first source
    library: Library = ()
    given: Counter[str] = field(default_factory=Counter)

    def new_id(self, thing: Thing) -> str:
        kind = thing.media_type if self.client.client_type == "kodi" else ""
        self.given[kind] += 1
        return self.client.item_id(self.given[kind])

    def new_copy(self, thing: Thing) -> Copy:
        look = self.draw(self.looks).fitting(thing, self.client)
        return Copy(thing, self.new_id(thing), look.identified() if self.identifies else look)

    def some(self, copies: Library) -> Library:
        return tuple(copy for copy in copies if self.draw(st.booleans()))

    def fill(self) -> None:
        """A part of the world, some of it twice; of things that need company all or none."""
        things = self.world.things
        often = st.sampled_from(self.draw(st.sampled_from([[True, True, True, False], [True, False]])))
        groups = {(thing.media_type, thing.title, thing.year): self.draw(often) for thing in things}
        chosen = [
            thing
            for thing in things
            if (groups[thing.media_type, thing.title, thing.year] if "company" in thing.needs else self.draw(often))
        ]
        if self.world.certain:  # what is told by its place has to have one
            wanted = set(chosen)
            for thing in reversed(things):
                if thing in wanted and thing.parent and "place" in thing.needs:
                    wanted.add(thing.parent)
            chosen = [thing for thing in things if thing in wanted]
        # Two entries of one title cannot be told from two things of one title.
        editions = [
            thing for thing in chosen if not ({"company", "title"} & thing.needs) and self.draw(st.integers(0, 7)) == 7
        ]
        # Nor do equal numbers make one thing of two entries: editions show an ID.
        copies = [self.new_copy(thing) for thing in chosen + editions]
        self.library = tuple(
            replace(copy, look=copy.look.identified()) if copy.thing in editions else copy for copy in copies
        )

    def exchange(self, old: Library, new: Library) -> None:
        changed = dict(zip(old, new, strict=True))
        self.library = tuple(changed.get(copy, copy) for copy in self.library)

    def rescan(self, copies: Library) -> None:
        self.exchange(copies, tuple(replace(copy, item_id=self.new_id(copy.thing)) for copy in copies))

    def shuffle(self, identified: Library) -> None:
        """Swaps, shifts: entries that external IDs tell apart take each other's IDs, or new ones."""
        for media_type in {copy.thing.media_type for copy in identified}:
            some = tuple(copy for copy in identified if copy.thing.media_type == media_type)
            pool = [copy.item_id for copy in some] + [self.new_id(copy.thing) for copy in some[:1]]
            item_ids = self.draw(st.permutations(pool))[: len(some)]
            self.exchange(some, tuple(replace(c, item_id=i) for c, i in zip(some, item_ids, strict=True)))

    def lose(self, copies: Library) -> None:
        self.library = tuple(copy for copy in self.library if copy not in copies)

    def gain(self) -> None:
        missing = [
            thing
            for thing in self.world.things
            if not {"company", "place"} & thing.needs and thing not in {copy.thing for copy in self.library}
        ]
        if missing:
            found = self.draw(st.sampled_from(missing))
            copy = self.new_copy(found)
            rivals = [
                other for other in self.library if other.is_identified and other.thing.media_type == found.media_type
            ]
            if rivals and copy.is_identified and self.draw(st.booleans()):  # it takes the ID of what is lost
                rival = self.draw(st.sampled_from(rivals))
                self.lose((rival,))
                copy = replace(copy, item_id=rival.item_id)
            self.library += (copy,)

    def learn(self, copies: Library) -> None:
        """New metadata; an entry that was told by its ID still is."""
        new = []
        for copy in copies:
            look = self.draw(self.looks).fitting(copy.thing, self.client)
            new.append(replace(copy, look=look.identified() if copy.is_identified else look))
        self.exchange(copies, tuple(new))

    def change(self) -> None:
        ways = ["nothing", "learn", "learn all", "rescan", "rescan all", "shuffle", "shuffle all", "lose", "gain"]
        way = self.draw(st.sampled_from(ways))
        identified = tuple(copy for copy in self.library if copy.is_identified)
        if way == "rescan all":
            self.rescan(self.library)
        elif way == "learn all":
            self.learn(self.library)
        elif way == "shuffle all":
            self.shuffle(identified)
        elif way == "gain":
            self.gain()
        elif way == "shuffle":
            self.shuffle(self.some(identified))
        elif way != "nothing":
            {"learn": self.learn, "rescan": self.rescan, "lose": self.lose}[way](self.some(self.library))

    def sync(self, *, whole: bool = False) -> Sync:
        domains = [DOMAINS] if whole else [DOMAINS, DOMAINS, DOMAINS[:1], DOMAINS[1:2], DOMAINS[2:]]
        kinds = [media_type for domain in self.draw(st.sampled_from(domains)) for media_type in domain]
        copies = [copy for copy in self.library if copy.thing.media_type in kinds]
        for copy in tuple(copies):
            if self.draw(st.integers(0, 9)) == 9:  # it is listed twice
                other = self.draw(self.looks).fitting(copy.thing, self.client)
                copies.append(replace(copy, look=replace(copy.look, hidden=other.hidden, spelling=other.spelling)))
        entries = [entry_of(copy, self.library, self.client) for copy in copies]
        media_types = None if whole else self.draw(st.sampled_from([None, tuple(kinds), tuple(SOURCES)]))
        if media_types == tuple(SOURCES):  # all else is gone
            self.library = tuple(copy for copy in self.library if copy.thing.media_type in kinds)
        return Sync(self.client, tuple(self.draw(st.permutations(entries))), media_types)


@st.composite
def histories(draw: st.DrawFn, certain: bool = False, changes: int = 4) -> list[Sync]:
    """Syncs of two or three servers, in the order in which they come; between them the servers change."""
    world = draw(worlds(certain))
    looks = draw(st.sampled_from([LOOKS, LOOKS, SPARSE_LOOKS]))
    servers = [
        Server(client, world, draw, looks, draw(st.sampled_from([False, False, True])))
        for client in CLIENTS[: draw(st.integers(2, 3))]
    ]
    syncs = []
    for server in draw(st.permutations(servers)):
        server.fill()
        syncs.append(server.sync(whole=certain))
    for _ in range(draw(st.integers(min(1, changes), changes))):
        server = draw(st.sampled_from(servers))
        server.change()
        syncs.append(server.sync(whole=certain))
    return syncs


# Replaying it


@pytest.fixture(scope="module")
def connection(conn: Connection) -> Connection:
    return conn


@pytest.fixture(scope="module")
def helper(connection: Connection) -> ClientMediaItemHelper:
    return ClientMediaItemHelper(connection)


def run(helper: ClientMediaItemHelper, sync: Sync, **options: Any) -> list[MappedItem]:
    """Sync whatever is gone: a server that shrinks is none of the guard's business here."""
    client = sync.client
    return helper.sync_client_items(
        client.client_id,
        client.client_type,
        sync.items,
        media_types=sync.media_types,
        allow_removals=True,
        **options,
    )


def mappings_of(connection: Connection) -> dict[Key, int]:
    rows = connection.execute("select client_id, client_item_id, media_type, media_item_id from pymap.client_items")
    return {(client_id, item_id, media_type): found for client_id, item_id, media_type, found in rows}


def grouping(connection: Connection) -> set[frozenset[Key]]:
    """Which mappings share a media item."""
    groups = defaultdict(set)
    for key, media_item_id in mappings_of(connection).items():
        groups[media_item_id].add(key)
    return {frozenset(keys) for keys in groups.values()}


def contents(connection: Connection) -> set[tuple[Any, ...]]:
    """What the media items say, apart from their IDs."""
    rows = connection.execute(
        """
        select i.type, i.title, i.release_year, i.parent_number, i.number, p.title,
               array(
                   select format('%s %s', c ->> 'clientId', c ->> 'itemId')
                   from jsonb_array_elements(i.sync_clients) as c
                   order by 1
               ),
               array(
                   select format('%s %s', e ->> 'source', e ->> 'id')
                   from jsonb_array_elements(i.external_ids) as e
                   order by 1
               )
        from pymap.media_items as i
        left join pymap.media_items as p on p.id = i.parent_id
        where i.merged_into is null
        """
    )
    return {(*values, tuple(keys), tuple(ids)) for *values, keys, ids in rows}


def actions(sync: Sync, rows: list[MappedItem]) -> dict[tuple[str, str], str]:
    return {(sync.client.canonical(str(row.client_item_id)), str(row.media_type)): row.action for row in rows}


def written(connection: Connection) -> list[Any]:
    """Where every row of every table lies and who wrote it, and what this transaction did to the tables."""
    tables = [
        row[0]
        for row in connection.execute(
            "select format('%I', tablename) from pg_tables where schemaname = 'pymap' order by 1"
        )
    ]
    rows: list[Any] = [
        (table, connection.execute(f"select ctid::text, xmin::text from pymap.{table} order by 1").fetchall())
        for table in tables
    ]
    return (
        rows
        + connection.execute(
            """
        select relname, n_tup_ins, n_tup_upd, n_tup_del
        from pg_stat_xact_user_tables
        where schemaname = 'pymap'
        order by 1
        """
        ).fetchall()
    )


class Listed:
    """The entries by which the clients' mappings stand."""

    def __init__(self) -> None:
        self.entries: dict[Key, Entry] = {}

    def note(self, sync: Sync) -> None:
        client_id = sync.client.client_id
        self.entries = {
            key: entry for key, entry in self.entries.items() if key[0] != client_id or key[2] not in sync.covered
        }
        for entry in sync.entries:
            key = client_id, *entry.key
            twice = self.entries.get(key)
            self.entries[key] = replace(entry, shown=entry.shown | twice.shown) if twice else entry

    def things(self) -> set[frozenset[Key]]:
        """The keys of each thing."""
        groups = defaultdict(set)
        for key, entry in self.entries.items():
            groups[entry.thing].add(key)
        return {frozenset(keys) for keys in groups.values()}

    def connected(self) -> list[set[Key]]:
        """Keys of one thing, put together where shown external IDs connect them."""
        groups: list[tuple[set[Key], set[tuple[Thing, ExternalId]]]] = []
        for key, entry in self.entries.items():
            keys, ids = {key}, {(entry.thing, external_id) for external_id in entry.shown}
            for group in [group for group in groups if group[1] & ids]:
                groups.remove(group)
                keys |= group[0]
                ids |= group[1]
            groups.append((keys, ids))
        return [keys for keys, _ in groups]


@examples
@given(history=histories())
def test_two_things_never_become_one_media_item(
    connection: Connection, helper: ClientMediaItemHelper, history: list[Sync]
) -> None:
    with connection.transaction(force_rollback=True):
        listed = Listed()
        for sync in history:
            run(helper, sync)
            listed.note(sync)
            mappings = mappings_of(connection)
            assert mappings.keys() == listed.entries.keys()
            thing_of: dict[int, Thing] = {}
            for key, entry in listed.entries.items():
                assert thing_of.setdefault(mappings[key], entry.thing) == entry.thing


@examples
@given(history=histories())
def test_entries_that_shown_ids_connect_are_one_media_item(
    connection: Connection, helper: ClientMediaItemHelper, history: list[Sync]
) -> None:
    with connection.transaction(force_rollback=True):
        listed = Listed()
        for sync in history:
            run(helper, sync)
            listed.note(sync)
            mappings = mappings_of(connection)
            for keys in listed.connected():
                assert len({mappings[key] for key in keys}) == 1


@examples
@given(history=histories(certain=True, changes=0), data=st.data())
def test_whichever_server_comes_first_each_thing_is_one_media_item(
    connection: Connection, helper: ClientMediaItemHelper, history: list[Sync], data: st.DataObject
) -> None:
    with connection.transaction(force_rollback=True):
        listed = Listed()
        for sync in data.draw(st.permutations(history)):
            run(helper, replace(sync, entries=tuple(data.draw(st.permutations(sync.entries)))))
            listed.note(sync)
        assert grouping(connection) == listed.things()


@examples
@given(history=histories(), data=st.data())
def test_every_permutation_of_a_listing_groups_alike(
    connection: Connection, helper: ClientMediaItemHelper, history: list[Sync], data: st.DataObject
) -> None:
    *earlier, last = history
    permuted = replace(last, entries=tuple(data.draw(st.permutations(last.entries))))
    with connection.transaction(force_rollback=True):
        for sync in earlier:
            run(helper, sync)
        outcomes = []
        for sync in (last, permuted):
            with connection.transaction(force_rollback=True):
                rows = run(helper, sync)
                outcomes.append((grouping(connection), contents(connection), actions(sync, rows)))
        assert outcomes[0] == outcomes[1]


@examples
@given(history=histories())
def test_a_second_run_keeps_everything_and_writes_nothing(
    connection: Connection, helper: ClientMediaItemHelper, history: list[Sync]
) -> None:
    with connection.transaction(force_rollback=True):
        for sync in history:
            run(helper, sync)
            before = written(connection)
            assert {row.action for row in run(helper, sync)} <= {"kept"}
            assert written(connection) == before


@examples
@given(history=histories())
def test_a_listing_changes_no_mapping_that_it_does_not_cover(
    connection: Connection, helper: ClientMediaItemHelper, history: list[Sync]
) -> None:
    """Other clients, other media types: nothing but the media item that theirs was merged into."""
    with connection.transaction(force_rollback=True):
        for sync in history:
            before = mappings_of(connection)
            run(helper, sync)

            def others(mappings: dict[Key, int], sync: Sync = sync) -> dict[Key, int]:
                return {k: m for k, m in mappings.items() if k[0] != sync.client.client_id or k[2] not in sync.covered}

            found = {key: helper.resolve_media_item(item) for key, item in others(before).items()}
            assert others(mappings_of(connection)) == found


@st.composite
def rescans(draw: st.DrawFn) -> tuple[list[Sync], Sync]:
    """Syncs of a certain world, then one of a server of it whose item IDs have changed, and nothing else."""
    world = draw(worlds(certain=True))
    servers = [Server(client, world, draw, LOOKS, draw(st.booleans())) for client in CLIENTS[: draw(st.integers(1, 3))]]
    syncs = []
    for server in draw(st.permutations(servers)):
        server.fill()
        syncs.append(server.sync(whole=True))
    server = draw(st.sampled_from(servers))
    server.rescan(server.some(server.library))
    server.shuffle(server.some(tuple(copy for copy in server.library if copy.is_identified)))
    return syncs, server.sync(whole=True)


@examples
@given(rescan=rescans())
def test_a_rescan_with_new_ids_leaves_each_thing_its_media_item(
    connection: Connection, helper: ClientMediaItemHelper, rescan: tuple[list[Sync], Sync]
) -> None:
    syncs, sync = rescan
    client_id = sync.client.client_id
    with connection.transaction(force_rollback=True):
        listed = Listed()
        for earlier in syncs:
            run(helper, earlier)
            listed.note(earlier)
        mappings = mappings_of(connection)
        media_items = {entry.thing: mappings[key] for key, entry in listed.entries.items()}
        known = {key[1:]: entry.thing for key, entry in listed.entries.items() if key[0] == client_id}

        rows = run(helper, sync)
        listed.note(sync)
        assert mappings_of(connection) == {
            key: helper.resolve_media_item(media_items[entry.thing]) for key, entry in listed.entries.items()
        }
        if len(set(known.values())) == len(known):  # with editions it is not told which of them has which ID now
            assert actions(sync, rows) == {
                entry.key: "rekeyed"
                if entry.key not in known
                else "kept"
                if known[entry.key] == entry.thing
                else "reassigned"
                for entry in sync.entries
            }


@examples
@given(history=histories())
def test_a_media_item_that_was_ever_handed_out_still_resolves(
    connection: Connection, helper: ClientMediaItemHelper, history: list[Sync]
) -> None:
    with connection.transaction(force_rollback=True):
        handed_out: set[int] = set()
        for sync in history:
            handed_out |= {row.media_item_id for row in run(helper, sync) if row.media_item_id}
            resolved = [helper.resolve_media_item(media_item_id) for media_item_id in handed_out]
            query = "select count(*) from pymap.media_items where id = any (%s) and merged_into is null"
            assert connection.execute(query, [resolved]).fetchone() == (len(set(resolved)),)


@examples
@given(history=histories())
def test_a_dry_run_tells_what_the_run_does_and_writes_nothing(
    connection: Connection, helper: ClientMediaItemHelper, history: list[Sync]
) -> None:
    with connection.transaction(force_rollback=True):
        for sync in history:
            existing = {row[0] for row in connection.execute("select id from pymap.media_items")}
            before = written(connection)
            told = run(helper, sync, dry_run=True)
            assert written(connection) == before
            done = run(helper, sync)
            assert told == [row if row.media_item_id in existing else replace(row, media_item_id=None) for row in done]


@examples
@given(history=histories())
def test_a_copied_listing_is_synced_like_one_in_an_argument(
    connection: Connection, helper: ClientMediaItemHelper, history: list[Sync]
) -> None:
    with connection.transaction(force_rollback=True):
        for sync in history:
            with connection.transaction(force_rollback=True):
                client = [sync.client.client_id, sync.client.client_type]
                ((statement,),) = connection.execute("select pymap.begin_client_sync(%s, %s)", client)
                with connection.cursor().copy(statement) as copy:
                    for item in sync.items:
                        copy.write_row([json.dumps(item)])
                rows = connection.execute(
                    "select client_item_id, media_type, action "
                    "from pymap.apply_client_sync(%s, %s, %s, p_allow_removals => true)",
                    [*client, None if sync.media_types is None else list(sync.media_types)],
                ).fetchall()
                copied = grouping(connection)
            assert rows == [(row.client_item_id, row.media_type, row.action) for row in run(helper, sync)]
            assert grouping(connection) == copied


def test_what_was_copied_but_not_applied_in_its_transaction_is_in_no_later_sync(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        ((statement,),) = connection.execute("select pymap.begin_client_sync(1, 'plex')")
        with connection.cursor().copy(statement) as copy:
            copy.write_row(['{"itemId": "1", "type": "movie"}'])
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
            connection.execute("select from pymap.apply_client_sync(1, 'plex')")
        with connection.transaction():
            connection.execute("select pymap.begin_client_sync(1, 'plex')")
            with connection.cursor().copy(statement) as copy:
                copy.write_row(['{"itemId": "2", "type": "movie"}'])
            rows = connection.execute("select client_item_id from pymap.apply_client_sync(1, 'plex')").fetchall()
        assert rows == [("2",)]


@examples
@given(history=histories())
def test_after_each_sync_the_lookup_tables_agree_with_the_arrays(
    connection: Connection, helper: ClientMediaItemHelper, history: list[Sync]
) -> None:
    with connection.transaction(force_rollback=True):
        for sync in history:
            run(helper, sync)
            assert disagreements(connection) == []


@examples
@given(
    listed=st.integers(2, 3),
    earlier=st.lists(st.tuples(st.integers(2, 3), st.booleans()), max_size=2),
    media_type=st.sampled_from(["movie", "series", "artist"]),
)
def test_things_that_nothing_tells_apart_get_a_media_item_each(
    connection: Connection,
    helper: ClientMediaItemHelper,
    listed: int,
    earlier: list[tuple[int, bool]],
    media_type: str,
) -> None:
    """Several of one title and year and without an ID, also if other servers list as many, with IDs or without."""

    def items(count: int, with_ids: bool) -> list[dict[str, Any]]:
        return [
            {"itemId": str(n), "type": media_type, "title": "Solaris", "year": 2002}
            | ({"externalIds": {SOURCES[media_type][0]: spelt_ids("tmdb", str(n), 0)}} if with_ids else {})
            for n in range(1, count + 1)
        ]

    with connection.transaction(force_rollback=True):
        for client_id, (count, with_ids) in enumerate(earlier, 2):
            helper.sync_client_items(client_id, "plex", items(count, with_ids))
        before = set(mappings_of(connection).values())
        rows = helper.sync_client_items(1, "plex", items(listed, False))
        assert {row.action for row in rows} == {"created"}
        assert len({row.media_item_id for row in rows} - before) == listed
        if before:
            reviewed = {review.media_item_id for review in helper.get_review_candidates()}
            assert {row.media_item_id for row in rows} <= reviewed


# What the properties found, once each


SERIES: dict[str, Any] = {
    "itemId": "1",
    "type": "series",
    "title": "Series",
    "year": 2004,
    "externalIds": {"tvdb": "73739"},
}
SEASON: dict[str, Any] = {"itemId": "2", "type": "season", "seasonNumber": 1, "parentItemId": "1"}


def episode(number: int, **values: Any) -> dict[str, Any]:
    item = {"itemId": f"e{number}", "type": "episode", "seasonNumber": 1, "episodeNumber": number, "parentItemId": "2"}
    return item | values


def test_the_id_of_a_series_on_episodes_that_name_their_season_does_not_make_them_one(
    connection: Connection, helper: ClientMediaItemHelper
) -> None:
    with connection.transaction(force_rollback=True):
        for number in (1, 2):
            items = [SERIES, SEASON, episode(number, externalIds={"tvdb": "73739"})]
            helper.sync_client_items(number, "plex", items)
        mappings = mappings_of(connection)
        assert mappings[1, "e1", "episode"] != mappings[2, "e2", "episode"]


def test_the_id_of_an_artist_on_tracks_does_not_make_them_one(
    connection: Connection, helper: ClientMediaItemHelper
) -> None:
    artist = {"musicbrainz": "00000001-abcd-4abc-8abc-abcdefabcdef"}
    with connection.transaction(force_rollback=True):
        for number in (1, 2):
            track = {"itemId": f"t{number}", "type": "track", "trackNumber": number, "parentItemId": "2"}
            items: list[dict[str, Any]] = [
                {"itemId": "1", "type": "artist", "title": "Artist", "externalIds": artist},
                {"itemId": "2", "type": "album", "title": "Album", "parentItemId": "1"},
                track | {"externalIds": artist},
            ]
            helper.sync_client_items(number, "plex", items)
        mappings = mappings_of(connection)
        assert mappings[1, "t1", "track"] != mappings[2, "t2", "track"]


def test_two_entries_of_an_episode_are_one_though_only_one_of_them_names_the_season(
    connection: Connection, helper: ClientMediaItemHelper
) -> None:
    ids = {"tvdb": "1001"}
    items = [
        SERIES,
        episode(1, parentItemId="1", externalIds=ids),
        episode(1, parentItemId="1", externalIds=ids, itemId="again", seasonNumber=None),
    ]
    with connection.transaction(force_rollback=True):
        helper.sync_client_items(1, "plex", items)
        mappings = mappings_of(connection)
        assert mappings[1, "e1", "episode"] == mappings[1, "again", "episode"]


def test_what_only_the_second_edition_tells_is_written_at_once(
    connection: Connection, helper: ClientMediaItemHelper
) -> None:
    items: list[dict[str, Any]] = [
        {"itemId": "1", "type": "movie", "externalIds": {"imdb": "tt0000001"}},
        {"itemId": "2", "type": "movie", "externalIds": {"imdb": "tt0000001"}, "title": "Solaris", "year": 2002},
    ]
    with connection.transaction(force_rollback=True):
        helper.sync_client_items(1, "plex", items)
        before = written(connection)
        helper.sync_client_items(1, "plex", items)
        assert written(connection) == before


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        ({"title": "solaris", "year": 1972}, True),
        ({"title": "Solaris (1972)", "year": 2009}, True),
        ({"title": "SOLARIS!  (1972) {imdb-tt0069293}"}, True),
        ({"title": "Solaris", "year": 2002}, False),
        ({"title": "Solaris (2002)", "year": 1972}, False),
        ({"title": "Solaris"}, False),
        ({"title": "Solaris", "year": 1972, "externalIds": {"tmdb": "2103"}}, False),
        ({"title": "Solaris", "year": 1972, "externalIds": {"tmdb": ["0593.0", "2103"]}}, True),
        ({"title": "Solaris", "year": 1972, "type": "series"}, False),
    ],
)
def test_title_and_year_tell_a_film_where_nothing_contradicts(
    connection: Connection, helper: ClientMediaItemHelper, shown: dict[str, Any], same: bool
) -> None:
    film = {"itemId": "1", "type": "movie", "title": "Solaris", "year": 1972, "externalIds": {"tmdb": "593"}}
    with connection.transaction(force_rollback=True):
        helper.sync_client_items(1, "plex", [film])
        (row,) = helper.sync_client_items(2, "plex", [{"itemId": "1", "type": "movie"} | shown])
        assert row.action == ("matched" if same else "created")


# What a world without contradictions does not show


def test_an_entry_with_the_ids_of_two_things_does_not_make_them_one(
    connection: Connection, helper: ClientMediaItemHelper
) -> None:
    one, other = {"imdb": "tt0000001", "tmdb": "1"}, {"imdb": "tt0000002", "tmdb": "2"}
    with connection.transaction(force_rollback=True):
        for client_id, ids in enumerate([one, other, {"imdb": "tt0000001", "tmdb": "2"}], 1):
            helper.sync_client_items(client_id, "plex", [{"itemId": "1", "type": "movie", "externalIds": ids}])
        assert len(set(mappings_of(connection).values())) == 3
        items = [
            {"itemId": str(n), "type": "movie", "externalIds": ids}
            for n, ids in enumerate([one, {"imdb": "tt0000001", "tmdb": "2"}, other], 1)
        ]
        rows = helper.sync_client_items(4, "plex", items)
        assert len({row.media_item_id for row in rows}) == 3
        assert disagreements(connection) == []


def test_a_media_item_that_was_merged_twice_still_resolves(
    connection: Connection, helper: ClientMediaItemHelper
) -> None:
    """The third turns out to be the second, then that one the first."""
    ids = [{"trakt": "1"}, {"imdb": "tt0000001"}, {"tmdb": "1"}, {"imdb": "tt0000001", "tmdb": "1"}]
    with connection.transaction(force_rollback=True):
        handed_out = []
        for client_id, shown in enumerate([*ids, {"trakt": "1", "imdb": "tt0000001"}], 1):
            items = [{"itemId": "1", "type": "movie", "externalIds": shown}]
            handed_out += [row.media_item_id for row in helper.sync_client_items(client_id, "plex", items)]
        first, second, third, *_ = handed_out
        assert len({first, second, third}) == 3
        assert {helper.resolve_media_item(media_item_id or 0) for media_item_id in handed_out} == {first}
        assert set(mappings_of(connection).values()) == {first}


def test_the_parts_of_series_that_turn_out_to_be_one_are_one(
    connection: Connection, helper: ClientMediaItemHelper
) -> None:
    series = {"itemId": "1", "type": "series"}
    with connection.transaction(force_rollback=True):
        for client_id, ids in enumerate([{"tvdb": "73739"}, {"imdb": "tt0411008"}], 1):
            helper.sync_client_items(client_id, "plex", [series | {"externalIds": ids}, SEASON, episode(1)])
        assert len(set(mappings_of(connection).values())) == 6
        ids = {"tvdb": "73739", "imdb": "tt0411008"}
        helper.sync_client_items(3, "plex", [series | {"externalIds": ids}])
        assert len(set(mappings_of(connection).values())) == 3
        assert disagreements(connection) == []


# The guard


def films(count: int) -> list[dict[str, Any]]:
    return [
        {"itemId": str(n), "type": "movie", "title": f"Film {n}", "year": 2000, "externalIds": {"tmdb": n}}
        for n in range(1, count + 1)
    ]


@pytest.fixture
def big_client(connection: Connection, helper: ClientMediaItemHelper) -> Iterator[ClientMediaItemHelper]:
    """Client 1 has 300 films and a series."""
    with connection.transaction(force_rollback=True):
        helper.sync_client_items(1, "plex", [*films(300), {"itemId": "1", "type": "series", "title": "Series"}])
        yield helper


@pytest.mark.parametrize(
    ("items", "media_types"),
    [(films(150), None), ([], ["movie"]), ([], ["movie", "series"]), (films(239), ["movie"])],
    ids=["half", "empty", "empty, all types", "just over a fifth"],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_listing_that_lost_too_much_is_refused_and_changes_nothing(
    connection: Connection,
    big_client: ClientMediaItemHelper,
    items: list[dict[str, Any]],
    media_types: list[str] | None,
    dry_run: bool,
) -> None:
    before = written(connection)
    with pytest.raises(SyncRefused, match="client 1"), connection.transaction():
        big_client.sync_client_items(1, "plex", items, media_types=media_types, dry_run=dry_run)
    assert written(connection) == before


@pytest.mark.parametrize(
    ("items", "options", "removed"),
    [
        (films(240), {}, 60),
        (films(150), {"max_removed_fraction": 0.5}, 150),
        (films(150), {"allow_removals": True}, 150),
        ([], {"media_types": ["movie"], "allow_removals": True}, 300),
        ([], {"media_types": ["series"]}, 1),
        ([], {}, 0),
    ],
    ids=["a fifth", "a half, allowed", "a half, any number allowed", "all, any allowed", "fewer than 50", "no type"],
)
def test_a_listing_that_may_lose_that_much_is_synced(
    connection: Connection,
    big_client: ClientMediaItemHelper,
    items: list[dict[str, Any]],
    options: dict[str, Any],
    removed: int,
) -> None:
    rows = big_client.sync_client_items(1, "plex", items, **options)
    assert Counter(row.action for row in rows) == Counter(kept=len(items), removed=removed)
    assert len(mappings_of(connection)) == 301 - removed
    assert disagreements(connection) == []


@pytest.mark.parametrize(
    ("before", "after", "refused"),
    [(9, 1, False), (10, 5, False), (10, 4, True), (98, 49, False), (99, 49, True), (100, 50, True), (249, 200, False)],
)
def test_up_to_49_removals_go_through_unless_more_than_half_of_ten_or_more(
    connection: Connection, helper: ClientMediaItemHelper, before: int, after: int, refused: bool
) -> None:
    with connection.transaction(force_rollback=True):
        helper.sync_client_items(1, "plex", films(before))
        if refused:
            with pytest.raises(SyncRefused), connection.transaction():
                helper.sync_client_items(1, "plex", films(after))
            return
        rows = helper.sync_client_items(1, "plex", films(after))
        assert Counter(row.action for row in rows) == Counter(kept=after, removed=before - after)


def test_a_rescan_that_gives_everything_a_new_id_loses_nothing(
    connection: Connection, big_client: ClientMediaItemHelper
) -> None:
    items = [item | {"itemId": f"new {item['itemId']}"} for item in films(300)]
    rows = big_client.sync_client_items(1, "plex", items)
    assert {row.action for row in rows} == {"rekeyed"}
    assert disagreements(connection) == []
