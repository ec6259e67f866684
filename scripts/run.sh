#!/usr/bin/env bash
# Install what is missing, then open Onsite (or run one of its commands). Safe to run again.
#   bash scripts/run.sh                 opens the window
#   bash scripts/run.sh demo --json     runs a command
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/install.sh
source "$here/scripts/install.sh"
install_for "$here" requirements.txt "${RUN_PACKAGES[@]}"
exec "$here/.venv/bin/python" "$here/main.py" "$@"
