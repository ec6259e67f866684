# Shared by the other scripts: system packages, virtual environment, pinned Python packages.
# shellcheck shell=bash

# shellcheck disable=SC2034  # read by the scripts that source this file
RUN_PACKAGES=(
  ca-certificates python3 python3-venv
  libgl1 libegl1 libglib2.0-0 libxkbcommon0 libxkbcommon-x11-0 libfontconfig1 libdbus-1-3
  libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libwayland-cursor0
  libpulse0 libxrandr2
)
# shellcheck disable=SC2034
TEST_PACKAGES=(poppler-utils qpdf gcc libc6-dev unicode-data)
OLDEST_PYTHON="3, 11"

say() { printf 'onsite: %s\n' "$*" >&2; }

is_installed() { # PACKAGE
  local name
  # Newer releases carry some libraries under a name with this ending (64-bit time).
  for name in "$1" "$1t64"; do
    dpkg-query -W -f='${Status}\n' "$name" 2>/dev/null | grep -q 'ok installed' && return 0
  done
  return 1
}

install_system() { # PACKAGE...
  command -v apt-get >/dev/null && command -v dpkg-query >/dev/null || return 0
  local missing=() package
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  local as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      say "these system packages are missing; ask an administrator to install them: ${missing[*]}"
      return 1
    fi
    as_root=(sudo)
  fi
  say "installing ${#missing[@]} system packages"
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    say "these system packages could not be installed (see above): ${missing[*]}"
    return 1
  fi
  rm -f "$log"
}

python_new_enough() { # PYTHON
  "$1" -c "import sys; sys.exit(sys.version_info < ($OLDEST_PYTHON))" 2>/dev/null
}

find_python() { # prints the first Python that is new enough
  local name
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null && python_new_enough "$name"; then
      printf '%s\n' "$name"
      return 0
    fi
  done
  return 1
}

make_environment() { # VENV
  local venv=$1 python
  if ! python=$(find_python); then
    # Where the release's own Python is older, a newer one stands beside it.
    install_system python3.11 python3.11-venv || true
    if ! python=$(find_python); then
      say "Python 3.11 or newer is needed; this machine has $(python3 --version 2>&1 || echo none)"
      return 1
    fi
  fi
  "$python" -m venv --clear "$venv"
}

install_python() { # ROOT REQUIREMENTS
  local root=$1 pins=$1/$2 venv=$1/.venv
  local python=$venv/bin/python stamp=$venv/.pins-${2%.txt} sum
  sum=$(sha256sum <"$pins")
  sum=${sum%% *}
  if [[ -x $python && -f $stamp && $(<"$stamp") == "$sum" ]]; then
    return 0
  fi
  # An environment that a broken-off first run left half made has no pip, and is made anew.
  { python_new_enough "$python" && "$python" -m pip --version >/dev/null 2>&1; } ||
    make_environment "$venv"
  # uv lives inside the environment: the system's own Python takes no packages (PEP 668).
  "$python" -m uv --version >/dev/null 2>&1 ||
    "$python" -m pip install -q --disable-pip-version-check uv
  say "installing the pinned Python packages"
  "$python" -m uv pip install -q --python "$python" --require-hashes -r "$pins"
  printf '%s\n' "$sum" >"$stamp"
}

install_for() { # ROOT REQUIREMENTS PACKAGE...
  local root=$1 pins=$2
  shift 2
  install_system "$@"
  install_python "$root" "$pins"
}
