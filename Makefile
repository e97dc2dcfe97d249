# `make` lists what there is. Each target installs what it needs into .venv, once.

.DEFAULT_GOAL := help
.SILENT:

# The Python that .venv is made with: `make run PYTHON=python3.12`.
PYTHON ?=
# The number of processes that tests run in: `make test WORKERS=0` uses one, for a debugger.
WORKERS ?= logical
# What is tested: `make test TESTS=tests/questions ARGS='-k vote -x'`.
TESTS ?= tests
ARGS ?=

BIN := .venv/bin

.PHONY: help
help:  ## List the targets.
	awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: installed  ## Start eventapp, with a demo in an empty database; PORT=8000 unless set.
	exec $(BIN)/python -m eventapp run

.PHONY: test
test: installed-dev  ## Run all tests, with real PostgreSQL, Redis, SMTP and Chromium.
	CHROMIUM="$$($(BIN)/python scripts/browser.py)"; \
	$${CHROMIUM:+export CHROMIUM}; \
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 8 $(TESTS) $(ARGS)

.PHONY: coverage
coverage: ARGS += --cov --cov-report=term --cov-report=html
coverage: test  ## Run all tests and say which lines and branches they don't reach.

.PHONY: lint
lint: installed-dev  ## Check style, types, the direction of imports, and templates.
	$(BIN)/ruff check --quiet --output-format concise .
	$(BIN)/ruff format --check --quiet . || { echo 'Not formatted: make fix'; exit 1; }
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/djlint --lint --quiet templates

.PHONY: fix
fix: installed-dev  ## Correct what ruff can correct, and format.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: installed-dev  ## Measure pages, mail, queries, memory and the first run.
	$(BIN)/python -m bench $(ARGS)

.PHONY: pins
pins: installed-dev  ## Pin the newest versions of what requirements*.in asks for.
	$(pin) requirements.in --output-file requirements.txt
	$(pin) requirements-dev.in --constraint requirements.txt --output-file requirements-dev.txt

.PHONY: clean
clean:  ## Remove .venv and what the tools leave behind; instance/ stays.
	rm -rf .venv .venv.lock .coverage .coverage.* htmlcov test-results
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: installed
installed:
	$(find_python); "$$python" scripts/install.py

.PHONY: installed-dev
installed-dev:
	$(find_python); "$$python" scripts/install.py --dev

pin = $(BIN)/python -m uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--no-header --no-emit-index-url --annotation-style line

# A name on the PATH isn't enough: it has to start, and to be new enough.
define find_python
	for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
		python=; \
	done; \
	test -n "$$python" || { \
		echo 'eventapp needs Python 3.11 or newer, and $(or $(PYTHON),the PATH) has none.' \
			'Name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3' >&2; exit 1; }
endef
