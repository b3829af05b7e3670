SHELL := /bin/sh
.DEFAULT_GOAL := help

# Another interpreter: make PYTHON=/path/to/python setup
PYTHON ?=
CANDIDATES := $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3)
# The first that runs (a shim may not) and is new enough; else the first that runs at all, so that it can say so.
FIND_PYTHON = for p in $(CANDIDATES); do \
	if "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then found=$$p; break; fi; done; \
	for p in $(CANDIDATES); do \
	if [ -z "$$found" ] && "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 6))' >/dev/null 2>&1; then found=$$p; fi; done; \
	if [ -z "$$found" ]; then echo "dray: Python 3.11 or newer is needed, and none was found. Debian/Ubuntu: apt install python3 python3-venv; Fedora: dnf install python3; macOS: brew install python." >&2; exit 1; fi
BIN := .venv/bin
RUN_PYTHON := $(BIN)/python
# Test files side by side, each process with servers of its own; most tests of processes wait.
SIDE_BY_SIDE := -n 2 --dist loadfile

.PHONY: help preflight setup demo up test test-full lint check bench-vectors clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

preflight: ## Say what this machine lacks, if anything
	@$(FIND_PYTHON); exec "$$found" cli/preflight.py

.venv/.stamp: requirements-dev.lock pyproject.toml | preflight
	@$(FIND_PYTHON); exec "$$found" cli/environment.py

setup: .venv/.stamp ## Make the environment .venv from the lock file

demo: setup ## Start everything, send real work through the API, show what came out, stop
	@$(BIN)/dray demo $(ARGS)

up: setup ## Start everything and keep it running until Ctrl-C
	@$(BIN)/dray up $(ARGS)

test: setup ## Run the tests that need nothing but pip
	@$(RUN_PYTHON) -m pytest -m "not full" $(SIDE_BY_SIDE) $(ARGS)

test-full: setup ## Run all tests, with those that need other programs or more time
	@$(RUN_PYTHON) -m pytest $(SIDE_BY_SIDE) $(ARGS)

lint: setup ## Check style, types, imports and the compose file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

check: lint ## What CI runs: lint, and whether the lock files fit pyproject.toml
	$(RUN_PYTHON) cli/lock_check.py

bench-vectors: setup ## Compare vector indexes on real sentences (DRAY_BENCHMARK_DATA, or ARGS=file.tmx)
	@PYTHONPATH=. $(RUN_PYTHON) benchmarks/vector_indexes.py $(ARGS)

clean: ## Remove .venv and every cache; the data under var/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
