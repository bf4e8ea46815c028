# Every chore has one entry here; the README and CI use the same ones. Needs Python 3.11 or newer, its venv module, and make.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
CODE   := scraper fixtures tests benchmarks

.DEFAULT_GOAL := help
.PHONY: help demo test lint types check compiled bench bench-batch bench-copies bench-coverage bench-crawl bench-health bench-store hostile survive gate train train-check sites pins clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## run the scraper against the invented sites, without a network
	@$(BIN)/python -m fixtures.demo

test: $(READY) ## run the tests on every core
	@$(BIN)/python -m pytest -n auto

lint: $(READY) ## ruff: rules and format
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)

types: $(READY) ## mypy, strict
	@$(BIN)/mypy

check: lint types compiled test ## lint, types and tests

compiled: $(READY) ## compile anew what was edited; until then it runs from its sources, slower
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .

bench: $(VENV)/.ready-bench ## measure extraction against its peers on the corpora, ten minutes
	@$(BIN)/python -m benchmarks.extract

bench-crawl: $(VENV)/.ready-bench ## measure whole runs against Scrapy, and their memory and politeness, on loopback, ten minutes
	@$(BIN)/python -m benchmarks.crawl

bench-batch: $(READY) .venv-trove/.ready ## measure a batch against datatrove with trafilatura, and simulate how far it scales, ten minutes
	@$(BIN)/python -m benchmarks.batch

hostile: $(READY) ## measure time and memory on some 550 kinds of hostile pages, ten minutes
	@$(BIN)/python -m benchmarks.hostile

bench-coverage: $(READY) ## count false gaps and found ones of the view coverage, on simulated years
	@$(BIN)/python -m benchmarks.coverage

bench-copies: $(READY) ## measure how many copies of wire stories the store finds, on a generated set
	@$(BIN)/python -m benchmarks.copies

bench-health: $(READY) ## simulate a year of twenty sources and see that their breaks are found, three minutes
	@$(BIN)/python -m benchmarks.health

bench-store: $(READY) ## measure storing beside executemany, searches, the dashboard's queries and the size on disk, half an hour
	@$(BIN)/python -m benchmarks.store

survive: $(READY) ## kill two hundred crawls at random moments and see that nothing is lost, five minutes
	@KILLS=200 $(BIN)/python -m pytest tests/test_crawl_kill.py

gate: $(READY) ## fail where accuracy falls below its pinned floors
	@$(BIN)/python -m benchmarks.gate

train: $(VENV)/.ready-train ## train the body model anew on the corpora
	@$(BIN)/python -m benchmarks.train

train-check: $(VENV)/.ready-train ## score a model on sites it was not trained on
	@$(BIN)/python -m benchmarks.train --validate

sites: $(READY) ## write fixtures/sites anew from the stories
	@$(BIN)/python -m fixtures.build

pins: $(READY) ## write constraints.txt from this environment
	@$(BIN)/python -m pip freeze --exclude-editable | grep -E '^[A-Za-z0-9_.-]+==[0-9a-z.]+$$' > $(VENV)/pins
	@{ sed -n 1p constraints.txt; cat $(VENV)/pins; } > $(VENV)/constraints.txt && mv $(VENV)/constraints.txt constraints.txt

clean: ## remove the environment, the caches and the demonstration's data
	rm -rf $(VENV) .venv-trove build dist *.egg-info scraper/extract/*.so scraper/words/*.so scraper__mypyc*.so scraper/.compiled data/demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment, remade only when what it is made of changes.
$(READY): pyproject.toml constraints.txt setup.py compiled.txt $(wildcard scraper/extract/c/* scraper/words/c/*)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || { echo "making $(VENV) ..."; $(PYTHON) -m venv $(VENV); }
	@echo "installing into $(VENV) (a minute or two the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

# pip before 24 breaks off over newspaper4k's extras where there are constraints.
$(VENV)/.ready-bench: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=24'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	@touch $@

# datatrove wants a trafilatura before 1.12, so it has an environment of its own.
.venv-trove/.ready: Makefile
	@$(PYTHON) -m venv .venv-trove
	@.venv-trove/bin/python -m pip install --quiet --disable-pip-version-check 'datatrove[io,processing]==0.10.1' 'trafilatura==1.11.0' 'lxml_html_clean>=0.4'
	@touch $@

$(VENV)/.ready-train: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,train]'
	@touch $@
