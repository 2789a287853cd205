#!/usr/bin/env bash
# Prints the graph of a stack file, or a walk over it. Flags: see --help, and docs/scripts.md.
exec "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/tekton-dag" stack graph "$@"
