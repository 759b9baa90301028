# What can be done here: `make` lists it. Everything is installed into .venv, nothing elsewhere.

PYTHON ?=
VENV := .venv
COHORT := examples/letter-cohort.ndjson

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(VENV)/installed  ## install, assess the patients of the letter and recompute its tables
	@$(VENV)/bin/itp-cds assess $(COHORT)
	@echo
	@$(VENV)/bin/itp-cds cohort $(COHORT)

test: $(VENV)/installed-dev  ## everything that CI runs: ruff, mypy, pytest
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/pytest -n auto

coverage: $(VENV)/installed-dev  ## the tests with branch coverage, which takes several times as long
	$(VENV)/bin/pytest -n auto --cov --cov-report=term:skip-covered

mutants: $(VENV)/installed-dev  ## change one thing after the other in the rules: which do the examples not notice?
	$(VENV)/bin/itp-cds rules test --mutate --jobs $$(nproc)

spark: $(VENV)/installed-spark  ## the tests that need Spark (Java 17; installs 500 MB)
	$(VENV)/bin/pytest tests/spark

clean:  ## remove the environment and everything that was made
	rm -rf $(VENV) dist build *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/installed: pyproject.toml .ci/environment
	@PYTHON="$(PYTHON)" sh .ci/environment $(VENV) .
	@touch $@

$(VENV)/installed-dev: pyproject.toml .ci/environment
	@PYTHON="$(PYTHON)" sh .ci/environment $(VENV) '.[dev]'
	@touch $@ $(VENV)/installed

$(VENV)/installed-spark: pyproject.toml .ci/environment
	@PYTHON="$(PYTHON)" sh .ci/environment $(VENV) '.[dev,spark]'
	@touch $@ $(VENV)/installed $(VENV)/installed-dev

.PHONY: help demo test coverage mutants spark clean

-include $(wildcard benchmarks/*.mk)
