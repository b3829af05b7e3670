"""Charts that Office has no native form for, as tables: a matrix of risks, and a calendar of milestones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from exporters.charts import fifth_of, shade
from exporters.document import BarChart, Column, LineChart, Milestone, RiskMatrix, Table, Timeline, Tone, Value
from exporters.formatting import Formatter
from exporters.labels import label, status_tone
from exporters.office_text import MARKS
from exporters.pdf_tables import Cell

_FIFTHS = range(5)


@dataclass(frozen=True, slots=True)
class GridCell:
    """The risks of one probability and impact, on the colour of their gravity."""

    text: str
    fill: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A matrix of risks: impacts across, probabilities down, the likeliest first."""

    corner: str
    impacts: tuple[str, ...]
    rows: tuple[tuple[str, tuple[GridCell, ...]], ...]


def risk_grid(chart: RiskMatrix, formatter: Formatter) -> Grid:
    """The matrix as it is drawn, with the risks' keys in its cells."""
    words = formatter.language
    rows = tuple((_share(row, formatter), _cells(chart, row)) for row in reversed(_FIFTHS))
    return Grid(
        f"{label('probability', words)} \\ {label('matrix_impact', words)}", (*chart.bands, *("",) * 5)[:5], rows
    )


def _share(row: int, formatter: Formatter) -> str:
    return f"{20 * row}\N{EN DASH}{formatter.percent(Decimal(row + 1) / 5)}"


def _cells(chart: RiskMatrix, row: int) -> tuple[GridCell, ...]:
    return tuple(
        GridCell(
            ", ".join(
                one.key for one in chart.points if (fifth_of(one.probability), fifth_of(one.impact)) == (row, column)
            ),
            shade((row + 1) * (column + 1))[1:].upper(),
        )
        for column in _FIFTHS
    )


def milestones_table(chart: Timeline, formatter: Formatter) -> Table:
    """The milestones with their planned and expected dates."""
    words = formatter.language
    columns = (
        Column(key="name", title=label("item", words)),
        Column(key="planned", title=label("planned", words), kind="date"),
        Column(key="expected", title=label("expected", words), kind="date"),
        Column(key="status", title=label("status", words), kind="status"),
    )
    return Table(title=chart.title, columns=columns, rows=tuple(map(_milestone, chart.milestones)))


def _milestone(one: Milestone) -> tuple[Value, ...]:
    return (one.name, one.planned, one.expected, one.status or ("met" if one.reached else None))


def names_all(tables: Sequence[Table], chart: Timeline) -> bool:
    """Whether one of the tables has every milestone with its dates already."""
    wanted = [{one.name, one.planned, one.expected} - {None} for one in chart.milestones]
    return any(all(any(told <= set(row) for row in table.rows) for told in wanted) for table in tables)


def spoken(chart: Timeline) -> str:
    """What a drawing of the milestones would show, in sentences."""
    return chart.alternative if chart.finding in chart.alternative else f"{chart.finding} {chart.alternative}"


def data_table(chart: LineChart | BarChart, formatter: Formatter) -> Table:
    """The numbers of a chart that can't be drawn."""
    first = label("month" if isinstance(chart, LineChart) else "item", formatter.language)
    columns = (
        Column(key="category", title=first),
        *(Column(key=f"series-{n}", title=one.name, kind=chart.kind) for n, one in enumerate(chart.series)),
    )
    rows = tuple(
        (category, *(one.values[n] if n < len(one.values) else None for one in chart.series))
        for n, category in enumerate(chart.categories)
    )
    return Table(title=chart.title, columns=columns, rows=rows)


def cell_tone(cell: Cell) -> Tone:
    """How a status is to be taken; any other cell is neutral."""
    return status_tone(str(cell.raw)) if cell.column.kind == "status" and cell.raw else "neutral"


def marked(cell: Cell) -> str:
    """A cell's text, a status with the mark of its tone."""
    return MARKS[cell_tone(cell)] + cell.text
