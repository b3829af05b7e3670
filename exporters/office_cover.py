"""What is said of the report before it begins, as names and values."""

from __future__ import annotations

from exporters.document import Cover, ReportDocument
from exporters.formatting import Formatter
from exporters.labels import label, status_label


def cover_facts(document: ReportDocument, formatter: Formatter) -> list[tuple[str, str]]:
    """Names and values of what the cover states below its title."""
    cover, words = document.cover, document.language
    facts = [
        ("status", status_label(cover.status, words)),
        ("version", str(cover.version)),
        ("prepared_by", cover.prepared_by),
        ("approved_by", cover.approved_by),
        ("generated_at", formatter.day_long(cover.generated_at)),
        ("confidentiality", cover.confidentiality),
    ]
    return [(label(name, words), value) for name, value in facts if value]


def footnote(cover: Cover, formatter: Formatter) -> str:
    """What stands at the foot of every page."""
    given = " · ".join(part for part in (cover.organization, cover.confidentiality) if part)
    return given or label("report", formatter.language)
