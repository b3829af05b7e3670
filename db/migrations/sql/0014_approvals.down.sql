DROP TABLE document_versions;
DROP TABLE approval_steps;
DROP TABLE document_approvals;
DROP TABLE approval_workflows;
