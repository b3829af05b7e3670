-- Who may read and write job descriptions and what belongs to them.
--
-- The vocabulary: each function answers for the person asking and is NULL or false for nobody. They run as the owner,
-- so that a policy can look into tables that the person can't, and so that no policy calls itself for ever.
CREATE FUNCTION is_admin() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM public.users WHERE id = public.current_user_id() AND role = 'admin')
$$;

CREATE FUNCTION has_role(VARIADIC wanted text[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM public.users WHERE id = public.current_user_id() AND (role = 'admin' OR role = ANY (wanted)))
$$;

-- A permission without a resource holds for all of its type; any permission includes reading.
CREATE FUNCTION has_permission(wanted_type text, wanted_id integer, wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.user_permissions p
        WHERE p.user_id = public.current_user_id() AND p.resource_type = wanted_type
        AND (p.resource_id IS NULL OR p.resource_id = wanted_id)
        AND (wanted = 'read' OR p.permission_type = wanted)
        AND (p.expires_at IS NULL OR p.expires_at > now() AT TIME ZONE 'UTC')
    )
$$;

-- Nobody passes on more than they hold, nor for longer.
CREATE FUNCTION may_grant(wanted_type text, wanted_id integer, wanted text, until timestamp) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.is_admin()
        OR count(DISTINCT p.permission_type) = CASE wanted WHEN 'share' THEN 1 ELSE 2 END
    FROM public.user_permissions p
    WHERE p.user_id = public.current_user_id() AND p.resource_type = wanted_type
    AND (p.resource_id IS NULL OR p.resource_id = wanted_id) AND p.permission_type IN ('share', wanted)
    AND (p.expires_at IS NULL OR (p.expires_at > now() AT TIME ZONE 'UTC' AND p.expires_at >= until))
$$;

-- What somebody may by right: as an admin, as the author or by a permission. It answers for others too, so only the
-- functions below ask it; it asks none of them.
CREATE FUNCTION person_may(person integer, wanted_job integer, wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.users u
        WHERE u.id = person AND u.is_active AND (
            u.role = 'admin'
            OR EXISTS (SELECT FROM public.job_descriptions WHERE id = wanted_job AND created_by = u.id)
            OR EXISTS (
                SELECT FROM public.user_permissions p
                WHERE p.user_id = u.id AND p.resource_type = 'job_description'
                AND (p.resource_id IS NULL OR p.resource_id = wanted_job)
                AND (wanted = 'read' OR p.permission_type = wanted)
                AND (p.expires_at IS NULL OR p.expires_at > now() AT TIME ZONE 'UTC'))))
$$;
REVOKE EXECUTE ON FUNCTION person_may FROM PUBLIC;

-- Whom a writer brings in as collaborator, reviewer or approver reads for as long as that writer may write. Nobody
-- brings in themselves: a session, a pair or a step of one's own gives nothing.
CREATE FUNCTION can_read_job(wanted integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.person_may(public.current_user_id(), wanted, 'read')
        OR EXISTS (
            SELECT FROM public.editing_sessions
            WHERE job_id = wanted AND status IN ('active', 'paused')
            AND (expires_at IS NULL OR expires_at > now() AT TIME ZONE 'UTC')
            AND public.current_user_id() = ANY (collaborators) AND public.person_may(created_by, job_id, 'write'))
        OR EXISTS (
            SELECT FROM public.translation_pairs
            WHERE wanted IN (source_job_id, target_job_id) AND public.current_user_id() = reviewer_id
            AND public.person_may(translator_id, source_job_id, 'write')
            AND public.person_may(translator_id, target_job_id, 'write'))
        OR EXISTS (
            SELECT FROM public.document_approvals a JOIN public.approval_steps s ON s.approval_id = a.id
            WHERE a.job_id = wanted AND public.current_user_id() IN (s.assigned_to, s.delegated_to)
            AND public.person_may(a.submitted_by, a.job_id, 'write'))
$$;

CREATE FUNCTION can_write_job(wanted integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.person_may(public.current_user_id(), wanted, 'write')
$$;

CREATE FUNCTION can_approve_job(wanted integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.is_admin() OR public.has_permission('job_description', wanted, 'approve')
$$;

CREATE FUNCTION can_use_session(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.editing_sessions s
        WHERE s.session_id = wanted AND (
            (public.current_user_id() = ANY (s.created_by || s.collaborators) AND public.can_read_job(s.job_id))
            OR public.is_admin() OR public.has_permission('editing_session', s.id, 'read')))
$$;

CREATE FUNCTION can_edit_session(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.editing_sessions s
        WHERE s.session_id = wanted AND (
            (public.current_user_id() = ANY (s.created_by || s.collaborators) AND public.can_read_job(s.job_id))
            OR public.is_admin() OR public.has_permission('editing_session', s.id, 'write')))
$$;

CREATE FUNCTION can_read_pair(wanted integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.translation_pairs p
        WHERE p.id = wanted AND (
            public.has_permission('translation', p.id, 'read')
            OR (public.can_read_job(p.source_job_id) AND public.can_read_job(p.target_job_id))))
$$;

CREATE FUNCTION can_write_pair(wanted integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.translation_pairs p
        WHERE p.id = wanted AND (
            public.is_admin() OR public.has_permission('translation', p.id, 'write')
            OR (public.current_user_id() IN (p.translator_id, p.reviewer_id)
                AND public.can_read_job(p.source_job_id) AND public.can_read_job(p.target_job_id))))
$$;

CREATE FUNCTION owns_approval(wanted integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.is_admin() OR EXISTS (
        SELECT FROM public.document_approvals
        WHERE id = wanted AND submitted_by = public.current_user_id() AND public.can_write_job(job_id))
$$;

-- Whether none of these people submitted the approval.
CREATE FUNCTION none_submitted(wanted integer, VARIADIC people integer[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM public.document_approvals
        WHERE id = wanted AND (submitted_by = ANY (array_remove(people, NULL))) IS NOT TRUE)
$$;

CREATE FUNCTION can_read_approval(wanted integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.owns_approval(wanted) OR EXISTS (
        SELECT FROM public.document_approvals WHERE id = wanted AND public.can_read_job(job_id))
$$;

-- A reply stays on its parent's document.
CREATE FUNCTION is_comment_on(comment_id integer, wanted_job integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM public.document_comments WHERE id = comment_id AND job_id = wanted_job)
$$;

DO $$
DECLARE
    helper regprocedure;
    hosted text;
BEGIN
    FOR helper IN
        SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname IN (
            'is_admin', 'has_role', 'has_permission', 'may_grant', 'can_read_job', 'can_write_job', 'can_approve_job',
            'can_use_session', 'can_edit_session', 'can_read_pair', 'can_write_pair', 'owns_approval',
            'none_submitted', 'can_read_approval', 'is_comment_on')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', helper);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO authenticated_users', helper);
    END LOOP;
    FOREACH hosted IN ARRAY ARRAY[
        'job_descriptions', 'job_metadata', 'job_sections', 'content_chunks', 'ai_usage_tracking',
        'users', 'user_sessions', 'user_preferences', 'user_permissions',
        'editing_sessions', 'document_changes', 'websocket_connections', 'editing_locks', 'document_comments',
        'translation_pairs', 'sentence_alignments', 'translation_memory', 'terminology_glossary', 'translation_sessions',
        'ai_suggestions', 'ai_usage_sessions', 'compliance_checks',
        'approval_workflows', 'document_approvals', 'approval_steps', 'document_versions',
        'usage_analytics', 'performance_metrics', 'activity_logs', 'system_health']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', hosted);
        -- FORCE would blind the owner: the helpers above, data migrations and the sample data.
        EXECUTE format('CREATE POLICY migrator_all ON %I TO dray_migrator USING (true)', hosted);
        -- What a worker may do is bounded by its grants, command by command.
        EXECUTE format('CREATE POLICY worker_reads ON %I FOR SELECT TO dray_worker USING (true)', hosted);
    END LOOP;
    FOREACH hosted IN ARRAY ARRAY[
        'job_sections', 'content_chunks', 'ai_usage_tracking', 'translation_pairs', 'sentence_alignments',
        'translation_memory', 'terminology_glossary', 'ai_suggestions', 'ai_usage_sessions', 'compliance_checks',
        'usage_analytics', 'performance_metrics', 'activity_logs', 'system_health']
    LOOP
        EXECUTE format('CREATE POLICY worker_adds ON %I FOR INSERT TO dray_worker WITH CHECK (true)', hosted);
        EXECUTE format('GRANT INSERT ON %I TO dray_worker', hosted);
        EXECUTE format('GRANT USAGE ON SEQUENCE %I TO dray_worker', hosted || '_id_seq');
    END LOOP;
    FOREACH hosted IN ARRAY ARRAY[
        'job_sections', 'content_chunks', 'editing_sessions', 'editing_locks', 'translation_pairs',
        'sentence_alignments', 'translation_memory', 'terminology_glossary', 'translation_sessions',
        'ai_suggestions', 'compliance_checks']
    LOOP
        EXECUTE format('CREATE POLICY worker_changes ON %I FOR UPDATE TO dray_worker USING (true)', hosted);
        EXECUTE format('GRANT UPDATE ON %I TO dray_worker', hosted);
    END LOOP;
    FOREACH hosted IN ARRAY ARRAY[
        'job_sections', 'content_chunks', 'user_sessions', 'websocket_connections', 'sentence_alignments',
        'translation_memory', 'compliance_checks', 'usage_analytics', 'performance_metrics', 'activity_logs',
        'system_health', 'ai_usage_tracking']
    LOOP
        EXECUTE format('CREATE POLICY worker_removes ON %I FOR DELETE TO dray_worker USING (true)', hosted);
        EXECUTE format('GRANT DELETE ON %I TO dray_worker', hosted);
    END LOOP;
END
$$;

-- Neither password hashes nor session tokens are anyone's to read.
GRANT SELECT (id, username, email, first_name, last_name, role, department, security_clearance, preferred_language,
    is_active, last_login, created_at, updated_at, auth_user_id) ON users TO authenticated_users, dray_worker;
GRANT SELECT (id, user_id, ip_address, user_agent, expires_at, created_at, last_activity) ON user_sessions
    TO authenticated_users, dray_worker;
GRANT SELECT ON job_descriptions, job_metadata, job_sections, content_chunks, ai_usage_tracking, user_preferences,
    user_permissions, editing_sessions, document_changes, websocket_connections, editing_locks, document_comments,
    translation_pairs, sentence_alignments, translation_memory, terminology_glossary, translation_sessions,
    ai_suggestions, ai_usage_sessions, compliance_checks, approval_workflows, document_approvals, approval_steps,
    document_versions, usage_analytics, performance_metrics, activity_logs, system_health
    TO authenticated_users, dray_worker;

-- People.
CREATE POLICY own_or_admin ON users FOR SELECT TO authenticated_users
    USING (id = (SELECT current_user_id()) OR (SELECT is_admin()));
CREATE POLICY own_profile ON users FOR UPDATE TO authenticated_users USING (id = (SELECT current_user_id()));
GRANT UPDATE (first_name, last_name, preferred_language) ON users TO authenticated_users;
CREATE POLICY own_or_admin ON user_sessions FOR SELECT TO authenticated_users
    USING (user_id = (SELECT current_user_id()) OR (SELECT is_admin()));
CREATE POLICY sign_out ON user_sessions FOR DELETE TO authenticated_users
    USING (user_id = (SELECT current_user_id()));
GRANT DELETE ON user_sessions TO authenticated_users;
CREATE POLICY own ON user_preferences TO authenticated_users USING (user_id = (SELECT current_user_id()));
GRANT INSERT, UPDATE, DELETE ON user_preferences TO authenticated_users;
CREATE POLICY held_or_granted ON user_permissions FOR SELECT TO authenticated_users
    USING (user_id = (SELECT current_user_id()) OR granted_by = (SELECT current_user_id()) OR (SELECT is_admin()));
CREATE POLICY share ON user_permissions FOR INSERT TO authenticated_users
    WITH CHECK (granted_by = (SELECT current_user_id())
        AND may_grant(resource_type, resource_id, permission_type, expires_at));
CREATE POLICY take_back ON user_permissions FOR DELETE TO authenticated_users
    USING (granted_by = (SELECT current_user_id()) OR (SELECT is_admin()));
GRANT INSERT, DELETE ON user_permissions TO authenticated_users;

-- Documents. A row just made is known by its own columns: the functions can't see it yet.
CREATE POLICY readable ON job_descriptions FOR SELECT TO authenticated_users
    USING (created_by = (SELECT current_user_id()) OR can_read_job(id));
CREATE POLICY write_new ON job_descriptions FOR INSERT TO authenticated_users
    WITH CHECK (created_by = (SELECT current_user_id()) AND (SELECT has_role('editor')));
CREATE POLICY writable ON job_descriptions FOR UPDATE TO authenticated_users USING (can_write_job(id));
CREATE POLICY deletable ON job_descriptions FOR DELETE TO authenticated_users
    USING ((SELECT is_admin()) OR has_permission('job_description', id, 'delete'));
GRANT INSERT, DELETE ON job_descriptions TO authenticated_users;
GRANT UPDATE (job_number, title, classification, language, file_path, raw_content, processed_date, file_hash)
    ON job_descriptions TO authenticated_users;
CREATE POLICY readable ON job_metadata FOR SELECT TO authenticated_users USING (can_read_job(job_id));
CREATE POLICY write_new ON job_metadata FOR INSERT TO authenticated_users WITH CHECK (can_write_job(job_id));
CREATE POLICY writable ON job_metadata FOR UPDATE TO authenticated_users USING (can_write_job(job_id));
CREATE POLICY deletable ON job_metadata FOR DELETE TO authenticated_users USING (can_write_job(job_id));
CREATE POLICY readable ON job_sections FOR SELECT TO authenticated_users USING (can_read_job(job_id));
CREATE POLICY write_new ON job_sections FOR INSERT TO authenticated_users WITH CHECK (can_write_job(job_id));
CREATE POLICY writable ON job_sections FOR UPDATE TO authenticated_users USING (can_write_job(job_id));
CREATE POLICY deletable ON job_sections FOR DELETE TO authenticated_users USING (can_write_job(job_id));
GRANT INSERT, UPDATE, DELETE ON job_metadata, job_sections TO authenticated_users;
CREATE POLICY readable ON content_chunks FOR SELECT TO authenticated_users USING (can_read_job(job_id));
CREATE POLICY admin_reads ON ai_usage_tracking FOR SELECT TO authenticated_users USING ((SELECT is_admin()));

-- Editing together.
CREATE POLICY taking_part ON editing_sessions FOR SELECT TO authenticated_users
    USING (((SELECT current_user_id()) = ANY (created_by || collaborators) AND can_read_job(job_id))
        OR (SELECT is_admin()) OR has_permission('editing_session', id, 'read'));
CREATE POLICY open_own ON editing_sessions FOR INSERT TO authenticated_users
    WITH CHECK (created_by = (SELECT current_user_id()) AND can_read_job(job_id)
        AND (collaborators <@ ARRAY[created_by] OR can_write_job(job_id)));
CREATE POLICY taking_part_changes ON editing_sessions FOR UPDATE TO authenticated_users
    USING (can_edit_session(session_id))
    WITH CHECK (can_edit_session(session_id) AND can_read_job(job_id)
        AND (collaborators <@ ARRAY[created_by] OR can_write_job(job_id)));
CREATE POLICY close_own ON editing_sessions FOR DELETE TO authenticated_users
    USING (created_by = (SELECT current_user_id()) OR (SELECT is_admin()));
GRANT INSERT, DELETE ON editing_sessions TO authenticated_users;
GRANT UPDATE (session_type, status, collaborators, document_state, editor_config, metadata, last_activity, expires_at,
    completed_at) ON editing_sessions TO authenticated_users;
CREATE POLICY taking_part ON document_changes FOR SELECT TO authenticated_users USING (can_use_session(session_id));
CREATE POLICY own_change ON document_changes FOR INSERT TO authenticated_users
    WITH CHECK (user_id = (SELECT current_user_id()) AND can_edit_session(session_id));
CREATE POLICY taking_part_marks ON document_changes FOR UPDATE TO authenticated_users
    USING (can_edit_session(session_id));
GRANT INSERT ON document_changes TO authenticated_users;
GRANT UPDATE (conflict_resolved, applied_at, reverted_at) ON document_changes TO authenticated_users;
CREATE POLICY own_or_admin ON websocket_connections FOR SELECT TO authenticated_users
    USING (user_id = (SELECT current_user_id()) OR (SELECT is_admin()));
CREATE POLICY own_connect ON websocket_connections FOR INSERT TO authenticated_users
    WITH CHECK (user_id = (SELECT current_user_id()) AND can_use_session(session_id));
CREATE POLICY own_beat ON websocket_connections FOR UPDATE TO authenticated_users
    USING (user_id = (SELECT current_user_id()))
    WITH CHECK (user_id = (SELECT current_user_id()) AND can_use_session(session_id));
GRANT INSERT, UPDATE ON websocket_connections TO authenticated_users;
CREATE POLICY taking_part ON editing_locks FOR SELECT TO authenticated_users USING (can_use_session(session_id));
CREATE POLICY own_lock ON editing_locks FOR INSERT TO authenticated_users
    WITH CHECK (user_id = (SELECT current_user_id()) AND can_edit_session(session_id));
CREATE POLICY own_release ON editing_locks FOR UPDATE TO authenticated_users
    USING (user_id = (SELECT current_user_id()))
    WITH CHECK (user_id = (SELECT current_user_id()) AND can_edit_session(session_id));
GRANT INSERT, UPDATE ON editing_locks TO authenticated_users;
CREATE POLICY readable ON document_comments FOR SELECT TO authenticated_users USING (can_read_job(job_id));
CREATE POLICY own_comment ON document_comments FOR INSERT TO authenticated_users
    WITH CHECK (user_id = (SELECT current_user_id()) AND can_read_job(job_id)
        AND (session_id IS NULL OR can_use_session(session_id))
        AND (parent_comment_id IS NULL OR is_comment_on(parent_comment_id, job_id)));
CREATE POLICY own_or_writer ON document_comments FOR UPDATE TO authenticated_users
    USING (can_read_job(job_id) AND (user_id = (SELECT current_user_id()) OR can_write_job(job_id)));
CREATE POLICY own_or_admin ON document_comments FOR DELETE TO authenticated_users
    USING (user_id = (SELECT current_user_id()) OR (SELECT is_admin()));
GRANT INSERT, DELETE ON document_comments TO authenticated_users;
GRANT UPDATE (comment_text, comment_type, status, resolved_by, resolved_at) ON document_comments TO authenticated_users;

-- Translation.
CREATE POLICY readable ON translation_pairs FOR SELECT TO authenticated_users
    USING (has_permission('translation', id, 'read')
        OR (can_read_job(source_job_id) AND can_read_job(target_job_id)));
CREATE POLICY own_pair ON translation_pairs FOR INSERT TO authenticated_users
    WITH CHECK (translator_id = (SELECT current_user_id()) AND (SELECT has_role('translator', 'editor'))
        AND can_read_job(source_job_id) AND can_read_job(target_job_id));
CREATE POLICY writable ON translation_pairs FOR UPDATE TO authenticated_users USING (can_write_pair(id))
    WITH CHECK (can_write_pair(id) AND can_read_job(source_job_id) AND can_read_job(target_job_id));
CREATE POLICY admin_removes ON translation_pairs FOR DELETE TO authenticated_users USING ((SELECT is_admin()));
GRANT INSERT, DELETE ON translation_pairs TO authenticated_users;
-- Neither the documents nor the people: can_write_pair() sees only the row as it was.
GRANT UPDATE (source_language, target_language, pair_type, alignment_method, alignment_quality, alignment_confidence,
    status, translation_memory_hits, ai_assistance_used, human_post_editing, quality_score, completed_at, approved_at)
    ON translation_pairs TO authenticated_users;
CREATE POLICY readable ON sentence_alignments FOR SELECT TO authenticated_users
    USING (can_read_pair(translation_pair_id));
CREATE POLICY write_new ON sentence_alignments FOR INSERT TO authenticated_users
    WITH CHECK (can_write_pair(translation_pair_id));
CREATE POLICY writable ON sentence_alignments FOR UPDATE TO authenticated_users
    USING (can_write_pair(translation_pair_id));
CREATE POLICY deletable ON sentence_alignments FOR DELETE TO authenticated_users
    USING (can_write_pair(translation_pair_id));
GRANT INSERT, UPDATE, DELETE ON sentence_alignments TO authenticated_users;
CREATE POLICY language_staff ON translation_memory FOR SELECT TO authenticated_users
    USING ((SELECT has_role('editor', 'translator', 'reviewer')) OR has_permission('translation', NULL, 'read'));
CREATE POLICY own_entry ON translation_memory FOR INSERT TO authenticated_users
    WITH CHECK (created_by = (SELECT current_user_id()) AND (SELECT has_role('translator', 'reviewer')));
CREATE POLICY own_or_reviewer ON translation_memory FOR UPDATE TO authenticated_users
    USING ((SELECT has_role('reviewer'))
        OR (created_by = (SELECT current_user_id()) AND (SELECT has_role('translator'))));
CREATE POLICY admin_removes ON translation_memory FOR DELETE TO authenticated_users USING ((SELECT is_admin()));
GRANT INSERT, UPDATE, DELETE ON translation_memory TO authenticated_users;
CREATE POLICY everyone_known ON terminology_glossary FOR SELECT TO authenticated_users
    USING ((SELECT current_user_id()) IS NOT NULL);
CREATE POLICY own_proposal ON terminology_glossary FOR INSERT TO authenticated_users
    WITH CHECK (created_by = (SELECT current_user_id())
        AND (approval_status = 'pending' OR (SELECT has_role('reviewer'))));
CREATE POLICY own_or_reviewer ON terminology_glossary FOR UPDATE TO authenticated_users
    USING ((SELECT has_role('reviewer')) OR (created_by = (SELECT current_user_id()) AND approval_status = 'pending'));
CREATE POLICY admin_removes ON terminology_glossary FOR DELETE TO authenticated_users USING ((SELECT is_admin()));
GRANT INSERT, UPDATE, DELETE ON terminology_glossary TO authenticated_users;
CREATE POLICY taking_part ON translation_sessions FOR SELECT TO authenticated_users
    USING (can_use_session(session_id));
CREATE POLICY own_session ON translation_sessions FOR INSERT TO authenticated_users
    WITH CHECK (translator_id = (SELECT current_user_id()) AND can_use_session(session_id)
        AND (translation_pair_id IS NULL OR can_read_pair(translation_pair_id)));
CREATE POLICY own_progress ON translation_sessions FOR UPDATE TO authenticated_users
    USING (translator_id = (SELECT current_user_id()))
    WITH CHECK (translator_id = (SELECT current_user_id()) AND can_use_session(session_id)
        AND (translation_pair_id IS NULL OR can_read_pair(translation_pair_id)));
GRANT INSERT, UPDATE ON translation_sessions TO authenticated_users;

-- Suggestions and checks.
CREATE POLICY readable ON ai_suggestions FOR SELECT TO authenticated_users
    USING (CASE WHEN job_id IS NULL THEN user_id = (SELECT current_user_id()) ELSE can_read_job(job_id) END);
CREATE POLICY own_request ON ai_suggestions FOR INSERT TO authenticated_users
    WITH CHECK (user_id = (SELECT current_user_id()) AND (job_id IS NULL OR can_read_job(job_id))
        AND (session_id IS NULL OR can_use_session(session_id)));
CREATE POLICY answer ON ai_suggestions FOR UPDATE TO authenticated_users
    USING ((user_id = (SELECT current_user_id()) AND (job_id IS NULL OR can_read_job(job_id))) OR can_write_job(job_id));
GRANT INSERT ON ai_suggestions TO authenticated_users;
GRANT UPDATE (status, user_action, applied_text, responded_at) ON ai_suggestions TO authenticated_users;
CREATE POLICY own_or_admin ON ai_usage_sessions FOR SELECT TO authenticated_users
    USING (user_id = (SELECT current_user_id()) OR (SELECT is_admin()));
CREATE POLICY readable ON compliance_checks FOR SELECT TO authenticated_users USING (can_read_job(job_id));
CREATE POLICY acknowledge ON compliance_checks FOR UPDATE TO authenticated_users USING (can_write_job(job_id))
    WITH CHECK (can_write_job(job_id)
        AND (acknowledged_by IS NULL OR acknowledged_by = (SELECT current_user_id())));
GRANT UPDATE (fix_applied, acknowledged_by, acknowledged_at) ON compliance_checks TO authenticated_users;

-- Approvals and versions.
CREATE POLICY everyone_known ON approval_workflows FOR SELECT TO authenticated_users
    USING ((SELECT current_user_id()) IS NOT NULL);
CREATE POLICY admin_designs ON approval_workflows FOR INSERT TO authenticated_users WITH CHECK ((SELECT is_admin()));
CREATE POLICY admin_changes ON approval_workflows FOR UPDATE TO authenticated_users USING ((SELECT is_admin()));
CREATE POLICY admin_removes ON approval_workflows FOR DELETE TO authenticated_users USING ((SELECT is_admin()));
GRANT INSERT, UPDATE, DELETE ON approval_workflows TO authenticated_users;
CREATE POLICY readable ON document_approvals FOR SELECT TO authenticated_users
    USING (submitted_by = (SELECT current_user_id()) OR can_read_job(job_id));
CREATE POLICY submit ON document_approvals FOR INSERT TO authenticated_users
    WITH CHECK (submitted_by = (SELECT current_user_id()) AND can_write_job(job_id)
        AND status IN ('pending', 'in_progress'));
-- Nobody approves what they submitted: they may only withdraw it.
CREATE POLICY withdraw_or_decide ON document_approvals FOR UPDATE TO authenticated_users
    USING (submitted_by = (SELECT current_user_id()) OR can_approve_job(job_id))
    WITH CHECK ((can_approve_job(job_id) AND submitted_by IS DISTINCT FROM (SELECT current_user_id()))
        OR (submitted_by = (SELECT current_user_id()) AND status = 'cancelled'));
GRANT INSERT ON document_approvals TO authenticated_users;
GRANT UPDATE (current_step, status, completed_at, metadata) ON document_approvals TO authenticated_users;
CREATE POLICY involved ON approval_steps FOR SELECT TO authenticated_users
    USING ((SELECT current_user_id()) IN (assigned_to, delegated_to) OR can_read_approval(approval_id));
CREATE POLICY lay_out ON approval_steps FOR INSERT TO authenticated_users
    WITH CHECK (owns_approval(approval_id) AND status = 'pending'
        AND assigned_to IS DISTINCT FROM (SELECT current_user_id())
        AND none_submitted(approval_id, assigned_to, delegated_to));
CREATE POLICY decide ON approval_steps FOR UPDATE TO authenticated_users
    USING ((SELECT current_user_id()) IN (assigned_to, delegated_to))
    WITH CHECK ((SELECT current_user_id()) IN (assigned_to, delegated_to)
        AND none_submitted(approval_id, assigned_to, delegated_to));
GRANT INSERT (id, approval_id, step_number, step_name, assigned_to, status, deadline)
    ON approval_steps TO authenticated_users;
GRANT UPDATE (status, comments, decision_date, delegated_to, delegated_at) ON approval_steps TO authenticated_users;
CREATE POLICY readable ON document_versions FOR SELECT TO authenticated_users USING (can_read_job(job_id));
-- Nobody publishes what they wrote: a version begins as a draft and somebody else decides on it. Its content stays as
-- it was made, lest one who approves publishes their own under the author's name.
CREATE POLICY own_draft ON document_versions FOR INSERT TO authenticated_users
    WITH CHECK (created_by = (SELECT current_user_id()) AND can_write_job(job_id)
        AND status = 'draft' AND approved_by IS NULL);
CREATE POLICY draft_or_approve ON document_versions FOR UPDATE TO authenticated_users
    USING (can_approve_job(job_id) OR (created_by = (SELECT current_user_id()) AND status = 'draft'))
    WITH CHECK ((can_approve_job(job_id) AND created_by IS DISTINCT FROM (SELECT current_user_id()))
        OR (created_by = (SELECT current_user_id()) AND can_write_job(job_id)
            AND status = 'draft' AND approved_by IS NULL));
GRANT INSERT ON document_versions TO authenticated_users;
GRANT UPDATE (version_number, version_type, changes_summary, approved_by, status, published_at, archived_at)
    ON document_versions TO authenticated_users;

-- Analytics.
CREATE POLICY own_or_admin ON usage_analytics FOR SELECT TO authenticated_users
    USING (user_id = (SELECT current_user_id()) OR (SELECT is_admin()));
CREATE POLICY own_use ON usage_analytics FOR INSERT TO authenticated_users
    WITH CHECK (user_id = (SELECT current_user_id()));
CREATE POLICY own_or_admin ON activity_logs FOR SELECT TO authenticated_users
    USING (user_id = (SELECT current_user_id()) OR (SELECT is_admin()));
CREATE POLICY own_act ON activity_logs FOR INSERT TO authenticated_users
    WITH CHECK (user_id = (SELECT current_user_id()));
GRANT INSERT ON usage_analytics, activity_logs TO authenticated_users;
CREATE POLICY admin_reads ON performance_metrics FOR SELECT TO authenticated_users USING ((SELECT is_admin()));
CREATE POLICY admin_reads ON system_health FOR SELECT TO authenticated_users USING ((SELECT is_admin()));

DO $$
DECLARE
    hosted text;
BEGIN
    FOR hosted IN
        SELECT DISTINCT tablename FROM pg_policies
        WHERE schemaname = 'public' AND policyname <> 'migrator_all' AND cmd IN ('INSERT', 'ALL')
        AND 'authenticated_users' = ANY (roles) AND to_regclass(tablename || '_id_seq') IS NOT NULL
    LOOP
        EXECUTE format('GRANT USAGE ON SEQUENCE %I TO authenticated_users', hosted || '_id_seq');
    END LOOP;
END
$$;
