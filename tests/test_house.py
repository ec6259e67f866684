"""Rules of the house that no other tool keeps."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOSTS = ("py" + "pi.org", "python" + "hosted", "npm" + "js.", "debian" + ".org")
"""Written apart so that this file does not hold them itself."""

SOURCES = ("audit_app", "db", "ui")
LONGEST = 400
COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )\b(GPL|AGPL|GNU General|GNU Affero)", re.IGNORECASE)
NOT_SHIPPED = {"ruff", "mypy", "pytest", "uv", "pip", "setuptools"}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines()]


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked():
        try:
            found.append((path, path.read_text(encoding="utf-8")))
        except (UnicodeDecodeError, FileNotFoundError):
            continue
    return found


def test_no_tracked_file_names_a_package_index() -> None:
    named = [
        (path.name, host)
        for path, text in texts()
        if path.suffix != ".svg" and "licences" not in path.parts
        for host in HOSTS
        if host in text
    ]
    assert named == []


def test_every_pin_has_a_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
        pins = [line for line in text.splitlines() if re.match(r"^[a-z0-9]", line)]
        assert pins
        assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for wanted in project["dependencies"]:
        name = re.split(r"[<>=\[ ]", wanted)[0]
        assert re.search(rf"^{re.escape(name)}==", pins, re.MULTILINE), name


def test_no_source_file_grows_past_one_subject() -> None:
    long = [
        (path.name, lines)
        for path in tracked()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in SOURCES
        if "migrations" not in path.parts
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    ]
    assert long == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert [path.name for path in tracked() if path.stem in names] == []


def test_fonts_and_icons_ship_with_their_licences() -> None:
    licences = {path.name for path in (ROOT / "resources" / "licences").iterdir()}
    assert {"IBM-Plex-Sans-OFL-1.1.txt", "Lucide-ISC.txt"} <= licences


def test_fonts_are_the_ones_we_checked() -> None:
    import hashlib

    folder = ROOT / "resources" / "fonts"
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = dict(reversed(line.split(maxsplit=1)) for line in lines)
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.ttf")
    }
    assert found == sums


def test_no_dependency_is_copyleft() -> None:
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    shipped = {match.lower() for match in re.findall(r"^([a-z0-9._-]+)==", pins, re.MULTILINE)}
    bad = []
    for distribution in distributions():
        name = distribution.metadata["Name"].lower().replace("_", "-")
        if name not in shipped:
            continue
        words = [distribution.metadata.get("License-Expression") or ""]
        words += [
            line
            for line in distribution.metadata.get_all("Classifier") or []
            if line.startswith("License ::")
        ]
        joined = " ".join(words)
        # PySide6 offers LGPL among its choices; that is the one we take.
        if COPYLEFT.search(joined) and "LGPL" not in joined and "Lesser" not in joined:
            bad.append((name, joined))
    assert bad == []


def test_the_rooms_keep_their_doors() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:]
