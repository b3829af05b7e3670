-- Entries that share runs of three letters with this text, at least pg_trgm.similarity_threshold of them.
SELECT id, source_text, target_text, domain, NULL AS similarity
FROM translation_memory
WHERE source_text % :text
    AND source_language = :source_language AND target_language = :target_language
    AND (CAST(:domain AS text) IS NULL OR domain = :domain)
ORDER BY similarity(source_text, :text) DESC, id
LIMIT :limit
