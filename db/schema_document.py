"""Draw docs/SCHEMA.md's diagrams and tables from the models: `python -m db.schema_document`.

What stands between a pair of markers in the document is written here; the rest of it is written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql.base import PGDialect

from db.models import Base

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "SCHEMA.md"
FRAGMENTS = ROOT / "docs" / "schema_fragments"

Use = Literal["writes", "reads", "hosts"]


@dataclass(frozen=True, slots=True)
class Usage:
    """What Dray does with a table, and which kinds do it. A kind that is yet to come is not named."""

    use: Use
    kinds: tuple[str, ...] = ()
    remark: str = ""


ALL_KINDS = "every kind"
# Every table of the models stands here; a test says which doesn't.
USAGES: dict[str, Usage] = {
    "auth.users": Usage("reads", ("report.export", "simulation.run"), "the identity service's; never altered"),
    "api_tokens": Usage("writes", remark="by `dray token`; the API reads it"),
    "task_kinds": Usage("writes", remark="by `dray db upgrade`"),
    "task_runs": Usage("writes", (ALL_KINDS, "ledger.prune")),
    "task_attempts": Usage("writes", (ALL_KINDS, "ledger.prune")),
    "uploaded_files": Usage("writes", ("memory.import",), "by the API, where people hand files in"),
    "ai_answers": Usage("writes", ("suggestion.create",)),
    "projects": Usage("reads", ("report.export", "simulation.run")),
    "project_members": Usage("reads", remark="by the API, to say who may see a project"),
    "pmr_templates": Usage("reads", ("report.export",)),
    "pmr_reports": Usage(
        "writes", ("simulation.run", "insight.generate", "report.maintain"), "`report.export` reads it"
    ),
    "ai_insights": Usage("writes", ("insight.generate",), "`report.export` reads it"),
    "export_jobs": Usage("writes", ("report.export", "export.expire")),
    "job_descriptions": Usage("reads", ("compliance.check", "suggestion.create", "memory.align")),
    "job_metadata": Usage("hosts"),
    "users": Usage(
        "reads", ("suggestion.create", "memory.import"), "the document service's people, each tied to one of auth.users"
    ),
    "user_sessions": Usage("writes", ("session.clean",), "made by the document service at log-in"),
    "user_preferences": Usage("hosts", remark="written by the document service"),
    "user_permissions": Usage("hosts", remark="written by the document service; row-level security reads it"),
    "editing_sessions": Usage("writes", ("session.clean",), "made by the editing service; row-level security reads it"),
    "document_changes": Usage("hosts", remark="written by the editing service"),
    "websocket_connections": Usage("writes", ("session.clean",), "made by the editing service"),
    "editing_locks": Usage("writes", ("session.clean",), "made by the editing service"),
    "document_comments": Usage("hosts", remark="written by the editing service"),
    "translation_pairs": Usage("writes", ("memory.align",), "made by the translation service"),
    "sentence_alignments": Usage("writes", ("memory.align",), "`suggestion.create` reads it"),
    "translation_memory": Usage(
        "writes", ("memory.import", "memory.embed"), "`memory.lookup` and `suggestion.create` read it"
    ),
    "terminology_glossary": Usage("reads", ("memory.align",), "written by the translation service"),
    "translation_sessions": Usage("hosts", remark="written by the translation service"),
    "ai_suggestions": Usage("writes", ("suggestion.create",)),
    "ai_usage_sessions": Usage(
        "writes", ("suggestion.create", "memory.embed", "memory.lookup"), "where a provider is paid"
    ),
    "ai_usage_tracking": Usage(
        "writes", ("suggestion.create", "memory.embed", "memory.lookup"), "where a provider is paid"
    ),
    "compliance_checks": Usage("writes", ("compliance.check",)),
    "approval_workflows": Usage("hosts", remark="one default row from a migration"),
    "document_approvals": Usage("hosts", remark="written by the document service"),
    "approval_steps": Usage("hosts", remark="written by the document service"),
    "document_versions": Usage(
        "hosts", remark="version 1.0.0 of what was there, from a migration; then the document service's"
    ),
    "usage_analytics": Usage("hosts", remark="written by the services"),
    "performance_metrics": Usage("hosts", remark="no kind measures yet"),
    "activity_logs": Usage("hosts", remark="written by the services"),
    "system_health": Usage("writes", ("health.probe",)),
    "job_sections": Usage("hosts", remark="written by the document service"),
    "content_chunks": Usage("writes", ("memory.embed",), "made by the document service"),
    "collaboration_sessions": Usage("writes", ("report.maintain",), "made by the report service"),
    "edit_sessions": Usage("writes", ("report.maintain",), "made by the report service"),
    "pmr_collaboration": Usage("hosts", remark="written by the report service"),
    "pmr_distribution_log": Usage("hosts", remark="written by the report service; no kind sends yet"),
    "pmr_comments": Usage("hosts", remark="written by the report service"),
    "pmr_change_events": Usage("hosts", remark="written by the report service"),
    "risks": Usage("reads", ("simulation.run",), "written by the project office"),
    "milestones": Usage("hosts", remark="written by the project office"),
    "financial_tracking": Usage("hosts", remark="written by the project office"),
    "activities": Usage("reads", ("simulation.run",), "written by the project office"),
    "activity_links": Usage("reads", ("simulation.run",), "written by the project office"),
    "project_calendars": Usage("reads", ("simulation.run",), "written by the project office"),
    "calendar_exceptions": Usage("reads", ("simulation.run",), "written by the project office"),
    "cost_lines": Usage("reads", ("simulation.run",), "written by the project office"),
    "monte_carlo_simulations": Usage("writes", ("simulation.run",)),
    "monte_carlo_scenarios": Usage("hosts", remark="no kind compares scenarios yet"),
    "monte_carlo_risk_configs": Usage("writes", ("simulation.run",)),
    "monte_carlo_results": Usage("writes", ("simulation.run",)),
    "monte_carlo_visualizations": Usage("hosts", remark="charts are drawn where they are shown"),
}


def written(document: str) -> str:
    """Return the document with everything between markers made anew."""
    for name, content in sections().items():
        begin, end = f"<!-- {name}: written by db/schema_document.py -->\n", f"<!-- end of {name} -->"
        if document.count(begin) != 1 or document.count(end) != 1:
            raise ValueError(f"{DOCUMENT.name} needs exactly one pair of markers for {name!r}")
        before, rest = document.split(begin)
        document = f"{before}{begin}{content}{end}{rest.split(end)[1]}"
    return document


def sections() -> dict[str, str]:
    """Return what belongs between each pair of markers."""
    return {"diagrams": diagrams(), "tables": table_list(), "mends": mends()}


def diagrams() -> str:
    """Return one entity diagram for each area: each module of db/models that has tables."""
    drawn = [f"### {title(area)}\n\n```mermaid\n{diagram(tables)}\n```\n\n" for area, tables in areas().items()]
    return "\n" + "".join(drawn)


def areas() -> dict[str, list[Table]]:
    """Return the tables by the module whose models they are."""
    found: dict[str, list[Table]] = {}
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__):
        table = mapper.local_table
        if isinstance(table, Table):
            area = mapper.class_.__module__.removeprefix("db.models.")
            found.setdefault(area, []).append(table)
    return {area: sorted(tables, key=lambda one: one.fullname) for area, tables in sorted(found.items())}


def title(area: str) -> str:
    """Return an area's name as a heading."""
    return {"pmr": "Project monthly reports"}.get(area, area.replace("_", " ").capitalize())


def diagram(tables: list[Table]) -> str:
    """Return a mermaid diagram of tables and of what they refer to."""
    lines = ["erDiagram"]
    for table in tables:
        lines += [f"    {entity(table)} {{", *(f"        {attribute(column)}" for column in table.columns), "    }"]
    for table in tables:
        lines += [f"    {relation(key)}" for key in foreign_keys(table)]
    return "\n".join(lines)


def entity(table: Table) -> str:
    """Return a table's name as mermaid can read it."""
    return f'"{table.fullname}"' if table.schema else table.name


def attribute(column: Column[Any]) -> str:
    """Return a column: its type, name and keys."""
    marks = [
        mark
        for mark, holds in (
            ("PK", column.primary_key),
            ("FK", bool(column.foreign_keys)),
            ("UK", is_unique(column)),
        )
        if holds
    ]
    type_ = re.sub(r"\W+", "_", type_name(column)).strip("_")
    return f"{type_} {column.name} {', '.join(marks)}".rstrip()


def type_name(column: Column[Any]) -> str:
    """Return the type as PostgreSQL calls it."""
    return column.type.compile(dialect=PGDialect()).lower()  # type: ignore[no-untyped-call]


def is_unique(column: Column[Any]) -> bool:
    """Whether the column alone is unique."""
    return bool(column.unique) or any(
        isinstance(constraint, UniqueConstraint) and list(constraint.columns) == [column]
        for constraint in column.table.constraints
    )


def foreign_keys(table: Table) -> list[ForeignKey]:
    """Return a table's foreign keys by column."""
    return sorted(table.foreign_keys, key=lambda key: (key.parent.name, key.target_fullname))


def relation(key: ForeignKey) -> str:
    """Return a line between two tables: how many on each side, and the column."""
    child = key.parent.table
    parent_side = "|o" if key.parent.nullable else "||"
    child_side = "o|" if is_unique(key.parent) or list(child.primary_key.columns) == [key.parent] else "o{"
    return f"{entity(key.column.table)} {parent_side}--{child_side} {entity(child)} : {key.parent.name}"


def table_list() -> str:
    """Return every table with what Dray does with it."""
    rows = ["| table | Dray | by | remark |", "|---|---|---|---|"]
    for name in sorted(table.fullname for table in Base.metadata.tables.values()):
        usage = USAGES.get(name, Usage("hosts"))
        kinds = ", ".join(kind if kind == ALL_KINDS else f"`{kind}`" for kind in usage.kinds)
        rows.append(f"| `{name}` | {usage.use} | {kinds} | {usage.remark} |")
    return "\n" + "\n".join(rows) + "\n\n"


def mends() -> str:
    """Return the lists of mended faults, one file an area, in the order of their names."""
    fragments = list(read_fragments())
    return "\n" + "\n\n".join(fragments or ["None is listed yet."]) + "\n\n"


def read_fragments() -> Iterator[str]:
    """Yield each fragment's text, its headings one level below the document's."""
    for path in sorted(FRAGMENTS.glob("*.md")):
        text = path.read_text(encoding="utf-8").strip()
        top = min((len(found[1]) for found in re.finditer(r"^(#+) ", text, re.MULTILINE)), default=3)
        deeper = max(0, 3 - top)
        yield re.sub(r"^(#+ )", "#" * deeper + r"\1", text, flags=re.MULTILINE)


def write_document() -> None:
    """Write what is drawn into the document."""
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write_document()
