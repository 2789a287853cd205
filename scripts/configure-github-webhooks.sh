#!/usr/bin/env bash
# Lets the repositories of the stacks deliver their pull requests to the orchestrator. Flags: see --help, and docs/scripts.md.
exec "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/tekton-dag" webhooks configure "$@"
