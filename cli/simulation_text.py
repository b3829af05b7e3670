"""A simulation as a person reads it: percentiles, probabilities, drivers and the S-curve, within 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

WIDTH = 80
BAR_WIDTH = 12
CURVE_WIDTH = 50
CURVE_ROWS = 11
BLOCKS = " ▏▎▍▌▋▊▉█"
SHOWN_DRIVERS = 10
EXCERPT_DRIVERS = 2
LEVELS = "▁▂▃▄▅▆▇█"
MILLION, THOUSAND = 1_000_000, 1_000
# What none or all of the iterations did is not impossible or certain.
NEVER, ALWAYS = "under 0.1 %", "over 99.9 %"
ALMOST_NEVER, ALMOST_ALWAYS = 0.001, 0.999


def summary_lines(summary: Mapping[str, Any]) -> list[str]:
    """Everything, in order."""
    return [
        *percentile_lines(summary),
        "",
        *probability_lines(summary),
        "",
        "What moves them most (rank correlation):",
        *driver_lines(summary["tornado"], shown=SHOWN_DRIVERS),
        "",
        f"Probability of costing no more than so many {scale_of(summary['s_curve']['cost'])[1]} {summary['currency']}:",
        *cost_curve_lines(summary["s_curve"]["cost"], rows=CURVE_ROWS),
        "",
        "Probability of being finished by:",
        *finish_curve_lines(summary["s_curve"]["finish"], rows=CURVE_ROWS),
    ]


def excerpt_lines(summary: Mapping[str, Any]) -> tuple[str, ...]:
    """The few lines that say the most."""
    cost, schedule, currency = summary["cost"], summary["schedule"], summary["currency"]
    found, finish = cost["percentiles"], schedule["percentiles"]
    set_aside, planned = cost["contingency"], money(cost["baseline"])
    cost_curve, finish_curve = summary["s_curve"]["cost"], summary["s_curve"]["finish"]
    kept = (
        (f"within {money(cost['target'])}", cost["probability_within_target"]),
        (f"by {schedule['target']}", schedule["probability_by_target"]),
        ("both", summary["joint_probability"]),
    )
    return (
        f"Cost:   P50 {money(found['p50'])}, P80 {money(found['p80'])}; as planned {planned} {currency}",
        f"Contingency beside the plan: P50 {money(set_aside['p50'])}, P80 {money(set_aside['p80'])} {currency}",
        f"Finish: P50 {finish['p50']}, P80 {finish['p80']}; as planned {schedule['baseline']}",
        "Probability " + ", ".join(f"{label}: {percent(probability)}" for label, probability in kept),
        *driver_lines(summary["tornado"], shown=EXCERPT_DRIVERS),
        f"S-curve of cost:   {money(cost_curve[0][0])} {sparkline(cost_curve)} {money(cost_curve[-1][0])}",
        f"S-curve of finish: {finish_curve[0][0]} {sparkline(finish_curve)} {finish_curve[-1][0]}",
    )


def percentile_lines(summary: Mapping[str, Any]) -> Iterator[str]:
    """The table of percentiles, with the contingency that each asks for."""
    cost, schedule = summary["cost"], summary["schedule"]
    yield f"{'':12}{'cost (' + summary['currency'] + ')':>16}{'contingency':>16}{'finish':>14}"
    yield f"{'as planned':12}{money(cost['baseline']):>16}{'':16}{schedule['baseline']:>14}"
    for name, amount in cost["percentiles"].items():
        set_aside = money(amount - cost["baseline"])
        yield f"{name.upper():12}{money(amount):>16}{set_aside:>16}{schedule['percentiles'][name]:>14}"


def probability_lines(summary: Mapping[str, Any]) -> Iterator[str]:
    """How likely the targets are kept."""
    cost, schedule = summary["cost"], summary["schedule"]
    for label, probability in (
        (f"within {money(cost['target'])} {summary['currency']}", cost["probability_within_target"]),
        (f"by {schedule['target']}", schedule["probability_by_target"]),
        ("both", summary["joint_probability"]),
    ):
        yield f"{label:28}{percent(probability):>16}"


def driver_lines(tornado: Sequence[Mapping[str, Any]], *, shown: int) -> Iterator[str]:
    """The tornado: a bar for each driver, as long as its correlation."""
    if not tornado:
        yield "  nothing: all comes out as planned"
    for one in tornado[:shown]:
        name = clipped(one["name"], WIDTH - BAR_WIDTH - 19)
        yield f"  {bar(abs(one['correlation']), BAR_WIDTH)} {one['correlation']:5.2f} {one['effect']:6}  {name}"


def cost_curve_lines(curve: Sequence[Sequence[Any]], *, rows: int) -> Iterator[str]:
    """The S-curve of the cost, an amount a row."""
    scale, _ = scale_of(curve)
    for amount, probability in thinned(curve, rows):
        yield curve_line(f"{amount / scale:,.2f}", probability)


def scale_of(curve: Sequence[Sequence[Any]]) -> tuple[int, str]:
    """What amounts are told in."""
    return (MILLION, "million") if abs(curve[-1][0]) >= MILLION else (THOUSAND, "thousand")


def finish_curve_lines(curve: Sequence[Sequence[Any]], *, rows: int) -> Iterator[str]:
    """The S-curve of the finish, a day a row."""
    for day, probability in thinned(curve, rows):
        yield curve_line(day, probability)


def curve_line(label: str, probability: float) -> str:
    """A row of an S-curve."""
    return f"  {label:>10} {bar(probability, CURVE_WIDTH)} {probability:4.0%}"


def thinned(points: Sequence[Sequence[Any]], rows: int) -> Iterator[Sequence[Any]]:
    """So many of the points, both ends included, at even steps."""
    last = len(points) - 1
    numbers = sorted({round(row * last / max(rows - 1, 1)) for row in range(rows)})
    return (points[number] for number in numbers)


def bar(share: float, width: int) -> str:
    """A bar in eighths of a column."""
    eighths = round(share * width * 8)
    full, rest = divmod(eighths, 8)
    return (BLOCKS[8] * full + (BLOCKS[rest] if rest else "")).ljust(width)


def sparkline(curve: Sequence[Sequence[Any]]) -> str:
    """An S-curve in one line."""
    return "".join(LEVELS[min(int(probability * len(LEVELS)), len(LEVELS) - 1)] for _, probability in curve)


def clipped(text: str, width: int) -> str:
    """The text, with an ellipsis where it is longer."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def money(amount: float) -> str:
    """Whole units."""
    return f"{amount:,.0f}"


def percent(probability: float) -> str:
    """A probability, never more certain than iterations can tell."""
    if probability < ALMOST_NEVER:
        return NEVER
    if probability > ALMOST_ALWAYS:
        return ALWAYS
    return f"{100 * probability:.1f} %"
