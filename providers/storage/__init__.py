"""Where files are kept. `store.py` is the contract, `stores/` holds the implementations."""
