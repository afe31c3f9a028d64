#!/bin/sh
# Sets up .venv with everything that the program and its tests need. Does nothing when that is done already.
set -eu
cd "$(dirname "$0")/.."
say() { printf '%s\n' "$*"; }
fail() { printf 'nohaven: %s\n' "$*" >&2; exit 2; }

python=${PYTHON:-python3}
command -v "$python" >/dev/null 2>&1 || fail "$python is missing; install the package python3 (apt install python3)."
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' ||
  fail "$python is $("$python" -V 2>&1); Python 3.11, 3.12 or 3.13 is needed: name one with make PYTHON=python3.12."
"$python" -c 'import ensurepip, venv' 2>/dev/null || fail "the venv module is missing; install the package python3-venv (apt install python3-venv)."

stamp=.venv/.set-up
wanted=$(cat requirements.lock pyproject.toml scripts/setup.sh | cksum; "$python" -V; pwd)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && [ -x .venv/bin/nohaven ]; then
  exit 0
fi
if [ -d .venv ] && ! .venv/bin/python -c 'import pip' 2>/dev/null; then
  say "The old .venv does not work here; making it anew."
  rm -rf .venv
fi
if [ ! -d .venv ]; then
  say "Making a Python environment in .venv ..."
  "$python" -m venv .venv
fi
say "Installing what requirements.lock lists, each file checked against its hash (about 680 MB on disk) ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
printf '%s\n' "$wanted" >"$stamp"
say "Ready: .venv/bin/nohaven ($(du -sm .venv | cut -f1) MB in .venv)."
