"""A real Kodi, fetched and synced: make test-live."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

import pymap
import pymap.fetch
from pymap.fetch import FetchError, Server
from tests.kodi_server import FILMS, PASSWORD, USER, kodi
from tests.subsonic_server import RECORDS, supysonic, write_records

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def library() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, kodi(Path(home)) as url:
        yield Server(type="kodi", url=url, user=USER, token=PASSWORD)


@pytest.fixture
def helper(conn: psycopg.Connection[Any]) -> pymap.ClientMediaItemHelper:
    return pymap.ClientMediaItemHelper(conn)


def sync(helper: pymap.ClientMediaItemHelper, client_id: int, server: Server) -> pymap.SyncSummary:
    pages = list(pymap.fetch.pages(server))
    items = [item for page in pages for item in helper.items_from_response(server.type, page)]
    return helper.sync(client_id, server.type, items)


def test_everything_is_listed(library: Server) -> None:
    assert pymap.fetch.contents(library) == {
        "VideoLibrary.GetMovies": len(FILMS),
        "VideoLibrary.GetTVShows": 0,
        "VideoLibrary.GetSeasons": 0,
        "VideoLibrary.GetEpisodes": 0,
        "VideoLibrary.GetMusicVideos": 0,
        "AudioLibrary.GetArtists": len(RECORDS),
        "AudioLibrary.GetAlbums": len(RECORDS),
        "AudioLibrary.GetSongs": sum(len(titles) for *_, titles in RECORDS),
    }


def test_pages_of_two_are_whole(
    library: Server, helper: pymap.ClientMediaItemHelper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pymap.fetch.kodi._PAGE_SIZE", 2)
    first = sync(helper, 1, library)
    assert first.total("created") == len(FILMS) + 11
    assert sync(helper, 1, library).total("kept") == first.total("created")


def test_a_film_is_found_by_its_public_id(library: Server, helper: pymap.ClientMediaItemHelper) -> None:
    sync(helper, 1, library)
    for _, _, imdb, tmdb in FILMS:
        (film,) = helper.get_media_items_by_external_id("imdb", imdb, "movie")
        assert helper.get_media_items_by_external_id("tmdb", tmdb, "movie") == [film]


def test_a_wrong_password_is_one_line(library: Server) -> None:
    with pytest.raises(FetchError, match="HTTP status 401"):
        list(pymap.fetch.pages(Server(type="kodi", url=library.url, user=USER, token="wrong")))


def test_kodi_and_supysonic_know_the_same_music(
    library: Server, helper: pymap.ClientMediaItemHelper, tmp_path: Path
) -> None:
    write_records(tmp_path / "music")
    with supysonic(tmp_path, tmp_path / "music") as url:
        sync(helper, 2, Server(type="subsonic", url=url, user=USER, token=PASSWORD))
    assert sync(helper, 1, library).total("matched") == 11
