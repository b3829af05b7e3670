from __future__ import annotations

from contracts.kinds import KINDS
from db import schema_document
from db.models import Base


def test_the_document_is_current() -> None:
    document = schema_document.DOCUMENT.read_text(encoding="utf-8")
    assert document == schema_document.written(document), "run `python -m db.schema_document` and commit docs/SCHEMA.md"


def test_every_table_says_what_dray_does_with_it() -> None:
    tables = {table.fullname for table in Base.metadata.tables.values()}
    untold = sorted(tables - schema_document.USAGES.keys())
    gone = sorted(schema_document.USAGES.keys() - tables)
    lines = "\n".join(f'    "{name}": Usage("hosts"),  # or reads, writes, and the kinds' for name in untold)
    assert not untold, f"add to USAGES in db/schema_document.py:\n{lines}"
    assert not gone, f"remove from USAGES in db/schema_document.py: {', '.join(gone)}"


def test_a_table_names_only_kinds_that_there_are() -> None:
    named = {kind for usage in schema_document.USAGES.values() for kind in usage.kinds}
    assert named - {schema_document.ALL_KINDS} <= KINDS.keys()


def test_every_table_and_foreign_key_is_drawn() -> None:
    drawn = schema_document.diagrams()
    for table in Base.metadata.tables.values():
        assert f"    {schema_document.entity(table)} {{" in drawn
        for key in table.foreign_keys:
            assert schema_document.relation(key) in drawn
