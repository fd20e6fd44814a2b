"""Draws what ``pymap bench --json`` has written: ``python -m benchmarks.plot 15.json 16.json 18.json``.

Writes docs/plots/*.svg, and the tables in docs/performance.md between its two marks. One file for each server.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from .figures import Figure, beside_target, number, read
from .svg import bars, lines

DOCS = Path(__file__).resolve().parents[1] / "docs"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
RATIO = "ratio"

#: What each server has measured, by its name.
Runs = dict[str, list[Figure]]
Wanted = Callable[[Figure], bool]
Key = tuple[str, str, str, str]


def main(files: list[Path]) -> None:
    """Draw the figures of one run on each server."""
    runs: Runs = {}
    for file in files:
        server, figures = read(file)
        runs[f"PostgreSQL {server['server'].split()[0]}"] = figures
    plots = DOCS / "plots"
    plots.mkdir(exist_ok=True)
    for name, content in _plots(runs).items():
        if content:
            (plots / f"{name}.svg").write_text(content)
    page = DOCS / "performance.md"
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{_tables(runs)}\n{END}{after}")


def _plots(runs: Runs) -> dict[str, str]:
    """Return the plots by name, empty if nothing of that kind was measured."""
    newest = list(runs)[-1]
    syncs = [figure for figure in runs[newest] if figure.group == "sync" and figure.measure == "s"]
    by_step: dict[str, list[tuple[float, float]]] = {}
    for figure in syncs:
        by_step.setdefault(figure.subject, []).append((figure.size or 1, figure.value))
    return {
        "sync-ratio": _bars(
            "Sync: time as a multiple of the bare statements", runs,
            lambda figure: figure.group == "sync" and figure.measure == RATIO,
            lambda figure: f"{figure.subject}, {figure.section}",
        ),
        "sync-states": _bars(
            "Sync of a new database, and after deletes: multiple of the bare statements", runs,
            lambda figure: figure.group in ("no statistics", "after deletes") and figure.measure == RATIO,
            lambda figure: f"{figure.group}: {figure.subject}, {(figure.size or 0):,}",
        ),
        "sync-time": lines(f"Sync: seconds by entries, {newest}", by_step, "entries", "seconds") if by_step else "",
        "lookups": _bars(
            "Look-ups: time as a multiple of an own mapping table", runs,
            lambda figure: figure.group == "lookups" and figure.measure == RATIO and _is_function(figure),
            lambda figure: figure.section if "row-level" in figure.section else figure.subject,
        ),
        "writes": _bars(
            "Writes: time as a multiple of statements by hand", runs,
            lambda figure: figure.group == "writes" and figure.measure == RATIO and _is_function(figure),
            lambda figure: f"{figure.section}{' (batch)' if figure.subject.endswith('mappings') else ''}",
        ),
    }  # fmt: skip


def _is_function(figure: Figure) -> bool:
    """Whether it is pymap's one answer to the raw query, not a third way."""
    return not any(mark in figure.subject for mark in ("own", "@>", "×", "the same"))


def _bars(title: str, runs: Runs, wanted: Wanted, label: Callable[[Figure], str]) -> str:
    values: dict[str, dict[str, float]] = {}
    targets = {}
    for server, figures in runs.items():
        for figure in filter(wanted, figures):
            values.setdefault(label(figure), {})[server] = figure.value
            if figure.target is not None:
                targets[label(figure)] = figure.target
    return bars(title, values, targets) if values else ""


def _tables(runs: Runs) -> str:
    with_target = _table(
        runs, ("measured", "", "of what"), lambda figure: figure.target is not None,
        lambda figure: f"{figure.subject}: {figure.measure}", beside_target,
    )  # fmt: skip
    seconds = _table(
        runs, ("sync", "", "seconds"), lambda figure: figure.measure == "s", lambda figure: figure.subject,
        lambda figure: number(figure.value),
    )  # fmt: skip
    return f"\nFigures and the most that they should be; what is above it is bold.\n\n{with_target}\n\n{seconds}\n"


def _table(
    runs: Runs,
    headings: tuple[str, ...],
    wanted: Wanted,
    subject: Callable[[Figure], str],
    cell: Callable[[Figure], str],
) -> str:
    rows: dict[Key, dict[str, Figure]] = {}
    for server, figures in runs.items():
        for figure in filter(wanted, figures):
            rows.setdefault((figure.group, figure.section, figure.subject, figure.measure), {})[server] = figure
    table = [_row([*headings, *runs]), _row(["---"] * len(headings) + ["--:"] * len(runs))]
    for (group, section, _, _), values in rows.items():
        cells = [_bold(values[server], cell) if server in values else "" for server in runs]
        table.append(_row([group, section, subject(next(iter(values.values()))), *cells]))
    return "\n".join(table)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _bold(figure: Figure, cell: Callable[[Figure], str]) -> str:
    return f"**{cell(figure)}**" if figure.missed else cell(figure)


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    main([Path(name) for name in sys.argv[1:]])
