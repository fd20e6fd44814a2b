"""Fetching whole listings over HTTP: what each server is asked, and what happens if it does not answer as it should."""

from __future__ import annotations

import json
import logging
import re
import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
import trustme
from pytest_httpserver import HTTPServer
from werkzeug import Response

import pymap
import pymap.fetch
from pymap.fetch import FetchError, Server
from tests.media_servers import ADMINISTRATOR, API_KEY, TOKEN, USER, WITHOUT_TOTALS, MediaServer, json_response

TYPES = pymap.fetch.TYPES


@pytest.fixture
def http(httpserver: HTTPServer) -> HTTPServer:
    return httpserver


@pytest.fixture
def plex(http: HTTPServer) -> MediaServer:
    return MediaServer("plex", http)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request is tried again at once."""
    monkeypatch.setattr("pymap.fetch.http._RETRY.backoff_factor", 0)


@pytest.fixture
def helper(conn: psycopg.Connection[Any]) -> pymap.ClientMediaItemHelper:
    return pymap.ClientMediaItemHelper(conn)


def read(helper: pymap.ClientMediaItemHelper, type_: str, pages: list[Any]) -> list[dict[str, Any]]:
    """What the reader of the database makes of pages."""
    return [item for page in pages for item in helper.items_from_response(type_, page)]


def refusal(server: Server) -> FetchError:
    with pytest.raises(FetchError) as raised:
        list(pymap.fetch.pages(server))
    assert TOKEN not in f"{raised.value} {raised.value.detail} {raised.value.hint}"
    return raised.value


# What is fetched


@pytest.mark.parametrize("type_", TYPES)
def test_the_pages_hold_every_entry_once(http: HTTPServer, type_: str, helper: pymap.ClientMediaItemHelper) -> None:
    served = MediaServer(type_, http)
    reports: list[tuple[int, int | None]] = []
    pages = list(pymap.fetch.pages(served.server(), report=lambda *report: reports.append(report)))
    total = served.entries(but_not=("Folder", "BoxSet"))
    # Trakt's episode is two items, itself and its series.
    items = [item for item in read(helper, type_, pages) if "listing" not in item]
    assert len(items) == total + (type_ == "trakt")
    assert reports[-1] == (total, None if type_ in WITHOUT_TOTALS else total)
    assert [done for done, _ in reports] == sorted(done for done, _ in reports)


@pytest.mark.parametrize("type_", TYPES)
def test_a_sync_of_the_pages_is_complete(http: HTTPServer, type_: str, helper: pymap.ClientMediaItemHelper) -> None:
    entries = read(helper, type_, list(pymap.fetch.pages(MediaServer(type_, http).server())))
    assert helper.sync(1, type_, entries).total("created") > 0
    again = helper.sync(1, type_, entries)
    assert again.total("kept") == sum(sum(actions.values()) for actions in again.counts.values()) > 0


@pytest.mark.parametrize("type_", ["plex", "jellyfin", "emby", "kodi"])
def test_the_database_sees_that_a_page_is_missing(
    http: HTTPServer, type_: str, helper: pymap.ClientMediaItemHelper
) -> None:
    pages = list(pymap.fetch.pages(MediaServer(type_, http).server()))
    with pytest.raises(pymap.SyncRefused, match="incomplete"):
        helper.sync(1, type_, read(helper, type_, pages[1:]))


@pytest.mark.parametrize("type_", TYPES)
def test_an_empty_server_has_empty_listings(http: HTTPServer, type_: str, helper: pymap.ClientMediaItemHelper) -> None:
    served = MediaServer(type_, http)
    for entries in served.library.values():
        entries.clear()
    pages = list(pymap.fetch.pages(served.server()))
    assert pages
    assert [item for item in read(helper, type_, pages) if "listing" not in item] == []


@pytest.mark.parametrize("type_", TYPES)
def test_contents_are_the_listings_and_their_totals(http: HTTPServer, type_: str) -> None:
    served = MediaServer(type_, http)
    totals = pymap.fetch.contents(served.server()).values()
    if type_ in WITHOUT_TOTALS:
        assert set(totals) == {None}
    else:
        assert sum(total or 0 for total in totals) == served.entries(but_not=("Folder", "BoxSet"))


@pytest.mark.parametrize(
    ("type_", "library", "listings"),
    [
        ("plex", "tv shows", {"shows of section 2": 2, "seasons of section 2": 4, "episodes of section 2": 10}),
        ("plex", "1", {"movies of section 1": 17}),
        (
            "kodi",
            "tvshows",
            {"VideoLibrary.GetTVShows": 2, "VideoLibrary.GetSeasons": 4, "VideoLibrary.GetEpisodes": 10},
        ),
        ("subsonic", "music", {"artists of folder 1": None, "albums of folder 1": None, "songs of folder 1": None}),
        ("trakt", "collection", {"collection movies": 3, "collection shows": 0}),
    ],
)
def test_only_the_libraries_that_are_named_are_listed(
    http: HTTPServer, type_: str, library: str, listings: dict[str, int | None]
) -> None:
    assert pymap.fetch.contents(MediaServer(type_, http).server(libraries=(library,))) == listings


@pytest.mark.parametrize("type_", ["jellyfin", "emby"])
def test_a_library_of_jellyfin_or_emby_is_named_by_its_folder(http: HTTPServer, type_: str) -> None:
    served = MediaServer(type_, http)
    assert len(pymap.fetch.contents(served.server(libraries=("films", "Music")))) == 2 * 8
    assert {request.args.get("ParentId") for request in served.requests} == {None, "aa01", "bb02"}


@pytest.mark.parametrize("type_", TYPES)
def test_a_library_that_is_not_there_is_named(http: HTTPServer, type_: str) -> None:
    error = refusal(MediaServer(type_, http).server(libraries=("Nirvana",)))
    assert "has no library 'Nirvana'" in str(error)
    assert error.hint is not None


def test_jellyfin_and_emby_list_for_the_administrator_or_the_user_that_is_named(http: HTTPServer) -> None:
    served = MediaServer("jellyfin", http)
    pymap.fetch.contents(served.server())
    assert {request.args["userId"] for request in served.requests if request.path == "/Items"} == {ADMINISTRATOR}
    served = MediaServer("emby", http)
    pymap.fetch.contents(served.server(user="Alice"))
    assert {request.path for request in served.requests} == {"/Users", "/Users/11bb/Items"}
    error = refusal(served.server(user="bob"))
    assert "has no user 'bob'" in str(error)
    assert error.hint == "It has guest, alice, root."


def test_subsonic_takes_an_api_key(http: HTTPServer) -> None:
    served = MediaServer("subsonic", http)
    assert len(list(pymap.fetch.pages(served.server(user=None)))) == 4
    assert all("u" not in request.args for request in served.requests)


# Whole or nothing


def test_a_listing_that_changes_is_read_again(plex: MediaServer) -> None:
    def add_a_film(listing: str, start: int) -> None:
        if start == 8 and len(plex.library["movies"]) == 17:
            plex.library["movies"].insert(0, plex.library["movies"][0] | {"ratingKey": "990"})

    plex.before_page = add_a_film
    pages = list(pymap.fetch.pages(plex.server(libraries=("Movies",))))
    ids = [entry["ratingKey"] for page in pages for entry in page["MediaContainer"].get("Metadata", [])]
    assert len(ids) == len(set(ids)) == 18
    assert "990" in ids


def test_an_entry_that_goes_while_another_comes_is_noticed(plex: MediaServer) -> None:
    def change(listing: str, start: int) -> None:
        movies = plex.library["movies"]
        if start == 12 and movies[-1]["ratingKey"] != "990":
            del movies[0]
            movies.append(movies[0] | {"ratingKey": "990"})

    plex.before_page = change
    wanted = {entry["ratingKey"] for entry in plex.library["movies"][1:]} | {"990"}
    pages = list(pymap.fetch.pages(plex.server(libraries=("Movies",))))
    assert {entry["ratingKey"] for page in pages for entry in page["MediaContainer"].get("Metadata", [])} == wanted


def always_one_more(plex: MediaServer) -> str:
    def add(listing: str, start: int) -> None:
        plex.library["movies"].append({"ratingKey": f"new{len(plex.library['movies'])}"})

    plex.before_page = add
    return "entries"


def the_same_page_again_and_again(plex: MediaServer) -> str:
    first = plex.library["movies"][:4]
    plex.library["movies"] = first * 4
    return "came twice"


def fewer_than_it_says(plex: MediaServer) -> str:
    movies = [*plex.library["movies"]]

    def empty(listing: str, start: int) -> Response | None:
        container = {"totalSize": len(movies), "offset": start}
        return None if start < 8 else json_response({"MediaContainer": container})

    plex.before_page = empty
    return "says that it has 17 entries, and sent 8"


def another_total_on_each_page(plex: MediaServer) -> str:
    def page(listing: str, start: int) -> Response:
        container = {"totalSize": 100 + start, "Metadata": [{"ratingKey": str(start)}]}
        return json_response({"MediaContainer": container})

    plex.before_page = page
    return "it had 100 entries, and 101 later"


@pytest.mark.parametrize(
    "disturb", [always_one_more, the_same_page_again_and_again, fewer_than_it_says, another_total_on_each_page]
)
def test_a_listing_that_cannot_be_had_whole_is_refused(plex: MediaServer, tmp_path: Path, disturb: Any) -> None:
    reason = disturb(plex)
    server = plex.server(libraries=("Movies",))
    error = refusal(server)
    assert "changed each of the 3 times" in str(error)
    assert reason in str(error)
    with pytest.raises(FetchError):
        pymap.fetch.download(server, tmp_path / "saved")
    assert not (tmp_path / "saved").exists()


def test_a_server_that_repeats_one_page_for_ever_is_refused(http: HTTPServer) -> None:
    served = MediaServer("subsonic", http)
    first = served.library["artist"]
    served.library["artist"] = first * 1000
    assert "sent the same 20 times" in str(refusal(served.server(libraries=("Music",))))
    served.library["artist"] = first * 10
    assert list(pymap.fetch.pages(served.server(libraries=("Music",))))


# What is saved


def test_download_keeps_the_answers_as_they_came(plex: MediaServer, tmp_path: Path) -> None:
    files = pymap.fetch.download(plex.server(), tmp_path / "new" / "saved")
    assert files == sorted((tmp_path / "new" / "saved").iterdir())
    pages = list(pymap.fetch.pages(plex.server()))
    assert [json.loads(file.read_bytes()) for file in files] == pages
    assert not any(TOKEN in file.read_text() for file in files)


def test_download_leaves_a_folder_that_has_files_alone(plex: MediaServer, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(FetchError, match="is not empty"):
        pymap.fetch.download(plex.server(), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]


# What goes wrong on the way


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_that_fails_for_a_moment_is_asked_again(plex: MediaServer, status: int) -> None:
    failures = iter([Response("", status), Response("", status)])
    plex.before_page = lambda listing, start: next(failures, None)
    assert len(list(pymap.fetch.pages(plex.server(libraries=("Movies",))))) == 5


@pytest.mark.parametrize(
    ("response", "words", "hint"),
    [
        (Response("", 503), "HTTP status 503", "Try again later"),
        (Response("", 401), "HTTP status 401", "Are the token"),
        (Response("", 403), "HTTP status 403", "Are the token"),
        (Response("", 404), "HTTP status 404", "Is this the address of a plex server?"),
        (Response("", 400), "HTTP status 400", None),
        (Response("<html>", content_type="text/html"), "something other than JSON (text/html)", "Is this the address"),
        (Response("[]"), "JSON that has no MediaContainer", "Is this the address"),
        (Response('{"MediaContainer": []}'), "JSON that has no MediaContainer", "Is this the address"),
        (Response("[" * 100_000), "something other than JSON", "Is this the address"),
    ],
)
def test_what_a_server_refuses_is_one_line(plex: MediaServer, response: Response, words: str, hint: str | None) -> None:
    plex.before_page = lambda listing, start: response
    error = refusal(plex.server())
    assert words in str(error)
    assert plex.http.url_for("").rstrip("/") in str(error)
    assert (error.hint or "").startswith(hint or "")
    assert (error.hint is None) == (hint is None)


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("token", ["wrong", "none"])
def test_a_wrong_token_is_one_line(http: HTTPServer, type_: str, token: str) -> None:
    error = refusal(MediaServer(type_, http).server(token=token))
    assert any(words in str(error) for words in ("status 401", "status 403", "error 40: Wrong username or password"))


@pytest.mark.parametrize("type_", TYPES)
def test_json_of_something_else_is_one_line(http: HTTPServer, type_: str) -> None:
    for content in ("null", "{}", "[1]", '{"Items": 1}', '"text"'):
        http.clear()
        http.expect_request(re.compile(".*")).respond_with_data(content, content_type="application/json")
        error = refusal(Server(type=type_, url=http.url_for("/"), token=TOKEN, user=USER, api_key=API_KEY))
        assert "with JSON that has no" in str(error) or "has no user" in str(error) or "has no library" in str(error)


def test_kodi_says_which_call_it_refuses(http: HTTPServer) -> None:
    served = MediaServer("kodi", http)
    served.before_page = lambda *_: json_response({"error": {"code": -32602, "message": "Invalid params."}, "id": 1})
    assert "VideoLibrary.GetMovies with error -32602: Invalid params." in str(refusal(served.server()))


def test_a_lost_connection_is_tried_again_and_then_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        connections = 0

        def hang_up() -> None:
            nonlocal connections
            while True:
                try:
                    listening.accept()[0].close()
                except OSError:
                    return
                connections += 1

        thread = threading.Thread(target=hang_up)
        thread.start()
        error = refusal(Server(type="plex", url=f"http://127.0.0.1:{listening.getsockname()[1]}"))
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert str(error).startswith("no connection to plex at http://127.0.0.1:")
    assert connections == 4


def test_a_server_that_does_not_answer_is_given_up(plex: MediaServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pymap.fetch.http._RETRY.total", 0)
    waiting = threading.Event()
    plex.before_page = lambda *_: waiting.wait(5) and None
    error = refusal(plex.server(timeout=0.2))
    waiting.set()
    assert "did not answer /library/sections/1/all within 0.2 s" in str(error)


def test_another_host_never_sees_the_token(plex: MediaServer) -> None:
    with HTTPServer(host="127.0.0.2") as other:
        other.expect_request(re.compile(".*")).respond_with_json({})
        plex.before_page = lambda *_: Response("", 302, headers={"Location": other.url_for("/library")})
        error = refusal(plex.server())
        assert "redirects to http://127.0.0.2, which would see the token" in str(error)
        assert other.log == []


def test_a_redirect_on_the_same_host_is_followed(plex: MediaServer) -> None:
    moved = []

    def move(listing: str, start: int) -> Response | None:
        if moved:
            return None
        moved.append(listing)
        return Response("", 307, headers={"Location": plex.requests[-1].full_path})

    plex.before_page = move
    assert len(list(pymap.fetch.pages(plex.server(libraries=("Movies",))))) == 5


def test_a_circle_of_redirects_ends(plex: MediaServer) -> None:
    plex.before_page = lambda *_: Response("", 307, headers={"Location": plex.requests[-1].full_path})
    assert "in a circle" in str(refusal(plex.server()))


def test_a_certificate_has_to_be_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with HTTPServer(ssl_context=context) as http:
        served = MediaServer("plex", http)
        error = refusal(served.server())
        assert "the certificate of plex at https://localhost" in str(error)
        assert "SSL_CERT_FILE" in str(error.hint)
        assert served.requests == []
        authority.cert_pem.write_to_path(tmp_path / "authority.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        assert list(pymap.fetch.pages(served.server()))


# What is secret


@pytest.mark.parametrize("type_", TYPES)
def test_no_log_shows_what_is_secret(http: HTTPServer, type_: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    served = MediaServer(type_, http)
    server = served.server()
    list(pymap.fetch.pages(server))
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("werkzeug")]
    assert ours
    secrets = {
        TOKEN,
        API_KEY,
        *(request.args[name] for request in served.requests for name in "ts" if name in request.args),
    }
    assert [line for line in ours for secret in secrets if secret in line] == []
    assert TOKEN not in repr(server)
    assert API_KEY not in repr(server)


# What cannot be right


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"type": "netflix"}, "type: 'netflix'"),
        ({"url": "nas:32400"}, "url: 'nas:32400'"),
        ({"url": ""}, "url: ''"),
        ({"url": "ftp://nas"}, "url: 'ftp://nas'"),
        ({"url": f"http://alice:{TOKEN}@nas"}, "url: 'http://nas'"),
        ({"url": f"http://nas/?X-Plex-Token={TOKEN}"}, "url: 'http://nas/'"),
        ({"url": "http://nas:port"}, "url: 'http://nas:port'"),
        ({"timeout": 0}, "timeout: 0"),
        ({"type": "jellyfin"}, "token: None"),
        ({"type": "trakt", "token": "x"}, "api_key: None"),
    ],
)
def test_what_cannot_be_right_is_named(options: dict[str, Any], words: str) -> None:
    with pytest.raises(pymap.InvalidArgument, match="invalid value for") as raised:
        Server(**({"type": "plex", "url": "http://nas"} | options))
    assert words in str(raised.value)
    assert TOKEN not in f"{raised.value} {raised.value.detail} {raised.value.hint}"


def test_a_type_may_be_written_in_any_case() -> None:
    assert str(Server(type="Plex", url="http://nas:32400/")) == "plex at http://nas:32400"
    assert Server(type="Trakt", token="x", api_key="y").url == "https://api.trakt.tv"
