-- Entries whose source is this very text, the best known first. The hash finds them; the text itself decides.
SELECT id, source_text, target_text, domain, NULL AS similarity
FROM translation_memory
WHERE source_hash = md5(:text) AND source_text = :text
    AND source_language = :source_language AND target_language = :target_language
    AND (CAST(:domain AS text) IS NULL OR domain = :domain)
ORDER BY quality_score DESC NULLS LAST, usage_count DESC NULLS LAST, id
LIMIT :limit
