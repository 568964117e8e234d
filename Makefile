# Tollbook: `make help` lists the targets.

PREFIX ?= /usr/local
DESTDIR ?=
CHECK_JSONSCHEMA := 0.39.0
SECONDS ?= 60
SEED ?= 1

RELEASE := swift build -c release --static-swift-stdlib
BINARY := .build/release/tollbook
SOURCES := $(shell find Package.swift Sources -type f)

.DEFAULT_GOAL := help
.PHONY: demo test build install bench fuzz torture help clean setup-build setup-test setup-torture

demo: build ## Build, then ingest sample-logs into a fresh ledger, report the month and check it
	@rm -rf .build/demo && mkdir -p .build/demo
	@$(call session,tollbook ingest sample-logs/*.jsonl --config sample-logs/tollbook.yaml --ledger .build/demo/tollbook.db)
	@$(call session,tollbook report --config sample-logs/tollbook.yaml --ledger .build/demo/tollbook.db --month 2026-10)
	@$(call session,tollbook check --config sample-logs/tollbook.yaml --ledger .build/demo/tollbook.db --now 2026-10-31T23:59:59Z)
	@rm -rf .build/demo

test: setup-test .venv/bin/check-jsonschema ## Build everything and run every test
	@swift build --build-tests --quiet
	@swift test --disable-xctest --skip-build --quiet

build: setup-build ## Build the release binary, with the Swift standard library linked in
	@echo "building $(BINARY): a few minutes the first time"
	@$(RELEASE) --product tollbook --quiet

install: $(BINARY) ## Install the stripped release binary into $(PREFIX)/bin
	@install -d "$(DESTDIR)$(PREFIX)/bin"
	@install -s -m 0755 $(BINARY) "$(DESTDIR)$(PREFIX)/bin/tollbook"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/tollbook"

bench: setup-build ## Measure each stage and the whole: tollbook-benchmark
	@$(RELEASE) --product tollbook-benchmark --quiet
	@.build/release/tollbook-benchmark

fuzz: setup-build ## Look for logs that break the reader: make fuzz SECONDS=300
	@.ci/fuzz $(SECONDS)

torture: setup-torture build ## Attack the ledger and count what it survives: make torture SECONDS=1800 SEED=7
	@python3 Tests/Torture/torture.py --binary $(BINARY) --seconds $(SECONDS) --seed $(SEED) \
	  --at-least-once --work .build/torture

clean: ## Remove everything that was built
	@rm -rf .build .build-fuzz .venv

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup-build:
	@.ci/setup build

setup-test:
	@.ci/setup test

setup-torture:
	@.ci/setup torture

# So that `sudo make install` after `make build` compiles nothing as root.
$(BINARY): $(SOURCES)
	@$(MAKE) --no-print-directory build
	@touch $(BINARY)

.venv/bin/check-jsonschema: Makefile | setup-test
	@echo "setup: .venv with check-jsonschema $(CHECK_JSONSCHEMA)"
	@python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check check-jsonschema==$(CHECK_JSONSCHEMA)
	@touch $@

# Prints a command as a reader would type it, then runs it. Exit codes 1 to 3 of `check` are
# answers; everything above is a failure.
define session
echo '$$ $(1)'; code=0; PATH=".build/release:$$PATH" $(1) || code=$$?; \
if [ $$code -ne 0 ]; then echo "exit $$code"; fi; echo; [ $$code -le 3 ]
endef
