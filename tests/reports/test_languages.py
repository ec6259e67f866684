"""The report in each of its languages."""

import re
import string
import subprocess
import unicodedata
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from babel import Locale

from audit_app.reports.export import export_pdf
from audit_app.reports.words import ENGLISH, Entry, Words, read_catalogue
from resources import path
from tests.reports.builders import a_report

FOLDER = path("i18n")
LANGUAGES = Words.languages(FOLDER)
OTHERS = [language for language in LANGUAGES if language != ENGLISH]
ROOMS = ("audit_app/reports", "audit_app/services")
ROOT = Path(__file__).parents[2]


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def forms(entry: Entry) -> dict[str, str]:
    return {"": entry} if isinstance(entry, str) else entry


def plain(text: str) -> str:
    """Letters and digits alone, without direction signs, so that lines may break anywhere."""
    shown = unicodedata.normalize("NFKC", text)
    return "".join(char for char in shown if unicodedata.category(char)[0] in "LN")


def words_on(file: Path) -> set[str]:
    done = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", str(file), "-"], capture_output=True, text=True, check=True
    )
    return words_of(done.stdout)


def words_of(text: str) -> set[str]:
    shown = unicodedata.normalize("NFKC", text)
    # Vowel signs are drawn beside their letters and may be read before or after them.
    bare = "".join(char for char in shown if unicodedata.category(char) != "Mn")
    clean = "".join(" " if unicodedata.category(char) == "Cf" else char for char in bare)
    return set(re.findall(r"\w+", clean))


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_exactly_the_english_keys_and_blanks(language: str) -> None:
    english, own = read_catalogue(FOLDER, ENGLISH), read_catalogue(FOLDER, language)
    assert set(own) == set(english)
    for key, entry in own.items():
        assert isinstance(entry, str) == isinstance(english[key], str), key
        wanted = set().union(*(blanks(text) for text in forms(english[key]).values()))
        for text in forms(entry).values():
            assert text.strip() or key == "comma", key
            assert blanks(text) <= wanted, key
            if isinstance(entry, str):
                assert blanks(text) == wanted, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_plural_form_of_its_language(language: str) -> None:
    tags = set(Locale(language).plural_form.tags) | {"other"}
    for key, entry in read_catalogue(FOLDER, language).items():
        if not isinstance(entry, str):
            assert set(entry) == tags, key


@pytest.mark.parametrize("language", OTHERS)
def test_hardly_a_sentence_was_left_in_english(language: str) -> None:
    english, own = read_catalogue(FOLDER, ENGLISH), read_catalogue(FOLDER, language)
    same = [key for key, text in own.items() if text == english[key] and " " in str(text).strip()]
    worded = [key for key in same if re.search("[A-Za-z]{3}", re.sub(r"{\w+}", "", str(own[key])))]
    assert [key for key in worded if not key.endswith("_pattern") and key != "audit_number"] == []


def test_every_word_that_is_asked_for_is_in_the_catalogue() -> None:
    known = read_catalogue(FOLDER, ENGLISH)
    asked = set()
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            asked |= set(re.findall(r"words(?:\.some)?\(\s*\"(\w+)\"", file.read_text("utf-8")))
    assert len(asked) > 60
    assert asked - set(known) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fixed_words_can_be_copied_from_the_report(tmp_path: Path, language: str) -> None:
    out = tmp_path / "report.pdf"
    export_pdf(replace(a_report(), language=language), out)
    words = Words(FOLDER, language)
    found = words_on(out)
    for key in (
        "summary",
        "findings",
        "checklist",
        "declaration",
        "scoring_critical",
        "seal_words",
    ):
        wanted = words_of(re.sub(r"{\w+}", " ", str(words._own.get(key) or words(key))))
        assert wanted - found == set(), key
    with pikepdf.open(out) as pdf:
        assert str(pdf.Root.Lang) == language


@pytest.mark.parametrize(("count", "form"), [(0, "zero"), (1, "one"), (2, "two"), (5, "few")])
def test_arabic_counts_in_its_own_forms(count: int, form: str) -> None:
    entry = read_catalogue(FOLDER, "ar")["method_photos"]
    assert isinstance(entry, dict)
    assert Words(FOLDER, "ar").some("method_photos", count) == entry[form].format(count=count)


def test_a_mirrored_report_begins_at_the_right(tmp_path: Path) -> None:
    def edges(language: str) -> tuple[float, float]:
        out = tmp_path / f"{language}.pdf"
        export_pdf(replace(a_report(), language=language), out)
        heading = Words(FOLDER, language)("summary").split()[0]
        done = subprocess.run(
            ["pdftotext", "-bbox", str(out), "-"], capture_output=True, text=True, check=True
        )
        box = re.compile(r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">([^<]*)<')
        for left, right, word in box.findall(done.stdout):
            # Poppler gives the letters of a boxed word as they stand on the page.
            if sorted(plain(word)) == sorted(plain(heading)):
                return float(left), float(right)
        raise AssertionError(f"{heading} is nowhere")

    assert edges("en")[0] < 60
    assert edges("ar")[1] > 535


def test_latin_words_keep_their_stops_inside_a_right_to_left_sentence() -> None:
    arabic, english = Words(FOLDER, "ar"), Words(FOLDER, "en")
    text = arabic("weak_finding", title="Phones on desks (floor 2)")
    assert "\u2068Phones on desks (floor 2)\u2069" in text
    assert "\u2068" not in english("weak_finding", title="Phones on desks")
    assert "\u2068" not in arabic("percent", number="86.5")


def test_the_window_offers_the_languages_that_have_a_catalogue() -> None:
    source = (ROOT / "ui" / "pages" / "report_job.py").read_text("utf-8")
    offered = re.findall(r"\(\"(\w\w)\", \"", source)
    assert sorted(offered) == sorted(LANGUAGES)
