"""A small SVG writer: enough for the charts of a report, the same bytes for the same drawing."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

FONT_SIZE = 11.0  # CSS pixels, 8.25 points: the smallest text of a report
_AVERAGE_ADVANCE = 0.48  # of Source Sans 3, in em, on the wide side for running text


class Svg:
    """A drawing of a given size, with the title and description that stand in for it."""

    def __init__(self, width: float, height: float, *, title: str, description: str) -> None:
        self.width, self.height = width, height
        self._parts = [f"<title>{escape(title)}</title>", f"<desc>{escape(description)}</desc>"]

    def shape(self, tag: str, **attributes: str | float) -> None:
        """A shape without content, e.g. `shape("line", x1=0, …)`; underscores stand for hyphens."""
        self._parts.append(f"<{tag}{_attributes(attributes)}/>")

    def line(self, x1: float, y1: float, x2: float, y2: float, **attributes: str | float) -> None:
        """A straight line."""
        self.shape("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)

    def rect(self, x: float, y: float, width: float, height: float, **attributes: str | float) -> None:
        """An upright rectangle; a negative size draws nothing."""
        self.shape("rect", x=x, y=y, width=max(width, 0), height=max(height, 0), **attributes)

    def polygon(self, points: list[tuple[float, float]], **attributes: str | float) -> None:
        """A closed shape through the points."""
        self.shape("polygon", points=_points(points), **attributes)

    def polyline(self, points: list[tuple[float, float]], **attributes: str | float) -> None:
        """An open line through the points."""
        self.shape("polyline", points=_points(points), fill="none", **attributes)

    def text(self, x: float, y: float, text: str, **attributes: str | float) -> None:
        """One line of text."""
        given = {"font_size": FONT_SIZE, "fill": "#222b36", **attributes}
        self._parts.append(f"<text{_attributes({'x': x, 'y': y, **given})}>{escape(text)}</text>")

    def render(self) -> str:
        """The drawing as an `svg` element."""
        size = f'width="{_number(self.width)}" height="{_number(self.height)}"'
        box = f'viewBox="0 0 {_number(self.width)} {_number(self.height)}"'
        family = "font-family=\"'Source Sans 3', 'Source Sans 3 Ext', sans-serif\""
        return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} {box} {family}>{"".join(self._parts)}</svg>'


def text_width(text: str, size: float = FONT_SIZE) -> float:
    """About how wide a text is drawn."""
    return len(text) * size * _AVERAGE_ADVANCE


def wrapped(text: str, width: float, lines: int = 2) -> list[str]:
    """A text on at most `lines` lines of about `width`; what doesn't fit ends in an ellipsis."""
    limit = max(int(width / (FONT_SIZE * _AVERAGE_ADVANCE)), 4)
    made: list[str] = []
    rest = " ".join(text.split())
    while rest and len(made) < lines:
        cut = len(rest) if len(rest) <= limit else max(rest.rfind(" ", 0, limit + 1), 0) or limit
        made.append(rest[:cut])
        rest = rest[cut:].lstrip()
    if rest:
        made[-1] = made[-1][: limit - 1].rstrip() + "…"
    return made


def _attributes(attributes: dict[str, str | float]) -> str:
    return "".join(f" {name.replace('_', '-')}={quoteattr(_value(value))}" for name, value in attributes.items())


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
