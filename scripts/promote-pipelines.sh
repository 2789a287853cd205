#!/usr/bin/env bash
# Brings the tasks and pipelines of one namespace to another. Flags: see --help, and docs/scripts.md.
exec "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/tekton-dag" catalog promote "$@"
