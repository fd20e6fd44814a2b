"""Makes the screens in this folder: what the commands print on terminals of 60 and of 120 columns.

python -m docs.screens.make, in a clone, in an environment with pymap-media[test]
"""

from __future__ import annotations

import json
import shlex
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path

import psycopg
import pyte
from psycopg.conninfo import make_conninfo
from rich.console import Console
from rich.style import Style
from rich.text import Text

import pymap
from pymap.cli import progress
from pymap.embedded import start_embedded_server
from tests.command_line import LISTINGS, Terminal, run_pymap

FOLDER = Path(__file__).resolve().parent
WIDTHS = (60, 120)
_ROWS = 200
_ACTOR = {"PGOPTIONS": "-c pymap.actor=anna"}
CLIENTS = {"plex": 1, "jellyfin": 2, "emby": 3, "kodi": 4, "subsonic": 5}
#: A server that does not say which Solaris it has.
UNSURE = [{"itemId": "s1", "type": "movie", "title": "Solaris"}]

#: Each screen with the commands that are typed on it. If one asks: what the question ends with, and the answer.
SCREENS: dict[str, list[tuple[str, ...]]] = {
    "help": [("pymap --help",)],
    "sync": [
        ("pymap sync trakt-collection-movies.json trakt-history.json --client 6 --type Trakt",),
        ("pymap sync unsure.json --client 7 --type own",),
        ("pymap clients",),
    ],
    "show": [("pymap search matrix",), ("pymap show 1",)],
    "look-up": [
        ("pymap lookup 008cd48905daa7655315fe380d46a313 --client 2",),
        ("pymap translate 101 108 --from 1 --to 2",),
        ("pymap lookup 101 --client 9",),
    ],
    "why": [("pymap why 4102 --client 3",), ("pymap history 1 --limit 3",)],
    "review": [("pymap review", "quit:", "q\n")],
    "merge": [("pymap merge 9 10", "[y/N]", "n\n"), ("pymap distinct 9 10",)],
}

#: rich's own, but without fonts from somebody's server.
_SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: Consolas, Menlo, "DejaVu Sans Mono", monospace; font-size: {char_height}px;
line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: arial, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
</g>
</g>
</svg>
"""


def fill(dsn: str, folder: Path) -> None:
    """Put the example listings of five servers into a database, and the files that the screens name into a folder."""
    pymap.migrate(dsn)
    for client_type, client_id in CLIENTS.items():
        files = sorted(LISTINGS.glob(f"{client_type}*.json"))
        options = ("--client", client_id, "--type", client_type, "--quiet", "--dsn", dsn)
        done = run_pymap("sync", *files, *options, home=folder, variables=_ACTOR)
        assert done.returncode == 0, done.stderr
    for file in LISTINGS.glob("trakt*.json"):
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "unsure.json").write_text(json.dumps(UNSURE), encoding="utf-8")


def screens(dsn: str, width: int, folder: Path) -> Iterator[tuple[str, Text]]:
    """Yield the name of each screen of a width and what stands on it; the database is filled, and they change it."""
    for name, commands in SCREENS.items():
        shown = ([Text(f"$ {line}", "bold"), _run(line, dialogue, width, dsn, folder)] for line, *dialogue in commands)
        yield name, Text("\n\n").join(Text("\n").join(lines) for lines in shown)
    yield "progress", Text.from_ansi(_progress(width))


def _run(line: str, dialogue: Sequence[str], width: int, dsn: str, folder: Path) -> Text:
    """Return what stands on a terminal when a command has ended."""
    variables = _ACTOR | {"TERM": "xterm-256color", "PYMAP_DSN": dsn, "TZ": "UTC"}
    command = shlex.split(line)[1:]
    with Terminal(*command, home=folder, variables=variables, width=width, height=_ROWS, folder=folder) as terminal:
        shown = ""
        if dialogue:
            question, answer = dialogue
            shown = terminal.read_to(question)
            terminal.type(answer)
        shown += terminal.read_rest()
    screen = pyte.Screen(width, _ROWS)
    pyte.Stream(screen).feed(shown.replace("\n", "\r\n"))
    return Text("\n").join(_line(screen.buffer[row], width) for row in range(screen.cursor.y))


def _line(cells: Mapping[int, pyte.screens.Char], width: int) -> Text:
    line = Text()
    for column in range(width):
        cell = cells[column]
        named = {"default": None, "brown": "yellow"}.get(cell.fg, cell.fg)
        color = f"#{named}" if named and len(named) == 6 and named.isalnum() and not named.isalpha() else named
        line.append(cell.data, Style(color=color, bold=cell.bold, italic=cell.italics))
    line.rstrip()
    return line


def _progress(width: int) -> str:
    """Return the progress of a sync of 60,000 entries in some of its moments."""
    now = 0.0
    progress.monotonic = lambda: now  # type: ignore[attr-defined]
    console = Console(width=width, file=StringIO(), force_terminal=True, color_system="truecolor")
    bar = progress.SyncProgress("jellyfin 2")
    bar.page(150, 300, 60_000)
    with console.capture() as capture:
        for seconds, phase, done in (
            (0, "upload", 0),
            (21, "upload", 30_000),
            (41, "matching", 0),
            (46, "matching", 20_000),
            (56, "writing", 0),
            (60, "writing", 50_000),
        ):
            now = seconds
            bar.report(phase, done, None if phase == "upload" else 60_000)
            if done:
                console.print(bar)
    return capture.get()


def svg(name: str, width: int, shown: Text, title: str | None = None) -> str:
    """Return a screen as a picture."""
    console = Console(record=True, width=width, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(shown)
    return console.export_svg(title=title or f"{width} columns", code_format=_SVG, unique_id=f"{name}-{width}")


def main() -> None:
    """Make all screens, on an embedded server of their own."""
    with tempfile.TemporaryDirectory() as folder:
        server = start_embedded_server(Path(folder) / "data")
        for width in WIDTHS:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"create database columns_{width}".encode())
            dsn = make_conninfo(server, dbname=f"columns_{width}")
            fill(dsn, Path(folder))
            for name, shown in screens(dsn, width, Path(folder)):
                (FOLDER / f"{name}-{width}.svg").write_text(svg(name, width, shown), encoding="utf-8")


if __name__ == "__main__":
    main()
