"""Two kinds of charts as plain SVG: grouped bars, and lines on logarithmic axes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, floor, log10
from statistics import median
from xml.sax.saxutils import escape

WIDTH = 860
LEFT, RIGHT, TOP, BOTTOM = 350, 70, 70, 30
BAR, GAP = 15, 12
#: A bar is cut at so many times the median of all.
CUT = 4
#: Told apart by those who don't see red or green, too.
COLOURS = ("#4477aa", "#ee7733", "#228833", "#aa3377", "#66ccee", "#bbbb33")
MISSED = "#cc0000"


def bars(title: str, values: Mapping[str, Mapping[str, float]], targets: Mapping[str, float]) -> str:
    """Return horizontal bars: for each category one of each series, and a line where its target is.

    What is far above the others is cut, or they could not be seen.
    """
    series = list(dict.fromkeys(name for category in values.values() for name in category))
    lengths = [value for category in values.values() for value in category.values()]
    most = max([*targets.values(), min(max(lengths), CUT * median(lengths))])
    scale = (WIDTH - LEFT - RIGHT) / (most or 1)
    parts = list(_legend(series, note="line: the most that it should be" if targets else ""))
    top = float(TOP)
    for category, numbers in values.items():
        height = BAR * len(numbers)
        parts.append(_text(LEFT - 8, top + height / 2 + 4, category, anchor="end"))
        for place, (name, value) in enumerate(numbers.items()):
            y = top + place * BAR
            missed = value > targets.get(category, value)
            width = max(min(value, most) * scale, 1)
            parts.append(
                f'<rect x="{LEFT}" y="{y:.1f}" width="{width:.1f}" height="{BAR - 2}"'
                f' fill="{COLOURS[series.index(name) % len(COLOURS)]}"/>'
            )
            if value > most:
                parts.append(_line(LEFT + width - 16, y + BAR, LEFT + width - 8, y - 2, "#fff", width=4))
            parts.append(_text(LEFT + width + 5, y + BAR - 4, f"{value:,.2f}", colour=MISSED if missed else "#222"))
        if category in targets:
            x = LEFT + targets[category] * scale
            parts.append(_line(x, top - 3, x, top + height + 1, "#000", width=2))
        top += height + GAP
    parts.append(_line(LEFT, TOP - 5, LEFT, top - GAP + 5, "#888"))
    return _document(title, top + BOTTOM - GAP, parts)


def lines(title: str, series: Mapping[str, Sequence[tuple[float, float]]], x_name: str, y_name: str) -> str:
    """Return one line for each series, both axes logarithmic."""
    height, left = 460, 70
    points = [point for line in series.values() for point in line]
    (x_low, x_high), (y_low, y_high) = (_decades(point[axis] for point in points) for axis in (0, 1))

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            left + (log10(x) - x_low) / (x_high - x_low) * (WIDTH - left - RIGHT),
            height - 50 - (log10(y) - y_low) / (y_high - y_low) * (height - 50 - TOP),
        )

    parts = list(_legend(list(series), left=left))
    for power in range(x_low, x_high + 1):
        x, y = place(10.0**power, 10.0**y_low)
        parts += [_line(x, TOP, x, y, "#ddd"), _text(x, y + 18, f"{10.0**power:,.10g}", anchor="middle")]
    for power in range(y_low, y_high + 1):
        x, y = place(10.0**x_low, 10.0**power)
        parts += [_line(x, y, WIDTH - RIGHT, y, "#ddd"), _text(x - 6, y + 4, f"{10.0**power:,.10g}", anchor="end")]
    for line, colour in zip(series.values(), COLOURS, strict=False):
        places = [place(*point) for point in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places]
    parts.append(_text((WIDTH + left - RIGHT) / 2, height - 8, x_name, anchor="middle"))
    parts.append(_text(8, TOP - 10, y_name))
    return _document(title, height, parts)


def _decades(values: Iterable[float]) -> tuple[int, int]:
    logs = [log10(value) for value in values]
    low = floor(min(logs))
    return low, max(ceil(max(logs)), low + 1)


def _legend(names: Sequence[str], *, left: float = LEFT, note: str = "") -> Iterable[str]:
    x = left
    for name, colour in zip(names, COLOURS, strict=False):
        yield f'<rect x="{x:.0f}" y="36" width="12" height="12" fill="{colour}"/>'
        yield _text(x + 17, 46, name)
        x += 40 + 7 * len(name)
    yield _text(8, 46, note, colour="#666")


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: int = 1) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", colour: str = "#222", size: int = 13) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" font-size="{size}">{escape(text)}</text>'
    )


def _document(title: str, height: float, parts: Iterable[str]) -> str:
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}"'
            f' viewBox="0 0 {WIDTH} {height:.0f}" font-family="DejaVu Sans, Arial, sans-serif">',
            f'<rect width="{WIDTH}" height="{height:.0f}" fill="#fff"/>',
            _text(8, 22, title, size=16),
            *parts,
            "</svg>\n",
        )
    )
