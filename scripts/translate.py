"""Collect the words of the screens and compile them: English plurals, and other languages.

Run it after changing words: ``python scripts/translate.py``. English needs a file of its own
because Qt takes plural forms ("%n day(s)") from translations only.
"""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET  # our own file, written by lupdate just before
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "resources" / "i18n"


def singular(text: str) -> str:
    """ "%n day(s)" for one."""
    return re.sub(r"\((?:s|es)\)", "", text)


def plural(text: str) -> str:
    """ "%n day(s)" for any other number."""
    return re.sub(r"\((s|es)\)", r"\1", text)


def main() -> int:
    """Update ``onsite_en.ts``, fill its plural forms, and compile every ``.ts``."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    tools = Path(sys.executable).parent
    english = FOLDER / "onsite_en.ts"
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "ui").rglob("*.py"))
    command = [str(tools / "pyside6-lupdate"), *sources, "-ts", str(english)]
    subprocess.run(
        [*command, "-pluralonly", "-no-obsolete", "-locations", "none", "-source-language", "en"],
        check=True,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    tree = ET.parse(english)  # noqa: S314
    for message in tree.getroot().iter("message"):
        source, translation = message.find("source"), message.find("translation")
        if source is None or translation is None or source.text is None:
            continue
        forms = translation.findall("numerusform")
        for form, text in zip(forms, (singular(source.text), plural(source.text)), strict=False):
            form.text = text
        translation.attrib.pop("type", None)
    tree.write(english, encoding="utf-8", xml_declaration=True)
    for file in sorted(FOLDER.glob("*.ts")):
        subprocess.run(
            [
                str(tools / "pyside6-lrelease"),
                "-silent",
                str(file),
                "-qm",
                str(file.with_suffix(".qm")),
            ],
            check=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
