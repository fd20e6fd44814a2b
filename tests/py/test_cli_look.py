"""The commands that show what there is, and the one that removes a client, run as their users run them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest

import pymap
from tests.command_line import LISTINGS, Run, Terminal, assert_one_line_of_error, run_pymap

GUID = "008cd48905daa7655315fe380d46a313"
FILMS = [
    {"itemId": "1", "type": "movie", "title": "The Godfather", "year": 1972, "externalIds": {"imdb": "tt0068646"}},
    {"itemId": "2", "type": "movie", "title": "Heat", "year": 1995, "path": "/films/Heat (1995)/Heat.mkv"},
    {"itemId": "3", "type": "series", "title": "Lost", "year": 2004},
    {"itemId": "4", "type": "episode", "title": "Pilot", "parentItemId": "3", "seasonNumber": 1, "episodeNumber": 2},
]
SAME_FILM = [{"itemId": GUID, "type": "movie", "title": "Der Pate", "year": 1972, "externalIds": {"imdb": "tt0068646"}}]


@pytest.fixture
def run(tmp_path: Path, dsn: str) -> Run:
    """Run pymap on a database of the test's own."""

    def run(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
        return run_pymap(*arguments, home=tmp_path, variables={"PYMAP_DSN": dsn, **variables})

    return run


@pytest.fixture
def terminal(tmp_path: Path, dsn: str) -> Any:
    """Run pymap on that database and on a terminal."""

    def terminal(*arguments: object, **variables: str) -> Terminal:
        return Terminal(*arguments, home=tmp_path, variables={"PYMAP_DSN": dsn, **variables})

    return terminal


@pytest.fixture
def helper(dsn: str) -> Any:
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield pymap.ClientMediaItemHelper(connection)


@pytest.fixture
def library(helper: pymap.ClientMediaItemHelper) -> dict[str, int]:
    """Two clients, one film of which both have; the media items by their IDs on the first."""
    helper.sync(1, "plex", FILMS)
    helper.sync(2, "jellyfin", SAME_FILM)
    return helper.sync_clients_list(1)


# show


def test_show_tells_what_is_known_and_what_each_client_told(run: Run, library: dict[str, int]) -> None:
    done = run("show", library["1"])
    assert (done.returncode, done.stderr) == (0, "")
    known, plex, jellyfin = done.stdout.split("\n\n")
    assert known.split()[:8] == ["movie", str(library["1"]), "The", "Godfather", "year", "1972", "imdb", "tt0068646"]
    assert plex.split() == ["plex", "1", "ID", "1", "title", "The", "Godfather", "year", "1972", "imdb", "tt0068646"]
    assert GUID in jellyfin
    assert "Der Pate" in jellyfin
    assert "external_ids, weight 12: imdb +12, year +3, title -3" in jellyfin


def test_show_tells_of_what_and_where_a_part_is(run: Run, library: dict[str, int]) -> None:
    shown = run("show", library["4"]).stdout
    assert f"Lost ({library['3']})" in shown
    assert "season 1, number 2" in shown
    assert "1x2" in shown
    assert [line.split() for line in run("show", library["3"]).stdout.splitlines() if "parts" in line] == [
        ["parts", "1"]
    ]


def test_show_tells_the_file_the_right_way_round(run: Run, library: dict[str, int]) -> None:
    assert "…/heat (1995)/heat" in run("show", library["2"]).stdout


def test_show_of_a_mapping_that_no_sync_made_says_so(
    run: Run, library: dict[str, int], helper: pymap.ClientMediaItemHelper
) -> None:
    helper.link_client_item(library["2"], 3, "kodi", "[bold]7")
    shown = run("show", library["2"]).stdout
    assert "[bold]7" in shown
    assert "nothing yet" in shown


def test_show_of_what_was_merged_shows_into_what(
    run: Run, library: dict[str, int], helper: pymap.ClientMediaItemHelper
) -> None:
    helper.merge_media_items(library["1"], library["2"])
    shown = run("show", library["2"]).stdout
    assert shown.startswith(f"Media item {library['2']} was merged into media item {library['1']}.\n\nmovie ")
    said = json.loads(run("show", library["2"], "--json").stdout)
    assert (said["asked_for"], said["media_item_id"], said["merged_into"]) == (library["2"], library["1"], None)


def test_show_prints_json(run: Run, library: dict[str, int]) -> None:
    said = json.loads(run("show", library["1"], "--json").stdout)
    assert (said["title"], said["children"]) == ("The Godfather", 0)
    assert [(told["client_id"], told["title"], told["weight"]) for told in said["client_items"]] == [
        (1, "The Godfather", None),
        (2, "Der Pate", 12),
    ]


def test_show_of_what_is_not_there_is_one_line_of_error(run: Run, library: dict[str, int]) -> None:
    assert_one_line_of_error(run("show", 999999), "media item 999999 does not exist", "pymap search")
    assert_one_line_of_error(run("show", library["1"], "--tenant", 3), "does not exist", "--tenant is 3")


# search


def test_search_finds_a_title_in_any_spelling(run: Run, library: dict[str, int]) -> None:
    done = run("search", "the", "GODFATHER!")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split() for line in done.stdout.splitlines()[2:]] == [
        [str(library["1"]), "movie", "The", "Godfather", "1972", "-"]
    ]


def test_search_finds_what_a_client_calls_it_and_says_so(run: Run, library: dict[str, int]) -> None:
    assert "The Godfather (as Der Pate)" in run("search", "der pate").stdout


def test_search_shows_of_what_a_part_is(run: Run, library: dict[str, int]) -> None:
    assert "Lost" in run("search", "pilot").stdout


def test_search_shows_no_more_than_asked_for_and_says_so(run: Run, library: dict[str, int]) -> None:
    done = run("search", "t", "--limit", 1)
    assert len(done.stdout.splitlines()) == 4
    assert "--limit shows more" in done.stdout
    (found,) = json.loads(run("search", "o", "--media-type", "series", "--json").stdout)
    assert (found["title"], found["agreement"]) == ("Lost", "contains")


def test_search_without_a_result_ends_with_1(run: Run, library: dict[str, int]) -> None:
    done = run("search", "[bold]no", "such")
    assert (done.returncode, done.stderr) == (1, "")
    assert "[bold]no such" in done.stdout
    assert run("search", "nothing", "--json").stdout == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["search", ""], ["TITLE: ''", "a part of one"]),
        (["search", "x", "--media-type", "film"], ["--media-type: 'film'", "movie"]),
        (["search", "x", "--limit", 0], ["--limit"]),
        (["search"], ["TITLE"]),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) else None,
)
def test_a_search_that_is_none_is_one_line_of_error(run: Run, arguments: list[object], words: list[str]) -> None:
    assert_one_line_of_error(run(*arguments), *words)


# clients, remove-client


def test_clients_shows_each_with_its_mappings(run: Run, library: dict[str, int]) -> None:
    done = run("clients")
    assert (done.returncode, done.stderr) == (0, "")
    plex, jellyfin = (line.split("  ") for line in done.stdout.splitlines()[2:])
    assert [cell.strip() for cell in plex if cell.strip()][:4] == ["1", "plex", "4", "2 movie, 1 episode, 1 series"]
    assert "2" in jellyfin[0] or "2" in jellyfin[2]


def test_clients_prints_json(run: Run, library: dict[str, int]) -> None:
    first, second = json.loads(run("clients", "--json").stdout)
    assert (first["client_id"], first["client_type"]) == (1, "plex")
    assert first["mappings"] == {"movie": 2, "series": 1, "episode": 1}
    assert first["changed_at"] < second["changed_at"]


def test_clients_of_nothing_ends_with_1_and_says_how_to_go_on(run: Run) -> None:
    done = run("clients")
    assert (done.returncode, done.stderr) == (1, "")
    assert "pymap sync" in done.stdout


def test_remove_client_asks_on_a_terminal(library: dict[str, int], terminal: Any, helper: Any) -> None:
    with terminal("remove-client", 1) as dialogue:
        shown = dialogue.read_to("[y/N] ")
        assert "Client 1 (plex) has 2 movie, 1 episode, 1 series." in shown
        dialogue.type("n\n")
        assert "Nothing was removed." in dialogue.read_rest()
    assert len(helper.sync_clients_list(1)) == 4
    with terminal("remove-client", 1) as dialogue:
        dialogue.read_to("[y/N] ")
        dialogue.type("y\n")
        assert "Client 1 was removed with 4 mappings." in dialogue.read_rest()
        assert dialogue.process.exitcode == 0
    assert [client.client_id for client in helper.get_clients()] == [2]


def test_remove_client_asks_a_program_for_yes(run: Run, library: dict[str, int], helper: Any) -> None:
    assert_one_line_of_error(run("remove-client", 1), "client 1", "--yes")
    assert len(helper.sync_clients_list(1)) == 4
    assert run("remove-client", 1, "--yes", "--quiet").stdout == ""
    assert json.loads(run("remove-client", 2, "--yes", "--json").stdout) == {"client_id": 2, "removed": 1}
    assert helper.get_clients() == []


# A client that is not there


@pytest.mark.parametrize(
    "command",
    [
        ["lookup", "1", "--client", 9],
        ["lookup", "1", "--client", 9, "--json"],
        ["translate", "1", "--from", 9, "--to", 1],
        ["translate", "1", "--from", 1, "--to", 9],
        ["why", "1", "--client", 9],
        ["remove-client", 9, "--yes"],
    ],
    ids=lambda command: " ".join(map(str, command)),
)
def test_a_client_that_is_not_there_is_one_line_of_error_with_those_that_are(
    run: Run, library: dict[str, int], command: list[object]
) -> None:
    assert_one_line_of_error(run(*command), "there is no client 9", "1 (plex), 2 (jellyfin)")


# merge


@pytest.fixture
def aliens(helper: pymap.ClientMediaItemHelper) -> list[int]:
    """Two films that contradict each other."""
    return [
        helper.get_or_create_mapping(1, "plex", "a", "movie", "Alien", {}, {"imdb": "tt0078748"}, 1979),
        helper.get_or_create_mapping(1, "plex", "b", "movie", "Aliens", {}, {"imdb": "tt0090605"}, 1986),
    ]


def test_merge_of_two_that_contradict_each_other_shows_both_and_asks(
    aliens: list[int], terminal: Any, helper: Any
) -> None:
    with terminal("merge", *aliens) as dialogue:
        shown = dialogue.read_to("[y/N] ")
        assert "imdb (differs)" in shown
        assert "They contradict each other: imdb tt0078748 and tt0090605." in shown
        dialogue.type("\n")
        assert "Nothing was merged." in dialogue.read_rest()
    assert helper.resolve_media_item(aliens[1]) == aliens[1]
    with terminal("merge", *aliens) as dialogue:
        dialogue.read_to("[y/N] ")
        dialogue.type("yes\n")
        assert "was merged into" in dialogue.read_rest()
    assert helper.resolve_media_item(aliens[1]) == aliens[0]


def test_merge_of_two_that_contradict_each_other_asks_a_program_for_yes(
    run: Run, aliens: list[int], helper: Any
) -> None:
    for options in ([], ["--json"], ["--quiet"]):
        done = run("merge", *aliens, *options)
        assert_one_line_of_error(done, f"{aliens[0]} and {aliens[1]} contradict each other", "imdb", "--yes")
    assert helper.resolve_media_item(aliens[1]) == aliens[1]
    assert run("merge", *aliens, "--yes").returncode == 0
    assert helper.resolve_media_item(aliens[1]) == aliens[0]


def test_merge_of_an_id_that_was_merged_looks_at_what_it_stands_for(run: Run, aliens: list[int], helper: Any) -> None:
    third = helper.get_or_create_mapping(2, "emby", "c", "movie", "Alien 1", {}, {}, 1979)
    helper.merge_media_items(aliens[0], third)
    assert_one_line_of_error(run("merge", third, aliens[1]), "contradict", "--yes")


def test_merge_of_two_that_do_not_contradict_each_other_asks_nothing(run: Run, library: dict[str, int]) -> None:
    done = run("merge", library["1"], library["2"])
    assert (done.returncode, done.stderr) == (0, "")
    assert "title (differs)" in done.stdout


# After a sync


def test_a_sync_says_how_many_entries_wait_for_review(dsn: str, tmp_path: Path) -> None:
    def sync(client: int, items: list[dict[str, Any]], *options: object) -> subprocess.CompletedProcess[str]:
        return run_pymap(
            *("sync", "-", "--client", client, "--type", "own", "--dsn", dsn, *options),
            home=tmp_path,
            stdin=json.dumps(items).encode(),
        )

    twins = [
        {"itemId": f"{number}", "type": "movie", "title": "Pinocchio", "year": 2022, "externalIds": {"imdb": number}}
        for number in (1488589, 11032374)
    ]
    assert "review" not in sync(1, twins).stdout
    ambiguous = [{"itemId": "p", "type": "movie", "title": "Pinocchio", "year": 2022}]
    assert sync(2, ambiguous).stdout.splitlines()[-1] == "1 entry waits for review: pymap review"
    assert json.loads(sync(2, ambiguous, "--json").stdout)["waiting_for_review"] == 1
    assert "review" not in sync(2, ambiguous, "--quiet").stdout
    assert sync(3, [], "--tenant", 5).stdout.endswith("The listing has no entries.\n")


# sync in its own words


@pytest.mark.parametrize(("share", "is_refused"), [("30%", True), ("0.3", True), ("60%", False), ("0.6", False)])
def test_max_removed_is_a_share_in_percent_or_not(dsn: str, tmp_path: Path, share: str, is_refused: bool) -> None:
    def sync(count: int) -> subprocess.CompletedProcess[str]:
        items = [{"itemId": f"{n}", "type": "movie", "title": f"Film {n}"} for n in range(count)]
        arguments = ("sync", "-", "--client", 1, "--type", "own", "--max-removed", share, "--dsn", dsn)
        return run_pymap(*arguments, home=tmp_path, stdin=json.dumps(items).encode())

    sync(100)
    done = sync(45)
    assert done.returncode == (2 if is_refused else 0)
    if is_refused:
        assert_one_line_of_error(done, "55 of 100", "at most 30 %", "--allow-removals")


@pytest.mark.parametrize(
    ("share", "words"),
    [("many", ["30% or 0.3"]), ("-1", ["--max-removed"]), ("2", ["--max-removed: '2'", "0.2"]), ("101%", ["'1.01'"])],
)
def test_a_share_that_is_none_is_one_line_of_error(run: Run, share: str, words: list[str]) -> None:
    done = run("sync", LISTINGS / "emby.json", "--client", 1, "--type", "emby", "--max-removed", share)
    assert_one_line_of_error(done, "--max-removed", *words)
    assert "p_" not in done.stderr


def test_a_client_type_may_be_written_in_any_case(run: Run) -> None:
    done = run("sync", LISTINGS / "emby.json", "--client", 1, "--type", "Emby")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Client 1 (emby)\n")
