#!/bin/sh
# Everything that a change must pass; what CI runs. Stops at the first step that fails.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
step() { printf '\n== %s\n' "$1"; shift; "$@"; }
step "format" $bin/ruff format --check .
step "lint" $bin/ruff check .
step "types" $bin/mypy
step "imports" $bin/lint-imports --no-logo
step "rule lint" $bin/python -m nohaven.pipeline.rule_lint
step "tests and floors" $bin/python -m pytest -q -n "${NOHAVEN_TEST_WORKERS:-2}" --dist worksteal
step "speed floor" $bin/python -m benchmarks.chain
