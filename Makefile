# Everything below works from a bare python3 (3.11 or newer): the tools live in .venv and install themselves.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 \
  --no-header --no-annotate --no-emit-index-url --quiet
# three on two cores: live tests wait a good part of their time; in the order that tests/conftest.py gives them
TEST := $(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder
PRODUCT := ledger rules ach journal streams sinks api dashboards simulator cli

.PHONY: help run test check bench chaos clean lock schemas

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(READY) ## the whole pipeline with a simulated CREDIT and bank, until Ctrl-C
	@$(BIN)/hms-ach demo

test: $(READY) ## every test: unit, live broker and engine, crash proof, browser
	@$(TEST)

check: $(READY) ## format, lint, types, package arrows, security lint, unit tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/bandit --quiet --recursive --severity-level medium --skip B608 $(PRODUCT) # the rest is in ruff's S rules, each exception with its reason
	@$(TEST) -m "not live and not crash and not browser"

bench: $(READY) ## what this machine sustains, measured on the real pipeline
	@$(BIN)/python -m bench

chaos: $(READY) ## the long crash proof: kills, zombies, hostile input under load
	@$(BIN)/python -m bench.chaos

lock: $(READY) ## resolve Python packages and Kafka's jars anew
	@[ -x $(BIN)/uv ] || $(PIP) install --quiet uv
	$(LOCK) --extra dev -o requirements.lock
	$(LOCK) --constraint requirements.lock -o deploy/requirements.lock # the image: the same versions without the tools
	$(BIN)/python -m cli.stack.jars

schemas: $(READY) ## write OpenAPI, AsyncAPI and the events' JSON Schemas from the code
	@$(BIN)/python -m api.contract

clean: ## remove .venv and caches; the ledger's data in .data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "HMS-ACH needs Python 3.11 or newer; there is no $(PYTHON)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
	  "HMS-ACH needs Python 3.11 or newer; $(PYTHON) is %d.%d. Name another with make PYTHON=..." % sys.version_info[:2] or 0)'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) cannot make virtual environments: install its venv package (Debian: python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
