# Every target sets itself up: a machine needs python3 (3.11 or newer), make and a package registry.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
export PYTHON

RUN := .venv/bin/python
UV := UV_PYTHON_DOWNLOADS=never .tools/bin/uv
# The functions' packages: Chalice itself is vendored by Chalice, and its command line stays at home.
EXPORT := $(UV) export --quiet --frozen --no-default-groups --no-emit-project --prune chalice --no-header --no-annotate
SOURCES := $(wildcard app.py chalicelib marketplace sandbox cli client infra benchmarks tests)

.DEFAULT_GOAL := help
.PHONY: help setup stripe-spec docs-viewer demo serve simulate test test-deep stripe-proof test-stripe check package clean

help: ## List these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "make %-12s %s\n", $$1, $$2 }'

setup: .venv/.ready .tools/cloud/.ready

stripe-spec: .tools/stripe/openapi.json ## Fetch Stripe's OpenAPI document, which the local Stripe is held to

docs-viewer: .tools/docs/rapidoc-min.js ## Fetch the API page's viewer from npm

demo: setup ## Play a market day and check every promise (INPUT=file plays your own day)
	@exec $(RUN) -m sandbox demo $(if $(INPUT),--input "$(INPUT)")

serve: setup docs-viewer ## Run everything here until Ctrl-C (PORT=8000, DATA=dir keeps the state)
	@exec $(RUN) -m sandbox serve --port "$(PORT)" $(if $(DATA),--data "$(DATA)")

simulate: setup ## Play thousands of bad days and report (SEED=n plays one, SEEDS=n that many, LEVEL=2 over the wire)
	@exec $(RUN) -m tests.simulation $(if $(SEED),--seed "$(SEED)") $(if $(SEEDS),--seeds "$(SEEDS)") $(if $(LEVEL),--level "$(LEVEL)")

test: setup stripe-spec docs-viewer ## Run the tests
	@$(RUN) -m pytest -n 2 --dist loadgroup -m "not deep"

test-deep: setup stripe-spec docs-viewer ## Run the tests and the long searches for faults
	@$(RUN) -m pytest -n 2 --dist loadgroup

stripe-proof: setup stripe-spec ## Hold the local Stripe to Stripe's document, show what it covers and the counts
	@$(RUN) -m tests.stripe_coverage --print
	@$(RUN) -m pytest -n 2 --dist loadgroup tests/contract tests/journey

test-stripe: setup stripe-spec ## Run the gateway's tests at Stripe itself (STRIPE_TEST_KEY=sk_test_... [STRIPE_TEST_ACCOUNT=acct_...])
	@$(RUN) -m pytest -m real_stripe --real-stripe tests/contract

check: setup stripe-spec ## Lint, format, types, import contracts, and that generated files are current
	$(RUN) -m ruff check $(SOURCES)
	$(RUN) -m ruff format --check $(SOURCES)
	$(RUN) -m mypy --strict $(SOURCES)
	.venv/bin/lint-imports
	@$(EXPORT) | diff - requirements.txt || { echo "error: requirements.txt is not current; run: make requirements.txt"; exit 1; }
	$(RUN) -m chalicelib.openapi --check
	$(RUN) -m infra.client_code --check
	$(RUN) -m tests.stripe_coverage --check

package: setup docs-viewer ## Build the deployable zip and template into build/package, without AWS
	@$(RUN) -m infra.package

clean: ## Remove what was built and cached, but not the environments
	@rm -rf build .chalice/deployments .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find app.py chalicelib marketplace sandbox cli client infra benchmarks tests -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

requirements.txt: uv.lock | setup
	@$(EXPORT) --output-file $@

.venv/.ready: uv.lock pyproject.toml infra/bootstrap.sh
	@sh infra/bootstrap.sh . .venv

.tools/cloud/.ready: sandbox/cloud/uv.lock sandbox/cloud/pyproject.toml infra/bootstrap.sh | .venv/.ready
	@sh infra/bootstrap.sh sandbox/cloud .tools/cloud

.tools/stripe/openapi.json: infra/stripe_spec.txt infra/stripe_spec.py | .venv/.ready
	@echo "fetching Stripe's OpenAPI document"
	@$(RUN) -m infra.stripe_spec

# Without it everything works but the API page, which says so.
.tools/docs/rapidoc-min.js: infra/docs_viewer.txt infra/docs_viewer.py | .venv/.ready
	@echo "fetching the API page's viewer"
	@$(RUN) -m infra.docs_viewer || echo "the API page will do without it"
