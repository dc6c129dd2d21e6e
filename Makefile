PYTHON ?= $(or $(shell command -v python3.11),$(shell command -v python3))
PY = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run ready test lint check proof bench lifecycle messages

help:  ## Show what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

run:  ## Set up what is missing and start the platform with the demo district
	$(if $(PYTHON),,$(error Python 3.11 is missing: apt-get install python3.11 python3.11-venv))
	@$(PYTHON) -I govcenter/bootstrap.py run

ready:
	$(if $(PYTHON),,$(error Python 3.11 is missing: apt-get install python3.11 python3.11-venv))
	@$(PYTHON) -I govcenter/bootstrap.py test

test: ready lint  ## Set up what is missing and run every check that takes seconds
	$(PY) -m pytest -n 2

lint:
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports

proof: ready  ## Run what takes minutes: kills, races, big data
	$(PY) -m pytest tests/proof -s --ignore=tests/proof/test_stranded.py
	$(PY) -m pytest tests/proof/test_stranded.py -n 2 -rP

bench: ready  ## Measure against the floor; writes bench/results.json
	$(PY) -m bench

lifecycle: ready  ## Measure whole lives at 10 k, 100 k and 1 M stored orders (an hour)
	$(PY) -m bench.lifecycle

messages: ready  ## Collect the strings of the source into the catalogue
	$(PY) -m govcenter.catalogue merge
