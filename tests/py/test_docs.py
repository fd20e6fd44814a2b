"""The pages of the documentation: links, numbers, tests and commands that they name, and what is generated."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

import pymap.cli
from tests.py.test_screens import text_of
from tests.servers import start_server

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md")), *sorted((ROOT / "examples").rglob("*.md"))]
#: Pages of the site that stand elsewhere in a clone.
MOVED = {"contributing.md", "changelog.md", "guides/languages.md"}
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The anchors of a page, as the site and the usual forges make them."""
    headings = _HEADING.findall(_CODE.sub("", text(page)))
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for link in re.findall(r"\]\(([^)\s]+)\)", _CODE.sub("", text(page))):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if re.match(r"[\w+.-]+:", link):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert dead == []


def test_every_page_is_in_the_navigation() -> None:
    listed = set(re.findall(r"(\S+\.md)$", text(ROOT / "mkdocs.yml"), re.MULTILINE))
    assert {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} == listed - MOVED


def test_the_readme_is_short_and_has_two_commands_to_set_up() -> None:
    readme = text(ROOT / "README.md")
    assert len(readme.splitlines()) <= 150
    assert set(re.findall(r"^make (\w+)$", readme, re.MULTILINE)) == {"demo", "test"}


def test_decisions_are_numbered() -> None:
    numbers = re.findall(r"^### (.*?) ", text(DOCS / "decisions.md"), re.MULTILINE)
    assert len(numbers) > 60
    assert sorted(numbers, key=lambda number: int(number[:-1])) == [f"{n}." for n in range(1, len(numbers) + 1)]


def test_every_guarantee_names_tests_that_exist() -> None:
    existing = set(re.findall(r"^def (test_\w+)", "\n".join(map(text, (ROOT / "tests" / "py").glob("*.py"))), re.M))
    rows = re.findall(r"^\| (.*) \| (.*) \|$", text(DOCS / "reliability.md"), re.MULTILINE)
    guarantees = [tests for guarantee, tests in rows if guarantee not in ("guarantee", "---")]
    assert len(guarantees) > 25
    assert [tests for tests in guarantees if not re.findall(r"`(test_\w+)`", tests)] == []
    assert set(re.findall(r"`(test_\w+)`", text(DOCS / "reliability.md"))) - existing == set()


def commands() -> list[Any]:
    """Every command line of pymap in a code block, in a unit of systemd or in a crontab."""
    found = {}
    for page in PAGES:
        for block in _CODE.findall(text(page)):
            for line in re.findall(r"^(?:ExecStart=|[\d* ]+)?(?:\S*/)?pymap (.+)$", block, re.MULTILINE):
                found.setdefault(re.split(r" (?:>|<|\||--? )|  +#", line)[0].strip(), name(page))
    return [pytest.param(line, id=f"{page}: {line}") for line, page in found.items()]


@pytest.mark.parametrize("line", commands())
def test_every_command_line_has_options_that_exist(line: str) -> None:
    words = [word for word in shlex.split(line) if word != "[OPTIONS]"]
    result = CliRunner().invoke(pymap.cli.app, [*words, "--help"])
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="module")
def make() -> ModuleType:
    """The script that makes what is generated."""
    spec = importlib.util.spec_from_file_location("make_docs", DOCS / "make.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_the_command_line_is_what_help_says(make: ModuleType) -> None:
    assert make.commands() in text(DOCS / "command-line.md"), "out of date: run python docs/make.py"


def test_the_picture_of_the_demo_is_what_the_demo_shows(make: ModuleType) -> None:
    with start_server("embedded") as dsn:  # One of its own: the demo's database has a name that others use too.
        shown = text_of(make.picture(make.demo(dsn)))
    assert len(shown) > 30
    assert text_of(text(DOCS / "demo.svg")) == shown, "out of date: run python docs/make.py"


def test_the_pictures_load_nothing() -> None:
    pictures = sorted(DOCS.rglob("*.svg"))
    assert len(pictures) > 20
    for file in pictures:
        assert set(re.findall(r"https?://[^\"' )]+", text(file))) <= {"http://www.w3.org/2000/svg"}, name(file)
