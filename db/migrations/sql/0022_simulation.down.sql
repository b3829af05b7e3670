ALTER TABLE pmr_reports DROP CONSTRAINT pmr_reports_monte_carlo_simulation_id_fkey;
DROP TABLE monte_carlo_visualizations;
DROP TABLE monte_carlo_results;
DROP TABLE monte_carlo_risk_configs;
DROP TABLE monte_carlo_scenarios;
DROP TABLE monte_carlo_simulations;
