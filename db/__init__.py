"""Everything that touches PostgreSQL: sessions, models, the ledger, repositories and migrations."""
