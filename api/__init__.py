"""The small HTTP API: thin routes over the ledger and the repositories."""
