-- Chunks without a vector, held until the transaction ends.
SELECT id, chunk_text
FROM content_chunks
WHERE embedding IS NULL AND chunk_text ~ '\S'
ORDER BY id
LIMIT :limit
FOR UPDATE SKIP LOCKED
