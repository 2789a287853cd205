#!/usr/bin/env bash
# Continues a failed run of a pull request, and follows it. Flags: see --help, and docs/scripts.md.
exec "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/tekton-dag" run rerun --watch "$@"
