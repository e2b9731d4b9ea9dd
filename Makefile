# What a person needs is in `make help`. On the machine: Python 3.11 or newer, make, git.

PORT ?= 8000
SEED ?= all
# One more than two cores: some tests wait, for a process, a server or a clock.
WORKERS ?= 3
ARGS ?=

.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:

# Packages from elsewhere must not be lent to the environment.
unexport PYTHONHOME PYTHONPATH
# Without compiled files each process of the tests compiles the service again, and each worker all tests.
unexport PYTHONDONTWRITEBYTECODE

# `value` keeps a `$` that a password may hold.
ifneq ($(value DATABASE_URL),)
run: export LODESTONE_DATABASE_URL := $(value DATABASE_URL)
endif

# The newest Python that can make environments; else any that is new enough, or any at all, to be told what it lacks.
ifndef PYTHON
PYTHON := $(shell \
  for test in 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
              'import sys; sys.exit(sys.version_info < (3, 11))' 'import sys; sys.exit(sys.version_info < (3, 7))'; do \
    for python in python3.14 python3.13 python3.12 python3.11 python3; do \
      "$$python" -I -c "$$test" >/dev/null 2>&1 && echo "$$python" && exit 0; \
    done; \
  done)
endif
NO_PYTHON := Lodestone needs Python 3.11 or newer, and none was found: install python3, or name it: make PYTHON=/path/to/python3

.PHONY: help
help: ## this list
	@echo 'make run [PORT=8000] [SEED=all|article|corpus|none] [DATABASE_URL=postgresql://user:password@host/database]'
	@echo 'make test [ARGS="-k word"] [TEST_DATABASE_URL=postgresql://user:password@host/database]'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: environment dev-environment
environment dev-environment:
	@test -n '$(PYTHON)' || { echo '$(NO_PYTHON)' >&2; exit 1; }
	@'$(PYTHON)' -I scripts/environment.py $(if $(filter dev-%,$@),dev,runtime)

.PHONY: run
run: environment ## serve on 127.0.0.1, over an SQLite file of its own if no DATABASE_URL is given
	@scripts/stop_with_make $$$$ $$PPID & exec .venv/bin/lodestone run --port '$(PORT)' --seed '$(SEED)'

.PHONY: test
test: dev-environment ## all tests, on SQLite and PostgreSQL
	@.venv/bin/python -m pytest -n '$(WORKERS)' --dist loadfile --no-loadscope-reorder -m 'not crash and not clients' $(ARGS)

.PHONY: check
check: dev-environment node-tools ## style, types, the import rule, the seeds, openapi.json against linters and release, and what may have drifted
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/lodestone openapi --check
	@.venv/bin/python -m scripts.asyncapi --check
	@.venv/bin/lodestone settings --check
	@.venv/bin/python -m scripts.cli_reference --check
	@.venv/bin/python -m scripts.readme_answers --check
	@.venv/bin/python scripts/breaking.py
	@.venv/bin/python scripts/lint_openapi.py
	@.venv/bin/lodestone seeds check
	@.venv/bin/python -m pytest -q -p no:xdist tests/test_layout.py

.PHONY: format
format: dev-environment ## put the code into the form that check wants
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

.PHONY: openapi
openapi: dev-environment ## write openapi/openapi.json from the code, with its examples sent anew
	@.venv/bin/lodestone openapi --write
	@.venv/bin/python -m scripts.examples
	@.venv/bin/python -m scripts.problems
	@.venv/bin/lodestone openapi --write
	@.venv/bin/python -m scripts.asyncapi

.PHONY: node-tools
node-tools: dev-environment
	@.venv/bin/python scripts/node_tools.py

.PHONY: cli-reference
cli-reference: dev-environment ## write what every --help says into docs/cli.md
	@.venv/bin/python -m scripts.cli_reference

.PHONY: lock
lock: dev-environment ## write requirements/*.lock from pyproject.toml; ARGS=--upgrade takes the newest versions
	@.venv/bin/python scripts/lock.py $(ARGS)

.PHONY: clients
clients: dev-environment node-tools ## generate clients in Python and TypeScript into clients/generated
	@.venv/bin/python scripts/clients.py

.PHONY: clients-test
clients-test: clients ## type-check, compile and run what docs/clients.md shows, against a live register
	@.venv/bin/python -m pytest -m clients -p no:xdist $(ARGS) tests/clients

.PHONY: fuzz
fuzz: dev-environment ## the tests that search (hypothesis, schemathesis), with many more examples: hours
	@.venv/bin/python -m pytest -n '$(WORKERS)' -m '(hypothesis or fuzz) and not crash and not clients' --hypothesis-profile=fuzz -o faulthandler_timeout=0 $(ARGS)

.PHONY: crash-test
crash-test: dev-environment ## the tests that kill processes; -s shows their seeds and figures
	@.venv/bin/python -m pytest -s -m crash $(ARGS)

.PHONY: overload-test
overload-test: dev-environment ## ten times what one process can do, for a minute each: answers, then recordings
	@.venv/bin/python -m bench.overload answers $(ARGS)
	@.venv/bin/python -m bench.overload recordings $(ARGS)

.PHONY: cluster-test
cluster-test: dev-environment ## the cluster of deploy/cluster on this machine, with 20 faults under load; as root
	@.venv/bin/python -m tests.cluster $(ARGS)

.PHONY: image-test
image-test: dev-environment ## what the image does, without Docker: its commands over empty databases; its components into dist/
	@.venv/bin/python scripts/image_test.py

.PHONY: restore-drill
restore-drill: dev-environment ## a backup of each kind, put back, verified and compared
	@.venv/bin/python -m scripts.restore_drill

.PHONY: mutants
mutants: dev-environment ## change the code of domain/ and log/ in small ways, and tell which changes no test notices: an hour
	@.venv/bin/python scripts/mutants.py $(ARGS)

.PHONY: bench
bench: dev-environment ## measure, as ratios to a limit measured in the same run
	@.venv/bin/python -m bench $(ARGS)

.PHONY: clean
clean: ## remove what make made; var/, with the register in it, stays
	@rm -rf .venv clients/.venv clients/node_modules clients/generated dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis mutants mutants.log
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
