# `make run` and `make test` do all their own set-up, in two environments beside the sources:
# .venv holds what the pages import (no torch), .venv-test everything.
PYTHON ?= python3
PORT ?= 8501
.DELETE_ON_ERROR:
.PHONY: run test check-long environment environment-test check format clean

run: .venv/installed
	-@.venv/bin/aespa study build-twin --metro demo --if-missing
	@.venv/bin/python -m dashboard --port $(PORT) $(if $(CHECK),--check)

test: .venv/installed .venv-test/installed
	.venv-test/bin/ruff check .
	.venv-test/bin/ruff format --check .
	.venv-test/bin/mypy
	.venv-test/bin/python -m pytest $(PYTEST)

# the full counts of every large sweep, into assets/benchmarks/checks.csv; a stopped run goes on
check-long: .venv/installed .venv-test/installed
	@AESPA_CASES=$${AESPA_CASES:-$(wildcard ../shared/cases)} .venv-test/bin/python -W ignore -m tests.checks

environment: .venv/installed
environment-test: .venv-test/installed

.venv/installed: pyproject.toml requirements.lock.txt .ci/install
	@PYTHON=$(PYTHON) sh .ci/install .venv .

.venv-test/installed: pyproject.toml requirements.lock.txt .ci/install
	@echo "The test environment adds torch: 0.2 GB for a CPU build, about 3 GB where pip knows no CPU build."
	@PYTHON=$(PYTHON) sh .ci/install .venv-test .[models,test]

format:
	.venv-test/bin/ruff check --fix .
	.venv-test/bin/ruff format .

clean:
	rm -rf .venv .venv-test dashboard/static .pytest_cache .mypy_cache .ruff_cache
