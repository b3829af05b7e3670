-- Who got a vector of this model since the run was asked for: a run of several attempts has no memory of its own.
SELECT
    (SELECT count(*) FROM translation_memory
     WHERE embedding_model = :model AND embedded_at >= run.created_at) AS entries,
    (SELECT count(*) FROM content_chunks
     WHERE embedding_model = :model AND embedded_at >= run.created_at) AS chunks
FROM task_runs AS run
WHERE run.id = :run_id
