#!/usr/bin/env bash
# Measure, and write docs/BENCHMARKS.md. Takes some minutes; run it on a quiet machine.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/install.sh
source "$here/scripts/install.sh"
install_for "$here" requirements-dev.txt "${RUN_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
cd "$here"
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen} PYTHONPATH=$here
exec .venv/bin/python scripts/write_benchmarks.py "$@"
