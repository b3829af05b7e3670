-- Those that take_entries_without_vectors and take_chunks_without_vectors take.
SELECT
    (SELECT count(*) FROM translation_memory
     WHERE (source_embedding IS NULL OR target_embedding IS NULL) AND source_text ~ '\S' AND target_text ~ '\S')
    + (SELECT count(*) FROM content_chunks WHERE embedding IS NULL AND chunk_text ~ '\S') AS waiting
