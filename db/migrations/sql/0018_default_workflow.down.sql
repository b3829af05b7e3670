-- Only what the upgrade made, and only where nobody has built upon it.
DELETE FROM document_versions
WHERE version_number = '1.0.0' AND created_by IS NULL AND changes_summary = 'As it was before versions were kept';
DELETE FROM approval_workflows w
WHERE workflow_name = 'Standard Job Description Review' AND created_by IS NULL
AND NOT EXISTS (SELECT FROM document_approvals a WHERE a.workflow_id = w.id);
