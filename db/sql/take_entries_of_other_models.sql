-- Entries whose vectors another model made, held until the transaction ends.
SELECT id, source_text, target_text
FROM translation_memory
WHERE embedding_model IS DISTINCT FROM :model AND source_embedding IS NOT NULL AND target_embedding IS NOT NULL
    AND source_text ~ '\S' AND target_text ~ '\S'
ORDER BY id
LIMIT :limit
FOR UPDATE SKIP LOCKED
