"""Look-ups in a memory of 20,000 entries, all with vectors, use its indexes: the planner chooses them by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, text

from db.session import engine_url
from db.statements import statement
from db.vectors import vector_text
from providers.ai.embedders.local import LocalEmbedder
from tests.support.bulk import ENGLISH, FRENCH, SENTENCE
from tests.support.databases import TestDatabase, new_database

pytestmark = pytest.mark.timeout(300)

ENTRIES = 20_000
VECTORS = 400
MODEL = LocalEmbedder.model
ASKED = "employer shall review the annual budget of each region 4711"
INDEXES = "('idx_translation_memory_source_embedding', 'idx_translation_memory_target_embedding')"
# Each vector is given to many entries: the planner counts entries, and the fill is quick.
FILL = f"""
WITH made AS MATERIALIZED (
    SELECT vector::vector, number - 1 AS number
    FROM unnest(%(vectors)s::text[]) WITH ORDINALITY AS given (vector, number)
)
INSERT INTO translation_memory (
    source_text, target_text, source_language, target_language, domain, source_embedding, target_embedding,
    embedding_model)
SELECT {SENTENCE.format(words="(%(english)s::text[])")}, {SENTENCE.format(words="(%(french)s::text[])")},
       CASE n %% 20 WHEN 0 THEN 'fr' ELSE 'en' END, CASE n %% 20 WHEN 0 THEN 'en' ELSE 'fr' END, 'domain ' || n %% 7,
       made.vector, made.vector, %(model)s
FROM generate_series(1, %(entries)s) AS n JOIN made ON made.number = n %% {VECTORS}
"""


def fill(database: TestDatabase) -> None:
    words = ENGLISH.split()
    texts = [f"{' '.join(words[number % 40 : number % 40 + 12])} {number}" for number in range(VECTORS)]
    vectors = [vector_text(row) for row in LocalEmbedder().embed(texts).vectors.tolist()]
    values = {
        "english": words,
        "french": FRENCH.split(),
        "entries": ENTRIES,
        "vectors": vectors,
        "model": MODEL,
    }
    with psycopg.connect(database.migrator_url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '512MB'")
        # An index that is built over the rows is as good as one that grew with them, and takes a tenth of the time.
        query = f"SELECT indexname, indexdef FROM pg_indexes WHERE indexname IN {INDEXES}"
        indexes = connection.execute(query.encode()).fetchall()
        assert len(indexes) == 2
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}".encode())
        connection.execute(FILL.encode(), values)
        for _, definition in indexes:
            connection.execute(str(definition).encode())
        connection.execute("VACUUM ANALYZE translation_memory")


@pytest.fixture(scope="module")
def crowded(server_url: str, template: str) -> Iterator[Connection]:
    with new_database(server_url, template=template) as database:
        fill(database)
        engine = create_engine(engine_url(database.worker_url))
        with engine.connect() as connection:
            yield connection
        engine.dispose()


AMONG: dict[str, Any] = {"source_language": "en", "target_language": "fr", "limit": 50}
NEAR = {"vector": vector_text(LocalEmbedder().embed([ASKED]).vectors[0].tolist()), "model": MODEL}
LOOKUPS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "exact": ("find_exact_entries", "translation_memory_natural_key", {"text": ASKED}),
    "fuzzy": ("find_similar_entries", "idx_translation_memory_source_text_trgm", {"text": ASKED}),
    "semantic": ("find_near_entries", "idx_translation_memory_source_embedding", NEAR),
}


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from nodes(child)


@pytest.mark.parametrize("domain", [None, "domain 3"])
@pytest.mark.parametrize("lookup", LOOKUPS)
def test_a_lookup_uses_its_index_and_never_reads_the_whole_table(
    crowded: Connection, lookup: str, domain: str | None
) -> None:
    name, index, values = LOOKUPS[lookup]
    query = text("EXPLAIN (FORMAT JSON) " + statement(name).text)
    with crowded.begin():
        crowded.execute(text("SET LOCAL hnsw.iterative_scan = strict_order"))
        crowded.execute(text("SET LOCAL pg_trgm.similarity_threshold = 0.43"))
        [found] = crowded.execute(query, {**AMONG, **values, "domain": domain}).scalar_one()
    plan = list(nodes(found["Plan"]))
    assert index in {node["Index Name"] for node in plan if "Index Name" in node}
    assert "Seq Scan" not in {node["Node Type"] for node in plan}


@pytest.mark.parametrize("name", ["take_entries_without_vectors", "count_texts_without_vectors"])
def test_what_waits_for_vectors_is_found_by_its_index(crowded: Connection, name: str) -> None:
    values = {"limit": 100} if name.startswith("take") else {}
    with crowded.begin():
        [found] = crowded.execute(text("EXPLAIN (FORMAT JSON) " + statement(name).text), values).scalar_one()
    plan = list(nodes(found["Plan"]))
    assert "idx_translation_memory_unembedded" in {node["Index Name"] for node in plan if "Index Name" in node}
    assert "translation_memory" not in {node["Relation Name"] for node in plan if node["Node Type"] == "Seq Scan"}
