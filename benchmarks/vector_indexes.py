"""Which vector index finds the right neighbours, and how fast: ivfflat or HNSW, built before or after the rows.

Real sentences (a TMX file) are embedded by the local embedder, without any model, and loaded into copies of
`translation_memory` that differ in their vector index alone. Sentences that were held back ask for their ten nearest.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median, quantiles

import psycopg
from psycopg import sql

from cli.given_servers import with_database
from cli.servers.postgres import EmbeddedPostgres
from db.bootstrap import prepare_database, role_url
from db.roles import LOGINS
from db.vectors import vector_text
from engines.translation.tmx import TmxReader
from providers.ai.embedder import DIMENSIONS
from providers.ai.embedders.local import LocalEmbedder

TMX = "gc_laws_en_fr.tmx"
NEIGHBOURS = 10
SCHEMA_INDEX = "idx_translation_memory_source_embedding"
IVFFLAT = "CREATE INDEX {index} ON {table} USING ivfflat (source_embedding vector_cosine_ops) WITH (lists = 100)"
WHOLE, HALVES = sql.SQL("vector(1536)"), sql.SQL("halfvec(1536)")


@dataclass(frozen=True)
class Variant:
    """One way of making the index, and the settings under which it is asked."""

    name: str
    table: str
    kind: str
    built_first: bool
    settings: tuple[tuple[str, int], ...]

    @property
    def cast(self) -> sql.SQL:
        """The type in which the index compares."""
        return HALVES if self.kind == "hnsw" else WHOLE


VARIANTS = (
    Variant(
        "(a) ivfflat, lists = 100, built on the empty table",
        "ivfflat_first",
        "ivfflat",
        built_first=True,
        settings=(("ivfflat.probes", 1), ("ivfflat.probes", 10)),
    ),
    Variant(
        "(b) ivfflat, lists = 100, built after filling",
        "ivfflat_after",
        "ivfflat",
        built_first=False,
        settings=(("ivfflat.probes", 1), ("ivfflat.probes", 10)),
    ),
    Variant(
        "(c) HNSW over halfvec, built on the empty table",
        "hnsw_first",
        "hnsw",
        built_first=True,
        settings=(("hnsw.ef_search", 40), ("hnsw.ef_search", 100)),
    ),
    Variant(
        "(d) HNSW over halfvec, built after filling",
        "hnsw_after",
        "hnsw",
        built_first=False,
        settings=(("hnsw.ef_search", 40),),
    ),
)


@dataclass(frozen=True)
class Sentence:
    """A row of the memory, or a question to it; the vector as pgvector reads it."""

    source: str
    target: str
    vector: str


@dataclass(frozen=True)
class Answers:
    """What each question found, and how many milliseconds it took."""

    found: list[list[int]]
    milliseconds: list[float]

    def recall(self, exact: Answers) -> float:
        """The share of the true neighbours that was found."""
        return mean(len(set(mine) & set(true)) / len(true) for mine, true in zip(self.found, exact.found, strict=True))

    def times(self) -> str:
        """Median and 95th percentile, as two cells of the table."""
        return f"{median(self.milliseconds):.1f} | {quantiles(self.milliseconds, n=20)[-1]:.1f}"


def main() -> int:
    """Measure and print one table."""
    arguments = parse_arguments()
    if not arguments.tmx.is_file():
        print(f"Skipped: there is no {arguments.tmx}. Name a TMX file, or in DRAY_BENCHMARK_DATA the folder of {TMX}.")
        return 0
    pairs = read_pairs(arguments.tmx)
    rows, questions = embed(pairs, arguments.questions)
    say(f"{len(rows):,} rows, {len(questions)} questions, {DIMENSIONS} dimensions")
    with database() as connection:
        version = connection.info.server_version // 10000
        table = list(measure(connection, rows, questions))
    print(
        f"{len(rows):,} rows of {DIMENSIONS} dimensions, {len(questions)} questions, "
        f"PostgreSQL {version}, {os.cpu_count()} cores.\n"
    )
    print("| index | setting | recall@10 | median ms | p95 ms | insert s | build s | index MB | planner takes it |")
    print("|---|---|---|---|---|---|---|---|---|")
    print("\n".join(table))
    return 0


def parse_arguments() -> argparse.Namespace:
    """Return the TMX file to read and the number of questions to hold back."""
    folder = Path(os.environ.get("DRAY_BENCHMARK_DATA", "."))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tmx", nargs="?", type=Path, default=folder / TMX, help="a TMX file, English and French")
    parser.add_argument("--questions", type=int, default=200, help="sentences held back to ask with")
    arguments: argparse.Namespace = parser.parse_args()
    return arguments


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """Return each English text once, with the first French one beside it."""
    pairs: dict[str, str] = {}
    with path.open("rb") as file:
        for unit in TmxReader("en", "fr").units(iter(lambda: file.read(1 << 16), b"")):
            pairs.setdefault(unit.source, unit.target)
    return list(pairs.items())


def embed(pairs: Sequence[tuple[str, str]], questions: int) -> tuple[list[Sentence], list[Sentence]]:
    """Return the memory's rows and, spread evenly over the file, those held back as questions."""
    step = len(pairs) // questions
    vectors = LocalEmbedder().embed([source for source, _ in pairs]).vectors.tolist()
    sentences = [Sentence(*pair, vector_text(vector)) for pair, vector in zip(pairs, vectors, strict=True)]
    asking = set(range(0, step * questions, step))
    rows = [sentence for number, sentence in enumerate(sentences) if number not in asking]
    return rows, [sentences[number] for number in sorted(asking)]


@contextmanager
def database() -> Iterator[psycopg.Connection]:
    """Make a server and a migrated database in a temporary folder, and remove both at the end."""
    passwords = {name: f"benchmark-{name}" for name in LOGINS}
    with tempfile.TemporaryDirectory(prefix="dray-benchmark-") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres", password="benchmark")  # noqa: S106 - of this run alone
        server.start()
        try:
            admin_url = with_database(server.admin_url, "benchmark")
            prepare_database(admin_url, passwords=passwords)
            with psycopg.connect(role_url(admin_url, "dray_migrator", passwords), autocommit=True) as connection:
                yield connection
        finally:
            server.stop()


def measure(connection: psycopg.Connection, rows: Sequence[Sentence], questions: Sequence[Sentence]) -> Iterator[str]:
    """Yield the table line by line."""
    connection.execute("SET maintenance_work_mem = '512MB'")
    seconds = make_table(connection, "exact", rows)
    exact = ask(connection, "exact", WHOLE, questions)
    yield f"| none: exact search | | 1.000 | {exact.times()} | {seconds:.1f} | | | |"
    for variant in VARIANTS:
        say(variant.name)
        yield from measure_variant(connection, variant, rows, questions, exact)


def measure_variant(
    connection: psycopg.Connection,
    variant: Variant,
    rows: Sequence[Sentence],
    questions: Sequence[Sentence],
    exact: Answers,
) -> Iterator[str]:
    """Fill one table and yield a line for each setting."""
    built = index_statement(connection, variant)
    if variant.built_first:
        make_table(connection, variant.table, ())
        build_seconds = run(connection, built)
        insert_seconds = fill(connection, variant.table, rows)
    else:
        insert_seconds = make_table(connection, variant.table, rows)
        build_seconds = run(connection, built)
    run(connection, sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(variant.table)))
    [size] = row_of(connection, "SELECT pg_relation_size(%s::regclass) / 1048576.0", [f"{variant.table}_index"])
    for name, value in variant.settings:
        connection.execute(sql.SQL("SET {} = {}").format(sql.Identifier(*name.split(".")), sql.Literal(value)))
        chosen = "yes" if planner_takes_index(connection, variant, questions[0]) else "no"
        # What is measured is the index, whatever the planner thinks of a table of this size.
        connection.execute("SET enable_seqscan = off")
        answers = ask(connection, variant.table, variant.cast, questions)
        connection.execute("RESET enable_seqscan")
        yield (
            f"| {variant.name} | {name.split('.')[1]} = {value} | {answers.recall(exact):.3f} | {answers.times()} | "
            f"{insert_seconds:.1f} | {build_seconds:.1f} | {size:.0f} | {chosen} |"
        )


def index_statement(connection: psycopg.Connection, variant: Variant) -> sql.Composed:
    """Return the statement that makes the index; HNSW is the schema's own, moved to another table."""
    index, table = sql.Identifier(f"{variant.table}_index"), sql.Identifier(variant.table)
    if variant.kind == "ivfflat":
        return sql.SQL(IVFFLAT).format(index=index, table=table)
    [definition] = row_of(connection, "SELECT indexdef FROM pg_indexes WHERE indexname = %s", [SCHEMA_INDEX])
    _, _, rest = str(definition).partition(" USING ")
    return sql.SQL("CREATE INDEX {} ON {} USING {}").format(index, table, sql.SQL(rest))


def make_table(connection: psycopg.Connection, table: str, rows: Sequence[Sentence]) -> float:
    """Make a copy of the memory without its indexes, fill it, and return the seconds that this took."""
    statement = sql.SQL("CREATE TABLE {} (LIKE translation_memory INCLUDING DEFAULTS INCLUDING GENERATED)")
    connection.execute(statement.format(sql.Identifier(table)))
    seconds = fill(connection, table, rows)
    run(connection, sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))
    return seconds


def fill(connection: psycopg.Connection, table: str, rows: Sequence[Sentence]) -> float:
    """Load the rows and return the seconds that this took."""
    columns = "id, source_text, target_text, source_language, target_language, source_embedding"
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), sql.SQL(columns))
    began = time.perf_counter()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for number, row in enumerate(rows):
            copy.write_row((number, row.source, row.target, "en", "fr", row.vector))
    return time.perf_counter() - began


def ask(connection: psycopg.Connection, table: str, cast: sql.SQL, questions: Sequence[Sentence]) -> Answers:
    """Ask every question once to warm up, and once to measure."""
    statement = nearest(table, cast)
    found, milliseconds = [], []
    for measured in (False, True):
        for question in questions:
            began = time.perf_counter()
            answer = connection.execute(statement, [question.vector, NEIGHBOURS], prepare=True).fetchall()
            if measured:
                milliseconds.append((time.perf_counter() - began) * 1000)
                found.append([int(number) for [number] in answer])
    return Answers(found, milliseconds)


def nearest(table: str, cast: sql.SQL) -> sql.Composed:
    """Return the question as a worker asks it."""
    statement = sql.SQL("SELECT id FROM {} ORDER BY source_embedding::{} <=> %s::{} LIMIT %s")
    return statement.format(sql.Identifier(table), cast, cast)


def planner_takes_index(connection: psycopg.Connection, variant: Variant, question: Sentence) -> bool:
    """Tell whether PostgreSQL uses the index by itself."""
    explained = sql.SQL("EXPLAIN {}").format(nearest(variant.table, variant.cast))
    lines = connection.execute(explained, [question.vector, NEIGHBOURS]).fetchall()
    return any(f"{variant.table}_index" in str(line) for [line] in lines)


def run(connection: psycopg.Connection, statement: sql.Composed) -> float:
    """Run a statement and return the seconds that it took."""
    began = time.perf_counter()
    connection.execute(statement)
    return time.perf_counter() - began


def row_of(connection: psycopg.Connection, query: str, values: Sequence[object]) -> tuple[object, ...]:
    """Return the one row that a query has."""
    row = connection.execute(query, values).fetchone()
    if row is None:
        raise LookupError(f"{query} found nothing for {values}")
    return row


def say(line: str) -> None:
    """Tell what is going on, beside the table."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
