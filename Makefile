# `make` alone lists the targets. Every target passes the same flags (none) to SwiftPM, so that they share one build.
.DEFAULT_GOAL := help
.PHONY: help run test soak build bench check generate lint format

# With more tests at a time, two cores are too slow for tests that kill and restart servers.
test_width = 4
soak_seconds = 600

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what is missing, build, and run everything on this machine
	Tools/install
	swift build --product helium
	exec .build/debug/helium dev

test: ## Install what is missing, build, and run all tests on private servers
	Tools/install tools
	swift build --build-tests
	SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(test_width) swift test --skip-build

soak: ## Run node agents over a bad network while workers are killed, for ten minutes
	Tools/install tools
	swift build --build-tests
	HELIUM_SOAK_SECONDS=$(soak_seconds) swift test --skip-build --filter SoakTests

build: ## Build the release executable
	Tools/install
	swift build --configuration release --product helium

bench: ## Measure against references and aims; ARGS="redis w11" chooses parts
	Tools/install bench
	swift build --configuration release --product helium
	swift build --configuration release --product bench
	swift build --configuration release --product confirmed-publish
	.build/release/bench $(ARGS)

check: ## Run what CI runs
	.ci/run

generate: ## Generate Swift from .sql and .proto files
	Tools/install tools
	Tools/generate

lint: ## Check the layout of Swift files, and the rules of .proto files and migrations
	Tools/install tools
	Tools/lint

format: ## Format Swift files
	Tools/lint files | xargs -0 swift format format --in-place --parallel
