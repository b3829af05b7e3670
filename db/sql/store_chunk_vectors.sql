UPDATE content_chunks AS chunk
SET embedding = CAST(made.vector AS vector), embedding_model = :model, embedded_at = now()
FROM unnest(CAST(:ids AS integer[]), CAST(:vectors AS text[])) AS made (id, vector)
WHERE chunk.id = made.id
