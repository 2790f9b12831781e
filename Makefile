# Everything happens in a virtual environment in this checkout; no step needs root.
PYTHON ?= python3
BIN := .venv/bin
# The pins are those of Python 3.11; a newer Python resolves from the ranges in pyproject.toml.
PINS := $(shell $(PYTHON) -c 'import sys; print("-c constraints.txt" if sys.version_info[:2] == (3, 11) else "")')
INSTALL := $(BIN)/python -m pip --disable-pip-version-check install --quiet $(PINS)

.PHONY: run ask test lint train bench clean

run: .venv/runtime
	@$(BIN)/python -m assistant serve

ask: .venv/runtime
	@test -n "$(Q)" || { echo 'usage: make ask Q="水电气怎么报装"' >&2; exit 2; }
	@$(BIN)/python -m assistant ask "$(Q)"

test: .venv/development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest
	$(BIN)/python -m evals gate

lint: .venv/development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python .ci/audit.py

train: .venv/development
	$(BIN)/python -m index train

bench: .venv/development
	$(BIN)/python -m evals bench

clean:
	rm -rf .venv var results

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv .venv

.venv/runtime: .venv/bin/python pyproject.toml constraints.txt
	@echo "installing the assistant (about a minute, once)"
	$(INSTALL) --editable .
	@touch $@

# torch first and alone: a range that admits a newer one would fetch gigabytes.
.venv/development: .venv/bin/python pyproject.toml constraints.txt
	@echo "installing the assistant with everything for tests and training (two minutes, once)"
	$(INSTALL) 'torch==2.13.0'
	$(INSTALL) --editable '.[train,dev]'
	@touch $@ .venv/runtime
