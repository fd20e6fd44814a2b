"""The commands that fix identity and look after it, run as their users run them, also on a terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

import pymap
from tests.command_line import PYMAP, Run, Terminal, assert_one_line_of_error, environment, run_pymap
from tests.conftest import Server

PROMPT = "u undo, q quit: "


@pytest.fixture
def run(tmp_path: Path, dsn: str) -> Run:
    """Run pymap on a database of the test's own."""

    def run(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
        return run_pymap(*arguments, home=tmp_path, variables={"PYMAP_DSN": dsn, **variables})

    return run


@pytest.fixture
def conn(dsn: str) -> Any:
    """A connection to that database that commits every statement."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def helper(conn: psycopg.Connection[Any]) -> pymap.ClientMediaItemHelper:
    return pymap.ClientMediaItemHelper(conn)


@pytest.fixture
def heat(conn: psycopg.Connection[Any], helper: pymap.ClientMediaItemHelper) -> list[int]:
    """One film that three clients know, by IDs of three sources: three media items, three pairs of equal weight."""
    ids = [
        helper.get_or_create_mapping(1, "plex", "p1", "movie", "Heat", {}, {"imdb": "tt0113277"}, 1995),
        add_media_item(conn, "movie", "HEAT", 1995, tmdb="949"),
        add_media_item(conn, "movie", "Heat!", 1995, tvdb="122"),
    ]
    helper.link_client_item(ids[1], 2, "emby", "e1")
    helper.link_client_item(ids[2], 3, "kodi", "1")
    return ids


@pytest.fixture
def alien(conn: psycopg.Connection[Any], helper: pymap.ClientMediaItemHelper) -> list[int]:
    """Two films that share an ID and have two of another source: a pair that weighs less than those of heat."""
    return [
        helper.get_or_create_mapping(1, "plex", "p2", "movie", "Alien", {}, {"imdb": "tt0078748", "tmdb": "348"}, 1979),
        add_media_item(conn, "movie", "Alien [bold]", 1979, imdb="tt0078748", tmdb="8077"),
    ]


def add_media_item(
    conn: psycopg.Connection[Any], media_type: str, title: str, year: int | None = None, **external_ids: str
) -> int:
    """Add a media item as an application may: nothing is matched."""
    array = json.dumps([{"source": source, "id": id_} for source, id_ in external_ids.items()])
    return conn.execute(
        "insert into pymap.media_items (type, title, release_year, external_ids) values (%s, %s, %s, %s) returning id",
        [media_type, title, year, array],
    ).fetchone()[0]


def items_with_mappings(conn: psycopg.Connection[Any]) -> dict[int, list[str]]:
    rows = conn.execute(
        """
        select id, array(select c ->> 'itemId' from jsonb_array_elements(sync_clients) as c order by 1)
        from pymap.media_items
        where sync_clients <> '[]'
        order by id
        """
    )
    return dict(rows.fetchall())


def newest(conn: psycopg.Connection[Any], kind: str | None = None) -> int:
    """The newest event, of a kind or of all."""
    return conn.execute("select max(id) from pymap.mapping_events where kind = coalesce(%s, kind)", [kind]).fetchone()[
        0
    ]


def lines(shown: str, *words: str) -> list[str]:
    """The lines that have all of the words."""
    return [line for line in shown.splitlines() if all(word in line for word in words)]


# duplicates


def test_duplicates_shows_every_pair_side_by_side_with_its_evidence(run: Run, heat: list[int]) -> None:
    done = run("duplicates")
    assert (done.returncode, done.stderr) == (0, "")
    assert lines(done.stdout, "Pair 1 of 3", "movie", "the same title")
    assert lines(done.stdout, f"media item {heat[0]}", f"media item {heat[1]}")
    assert lines(done.stdout, "title", "Heat", "HEAT")
    assert lines(done.stdout, "plex 1", "p1", "-")
    assert lines(done.stdout, "emby 2", "-", "e1")
    assert lines(done.stdout, "imdb", "tt0113277", "-")
    assert "shared" not in done.stdout
    assert "contradict" not in done.stdout


def test_duplicates_marks_what_is_shared_and_says_what_contradicts(run: Run, alien: list[int]) -> None:
    shown = run("duplicates").stdout
    assert lines(shown, "Pair 1 of 1", "shared external IDs", "weight 6", "contradict")
    assert lines(shown, "Alien", "Alien [bold]")
    assert lines(shown, "imdb +12, year +3, title -3, tmdb -6")
    (imdb,) = lines(shown, "│ imdb")
    (tmdb,) = lines(shown, "│ tmdb")
    assert imdb.count("tt0078748 (shared)") == 2
    assert "shared" not in tmdb


def test_duplicates_shows_of_what_and_where_a_part_is(
    run: Run, conn: psycopg.Connection[Any], helper: pymap.ClientMediaItemHelper
) -> None:
    series = add_media_item(conn, "series", "Doctor Who")
    conn.execute(
        "insert into pymap.media_items (type, title, parent_id, parent_number, number)"
        " values ('episode', 'Rose', %(series)s, 1, 2), ('episode', 'ROSE', %(series)s, 1, 2)",
        {"series": series},
    )
    shown = run("duplicates").stdout
    assert lines(shown, "episode", "the same numbers in the same parent")
    assert lines(shown, "part of", f"Doctor Who ({series})")
    assert lines(shown, "season", "1")
    assert lines(shown, "number", "2")


def test_duplicates_prints_json(run: Run, alien: list[int]) -> None:
    first, second = alien
    done = run("duplicates", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    common = {"media_type": "movie", "parent_id": None, "parent_title": None, "parent_number": None, "number": None}
    assert json.loads(done.stdout) == [
        {
            "media_item_id": first,
            "duplicate_id": second,
            "media_type": "movie",
            "evidence": "external_ids",
            "weight": 6,
            "comparisons": {"imdb": 12, "year": 3, "title": -3, "tmdb": -6},
            "shared_external_ids": [{"source": "imdb", "id": "tt0078748"}],
            "contradicting": True,
            "media_item": common
            | {
                "media_item_id": first,
                "title": "Alien",
                "release_year": 1979,
                "clients": [{"client_id": 1, "client_type": "plex", "client_item_id": "p2"}],
                "external_ids": [{"source": "imdb", "id": "tt0078748"}, {"source": "tmdb", "id": "348"}],
            },
            "duplicate": common
            | {
                "media_item_id": second,
                "title": "Alien [bold]",
                "release_year": 1979,
                "clients": [],
                "external_ids": [{"source": "imdb", "id": "tt0078748"}, {"source": "tmdb", "id": "8077"}],
            },
        }
    ]


def test_duplicates_shows_no_more_than_asked_for(run: Run, heat: list[int], alien: list[int]) -> None:
    assert len(json.loads(run("duplicates", "--json").stdout)) == 4
    assert len(json.loads(run("duplicates", "--json", "--limit", 2).stdout)) == 2
    assert json.loads(run("duplicates", "--json", "--media-type", "series").stdout) == []
    assert "Pair 2 of 2" in run("duplicates", "--limit", 2).stdout


def test_duplicates_of_nothing(run: Run) -> None:
    done = run("duplicates")
    assert (done.returncode, done.stdout, done.stderr) == (0, "No duplicates were found.\n", "")
    assert json.loads(run("duplicates", "--json").stdout) == []


# duplicates on a terminal


@pytest.fixture
def terminal(tmp_path: Path, dsn: str) -> Any:
    """Start pymap duplicates on a terminal."""

    def start(*options: object) -> Terminal:
        return Terminal("duplicates", *options, home=tmp_path, variables={"PYMAP_DSN": dsn})

    return start


def answer(dialogue: Terminal, key: str) -> str:
    """Answer the next question and return what was shown before it."""
    shown = dialogue.read_to(PROMPT)
    dialogue.type(f"{key}\n")
    return shown


def test_on_a_terminal_a_pair_is_merged_and_the_older_one_kept(
    heat: list[int], helper: pymap.ClientMediaItemHelper, conn: psycopg.Connection[Any], terminal: Any
) -> None:
    with terminal() as dialogue:
        assert f"m merge {heat[1]} into {heat[0]}" in answer(dialogue, "m")
        # Of the other two pairs one is gone, the other one has changed: it is shown as it is now.
        assert lines(answer(dialogue, "m"), "emby 2", "e1", "-")
        end = dialogue.read_rest()
        assert dialogue.process.exitcode == 0
    assert "2 merged, 0 distinct, 0 skipped, 0 not looked at." in end
    assert "pymap undo EVENT" in end
    assert items_with_mappings(conn) == {heat[0]: ["1", "e1", "p1"]}
    assert [helper.resolve_media_item(id_) for id_ in heat] == [heat[0]] * 3


def test_on_a_terminal_a_pair_is_marked_distinct_or_skipped(
    heat: list[int], alien: list[int], helper: pymap.ClientMediaItemHelper, terminal: Any
) -> None:
    with terminal() as dialogue:
        assert lines(answer(dialogue, "d"), "Pair 1 of 4")
        assert lines(answer(dialogue, "s"), "Pair 2 of 4")
        assert lines(answer(dialogue, "s"), "Pair 3 of 4")
        assert lines(answer(dialogue, "d"), "Pair 4 of 4", "contradict")
        assert "0 merged, 2 distinct, 2 skipped, 0 not looked at." in dialogue.read_rest()
    assert [(pair.media_item_id, pair.duplicate_id) for pair in helper.find_duplicates()] == [
        (heat[0], heat[2]),
        (heat[1], heat[2]),
    ]
    assert {helper.history(id_, 1)[0].kind for id_ in (heat[0], heat[1], alien[0])} == {"distinct"}


def test_on_a_terminal_decisions_are_taken_back_one_by_one(
    heat: list[int], alien: list[int], conn: psycopg.Connection[Any], helper: pymap.ClientMediaItemHelper, terminal: Any
) -> None:
    before = items_with_mappings(conn)
    with terminal() as dialogue:
        first = answer(dialogue, "m")
        second = answer(dialogue, "d")
        assert lines(second, "merged: event")
        assert lines(second, "contradict")
        answer(dialogue, "u")
        assert lines(answer(dialogue, "s"), "contradict")
        answer(dialogue, "u")
        assert lines(answer(dialogue, "u"), "contradict")
        again = answer(dialogue, "u")
        assert lines(again, "event", "was taken back")
        assert lines(again, f"m merge {heat[1]} into {heat[0]}")
        assert lines(again, "emby 2") == lines(first, "emby 2")
        assert "There is nothing to undo." in answer(dialogue, "q")
        assert "0 merged, 0 distinct, 0 skipped" in dialogue.read_rest()
    assert items_with_mappings(conn) == before
    assert len(helper.find_duplicates()) == 4


@pytest.mark.parametrize("end", ["q\n", "\x04"], ids=["quit", "end of input"])
def test_on_a_terminal_one_may_stop_and_what_was_decided_stays(
    heat: list[int], alien: list[int], conn: psycopg.Connection[Any], terminal: Any, end: str
) -> None:
    with terminal() as dialogue:
        answer(dialogue, "m")
        dialogue.read_to(PROMPT)
        dialogue.type(end)
        assert "1 merged, 0 distinct, 0 skipped, 1 not looked at." in dialogue.read_rest()
        assert dialogue.process.exitcode == 0
    assert items_with_mappings(conn)[heat[0]] == ["e1", "p1"]


def test_an_interrupted_dialogue_ends_quietly_and_keeps_what_was_decided(
    heat: list[int], alien: list[int], conn: psycopg.Connection[Any], terminal: Any
) -> None:
    with terminal() as dialogue:
        answer(dialogue, "m")
        dialogue.read_to(PROMPT)
        dialogue.interrupt()
        assert "Traceback" not in dialogue.read_rest()
        assert dialogue.process.exitcode == 130
    assert items_with_mappings(conn)[heat[0]] == ["e1", "p1"]


def test_on_a_terminal_a_key_without_meaning_is_asked_again(alien: list[int], terminal: Any) -> None:
    with terminal() as dialogue:
        answer(dialogue, "merge, please")
        assert answer(dialogue, "").strip().startswith("merge, please\nm merge")
        assert answer(dialogue, " S ").strip().startswith("m merge")
        assert "0 merged, 0 distinct, 1 skipped" in dialogue.read_rest()


def test_on_a_terminal_a_refused_decision_is_one_line_and_the_pair_stays(
    alien: list[int], helper: pymap.ClientMediaItemHelper, terminal: Any
) -> None:
    with terminal() as dialogue:
        dialogue.read_to(PROMPT)
        helper.mark_distinct(*alien)
        dialogue.type("m\n")
        refused = answer(dialogue, "s")
        assert lines(refused, f"media items {alien[0]} and {alien[1]} are distinct", "undo")
        assert "Traceback" not in refused
        assert "1 skipped" in dialogue.read_rest()


def test_on_a_terminal_a_refused_undo_leaves_the_decision(
    alien: list[int], conn: psycopg.Connection[Any], helper: pymap.ClientMediaItemHelper, terminal: Any
) -> None:
    helper.get_or_create_mapping(1, "plex", "a", "movie", "Seven", {}, {"imdb": "tt0114369"}, 1995)
    # Without a year it weighs too little to be matched.
    helper.get_or_create_mapping(2, "emby", "b", "movie", "Seven", {}, {"tmdb": "807"})
    with terminal() as dialogue:
        answer(dialogue, "m")
        dialogue.read_to(PROMPT)
        helper.undo(newest(conn, "merged"))
        dialogue.type("u\n")
        assert lines(answer(dialogue, "q"), "cannot be undone", "has undone it already")
        assert "1 merged" in dialogue.read_rest()


def test_on_a_terminal_children_that_were_merged_with_their_parents_are_not_asked_about(
    conn: psycopg.Connection[Any], helper: pymap.ClientMediaItemHelper, terminal: Any
) -> None:
    for title in ("Rome", "ROME"):
        series = add_media_item(conn, "series", title, imdb="tt0384766")
        conn.execute(
            "insert into pymap.media_items (type, title, parent_id, parent_number, number, external_ids)"
            """ values ('episode', 'Pilot', %s, 1, 1, '[{"source": "tvdb", "id": "5"}]')""",
            [series],
        )
    pairs = {pair.media_type for pair in helper.find_duplicates()}
    assert pairs == {"series", "episode"}
    with terminal() as dialogue:
        assert lines(answer(dialogue, "m"), "Pair 1 of 2", "series")
        assert "1 merged, 0 distinct, 0 skipped, 0 not looked at." in dialogue.read_rest()
    assert helper.find_duplicates() == []


def test_on_a_terminal_a_skipped_pair_does_not_come_again(heat: list[int], alien: list[int], terminal: Any) -> None:
    with terminal() as dialogue:
        answer(dialogue, "m")
        assert lines(answer(dialogue, "s"), "contradict")
        # Now comes what the merge has changed.
        assert lines(answer(dialogue, "m"), "kodi 3", "1")
        assert "2 merged, 0 distinct, 1 skipped, 0 not looked at." in dialogue.read_rest()


def test_on_a_terminal_a_pair_of_what_was_merged_meanwhile_is_left_out(
    conn: psycopg.Connection[Any], helper: pymap.ClientMediaItemHelper, terminal: Any
) -> None:
    # Nothing goes from one to the other: only the redirect tells that they were merged.
    for _ in range(3):
        add_media_item(conn, "artist", "ABBA")
    with terminal() as dialogue:
        assert lines(answer(dialogue, "m"), "Pair 1 of 3")
        assert lines(answer(dialogue, "m"), "Pair 2 of 3")
        assert "2 merged, 0 distinct, 0 skipped, 0 not looked at." in dialogue.read_rest()
    assert helper.find_duplicates() == []


def test_nothing_is_asked_where_the_output_is_no_terminal(alien: list[int], dsn: str, tmp_path: Path) -> None:
    terminal, process_end = pty.openpty()
    done = subprocess.run(
        [PYMAP, "duplicates"],
        env=environment(tmp_path, PYMAP_DSN=dsn),
        stdin=process_end,
        stdout=subprocess.PIPE,
        timeout=60,
        check=True,
    )
    os.close(process_end)
    os.close(terminal)
    assert "Pair 1 of 1" in done.stdout.decode()
    assert PROMPT not in done.stdout.decode()


def test_on_a_terminal_no_more_pairs_come_than_asked_for(heat: list[int], alien: list[int], terminal: Any) -> None:
    with terminal("--limit", 2) as dialogue:
        assert lines(answer(dialogue, "m"), "Pair 1 of 2")
        answer(dialogue, "s")
        assert "1 merged, 0 distinct, 1 skipped, 0 not looked at." in dialogue.read_rest()


def test_on_a_terminal_json_is_printed_without_a_dialogue(alien: list[int], terminal: Any) -> None:
    with terminal("--json") as dialogue:
        (pair,) = json.loads(dialogue.read_rest())
    assert (pair["media_item_id"], pair["duplicate_id"]) == tuple(alien)


def test_on_a_terminal_nothing_is_asked_where_there_are_no_duplicates(terminal: Any) -> None:
    with terminal() as dialogue:
        assert dialogue.read_rest() == "No duplicates were found.\n"


# merge, split, undo


def test_merge_shows_what_became_of_the_two_and_how_to_take_it_back(
    run: Run, heat: list[int], conn: psycopg.Connection[Any]
) -> None:
    before = items_with_mappings(conn)
    done = run("merge", heat[0], heat[1])
    assert (done.returncode, done.stderr) == (0, "")
    assert lines(done.stdout, f"Media item {heat[1]} was merged into media item {heat[0]}")
    assert lines(done.stdout, "plex 1", "p1")
    assert lines(done.stdout, "emby 2", "e1")
    assert items_with_mappings(conn) == {heat[0]: ["e1", "p1"], heat[2]: ["1"]}
    (said,) = lines(done.stdout, "take it back")
    command = said.partition("pymap ")[2].split()
    assert command == ["undo", str(newest(conn, "merged"))]
    undone = run(*command)
    assert (undone.returncode, undone.stderr) == (0, "")
    assert f"event {newest(conn, 'undone')}" in undone.stdout
    assert items_with_mappings(conn) == before


def test_merge_and_undo_print_json(run: Run, heat: list[int], conn: psycopg.Connection[Any]) -> None:
    merged = json.loads(run("merge", heat[0], heat[1], "--json").stdout)
    assert list(merged) == ["event_id", "media_item"]
    assert merged["event_id"] == newest(conn, "merged")
    assert merged["media_item"]["media_item_id"] == heat[0]
    assert [client["client_item_id"] for client in merged["media_item"]["clients"]] == ["p1", "e1"]
    undone = json.loads(run("undo", merged["event_id"], "--json").stdout)
    assert undone == {"event_id": newest(conn, "undone"), "undoes": merged["event_id"]}


def test_merge_of_two_that_are_one_already_says_so(run: Run, heat: list[int]) -> None:
    run("merge", heat[0], heat[1])
    done = run("merge", heat[1], heat[0])
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Media items {heat[1]} and {heat[0]} are one already: media item {heat[0]}." in done.stdout
    said = json.loads(run("merge", heat[1], heat[0], "--json").stdout)
    assert (said["event_id"], said["media_item"]["media_item_id"]) == (None, heat[0])


def test_split_shows_both_and_how_to_take_it_back(run: Run, heat: list[int], conn: psycopg.Connection[Any]) -> None:
    run("merge", heat[0], heat[1])
    before = items_with_mappings(conn)
    done = run("split", heat[0], "--mapping", "2:e1", "--external-id", "tmdb:949")
    assert (done.returncode, done.stderr) == (0, "")
    (new,) = set(items_with_mappings(conn)) - set(before)
    assert lines(done.stdout, f"Media item {new} was split off media item {heat[0]}")
    assert lines(done.stdout, f"media item {heat[0]}", f"media item {new}")
    assert lines(done.stdout, "plex 1", "p1", "-")
    (tmdb,) = lines(done.stdout, "tmdb")
    assert tmdb.index("-") < tmdb.index("949")
    (said,) = lines(done.stdout, "take it back")
    assert run(*said.partition("pymap ")[2].split()).returncode == 0
    assert items_with_mappings(conn) == before


def test_split_takes_several_mappings_and_prints_json(
    run: Run, helper: pymap.ClientMediaItemHelper, conn: psycopg.Connection[Any]
) -> None:
    film = helper.get_or_create_mapping(1, "plex", "a:b", "movie", "Alien", {}, {"imdb": "tt0078748", "tmdb": "348"})
    helper.link_client_item(film, 1, "plex", "c")
    helper.link_client_item(film, 2, "emby", "d")
    done = run("split", film, "--mapping", "1:a:b", "--mapping", "2:d", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert list(said) == ["event_id", "media_item", "new_media_item"]
    assert said["event_id"] == newest(conn, "split")
    assert [client["client_item_id"] for client in said["media_item"]["clients"]] == ["c"]
    assert [client["client_item_id"] for client in said["new_media_item"]["clients"]] == ["a:b", "d"]
    # They take along what their clients told of them.
    assert said["new_media_item"]["external_ids"] == [
        {"source": "imdb", "id": "tt0078748"},
        {"source": "tmdb", "id": "348"},
    ]
    assert said["media_item"]["external_ids"] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["merge", "{0}", "999999"], ["media item 999999 does not exist"]),
        (["merge", "{0}", "{0}"], ["DUPLICATE"]),
        (["merge", "{0}"], ["DUPLICATE"]),
        (["merge", 10**20, "{0}"], ["KEEP", "bigint"]),
        (["split", "{0}"], ["--mapping"]),
        (["split", "{0}", "--mapping", "e1"], ["--mapping", "'e1'"]),
        (["split", "{0}", "--mapping", "emby:e1"], ["--mapping", "emby"]),
        (["split", "{0}", "--mapping", "2:"], ["--mapping", "'2:'"]),
        (["split", "{0}", "--mapping", "2:e1"], ["--mapping: '2:e1'", "1:p1"]),
        (["split", "{0}", "--mapping", "1:p1"], ["--mapping", "would be left"]),
        (["split", "{0}", "--mapping", f"{10**20}:p1"], ["--mapping"]),
        (["split", "{0}", "--mapping", "1:p1", "--external-id", "imdb"], ["--external-id", "'imdb'"]),
        (["split", "999999", "--mapping", "1:p1"], ["media item 999999 does not exist"]),
        (["undo", "999999"], ["EVENT", "999999", "pymap history"]),
        (["undo", "last"], ["EVENT"]),
        (["history", "{0}", "--limit", 0], ["--limit"]),
        (["history", "{0}", "--limit", 2**63], ["--limit"]),
        (["duplicates", "--limit", 0], ["--limit"]),
        (["duplicates", "--media-type", "hologram"], ["hologram", "movie"]),
        (["doctor", "--tenant", 10**20], ["--tenant"]),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) else None,
)
def test_what_cannot_be_done_is_one_line_of_error_and_nothing_is_written(
    run: Run, heat: list[int], conn: psycopg.Connection[Any], arguments: list[object], words: list[str]
) -> None:
    before = newest(conn)
    assert_one_line_of_error(run(*(str(argument).format(*heat) for argument in arguments)), *words)
    assert newest(conn) == before


def test_undo_names_what_stands_in_the_way(run: Run, heat: list[int], helper: pymap.ClientMediaItemHelper) -> None:
    event = helper.merge_media_items(heat[0], heat[1])
    later = helper.merge_media_items(heat[2], heat[0])
    assert_one_line_of_error(
        run("undo", event), f"event {event} cannot be undone", f"Event {later} merged media item {heat[0]}"
    )
    assert run("undo", later).returncode == 0
    assert run("undo", event).returncode == 0


def test_distinct_is_remembered_and_can_be_taken_back(run: Run, heat: list[int]) -> None:
    one, other = heat[:2]
    done = run("distinct", one, other)
    assert done.returncode == 0
    assert f"Media items {one} and {other} are distinct" in done.stdout
    assert "was known already" in run("distinct", other, one).stdout
    assert json.loads(run("distinct", one, other, "--json").stdout) == {"event_id": None}
    event_id = re.search(r"pymap undo (\d+)", done.stdout)
    assert event_id
    assert run("undo", event_id[1]).returncode == 0
    assert json.loads(run("distinct", one, other, "--json").stdout)["event_id"] > int(event_id[1])


def test_distinct_of_a_media_item_that_is_not_there_is_one_line_of_error(run: Run, heat: list[int]) -> None:
    assert_one_line_of_error(run("distinct", heat[0], 999999), "999999 does not exist")


def test_merge_of_what_is_known_to_be_distinct_says_how_to_go_on(
    run: Run, heat: list[int], helper: pymap.ClientMediaItemHelper
) -> None:
    helper.mark_distinct(heat[0], heat[1])
    assert_one_line_of_error(run("merge", heat[0], heat[1]), "distinct", "undo", "history")


# history


def test_history_tells_every_kind_of_event_the_newest_first(
    run: Run, heat: list[int], helper: pymap.ClientMediaItemHelper, conn: psycopg.Connection[Any]
) -> None:
    merged = helper.merge_media_items(heat[0], heat[1])
    undone = helper.undo(merged)
    helper.mark_distinct(heat[0], heat[1])
    helper.link_client_item(heat[0], 4, "jellyfin", "00000000-0000-0000-0000-0000000000AB")
    helper.split_media_item(heat[0], [(4, "000000000000000000000000000000ab")])
    helper.unlink_client_item(1, "p1")
    (new,) = set(items_with_mappings(conn)) - set(heat)
    done = run("history", heat[0])
    assert (done.returncode, done.stderr) == (0, "")
    expected = [
        f"unmapped from {heat[0]}: p1 of client 1",
        f"{heat[0]} and {new} are distinct",
        f"moved from {heat[0]} to {new}: 000000000000000000000000000000ab of client 4",
        f"split {new} off {heat[0]}",
        f"mapped to {heat[0]}: 000000000000000000000000000000ab of client 4",
        f"{heat[0]} and {heat[1]} are distinct",
        f"took back event {merged}",
        f"merged {heat[1]} into {heat[0]} (taken back by event {undone})",
        f"mapped to {heat[0]}: p1 of client 1",
    ]
    positions = [done.stdout.index(what) for what in expected]
    assert positions == sorted(positions)


def test_history_prints_json_and_no_more_than_asked_for(
    run: Run, heat: list[int], helper: pymap.ClientMediaItemHelper
) -> None:
    event = helper.mark_distinct(heat[0], heat[1])
    done = run("history", heat[0], "--json")
    assert (done.returncode, done.stderr) == (0, "")
    distinct, mapped = json.loads(done.stdout)
    assert datetime.fromisoformat(distinct.pop("happened_at")).tzinfo
    assert distinct == {
        "event_id": event,
        "actor": helper.history(heat[0])[0].actor,
        "kind": "distinct",
        "client_id": None,
        "client_item_id": None,
        "media_type": "movie",
        "media_item_before": heat[0],
        "media_item_after": heat[1],
        "evidence": "manual",
        "weight": None,
        "comparisons": None,
        "undoes": None,
        "undone_by": None,
    }
    assert (mapped["kind"], mapped["client_item_id"]) == ("mapped", "p1")
    assert [row["kind"] for row in json.loads(run("history", heat[0], "--json", "--limit", 1).stdout)] == ["distinct"]


def test_history_stays_when_the_media_item_has_gone(run: Run, heat: list[int], conn: psycopg.Connection[Any]) -> None:
    conn.execute("delete from pymap.media_items where id = %s", [heat[0]])
    done = run("history", heat[0])
    assert (done.returncode, done.stderr) == (0, "")
    assert f"unmapped from {heat[0]}: p1 of client 1" in done.stdout


def test_history_of_what_has_none_ends_with_1(run: Run) -> None:
    done = run("history", 999_999)
    assert (done.returncode, done.stdout, done.stderr) == (1, "Media item 999999 has no events.\n", "")
    done = run("history", 999_999, "--json")
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (1, [], "")


# doctor


def damage(conn: psycopg.Connection[Any], statement: str) -> None:
    """Write past the triggers, as a restore may."""
    with conn.transaction():
        conn.execute("set local session_replication_role = replica")
        conn.execute(statement.encode())


def test_doctor_finds_nothing_wrong(run: Run, heat: list[int]) -> None:
    done = run("doctor")
    assert (done.returncode, done.stdout, done.stderr) == (0, "0 errors\n0 warnings\n", "")
    done = run("doctor", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"mended": None, "findings": []})


def test_doctor_ends_with_0_where_something_is_only_suspicious(run: Run, alien: list[int]) -> None:
    done = run("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert lines(done.stdout, "warning", "shared_external_id", str(alien[0]), "imdb tt0078748")
    assert "0 errors\n2 warnings: no_client 1, shared_external_id 1" in done.stdout
    assert "--rebuild" not in done.stdout


def test_doctor_ends_with_1_at_damage_and_mends_it(
    run: Run, heat: list[int], conn: psycopg.Connection[Any], helper: pymap.ClientMediaItemHelper
) -> None:
    damage(conn, "delete from pymap.client_items where client_id = 1")
    damage(conn, "update pymap.external_ids set external_id = '7' where source = 'tmdb'")
    found = run("doctor")
    assert (found.returncode, found.stderr) == (1, "")
    assert lines(found.stdout, "error", "mapping_missing", str(heat[0]), "p1")
    assert "3 errors: external_id_missing 1, external_id_stale 1, mapping_missing 1" in found.stdout
    assert "pymap doctor --rebuild" in found.stdout
    assert json.loads(run("doctor", "--json").stdout)["findings"][-1] == {
        "severity": "error",
        "kind": "mapping_missing",
        "tenant_id": 0,
        "media_item_id": heat[0],
        "detail": "movie 'p1' of client 1 is not found",
    }
    mended = run("doctor", "--rebuild")
    assert (mended.returncode, mended.stdout) == (0, "Repaired 3 rows.\n0 errors\n0 warnings\n")
    assert helper.get_media_item_by_client_id(1, "p1") == heat[0]
    assert json.loads(run("doctor", "--rebuild", "--json").stdout) == {"mended": 0, "findings": []}


def test_doctor_still_ends_with_1_at_damage_that_a_rebuild_does_not_mend(
    run: Run, heat: list[int], conn: psycopg.Connection[Any]
) -> None:
    damage(conn, f"update pymap.media_items set parent_id = 999999 where id = {heat[0]}")
    done = run("doctor", "--rebuild")
    assert done.returncode == 1
    assert lines(done.stdout, "orphaned_child", str(heat[0]))
    assert "Repaired 0 rows." in done.stdout


def test_a_rebuild_that_cannot_be_done_is_one_line_of_error(
    run: Run, heat: list[int], conn: psycopg.Connection[Any]
) -> None:
    damage(
        conn,
        "update pymap.media_items"
        f" set sync_clients = (select sync_clients from pymap.media_items where id = {heat[0]}) where id = {heat[1]}",
    )
    assert_one_line_of_error(run("doctor", "--rebuild"), "p1", str(heat[0]), str(heat[1]))


def test_doctor_does_not_flood_a_reader_but_prints_all_as_json(run: Run, conn: psycopg.Connection[Any]) -> None:
    conn.execute(
        "insert into pymap.media_items (type, title) select 'movie', 'Title ' || n from generate_series(1, 1234) as n"
    )
    shown = run("doctor").stdout
    assert len(lines(shown, "no_client", "Title")) == 100
    assert "… and 1,134 more; --json shows all." in shown
    assert "1,234 warnings: no_client 1,234" in shown
    assert len(json.loads(run("doctor", "--json").stdout)["findings"]) == 1234


# What holds for all of them


def test_a_tenant_has_media_items_and_events_of_its_own(
    run: Run, conn: psycopg.Connection[Any], heat: list[int]
) -> None:
    neighbour = pymap.ClientMediaItemHelper(conn, tenant_id=7)
    film = neighbour.get_or_create_mapping(1, "plex", "p1", "movie", "Heat", {}, {"imdb": "tt0113277"}, 1995)
    # Without a year it weighs too little to be matched.
    other = neighbour.get_or_create_mapping(2, "emby", "e1", "movie", "Heat", {}, {"tmdb": "949"})
    (pair,) = json.loads(run("duplicates", "--json", "--tenant", 7).stdout)
    assert (pair["media_item"]["title"], pair["duplicate_id"]) == ("Heat", other)
    assert_one_line_of_error(run("merge", film, other), f"media item {film} does not exist")
    merged = run("merge", film, other, "--tenant", 7)
    (said,) = lines(merged.stdout, "take it back")
    assert said.endswith("--tenant 7")
    assert lines(merged.stdout, "emby 2", "e1")
    split = json.loads(run("split", film, "--mapping", "2:e1", "--tenant", 7, "--json").stdout)
    assert split["new_media_item"]["clients"][0]["client_item_id"] == "e1"
    assert_one_line_of_error(run("undo", split["event_id"]), "EVENT")
    assert run("undo", split["event_id"], "--tenant", 7).returncode == 0
    assert run("history", film).returncode == 1
    assert run("history", film, "--tenant", 7).returncode == 0
    damage(conn, "delete from pymap.client_items where tenant_id = 7")
    assert run("doctor").returncode == 0
    assert run("doctor", "--tenant", 7).returncode == 1


@pytest.mark.parametrize(
    "command",
    [
        ["duplicates"],
        ["duplicates", "--json"],
        ["merge", 1, 2],
        ["split", 1, "--mapping", "1:a"],
        ["undo", 1],
        ["history", 1],
        ["doctor"],
        ["doctor", "--rebuild"],
    ],
    ids=lambda command: " ".join(map(str, command)),
)
def test_a_database_without_pymap_is_one_line_of_error_that_says_what_to_do(
    server: Server, tmp_path: Path, command: list[object]
) -> None:
    with server.database() as empty:
        assert_one_line_of_error(run_pymap(*command, "--dsn", empty, home=tmp_path), "pymap migrate")


def test_everything_fits_into_80_columns(
    run: Run, heat: list[int], alien: list[int], helper: pymap.ClientMediaItemHelper
) -> None:
    helper.link_client_item(heat[0], 12345, "jellyfin", "0123456789abcdef0123456789abcdef" * 3)
    helper.get_or_create_mapping(4, "trakt", "9", "series", "Lost", {}, {"tvdb": ["73739", "73740"]})
    merge = run("merge", heat[0], heat[1], COLUMNS="80")
    shown = [merge, *(run(*command, COLUMNS="80") for command in (["duplicates"], ["history", heat[0]], ["doctor"]))]
    assert [done.returncode for done in shown] == [0] * 4
    assert max(len(line) for done in shown for line in done.stdout.splitlines()) <= 80
    for done in shown[:3]:
        # Folded, not cut.
        assert "…" not in done.stdout
    assert lines(shown[3].stdout, "warning", "contradicting_external_ids", "tvdb: 73739, 73740")
