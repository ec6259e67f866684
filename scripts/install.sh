# Shared by run.sh and test.sh: system packages, virtual environment, pinned Python packages.
# shellcheck shell=bash

RUN_PACKAGES=(
  ca-certificates python3 python3-venv
  libgl1 libegl1 libglib2.0-0 libxkbcommon0 libxkbcommon-x11-0 libfontconfig1 libdbus-1-3
  libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libwayland-cursor0
  libpulse0 libxrandr2
)
TEST_PACKAGES=(poppler-utils qpdf gcc libc6-dev unicode-data)

say() { printf 'onsite: %s\n' "$*" >&2; }

install_system() { # PACKAGE...
  command -v apt-get >/dev/null && command -v dpkg-query >/dev/null || return 0
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
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
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

install_python() { # ROOT REQUIREMENTS
  local root=$1 pins=$1/$2 stamp=$1/.venv/.pins-${2%.txt} sum
  sum=$(sha256sum "$pins" | cut -d' ' -f1)
  if [[ -f $stamp && $(<"$stamp") == "$sum" && -x $root/.venv/bin/python ]]; then
    return 0
  fi
  [[ -x $root/.venv/bin/python ]] || python3 -m venv "$root/.venv"
  # uv lives inside the environment: the system's own Python takes no packages (PEP 668).
  "$root/.venv/bin/python" -m uv --version >/dev/null 2>&1 ||
    "$root/.venv/bin/python" -m pip install -q --disable-pip-version-check uv
  say "installing the pinned Python packages"
  "$root/.venv/bin/python" -m uv pip install -q --python "$root/.venv/bin/python" \
    --require-hashes -r "$pins"
  printf '%s\n' "$sum" >"$stamp"
}

install_for() { # ROOT REQUIREMENTS PACKAGE...
  local root=$1 pins=$2
  shift 2
  install_system "$@"
  install_python "$root" "$pins"
}
