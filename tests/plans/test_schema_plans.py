"""What workers read of the shared schema keeps its plan, at 100,000 memory rows and 1,000,000 change events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, create_engine, text

from db.session import engine_url
from tests.support.bulk import Scale, fill
from tests.support.databases import new_database
from tests.support.samples import LOCKS_MANAGER, LOCKS_REPORT

pytestmark = pytest.mark.timeout(600)

SMALL = Scale(memory=20_000, embedded=500, events=100_000, others=20_000)
WHOLE = Scale(memory=100_000, embedded=3_000, events=1_000_000, others=50_000)

SOME_ID = UUID(int=77)
VECTOR = "[" + ",".join(str((n * 37 % 101 - 50) / 50) for n in range(1536)) + "]"


@dataclass(frozen=True)
class Read:
    """A question, the index that answers it (or one as good), and the table that it must not read through."""

    table: str
    index: str
    query: str
    values: dict[str, Any] = field(default_factory=dict)
    or_index: tuple[str, ...] = ()


READS = {
    "the exact match of a sentence in the translation memory": Read(
        "translation_memory",
        "translation_memory_natural_key",
        "SELECT id, target_text FROM translation_memory WHERE source_hash = md5(:sentence) AND source_language = 'en' "
        "AND target_language = 'fr' ORDER BY quality_score DESC NULLS LAST LIMIT 5",
        {"sentence": "the minister may delegate powers"},
    ),
    "fuzzy matches of a sentence by its trigrams": Read(
        "translation_memory",
        "idx_translation_memory_source_text_trgm",
        "SELECT id, target_text, similarity(source_text, :sentence) AS score FROM translation_memory "
        "WHERE source_text % :sentence AND source_language = 'en' AND target_language = 'fr' "
        "ORDER BY score DESC LIMIT 10",
        {"sentence": "employer shall review the annual budget of each region 4711"},
    ),
    "a concordance of a phrase among the translations": Read(
        "translation_memory",
        "idx_translation_memory_target_text_trgm",
        "SELECT id, source_text FROM translation_memory WHERE target_text ILIKE :phrase LIMIT 50",
        {"phrase": "%budget annuel%"},
    ),
    "neighbours in meaning of a source sentence": Read(
        "translation_memory",
        "idx_translation_memory_source_embedding",
        "SELECT id, target_text FROM translation_memory "
        "ORDER BY source_embedding::halfvec(1536) <=> CAST(:vector AS halfvec(1536)) LIMIT 10",
        {"vector": VECTOR},
    ),
    "neighbours in meaning within a language pair": Read(
        "translation_memory",
        "idx_translation_memory_source_embedding",
        "SELECT id, target_text FROM translation_memory WHERE source_language = 'en' AND target_language = 'fr' "
        "ORDER BY source_embedding::halfvec(1536) <=> CAST(:vector AS halfvec(1536)) LIMIT 10",
        {"vector": VECTOR},
    ),
    "neighbours in meaning of a target sentence": Read(
        "translation_memory",
        "idx_translation_memory_target_embedding",
        "SELECT id, source_text FROM translation_memory "
        "ORDER BY target_embedding::halfvec(1536) <=> CAST(:vector AS halfvec(1536)) LIMIT 10",
        {"vector": VECTOR},
    ),
    "memory entries that wait for their vectors": Read(
        "translation_memory",
        "idx_translation_memory_unembedded",
        "SELECT id, source_text, target_text FROM translation_memory "
        "WHERE source_embedding IS NULL OR target_embedding IS NULL ORDER BY id LIMIT 100",
    ),
    "the newest changes of a report": Read(
        "pmr_change_events",
        "idx_pmr_change_events_report",
        "SELECT * FROM pmr_change_events WHERE report_id = :id ORDER BY timestamp DESC LIMIT 50",
        {"id": SOME_ID},
    ),
    "the newest changes of a section": Read(
        "pmr_change_events",
        "idx_pmr_change_events_section",
        "SELECT * FROM pmr_change_events WHERE report_id = :id AND section_id = 'section_5' "
        "ORDER BY timestamp DESC LIMIT 50",
        {"id": SOME_ID},
    ),
    "the newest changes of a collaboration session": Read(
        "pmr_change_events",
        "idx_pmr_change_events_session",
        "SELECT * FROM pmr_change_events WHERE session_id = :id ORDER BY timestamp DESC LIMIT 50",
        {"id": SOME_ID},
    ),
    "changes that are older than they are kept": Read(
        "pmr_change_events",
        "idx_pmr_change_events_created",
        "SELECT id FROM pmr_change_events WHERE created_at < now() - interval '365 days'",
    ),
    "changes that are older than they are kept, a batch at a time": Read(
        "pmr_change_events",
        "idx_pmr_change_events_created",
        "SELECT id FROM pmr_change_events WHERE created_at < now() - interval '365 days' LIMIT 1000",
    ),
    "sendings of a report that are due": Read(
        "pmr_distribution_log",
        "idx_pmr_distribution_due",
        "SELECT * FROM pmr_distribution_log WHERE status IN ('pending', 'failed') AND next_attempt_at <= now() "
        "ORDER BY next_attempt_at LIMIT 100",
    ),
    "exports that got stuck": Read(
        "export_jobs",
        "idx_export_jobs_pending",
        "SELECT id FROM export_jobs WHERE status IN ('queued', 'processing') "
        "AND started_at < now() - interval '1 hour'",
    ),
    "files of exports to remove": Read(
        "export_jobs",
        "idx_export_jobs_files",
        "SELECT id, file_url FROM export_jobs WHERE file_url IS NOT NULL "
        "AND completed_at < now() - interval '30 days' ORDER BY completed_at LIMIT 100",
    ),
    "editing sessions that expired": Read(
        "editing_sessions",
        "idx_editing_sessions_expiry",
        "SELECT id FROM editing_sessions WHERE expires_at < now() AND status = 'active'",
    ),
    "logins that expired": Read(
        "user_sessions",
        "idx_user_sessions_expires_at",
        "SELECT id FROM user_sessions WHERE expires_at < now()",
    ),
    "locks that expired": Read(
        "editing_locks",
        "idx_editing_locks_held",
        "SELECT id FROM editing_locks WHERE expires_at < now() AND released_at IS NULL",
    ),
    "connections that ended a day ago": Read(
        "websocket_connections",
        "idx_websocket_connections_gone",
        "SELECT id FROM websocket_connections "
        "WHERE COALESCE(disconnected_at, last_heartbeat) < now() - interval '24 hours'",
    ),
    "conversations about a report that nobody continued": Read(
        "edit_sessions",
        "idx_edit_sessions_active",
        "SELECT id FROM edit_sessions WHERE is_active = true "
        "AND coalesce(last_activity, started_at, created_at) < now() - interval '30 days'",
    ),
    "collaboration sessions that nobody continued": Read(
        "collaboration_sessions",
        "idx_collaboration_sessions_active",
        "SELECT id FROM collaboration_sessions WHERE is_active = true "
        "AND coalesce(last_activity, started_at, created_at) "
        "< now() - least(interval '24 hours', make_interval(mins => session_timeout_minutes))",
    ),
    "insights that expired": Read(
        "ai_insights",
        "idx_ai_insights_expires",
        "SELECT id FROM ai_insights WHERE expires_at < now()",
    ),
    "insights of a report": Read(
        "ai_insights",
        "idx_ai_insights_report",
        "SELECT * FROM ai_insights WHERE report_id = :id ORDER BY priority DESC, generated_at DESC",
        {"id": SOME_ID},
        ("ai_insights_report_id_fingerprint_key", "idx_ai_insights_validated"),
    ),
    "unresolved comments of a report": Read(
        "pmr_comments",
        "idx_pmr_comments_unresolved",
        "SELECT * FROM pmr_comments WHERE report_id = :id AND resolved = false",
        {"id": SOME_ID},
    ),
    "unresolved comments as get_unresolved_comments() asks for them": Read(
        "pmr_comments",
        "idx_pmr_comments_report",
        "SELECT c.comment_id, (SELECT count(*) FROM pmr_comments reply WHERE reply.parent_comment_id = c.comment_id) "
        "FROM pmr_comments c WHERE c.report_id = :id AND c.resolved IS NOT TRUE AND c.parent_comment_id IS NULL "
        "ORDER BY c.created_at DESC, c.id",
        {"id": SOME_ID},
        ("idx_pmr_comments_section",),
    ),
    "sections of a job description": Read(
        "job_sections",
        "job_sections_natural_key",
        "SELECT * FROM job_sections WHERE job_id = 1077 ORDER BY section_order",
    ),
    "chunks of a job description": Read(
        "content_chunks",
        "idx_content_chunks_job_id",
        "SELECT id, chunk_text FROM content_chunks WHERE job_id = 1077 ORDER BY chunk_index",
    ),
    "chunks that wait for their vectors": Read(
        "content_chunks",
        "idx_content_chunks_unembedded",
        "SELECT id, chunk_text FROM content_chunks WHERE embedding IS NULL ORDER BY id LIMIT 100",
    ),
    "chunks near in meaning": Read(
        "content_chunks",
        "idx_content_chunks_embedding_hnsw",
        "SELECT id, chunk_text FROM content_chunks "
        "ORDER BY embedding::halfvec(1536) <=> CAST(:vector AS halfvec(1536)) LIMIT 10",
        {"vector": VECTOR},
    ),
}


@pytest.fixture(
    scope="module",
    params=[pytest.param(SMALL, id="small"), pytest.param(WHOLE, id="whole", marks=pytest.mark.full)],
)
def crowded(request: pytest.FixtureRequest, server_url: str, template: str) -> Iterator[Connection]:
    """A worker's connection to a database that has been in use for a year."""
    with new_database(server_url, template=template) as database:
        fill(database, request.param, report=LOCKS_REPORT, person=LOCKS_MANAGER)
        engine = create_engine(engine_url(database.worker_url))
        with engine.connect() as connection:
            yield connection
        engine.dispose()


def plan(connection: Connection, read: Read, *options: str) -> dict[str, Any]:
    query = text(f"EXPLAIN ({', '.join((*options, 'FORMAT JSON'))}) {read.query}")
    with connection.begin() as transaction:
        [found] = connection.execute(query, read.values).scalar_one()
        transaction.rollback()
    top: dict[str, Any] = found["Plan"]
    return top


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from nodes(child)


@pytest.mark.parametrize("name", READS)
def test_a_read_of_the_workers_uses_its_index_and_never_the_whole_table(crowded: Connection, name: str) -> None:
    read = READS[name]
    found = list(nodes(plan(crowded, read)))
    used = {node["Index Name"] for node in found if "Index Name" in node}
    assert used & {read.index, *read.or_index}
    assert read.table not in {node["Relation Name"] for node in found if node["Node Type"] == "Seq Scan"}


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("the exact match of a sentence in the translation memory", 0.01),
        ("the newest changes of a report", 0.1),
        ("the newest changes of a section", 0.1),
        ("the newest changes of a collaboration session", 0.1),
        # A block range index says where to look, to within 128 pages.
        ("changes that are older than they are kept", 0.2),
    ],
)
def test_a_read_of_a_large_table_touches_a_small_share_of_its_pages(
    crowded: Connection, name: str, share: float
) -> None:
    read = READS[name]
    top = plan(crowded, read, "ANALYZE", "BUFFERS")
    with crowded.begin():
        size = text("SELECT pg_relation_size(CAST(:table AS regclass)) / 8192")
        pages: int = crowded.execute(size, {"table": read.table}).scalar_one()
    assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] < share * pages


def test_neighbours_in_a_rare_language_pair_are_found_once_the_scan_may_go_on(crowded: Connection) -> None:
    # A filter comes after the index: of the forty nearest, whatever their language, few are left. The planner may avoid
    # that by sorting all rows of the pair, as long as they are few; here it is to ask the vector index.
    query = text(
        "SELECT id FROM translation_memory WHERE source_language = 'fr' AND target_language = 'en' "
        "ORDER BY source_embedding::halfvec(1536) <=> CAST(:vector AS halfvec(1536)) LIMIT 10"
    )
    found = {}
    for mode in ("off", "strict_order"):
        with crowded.begin():
            crowded.execute(text(f"SET LOCAL hnsw.iterative_scan = {mode}"))
            crowded.execute(text("SET LOCAL enable_sort = off"))
            found[mode] = len(crowded.execute(query, {"vector": VECTOR}).all())
    assert found["off"] < 10
    assert found["strict_order"] == 10
