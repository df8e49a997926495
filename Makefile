# What a person types. Each command brings along what it needs; `make` alone lists them.
PYTHON ?= python3
MANAGE = .venv/bin/python manage.py

.DEFAULT_GOAL := help
.PHONY: help run test check bench fmt lock ready ready-dev

help:
	@echo "make run     start Steward on this machine: http://127.0.0.1:8000 (PORT chooses another)"
	@echo "make test    run the tests; ARGS=... goes to pytest, as in: make test ARGS='tests/slm -k pause'"
	@echo "make check   lint, format, types, imports, migrations, templates, schema, lock files"
	@echo "make bench   measure against the bare database; ARGS=... as in: make bench ARGS='--records 100000'"
	@echo "make fmt     format the code"
	@echo "make lock    renew the lock files from requirements/*.in and frontend/package.json"

ready:
	@$(PYTHON) bin/bootstrap.py run

ready-dev:
	@$(PYTHON) bin/bootstrap.py dev

run: ready
	@exec $(MANAGE) up

test: ready-dev
	@exec .venv/bin/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(ARGS)

check: ready-dev
	@exec .venv/bin/python bin/check.py $(ARGS)

bench: ready-dev
	@exec .venv/bin/python -m benchmarks $(ARGS)

fmt: ready-dev
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

lock: ready-dev
	@.venv/bin/python bin/lock.py
