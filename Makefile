# The two commands that matter are `make run` and `make test`; `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out
LANG_OF_BRIEF ?= vi
PORT ?= 8000
SERVE ?= yes
STREAM ?= no
# processes that share the tests
WORKERS ?= $(shell n=$$(nproc); echo $$((n > 4 ? 4 : n)))
# tests of the web half, which also run on PostgreSQL
WEB_TESTS := $(wildcard tests/network tests/voices tests/issues tests/site tests/api tests/running)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test lint format bench lock clean

help: ## what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/.run-installed ## the virtual environment .venv with the project in it

setup-dev: $(VENV)/.dev-installed ## the same with what tests, lint and benchmarks need

run: setup ## the brief of the bundled sample, and a sample centre at work (SERVE=no: made and told, not served; STREAM=yes: voices come in)
	@$(BIN)/python -m nhipcau.engine.sample.demo --out $(OUT) --lang $(LANG_OF_BRIEF)
	@$(BIN)/python -m nhipcau.demonstration --data $(OUT)/centre --port $(PORT) --lang $(LANG_OF_BRIEF) --serve $(SERVE) --stream $(STREAM)

test: setup-dev ## every test, on a machine that may never have seen the project; the web half's on PostgreSQL too
	$(BIN)/python tests/needs.py
	@$(BIN)/python -m nhipcau.engine.sample.demo --out $(OUT) # compiles the engine outside of any test's time limit
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile
	$(BIN)/python -m tests.postgresql $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --reuse-db -m "not processes" $(WEB_TESTS) # the server goes with its database

lint: setup-dev ## format, style, types, import contracts, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

format: setup-dev ## mend what a tool can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup-dev ## all benchmarks (DATA=folder with the public data sets)
	$(BIN)/python -m benchmarks $(if $(DATA),--data $(DATA))

lock: ## write the pinned requirements anew (needs uv)
	printf 'hatchling\neditables\n' | uv pip compile - --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements/build.txt
	uv pip compile pyproject.toml --extra web --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements/run.txt
	uv pip compile pyproject.toml --extra web --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements/dev.txt

clean: ## everything that can be made again
	rm -rf $(VENV) $(OUT) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-installed: requirements/build.txt requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) (a minute or two the first time) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev-installed: requirements/dev.txt $(VENV)/.run-installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@
