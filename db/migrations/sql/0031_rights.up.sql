-- Who may ask for what. A kind says which rights its asker needs (contracts/rights.py); what a worker then does, it does
-- with rights of its own, so that this is where a person is held to theirs.
ALTER TABLE task_kinds ADD COLUMN needs jsonb DEFAULT '[]'::jsonb NOT NULL;

-- Answers for the one whom the transaction acts as. What can't be an id is nobody's.
CREATE FUNCTION has_right(wanted text, about text) RETURNS boolean
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    is_uuid boolean := coalesce(about ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', false);
    is_number boolean := coalesce(about ~ '^[0-9]{1,9}$', false);
BEGIN
    RETURN coalesce(CASE wanted
        WHEN 'read report' THEN is_uuid AND EXISTS (
            SELECT FROM pmr_reports WHERE id = about::uuid AND can_read_project(project_id))
        WHEN 'change report' THEN is_uuid AND EXISTS (
            SELECT FROM pmr_reports r JOIN projects p ON p.id = r.project_id
            WHERE r.id = about::uuid AND can_read_project(p.id)
              AND (r.generated_by = auth.uid() OR p.created_by = auth.uid()))
        WHEN 'read project' THEN is_uuid AND can_read_project(about::uuid)
        WHEN 'read job description' THEN is_number AND EXISTS (
            SELECT FROM job_descriptions WHERE id = about::integer AND can_read_job(id))
        WHEN 'write translation pair' THEN is_number AND can_write_pair(about::integer)
        WHEN 'use file' THEN is_uuid AND EXISTS (
            SELECT FROM uploaded_files WHERE id = about::uuid AND owner_id = auth.uid())
        WHEN 'read translation memory' THEN
            has_role('editor', 'translator', 'reviewer') OR has_permission('translation', NULL, 'read')
        WHEN 'write translation memory' THEN has_role('translator', 'reviewer')
        ELSE false
    END, false);
END
$$;

-- The same for somebody else than the one whom the transaction acts as: a worker asks for whom it works.
CREATE FUNCTION person_has_right(person uuid, wanted text, about text) RETURNS boolean
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    acting_as text := coalesce(current_setting('request.jwt.claim.sub', true), '');
    answer boolean;
BEGIN
    PERFORM set_config('request.jwt.claim.sub', person::text, true);
    answer := has_right(wanted, about);
    PERFORM set_config('request.jwt.claim.sub', acting_as, true);
    RETURN answer;
END
$$;

-- Whoever makes the run, the one it is made for must have the rights: a service can't ask for what its user may not see.
CREATE FUNCTION check_rights() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    need record;
    about text;
    verb text;
    noun text;
BEGIN
    FOR need IN
        SELECT value ->> 'right' AS wanted, value ->> 'arg' AS arg
        FROM task_kinds, jsonb_array_elements(needs)
        WHERE name = NEW.kind
    LOOP
        about := NEW.args ->> need.arg;
        CONTINUE WHEN need.arg IS NOT NULL AND about IS NULL;
        verb := split_part(need.wanted, ' ', 1);
        noun := substr(need.wanted, length(verb) + 2);
        -- The same answer for what does not exist and what is not theirs: existence is a secret too.
        IF NOT person_has_right(NEW.requested_by, need.wanted, about) THEN
            IF need.arg IS NULL THEN
                RAISE EXCEPTION '% needs the right to % the %, which % lacks', NEW.kind, verb, noun, NEW.requested_by
                    USING ERRCODE = 'insufficient_privilege', HINT = 'Ask an administrator for the role it takes.';
            END IF;
            RAISE EXCEPTION '% % does not exist, or % may not % it', noun, about, NEW.requested_by, verb
                USING ERRCODE = 'no_data_found';
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;

CREATE TRIGGER check_rights
    BEFORE INSERT ON task_runs
    FOR EACH ROW WHEN (NEW.requested_by IS NOT NULL)
    EXECUTE FUNCTION check_rights();

REVOKE EXECUTE ON FUNCTION has_right, person_has_right, check_rights FROM PUBLIC;
GRANT EXECUTE ON FUNCTION person_has_right TO dray_worker;
