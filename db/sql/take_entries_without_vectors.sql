-- Entries without vectors, held until the transaction ends. What others hold is theirs to do; blank texts have no vector.
SELECT id, source_text, target_text
FROM translation_memory
WHERE (source_embedding IS NULL OR target_embedding IS NULL) AND source_text ~ '\S' AND target_text ~ '\S'
ORDER BY id
LIMIT :limit
FOR UPDATE SKIP LOCKED
