"""Makes what docs/ shows of the program: the commands of command-line.md and the demo's table, demo.svg.

python docs/make.py, in an environment with pymap-media[test]
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.text import Text

from pymap.embedded import start_embedded_server

DOCS = Path(__file__).resolve().parent
COMMAND_LINE = DOCS / "command-line.md"
BEGIN, END = "<!-- commands: begin -->", "<!-- commands: end -->"
DEMO = DOCS / "demo.svg"
#: The parts of the demo's table that the picture has, and its columns.
MEDIA_TYPES = {"movie", "series", "track"}
WIDTH = 110


def commands() -> str:
    """Return the help of all commands, with the marks of its place in the page."""
    typer = Path(sys.executable).with_name("typer")
    done = subprocess.run(
        [typer, "pymap.cli", "utils", "docs", "--name", "pymap"],
        check=True, capture_output=True, text=True, env=os.environ | {"COLUMNS": "100", "NO_COLOR": "1"},
    )  # fmt: skip
    _, _, text = done.stdout.partition("\n## ")
    text = re.sub(r" <(?:list\[)?(\w+)\]?>`", lambda match: f" {match[1].upper()}`", "## " + text)
    text = re.sub(r"\n{3,}", "\n\n", text.replace("**Usage**:", "").replace("```console", "```"))
    return f"{BEGIN}\n\n{text.strip()}\n\n{END}"


def demo(dsn: str) -> list[str]:
    """Run the demo on a server and return the lines of its table that the picture has."""
    done = subprocess.run(
        [Path(sys.executable).with_name("pymap"), "demo", "--dsn", dsn],
        check=True, capture_output=True, text=True, env=os.environ | {"COLUMNS": str(WIDTH), "NO_COLOR": "1"},
    )  # fmt: skip
    head, *sections = re.split(r"^ {5}(\w+) *$", done.stdout, flags=re.MULTILINE)
    *_, columns = head.rstrip().splitlines()
    lines = [columns.rstrip()]
    for media_type, rows in zip(sections[::2], sections[1::2], strict=True):
        rows, _, last = rows.partition("\n\n")
        if media_type in MEDIA_TYPES:
            lines += [f"     {media_type}", *(row.rstrip() for row in rows.strip("\n").splitlines())]
    return [*lines, "", last.splitlines()[0]]


def picture(lines: list[str]) -> str:
    """Return the lines of the table as a picture."""
    sys.path.insert(0, str(DOCS / "screens"))
    from make import svg  # The same frame as the screens.

    shown = Text("\n").join(
        Text(line, "bold" if number == 0 or re.fullmatch(r" {5}\w+", line) else "") for number, line in enumerate(lines)
    )
    return svg("demo", WIDTH, shown, title="pymap demo")


def main() -> None:
    """Write both anew."""
    page = COMMAND_LINE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    COMMAND_LINE.write_text(f"{before}{commands()}{rest.partition(END)[2]}", encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        DEMO.write_text(picture(demo(start_embedded_server(Path(folder) / "data"))), encoding="utf-8")


if __name__ == "__main__":
    main()
