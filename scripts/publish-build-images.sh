#!/usr/bin/env bash
# Makes the images and pushes them. Flags: see --help, and docs/images.md.
exec "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/tekton-dag" images build --push "$@"
