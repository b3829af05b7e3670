"""What Word files and presentations have in common as packages: properties, theme and fixed bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Protocol
from zipfile import ZipFile

from lxml import etree

from exporters.archive import pinned
from exporters.document import ReportDocument, Theme
from exporters.formatting import Formatter
from exporters.labels import label
from exporters.office_text import clipped

FONT = "Calibri"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_LONGEST_PROPERTY = 255  # characters, for both libraries
# Their templates claim to be written by programs, and count words and slides, that have nothing to do with the report.
_APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>Dray</Application></Properties>"
)
_SPEAKING = re.compile(r"ppt/(presentation\.xml|slideMasters/|slideLayouts/|notesMasters/)")


class CoreProperties(Protocol):
    """The properties of a package, as python-docx and python-pptx name them alike."""

    author: str
    category: str
    comments: str
    created: datetime
    keywords: str
    language: str
    last_modified_by: str
    modified: datetime
    revision: int
    subject: str
    title: str


def describe(properties: CoreProperties, document: ReportDocument) -> None:
    """Say what the file is, who prepared it and when; nothing of the library's template stays."""
    cover = document.cover
    moment = cover.generated_at
    created = moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
    author = clipped(cover.prepared_by or cover.organization or cover.project, _LONGEST_PROPERTY)
    month = Formatter(document.language, document.currency).month(cover.period)
    properties.title = clipped(cover.title, _LONGEST_PROPERTY)
    properties.subject = f"{label('report', document.language)}, {month}"
    properties.author = properties.last_modified_by = author
    properties.language = f"{document.language}-CA"
    properties.comments = properties.keywords = properties.category = ""
    properties.created = properties.modified = created.replace(microsecond=0)
    properties.revision = 1


def finished(archive: bytes, document: ReportDocument) -> bytes:
    """The package in the document's colours and language, with the same bytes for the same document."""
    with ZipFile(BytesIO(archive)) as package:
        return pinned(archive, dict(_replacements(package, document)))


def _replacements(package: ZipFile, document: ReportDocument) -> Iterator[tuple[str, bytes]]:
    for name in package.namelist():
        if "/theme/theme" in name and name.endswith(".xml"):
            yield name, _themed(package.read(name), document.theme)
        elif name == "docProps/app.xml":
            yield name, _APPLICATION
        elif _SPEAKING.match(name) and not name.endswith(".rels"):
            yield name, package.read(name).replace(b'lang="en-US"', f'lang="{document.language}-CA"'.encode())


def _themed(part: bytes, theme: Theme) -> bytes:
    root = etree.fromstring(part)
    for name, colour in (("dk2", theme.primary), ("accent1", theme.primary), ("accent2", theme.accent)):
        for slot in root.iter(f"{_DRAWING}{name}"):
            slot[:] = [etree.Element(f"{_DRAWING}srgbClr", val=colour[1:].upper())]
    for family in ("majorFont", "minorFont"):
        for font in root.iter(f"{_DRAWING}{family}"):
            font.find(f"{_DRAWING}latin").set("typeface", FONT)  # type: ignore[union-attr]  # the schema asks for it
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
