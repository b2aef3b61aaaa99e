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
	@echo "make upgrade          newest versions into requirements*.lock, then install them"

install: $(VENV)/.run

$(VENV)/.run: requirements.lock
	@.ci/venv $(PYTHON) $(VENV)
	@echo "Installing what the daemon needs (requirements.lock) …"
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing what the tests need (requirements-dev.lock) …"
	@$(BIN)/pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install-readers:
	@.ci/system readers

install-servers:
	@.ci/system servers

demo: $(VENV)/.run
	@$(BIN)/python run_daemon.py demo $(ARGS)

test: $(VENV)/.dev install-servers check
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
	@$(MAKE) --no-print-directory $(VENV)/.dev
	@echo "Now run make test, and commit both lock files."

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis
