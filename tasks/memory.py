"""`memory.import`, `memory.embed`, `memory.lookup`: the translation memory is filled, embedded and asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from contracts.args.memory import EmbedMemory, ImportMemory, LookUpMemory
from contracts.errors import Permanent
from contracts.outcome import Outcome, Result, Snooze
from db import ledger
from db.repositories import embeddings, memory
from db.repositories.files import HandedInFile, find_file
from engines.translation.matching import Match
from engines.translation.tmx import TmxReader, Unit
from providers.storage.store import FileMissing, Store
from tasks.context import TaskContext
from tasks.memory_lookup import look_up
from tasks.memory_vectors import CountedEmbedder
from tasks.registry import task

ENTRIES_A_STATEMENT = 1_000
BATCHES_A_RUN = 5
# While a run with this key waits, another one would find nothing to do.
EMBED_KEY = "memory.embed"
LONGEST_SHOWN = 600


class FileGone(Permanent):
    """The file is not there any more."""


@task(ImportMemory)
def import_memory(args: ImportMemory, context: TaskContext) -> Outcome:
    """Read the file unit by unit and add what the memory lacks. All of it is one transaction: a repeat adds nothing."""
    file = require_file(args, context)
    reader = TmxReader(args.source_language, args.target_language)
    user_id = memory.find_user_id(context.session, file.owner_id)
    added = there = 0
    units = reader.units(reporting(read_bytes(context.store, file), file, reader, context))
    while batch := list(islice(units, ENTRIES_A_STATEMENT)):
        new = memory.add_entries(
            context.session,
            [entry_of(unit, args, file) for unit in batch],
            source_language=args.source_language,
            target_language=args.target_language,
            created_by=user_id,
        )
        added += new
        there += len(batch) - new
    if args.embed:
        ledger.enqueue(context.session, EmbedMemory(), unique_key=EMBED_KEY, requested_by=context.requested_by)
    return Result({"read": reader.read, "added": added, "already_there": there, "skipped": dict(reader.skipped)})


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


@task(EmbedMemory)
def embed_memory(args: EmbedMemory, context: TaskContext) -> Outcome:
    """Embed a few batches, then come back for the rest: what was paid for is committed soon."""
    embedder = CountedEmbedder(context)
    waiting = embeddings.count_waiting(context.session)
    done = 0
    for _ in range(BATCHES_A_RUN):
        batch = embed_entries(args, context, embedder) or embed_chunks(args, context, embedder)
        if not batch:
            return Result(embedded_so_far(context))
        done += batch
        context.progress(min(0.99, done / max(done, waiting)), f"{done:,} of {max(done, waiting):,} embedded")
    return Snooze(timedelta(0), reason=f"{done} embedded, more to go")


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


def embedded_so_far(context: TaskContext) -> dict[str, Any]:
    """Count what was embedded since the run was asked for, in all its attempts."""
    model = context.embedder.model
    entries, chunks = embeddings.count_embedded(context.session, context.run_id, model=model)
    return {
        "embedded": entries + chunks,
        "entries": entries,
        "chunks": chunks,
        "provider": context.embedder.provider,
        "model": model,
    }


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
