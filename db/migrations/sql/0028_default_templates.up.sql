-- The two templates that every installation has. Nobody made them, so that no user need exist; a template that already
-- has the name is kept as it is. The sample data refers to the same ids.
INSERT INTO pmr_templates (id, name, description, template_type, sections, default_metrics, export_formats, is_public)
SELECT
    'e5f1d5fe-cf08-431b-882c-2df045c04ac7',
    'Executive Summary Template',
    'The monthly report to a steering committee, one page per question.',
    'executive',
    jsonb_build_array(
        jsonb_build_object('id', 'executive_summary', 'name', 'Executive Summary', 'required', true, 'order', 1, 'ai_enabled', true),
        jsonb_build_object('id', 'key_metrics', 'name', 'Key Performance Metrics', 'required', true, 'order', 2, 'ai_enabled', true),
        jsonb_build_object('id', 'budget_status', 'name', 'Budget Status', 'required', true, 'order', 3, 'ai_enabled', true),
        jsonb_build_object('id', 'schedule_status', 'name', 'Schedule Status', 'required', true, 'order', 4, 'ai_enabled', true),
        jsonb_build_object('id', 'risks_issues', 'name', 'Key Risks and Issues', 'required', true, 'order', 5, 'ai_enabled', true),
        jsonb_build_object('id', 'ai_insights', 'name', 'AI-Generated Insights', 'required', false, 'order', 6, 'ai_enabled', true),
        jsonb_build_object('id', 'recommendations', 'name', 'Recommendations', 'required', false, 'order', 7, 'ai_enabled', true)
    ),
    jsonb_build_array(
        'budget_variance', 'schedule_variance', 'cost_performance_index',
        'schedule_performance_index', 'percent_complete', 'risk_score'
    ),
    jsonb_build_array('pdf', 'slides', 'word'),
    true
WHERE NOT EXISTS (SELECT FROM pmr_templates WHERE name = 'Executive Summary Template')
ON CONFLICT (id) DO NOTHING;

INSERT INTO pmr_templates (id, name, description, template_type, sections, default_metrics, export_formats, is_public)
SELECT
    'b9c3628b-0460-4510-af5b-6fea8715355c',
    'Technical Project Report',
    'Progress, quality and capacity in the detail that an engineering authority needs.',
    'technical',
    jsonb_build_array(
        jsonb_build_object('id', 'executive_summary', 'name', 'Executive Summary', 'required', true, 'order', 1, 'ai_enabled', true),
        jsonb_build_object('id', 'technical_progress', 'name', 'Technical Progress', 'required', true, 'order', 2, 'ai_enabled', false),
        jsonb_build_object('id', 'quality_metrics', 'name', 'Quality Metrics', 'required', true, 'order', 3, 'ai_enabled', true),
        jsonb_build_object('id', 'resource_utilization', 'name', 'Resource Utilization', 'required', true, 'order', 4, 'ai_enabled', true),
        jsonb_build_object('id', 'technical_challenges', 'name', 'Technical Challenges', 'required', true, 'order', 5, 'ai_enabled', true),
        jsonb_build_object('id', 'monte_carlo_analysis', 'name', 'Monte Carlo Risk Analysis', 'required', false, 'order', 6, 'ai_enabled', true),
        jsonb_build_object('id', 'recommendations', 'name', 'Technical Recommendations', 'required', false, 'order', 7, 'ai_enabled', true)
    ),
    jsonb_build_array(
        'quality_score', 'defect_density', 'code_coverage', 'technical_debt', 'velocity', 'resource_utilization'
    ),
    jsonb_build_array('pdf', 'excel', 'word'),
    true
WHERE NOT EXISTS (SELECT FROM pmr_templates WHERE name = 'Technical Project Report')
ON CONFLICT (id) DO NOTHING;

DO $$
BEGIN
    IF (
        SELECT count(DISTINCT name) FROM pmr_templates
        WHERE name IN ('Executive Summary Template', 'Technical Project Report')
    ) <> 2 THEN
        RAISE EXCEPTION 'the default report templates were not made';
    END IF;
END
$$;
