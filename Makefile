# make run      set up whatever is missing and serve: web server and worker, until Ctrl-C
# make setup    the set-up alone
# make demo     the main job on real e-mail files, without a browser; the results are in var/demo
# make test     everything that is checked, on SQLite and on PostgreSQL
# make bench    speed as ratios side by side in one run, on SQLite and on PostgreSQL; nothing is asserted
# make wheels   fill wheels/ for a server that reaches no package registry; make setup uses it when it is there
# make format   write Python and templates the way `make lint` wants them
# make lint     format, lint, types, import contracts, complete migrations
# make lock     pin requirements*.in, and all they need, with hashes

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := run
.PHONY: run setup demo test bench wheels format lint lock machine

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
VENV := .venv/bin/python
PIP := $(VENV) -m pip install -qq --disable-pip-version-check --require-hashes
WHEELS := $(if $(wildcard wheels/*.whl),--no-index --find-links wheels)

run: setup
	@exec $(VENV) -m config.serve

setup: machine .venv/installed
	@$(VENV) -m config.prepare

demo: machine .venv/installed
	@$(VENV) -m config.catalogues
	@$(VENV) manage.py demo --out var/demo

test: lint
	@$(VENV) -m tests.both

bench: .venv/installed-dev
	@$(VENV) -m tests.benchmarks
	@$(VENV) -m tests.postgresql tests.benchmarks

lint: export DJANGO_SETTINGS_MODULE := config.settings.test
lint: .venv/installed-dev
	@$(VENV) -m config.machine --tests
	@$(VENV) -m config.catalogues
	$(VENV) -m ruff format --check .
	$(VENV) -m ruff check .
	$(VENV) -m djlint --check --lint core documents workflows
	$(VENV) -m mypy .
	$(VENV) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(VENV) manage.py makemigrations --check --dry-run

format: .venv/installed-dev
	$(VENV) -m ruff check --fix --exit-zero --quiet .
	$(VENV) -m ruff format .
	$(VENV) -m djlint --quiet --reformat core documents workflows || true

wheels: .venv/installed
	$(VENV) -m pip download -qq --disable-pip-version-check --only-binary :all: --require-hashes -r requirements.txt -d wheels
	@echo "wheels/ holds every package of requirements.txt for $$($(VENV) -V) on this kind of machine. Copy it beside the Makefile there."

lock: .venv/installed-dev
	for name in requirements requirements-dev; do \
	  .venv/bin/uv pip compile $$name.in --output-file $$name.txt --quiet --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate; \
	done

machine:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or later is needed and $(PYTHON) is $$($(PYTHON) -V 2>&1 || true). Install it, or name it: make PYTHON=/path/to/python3.11"; \
	  exit 1; }
	@$(PYTHON) config/machine.py

.venv/installed: requirements.txt | machine
	@[ -x $(VENV) ] && $(VENV) -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@echo "Installing the packages of requirements.txt ..."
	@$(PIP) $(WHEELS) -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@echo "Installing the packages of requirements-dev.txt ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@
