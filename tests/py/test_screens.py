"""docs/screens shows what the commands print today."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict

from docs.screens import make
from tests.conftest import Server

_TEXT = re.compile(r'<text class="[\w-]+-r\d+" x="([\d.]+)" y="([\d.]+)"[^>]*>(.*?)</text>')
#: How many event IDs are drawn before depends on the server's version.
_EVENT = re.compile(r"^Event\d+$|^\d+(?=TIME)")
_TIME = re.compile(r"\d{4}-\d\d-\d\d ?\d\d:\d\d")


def text_of(svg: str) -> list[str]:
    """The lines of a picture, without the spaces between the words, times and events' IDs."""
    lines: defaultdict[float, list[tuple[float, str]]] = defaultdict(list)
    for x, y, text in _TEXT.findall(svg):
        lines[float(y)].append((float(x), html.unescape(text).replace("\xa0", " ")))
    shown = ["".join(text for _, text in sorted(parts)) for _, parts in sorted(lines.items())]
    without_times = ["".join(_TIME.sub("TIME", line).split()) for line in shown if line.strip()]
    return [_EVENT.sub("EVENT", line) for line in without_times]


@pytest.fixture(scope="module")
def filled(server: Server, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The database and the folder that the screens are made of."""
    folder = tmp_path_factory.mktemp("screens")
    with server.database(template) as dsn:
        make.fill(dsn, folder)
        yield conninfo_to_dict(dsn)["dbname"], folder


@pytest.mark.parametrize("width", [60, 120])
def test_the_screens_are_what_the_commands_print(
    server: Server, filled: tuple[str, Path], width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, folder = filled
    monkeypatch.setattr("pymap.cli.progress.monotonic", lambda: 0.0)  # The script has a clock of its own.
    monkeypatch.delenv("NO_COLOR", raising=False)
    with server.database(database) as dsn:
        today = {name: make.svg(name, width, shown) for name, shown in make.screens(dsn, width, folder)}
    committed = {file.stem: file.read_text(encoding="utf-8") for file in make.FOLDER.glob(f"*-{width}.svg")}
    assert {f"{name}-{width}" for name in today} == committed.keys()
    for name, svg in today.items():
        assert len(text_of(svg)) >= 3
        assert text_of(svg) == text_of(committed[f"{name}-{width}"]), name


def test_the_screens_are_linked_from_the_command_line_page_and_load_nothing() -> None:
    page = (make.FOLDER.parent / "command-line.md").read_text(encoding="utf-8")
    files = sorted(make.FOLDER.glob("*.svg"))
    assert len(files) > 10
    for file in files:
        assert f"(screens/{file.name})" in page
        assert set(re.findall(r"https?://[^\"' )]+", file.read_text(encoding="utf-8"))) <= {
            "http://www.w3.org/2000/svg"
        }
