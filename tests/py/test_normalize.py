"""What holds for every value that is normalised, whatever a server or an application hands over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from tests.scale import SCALE

KNOWN_SOURCES = {
    "imdb": ["imdb", "Imdb", "IMDB", "imdb_id", "com.plexapp.agents.imdb"],
    "tmdb": ["tmdb", "Tmdb", "TheMovieDb", "metadata.themoviedb.org.python", "com.plexapp.agents.themoviedb"],
    "tvdb": ["tvdb", "TheTVDB", "thetvdb.com", "com.plexapp.agents.thetvdb"],
    "musicbrainz": ["musicbrainz", "MusicBrainzAlbum", "MusicBrainzArtist", "mbid"],
}
SPELLINGS = [spelling for spellings in KNOWN_SOURCES.values() for spelling in spellings]

# Byte order mark, zero-width and direction marks.
UNSEEN = [
    chr(point) for point in (0xFEFF, *range(0x200B, 0x2010), 0x2060, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
]

# PostgreSQL's text holds everything but NUL and surrogates.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
separators = st.sampled_from([",", ", ", "/", ";", " ", "|"])
sources = st.one_of(
    st.sampled_from([*SPELLINGS, "MusicBrainzTrack", "zap2it", "plex", "TmdbCollection", "Facebook", "unknown", ""]),
    texts,
)
likely_ids = st.one_of(
    st.from_regex(r"(tt|TT|nm)?0{0,9}[0-9]{1,20}(\.0+)?", fullmatch=True),
    st.uuids(allow_nil=True).flatmap(lambda u: st.sampled_from([str(u), u.hex, str(u).upper()])),
    st.sampled_from(["", "0", "unknown", "local://1", "https://example.org/603", "@x", "-1", "EP0001", "x" * 1025]),
)
ids = st.one_of(
    likely_ids, texts, st.lists(likely_ids, max_size=4).flatmap(lambda i: separators.map(lambda s: s.join(i)))
)
scalars = st.one_of(
    ids, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.just(603.0)
)
elements = st.builds(
    lambda other, source, id_: {**other, "source": source, "id": id_},
    st.dictionaries(texts, scalars, max_size=1),
    sources,
    scalars,
)
arrays = st.lists(elements, max_size=6)
objects = st.dictionaries(sources, st.one_of(scalars, st.lists(scalars, max_size=3)), max_size=5)
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(["source", "id", *SPELLINGS]), texts), inner, max_size=4),
    ),
    max_leaves=12,
)

always = settings(deadline=None, max_examples=200 * SCALE)


@pytest.fixture(scope="module")
def reader(shared_dsn: str) -> Iterator[psycopg.Connection[Any]]:
    """One connection for all examples, with a reader's rights; every statement is a transaction of its own."""
    with psycopg.connect(shared_dsn, autocommit=True) as connection:
        connection.execute("set role pymap_reader")
        yield connection


def normalize_client_item_id(reader: psycopg.Connection[Any], client_type: str, client_item_id: str) -> str:
    return _value(reader, "select pymap.normalize_client_item_id(%s, %s)", client_type, client_item_id)


def normalize_source(reader: psycopg.Connection[Any], source: str) -> str | None:
    return _value(reader, "select pymap.normalize_external_id_source(%s)", source)


def normalize_id(reader: psycopg.Connection[Any], source: str, external_id: str) -> list[str]:
    return _value(reader, "select pymap.normalize_external_id(%s, %s)", source, external_id)


def normalize_ids(reader: psycopg.Connection[Any], external_ids: Any) -> list[dict[str, Any]]:
    return _value(reader, "select pymap.normalize_external_ids(%s)", Jsonb(external_ids))


def pairs(external_ids: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(element["source"], element["id"]) for element in external_ids}


def _value(reader: psycopg.Connection[Any], query: str, *parameters: Any) -> Any:
    row = reader.execute(query.encode(), parameters).fetchone()
    assert row is not None
    return row[0]


# Client item IDs


@always
@given(client_type=st.sampled_from(["jellyfin", "emby", "plex"]), client_item_id=st.one_of(likely_ids, texts))
def test_a_client_item_id_is_normalised_once(
    reader: psycopg.Connection[Any], client_type: str, client_item_id: str
) -> None:
    once = normalize_client_item_id(reader, client_type, client_item_id)
    assert normalize_client_item_id(reader, client_type, once) == once
    if client_type != "jellyfin":
        assert once == client_item_id


@always
@given(guid=st.uuids())
def test_every_spelling_of_a_jellyfin_guid_is_one_id(reader: psycopg.Connection[Any], guid: Any) -> None:
    for spelling in (str(guid), str(guid).upper(), guid.hex, guid.hex.upper()):
        assert normalize_client_item_id(reader, "jellyfin", spelling) == guid.hex


# Sources and IDs


@always
@given(source=sources)
@example("com.plexapp.agents.com.plexapp.agents.imdb")
@example("x" * 49 + "-imdb")
def test_a_source_is_normalised_once(reader: psycopg.Connection[Any], source: str) -> None:
    once = normalize_source(reader, source)
    if once is not None:
        assert 1 <= len(once) <= 50
        assert normalize_source(reader, once) == once


@always
@given(source=sources, external_id=ids)
def test_an_id_is_normalised_once(reader: psycopg.Connection[Any], source: str, external_id: str) -> None:
    once = normalize_id(reader, source, external_id)
    assert once == sorted(set(once), key=lambda one: one.encode())
    for one in once:
        assert 1 <= len(one.encode()) <= 1024
        assert normalize_id(reader, source, one) == [one]


@always
@given(
    number=st.integers(1, 10**18 - 1),
    zeros=st.integers(0, 12),
    prefix=st.sampled_from(["", "tt", "TT", "tT"]),
    spelling=st.sampled_from(KNOWN_SOURCES["imdb"]),
)
def test_spellings_of_an_imdb_id_meet(
    reader: psycopg.Connection[Any], number: int, zeros: int, prefix: str, spelling: str
) -> None:
    assert normalize_id(reader, spelling, f"{prefix}{'0' * zeros}{number}") == [f"tt{number:07}"]


@always
@given(
    number=st.integers(1, 10**18 - 1),
    zeros=st.integers(0, 12),
    suffix=st.sampled_from(["", ".0", ".00"]),
    spelling=st.sampled_from([*KNOWN_SOURCES["tmdb"], *KNOWN_SOURCES["tvdb"], "TvMaze", "Trakt", "AniDB", "MAL"]),
)
def test_spellings_of_a_number_meet(
    reader: psycopg.Connection[Any], number: int, zeros: int, suffix: str, spelling: str
) -> None:
    assert normalize_id(reader, spelling, f"{'0' * zeros}{number}{suffix}") == [str(number)]


@always
@given(
    mbids=st.lists(st.uuids(), min_size=1, max_size=5, unique=True),
    separator=separators,
    upper=st.booleans(),
    spelling=st.sampled_from(KNOWN_SOURCES["musicbrainz"]),
)
def test_mbids_in_one_value_are_split(
    reader: psycopg.Connection[Any], mbids: list[Any], separator: str, upper: bool, spelling: str
) -> None:
    value = separator.join(map(str, mbids))
    assert normalize_id(reader, spelling, value.upper() if upper else value) == sorted(map(str, mbids))


@always
@given(source=st.sampled_from(["zap2it", "plex", "myfilms"]), external_id=texts)
def test_an_id_of_an_unknown_source_is_only_trimmed(
    reader: psycopg.Connection[Any], source: str, external_id: str
) -> None:
    seen = "".join(character for character in external_id.strip(" \t\r\n") if character not in UNSEEN)
    assert normalize_id(reader, source, external_id) in ([seen.strip(" \t\r\n")], [])


# Arrays and objects of external IDs


@always
@given(external_ids=anything)
@example([[{"source": "imdb", "id": "tt0133093"}]])
@example([{"source": ["imdb"], "id": "tt0133093"}])
@example([{"source": "imdb", "id": ["tt0133093"]}])
@example([{"source": "tmdb", "id": 603}])
@example(["imdb://tt0133093", {"source": "imdb"}])
@example({"imdb": {"id": "tt0133093"}})
def test_any_json_is_normalised_or_refused(reader: psycopg.Connection[Any], external_ids: Any) -> None:
    try:
        once = normalize_ids(reader, external_ids)
    except psycopg.errors.InvalidParameterValue:  # 22023
        return
    assert normalize_ids(reader, once) == once


@always
@given(external_ids=st.one_of(arrays, objects))
def test_the_result_fits_the_table(
    reader: psycopg.Connection[Any], stored_check: str, external_ids: list[Any] | dict[str, Any]
) -> None:
    once = normalize_ids(reader, external_ids)
    assert _value(reader, f"select {stored_check} from (select %s::jsonb as external_ids) as m", Jsonb(once)) is True
    assert len(pairs(once)) == len(once)
    for element in once:
        assert normalize_source(reader, element["source"]) == element["source"]
        assert normalize_id(reader, element["source"], element["id"]) == [element["id"]]


@pytest.fixture(scope="module")
def stored_check(reader: psycopg.Connection[Any]) -> str:
    """The condition of media_items_external_ids_check, as the database has it."""
    check: str = _value(
        reader,
        "select pg_get_expr(conbin, conrelid) from pg_constraint where conname = %s",
        "media_items_external_ids_check",
    )
    return check.replace("%", "%%")


@always
@given(external_ids=arrays, data=st.data())
def test_order_and_repetition_do_not_matter(
    reader: psycopg.Connection[Any], external_ids: list[dict[str, Any]], data: st.DataObject
) -> None:
    repeated = data.draw(st.permutations(external_ids + external_ids[: data.draw(st.integers(0, 6))]))
    assert pairs(normalize_ids(reader, repeated)) == pairs(normalize_ids(reader, external_ids))


@always
@given(external_ids=arrays)
def test_the_first_of_a_pair_stays_where_it_was(
    reader: psycopg.Connection[Any], external_ids: list[dict[str, Any]]
) -> None:
    expected: dict[tuple[str, str], dict[str, Any]] = {}
    for external_id in external_ids:
        for element in normalize_ids(reader, [external_id]):
            expected.setdefault((element["source"], element["id"]), element)
    # A number in the imdb field that is the TMDB number shows only next to that.
    imdb, tmdb = ({id_.lstrip("t0") for source, id_ in expected if source == wanted} for wanted in ("imdb", "tmdb"))
    assume(imdb.isdisjoint(tmdb))
    assert normalize_ids(reader, external_ids) == list(expected.values())


@always
@given(external_ids=objects)
def test_an_object_means_the_same_as_an_array(reader: psycopg.Connection[Any], external_ids: dict[str, Any]) -> None:
    array = [
        {"source": source, "id": id_}
        for source, value in external_ids.items()
        for id_ in (value if isinstance(value, list) else [value])
    ]
    assert pairs(normalize_ids(reader, external_ids)) == pairs(normalize_ids(reader, array))


@always
@given(
    known=st.lists(st.tuples(st.sampled_from([*KNOWN_SOURCES, "anidb", "acme"]), likely_ids), max_size=5),
    data=st.data(),
)
def test_an_address_means_the_same_as_its_source_and_id(
    reader: psycopg.Connection[Any], known: list[tuple[str, str]], data: st.DataObject
) -> None:
    # In an address these begin something else.
    known = [(source, id_) for source, id_ in known if not set(id_) & set("/?")]
    either = [data.draw(st.sampled_from([f"{source}://{id_}", {"source": source, "id": id_}])) for source, id_ in known]
    array = [{"source": source, "id": id_} for source, id_ in known]
    assert normalize_ids(reader, either) == normalize_ids(reader, array)


@always
@given(source=sources, number=st.integers(-(10**20), 10**20))
def test_a_json_number_counts_like_text(reader: psycopg.Connection[Any], source: str, number: int) -> None:
    assert normalize_ids(reader, {source: number}) == normalize_ids(reader, {source: str(number)})


@always
@given(
    kept=st.dictionaries(texts.filter(lambda key: key not in ("source", "id")), st.one_of(texts, st.integers())),
    id_=st.sampled_from(["133093", "0133093,tt0234215", 133093]),
)
def test_other_keys_of_an_element_are_kept(
    reader: psycopg.Connection[Any], kept: dict[str, Any], id_: str | int
) -> None:
    once = normalize_ids(reader, [{**kept, "source": "Imdb", "id": id_}])
    assert once
    for element in once:
        assert element == {**kept, "source": "imdb", "id": element["id"]}


# What triggers take for canonical without looking closer


@always
@given(given_texts=st.lists(texts.filter(bool), max_size=5))
@example(['a", "b', "a", "b"])
@example(["a]", "a]"])
@example(["a\\", "a", "a\\"])
def test_texts_are_different_if_none_is_there_twice(reader: psycopg.Connection[Any], given_texts: list[str]) -> None:
    different = _value(reader, "select pymap._all_different(%s)", Jsonb(given_texts))
    assert different == (len(set(given_texts)) == len(given_texts))


canonical_ids = st.one_of(
    st.tuples(st.just("imdb"), st.from_regex(r"tt[0-9]{6,9}", fullmatch=True)),
    st.tuples(st.sampled_from(["tmdb", "tvdb"]), st.from_regex(r"[0-9]{1,19}", fullmatch=True)),
    st.tuples(st.just("musicbrainz"), st.uuids(allow_nil=True).map(str)),
    st.tuples(sources, likely_ids),
)


@always
@given(told=st.lists(canonical_ids, max_size=4))
def test_external_ids_that_pass_as_canonical_are(reader: psycopg.Connection[Any], told: list[tuple[str, str]]) -> None:
    array = [{"source": source, "id": id_} for source, id_ in told]
    if _value(reader, "select pymap._are_canonical_external_ids(%s)", Jsonb(array)):
        assert normalize_ids(reader, array) == array


def sync_client(key: str, client_id: Any, client_type: str, item_id: Any) -> dict[str, Any]:
    return {key: client_id, "clientType": client_type, "itemId": item_id}


usual_sync_clients = st.builds(
    sync_client,
    st.just("clientId"),
    st.integers(1, 3),
    st.sampled_from(["plex", "kodi", "jellyfin"]),
    st.one_of(st.sampled_from(["1", "2", "ab"]), st.uuids().map(str), texts),
)
odd_sync_clients = st.builds(
    sync_client,
    st.sampled_from(["clientId", "clientID", "id"]),
    st.sampled_from([0, 1, 1.0, 2**63 - 1, 2**63, "1"]),
    st.sampled_from(["plex", "Plex", "other"]),
    st.sampled_from(["1", 1, ""]),
)


@always
@given(array=st.lists(st.one_of(usual_sync_clients, usual_sync_clients, odd_sync_clients), max_size=3))
@example([{"clientId": 1, "clientType": "plex", "itemId": "1"}, {"clientId": 2, "clientType": "plex", "itemId": "1"}])
@example([{"clientId": 1, "clientType": "plex", "itemId": "1"}] * 2)
@example([{"clientId": 1.0, "clientType": "plex", "itemId": "1"}])
def test_sync_clients_that_pass_as_canonical_are(reader: psycopg.Connection[Any], array: list[dict[str, Any]]) -> None:
    if not _value(reader, "select pymap._are_canonical_sync_clients(%s)", Jsonb(array)):
        return
    for element in array:
        once = _value(reader, "select pymap._canonical_sync_client(%s)", Jsonb(element))
        assert json.dumps(once, sort_keys=True) == json.dumps(element, sort_keys=True)
    assert len({(element["clientId"], element["itemId"]) for element in array}) == len(array)
