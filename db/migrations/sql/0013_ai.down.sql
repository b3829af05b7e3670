DROP TABLE compliance_checks;
DROP TABLE ai_usage_sessions;
DROP TABLE ai_suggestions;
