"""The SQL reference says what the database says: every signature, and the output of every example."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"

_SIGNATURES = """
select p.proname,
       format('%s(%s) returns %s', p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid))
from pg_proc as p
where p.pronamespace = 'pymap'::regnamespace and p.proname !~ '^_'
order by p.proname
"""


def _normalised_signature(signature: str) -> str:
    without_casts = re.sub(r"::\w+(\[\])?", "", signature.lower())
    return re.sub(r"\s*([(),])\s*", r"\1", " ".join(without_casts.split()))


def _normalised_output(output: str) -> list[list[str]]:
    """Cells of every line, without padding, rulers and blank lines."""
    lines = [[cell.strip() for cell in line.split("|")] for line in output.splitlines()]
    return [cells for cells in lines if not re.fullmatch(r"[-+ ]*", "".join(cells))]


def _pages() -> dict[str, str]:
    """The pages of the reference in the order of the site's navigation: their examples build on each other."""
    names = re.findall(r"reference/([\w-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(names) == sorted(file.name for file in REFERENCE.glob("*.md"))
    return {name: (REFERENCE / name).read_text(encoding="utf-8") for name in names}


def _sections() -> dict[str, str]:
    """What is said of each function."""
    parts = [re.split(r"^## `(\w+)`\n", text, flags=re.MULTILINE)[1:] for text in _pages().values()]
    pairs = [pair for part in parts for pair in zip(part[::2], part[1::2], strict=True)]
    assert len(pairs) == len(dict(pairs)), "a function that has two sections"
    return dict(pairs)


def render(connection: psycopg.Connection[Any], statement: str) -> str:
    """Run a statement and return what psql shows, with the SQLSTATE of an error (``VERBOSITY verbose``)."""
    try:
        cursor = connection.execute(statement.encode())
    except psycopg.Error as error:
        diagnostic = error.diag
        parts = (
            ("ERROR:  ", f"{error.sqlstate}: {diagnostic.message_primary}"),
            ("DETAIL:  ", diagnostic.message_detail),
            ("HINT:  ", diagnostic.message_hint),
        )
        return "\n".join(label + text for label, text in parts if text)
    result = cursor.pgresult
    assert result is not None
    if cursor.description is None:
        return cursor.statusmessage or ""
    rows = [[column.name for column in cursor.description]]
    for row in range(result.ntuples):
        values = (result.get_value(row, column) for column in range(result.nfields))
        rows.append(["" if value is None else value.decode() for value in values])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "-+-".join("-" * width for width in widths))
    count = result.ntuples
    return "\n".join([*lines, f"({count} row{'' if count == 1 else 's'})"])


def test_every_function_has_a_section_with_its_signature(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        expected = {name: _normalised_signature(signature) for name, signature in connection.execute(_SIGNATURES)}
    found = {}
    for name, section in _sections().items():
        signature = re.search(r"^```\n(.*?)```$", section, flags=re.MULTILINE | re.DOTALL)
        found[name] = _normalised_signature(signature[1]) if signature else None
    assert found == expected


def test_every_section_names_its_parameters_its_source_and_has_an_example() -> None:
    for name, section in _sections().items():
        signature = section.split("```")[1].split(") returns")[0]
        listed = [line.split(":")[0] for line in re.findall(r"^- (`p_.*)$", section, flags=re.MULTILINE)]
        named = re.findall(r"`(p_\w+)`", " ".join(listed))
        assert named == [p for p in re.findall(r"\b(p_\w+) \w", signature) if p != "p_tenant_id"], name
        source = re.search(r"\*\*Source\*\*: \[\w+\.sql\]\(\.\./\.\./(sql/functions/\w+/(\w+)\.sql)\)", section)
        assert source, name
        assert source[2] == name
        assert (ROOT / source[1]).is_file(), source[1]
        assert "```sql\n" in section, name


def test_every_section_names_the_role_that_may_call_the_function(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        is_for_readers = dict(
            connection.execute("""
                select proname, has_function_privilege('pymap_reader', oid, 'execute') from pg_proc
                where pronamespace = 'pymap'::regnamespace and proname !~ '^_'
            """).fetchall()
        )
    for name, section in _sections().items():
        grant = re.search(r"^\*\*Grant\*\*: `(\w+)`", section, flags=re.MULTILINE)
        assert grant, name
        assert grant[1] == ("pymap_reader" if is_for_readers[name] else "pymap_writer"), name


def test_the_first_page_lists_every_function() -> None:
    pages = _pages()
    listed = re.findall(r"^\| \[(\w+)\]\(([\w-]+\.md)#(\w+)\) \|", pages["index.md"], flags=re.MULTILINE)
    assert {name for name, *_ in listed} == _sections().keys()
    for name, page, anchor in listed:
        assert f"## `{name}`\n" in pages[page]
        assert anchor == name


def test_every_example_gives_the_output_shown(dsn: str) -> None:
    text = "\n".join(_pages().values())
    examples = re.findall(r"^```sql\n(.*?)^```\n+```text\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    assert len(examples) == text.count("```sql\n") > 80, "an example without output"
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement, shown in examples:
            actual = render(connection, statement)
            if _normalised_output(actual) != _normalised_output(shown):
                pytest.fail(f"{statement}\nreally gives\n\n{actual}")
