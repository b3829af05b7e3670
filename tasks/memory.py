"""`memory.import`, `memory.embed`, `memory.lookup`: the translation memory is filled, embedded and asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any

from contracts.args.memory import EmbedMemory, ImportMemory, LookUpMemory
from contracts.errors import Permanent
from contracts.outcome import Outcome, Result, Snooze
from db import ledger
from db.repositories import embeddings, memory
from db.repositories.files import HandedInFile, find_file
from db.repositories.people import find_user_id
from engines.translation.matching import Match
from engines.translation.tmx import TmxReader, Unit
from providers.storage.store import FileMissing, Store
from tasks.context import TaskContext
from tasks.memory_lookup import look_up
from tasks.memory_vectors import CountedEmbedder
from tasks.registry import task

ENTRIES_A_STATEMENT = 1_000
STATEMENTS_A_CHECKPOINT = 5
# The steps that are saved. A later attempt reads their state.
IMPORTED, EMBEDDED = "imported", "embedded"
BATCHES_A_RUN = 5
# While a run with this key waits, another one would find nothing to do.
EMBED_KEY = "memory.embed"
LONGEST_SHOWN = 600


class FileGone(Permanent):
    """The file is not there any more."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many pairs of the file were handed to the memory in all attempts, and how many of them it lacked."""

    pairs: int = 0
    added: int = 0


@task(ImportMemory)
def import_memory(args: ImportMemory, context: TaskContext) -> Outcome:
    """Read the file unit by unit and add what the memory lacks. A repeat adds nothing.

    Every few thousand pairs are committed. A later attempt reads the file from its beginning, since it never changes,
    and passes over the pairs that are in.
    """
    file = require_file(args, context)
    reader = TmxReader(args.source_language, args.target_language)
    user_id = find_user_id(context.session, file.owner_id)
    done = Imported(**context.resume.state) if context.resume else Imported()
    units = reader.units(reporting(read_bytes(context.store, file), file, reader, context))
    batches = iter_batches(islice(units, done.pairs, None))
    for number, batch in enumerate(batches, start=1):
        added = memory.add_entries(
            context.session,
            [entry_of(unit, args, file) for unit in batch],
            source_language=args.source_language,
            target_language=args.target_language,
            created_by=user_id,
        )
        done = Imported(done.pairs + len(batch), done.added + added)
        if number % STATEMENTS_A_CHECKPOINT == 0:
            context.save(IMPORTED, asdict(done))
    if args.embed:
        ledger.enqueue(context.session, EmbedMemory(), unique_key=EMBED_KEY, requested_by=context.requested_by)
    return Result(
        {
            "read": reader.read,
            "added": done.added,
            "already_there": done.pairs - done.added,
            "skipped": dict(reader.skipped),
        }
    )


def iter_batches(units: Iterator[Unit]) -> Iterator[list[Unit]]:
    """Gather units for one statement each."""
    while batch := list(islice(units, ENTRIES_A_STATEMENT)):
        yield batch


def require_file(args: ImportMemory, context: TaskContext) -> HandedInFile:
    """Return the file, if it is the asker's.

    Raises:
        FileGone: it has expired, or never was theirs.
    """
    file = find_file(context.session, args.file_id)
    if file is None or file.owner_id != context.requested_by:
        raise FileGone(f"The file {args.file_id} is not there any more, or not yours: hand it in again.")
    return file


def read_bytes(store: Store, file: HandedInFile) -> Iterator[bytes]:
    """Open the file.

    Raises:
        FileGone: its bytes are not in the store any more.
    """
    try:
        return store.read(file.key)
    except FileMissing as error:
        raise FileGone(f"The bytes of the file {file.id} ({file.name}) are gone: hand it in again.") from error


def reporting(pieces: Iterable[bytes], file: HandedInFile, reader: TmxReader, context: TaskContext) -> Iterator[bytes]:
    """Tell how much of the file has been read."""
    done = 0
    for piece in pieces:
        yield piece
        done += len(piece)
        context.progress(0.99 * done / max(done, file.size), f"{reader.read:,} units read")


def entry_of(unit: Unit, args: ImportMemory, file: HandedInFile) -> memory.NewEntry:
    """Say of a unit where it came from. What the asker says it is about wins over what the file says."""
    return memory.NewEntry(
        source=unit.source,
        target=unit.target,
        domain=args.domain or unit.domain,
        subdomain=args.subdomain or unit.subdomain,
        quality=unit.quality,
        context_hash=unit.context_hash,
        metadata={**unit.metadata, "file": file.name},
    )


@dataclass(frozen=True, slots=True)
class Embedded:
    """What a run has embedded in all its attempts, and how much there was to do when it began."""

    waiting: int
    entries: int = 0
    chunks: int = 0

    @property
    def total(self) -> int:
        """Entries and chunks together."""
        return self.entries + self.chunks

    def add(self, entries: int, chunks: int) -> Embedded:
        """Count a batch."""
        return replace(self, entries=self.entries + entries, chunks=self.chunks + chunks)


@task(EmbedMemory)
def embed_memory(args: EmbedMemory, context: TaskContext) -> Outcome:
    """Embed batch by batch. Each is committed before the next, so that a later attempt goes on where this one was.

    After a few batches the run makes room for others and comes back for the rest.
    """
    embedder = CountedEmbedder(context)
    done = embedded_so_far(context, embedder.model)
    for _ in range(BATCHES_A_RUN):
        entries = embed_entries(args, context, embedder)
        chunks = 0 if entries else embed_chunks(args, context, embedder)
        if not entries + chunks:
            return Result(
                {
                    "embedded": done.total,
                    "entries": done.entries,
                    "chunks": done.chunks,
                    "provider": embedder.provider,
                    "model": embedder.model,
                }
            )
        done = done.add(entries, chunks)
        context.save(EMBEDDED, asdict(done))
        most = max(done.total, done.waiting)
        context.progress(min(0.99, done.total / most), f"{done.total:,} of {most:,} embedded")
    return Snooze(timedelta(0), reason=f"{done.total} embedded, more to go")


def embedded_so_far(context: TaskContext, model: str) -> Embedded:
    """Return what earlier attempts of this run did, or count what there is to do."""
    if context.resume:
        return Embedded(**context.resume.state)
    return Embedded(embeddings.count_waiting(context.session, model=model))


def embed_entries(args: EmbedMemory, context: TaskContext, embedder: CountedEmbedder) -> int:
    """Embed one batch of the memory's entries, two texts each; return how many entries."""
    entries = embeddings.take_entries(context.session, model=embedder.model, limit=max(1, args.batch_size // 2))
    if entries:
        texts = [text for entry in entries for text in (entry.source, entry.target)]
        vectors = embedder.embed(texts).vectors.tolist()
        ids = [entry.id for entry in entries]
        embeddings.store_entry_vectors(context.session, ids, vectors[0::2], vectors[1::2], embedder.model)
    return len(entries)


def embed_chunks(args: EmbedMemory, context: TaskContext, embedder: CountedEmbedder) -> int:
    """Embed one batch of the chunks of job descriptions; return how many."""
    chunks = embeddings.take_chunks(context.session, model=embedder.model, limit=args.batch_size)
    if chunks:
        vectors = embedder.embed([chunk.text for chunk in chunks]).vectors.tolist()
        embeddings.store_chunk_vectors(context.session, [chunk.id for chunk in chunks], vectors, embedder.model)
    return len(chunks)


@task(LookUpMemory)
def look_up_memory(args: LookUpMemory, context: TaskContext) -> Outcome:
    """Find matches. Looking changes nothing: an entry counts as used when somebody accepts its translation."""
    matches = look_up(
        context.session,
        CountedEmbedder(context),
        text=args.text,
        source_language=args.source_language,
        target_language=args.target_language,
        limit=args.limit,
        minimum_score=args.minimum_score,
        domain=args.domain,
    )
    return Result({"matches": [shown(match) for match in matches], "model": context.embedder.model})


def shown(match: Match) -> dict[str, Any]:
    """Return a match as the run keeps it: long texts cut, since the entry has them whole."""
    return {
        "entry_id": match.entry_id,
        "kind": match.kind,
        "score": match.score,
        "source": cut(match.source),
        "target": cut(match.target),
        "domain": match.domain,
        "numbers_differ": match.numbers_differ,
    }


def cut(text: str) -> str:
    """Cut a text to what a result may hold: twenty matches stay within 32 KiB."""
    whole = text.encode()
    if len(whole) <= LONGEST_SHOWN:
        return text
    return whole[:LONGEST_SHOWN].decode(errors="ignore").rstrip() + " …"
