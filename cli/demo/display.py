"""Progress and results of the demo: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.demo.steps.base import Display, Row


class Lines:
    """One line whenever something changes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: dict[str, str] = {}

    def show(self, label: str, fraction: float, message: str) -> None:
        """Print a line if the message is new."""
        if self._last.get(label) != message:
            self._last[label] = message
            self._console.print(f"  {fraction:4.0%}  {label}  {message}", highlight=False, markup=False, soft_wrap=True)


class Bars:
    """One bar for each label."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def show(self, label: str, fraction: float, message: str) -> None:
        """Move the bar."""
        if label not in self._tasks:
            self._tasks[label] = self._progress.add_task(label, total=1.0, message="")
        self._progress.update(self._tasks[label], completed=fraction, message=message)


@contextmanager
def live(console: Console) -> Iterator[Display]:
    """A place to show progress, right for what the console is."""
    if not console.is_terminal:
        yield Lines(console)
        return
    columns = (
        TextColumn("  {task.description}"),
        BarColumn(24),
        TextColumn("{task.fields[message]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield Bars(progress)


def results_table(rows: Sequence[Row], folder: Path) -> Table:
    """What was asked, and what came of it. The files lie in one folder, which is named once."""
    table = Table(title=f"What came out, in {folder}", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Asked", overflow="fold")
    table.add_column("Status")
    for heading in ("Waited s", "Ran s", "Attempts"):
        table.add_column(heading, justify="right")
    table.add_column("What came out", overflow="fold")
    for row in rows:
        numbers = (_figure(row.waited), _figure(row.ran), str(row.attempts or ""))
        table.add_row(escape(row.asked), row.status, *numbers, escape(row.came_out))
    return table


def print_excerpts(rows: Sequence[Row], console: Console) -> None:
    """Some of what came out, as it reads."""
    for row in rows:
        if row.excerpt:
            console.print(f"\n{row.asked}", style="bold", highlight=False, markup=False)
            for line in row.excerpt:
                console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)


def print_table(table: Table) -> None:
    """Fit the table to the terminal; where there is none, a row stays one line."""
    console = Console()
    if not console.is_terminal:
        wide = console.options.update(width=1000)
        console = Console(width=Measurement.get(console, wide, table).maximum)
    console.print(table)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
