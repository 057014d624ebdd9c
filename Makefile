# 两条命令：make run（安装并演示），make test（安装并检验）。
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
OFFICE := libreoffice-writer-nogui libreoffice-calc-nogui fonts-noto-cjk poppler-utils
CODE := tracker tests $(wildcard jobs) $(wildcard bench)

.PHONY: run test setup lint format postgresql office bench migration constraints clean

run: $(VENV)/.run
	$(BIN)/tracker demo

test: setup lint postgresql office
	$(BIN)/pytest -n auto

setup: $(VENV)/.dev

lint: setup
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

# Without it the tests that ask for PostgreSQL are skipped, in CI they fail.
postgresql: setup
	@$(BIN)/python -m tests.pg || .ci/install postgresql || test -z "$${CI:-}"

# The same of LibreOffice, which lays the papers out; an installation by hand will do outside CI.
office:
	@dpkg -s $(OFFICE) >/dev/null 2>&1 || \
	  { test -z "$${CI:-}" && command -v soffice && command -v pdffonts; } >/dev/null || \
	  .ci/install $(OFFICE) || test -z "$${CI:-}"

bench: setup
	$(BIN)/python -m bench

migration: setup
	@test -n "$(NAME)" || { echo '请写明改动：make migration NAME="what changes"' >&2; exit 2; }
	$(BIN)/python -m tracker.migrations.revise "$(NAME)"
	$(BIN)/ruff format --quiet tracker/migrations/versions
	$(BIN)/ruff check --fix --quiet tracker/migrations/versions

# The build tools come first and pinned, so that an installation never fetches an unpinned one.
$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "需要 Python 3.11 或更高版本，而 $(PYTHON) 是：$$($(PYTHON) --version 2>&1)。" \
	       "请安装后指定，例如：make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: pyproject.toml constraints.txt | $(VENV)/.python
	$(PIP) install -c constraints.txt hatchling editables
	$(PIP) install -c constraints.txt --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(PIP) install -c constraints.txt --no-build-isolation -e '.[dev]'
	@touch $@

# Pins anew what a fresh environment takes: every package, no addresses.
constraints:
	@fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT; \
	$(PYTHON) -m venv "$$fresh"; \
	"$$fresh/bin/pip" install --quiet '.[dev]'; \
	"$$fresh/bin/pip" freeze --exclude luze | grep -E '^[A-Za-z0-9._-]+==[^ ]+$$' > constraints.txt

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
