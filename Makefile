# Every target does its own set-up: npm ci brings Node 24 and all tools.
SHELL := /bin/bash
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
.DEFAULT_GOAL := help
.PHONY: help demo test test-cluster chart check bench bundle images setup

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: node_modules/.package-lock.json

node_modules/.package-lock.json: package-lock.json package.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

demo: setup ## watch a pull request tested inside the running stack (KEEP=1 leaves it up)
	@exec node e2e/demo/main.ts

test: setup ## format, lint, types and every test; ends with "N passed, N failed"
	@exec node scripts/run-tests.ts

test-cluster: bundle ## the tests on a real Kubernetes with Tekton: KUBECONFIG=file REGISTRY=host:port
	@exec node scripts/run-cluster-tests.ts

chart: setup ## lint, validate and render the Helm chart (needs helm; kubeconform or go)
	@exec node scripts/run-chart-checks.ts $(ARGS)

check: setup ## format, lint and types only
	@npm run --silent check

bench: setup ## the measurements of docs/performance.md, as JSON lines
	@exec node bench/main.ts

bundle: setup ## the program as a few files of JavaScript, in dist/
	@exec node scripts/bundle.ts

images: bundle ## make and push every image: make images REGISTRY=host[:port][/path] [ARGS="--only tekton-dag"]
	@node packages/cli/bin/tekton-dag.js images build --push --registry "$(REGISTRY)" $(ARGS)
