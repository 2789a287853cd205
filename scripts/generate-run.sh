#!/usr/bin/env bash
# Prints the PipelineRun of a change, or creates it with --apply. Flags: see --help, and docs/scripts.md.
exec "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/tekton-dag" run generate "$@"
