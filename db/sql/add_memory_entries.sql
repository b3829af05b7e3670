-- Add entries that the memory does not have yet; an equal one stays as it is, with all that people did to it.
INSERT INTO translation_memory (
    source_text, target_text, source_language, target_language, domain, subdomain, quality_score, context_hash,
    metadata, created_by)
SELECT
    source_text, target_text, :source_language, :target_language, domain, subdomain, quality_score, context_hash,
    metadata, :created_by
FROM unnest(
    CAST(:sources AS text[]), CAST(:targets AS text[]), CAST(:domains AS text[]), CAST(:subdomains AS text[]),
    CAST(:qualities AS numeric[]), CAST(:contexts AS text[]), CAST(:metadata AS jsonb[])
) AS entry (source_text, target_text, domain, subdomain, quality_score, context_hash, metadata)
ON CONFLICT ON CONSTRAINT translation_memory_natural_key DO NOTHING
