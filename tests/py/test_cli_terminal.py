"""The command line on terminals of all widths: progress, colors, Ctrl-C, shell completion, what is never cut."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from rich.console import Console

import pymap
from pymap.cli.progress import SyncProgress
from tests.command_line import LISTINGS, PYMAP, Terminal, environment, run_pymap

WIDTHS = (40, 60, 120)
GUID = "008cd48905daa7655315fe380d46a313"
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def drawn(progress: SyncProgress, width: int) -> str:
    console = Console(width=width, file=StringIO(), force_terminal=True, color_system=None)
    with console.capture() as capture:
        console.print(progress)
    return capture.get().rstrip("\n")


# Progress


def at(seconds: float, phase: str, done: int, total: int | None, monkeypatch: pytest.MonkeyPatch) -> SyncProgress:
    """A progress of which a phase has taken some seconds, after 60 seconds of others."""
    now = 1_000.0
    monkeypatch.setattr("pymap.cli.progress.monotonic", lambda: now)
    progress = SyncProgress("jellyfin 12")
    now += 60
    progress.report(phase, 0, total)
    now += seconds
    progress.report(phase, done, total)
    return progress


@pytest.mark.parametrize("width", WIDTHS)
def test_the_bar_gives_way_and_the_figures_stay(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    line = drawn(at(20, "matching", 40_000, 60_000, monkeypatch), width)
    assert len(line) <= width
    assert "\n" not in line
    assert line.endswith("matching  40,000/60,000  1:20, 0:10 left" if width < 60 else "40,000/60,000  1:20, 0:10 left")
    assert ("━" in line) == (width >= 60)
    assert line.startswith("jellyfin 12: matching") == (width >= 60)


def test_the_bar_fills(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    lengths = []
    for done in (15_000, 30_000, 60_000):
        console = Console(width=120, file=StringIO(), force_terminal=True, color_system="standard")
        with console.capture() as capture:
            console.print(at(20, "writing", done, 60_000, monkeypatch))
        # The part that is done has a color of its own.
        lengths.append(len(re.findall(r"━", capture.get().split("\x1b[0m")[0])))
    assert lengths[0] < lengths[1] < lengths[2]


@pytest.mark.parametrize(
    ("seconds", "phase", "done", "total"),
    [
        (0.1, "matching", 10, 60_000),
        (20, "matching", 0, 60_000),
        (20, "matching", 60_000, 60_000),
        (20, "upload", 10, None),
    ],
    ids=["too early", "of nothing", "at the end", "of nobody knows what"],
)
def test_the_time_left_is_not_guessed(
    seconds: float, phase: str, done: int, total: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "left" not in drawn(at(seconds, phase, done, total, monkeypatch), 120)


def test_the_time_left_counts_down_until_the_next_report(monkeypatch: pytest.MonkeyPatch) -> None:
    progress = at(20, "matching", 40_000, 60_000, monkeypatch)
    for now, left in ((1_083.0, "1:23, 0:07 left"), (1_200.0, "3:20, 0:00 left")):
        monkeypatch.setattr("pymap.cli.progress.monotonic", lambda now=now: now)
        assert left in drawn(progress, 120)


def test_a_page_says_how_many_there_are_until_the_entries_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    progress = at(20, "upload", 0, None, monkeypatch)
    progress.page(2, 5, None)
    progress.report("upload", 12_000, None)
    assert "upload" in drawn(progress, 120)
    assert "12,000, page 2 of 5  1:20" in drawn(progress, 120)
    progress.page(5, 5, 60_000)
    progress.report("upload", 30_000, None)
    assert "30,000/60,000, page 5 of 5  1:20, 1:20 left" in drawn(progress, 120)


def test_hours_are_shown_as_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "1:01:00, 1:00:00 left" in drawn(at(3_600, "matching", 1, 2, monkeypatch), 120)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_sync_shows_its_progress_in_one_line(dsn: str, tmp_path: Path, width: int) -> None:
    listing = tmp_path / "listing.json"
    items = [{"itemId": f"{n}", "type": "movie", "title": f"Film {n}", "year": 1990} for n in range(6_000)]
    listing.write_text(json.dumps(items))
    shown = _CONTROL.sub(
        "\n", on_terminal(width, "sync", listing, "--client", 1, "--type", "own", dsn=dsn, home=tmp_path)
    )
    lines = {line.strip() for line in shown.replace("\r", "\n").splitlines()}
    assert max(map(len, lines)) <= width
    assert "…" not in shown
    assert "/6,000  0:0" in shown
    assert any(phase in shown for phase in ("reading", "matching", "writing"))
    assert "created" in shown


@pytest.mark.parametrize("options", [["--quiet"], ["--quiet", "--dry-run"]], ids=str)
def test_quiet_prints_neither_progress_nor_summary_but_warnings(dsn: str, tmp_path: Path, options: list[str]) -> None:
    arguments = ("sync", LISTINGS / "plex-movies.json", "--client", 1, "--type", "plex", *options)
    shown = on_terminal(200, *arguments, dsn=dsn, home=tmp_path)
    assert _CONTROL.sub("", shown).splitlines() == [
        'not mapped: The type "clip" has no pymap media type. '
        '{"type": "clip", "title": "The Matrix: Trailer", "ratingKey": "117"}'
    ]


def test_a_quiet_migrate_says_nothing(dsn: str, tmp_path: Path) -> None:
    done = run_pymap("migrate", "--quiet", "--dsn", dsn, home=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def on_terminal(width: int, *arguments: object, dsn: str, home: Path, **variables: str) -> str:
    """Return all that pymap shows on a terminal of a width."""
    shown = {"PYMAP_DSN": dsn, "TERM": "xterm-256color", **variables}
    with Terminal(*arguments, home=home, variables=shown, width=width) as terminal:
        return terminal.read_rest()


def test_ctrl_c_during_a_sync_is_one_line(dsn: str, tmp_path: Path) -> None:
    """The server is at work: it waits for a lock that the test holds."""
    process = None
    with psycopg.connect(dsn) as holder, psycopg.connect(dsn, autocommit=True) as observer:
        holder.execute("select from pymap.locks where name = 'identity' for update")
        process = subprocess.Popen(
            [PYMAP, "sync", LISTINGS / "emby.json", "--client", "3", "--type", "emby", "--dsn", dsn],
            env=environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        for _ in range(300):
            waits = observer.execute("select count(*) from pg_locks where not granted").fetchone()
            if waits != (0,):
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        said, error = process.communicate(timeout=30)
    assert (process.returncode, said, error) == (130, b"", b"pymap: interrupted, nothing was written\n")
    with psycopg.connect(dsn) as connection:
        assert pymap.ClientMediaItemHelper(connection).get_clients() == []


# What is shown


def test_no_color_drops_bold_and_italics_too(dsn: str, tmp_path: Path) -> None:
    run_pymap("sync", LISTINGS / "emby.json", "--client", 3, "--type", "emby", "--dsn", dsn, home=tmp_path)
    for command in (["show", 1], ["clients"], ["why", "4102", "--client", 3], ["sync", "--help"]):
        plain = on_terminal(100, *command, dsn=dsn, home=tmp_path, NO_COLOR="1")
        assert re.findall(r"\x1b\[[0-9;]*m", plain) == [], command
        assert "\x1b[" in on_terminal(100, *command, dsn=dsn, home=tmp_path), command


@pytest.mark.parametrize("width", [60, 80, 120])
def test_ids_are_never_cut_and_nothing_is_wider_than_the_terminal(dsn: str, tmp_path: Path, width: int) -> None:
    for client, type_ in ((2, "jellyfin"), (3, "emby")):
        listing = LISTINGS / f"{type_}.json"
        run_pymap("sync", listing, "--client", client, "--type", type_, "--dsn", dsn, home=tmp_path)
    with psycopg.connect(dsn, autocommit=True) as connection:
        item = pymap.ClientMediaItemHelper(connection).get_media_item_by_client_id(2, GUID)
    for command in (
        ["lookup", GUID, "--client", 2],
        ["translate", GUID, "--from", 2, "--to", 3],
        ["show", item],
        ["history", item],
        ["why", GUID, "--client", 2],
    ):
        shown = run_pymap(*command, home=tmp_path, variables={"PYMAP_DSN": dsn, "COLUMNS": str(width)}).stdout
        assert GUID in shown, command
        assert max(map(len, shown.splitlines())) <= width, command


def test_the_demo_shows_every_id_whole_also_on_a_narrow_terminal(tmp_path: Path) -> None:
    for width in (60, 120):
        done = run_pymap("demo", home=tmp_path, variables={"COLUMNS": str(width)})
        assert (done.returncode, done.stderr) == (0, "")
        assert "…" not in done.stdout.partition("Any language")[0]
        assert GUID in done.stdout


def test_the_shell_completes_commands_and_options(tmp_path: Path) -> None:
    def completed(words: str, position: int) -> list[str]:
        variables = {"_PYMAP_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(position)}
        return run_pymap(home=tmp_path, variables=variables).stdout.split()

    assert completed("pymap re", 1) == ["remove-client", "review"]
    assert completed("pymap sync --max", 2) == ["--max-removed"]
