# Everything happens inside this folder: no root, no system packages. `make run` and `make test` need Python >= 3.11 and pip.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
RAW ?= data/raw
PROCESSED ?= data/processed
# kernels warn of talking without encryption
ENCRYPTED := --KernelManager.transport_encryption=auto
JOBS ?= 2

.PHONY: help setup build run test lint docs dist fuzz bench lab notebooks clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(STAMP)  ## make .venv and install budgetkit into it, unless that is done

$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || { \
	  for python in python3.11 python3 python3.12 python3.13; do \
	    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	      exec "$$python" -m venv $(VENV); fi; done; \
	  echo "make: Python 3.11 or newer is needed; none of python3.11, python3, python3.12, python3.13 is" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,docs,notebooks]'
	@touch $@

build: setup  ## parse RAW (data/raw) into data/processed; reads only what is new
	$(BIN)/budgetkit build --keep-going $(RAW) $(PROCESSED)

test: build  ## all tests, and every notebook from top to bottom
	$(BIN)/python -m pytest -n $(JOBS)
	$(BIN)/python -m pytest --nbmake notebooks

lint: setup  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: setup  ## the documentation as a site in build/site; fails for a broken link
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

dist: setup  ## sdist and wheel in dist, and the wheel tried in a clean environment
	$(BIN)/python -m tools.distribution dist

fuzz: setup  ## damaged and hostile documents of every format, each in a process with limits; about half an hour
	$(BIN)/python -m tools.fuzz --hostile

bench: setup  ## time the pipeline
	$(BIN)/python -m benchmarks

lab: setup  ## open the notebooks
	$(BIN)/python -m jupyterlab notebooks $(ENCRYPTED) --FileContentsManager.pre_save_hook=tools.notebook_form.saving

# notebooks over a folder of the user's: of its documents nothing is stored in notebooks/
ifeq ($(PROCESSED),data/processed)
run: build  ## build, then execute all notebooks into data/processed as HTML
	@echo "executing the notebooks into $(PROCESSED)"
	$(BIN)/jupyter nbconvert --to html --template-file tools/notebook.html.j2 --execute $(ENCRYPTED) \
	  --output-dir $(PROCESSED) notebooks/*.ipynb

notebooks: build  ## store what the notebooks give; with PROCESSED=folder execute them over that folder, into it
	$(BIN)/jupytext --quiet --update --to ipynb notebooks/*.py
	$(BIN)/jupyter nbconvert --to notebook --execute $(ENCRYPTED) --inplace notebooks/*.ipynb
	$(BIN)/python -m tools.notebook_form notebooks/*.ipynb
else
run: build notebooks

notebooks: setup
	$(BIN)/python -m tools.run_notebooks $(PROCESSED) $(if $(filter-out file,$(origin RAW)),--raw $(RAW))
endif

clean:  ## remove caches and everything built; data/raw and .venv stay
	find data/processed -mindepth 1 ! -name README.md -delete
	find . -path ./$(VENV) -prune -o -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -print0 | xargs -0 rm -rf
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
