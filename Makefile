# The same commands serve people and CI: run, test, check, bench.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DATA   ?= data
# Processes that run tests at the same time; 0 for the shell's own, to use a debugger.
WORKERS ?= 2

# What is sent in them is longer with more rounds: 20 MB in twenty.
LONG_FILES := tests/interop/test_slixmpp_files.py tests/interop/test_files_abroad.py \
  tests/federation/test_faults.py

.PHONY: run test check format fuzz faults bench docs dev clean

run: $(VENV)/.installed
	@$(BIN)/palaver setup --data $(DATA) --if-needed
	@exec $(BIN)/palaver serve --data $(DATA)

# The program is started hundreds of times there: what it is compiled to is kept, whoever wants what.
test: dev
	@scripts/test-requirements
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: dev
	$(BIN)/ruff format --check src tests benchmarks scripts
	$(BIN)/ruff check src tests benchmarks scripts
	$(BIN)/mypy
	$(BIN)/python scripts/dead_code.py

format: dev
	$(BIN)/ruff format src tests benchmarks scripts
	$(BIN)/ruff check --fix src tests benchmarks scripts

fuzz: dev
	$(BIN)/python -m pytest tests/fuzz tests/property/test_rooms.py --hypothesis-profile=long

faults: dev
	$(BIN)/python -m pytest tests/faults $(LONG_FILES) --rounds 20 --pairs 50 -rP $(ARGS)

bench: dev
	$(BIN)/python -m benchmarks $(ARGS)

docs: dev
	$(BIN)/python -m palaver.cli.reference docs

dev: $(VENV)/.dev

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Palaver needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	@echo "Installing Palaver into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
