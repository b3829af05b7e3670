"""Cost and schedule risk of a project by Monte Carlo simulation.

Values in, values out: `model` says what is simulated, `simulate` plays it through, `results` says what came out.
"""
