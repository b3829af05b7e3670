-- What a paid call answered, by a hash of all that was asked: an attempt that comes after a crash does not pay again.
CREATE TABLE ai_answers (
    call_key varchar(128) NOT NULL,
    provider varchar(50) NOT NULL,
    model varchar(100) NOT NULL,
    answer jsonb NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT ai_answers_pkey PRIMARY KEY (call_key)
);

CREATE INDEX ai_answers_created_at_idx ON ai_answers (created_at);

ALTER TABLE ai_answers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY migrator_all ON ai_answers TO dray_migrator USING (true);
CREATE POLICY worker_reads ON ai_answers FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_adds ON ai_answers FOR INSERT TO dray_worker WITH CHECK (true);
CREATE POLICY worker_removes ON ai_answers FOR DELETE TO dray_worker USING (true);
GRANT SELECT, INSERT, DELETE ON ai_answers TO dray_worker;
