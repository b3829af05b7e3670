-- Who may do what. Foreign keys look past row security, so every WITH CHECK asks whether the parent is visible.
-- FORCE binds the owner too: migrations, and the SECURITY DEFINER functions that the owner lends, have a policy of theirs.
ALTER TABLE collaboration_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE edit_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE pmr_collaboration ENABLE ROW LEVEL SECURITY;
ALTER TABLE pmr_comments ENABLE ROW LEVEL SECURITY;
ALTER TABLE pmr_change_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE pmr_distribution_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE risks ENABLE ROW LEVEL SECURITY;
ALTER TABLE milestones ENABLE ROW LEVEL SECURITY;
ALTER TABLE financial_tracking ENABLE ROW LEVEL SECURITY;
ALTER TABLE project_calendars ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendar_exceptions ENABLE ROW LEVEL SECURITY;
ALTER TABLE activities ENABLE ROW LEVEL SECURITY;
ALTER TABLE activity_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE cost_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE monte_carlo_simulations ENABLE ROW LEVEL SECURITY;
ALTER TABLE monte_carlo_scenarios ENABLE ROW LEVEL SECURITY;
ALTER TABLE monte_carlo_risk_configs ENABLE ROW LEVEL SECURITY;
ALTER TABLE monte_carlo_results ENABLE ROW LEVEL SECURITY;
ALTER TABLE monte_carlo_visualizations ENABLE ROW LEVEL SECURITY;

ALTER TABLE projects FORCE ROW LEVEL SECURITY;
ALTER TABLE project_members FORCE ROW LEVEL SECURITY;
ALTER TABLE pmr_templates FORCE ROW LEVEL SECURITY;
ALTER TABLE pmr_reports FORCE ROW LEVEL SECURITY;
ALTER TABLE ai_insights FORCE ROW LEVEL SECURITY;
ALTER TABLE export_jobs FORCE ROW LEVEL SECURITY;
ALTER TABLE collaboration_sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE edit_sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE pmr_collaboration FORCE ROW LEVEL SECURITY;
ALTER TABLE pmr_comments FORCE ROW LEVEL SECURITY;
ALTER TABLE pmr_change_events FORCE ROW LEVEL SECURITY;
ALTER TABLE pmr_distribution_log FORCE ROW LEVEL SECURITY;
ALTER TABLE risks FORCE ROW LEVEL SECURITY;
ALTER TABLE milestones FORCE ROW LEVEL SECURITY;
ALTER TABLE financial_tracking FORCE ROW LEVEL SECURITY;
ALTER TABLE project_calendars FORCE ROW LEVEL SECURITY;
ALTER TABLE calendar_exceptions FORCE ROW LEVEL SECURITY;
ALTER TABLE activities FORCE ROW LEVEL SECURITY;
ALTER TABLE activity_links FORCE ROW LEVEL SECURITY;
ALTER TABLE cost_lines FORCE ROW LEVEL SECURITY;
ALTER TABLE monte_carlo_simulations FORCE ROW LEVEL SECURITY;
ALTER TABLE monte_carlo_scenarios FORCE ROW LEVEL SECURITY;
ALTER TABLE monte_carlo_risk_configs FORCE ROW LEVEL SECURITY;
ALTER TABLE monte_carlo_results FORCE ROW LEVEL SECURITY;
ALTER TABLE monte_carlo_visualizations FORCE ROW LEVEL SECURITY;

CREATE POLICY migrator_all ON projects TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON project_members TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON pmr_templates TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON pmr_reports TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON ai_insights TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON export_jobs TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON collaboration_sessions TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON edit_sessions TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON pmr_collaboration TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON pmr_comments TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON pmr_change_events TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON pmr_distribution_log TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON risks TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON milestones TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON financial_tracking TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON project_calendars TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON calendar_exceptions TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON activities TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON activity_links TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON cost_lines TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON monte_carlo_simulations TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON monte_carlo_scenarios TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON monte_carlo_risk_configs TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON monte_carlo_results TO dray_migrator USING (true) WITH CHECK (true);
CREATE POLICY migrator_all ON monte_carlo_visualizations TO dray_migrator USING (true) WITH CHECK (true);

-- Projects and their members. A project just made isn't in can_read_project()'s snapshot, but RETURNING reads it.
CREATE POLICY own_projects ON projects FOR SELECT TO authenticated_users
    USING (created_by = (SELECT auth.uid()));
CREATE POLICY own_projects_add ON projects FOR INSERT TO authenticated_users
    WITH CHECK (created_by = (SELECT auth.uid()));
CREATE POLICY own_projects_change ON projects FOR UPDATE TO authenticated_users
    USING (created_by = (SELECT auth.uid()))
    WITH CHECK (created_by = (SELECT auth.uid()));
CREATE POLICY creators_add ON project_members FOR INSERT TO authenticated_users
    WITH CHECK (EXISTS (SELECT FROM projects p WHERE p.id = project_id AND p.created_by = (SELECT auth.uid())));
CREATE POLICY creators_remove ON project_members FOR DELETE TO authenticated_users
    USING (EXISTS (SELECT FROM projects p WHERE p.id = project_id AND p.created_by = (SELECT auth.uid())));
GRANT INSERT, UPDATE ON projects TO authenticated_users;
GRANT INSERT, DELETE ON project_members TO authenticated_users;

-- Templates: usage and rating are counted, not claimed.
CREATE POLICY own_add ON pmr_templates FOR INSERT TO authenticated_users
    WITH CHECK (created_by = (SELECT auth.uid()));
CREATE POLICY own_change ON pmr_templates FOR UPDATE TO authenticated_users
    USING (created_by = (SELECT auth.uid()))
    WITH CHECK (created_by = (SELECT auth.uid()));
CREATE POLICY own_remove ON pmr_templates FOR DELETE TO authenticated_users
    USING (created_by = (SELECT auth.uid()));
GRANT INSERT (
    id, created_by, name, description, template_type, industry_focus, sections, default_metrics, ai_suggestions, branding_config,
    export_formats, is_public, organization_id
) ON pmr_templates TO authenticated_users;
GRANT UPDATE (
    name, description, template_type, industry_focus, sections, default_metrics, ai_suggestions, branding_config,
    export_formats, is_public, organization_id
) ON pmr_templates TO authenticated_users;
GRANT DELETE ON pmr_templates TO authenticated_users;

-- An approval bears the name of the one who gives it. Services, which act as nobody, are trusted to know.
CREATE FUNCTION guard_report_approval() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF NEW.approved_by IS DISTINCT FROM OLD.approved_by AND NEW.approved_by <> auth.uid() THEN
        RAISE EXCEPTION 'nobody approves a report in the name of someone else' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
REVOKE EXECUTE ON FUNCTION guard_report_approval FROM PUBLIC;
CREATE TRIGGER guard_report_approval BEFORE UPDATE OF approved_by ON pmr_reports
    FOR EACH ROW EXECUTE FUNCTION guard_report_approval();

-- Reports: made by members; changed by who generated them and by the project's creator; removed by nobody.
CREATE POLICY members_add ON pmr_reports FOR INSERT TO authenticated_users
    WITH CHECK (generated_by = (SELECT auth.uid()) AND can_read_project(project_id)
        AND EXISTS (SELECT FROM pmr_templates t WHERE t.id = template_id)
        AND (monte_carlo_simulation_id IS NULL
            OR EXISTS (SELECT FROM monte_carlo_simulations s WHERE s.id = monte_carlo_simulation_id)));
CREATE POLICY authors_change ON pmr_reports FOR UPDATE TO authenticated_users
    USING (can_read_project(project_id) AND (generated_by = (SELECT auth.uid()) OR EXISTS (SELECT FROM projects p WHERE p.id = project_id AND p.created_by = (SELECT auth.uid()))))
    WITH CHECK (can_read_project(project_id)
        AND (monte_carlo_simulation_id IS NULL
            OR EXISTS (SELECT FROM monte_carlo_simulations s WHERE s.id = monte_carlo_simulation_id)));
GRANT INSERT (
    id, project_id, report_month, report_year, template_id, title, executive_summary, ai_generated_insights,
    ai_generated_summary, ai_confidence_scores, ai_insight_engine_config, last_ai_update,
    ai_processing_time_seconds, sections, metrics, visualizations, monte_carlo_analysis, monte_carlo_enabled,
    monte_carlo_simulation_id, collaboration_enabled, collaboration_session_id, last_collaboration_activity,
    total_collaborators, export_history, template_customizations, real_time_metrics,
    metrics_refresh_interval_seconds, status, generated_by, generated_at, version, is_active,
    generation_time_seconds
) ON pmr_reports TO authenticated_users;
GRANT UPDATE (
    title, executive_summary, ai_generated_insights, ai_generated_summary, ai_confidence_scores,
    ai_insight_engine_config, last_ai_update, ai_processing_time_seconds, sections, metrics, visualizations,
    monte_carlo_analysis, monte_carlo_enabled, monte_carlo_simulation_id, collaboration_enabled,
    collaboration_session_id, last_collaboration_activity, total_collaborators, export_history,
    template_customizations, real_time_metrics, metrics_refresh_interval_seconds, status, approved_by, last_modified,
    is_active, generation_time_seconds, audit_log
) ON pmr_reports TO authenticated_users;

-- Insights come from workers; members judge them.
CREATE POLICY members_judge ON ai_insights FOR UPDATE TO authenticated_users
    USING (EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id))
    WITH CHECK (EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id) AND (validated_by IS NULL OR validated_by = (SELECT auth.uid())));
GRANT UPDATE (validation_status, validated_by, validated_at, validation_notes, feedback_score, user_feedback)
    ON ai_insights TO authenticated_users;

-- An export that a service asks for by a row alone becomes a run too.
CREATE POLICY members_request ON export_jobs FOR INSERT TO authenticated_users
    WITH CHECK (requested_by = (SELECT auth.uid()) AND EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id));
GRANT INSERT (id, report_id, export_format, template_config, export_options, requested_by) ON export_jobs
    TO authenticated_users;

-- Sessions, activity, comments and events.
CREATE POLICY members_read ON collaboration_sessions FOR SELECT TO authenticated_users
    USING (EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id));
CREATE POLICY members_add ON collaboration_sessions FOR INSERT TO authenticated_users
    WITH CHECK (EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id));
CREATE POLICY members_change ON collaboration_sessions FOR UPDATE TO authenticated_users
    USING (EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id))
    WITH CHECK (EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id));
CREATE POLICY members_remove ON collaboration_sessions FOR DELETE TO authenticated_users
    USING (EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id));
CREATE POLICY own_read ON edit_sessions FOR SELECT TO authenticated_users
    USING (user_id = (SELECT auth.uid()));
CREATE POLICY own_add ON edit_sessions FOR INSERT TO authenticated_users
    WITH CHECK (user_id = (SELECT auth.uid()) AND EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id));
CREATE POLICY own_change ON edit_sessions FOR UPDATE TO authenticated_users
    USING (user_id = (SELECT auth.uid()))
    WITH CHECK (user_id = (SELECT auth.uid()) AND EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id));
CREATE POLICY members_read ON pmr_collaboration FOR SELECT TO authenticated_users
    USING (EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id));
CREATE POLICY own_add ON pmr_collaboration FOR INSERT TO authenticated_users
    WITH CHECK (user_id = (SELECT auth.uid()) AND EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id));

-- A policy that reads its own table would recurse.
CREATE FUNCTION comment_is_on_report(comment uuid, report uuid) RETURNS boolean
LANGUAGE sql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM pmr_comments c WHERE c.comment_id = comment AND c.report_id = report)
$$;
REVOKE EXECUTE ON FUNCTION comment_is_on_report FROM PUBLIC;
GRANT EXECUTE ON FUNCTION comment_is_on_report TO authenticated_users;

CREATE POLICY members_read ON pmr_comments FOR SELECT TO authenticated_users
    USING (EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id));
CREATE POLICY own_add ON pmr_comments FOR INSERT TO authenticated_users
    WITH CHECK (user_id = (SELECT auth.uid()) AND EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id)
        AND (parent_comment_id IS NULL OR comment_is_on_report(parent_comment_id, report_id)));
CREATE POLICY own_change ON pmr_comments FOR UPDATE TO authenticated_users
    USING (user_id = (SELECT auth.uid()))
    WITH CHECK (user_id = (SELECT auth.uid()) AND EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id)
        AND (parent_comment_id IS NULL OR comment_is_on_report(parent_comment_id, report_id)));
CREATE POLICY members_read ON pmr_change_events FOR SELECT TO authenticated_users
    USING (EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id));
CREATE POLICY own_add ON pmr_change_events FOR INSERT TO authenticated_users
    WITH CHECK (user_id = (SELECT auth.uid()) AND EXISTS (SELECT FROM pmr_reports r WHERE r.id = report_id)
        AND (session_id IS NULL OR EXISTS (
            SELECT FROM collaboration_sessions s
            WHERE s.id = pmr_change_events.session_id AND s.report_id = pmr_change_events.report_id
        )));
GRANT SELECT, INSERT, UPDATE, DELETE ON collaboration_sessions TO authenticated_users;
GRANT SELECT, INSERT, UPDATE ON edit_sessions, pmr_comments TO authenticated_users;
GRANT SELECT, INSERT ON pmr_collaboration, pmr_change_events TO authenticated_users;

-- Whom a report went to are addresses of people: for those who answer for the report, and written by workers alone.
CREATE POLICY responsible_read ON pmr_distribution_log FOR SELECT TO authenticated_users
    USING (EXISTS (
        SELECT FROM pmr_reports r JOIN projects p ON p.id = r.project_id
        WHERE r.id = report_id AND (SELECT auth.uid()) IN (r.generated_by, p.created_by, p.manager_id)
    ));
GRANT SELECT ON pmr_distribution_log TO authenticated_users;

-- The plan: its project's members.
CREATE POLICY members_read ON risks FOR SELECT TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_add ON risks FOR INSERT TO authenticated_users
    WITH CHECK (can_read_project(project_id));
CREATE POLICY members_change ON risks FOR UPDATE TO authenticated_users
    USING (can_read_project(project_id))
    WITH CHECK (can_read_project(project_id));
CREATE POLICY members_remove ON risks FOR DELETE TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_read ON milestones FOR SELECT TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_add ON milestones FOR INSERT TO authenticated_users
    WITH CHECK (can_read_project(project_id));
CREATE POLICY members_change ON milestones FOR UPDATE TO authenticated_users
    USING (can_read_project(project_id))
    WITH CHECK (can_read_project(project_id));
CREATE POLICY members_remove ON milestones FOR DELETE TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_read ON financial_tracking FOR SELECT TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_add ON financial_tracking FOR INSERT TO authenticated_users
    WITH CHECK (can_read_project(project_id));
CREATE POLICY members_change ON financial_tracking FOR UPDATE TO authenticated_users
    USING (can_read_project(project_id))
    WITH CHECK (can_read_project(project_id));
CREATE POLICY members_remove ON financial_tracking FOR DELETE TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_read ON project_calendars FOR SELECT TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_add ON project_calendars FOR INSERT TO authenticated_users
    WITH CHECK (can_read_project(project_id));
CREATE POLICY members_change ON project_calendars FOR UPDATE TO authenticated_users
    USING (can_read_project(project_id))
    WITH CHECK (can_read_project(project_id));
CREATE POLICY members_remove ON project_calendars FOR DELETE TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_read ON activities FOR SELECT TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_add ON activities FOR INSERT TO authenticated_users
    WITH CHECK (can_read_project(project_id)
        AND (calendar_id IS NULL OR EXISTS (
            SELECT FROM project_calendars c WHERE c.id = calendar_id AND c.project_id = activities.project_id
        ))
        AND (milestone_id IS NULL OR EXISTS (
            SELECT FROM milestones m WHERE m.id = milestone_id AND m.project_id = activities.project_id
        )));
CREATE POLICY members_change ON activities FOR UPDATE TO authenticated_users
    USING (can_read_project(project_id))
    WITH CHECK (can_read_project(project_id)
        AND (calendar_id IS NULL OR EXISTS (
            SELECT FROM project_calendars c WHERE c.id = calendar_id AND c.project_id = activities.project_id
        ))
        AND (milestone_id IS NULL OR EXISTS (
            SELECT FROM milestones m WHERE m.id = milestone_id AND m.project_id = activities.project_id
        )));
CREATE POLICY members_remove ON activities FOR DELETE TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_read ON activity_links FOR SELECT TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_add ON activity_links FOR INSERT TO authenticated_users
    WITH CHECK (can_read_project(project_id));
CREATE POLICY members_change ON activity_links FOR UPDATE TO authenticated_users
    USING (can_read_project(project_id))
    WITH CHECK (can_read_project(project_id));
CREATE POLICY members_remove ON activity_links FOR DELETE TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_read ON cost_lines FOR SELECT TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_add ON cost_lines FOR INSERT TO authenticated_users
    WITH CHECK (can_read_project(project_id));
CREATE POLICY members_change ON cost_lines FOR UPDATE TO authenticated_users
    USING (can_read_project(project_id))
    WITH CHECK (can_read_project(project_id));
CREATE POLICY members_remove ON cost_lines FOR DELETE TO authenticated_users
    USING (can_read_project(project_id));
CREATE POLICY members_read ON calendar_exceptions FOR SELECT TO authenticated_users
    USING (EXISTS (SELECT FROM project_calendars c WHERE c.id = calendar_id));
CREATE POLICY members_add ON calendar_exceptions FOR INSERT TO authenticated_users
    WITH CHECK (EXISTS (SELECT FROM project_calendars c WHERE c.id = calendar_id));
CREATE POLICY members_change ON calendar_exceptions FOR UPDATE TO authenticated_users
    USING (EXISTS (SELECT FROM project_calendars c WHERE c.id = calendar_id))
    WITH CHECK (EXISTS (SELECT FROM project_calendars c WHERE c.id = calendar_id));
CREATE POLICY members_remove ON calendar_exceptions FOR DELETE TO authenticated_users
    USING (EXISTS (SELECT FROM project_calendars c WHERE c.id = calendar_id));
GRANT SELECT, INSERT, UPDATE, DELETE ON risks, milestones, financial_tracking, project_calendars, calendar_exceptions,
    activities, activity_links, cost_lines TO authenticated_users;

-- Simulations: read by who asked and by the project's members, written by who asked; results by workers alone.
CREATE POLICY readers_read ON monte_carlo_simulations FOR SELECT TO authenticated_users
    USING (user_id = (SELECT auth.uid()) OR can_read_project(project_id));
CREATE POLICY own_add ON monte_carlo_simulations FOR INSERT TO authenticated_users
    WITH CHECK (user_id = (SELECT auth.uid()) AND (project_id IS NULL OR can_read_project(project_id)));
CREATE POLICY own_change ON monte_carlo_simulations FOR UPDATE TO authenticated_users
    USING (user_id = (SELECT auth.uid()))
    WITH CHECK (user_id = (SELECT auth.uid()) AND (project_id IS NULL OR can_read_project(project_id)));
CREATE POLICY own_remove ON monte_carlo_simulations FOR DELETE TO authenticated_users
    USING (user_id = (SELECT auth.uid()));
CREATE POLICY readers_read ON monte_carlo_scenarios FOR SELECT TO authenticated_users
    USING (EXISTS (SELECT FROM monte_carlo_simulations s WHERE s.id = simulation_id) OR created_by = (SELECT auth.uid()));
CREATE POLICY own_add ON monte_carlo_scenarios FOR INSERT TO authenticated_users
    WITH CHECK (created_by = (SELECT auth.uid()) AND EXISTS (SELECT FROM monte_carlo_simulations s WHERE s.id = simulation_id));
CREATE POLICY own_change ON monte_carlo_scenarios FOR UPDATE TO authenticated_users
    USING (created_by = (SELECT auth.uid()))
    WITH CHECK (created_by = (SELECT auth.uid()) AND EXISTS (SELECT FROM monte_carlo_simulations s WHERE s.id = simulation_id));
CREATE POLICY own_remove ON monte_carlo_scenarios FOR DELETE TO authenticated_users
    USING (created_by = (SELECT auth.uid()));
CREATE POLICY readers_read ON monte_carlo_risk_configs FOR SELECT TO authenticated_users
    USING (EXISTS (SELECT FROM monte_carlo_simulations s WHERE s.id = simulation_id));
CREATE POLICY own_add ON monte_carlo_risk_configs FOR INSERT TO authenticated_users
    WITH CHECK (EXISTS (SELECT FROM monte_carlo_simulations s WHERE s.id = simulation_id AND s.user_id = (SELECT auth.uid()))
        AND (risk_id IS NULL OR EXISTS (SELECT FROM risks k WHERE k.id = risk_id)));
CREATE POLICY own_change ON monte_carlo_risk_configs FOR UPDATE TO authenticated_users
    USING (EXISTS (SELECT FROM monte_carlo_simulations s WHERE s.id = simulation_id AND s.user_id = (SELECT auth.uid())))
    WITH CHECK (EXISTS (SELECT FROM monte_carlo_simulations s WHERE s.id = simulation_id AND s.user_id = (SELECT auth.uid()))
        AND (risk_id IS NULL OR EXISTS (SELECT FROM risks k WHERE k.id = risk_id)));
CREATE POLICY own_remove ON monte_carlo_risk_configs FOR DELETE TO authenticated_users
    USING (EXISTS (SELECT FROM monte_carlo_simulations s WHERE s.id = simulation_id AND s.user_id = (SELECT auth.uid())));
CREATE POLICY readers_read ON monte_carlo_results FOR SELECT TO authenticated_users
    USING (EXISTS (SELECT FROM monte_carlo_simulations s WHERE s.id = simulation_id));
CREATE POLICY readers_read ON monte_carlo_visualizations FOR SELECT TO authenticated_users
    USING (EXISTS (SELECT FROM monte_carlo_simulations s WHERE s.id = simulation_id));
GRANT SELECT, INSERT, UPDATE, DELETE ON monte_carlo_simulations, monte_carlo_scenarios, monte_carlo_risk_configs
    TO authenticated_users;
GRANT SELECT ON monte_carlo_results, monte_carlo_visualizations TO authenticated_users;

-- Workers read what tasks read, and write what tasks and pmr_maintenance_job() write.
CREATE POLICY worker_reads ON collaboration_sessions FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON edit_sessions FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON pmr_collaboration FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON pmr_comments FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON pmr_change_events FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON pmr_distribution_log FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON risks FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON milestones FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON financial_tracking FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON project_calendars FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON calendar_exceptions FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON activities FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON activity_links FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON cost_lines FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON monte_carlo_simulations FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON monte_carlo_scenarios FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON monte_carlo_risk_configs FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON monte_carlo_results FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_reads ON monte_carlo_visualizations FOR SELECT TO dray_worker USING (true);
CREATE POLICY worker_adds ON pmr_reports FOR INSERT TO dray_worker WITH CHECK (true);
CREATE POLICY worker_changes ON pmr_reports FOR UPDATE TO dray_worker USING (true);
CREATE POLICY worker_adds ON ai_insights FOR INSERT TO dray_worker WITH CHECK (true);
CREATE POLICY worker_changes ON ai_insights FOR UPDATE TO dray_worker USING (true);
CREATE POLICY worker_removes ON ai_insights FOR DELETE TO dray_worker USING (true);
CREATE POLICY worker_changes ON collaboration_sessions FOR UPDATE TO dray_worker USING (true);
CREATE POLICY worker_changes ON edit_sessions FOR UPDATE TO dray_worker USING (true);
CREATE POLICY worker_adds ON pmr_distribution_log FOR INSERT TO dray_worker WITH CHECK (true);
CREATE POLICY worker_changes ON pmr_distribution_log FOR UPDATE TO dray_worker USING (true);
CREATE POLICY worker_adds ON monte_carlo_simulations FOR INSERT TO dray_worker WITH CHECK (true);
CREATE POLICY worker_changes ON monte_carlo_simulations FOR UPDATE TO dray_worker USING (true);
CREATE POLICY worker_changes ON monte_carlo_scenarios FOR UPDATE TO dray_worker USING (true);
CREATE POLICY worker_adds ON monte_carlo_risk_configs FOR INSERT TO dray_worker WITH CHECK (true);
CREATE POLICY worker_removes ON monte_carlo_risk_configs FOR DELETE TO dray_worker USING (true);
CREATE POLICY worker_adds ON monte_carlo_results FOR INSERT TO dray_worker WITH CHECK (true);
CREATE POLICY worker_removes ON monte_carlo_results FOR DELETE TO dray_worker USING (true);
CREATE POLICY worker_adds ON monte_carlo_visualizations FOR INSERT TO dray_worker WITH CHECK (true);
CREATE POLICY worker_removes ON monte_carlo_visualizations FOR DELETE TO dray_worker USING (true);

GRANT SELECT ON collaboration_sessions, edit_sessions, pmr_collaboration, pmr_comments, pmr_change_events,
    pmr_distribution_log, risks, milestones, financial_tracking, project_calendars, calendar_exceptions, activities,
    activity_links, cost_lines, monte_carlo_simulations, monte_carlo_scenarios, monte_carlo_risk_configs,
    monte_carlo_results, monte_carlo_visualizations TO dray_worker;
GRANT INSERT, UPDATE ON pmr_reports, pmr_distribution_log, monte_carlo_simulations TO dray_worker;
GRANT INSERT, UPDATE, DELETE ON ai_insights TO dray_worker;
GRANT UPDATE (is_active, ended_at) ON collaboration_sessions TO dray_worker;
GRANT UPDATE (is_active, ended_at, chat_messages, changes_made) ON edit_sessions TO dray_worker;
GRANT UPDATE (results_data) ON monte_carlo_scenarios TO dray_worker;
GRANT INSERT, DELETE ON monte_carlo_risk_configs, monte_carlo_results, monte_carlo_visualizations TO dray_worker;
