-- Chunks whose vector another model made, held until the transaction ends.
SELECT id, chunk_text
FROM content_chunks
WHERE embedding_model IS DISTINCT FROM :model AND embedding IS NOT NULL AND chunk_text ~ '\S'
ORDER BY id
LIMIT :limit
FOR UPDATE SKIP LOCKED
