#!/bin/sh
# Verifies a file of tokens with GNU parallel: sh parallel.sh TOKENS [JOBS]. FOB names the program, FOB_SECRET holds the secret.
# Each job gets blocks of whole lines; --keep-order prints the verdicts in the order of the lines.
set -eu
parallel --no-notice --will-cite --pipepart --block 8M --keep-order --jobs "${2:-2}" -a "$1" "$FOB verify --lines - --threads 1"
