"""What was measured, with the target that it has, and how it is printed and kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One number. The target is the most that it should be; the size is the number of entries, if that varies."""

    group: str
    section: str
    subject: str
    measure: str
    value: float
    target: float | None = None
    size: int | None = None

    @property
    def missed(self) -> bool:
        """Whether it is above its target."""
        return self.target is not None and self.value > self.target


def number(value: float) -> str:
    """Return a number with the digits that matter."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def beside_target(figure: Figure) -> str:
    """Return a figure as it is compared with its target."""
    if figure.target is None:
        return number(figure.value)
    return f"{number(figure.value)} {'>' if figure.missed else '≤'} {number(figure.target)}"


def rows(figures: Iterable[Figure]) -> dict[str, dict[str, dict[str, Figure]]]:
    """Return figures by section, subject and measure."""
    sections: dict[str, dict[str, dict[str, Figure]]] = {}
    for figure in figures:
        sections.setdefault(figure.section, {}).setdefault(figure.subject, {})[figure.measure] = figure
    return sections


def table(figures: list[Figure]) -> Table:
    """Return the figures of one group: a row for each subject, a column for each measure."""
    measures = list(dict.fromkeys(figure.measure for figure in figures))
    result = Table("", *measures, box=None, padding=(0, 1))
    result.columns[0].no_wrap = True
    for column in result.columns[1:]:
        column.justify = "right"
    for section, subjects in rows(figures).items():
        result.add_row(f"[bold]{section}[/bold]")
        for subject, values in subjects.items():
            result.add_row(f"  {subject}", *(_cell(values.get(measure)) for measure in measures))
    return result


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    text = beside_target(figure)
    return f"[red]{text}[/red]" if figure.missed else text


def write(file: Path, server: dict[str, Any], figures: list[Figure]) -> None:
    """Keep what one run has measured."""
    content = {**server, "figures": [asdict(figure) for figure in figures]}
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def read(file: Path) -> tuple[dict[str, Any], list[Figure]]:
    """Return what ``write`` has kept."""
    content = json.loads(file.read_text())
    return content, [Figure(**figure) for figure in content.pop("figures")]
