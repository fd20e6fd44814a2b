"""Item.from_plexapi on real objects of plexapi, made of XML without a server; it has to agree with the SQL reader."""

from __future__ import annotations

import copy
from typing import Any
from xml.etree import ElementTree

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plexapi import audio, collection, library, photo, playlist, video
from psycopg.types.json import Jsonb

import pymap

CLASSES = {
    "movie": video.Movie,
    "show": video.Show,
    "season": video.Season,
    "episode": video.Episode,
    "artist": audio.Artist,
    "album": audio.Album,
    "track": audio.Track,
    "photo": photo.Photo,
    "playlist": playlist.Playlist,
    "collection": collection.Collection,
    "clip": video.Clip,
}

XML = [
    """<Video ratingKey="101" key="/library/metadata/101" guid="plex://movie/5d776825880197001ec90ed4" type="movie"
        title="The Matrix" year="1999">
      <Media id="1"><Part id="1" file="/movies/Matrix (1999)/Matrix.mkv"/><Part id="2" file="/movies/b.mkv"/></Media>
      <Media id="2"><Part id="3" file="/movies/The Matrix (1999)/The Matrix 4K.mkv"/></Media>
      <Guid id="imdb://tt0133093"/><Guid id="tmdb://603"/>
    </Video>""",
    """<Video ratingKey="102" guid="com.plexapp.agents.imdb://tt0113277?lang=en" type="movie" title="Heat" year="1995">
      <Media id="1"><Part id="1" file="C:\\Films\\Heat (1995)\\Heat.mkv"/></Media>
    </Video>""",
    """<Video ratingKey="103" guid="local://103" type="movie" title="Home"/>""",
    """<Directory ratingKey="200" guid="plex://show/5d9c08254eefaa001f5daa50" type="show"
        title="Breaking Bad" year="2008" childCount="5">
      <Guid id="imdb://tt0903747"/><Guid id="tvdb://81189"/><Location path="/tv/Breaking Bad"/>
    </Directory>""",
    """<Directory ratingKey="210" guid="plex://season/602e67e7bd38e5002d1f2a6b" type="season" title="Season 1" index="1"
        parentRatingKey="200" parentTitle="Breaking Bad" parentIndex="1" year="2008"><Guid id="tvdb://30272"/></Directory>""",
    """<Directory ratingKey="211" guid="com.plexapp.agents.thetvdb://81189/0?lang=en" type="season" title="Specials"
        index="0" parentRatingKey="200" parentTitle="Breaking Bad"/>""",
    """<Video ratingKey="220" guid="plex://episode/5d9c1267e98e47001eb9be0e" type="episode" title="Pilot" index="1"
        parentIndex="1" parentRatingKey="210" grandparentRatingKey="200" grandparentTitle="Breaking Bad" year="2008">
      <Media id="9"><Part id="9" file="/tv/Breaking Bad/Season 01/S01E01.mkv"/></Media><Guid id="tvdb://349232"/>
    </Video>""",
    """<Video historyKey="/status/sessions/history/7" ratingKey="220" key="/library/metadata/220" title="Pilot"
        parentKey="/library/metadata/210" grandparentKey="/library/metadata/200" type="episode" index="1"
        parentIndex="1" viewedAt="1700381600"/>""",
    """<Directory ratingKey="300" guid="plex://artist/5d07bbfc403c6402904a5ec9" type="artist" title="Pink Floyd">
      <Guid id="mbid://83d91898-7763-47d7-b03b-b92132375c47"/><Location path="/music/Pink Floyd"/>
    </Directory>""",
    """<Directory ratingKey="301" guid="plex://album/5d07c18d403c640290508ab5" type="album" title="Meddle" year="1971"
        index="1" parentRatingKey="300" parentTitle="Pink Floyd"><Guid id="mbid://b84ee12a-09ef-421b-82de-0441a926375b"/>
    </Directory>""",
    """<Track ratingKey="302" guid="plex://track/5d07cdb0403c64029060f4e0" type="track" title="Fearless" index="3"
        parentIndex="1" parentRatingKey="301" parentTitle="Meddle" grandparentRatingKey="300"
        grandparentTitle="Pink Floyd" originalTitle="Pink Floyd &amp; Kop">
      <Media id="5"><Part id="5" file="/music/Pink Floyd/Meddle/03 Fearless.flac"/></Media>
      <Guid id="mbid://d4156411-b884-368f-a4cb-7c0101a557a2"/>
    </Track>""",
    """<Track ratingKey="303" guid="local://303" type="track" title="Untagged" index="0" parentIndex="0"
        parentRatingKey="301" grandparentTitle="Pink Floyd"/>""",
    """<Photo ratingKey="350" guid="local://350" type="photo" title="Sea" year="2020"/>""",
    """<Playlist ratingKey="500" guid="com.plexapp.agents.none://5a2d" type="playlist" title="Road"
        playlistType="audio"/>""",
    """<Directory ratingKey="400" guid="collection://4c0e" type="collection" title="The Matrix Collection"/>""",
]  # fmt: skip
ELEMENTS = [ElementTree.fromstring(text) for text in XML]
for element in ELEMENTS:
    # An object with an address can be reloaded.
    children = "/children" if element.get("type") in ("show", "season", "artist", "album") else ""
    element.set("key", f"/library/metadata/{element.get('ratingKey')}{children}")


class Offline:
    """In place of a PlexServer: whoever asks it for something is caught."""

    def query(self, key: str, *_: Any, **__: Any) -> Any:
        raise AssertionError(f"plexapi asked the server for {key}")

    fetchItem = fetchItems = query

    def __getattr__(self, name: str) -> Any:
        return None


def from_xml(element: ElementTree.Element) -> Any:
    """What plexapi makes of an element."""
    # None asks nothing of a server; what is reloaded is asked of this one.
    return CLASSES[element.get("type", "")](Offline(), element, "/library/sections/1/all")


def as_plex_answers(element: ElementTree.Element) -> dict[str, Any]:
    """The same as Plex sends it in JSON."""
    answer: dict[str, Any] = dict(element.attrib)
    for child in element:
        answer.setdefault(child.tag, []).append(as_plex_answers(child))
    return answer


def canonical(connection: psycopg.Connection[Any], item: dict[str, Any]) -> dict[str, Any]:
    """An item with its external IDs as they are stored, without what is empty."""
    found = connection.execute(
        "select pymap.normalize_external_ids(%s, %s)", [Jsonb(item.get("externalIds") or []), item["type"]]
    ).fetchone()
    assert found is not None
    external_ids = sorted((row["source"], row["id"]) for row in found[0])
    return {key: value for key, value in {**item, "externalIds": external_ids}.items() if value not in (None, {}, [])}


def read(connection: psycopg.Connection[Any], element: ElementTree.Element) -> dict[str, Any]:
    """What the SQL reader makes of the element."""
    return pymap.ClientMediaItemHelper(connection).items_from_response("plex", as_plex_answers(element))[0]


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: f"{element.get('type')} {element.get('title')}")
def test_an_object_is_the_item_that_the_reader_makes_of_it(
    conn: psycopg.Connection[Any], element: ElementTree.Element
) -> None:
    item = pymap.Item.from_plexapi(from_xml(element))
    assert canonical(conn, item.as_json()) == canonical(conn, read(conn, element))


@settings(deadline=None, max_examples=300)
@given(element=st.sampled_from(ELEMENTS), data=st.data())
def test_whatever_is_missing_the_reader_agrees(
    conn: psycopg.Connection[Any], element: ElementTree.Element, data: st.DataObject
) -> None:
    element = copy.deepcopy(element)
    entry = from_xml(element)
    optional = sorted({*element.attrib} - {"ratingKey", "key", "type"})
    for key in data.draw(st.sets(st.sampled_from(optional))):
        if key != "index" or "thetvdb" not in element.get("guid", ""):
            del element.attrib[key]
    for child in data.draw(st.lists(st.sampled_from(list(element)), unique=True)) if len(element) else ():
        element.remove(child)
    for key in data.draw(st.sets(st.sampled_from(["index", "parentIndex", "year"]))):
        # An older agent's guid has the numbers of a season too, where the reader finds them.
        if key in element.attrib and "thetvdb" not in element.get("guid", ""):
            element.set(key, data.draw(st.sampled_from(["0", "", "7", "x"])))
    item = pymap.Item.from_plexapi(entry)
    assert canonical(conn, item.as_json()) == canonical(conn, read(conn, element))


def test_the_items_can_be_synced(conn: psycopg.Connection[Any]) -> None:
    helper = pymap.ClientMediaItemHelper(conn)
    film = helper.get_or_create_mapping(2, "emby", "7", "movie", "Matrix", external_ids={"tmdb": 603})
    listed = [element for element in ELEMENTS if not element.get("historyKey")]
    rows = helper.sync_client_items(1, "plex", (pymap.Item.from_plexapi(from_xml(element)) for element in listed))
    assert len(rows) == len(listed)
    assert rows[0] == pymap.MappedItem("101", "movie", film, "matched")
    parents = conn.execute("select type, parent_id is not null from pymap.media_items").fetchall()
    assert {kind for kind, has_parent in parents if has_parent} == {"season", "episode", "album", "track"}


def test_plexapi_would_have_reloaded_the_object() -> None:
    """If this fails, the tests above do not show that nothing is reloaded."""
    with pytest.raises(AssertionError, match="plexapi asked the server"):
        _ = from_xml(ELEMENTS[2]).year


def test_what_has_no_media_type_is_refused() -> None:
    clip = ElementTree.fromstring('<Video ratingKey="117" type="clip" title="Trailer"/>')
    with pytest.raises(ValueError, match=r"^Plex's type 'clip' of item 117 has no pymap media type$"):
        pymap.Item.from_plexapi(from_xml(clip))


@pytest.mark.parametrize(
    "value",
    [
        library.MovieSection(Offline(), ElementTree.fromstring('<Directory key="1" type="movie" title="Films"/>')),
        {"ratingKey": "101", "type": "movie"},
        None,
    ],
    ids=["section", "dict", "None"],
)
def test_what_is_no_entry_of_a_library_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^expected an entry of a library, as plexapi returns it, found \w+$"):
        pymap.Item.from_plexapi(value)
