#!/usr/bin/env bash
# Install everything, run all tests (extra arguments go to pytest). Safe to run again.
#   bash scripts/test.sh                          all of them, in random order, in two processes
#   bash scripts/test.sh -n 0 -k scoring          some of them, in one process
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/install.sh
source "$here/scripts/install.sh"
install_for "$here" requirements-dev.txt "${RUN_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
cd "$here"
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen} PYTHONDONTWRITEBYTECODE=1
# A test that hangs says where it stands, long before whoever waits for the run gives up.
exec .venv/bin/python -m pytest -n "${ONSITE_JOBS:-2}" --dist loadfile \
  -o faulthandler_timeout=900 "$@"
