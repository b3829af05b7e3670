"""The commands of `dray`, one module each. Heavy imports wait until a command runs."""
