UPDATE translation_memory AS entry
SET source_embedding = CAST(made.source AS vector),
    target_embedding = CAST(made.target AS vector),
    embedding_model = :model,
    embedded_at = now()
FROM unnest(CAST(:ids AS integer[]), CAST(:sources AS text[]), CAST(:targets AS text[])) AS made (id, source, target)
WHERE entry.id = made.id
