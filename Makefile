# `make` lists the targets. Everything runs from a bare checkout with Python 3.11 to 3.13.

PYTHON ?= python3
PORT ?= 8000
RESET ?=
WORKERS ?= 2
ARGS ?=
BIN := .venv/bin
export PORT RESET

bootstrap = @command -v $(PYTHON) >/dev/null || { \
	echo "$(PYTHON) is not there: install Python 3.11, 3.12 or 3.13, or name it with PYTHON=." >&2; exit 1; }; \
	$(PYTHON) tools/bootstrap.py

.PHONY: help demo test lint format bench audit check lock messages clean
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## serve the seeded portal on 127.0.0.1 (PORT=8000, RESET=1 starts over)
	$(bootstrap) embedded
	@exec $(BIN)/python -m cjops.embedded.processes

test: ## run all tests (ARGS="-k inbox", WORKERS=2)
	$(bootstrap) dev --chromium
	@$(BIN)/python manage.py compile_messages_po --verbosity 0
	@PYTHONDONTWRITEBYTECODE= exec $(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

lint: ## static checks
	$(bootstrap) dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh tools/lint.sh

format: ## rewrite Python files and templates in the house style
	$(bootstrap) dev
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: ## measure, beside the floor of the same work in plain SQL (ARGS="--size demo")
	$(bootstrap) dev
	@exec $(BIN)/python -m bench $(ARGS)

audit: ## known holes in the pinned packages, where advisories can be read
	$(bootstrap) dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh tools/audit.sh

check: lint audit test ## lint, audit and test

lock: ## pin the requirements with hashes (UPGRADE=1 moves them to the newest versions)
	$(bootstrap) dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" UPGRADE=$(UPGRADE) sh tools/lock.sh

messages: ## collect the texts to translate into locale/
	$(bootstrap) dev
	@$(BIN)/python manage.py makemessages --all --no-obsolete --no-location \
		--ignore ".venv/*" --ignore "var/*" --ignore "tests/*"

clean: ## remove caches; keeps .venv and all data
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache var/static
	@find . -name __pycache__ -not -path "./.venv/*" -prune -exec rm -rf {} +
