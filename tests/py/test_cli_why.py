"""pymap why, pymap review, and the evidence in pymap sync --json."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Run, assert_one_line_of_error, run_pymap

FILMS = [{"itemId": "1", "type": "movie", "title": "Solaris", "year": 1972, "externalIds": {"imdb": "tt0069293"}}]
SAME = [{"itemId": "a", "type": "movie", "title": "Solaris", "year": 1972, "externalIds": {"imdb": "tt0069293"}}]
DOUBTFUL = [{"itemId": "d", "type": "movie", "title": "Prisoners", "year": 2013, "externalIds": {"imdb": "tt0069293"}}]


@pytest.fixture
def run(tmp_path: Path, dsn: str) -> Run:
    """Run pymap on a database of the test's own."""

    def run(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
        return run_pymap(*arguments, home=tmp_path, variables={"PYMAP_DSN": dsn}, **options)

    return run


def sync(run: Run, client: int, items: list[dict[str, Any]], *options: str) -> dict[str, Any]:
    done = run("sync", "-", "--client", client, "--type", "own", "--json", *options, stdin=json.dumps(items).encode())
    assert (done.returncode, done.stderr) == (0, "")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_a_sync_says_by_what_evidence_it_matched(run: Run) -> None:
    created = sync(run, 1, FILMS)["items"]
    assert "evidence" not in created[0]
    (matched,) = sync(run, 2, SAME)["items"]
    assert (matched["action"], matched["evidence"], matched["weight"]) == ("matched", "external_ids", 22)
    assert matched["comparisons"] == {"imdb": 12, "title": 7, "year": 3}


def test_a_dry_run_has_no_evidence(run: Run) -> None:
    sync(run, 1, FILMS)
    assert "evidence" not in sync(run, 2, SAME, "--dry-run")["items"][0]


def test_why_shows_every_comparison_and_what_the_sum_means(run: Run) -> None:
    sync(run, 1, FILMS)
    sync(run, 2, SAME)
    done = run("why", "a", "--client", 2)
    assert (done.returncode, done.stderr) == (0, "")
    assert "tt0069293" in done.stdout
    assert "Together +30: enough for a match, which takes 7." in done.stdout
    (shown,) = json.loads(run("why", "a", "--client", 2, "--json").stdout)
    assert {one["field"]: one["weight"] for one in shown["comparisons"]} == {
        "imdb": 12,
        "title": 7,
        "year": 3,
        "mapping": 8,
    }


def test_why_compares_with_another_media_item_too(run: Run) -> None:
    (film,) = sync(run, 1, FILMS)["items"]
    sync(run, 2, DOUBTFUL)
    done = run("why", "d", "--client", 2, "--item", film["media_item_id"])
    assert "Together +3: for a person to decide: a match takes 7, a review 3." in done.stdout
    sync(
        run, 3, [{"itemId": "o", "type": "movie", "title": "Alien", "year": 1979, "externalIds": {"imdb": "tt0078748"}}]
    )
    assert "another thing" in run("why", "o", "--client", 3, "--item", film["media_item_id"]).stdout


def test_why_of_an_id_that_is_not_mapped(run: Run) -> None:
    sync(run, 2, FILMS)
    done = run("why", "[bold]nowhere", "--client", 2)
    assert (done.returncode, done.stderr) == (1, "")
    assert "Client 2 has no mapping of [bold]nowhere." in done.stdout
    assert run("why", "nowhere", "--client", 2, "--json").stdout == "[]\n"


def test_why_with_a_media_item_that_is_not_there(run: Run) -> None:
    sync(run, 1, FILMS)
    assert_one_line_of_error(run("why", "1", "--client", 1, "--item", 999), "999")


def test_review_lists_what_a_sync_was_not_sure_of(run: Run) -> None:
    sync(run, 1, FILMS)
    assert "There is nothing to review." in run("review").stdout
    sync(run, 2, DOUBTFUL)
    done = run("review")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Pair 1 of 1, movie: shared external IDs, weight 3" in done.stdout
    (pair,) = json.loads(run("review", "--json").stdout)
    assert pair["comparisons"] == {"imdb": 12, "title": -3, "year": -6}
