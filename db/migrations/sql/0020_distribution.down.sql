DROP TABLE pmr_distribution_log;
DROP TYPE distribution_method;
DROP TYPE distribution_status;
