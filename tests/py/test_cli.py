"""The command line, run as its users run it: in a process of its own."""

from __future__ import annotations

import gzip
import json
import os
import pty
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

import pymap
import pymap.migrations
from tests.command_line import (
    CLIENTS,
    LISTINGS,
    PYMAP,
    Run,
    assert_one_line_of_error,
    environment,
    read_to_the_end,
    run_pymap,
)
from tests.conftest import Server

MIGRATIONS = sorted(
    file.stem for file in pymap.migrations.sql_directory().glob("migrations/*.sql") if ".rollback" not in file.name
)


@pytest.fixture
def run(tmp_path: Path, library: dict[str, Any]) -> Run:
    """Run pymap on the database that holds the example listings."""

    def run(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
        return run_pymap(*arguments, home=tmp_path, variables={"PYMAP_DSN": library["dsn"]}, **options)

    return run


@pytest.fixture(scope="module")
def library(server: Server, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A database with the example listings of all servers, and what pymap sync said about each."""
    home = tmp_path_factory.mktemp("home")
    with server.database(template) as dsn:
        said = {}
        for client_type, client_id in CLIENTS.items():
            files = sorted(LISTINGS.glob(f"{client_type}*.json"))
            done = run_pymap(
                "sync", *files, "--client", client_id, "--type", client_type, "--json", "--dsn", dsn, home=home
            )
            assert (done.returncode, done.stderr) == (0, "")
            said[client_type] = json.loads(done.stdout)
        yield {"dsn": dsn, "said": said}


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """A database in which pymap is not installed."""
    with server.database() as dsn:
        yield dsn


@pytest.mark.parametrize(("option", "words"), [("--version", f"pymap {pymap.__version__}\n"), ("--help", "migrate")])
def test_pymap_without_a_command_tells_about_itself(tmp_path: Path, option: str, words: str) -> None:
    done = run_pymap(option, home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert words in done.stdout


# migrate, status, bundle


def test_migrate_says_what_it_applied_and_can_run_again(empty: str, tmp_path: Path) -> None:
    first = run_pymap("migrate", "--dsn", empty, home=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert all(name in first.stdout for name in MIGRATIONS)
    second = run_pymap("migrate", "--dsn", empty, home=tmp_path)
    assert (second.returncode, second.stderr) == (0, "")
    assert "up to date" in second.stdout


def test_migrate_prints_json(empty: str, tmp_path: Path) -> None:
    assert json.loads(run_pymap("migrate", "--json", "--dsn", empty, home=tmp_path).stdout) == {"applied": MIGRATIONS}
    assert json.loads(run_pymap("migrate", "--json", "--dsn", empty, home=tmp_path).stdout) == {"applied": []}


def test_status_ends_with_1_while_migrations_are_pending(empty: str, tmp_path: Path) -> None:
    done = run_pymap("status", "--dsn", empty, home=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert MIGRATIONS[0] in done.stdout
    assert "pymap migrate" in done.stdout


def test_status_prints_pending_migrations_as_json_and_changes_nothing(empty: str, tmp_path: Path) -> None:
    done = run_pymap("status", "--json", "--dsn", empty, home=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["pending"] == MIGRATIONS
    with psycopg.connect(empty) as connection:
        tables = connection.execute("select count(*) from pg_tables where schemaname in ('public', 'pymap')")
        assert tables.fetchone() == (0,)


def test_status_counts_media_items_and_mappings(run: Run, library: dict[str, Any]) -> None:
    done = run("status", "--json")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert report["pymap"] == pymap.__version__
    assert report["database"] == conninfo_to_dict(library["dsn"])["dbname"]
    assert (report["applied"], report["pending"]) == (MIGRATIONS, [])
    assert [client["client_type"] for client in report["clients"]] == list(CLIENTS)
    with psycopg.connect(library["dsn"]) as connection:
        items, mappings = connection.execute(
            "select count(*), sum(jsonb_array_length(sync_clients)) from pymap.media_items where tenant_id = 0"
        ).fetchone()
    assert sum(report["media_items"].values()) == items
    assert sum(client["mappings"] for client in report["clients"]) == mappings


def test_status_shows_a_table_of_clients(run: Run) -> None:
    done = run("status")
    assert done.returncode == 0
    assert all(client_type in done.stdout for client_type in CLIENTS)


def test_bundle_prints_the_whole_schema(run: Run) -> None:
    done = run("bundle")
    assert (done.returncode, done.stdout) == (0, pymap.migrations.bundle())


# sync


@pytest.mark.parametrize(
    ("client_type", "mapped", "unusable"),
    [("plex", 40, 1), ("jellyfin", 39, 1), ("emby", 38, 1), ("kodi", 37, 0), ("subsonic", 8, 0), ("trakt", 6, 0)],
)
def test_sync_maps_every_entry_of_an_example_listing_once(
    library: dict[str, Any], client_type: str, mapped: int, unusable: int
) -> None:
    said = library["said"][client_type]
    assert (said["client_id"], said["client_type"]) == (CLIENTS[client_type], client_type)
    assert len({(item["client_item_id"], item["media_type"]) for item in said["items"]}) == mapped
    assert len(said["unusable"]) == unusable
    with psycopg.connect(library["dsn"]) as connection:
        count = connection.execute(
            "select count(*) from pymap.sync_clients_list(%s)", [CLIENTS[client_type]]
        ).fetchone()
    assert count == (mapped,)


def test_sync_recognises_across_servers_what_is_the_same_and_nothing_else(library: dict[str, Any]) -> None:
    media_items = {
        (client_type, item["client_item_id"], item["media_type"]): item["media_item_id"]
        for client_type, said in library["said"].items()
        for item in said["items"]
    }
    seen: set[int] = set()
    for work in json.loads((LISTINGS / "truth.json").read_bytes()):
        found = {media_items[type_, id_, work["type"]] for type_ in CLIENTS for id_ in work[type_]}
        assert len(found) == 1, work["title"]
        assert not found & seen, work["title"]
        seen |= found


def test_sync_counts_by_media_type_and_reports_what_it_could_not_map(run: Run) -> None:
    done = run("sync", LISTINGS / "plex-movies.json", "--client", 1, "--type", "plex")
    assert (done.returncode, done.stderr) == (0, "")
    assert "movie" in done.stdout
    assert [line for line in done.stdout.splitlines() if line.startswith("not mapped: ")] == [
        'not mapped: The type "clip" has no pymap media type. '
        '{"type": "clip", "title": "The Matrix: Trailer", "ratingKey": "117"}'
    ]


def test_sync_reads_gzipped_files(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "listing.json.gz"
    file.write_bytes(gzip.compress((LISTINGS / "emby.json").read_bytes()))
    done = run("sync", file, "--client", 3, "--type", "emby", "--json")
    assert done.returncode == 0
    assert {item["action"] for item in json.loads(done.stdout)["items"]} == {"kept"}


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
def test_sync_reads_standard_input(run: Run, pack: Callable[[bytes], bytes]) -> None:
    listing = pack((LISTINGS / "subsonic-search3.json").read_bytes())
    done = run("sync", "-", "--client", 5, "--type", "subsonic", "--json", stdin=listing)
    assert done.returncode == 0
    assert len(json.loads(done.stdout)["items"]) == 8


@pytest.mark.parametrize(
    ("before", "between"), [(b"", b"\n"), (b"\xef\xbb\xbf", b"\n\n"), (b"\x1e", b"\n\x1e"), (b"", b"\r\n\xef\xbb\xbf")]
)
def test_sync_reads_several_documents_as_pages(dsn: str, tmp_path: Path, before: bytes, between: bytes) -> None:
    pages = [json.dumps({"MediaContainer": {"Metadata": [
        {"ratingKey": str(number), "type": "movie", "title": f"Film {number}"}
    ]}}).encode() for number in (1, 2)]  # fmt: skip
    done = run_pymap(
        *("sync", "-", "--client", 1, "--type", "plex", "--json", "--dsn", dsn),
        home=tmp_path,
        stdin=before + between.join(pages) + b"\n",
    )
    assert done.returncode == 0
    assert [item["action"] for item in json.loads(done.stdout)["items"]] == ["created", "created"]


def test_sync_shows_its_progress_on_a_terminal(dsn: str, tmp_path: Path) -> None:
    terminal, end_of_process = pty.openpty()
    with subprocess.Popen(
        [PYMAP, "sync", LISTINGS / "emby.json", "--client", "3", "--type", "emby"],
        env=environment(tmp_path, PYMAP_DSN=dsn, TERM="xterm"),
        stdout=subprocess.PIPE,
        stderr=end_of_process,
    ) as process:
        os.close(end_of_process)
        shown = read_to_the_end(terminal)
        stdout, _ = process.communicate()
    os.close(terminal)
    assert process.returncode == 0
    assert "emby 3: " in shown
    assert "/38  0:0" in shown
    assert "emby 3" not in stdout.decode()


def test_sync_takes_items_of_a_client_type_without_a_reader(dsn: str, tmp_path: Path) -> None:
    done = run_pymap(
        *("sync", "-", "--client", 1, "--type", "own", "--json", "--dsn", dsn),
        home=tmp_path,
        stdin=b'[{"itemId": "1", "type": "movie", "title": "Alien"}, {"error": "no ID", "entry": {}}]',
    )
    assert done.returncode == 0
    said = json.loads(done.stdout)
    assert [item["action"] for item in said["items"]] == ["created"]
    assert said["unusable"] == [{"error": "no ID", "entry": {}}]


def test_sync_of_an_invalid_item_names_it_and_writes_nothing(dsn: str, tmp_path: Path) -> None:
    done = run_pymap(
        *("sync", "-", "--client", 1, "--type", "own", "--dsn", dsn),
        home=tmp_path,
        stdin=b'[{"itemId": "1", "type": "movie"}, {"itemId": "2", "type": "hologram"}]',
    )
    assert_one_line_of_error(done, "type of entry 1", "hologram")
    with psycopg.connect(dsn) as connection:
        assert connection.execute("select count(*) from pymap.media_items").fetchone() == (0,)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>Not here</html>", ["not JSON"]),
        (b'\xef\xbb\xbf<?xml version="1.0"?><MediaContainer size="1"/>', ["XML", "application/json"]),
        (b'{"MediaContainer": {"Metadata": []}} {"MediaContainer"', ["not JSON"]),
        (b"", ["not JSON"]),
        ('{"Items": "é"}'.encode("latin-1"), ["not UTF-8"]),
        (b"[" * 100_000, ["listing"]),
        (b"[" + b"9" * 5_000 + b"]", ["listing"]),
        (b"\x1f\x8b and no more", ["listing"]),
        (gzip.compress(b"[]")[:-4], ["listing"]),
        (gzip.compress(b"[1, 2, 3]")[:10] + b"\xff" * 20, ["listing"]),
        (b'{"MediaContainer": "no"}', ["not a listing", "MediaContainer"]),
        (b'{"Items": []}', ["not a listing"]),
        (b"NaN", ["NaN"]),
        (b'{"MediaContainer": {"Metadata": [{"ratingKey": "\\u0000", "type": "movie"}]}}', ["u0000"]),
    ],
    ids=[
        *(
            "not JSON",
            "XML",
            "half a second document",
            "empty",
            "not UTF-8",
            "too deep",
            "too long a number",
            "no gzip",
            "cut gzip",
            "broken gzip",
        ),
        *("wrong shape", "another server's", "NaN", "NUL"),
    ],
)
def test_sync_of_a_file_that_is_no_listing_is_one_line_of_error(
    run: Run, tmp_path: Path, content: bytes, words: list[str]
) -> None:
    file = tmp_path / "listing.json"
    file.write_bytes(content)
    assert_one_line_of_error(run("sync", file, "--client", 1, "--type", "plex"), "listing.json: ", *words)


def test_sync_reads_standard_input_once(run: Run) -> None:
    assert_one_line_of_error(run("sync", "-", "-", "--client", 1, "--type", "plex"), "standard input", "once")


def test_sync_of_a_closed_standard_input_is_one_line_of_error(dsn: str, tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f"exec '{PYMAP}' sync - --client 1 --type plex --dsn \"$DSN\" <&-"],
        env=environment(tmp_path, DSN=dsn),
        capture_output=True,
        text=True,
        check=False,
    )
    assert_one_line_of_error(done, "-: not JSON")


def test_sync_of_a_missing_file_is_one_line_of_error(run: Run, tmp_path: Path) -> None:
    done = run("sync", tmp_path / "missing.json", "--client", 1, "--type", "plex")
    assert_one_line_of_error(done, "missing.json", "No such file")


def test_sync_of_a_directory_is_one_line_of_error(run: Run, tmp_path: Path) -> None:
    assert_one_line_of_error(run("sync", tmp_path, "--client", 1, "--type", "plex"), str(tmp_path), "directory")


@pytest.mark.parametrize(
    ("content", "word"), [(None, "No such file"), (b"[", "not JSON"), (b"{}", "MediaContainer")], ids=str
)
@pytest.mark.parametrize("options", [(), ("--json",), ("--dry-run",)], ids=str)
def test_sync_maps_nothing_when_one_of_several_files_is_bad(
    dsn: str, tmp_path: Path, content: bytes | None, word: str, options: tuple[str, ...]
) -> None:
    bad = tmp_path / "bad.json"
    if content is not None:
        bad.write_bytes(content)
    files = [LISTINGS / "plex-movies.json", bad, LISTINGS / "plex-shows.json"]
    done = run_pymap("sync", *files, "--client", 1, "--type", "plex", "--dsn", dsn, *options, home=tmp_path)
    assert_one_line_of_error(done, "bad.json", word)
    assert client_items(dsn, 1) == set()


def test_sync_misses_a_file_before_it_reads_another(dsn: str, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading), os.fdopen(writing):
        done = subprocess.run(
            [PYMAP, "sync", "-", tmp_path / "missing.json", "--client", "1", "--type", "plex", "--dsn", dsn],
            env=environment(tmp_path),
            stdin=reading,
            capture_output=True,
            timeout=30,
            check=False,
        )
    assert (done.returncode, b"missing.json: No such file" in done.stderr) == (2, True)


def client_items(dsn: str, client: int) -> set[tuple[str, str]]:
    """The item IDs and media types that a client has."""
    with psycopg.connect(dsn) as connection:
        return set(
            connection.execute(
                "select client_item_id, media_type from pymap.sync_clients_list(%s)", [client]
            ).fetchall()
        )


def page(first: int, last: int, media_type: str = "movie") -> bytes:
    """A page of a client type without a reader."""
    return json.dumps(
        [{"itemId": str(id_), "type": media_type, "title": f"Title {id_}"} for id_ in range(first, last + 1)]
    ).encode()


@pytest.fixture
def sync(dsn: str, tmp_path: Path) -> Run:
    """Sync pages, given as bytes, to client 1 of a database of the test's own."""

    def sync(*pages: bytes, options: tuple[object, ...] = ()) -> subprocess.CompletedProcess[str]:
        files = []
        for number, content in enumerate(pages):
            files.append(tmp_path / f"page-{number}.json")
            files[-1].write_bytes(content)
        return run_pymap("sync", *files, "--client", 1, "--type", "own", "--dsn", dsn, *options, home=tmp_path)

    return sync


def test_sync_takes_several_files_as_pages_of_one_listing(sync: Run, dsn: str) -> None:
    pages = page(1, 40), gzip.compress(page(41, 80)), page(1, 5, "series")
    first = json.loads(sync(*pages, options=("--json",)).stdout)
    assert [(item["client_item_id"], item["media_type"]) for item in first["items"]] == [
        *((str(id_), "movie") for id_ in range(1, 81)),
        *((str(id_), "series") for id_ in range(1, 6)),
    ]
    assert first["counts"]["movie"]["created"] == 80
    again = sync(*pages)
    assert (again.returncode, again.stderr) == (0, "")
    assert "kept" in again.stdout
    assert "created" not in again.stdout
    assert "removed" not in again.stdout
    assert len(client_items(dsn, 1)) == 85


def test_sync_removes_what_is_no_longer_listed_and_says_so(sync: Run, dsn: str) -> None:
    sync(page(1, 3))
    done = sync(page(2, 4))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Client 1 (own)" in done.stdout
    assert all(action in done.stdout for action in ("kept", "created", "removed"))
    assert "rekeyed" not in done.stdout
    assert "nothing was written" not in done.stdout
    assert client_items(dsn, 1) == {("2", "movie"), ("3", "movie"), ("4", "movie")}


def test_sync_removes_only_of_the_media_types_that_are_listed_or_named(sync: Run, dsn: str) -> None:
    sync(page(1, 2), page(1, 2, "series"))
    sync(page(1, 1))
    assert client_items(dsn, 1) == {("1", "movie"), ("1", "series"), ("2", "series")}
    sync(page(1, 1), options=("--media-type", "movie", "--media-type", "series"))
    assert client_items(dsn, 1) == {("1", "movie")}
    assert "no entries" in sync(b"[]").stdout
    assert client_items(dsn, 1) == {("1", "movie")}


def test_sync_of_an_unknown_media_type_is_one_line_of_error(sync: Run) -> None:
    assert_one_line_of_error(sync(page(1, 1), options=("--media-type", "hologram")), "hologram", "movie")


def test_a_dry_run_of_sync_shows_what_would_be_done_and_writes_nothing(sync: Run, dsn: str) -> None:
    sync(page(1, 3))
    before = client_items(dsn, 1)
    done = sync(page(2, 4), options=("--dry-run",))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Client 1 (own), dry run: nothing was written" in done.stdout
    assert all(action in done.stdout for action in ("kept", "created", "removed"))
    said = json.loads(sync(page(2, 4), options=("--dry-run", "--json")).stdout)
    assert said["dry_run"] is True
    assert [(item["client_item_id"], item["action"]) for item in said["items"]] == [
        ("2", "kept"),
        ("3", "kept"),
        ("4", "created"),
        ("1", "removed"),
    ]
    assert [item["client_item_id"] for item in said["items"] if item["media_item_id"] is None] == ["4"]
    assert client_items(dsn, 1) == before


def test_sync_prints_everything_as_json(sync: Run) -> None:
    done = sync(
        b'[{"itemId": "1", "type": "movie"}, {"error": "no \\u0022ID\\u0022", "entry": {"\\u00e9": 1}}]',
        options=("--json",),
    )
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert list(said) == ["client_id", "client_type", "dry_run", "counts", "waiting_for_review", "items", "unusable"]
    assert (said["client_id"], said["client_type"], said["dry_run"]) == (1, "own", False)
    assert said["counts"] == {"movie": dict.fromkeys(pymap.models.ACTIONS, 0) | {"created": 1}}
    assert [(item["client_item_id"], item["action"]) for item in said["items"]] == [("1", "created")]
    assert said["unusable"] == [{"error": 'no "ID"', "entry": {"é": 1}}]
    assert "é" in done.stdout
    nothing = json.loads(sync(b"[]", options=("--json",)).stdout)
    assert (nothing["counts"], nothing["items"], nothing["unusable"]) == ({}, [], [])


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--json",), ("--max-removed", "0.5")], ids=str)
def test_sync_that_would_remove_too_much_is_one_line_of_error_that_says_how_to_go_on(
    sync: Run, dsn: str, options: tuple[str, ...]
) -> None:
    sync(page(1, 100))
    done = sync(page(1, 40), options=options)
    assert_one_line_of_error(done, "60 of 100", "--allow-removals")
    assert "p_" not in done.stderr
    assert len(client_items(dsn, 1)) == 100


@pytest.mark.parametrize("options", [("--allow-removals",), ("--max-removed", "0.6")], ids=str)
def test_sync_removes_as_much_as_it_may(sync: Run, dsn: str, options: tuple[str, ...]) -> None:
    sync(page(1, 100))
    assert sync(page(1, 40), options=options).returncode == 0
    assert len(client_items(dsn, 1)) == 40


@pytest.mark.parametrize("fraction", ["2", "-0.1", "nan", "many"])
def test_sync_with_a_fraction_that_is_none_is_one_line_of_error(sync: Run, fraction: str) -> None:
    assert_one_line_of_error(sync(page(1, 1), options=("--max-removed", fraction)), "max", "removed")


@pytest.fixture
def waiting(dsn: str, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A sync that has sent its first page and waits for the second one, on standard input."""
    file = tmp_path / "page.json"
    file.write_bytes(page(1, 5_000))
    process = subprocess.Popen(
        [PYMAP, "sync", file, "-", "--client", "1", "--type", "own", "--dsn", dsn, "--json"],
        env=environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A test run in the background of a shell script passes SIGINT on as ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with process, psycopg.connect(dsn, autocommit=True) as connection:
        for _ in range(300):
            copied = connection.execute(
                "select from pg_stat_activity"
                " where datname = current_database() and state = 'idle in transaction' and query ilike 'copy %'"
            ).fetchone()
            if process.poll() is not None or copied is not None:
                break
            time.sleep(0.1)
        else:
            process.kill()
            pytest.fail("nothing of the first page was sent before the second one was there")
        yield process
        process.kill()


def test_sync_sends_a_page_before_it_reads_the_next(waiting: subprocess.Popen[bytes], dsn: str) -> None:
    said, error = waiting.communicate(page(5_001, 5_002))
    assert (waiting.returncode, error) == (0, b"")
    assert json.loads(said)["counts"]["movie"]["created"] == 5_002
    assert len(client_items(dsn, 1)) == 5_002


def test_an_interrupted_sync_says_that_nothing_was_written(waiting: subprocess.Popen[bytes], dsn: str) -> None:
    waiting.send_signal(signal.SIGINT)
    said, error = waiting.communicate()
    assert (waiting.returncode, said, error) == (130, b"", b"pymap: interrupted, nothing was written\n")
    assert client_items(dsn, 1) == set()


@pytest.mark.parametrize(
    ("client", "type_", "words"),
    [
        (1, "emby", ["client 1 is of type plex, not emby", "pymap remove-client"]),
        (0, "emby", ["'0'", "from 1 up"]),
        (10**20, "emby", ["client"]),
        (3, "No Type", ["--type: 'no type'", "lower-case word"]),
    ],
    ids=["another type's client", "client 0", "client beyond bigint", "no client type"],
)
def test_sync_of_a_wrong_client_is_one_line_of_error(run: Run, client: int, type_: str, words: list[str]) -> None:
    done = run("sync", LISTINGS / "emby.json", "--client", client, "--type", type_)
    assert_one_line_of_error(done, *words)
    assert "pymap migrate" not in done.stderr


def test_sync_refuses_client_0_also_where_there_is_nothing_to_map(run: Run) -> None:
    listing = b'{"MediaContainer": {"size": 0, "Metadata": []}}'
    assert_one_line_of_error(run("sync", "-", "--client", 0, "--type", "plex", stdin=listing), "'0'")


# lookup, translate


def test_lookup_shows_the_media_item_of_every_id(run: Run) -> None:
    done = run("lookup", "101", "102", "--client", 1)
    assert (done.returncode, done.stderr) == (0, "")
    assert "The Matrix" in done.stdout
    assert "Amélie" in done.stdout


def test_lookup_prints_json_in_the_order_asked_for(run: Run, library: dict[str, Any]) -> None:
    done = run("lookup", "102", "101", "--client", 1, "--json")
    assert done.returncode == 0
    rows = json.loads(done.stdout)
    assert [(row["client_item_id"], row["title"], row["release_year"]) for row in rows] == [
        ("102", "Amélie", 2001),
        ("101", "The Matrix", 1999),
    ]
    said = {item["client_item_id"]: item["media_item_id"] for item in library["said"]["plex"]["items"]}
    assert [row["media_item_id"] for row in rows] == [said["102"], said["101"]]


def test_lookup_ends_with_1_if_one_id_is_not_mapped(run: Run) -> None:
    done = run("lookup", "101", "[bold]nowhere", "--client", 1, "--json")
    assert (done.returncode, done.stderr) == (1, "")
    found, missing = json.loads(done.stdout)
    assert found["media_type"] == "movie"
    assert missing == {
        "client_item_id": "[bold]nowhere",
        "media_type": None,
        "media_item_id": None,
        "title": None,
        "release_year": None,
    }
    table = run("lookup", "[bold]nowhere", "--client", 1)
    assert table.returncode == 1
    assert "[bold]nowhere" in table.stdout


def test_lookup_shows_all_media_types_of_an_id_or_the_one_asked_for(run: Run) -> None:
    rows = json.loads(run("lookup", "1", "--client", 4, "--json").stdout)
    assert [row["media_type"] for row in rows] == ["album", "artist", "episode", "movie", "season", "series", "track"]
    rows = json.loads(run("lookup", "1", "--client", 4, "--media-type", "series", "--json").stdout)
    assert [row["title"] for row in rows] == ["Breaking Bad"]


def test_lookup_finds_a_jellyfin_id_in_any_spelling(run: Run) -> None:
    done = run("lookup", "008CD489-05DA-A765-5315-FE380D46A313", "--client", 2, "--json")
    assert [row["title"] for row in json.loads(done.stdout)] == ["The Matrix"]


def test_translate_shows_what_another_client_calls_an_item(run: Run) -> None:
    done = run("translate", "101", "--from", 1, "--to", 3)
    assert (done.returncode, done.stderr) == (0, "")
    assert "4102" in done.stdout


def test_translate_prints_json_with_every_edition(run: Run) -> None:
    done = run("translate", "4109", "4102", "--from", 3, "--to", 1, "--json")
    assert done.returncode == 0
    rows = json.loads(done.stdout)
    assert [(row["from_item_id"], row["to_item_id"]) for row in rows] == [
        ("4109", "108"),
        ("4109", "109"),
        ("4102", "101"),
    ]


@pytest.mark.parametrize("id_", ["4115", "nowhere"], ids=["mapped on one client only", "not mapped"])
def test_translate_ends_with_1_if_an_id_has_no_counterpart(run: Run, id_: str) -> None:
    done = run("translate", id_, "--from", 3, "--to", 1, "--json")
    assert (done.returncode, done.stderr) == (1, "")
    assert [(row["from_item_id"], row["to_item_id"]) for row in json.loads(done.stdout)] == [(id_, None)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lookup", "1", "--client", 0], ["--client: '0'"]),
        (["lookup", "", "--client", 1], ["ID[1]: ''"]),
        (["lookup", "1", "--client", 1, "--media-type", "hologram"], ["hologram", "movie"]),
        (["lookup", "1", "--client", 10**20], ["client"]),
        (["translate", "1", "--from", 1, "--to", 0], ["--to: '0'"]),
        (["translate", "1", "--from", 1, "--to", 2, "--tenant", 10**20], ["tenant"]),
    ],
    ids=["client 0", "empty ID", "unknown media type", "client beyond bigint", "to client 0", "tenant beyond bigint"],
)
def test_a_bad_argument_is_one_line_of_error(run: Run, arguments: list[object], words: list[str]) -> None:
    done = run(*arguments)
    assert_one_line_of_error(done, *words)
    assert "pymap migrate" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["lookup", "1", "--client", "one"], "--client"),
        (["lookup", "1"], "--client"),
        (["lookup", "--client", 1], "ID"),
        (["hologram"], "hologram"),
    ],
    ids=["no number", "missing option", "missing argument", "no such command"],
)
def test_a_command_line_that_is_not_understood_is_one_line_of_error(
    run: Run, arguments: list[object], word: str
) -> None:
    assert_one_line_of_error(run(*arguments), word)


# tenants


def test_a_tenant_has_clients_of_its_own(dsn: str, tmp_path: Path) -> None:
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return run_pymap(*arguments, home=tmp_path, variables={"PYMAP_DSN": dsn})

    assert run("sync", LISTINGS / "emby.json", "--client", 1, "--type", "emby", "--tenant", 7).returncode == 0
    assert_one_line_of_error(run("lookup", "4102", "--client", 1), "there is no client 1", "There is none yet")
    assert run("lookup", "4102", "--client", 1, "--tenant", 7).returncode == 0
    assert run("translate", "4102", "--from", 1, "--to", 1, "--tenant", 7).returncode == 0
    assert json.loads(run("status", "--json").stdout)["clients"] == []
    assert json.loads(run("status", "--json", "--tenant", 7).stdout)["clients"] == [
        {"client_id": 1, "client_type": "emby", "mappings": 38}
    ]


# Which database


def test_libpqs_variables_name_the_database(empty: str, tmp_path: Path) -> None:
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    variables = {names[key]: str(value) for key, value in conninfo_to_dict(empty).items() if key in names}
    assert run_pymap("migrate", home=tmp_path, variables=variables).returncode == 0
    done = run_pymap("status", "--json", home=tmp_path, variables=variables)
    assert json.loads(done.stdout)["database"] == variables["PGDATABASE"]


def test_the_option_dsn_wins_over_every_variable(library: dict[str, Any], tmp_path: Path) -> None:
    variables = {"PYMAP_DSN": "host=/nowhere", "PGHOST": "/nowhere", "PGDATABASE": "nothing"}
    dsn = library["dsn"]
    done = run_pymap("status", "--json", "--dsn", dsn, home=tmp_path, variables=variables)
    assert json.loads(done.stdout)["database"] == conninfo_to_dict(dsn)["dbname"]


@pytest.mark.parametrize(
    ("command", "dsn"),
    [
        (["status", "--json"], "host=/nowhere dbname=x"),
        (["migrate"], "postgresql://127.0.0.1:1/x"),
        (["lookup", "1", "--client", "1"], "no DSN at all"),
    ],
    ids=["no socket", "no port", "no DSN"],
)
def test_an_unreachable_server_is_one_line_of_error(tmp_path: Path, command: list[str], dsn: str) -> None:
    assert_one_line_of_error(run_pymap(*command, "--dsn", dsn, home=tmp_path), "connection")


@pytest.mark.parametrize(
    "command",
    [
        ["lookup", "1", "--client", 1],
        ["translate", "1", "--from", 1, "--to", 2, "--json"],
        ["sync", LISTINGS / "emby.json", "--client", 1, "--type", "emby"],
    ],
    ids=lambda command: command[0],
)
def test_a_database_without_pymap_is_one_line_of_error_that_says_what_to_do(
    empty: str, tmp_path: Path, command: list[object]
) -> None:
    assert_one_line_of_error(run_pymap(*command, "--dsn", empty, home=tmp_path), "pymap migrate")


@pytest.mark.parametrize("version", ["9.6", "16", "18"])
def test_an_embedded_server_that_does_not_start_is_one_line_of_error(tmp_path: Path, version: str) -> None:
    data = tmp_path / "data" / "pymap" / "postgresql-18"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text(f"{version}\n")
    assert_one_line_of_error(run_pymap("status", home=tmp_path), f"the embedded server in {data} does not start")


def test_the_demo_needs_nothing_but_a_home_and_can_run_again(tmp_path: Path) -> None:
    for _ in range(2):
        done = run_pymap("demo", home=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert "The Matrix (1999)" in done.stdout
        assert "168 entries of 6 servers are 42 media items." in done.stdout
        assert 'not mapped: The type "clip" has no pymap media type.' in done.stdout
    assert (tmp_path / "data").is_dir()
    status = run_pymap("status", home=tmp_path)
    assert (status.returncode, status.stderr) == (1, "")


def test_sync_warns_of_keys_that_nobody_knows(empty: str, tmp_path: Path) -> None:
    pymap.migrate(empty)
    listing = tmp_path / "items.json"
    listing.write_text(json.dumps([{"itemId": 1, "type": "movie", "title": "Heat", "external_ids": {}}]))
    done = run_pymap("sync", listing, "--client", 1, "--type", "stash", "--json", "--dsn", empty, home=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["counts"]["movie"]["created"]) == (0, 1)
    assert done.stderr == (
        'Warning: unknown key external_ids was ignored, in 1 item. The first item that has it: itemId "1".\n'
    )
