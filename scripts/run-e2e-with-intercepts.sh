#!/usr/bin/env bash
# Bootstraps a stack and runs a pull request through it. Flags: see --help, and docs/scripts.md.
exec "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/tekton-dag" run e2e "$@"
