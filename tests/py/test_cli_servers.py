"""The command line's media servers: their names, their tokens, what is fetched from them."""

from __future__ import annotations

import json
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from tests.command_line import Terminal, assert_one_line_of_error, run_pymap
from tests.media_servers import API_KEY, TOKEN, USER, MediaServer

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return lambda *arguments, **options: run_pymap(*arguments, home=tmp_path, **options)


@pytest.fixture
def plex(httpserver: HTTPServer) -> MediaServer:
    return MediaServer("plex", httpserver)


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    return tmp_path / "token"


@pytest.fixture
def servers_file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "pymap" / "servers.toml"


def address(server: MediaServer) -> str:
    return server.http.url_for("").rstrip("/")


def add(run: Run, server: MediaServer, name: str, *options: object, **how: Any) -> subprocess.CompletedProcess[str]:
    return run("servers", "add", name, "--type", server.type, "--url", address(server), *options, **how)


# pymap servers


def test_a_server_is_added_listed_and_removed(
    run: Run, plex: MediaServer, token_file: Path, servers_file: Path
) -> None:
    added = add(run, plex, "home", "--token-file", token_file, "--library", "Movies")
    assert (added.returncode, added.stderr) == (0, "")
    assert "movies of section 1" in added.stdout
    assert "17" in added.stdout
    assert "home is client 1. Sync it with: pymap sync home" in added.stdout
    listed = json.loads(run("servers", "--json").stdout)
    assert listed == [
        {
            "name": "home",
            "client": 1,
            "type": "plex",
            "url": address(plex),
            "user": None,
            "libraries": "Movies",
            "token": f"in {token_file}",
        }
    ]
    assert "home" in run("servers").stdout
    assert TOKEN not in servers_file.read_text()
    assert run("servers", "remove", "home").returncode == 0
    assert json.loads(run("servers", "--json").stdout) == []


def test_no_servers_is_told_with_what_to_do(run: Run) -> None:
    done = run("servers")
    assert (done.returncode, done.stderr) == (0, "")
    assert "pymap servers add NAME" in done.stdout


def test_a_token_from_standard_input_stands_in_a_file_for_its_owner_only(
    run: Run, plex: MediaServer, servers_file: Path
) -> None:
    done = add(run, plex, "home", "--token-file", "-", stdin=TOKEN.encode())
    assert (done.returncode, done.stderr) == (0, "")
    assert TOKEN in servers_file.read_text()
    assert stat.S_IMODE(servers_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(servers_file.parent.stat().st_mode) == 0o700
    assert TOKEN not in run("servers").stdout + run("servers", "--json").stdout


def test_a_token_is_asked_for_on_a_terminal_and_not_shown(
    tmp_path: Path, plex: MediaServer, servers_file: Path
) -> None:
    options = ("servers", "add", "home", "--type", "PLEX", "--url", address(plex), "--client", 7)
    with Terminal(*options, home=tmp_path, variables={}) as terminal:
        terminal.read_to("Token, API key or password (nothing if the server wants none): ")
        terminal.type(f"{TOKEN}\n")
        assert TOKEN not in terminal.read_rest()
        assert terminal.process.exitcode == 0
    assert TOKEN in servers_file.read_text()
    assert "client = 7" in servers_file.read_text()


def test_the_next_server_is_the_next_client(run: Run, plex: MediaServer, token_file: Path) -> None:
    for name, options in (("a", ("--client", 4)), ("b", ())):
        assert add(run, plex, name, "--token-file", token_file, *options).returncode == 0
    assert [server["client"] for server in json.loads(run("servers", "--json").stdout)] == [4, 5]


def test_a_server_that_refuses_the_token_is_not_added(run: Run, plex: MediaServer, servers_file: Path) -> None:
    done = add(run, plex, "home", "--token-file", "-", stdin=b"wrong")
    assert_one_line_of_error(done, address(plex), "HTTP status 401")
    assert "wrong" not in done.stderr
    assert not servers_file.exists()
    unchecked = add(run, plex, "home", "--token-file", "-", "--no-check", stdin=b"wrong")
    assert (unchecked.returncode, unchecked.stderr) == (0, "")


def test_what_others_wrote_into_the_file_stays(
    run: Run, plex: MediaServer, token_file: Path, servers_file: Path
) -> None:
    add(run, plex, "home", "--token-file", token_file)
    servers_file.write_text("# my servers\n" + servers_file.read_text())
    add(run, plex, "attic", "--token-file", token_file)
    run("servers", "remove", "home")
    assert servers_file.read_text().startswith("# my servers\n[attic]")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("add", "no good", "--type", "plex", "--url", "http://nas"), ("'no good'", "letters, digits")),
        (("add", "-", "--type", "plex", "--url", "http://nas"), ("'-'",)),
        (("add", "home", "--type", "netflix", "--url", "http://nas"), ("type", "'netflix'", "plex, jellyfin")),
        (("add", "home", "--type", "plex"), ("url", "''")),
        (("add", "home", "--type", "plex", "--url", "http://nas", "--token-file", "/nowhere"), ("/nowhere",)),
        (("add", "home", "--type", "plex", "--url", "http://nas", "--token-env", "NOT_SET"), ("NOT_SET",)),
        (("add", "home", "--type", "jellyfin", "--url", "http://nas"), ("token", "jellyfin")),
        (("add", "home", "--type", "plex", "--url", "http://nas", "--client", "0"), ("client", "0")),
        (
            ("add", "home", "--type", "plex", "--url", "http://nas", "--token-env", "A", "--token-file", "B"),
            ("--token-file", "--token-env"),
        ),
        (("remove", "home"), ("'home'", "pymap servers add")),
    ],
)
def test_what_cannot_be_added_or_removed_is_one_line(
    run: Run, servers_file: Path, options: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert_one_line_of_error(run("servers", *options), *words)
    assert not servers_file.exists()


def test_a_name_is_given_once(run: Run, plex: MediaServer, token_file: Path) -> None:
    add(run, plex, "home", "--token-file", token_file)
    assert_one_line_of_error(
        add(run, plex, "home", "--token-file", token_file), "'home' already", "pymap servers remove home"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[home\n", ("is not TOML",)),
        ("home = 1\n", ("home is no server",)),
        ("[home]\nclient = 1\n", ("[home] has no type",)),
        ('[home]\ntype = "plex"\n', ("[home] has no client",)),
        ('[home]\nclient = "1"\ntype = "plex"\n', ("client of [home] is '1'",)),
        ('[home]\nclient = true\ntype = "plex"\n', ("client of [home] is True",)),
        ('[home]\nclient = 1\ntype = "plex"\nlibraries = [1]\n', ("libraries of [home] is [1]",)),
        ('[home]\nclient = 1\ntype = "plex"\nport = 1\n', ("unknown key port", "token_env")),
    ],
)
def test_a_file_that_is_wrong_is_one_line(run: Run, servers_file: Path, text: str, words: tuple[str, ...]) -> None:
    servers_file.parent.mkdir(parents=True)
    servers_file.write_text(text)
    servers_file.chmod(0o600)
    assert_one_line_of_error(run("servers"), str(servers_file), *words)


def test_a_file_that_others_may_read_is_refused(
    run: Run, plex: MediaServer, token_file: Path, servers_file: Path
) -> None:
    add(run, plex, "home", "--token-file", token_file)
    servers_file.chmod(0o640)
    assert_one_line_of_error(run("servers"), f"chmod 600 {servers_file}")


# pymap fetch


def test_fetch_saves_the_answers_of_a_named_server(
    run: Run, plex: MediaServer, token_file: Path, tmp_path: Path
) -> None:
    add(run, plex, "home", "--token-env", "PLEX_TOKEN", variables={"PLEX_TOKEN": TOKEN})
    done = run("fetch", "home", "--save", tmp_path / "saved", "--json", variables={"PLEX_TOKEN": TOKEN})
    assert (done.returncode, done.stderr) == (0, "")
    files = json.loads(done.stdout)["files"]
    assert files == [str(file) for file in sorted((tmp_path / "saved").iterdir())]
    assert len(json.loads(Path(files[0]).read_text())["MediaContainer"]["Metadata"]) == 4
    assert_one_line_of_error(run("fetch", "home", "--save", tmp_path / "other"), "PLEX_TOKEN", "not set")
    assert not (tmp_path / "other").exists()


def test_fetch_takes_a_server_without_a_name(run: Run, plex: MediaServer, token_file: Path, tmp_path: Path) -> None:
    options = ("--type", "Plex", "--url", address(plex), "--token-file", token_file, "--library", "movies")
    done = run("fetch", *options, "--save", tmp_path / "saved")
    assert (done.returncode, done.stderr) == (0, "")
    assert "5 answers of plex" in done.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), ("name a server",)),
        (("--url", "http://nas"), ("--type",)),
        (("home",), ("'home'",)),
        (("--type", "plex", "--url", "http://127.0.0.1:1"), ("no connection to plex at http://127.0.0.1:1",)),
    ],
)
def test_what_cannot_be_fetched_is_one_line(
    run: Run, tmp_path: Path, options: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert_one_line_of_error(run("fetch", *options, "--save", tmp_path / "saved"), *words)
    assert not (tmp_path / "saved").exists()


def test_a_named_server_has_settings_of_its_own(run: Run, plex: MediaServer, token_file: Path, tmp_path: Path) -> None:
    add(run, plex, "home", "--token-file", token_file)
    done = run("fetch", "home", "--library", "Movies", "--save", tmp_path / "saved")
    assert_one_line_of_error(done, "home", "leave out --library")


def test_trakt_and_kodi_have_what_they_need(run: Run, httpserver: HTTPServer, token_file: Path) -> None:
    trakt = MediaServer("trakt", httpserver)
    assert add(run, trakt, "trakt", "--token-file", token_file, "--api-key", API_KEY).returncode == 0
    kodi = MediaServer("kodi", httpserver)
    assert add(run, kodi, "kodi", "--token-file", token_file, "--user", USER).returncode == 0


# pymap sync


@pytest.fixture
def database(run: Run, dsn: str) -> Run:
    """Run pymap on a database of the test's own."""
    return lambda *arguments, **options: run(
        *arguments, **options | {"variables": {"PYMAP_DSN": dsn} | options.get("variables", {})}
    )


def counts(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """How many entries of all types became what."""
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, int] = {}
    for actions in json.loads(done.stdout)["counts"].values():
        for action, count in actions.items():
            found[action] = found.get(action, 0) + count
    return {action: count for action, count in found.items() if count}


def test_sync_asks_a_named_server(database: Run, plex: MediaServer, token_file: Path) -> None:
    add(database, plex, "home", "--token-file", token_file, "--client", 8)
    first = database("sync", "home", "--json")
    assert counts(first) == {"created": 40}
    assert json.loads(first.stdout)["client_id"] == 8
    assert len(json.loads(first.stdout)["unusable"]) == 1
    again = database("sync", "home")
    assert (again.returncode, again.stderr) == (0, "")
    assert "Client 8 (plex)" in again.stdout
    assert "kept" in again.stdout
    assert "created" not in again.stdout


def test_sync_takes_a_server_without_a_name_and_keeps_its_answers(
    database: Run, plex: MediaServer, token_file: Path, tmp_path: Path
) -> None:
    options = ("--type", "PLEX", "--url", address(plex), "--token-file", token_file, "--client", 2)
    assert counts(database("sync", *options, "--save", tmp_path / "saved", "--json")) == {"created": 40}
    files = sorted((tmp_path / "saved").iterdir())
    assert counts(database("sync", *files, "--type", "plex", "--client", 2, "--json")) == {"kept": 40}


def test_sync_all_goes_on_if_one_server_fails(database: Run, httpserver: HTTPServer, token_file: Path) -> None:
    plex = MediaServer("plex", httpserver)
    add(database, plex, "away", "--token-file", token_file)
    add(database, plex, "home", "--token-file", token_file)
    away = database("servers", "remove", "away")
    assert away.returncode == 0
    gone = ("--type", "plex", "--url", "http://127.0.0.1:1", "--no-check", "--token-file", token_file, "--client", 3)
    database("servers", "add", "gone", *gone)
    add(database, plex, "other", "--token-file", token_file, "--client", 4)
    done = database("sync", "--all")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("pymap: error: gone: no connection to plex at http://127.0.0.1:1")
    assert "Client 2 (plex)" in done.stdout
    assert "Client 4 (plex)" in done.stdout


def test_a_listing_that_cannot_be_had_whole_removes_nothing(database: Run, plex: MediaServer, token_file: Path) -> None:
    add(database, plex, "home", "--token-file", token_file)
    database("sync", "home")
    plex.before_page = lambda listing, start: plex.library[listing].append({"ratingKey": f"x{len(plex.requests)}"})
    assert_one_line_of_error(database("sync", "home"), "changed each of the 3 times", "Nothing was written")
    plex.before_page = lambda listing, start: None
    plex.library |= {listing: [] for listing in plex.library}
    emptied = database("sync", "home", "--json")
    assert counts(emptied) == {}


def test_a_library_that_lost_most_of_its_films_is_refused(database: Run, plex: MediaServer, token_file: Path) -> None:
    add(database, plex, "home", "--token-file", token_file)
    database("sync", "home")
    del plex.library["movies"][5:]
    assert_one_line_of_error(database("sync", "home"), "movie", "--allow-removals")
    assert counts(database("sync", "home", "--allow-removals", "--json"))["removed"] == 11


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), ("name a server", "--url")),
        (("nothing.json",), ("'nothing.json' is neither a server nor a file",)),
        (("a.json", "b.json"), ("files need --client and --type",)),
        (("home", "--client", "1"), ("home", "leave out --client")),
        (("home", "--library", "Movies"), ("home", "leave out --library")),
        (("--all", "home"), ("--all stands alone",)),
        (("--all", "--type", "plex"), ("--all stands alone",)),
        (("--url", "http://nas", "--type", "plex"), ("--client",)),
        (("a.json", "--url", "http://nas", "--type", "plex", "--client", "1"), ("either files or --url",)),
        (("a.json", "--type", "plex", "--client", "1", "--library", "x"), ("--library is for a server",)),
        (("a.json", "--type", "plex", "--client", "1", "--save", "x"), ("--save is for a server",)),
    ],
)
def test_what_cannot_be_synced_is_one_line(
    database: Run, plex: MediaServer, token_file: Path, options: tuple[str, ...], words: tuple[str, ...]
) -> None:
    add(database, plex, "home", "--token-file", token_file)
    assert_one_line_of_error(database("sync", *options), *words)


def test_sync_all_without_any_server_is_one_line(database: Run) -> None:
    assert_one_line_of_error(database("sync", "--all"), "pymap servers add NAME")
