"""Tables for people: what does not fit into the terminal is printed field by field, and nothing is cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pymap.cli.common import console

#: Columns of what somebody copies or adds up: they are never folded.
_WHOLE = ("ID", "item", "Event", "When", "Weight", "changed")
#: Columns of text that is hard to read in a narrower column.
_LEAST_WIDTHS = {"What": 30, "By media type": 40}


class Figure(int):
    """A number that is read as one, in contrast to an ID."""


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """Print rows under headings, or each row as a list of its fields if the table would be too wide."""
    cells = [[_cell(value) for value in row] for row in rows]
    table = _table(headings, cells, title)
    console.print(table if fits(table) else _records(headings, cells, title))


def fits(table: Table) -> bool:
    """Tell whether a table has room without a word of it being folded or cut."""
    anywhere = console.options.update(width=10_000)
    return console.measure(table, options=anywhere).minimum <= console.width


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, Figure) else escape(str(value))


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], title: str | None) -> Table:
    table = Table(
        title=title and escape(title), box=box.SIMPLE_HEAD, show_edge=False, title_justify="left", pad_edge=False
    )
    for position, heading in enumerate(headings):
        column = [row[position] for row in rows if row[position] != "-"]
        is_number = bool(column) and all(map(_is_number, column))
        table.add_column(
            heading,
            justify="right" if is_number else "left",
            overflow="fold",
            no_wrap=heading.endswith(_WHOLE),
            min_width=_LEAST_WIDTHS.get(heading),
        )
    for row in rows:
        table.add_row(*row)
    return table


def _is_number(cell: str) -> bool:
    return cell.replace(",", "").lstrip("+-").isdigit()


def _records(headings: Sequence[str], rows: Sequence[Sequence[str]], title: str | None) -> RenderableType:
    parts: list[RenderableType] = [Text(title, style="italic"), ""] if title else []
    for row in rows:
        parts += [fields(zip(headings, row, strict=True)), ""]
    return Group(*parts[:-1])


def fields(named: Iterable[tuple[str, str]], indent: int = 0, name_width: int = 0) -> Table:
    """Return a list of names, in a column of some width at least, with their values, folded if they have to be."""
    grid = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    grid.add_column(no_wrap=True, style="bold", min_width=name_width)
    grid.add_column(overflow="fold")
    for name, value in named:
        grid.add_row(" " * indent + name, value)
    return grid
