# What one does here. `make` alone says what there is; ARGS= is passed on: make run ARGS="--once --dry-run"
.DEFAULT_GOAL := help
.PHONY: help run test check crds e2e bench fix clean
SHELL := /bin/bash

# npm writes this file last, so it tells that the packages are all there. They bring the pinned Node with them.
INSTALLED := node_modules/.package-lock.json

$(INSTALLED): package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or newer, which brings it" >&2; exit 1; }
	@echo "Installing the packages that package-lock.json pins, Node 24 among them (npm ci)" >&2
	@npm ci --loglevel=error
	@touch $@

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(INSTALLED) ## Run the operator in the sandbox: simulated vCenters, name server and cluster, until Ctrl-C
	@npm run --silent sandbox -- $(ARGS)

test: $(INSTALLED) ## Run the tests that need nothing but Node
	@npm run --silent test -- $(ARGS)

check: $(INSTALLED) ## Check types, style, and that crds/ match the Schemas
	@npm run --silent check

crds: $(INSTALLED) ## Write crds/ from the Schemas
	@npm run --silent crds

e2e: $(INSTALLED) peers ## Run the tests against real servers: Kubernetes, BIND, govmomi's vCenters (needs Go)
	@npm run --silent e2e -- $(ARGS)

bench: $(INSTALLED) peers ## Measure against the same servers and print a table
	@npm run --silent bench -- $(ARGS)

fix: $(INSTALLED) ## Format, and mend what the linter can mend
	@npm run --silent fix

.PHONY: peers
peers:
	@test/e2e/peers/build.sh >/dev/null

clean: ## Remove everything that was installed or written here (the built servers stay in ~/.cache)
	@rm -rf node_modules .cache coverage
