SELECT
    (SELECT count(*) FROM translation_memory WHERE source_embedding IS NULL OR target_embedding IS NULL)
    + (SELECT count(*) FROM content_chunks WHERE embedding IS NULL) AS waiting
