"""A real Subsonic server, Supysonic, fetched and synced."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

import pymap.fetch
from pymap.fetch import FetchError, Server
from tests.command_line import run_pymap
from tests.subsonic_server import PASSWORD, RECORDS, USER, supysonic, write_records

README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    music = tmp_path_factory.mktemp("music")
    write_records(music)
    with supysonic(tmp_path_factory.mktemp("supysonic"), music) as url:
        yield url


def readme_commands() -> list[list[str]]:
    """The commands with which the README comes to one's own library."""
    (block,) = re.findall(r"## Your own library\n+```\n(.*?)```", README.read_text(), re.DOTALL)
    return [shlex.split(line) for line in block.splitlines()]


def test_the_commands_of_the_readme_lead_to_ones_own_library(url: str, tmp_path: Path) -> None:
    make, add, sync = readme_commands()
    assert make == ["make", "demo"]
    # The reader's server is another one.
    own = {"plex": "subsonic", "http://nas:32400": url}
    added = run_pymap(
        *(own.get(word, word) for word in add[1:]), "--user", USER, "--token-file", "-",
        home=tmp_path, stdin=PASSWORD.encode(),
    )  # fmt: skip
    assert (added.returncode, added.stderr) == (0, "")
    done = run_pymap(*sync[1:], home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    tracks = sum(len(titles) for *_, titles in RECORDS)
    assert re.findall(r"(\w+) +(\d+)", done.stdout.split("created", 1)[1]) == [
        ("album", str(len(RECORDS))),
        ("artist", str(len(RECORDS))),
        ("track", str(tracks)),
    ]


def test_supysonic_gets_the_password_after_the_hash(url: str) -> None:
    assert list(pymap.fetch.contents(Server(type="subsonic", url=url, user=USER, token=PASSWORD))) == [
        "artists",
        "albums",
        "songs",
    ]
    with pytest.raises(FetchError, match="error 40: Wrong username or password"):
        pymap.fetch.contents(Server(type="subsonic", url=url, user=USER, token="wrong"))


def test_pages_of_two_are_whole(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pymap.fetch.subsonic._PAGE_SIZE", 2)
    server = Server(type="subsonic", url=url, user=USER, token=PASSWORD, libraries=("Music",))
    answers = [page["subsonic-response"]["searchResult3"] for page in pymap.fetch.pages(server)]
    titles = [song["title"] for answer in answers for song in answer.get("song", [])]
    assert sorted(titles) == sorted(title for *_, titles in RECORDS for title in titles)
    assert max(len(answer.get("song", [])) for answer in answers) == 2
