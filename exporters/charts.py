"""The charts of a document as SVG: told apart by shape and stroke as well as by colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import floor, log10
from typing import cast

from exporters.document import BarChart, LineChart, Milestone, RiskMatrix, Series, Timeline, Tone
from exporters.formatting import Formatter
from exporters.labels import label
from exporters.svg import Svg, text_width, wrapped

WIDTH = 640.0
_GRID, _INK, _SOFT = "#d5dbe2", "#222b36", "#55606d"
# Okabe and Ito's palette, which the colour-blind can tell apart: https://jfly.uni-koeln.de/color/
_COLOURS = {"planned": "#5f6b78", "earned": "#005f9e", "actual": "#c2500a", "forecast": "#7a3b78", "other": "#00735c"}
_GRAVE = 15  # probability times impact, each from 1 to 5
_SHADES = ((_GRAVE, "#f3b69b"), (8, "#fadfc3"), (4, "#fbf3e2"), (0, "#f4f7f8"))
_DASHES = {"planned": "7 4", "earned": "none", "actual": "2 3", "forecast": "10 3 2 3", "other": "none"}
_TONES: dict[Tone, str] = {"good": "#00735c", "warning": "#b36b00", "bad": "#b3261e", "neutral": "#005f9e"}

AnyChart = LineChart | BarChart | RiskMatrix | Timeline


def draw(chart: AnyChart, formatter: Formatter) -> str:
    """A chart as an `svg` element 640 pixels wide, whose title is its text alternative."""
    artist = cast("Callable[[AnyChart, Formatter], Svg]", _ARTISTS[chart.chart])
    return artist(chart, formatter).render()


def _canvas(chart: AnyChart, height: float) -> Svg:
    return Svg(WIDTH, height, title=f"{chart.title}. {chart.alternative}", description=chart.finding)


def _line_chart(chart: LineChart, formatter: Formatter) -> Svg:
    left, right, top, height = 58.0, 118.0, 12.0, 218.0
    bottom = height - 26
    svg = _canvas(chart, height)
    values = [value for series in chart.series for value in series.values if value is not None]
    ticks = nice_ticks(min([*values, Decimal(0)]), max([*values, Decimal(0)]))
    low, high = ticks[0], ticks[-1]

    def x_of(index: int) -> float:
        return left + (WIDTH - left - right) * index / max(len(chart.categories) - 1, 1)

    def y_of(value: Decimal) -> float:
        return bottom - (bottom - top) * float((value - low) / (high - low))

    for tick in ticks:
        svg.line(left, y_of(tick), WIDTH - right, y_of(tick), stroke=_INK if tick == 0 else _GRID, stroke_width=0.8)
        svg.text(left - 6, y_of(tick) + 4, _tick(tick, chart.kind, formatter), text_anchor="end", fill=_SOFT)
    _category_labels(svg, chart.categories, x_of, bottom)
    for series in chart.series:
        _draw_line(svg, series, x_of, y_of)
    _end_labels(svg, chart, formatter, y_of)
    return svg


def _category_labels(svg: Svg, categories: Sequence[str], x_of: Callable[[int], float], bottom: float) -> None:
    """As many labels as fit, counted back from the last, which must be there."""
    step = -(-len(categories) // 8) or 1
    for index in range(len(categories) - 1, -1, -step):
        svg.line(x_of(index), bottom, x_of(index), bottom + 4, stroke=_SOFT, stroke_width=0.8)
        svg.text(x_of(index), bottom + 17, categories[index], text_anchor="middle", fill=_SOFT)


def _draw_line(svg: Svg, series: Series, x_of: Callable[[int], float], y_of: Callable[[Decimal], float]) -> None:
    colour = _COLOURS[series.role]
    run: list[tuple[float, float]] = []
    runs = [run]
    for index, value in enumerate(series.values):
        if value is None:
            runs.append(run := [])
        else:
            run.append((x_of(index), y_of(value)))
    for points in runs:
        if points:
            svg.polyline(
                points, stroke=colour, stroke_width=2.4, stroke_dasharray=_DASHES[series.role], stroke_linejoin="round"
            )
            _marker(svg, *points[-1], series.role)


def _marker(svg: Svg, x: float, y: float, role: str) -> None:
    colour = _COLOURS[role]
    if role == "planned":
        svg.shape("circle", cx=x, cy=y, r=4, fill="#ffffff", stroke=colour, stroke_width=1.8)
    elif role == "actual":
        svg.polygon([(x, y - 5), (x + 5, y + 4), (x - 5, y + 4)], fill=colour)
    else:
        svg.shape("circle", cx=x, cy=y, r=4.2, fill=colour)


def _end_labels(svg: Svg, chart: LineChart, formatter: Formatter, y_of: Callable[[Decimal], float]) -> None:
    """Each line is named where it ends, so that no legend has to be matched with it."""
    ends = [(y_of(last), series, last) for series in chart.series if (last := _last(series)) is not None]
    places = spread([y for y, _, _ in sorted(ends, key=lambda end: end[0])], gap=30, low=16, high=svg.height - 36)
    for y, (_, series, last) in zip(places, sorted(ends, key=lambda end: end[0]), strict=True):
        x = WIDTH - 118 + 14
        svg.text(x, y, series.name, fill=_COLOURS[series.role], font_weight=600)
        svg.text(x, y + 13, _tick(last, chart.kind, formatter, exact=True), fill=_INK)


def _last(series: Series) -> Decimal | None:
    return next((value for value in reversed(series.values) if value is not None), None)


def _bar_chart(chart: BarChart, formatter: Formatter) -> Svg:
    """A wide pale bar is the plan, a narrow dark one what happened, an upright stroke the forecast."""
    left, right, top = 226.0, 34.0, 30.0
    names = [wrapped(category, left - 14) for category in chart.categories]
    pitch = 22.0 if all(len(lines) == 1 for lines in names) else 27.0
    svg = _canvas(chart, top + pitch * len(chart.categories) + 24)
    values = [value for series in chart.series for value in series.values if value is not None]
    ticks = nice_ticks(min([*values, Decimal(0)]), max([*values, Decimal(0)]))

    def x_of(value: Decimal) -> float:
        return left + (WIDTH - left - right) * float((value - ticks[0]) / (ticks[-1] - ticks[0]))

    bottom = svg.height - 22
    for tick in ticks:
        svg.line(x_of(tick), top, x_of(tick), bottom, stroke=_INK if tick == 0 else _GRID, stroke_width=0.8)
        svg.text(x_of(tick), bottom + 15, _tick(tick, chart.kind, formatter), text_anchor="middle", fill=_SOFT)
    _bar_legend(svg, chart.series, left)
    for index, lines in enumerate(names):
        middle = top + pitch * index + pitch / 2
        _lines(svg, lines, left - 8, middle, "end")
        for series in chart.series:
            if (value := series.values[index]) is not None:
                _bar(svg, series.role, x_of(Decimal(0)), x_of(value), middle)
    return svg


def _bar(svg: Svg, role: str, zero: float, end: float, middle: float) -> None:
    start, width = min(zero, end), abs(end - zero)
    if role == "planned":
        svg.rect(start, middle - 8, width, 16, fill="#dfe5ec", stroke=_COLOURS[role], stroke_width=0.8)
    elif role == "forecast":
        svg.line(end, middle - 10, end, middle + 10, stroke=_COLOURS[role], stroke_width=3.2)
    else:
        svg.rect(start, middle - 3.5, width, 7, fill=_COLOURS["earned"] if role == "actual" else _COLOURS[role])


def _bar_legend(svg: Svg, series: Sequence[Series], left: float) -> None:
    x = left
    for one in series:
        if one.role == "forecast":
            svg.line(x + 9, 3, x + 9, 19, stroke=_COLOURS["forecast"], stroke_width=3.2)
        else:
            _bar(svg, one.role, x, x + 18, 11)
        svg.text(x + 24, 15, one.name)
        x += 24 + text_width(one.name) + 24


def _risk_matrix(chart: RiskMatrix, formatter: Formatter) -> Svg:
    """Five by five cells with the risks' numbers in them; darker means graver, and grave cells are outlined."""
    left, top, cell_width, cell_height = 98.0, 6.0, 106.0, 43.0
    svg = _canvas(chart, top + 5 * cell_height + 40)
    for row in range(5):
        y = top + (4 - row) * cell_height
        share = f"{20 * row}\N{EN DASH}{formatter.percent(Decimal(row + 1) / 5)}"
        svg.text(left - 8, y + cell_height / 2 + 4, share, text_anchor="end", fill=_SOFT)
        for column in range(5):
            _cell(svg, (left + column * cell_width, y, cell_width, cell_height), (row + 1) * (column + 1))
            keys = [
                point.key
                for point in chart.points
                if (fifth_of(point.probability), fifth_of(point.impact)) == (row, column)
            ]
            _cell_keys(svg, keys, left + column * cell_width, y, cell_width)
    base = top + 5 * cell_height
    for column, band in enumerate(chart.bands[:5]):
        svg.text(left + (column + 0.5) * cell_width, base + 15, band, text_anchor="middle", fill=_SOFT)
    words = formatter.language
    svg.text(left + 2.5 * cell_width, base + 32, label("matrix_impact", words), text_anchor="middle", font_weight=600)
    middle = top + 2.5 * cell_height
    svg.text(
        16,
        middle,
        label("probability", words),
        text_anchor="middle",
        font_weight=600,
        transform=f"rotate(-90 16 {middle})",
    )
    return svg


def fifth_of(share: float) -> int:
    """Which fifth of its scale a probability or an impact lies in, from 0 to 4."""
    return min(int(share * 5 - 1e-9), 4)


def shade(score: int) -> str:
    """The colour of a cell of the matrix by the product of its two fifths, each counted from 1."""
    return next(colour for least, colour in _SHADES if score >= least)


def _cell(svg: Svg, box: tuple[float, float, float, float], score: int) -> None:
    x, y, width, height = box
    svg.rect(x, y, width, height, fill=shade(score), stroke="#ffffff", stroke_width=1.5)
    if score >= _GRAVE:
        svg.rect(x + 1.5, y + 1.5, width - 3, height - 3, fill="none", stroke="#a33a12", stroke_width=1)


def _cell_keys(svg: Svg, keys: list[str], x: float, y: float, width: float) -> None:
    lines = wrapped(", ".join(key.replace(" ", "\N{NO-BREAK SPACE}") for key in keys), width - 8, lines=3)
    _lines(svg, lines, x + width / 2, y + 21.5, "middle")


def _timeline(chart: Timeline, formatter: Formatter) -> Svg:
    """One row for each milestone: a hollow diamond where it was planned, a filled mark where it is or will be."""
    left, right, top = 252.0, 18.0, 32.0
    names = [wrapped(one.name, left - 16) for one in chart.milestones]
    heights = [19.0 if len(lines) == 1 else 28.0 for lines in names]
    svg = _canvas(chart, top + sum(heights) + 22)
    days = [day for one in chart.milestones for day in (one.planned, one.expected) if day is not None]
    first, last = min([*days, *_today(chart)]), max([*days, *_today(chart)])
    span = max((last - first).days, 1)

    def x_of(day: date) -> float:
        return left + 8 + (WIDTH - left - right - 8) * (day - first).days / span

    bottom = svg.height - 20
    for quarter in quarters(first, last):
        svg.line(x_of(quarter), top - 4, x_of(quarter), bottom, stroke=_GRID, stroke_width=0.8)
        svg.text(x_of(quarter), bottom + 14, formatter.month_short(quarter), text_anchor="middle", fill=_SOFT)
    _timeline_legend(svg, formatter)
    y = top
    for milestone, lines, height in zip(chart.milestones, names, heights, strict=True):
        _lines(svg, lines, left - 8, y + height / 2, "end")
        _draw_milestone(svg, milestone, x_of, y + height / 2)
        y += height
    for today in _today(chart):
        svg.line(x_of(today), top - 6, x_of(today), bottom, stroke=_INK, stroke_width=1.2, stroke_dasharray="3 2")
        svg.text(x_of(today), top - 10, label("today", formatter.language), text_anchor="middle", font_weight=600)
    return svg


def _today(chart: Timeline) -> list[date]:
    return [chart.today] if chart.today is not None else []


def _draw_milestone(svg: Svg, milestone: Milestone, x_of: Callable[[date], float], y: float) -> None:
    planned, expected = x_of(milestone.planned), x_of(milestone.expected or milestone.planned)
    colour = _TONES["good"] if milestone.reached else _TONES[milestone.tone]
    if planned != expected:
        svg.line(planned, y, expected, y, stroke=colour, stroke_width=1.6)
    _diamond(svg, planned, y, 4.6, fill="#ffffff", stroke=_SOFT, stroke_width=1.2)
    _milestone_mark(svg, expected, y, colour, reached=milestone.reached)


def _milestone_mark(svg: Svg, x: float, y: float, colour: str, *, reached: bool) -> None:
    if reached:
        svg.shape("circle", cx=x, cy=y, r=4, fill=colour)
    else:
        svg.polygon([(x - 4.4, y - 4.2), (x + 4.4, y - 4.2), (x, y + 4.6)], fill=colour)


def _diamond(svg: Svg, x: float, y: float, r: float, **attributes: str | float) -> None:
    svg.polygon([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], **attributes)


def _timeline_legend(svg: Svg, formatter: Formatter) -> None:
    words = formatter.language
    x = 8.0
    _diamond(svg, x, 9, 4.6, fill="#ffffff", stroke=_SOFT, stroke_width=1.2)
    svg.text(x + 9, 13, label("planned", words))
    x += 30 + text_width(label("planned", words))
    _milestone_mark(svg, x, 9, _TONES["good"], reached=True)
    svg.text(x + 9, 13, label("reached", words))
    x += 30 + text_width(label("reached", words))
    _milestone_mark(svg, x, 9, _TONES["neutral"], reached=False)
    svg.text(x + 9, 13, label("expected", words))


def _lines(svg: Svg, lines: Sequence[str], x: float, middle: float, anchor: str) -> None:
    start = middle + 4 - 6.2 * (len(lines) - 1)
    for number, line in enumerate(lines):
        svg.text(x, start + 12.4 * number, line, text_anchor=anchor)


def nice_ticks(low: Decimal, high: Decimal, count: int = 5) -> list[Decimal]:
    """Round numbers that enclose the range, about `count` steps apart."""
    span = float(high - low) or 1.0
    power = Decimal(10) ** floor(log10(span / count))
    step = next(
        factor * power for factor in (1, 2, Decimal("2.5"), 5, 10) if float(factor * power) * count >= span * 0.999
    )
    start = (low / step).to_integral_value(rounding="ROUND_FLOOR") * step
    ticks = [start]
    while ticks[-1] < high or ticks == [start]:
        ticks.append(ticks[-1] + step)
    return ticks


def spread(places: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Ascending places moved apart to be at least `gap` from each other, within the bounds where they fit."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, low, moved[-1] + gap if moved else low))
    over = moved[-1] - high if moved else 0
    limit = high
    for index in range(len(moved) - 1, -1, -1) if over > 0 else ():
        moved[index] = min(moved[index], limit)
        limit = moved[index] - gap
    return moved


def quarters(first: date, last: date) -> list[date]:
    """First days of quarters within the range, thinned to at most eight; of months where the range is short."""
    months = 1 if (last - first) < timedelta(days=240) else 3
    starts = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13, months)
        if first <= date(year, month, 1) <= last
    ]
    return starts[:: -(-len(starts) // 8) or 1]


def _tick(value: Decimal, kind: str, formatter: Formatter, *, exact: bool = False) -> str:
    if kind == "money":
        return formatter.money(value) if exact else formatter.money_short(value)
    return formatter.percent(value) if kind == "percent" else formatter.decimal(value, 2, fixed=False)


_ARTISTS: dict[str, Callable[..., Svg]] = {
    "line": _line_chart,
    "bars": _bar_chart,
    "matrix": _risk_matrix,
    "timeline": _timeline,
}
