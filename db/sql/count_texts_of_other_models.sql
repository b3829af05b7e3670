-- Those that take_entries_of_other_models and take_chunks_of_other_models take.
SELECT
    (SELECT count(*) FROM translation_memory
     WHERE embedding_model IS DISTINCT FROM :model AND source_embedding IS NOT NULL AND target_embedding IS NOT NULL
         AND source_text ~ '\S' AND target_text ~ '\S')
    + (SELECT count(*) FROM content_chunks
       WHERE embedding_model IS DISTINCT FROM :model AND embedding IS NOT NULL AND chunk_text ~ '\S') AS waiting
