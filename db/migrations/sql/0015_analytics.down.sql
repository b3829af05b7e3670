DROP TABLE system_health;
DROP TABLE activity_logs;
DROP TABLE performance_metrics;
DROP TABLE usage_analytics;
