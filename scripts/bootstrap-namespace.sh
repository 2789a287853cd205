#!/usr/bin/env bash
# Makes a namespace that runs can work in. Flags: see --help, and docs/scripts.md.
exec "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/tekton-dag" namespace bootstrap "$@"
