#!/usr/bin/env bash
# Install everything, run all tests (extra arguments go to pytest). Safe to run again.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/install.sh
source "$here/scripts/install.sh"
install_for "$here" requirements-dev.txt "${RUN_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
cd "$here"
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen} PYTHONDONTWRITEBYTECODE=1
exec .venv/bin/python -m pytest -n "${ONSITE_JOBS:-2}" --dist loadfile -q "$@"
