"""The exporters by format. What they need is imported when they first render, not when they are looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Protocol, cast

from contracts.errors import Permanent
from exporters.document import ReportDocument


class UnknownFormat(Permanent):
    """No exporter writes this format."""


class Exporter(Protocol):
    """Writes a report document in one format. The same document gives the same bytes."""

    @property
    def format(self) -> str:
        """The format's name, e.g. `pdf`."""

    @property
    def media_type(self) -> str:
        """What an HTTP response says of the file."""

    @property
    def extension(self) -> str:
        """The end of the file's name, with its dot."""

    def render(self, document: ReportDocument) -> bytes:
        """The whole file."""


@dataclass(frozen=True, slots=True)
class LazyExporter:
    """An exporter whose function `module:name` is imported at its first use."""

    format: str
    media_type: str
    extension: str
    target: str

    def load(self) -> Callable[[ReportDocument], bytes]:
        """Import the function."""
        module, _, name = self.target.partition(":")
        return cast("Callable[[ReportDocument], bytes]", getattr(import_module(module), name))

    def render(self, document: ReportDocument) -> bytes:
        """The whole file."""
        return self.load()(document)


EXPORTERS: Mapping[str, LazyExporter] = {
    "pdf": LazyExporter("pdf", "application/pdf", ".pdf", "exporters.pdf:render_pdf"),
    "excel": LazyExporter(
        "excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".xlsx",
        "exporters.excel:render_excel",
    ),
    "slides": LazyExporter("slides", "text/html; charset=utf-8", ".html", "exporters.slides:render_slides"),
    "word": LazyExporter(
        "word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".docx",
        "exporters.word:render_word",
    ),
    "powerpoint": LazyExporter(
        "powerpoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ".pptx",
        "exporters.powerpoint:render_powerpoint",
    ),
}


def exporter_for(name: str, exporters: Mapping[str, LazyExporter] = EXPORTERS) -> LazyExporter:
    """The exporter of a format."""
    if name not in exporters:
        near = get_close_matches(name, exporters, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(exporters))}."
        raise UnknownFormat(f"No exporter writes {name!r}: {hint}")
    return exporters[name]
