"""Charts as inline SVG for the page of a summary: strings in, strings out, no script, no style of their own.

A chart is drawn for a column about 360 units wide, so that its text can be read on a phone and in half a page
alike. Each has a `key` (unique on its page), a title and a description for a screen reader; the exact figures
stand in a table beside it.
Colours are classes, set by the page for light, dark and paper.
"""

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from math import ceil, floor, log10
from typing import NamedTuple

WIDTH = 360
_LEFT, _RIGHT = 34, 6  # room for the scale, and beside the last mark


class MonthBars(NamedTuple):
    """A month of the cash flow: money in and out, both >= 0; `whole` False where the month is not complete."""

    label: str  # 'Mar', '2026' where a year begins
    name: str  # 'March 2026'
    quarter: bool  # whether a quarter begins: those are the months that are named where there are many
    money_in: Decimal
    money_out: Decimal
    whole: bool


class Bar(NamedTuple):
    label: str
    value: Decimal
    text: str  # the value as people read it
    note: str = ""  # beside it, fainter


class Point(NamedTuple):
    """A value at a place from 0 to 1 along the axis."""

    at: float
    value: Decimal
    title: str


class Covered(NamedTuple):
    """An account's days along the axis, from 0 to 1: from where to where there are statements, and of that
    the spans that none covers and those that two do, with what they are for people."""

    label: str
    note: str
    span: tuple[float, float]
    gaps: Sequence[tuple[float, float, str]]
    overlaps: Sequence[tuple[float, float, str]]


def cash_flow(months: Sequence[MonthBars], *, key: str, title: str, about: str) -> str:
    """Money in above the line, money out below it, what is left of it as a dot."""
    height, top, bottom = 216, 12, 24
    most = max((max(month.money_in, month.money_out) for month in months), default=Decimal(1)) or Decimal(1)
    step = _step(most, 3)
    limit = step * ceil(most / step)
    middle = top + (height - top - bottom) / 2
    scale = float((height - top - bottom) / 2) / float(limit)
    slot = (WIDTH - _LEFT - _RIGHT) / len(months)
    wide = min(slot * 0.62, 26)
    parts = []
    for turn in range(-int(limit / step), int(limit / step) + 1):
        y = middle - float(step * turn) * scale
        parts.append(_grid(y, compact(abs(step * turn)), strong=turn == 0))
    dots = []
    for place, month in enumerate(months):
        center = _LEFT + slot * (place + 0.5)
        faint = "" if month.whole else " part"
        up, down = float(month.money_in) * scale, float(month.money_out) * scale
        net = month.money_in - month.money_out
        parts.append(
            f'<g><title>{escape(month.name)}: in {amount(month.money_in)}, out {amount(month.money_out)}, '
            f"net {amount(net, sign=True)}</title>"
            f"{_bar(center - wide / 2, middle - up, wide, up, 'in' + faint, up=True)}"
            f"{_bar(center - wide / 2, middle, wide, down, 'out' + faint, up=False)}</g>"
        )
        dots.append((center, middle - float(net) * scale))
        if len(months) <= 8 or month.quarter:
            parts.append(_text(center, height - 6, month.label, "middle"))
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
    parts.append(f'<polyline class="net" points="{line}"/>')
    size = 2.6 if len(months) <= 12 else 1.9
    parts += [f'<circle class="net" cx="{x:.1f}" cy="{y:.1f}" r="{size}"/>' for x, y in dots]
    return _svg(height, parts, key, title, about)


def bars(items: Sequence[Bar], *, key: str, title: str, about: str) -> str:
    """A bar for each item, most first, its name above it."""
    pitch = 34
    most = max((item.value for item in items), default=Decimal(1)) or Decimal(1)
    parts = []
    for place, item in enumerate(items):
        y = place * pitch
        length = max(float(item.value / most) * WIDTH, 2)
        parts.append(
            f"{_named(item, y + 13)}"
            f'<rect class="track" x="0" y="{y + 19}" width="{WIDTH}" height="7" rx="3.5"/>'
            f'<rect class="bar" x="0" y="{y + 19}" width="{length:.1f}" height="7" rx="3.5"/>'
        )
    return _svg(len(items) * pitch, parts, key, title, about)


def changes(items: Sequence[Bar], *, key: str, title: str, about: str) -> str:
    """More to the right, less to the left of a line in the middle."""
    pitch, half = 34, WIDTH / 2
    most = max((abs(item.value) for item in items), default=Decimal(1)) or Decimal(1)
    parts = [f'<line class="axis" x1="{half}" y1="0" x2="{half}" y2="{len(items) * pitch - 4}"/>']
    for place, item in enumerate(items):
        y = place * pitch
        length = max(float(abs(item.value) / most) * half, 2)
        x, kind = (half, "out") if item.value > 0 else (half - length, "in")
        parts.append(
            f"{_named(item, y + 13)}"
            f'<rect class="{kind}" x="{x:.1f}" y="{y + 19}" width="{length:.1f}" height="7" rx="3.5"/>'
        )
    return _svg(len(items) * pitch, parts, key, title, about)


def line(points: Sequence[Point], ends: tuple[str, str], *, key: str, title: str, about: str, steps: bool = False) -> str:
    """A value over time, its area filled to zero; `steps` where it holds until the next point."""
    height, top, bottom = 190, 12, 24
    values = [point.value for point in points]
    least, most = min(*values, Decimal(0)), max(*values, Decimal(0))
    step = _step(max(most - least, Decimal(1)), 4)
    low, high = step * floor(least / step), step * max(ceil(most / step), floor(least / step) + 1)
    scale = (height - top - bottom) / float(high - low)

    def x(at: float) -> float:
        return _LEFT + at * (WIDTH - _LEFT - _RIGHT)

    def y(value: Decimal) -> float:
        return top + float(high - value) * scale

    turns = range(int(low / step), int(high / step) + 1)
    parts = [_grid(y(step * turn), compact(step * turn), strong=turn == 0) for turn in turns]
    places: list[tuple[float, float]] = []
    for point in points:
        if steps and places:
            places.append((x(point.at), places[-1][1]))
        places.append((x(point.at), y(point.value)))
    path = " ".join(f"{a:.1f},{b:.1f}" for a, b in places)
    zero = y(Decimal(0))
    parts.append(f'<polygon class="area" points="{places[0][0]:.1f},{zero:.1f} {path} {places[-1][0]:.1f},{zero:.1f}"/>')
    parts.append(f'<polyline class="line" points="{path}"/>')
    if len(points) <= 40:
        parts += [
            f'<circle class="line" cx="{x(p.at):.1f}" cy="{y(p.value):.1f}" r="2.6"><title>{escape(p.title)}</title></circle>'
            for p in points
        ]
    parts.append(_text(_LEFT, height - 6, ends[0], "start"))
    parts.append(_text(WIDTH - _RIGHT, height - 6, ends[1], "end"))
    return _svg(height, parts, key, title, about)


def coverage(
    items: Sequence[Covered], ends: tuple[str, str], *, key: str, title: str, about: str
) -> str:
    """A bar for each account where statements cover it; a gap is an empty frame, an overlap a second bar on it."""
    pitch, bottom = 46, 20
    parts = []
    for place, item in enumerate(items):
        y = place * pitch
        parts.append(_text(0, y + 13, item.label, "start", "label"))
        parts.append(_text(WIDTH, y + 13, item.note, "end"))
        parts.append(f'<rect class="track" x="0" y="{y + 20}" width="{WIDTH}" height="12" rx="3"/>')
        parts.append(_span(*item.span, y + 20, 12, "bar", ""))
        parts += [_span(first, last, y + 20, 12, "gap", name) for first, last, name in item.gaps]
        parts += [_span(first, last, y + 17, 18, "twice", name) for first, last, name in item.overlaps]
    height = len(items) * pitch + bottom
    parts.append(_text(0, height - 6, ends[0], "start"))
    parts.append(_text(WIDTH, height - 6, ends[1], "end"))
    return _svg(height, parts, key, title, about)


def _span(first: float, last: float, y: float, height: float, kind: str, name: str) -> str:
    """From one place to another, wide enough to be seen."""
    width = max((last - first) * WIDTH, 2.5)
    x = min(first * WIDTH, WIDTH - width)
    title = f"<title>{escape(name)}</title>" if name else ""
    return f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" rx="2">{title}</rect>'


def spark(values: Sequence[Decimal], *, title: str) -> str:
    """A small row of bars, one a month, within a line of text."""
    width, height = 132, 34
    most = max((*values, Decimal(0))) or Decimal(1)
    slot = width / max(len(values), 1)
    parts = []
    for place, value in enumerate(values):
        tall = max(float(max(value, Decimal(0)) / most) * (height - 2), 1)
        parts.append(
            f'<rect class="bar" x="{place * slot + slot * 0.14:.1f}" y="{height - tall:.1f}" '
            f'width="{slot * 0.72:.1f}" height="{tall:.1f}" rx="1.5"/>'
        )
    return (
        f'<svg class="spark" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def amount(value: Decimal, *, sign: bool = False) -> str:
    """`1,234.50`, as the rest of the program writes it."""
    return f"{value:{'+' if sign else ''},f}"


def compact(value: Decimal) -> str:
    """A figure of a scale: `0`, `250`, `1.5k`, `2M`."""
    size = abs(value)
    for limit, unit in ((Decimal(1_000_000_000), "B"), (Decimal(1_000_000), "M"), (Decimal(1000), "k")):
        if size >= limit:
            return f"{(value / limit).normalize():f}{unit}"
    return f"{value.normalize():f}"


def _step(most: Decimal, steps: int) -> Decimal:
    """The roundest step (1, 2 or 5 times a power of ten) that divides `most` into about so many."""
    rough = float(most) / steps
    power = Decimal(10) ** floor(log10(rough)) if rough > 0 else Decimal(1)
    return next(
        (power * factor for factor in (1, 2, 5) if float(power * factor) >= rough * 0.999), power * 10
    )


def _bar(x: float, y: float, width: float, height: float, kind: str, *, up: bool) -> str:
    """A bar with its far end rounded."""
    if height < 0.05:
        return ""
    r = min(3.0, width / 2, height)
    tip = -r if up else r
    root, side = (y + height, -(height - r)) if up else (y, height - r)
    path = (
        f"M{x:.1f},{root:.1f}v{side:.1f}q0,{tip:.1f} {r:.1f},{tip:.1f}h{width - 2 * r:.1f}"
        f"q{r:.1f},0 {r:.1f},{-tip:.1f}v{-side:.1f}z"
    )
    return f'<path class="{kind}" d="{path}"/>'


def _named(item: Bar, y: float) -> str:
    """What a bar is and its figure, on the line above it."""
    note = f'<tspan class="scale" dx="6">{escape(item.note)}</tspan>' if item.note else ""
    figure = f'<text class="figure" x="{WIDTH}" y="{y:.1f}" text-anchor="end">{escape(item.text)}{note}</text>'
    return _text(0, y, item.label, "start", "label") + figure


def _grid(y: float, text: str, *, strong: bool) -> str:
    kind = "axis" if strong else "grid"
    return (
        f'<line class="{kind}" x1="{_LEFT}" y1="{y:.1f}" x2="{WIDTH - _RIGHT}" y2="{y:.1f}"/>'
        f"{_text(_LEFT - 5, y + 3.5, text, 'end')}"
    )


def _text(x: float, y: float, text: str, anchor: str, kind: str = "scale") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(height: int, parts: Sequence[str], key: str, title: str, about: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{key}-t {key}-d">'
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(about)}</desc>'
        f"{''.join(parts)}</svg>"
    )
