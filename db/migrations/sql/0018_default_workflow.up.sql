-- Nobody in particular made these rows: no user is assumed to exist. Running this again changes nothing.
INSERT INTO approval_workflows (workflow_name, description, workflow_type, steps)
SELECT
    'Standard Job Description Review',
    'Standard 3-step review process for job descriptions',
    'job_description',
    '[{"step": 1, "name": "Manager Review", "role": "manager"},
      {"step": 2, "name": "HR Review", "role": "hr"},
      {"step": 3, "name": "Final Approval", "role": "director"}]'
WHERE NOT EXISTS (
    SELECT FROM approval_workflows
    WHERE workflow_name = 'Standard Job Description Review' AND workflow_type = 'job_description'
);

DO $$
DECLARE
    expected bigint;
    made bigint;
BEGIN
    -- Under FORCE an owner without a policy sees no row at all: then every count below would be zero and agree.
    IF EXISTS (
        SELECT FROM pg_class c
        WHERE c.oid IN ('job_descriptions'::regclass, 'job_sections'::regclass, 'document_versions'::regclass)
        AND row_security_active(c.oid) AND NOT EXISTS (
            SELECT FROM pg_policies p
            WHERE p.schemaname = 'public' AND p.tablename = c.relname AND current_user = ANY (p.roles)
            AND p.cmd = 'ALL' AND p.qual = 'true'
        )
    ) THEN
        RAISE EXCEPTION 'row-level security hides job descriptions from %', current_user;
    END IF;

    LOCK TABLE job_descriptions, document_versions IN SHARE ROW EXCLUSIVE MODE;
    SELECT count(*) INTO expected FROM job_descriptions j
    WHERE NOT EXISTS (SELECT FROM document_versions v WHERE v.job_id = j.id AND v.version_number = '1.0.0');

    INSERT INTO document_versions
        (job_id, version_number, version_type, content_snapshot, changes_summary, status, published_at)
    SELECT j.id, '1.0.0', 'major',
        jsonb_build_object('title', j.title, 'content', j.raw_content, 'sections', COALESCE(
            (SELECT jsonb_agg(jsonb_build_object('type', s.section_type, 'content', s.section_content)
                ORDER BY s.section_order, s.id) FROM job_sections s WHERE s.job_id = j.id), '[]')),
        'As it was before versions were kept', 'published', j.created_at
    FROM job_descriptions j
    ON CONFLICT (job_id, version_number) DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;

    IF made <> expected THEN
        RAISE EXCEPTION 'made % first versions where % were missing', made, expected;
    END IF;
END
$$;
