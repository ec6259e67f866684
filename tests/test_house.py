"""Rules of the house that no other tool keeps."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
PINS = ("requirements.txt", "requirements-dev.txt", "scripts/verapdf-requirements.txt")
HOSTS = (
    "py" + "pi.org",
    "python" + "hosted",
    "npm" + "js.",
    "deb" + "ian.org",
    "ubuntu" + ".com",
    "--index" + "-url",
    "--extra-index" + "-url",
    "--find" + "-links",
)
"""Written apart so that this file does not hold them itself."""

SOURCES = ("audit_app", "db", "ui")
LONGEST = 350
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
BUILT = {"__pycache__", "build", "dist", "htmlcov"}

COPYLEFT = re.compile(r"\bA?GPL|(?<!Lesser )General Public|Affero", re.IGNORECASE)
OUR_CHOICE = {
    "pyside6-essentials": "offered under LGPL-3.0 too, which is the one we take",
    "pyside6-addons": "offered under LGPL-3.0 too, which is the one we take",
    "pyside6-pdf": "offered under LGPL-3.0 too, which is the one we take",
    "shiboken6": "offered under LGPL-3.0 too, which is the one we take",
}
READ_IN_PERSON = {
    "sqlcipher3": ("zlib", "This software is provided 'as-is'"),
    "pyxform": ("BSD-2-Clause", "Redistribution and use in source and binary forms"),
}
"""Those whose metadata name no licence, and the words of it that we read in their licence file."""


def tracked() -> list[Path]:
    """The files of the project: as git knows them, or all there are where a copy came without."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        names = [ROOT / name for name in listed.stdout.split("\0") if name]
        return [path for path in names if path.is_file()]
    return list(laid_out())


def laid_out() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name not in BUILT
            and not name.endswith(".egg-info")
            and (not name.startswith(".") or name == ".ci")
        ]
        yield from (Path(folder) / name for name in names if name != ".coverage")


def sources() -> list[Path]:
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in SOURCES
    ]


def pins(name: str) -> list[str]:
    """One string a pin, its hashes included."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def pinned(name: str) -> set[str]:
    return {plain(re.split(r"[=\[ ]", pin)[0]) for pin in pins(name)}


def plain(name: str) -> str:
    """A distribution's name, in the one spelling that compares."""
    return re.sub(r"[-_.]+", "-", name).lower()


def shipped() -> dict[str, Distribution]:
    """What is installed here of the packages that the program ships."""
    wanted = pinned("requirements.txt")
    found = {plain(each.metadata["Name"]): each for each in distributions()}
    return {name: found[name] for name in wanted if name in found}


def licence_words(distribution: Distribution) -> str:
    """What the metadata say; a licence's whole text is cut to its title."""
    metadata = distribution.metadata
    words = [*(metadata.get_all("License-Expression") or [])]
    words += [text.strip()[:100] for text in metadata.get_all("License") or []]
    words += [
        line for line in metadata.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    return "; ".join(words)


def licence_files(distribution: Distribution) -> str:
    names = [
        name for name in distribution.files or [] if re.match(r"(?i)licen[cs]e|copying", name.name)
    ]
    return "\n".join(name.read_text(encoding="utf-8") for name in names)


def test_no_tracked_file_names_a_package_index() -> None:
    named = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8").lower()
        except UnicodeDecodeError:
            continue
        # The flag that keeps the address out of a pin file may be named.
        text = text.replace("--no-emit" + "-index-url", "")
        named += [(str(path.relative_to(ROOT)), host) for host in HOSTS if host in text]
    assert named == []


def test_a_file_that_names_an_index_would_be_found() -> None:
    assert any(host in "https://" + "files.python" + "hosted.example/x.whl" for host in HOSTS)


def test_every_pin_has_a_version_and_hashes() -> None:
    for name in PINS:
        assert pins(name)
        loose = [
            pin
            for pin in pins(name)
            if not re.match(r"[a-zA-Z0-9._-]+(\[[^]]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", pin)
        ]
        assert loose == []


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def names(wanted: list[str]) -> set[str]:
        return {plain(re.split(r"[<>=!~;\[ ]", line)[0]) for line in wanted}

    run = names(project["dependencies"])
    assert run - pinned("requirements.txt") == set()
    develop = run | names(project["optional-dependencies"]["dev"])
    assert develop - pinned("requirements-dev.txt") == set()


def test_tests_run_on_what_is_shipped() -> None:
    assert set(pins("requirements.txt")) - set(pins("requirements-dev.txt")) == set()


def test_no_source_file_grows_past_one_subject() -> None:
    long = [
        (str(path.relative_to(ROOT)), lines)
        for path in sources()
        # A migration is written once, whole, and never changed again.
        if "migrations" not in path.parts
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    ]
    assert long == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    python = [path for path in tracked() if path.suffix == ".py"]
    names = [path.relative_to(ROOT).with_suffix("") for path in python]
    assert [str(name) for name in names if SAYS_NOTHING & set(name.parts)] == []


def test_the_program_is_free_of_unfinished_marks() -> None:
    mark = re.compile("TO" + "DO|FIX" + "ME|X" + "XX")
    marked = [
        str(path.relative_to(ROOT))
        for path in [*sources(), ROOT / "main.py"]
        if mark.search(path.read_text(encoding="utf-8"))
    ]
    assert marked == []


def test_fonts_and_icons_ship_with_their_licences() -> None:
    folder = ROOT / "resources" / "licences"
    fonts = (folder / "IBM-Plex-Sans-OFL-1.1.txt").read_text(encoding="utf-8")
    icons = (folder / "Lucide-ISC.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in fonts
    assert "ISC License" in icons
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_fonts_are_the_ones_we_checked() -> None:
    folder = ROOT / "resources" / "fonts"
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {line.split(maxsplit=1)[1]: line.split(maxsplit=1)[0] for line in lines}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.ttf")
    }
    assert found == sums


def test_nothing_we_ship_is_copyleft() -> None:
    bad = {
        name: words
        for name, distribution in shipped().items()
        if COPYLEFT.search(words := licence_words(distribution)) and name not in OUR_CHOICE
    }
    assert bad == {}


def test_an_excepted_licence_still_offers_our_choice() -> None:
    for name, distribution in shipped().items():
        if name in OUR_CHOICE:
            assert "LGPL-3.0-only OR" in licence_words(distribution), name


def test_everything_we_ship_states_its_licence() -> None:
    for name, distribution in shipped().items():
        if not licence_words(distribution):
            assert name in READ_IN_PERSON, f"{name} names no licence: read it, then list it"
            assert READ_IN_PERSON[name][1] in licence_files(distribution), name


def test_copyleft_is_told_from_lesser_copyleft() -> None:
    for words in ("GPL-3.0-or-later", "AGPL-3.0", "GNU General Public License v2", "GNU Affero"):
        assert COPYLEFT.search(words), words
    for words in ("LGPL-3.0-only", "GNU Lesser General Public License v3 (LGPLv3)", "MPL-2.0"):
        assert not COPYLEFT.search(words), words


def test_the_rooms_keep_their_doors() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
