"""The `dray` command, and the local stack that it starts."""
