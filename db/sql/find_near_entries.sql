-- Entries whose source has a vector of this model near this one. The order is by the very expression of the index.
SELECT
    id, source_text, target_text, domain,
    1 - (source_embedding::halfvec(1536) <=> CAST(:vector AS halfvec(1536))) AS similarity
FROM translation_memory
WHERE embedding_model = :model
    AND source_language = :source_language AND target_language = :target_language
    AND (CAST(:domain AS text) IS NULL OR domain = :domain)
ORDER BY source_embedding::halfvec(1536) <=> CAST(:vector AS halfvec(1536))
LIMIT :limit
