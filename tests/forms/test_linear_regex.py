"""Regular expressions from strangers: the same answers as Python's matcher, never its waiting."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.functions_strings import pattern
from audit_app.forms.xpath.linear_regex import LinearRegex, Unreadable
from tests.forms.small_forms import imported
from tests.forms.test_engine_properties import held

atoms = st.sampled_from(
    [
        "a",
        "b",
        "1",
        ".",
        r"\d",
        r"\w",
        r"\s",
        r"\b",
        "[ab]",
        "[^a]",
        "[a-c1]",
        "[]a]",
        r"[\]b]",
        "^",
        "$",
        " ",
    ]
)


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map("|".join).map("({})".format),
        inner.map("(?:{})".format),
        inner.map("(?={})".format),
        inner.map("(?!{})".format),
        st.tuples(
            inner.map("({})".format),
            st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{,2}", "{1,2}", "*?", "+?"]),
        ).map("".join),
    )


patterns = st.recursive(atoms, _joined, max_leaves=6)


@held
@given(patterns, st.lists(st.text("ab1 c\n", max_size=8), min_size=5, max_size=15))
def test_it_agrees_with_pythons_own_matcher(source: str, texts: list[str]) -> None:
    ours, theirs = LinearRegex(source), re.compile(source)
    for text in texts:
        assert ours.search(text) == (theirs.search(text) is not None), (source, text)


@pytest.mark.parametrize(
    "source",
    [
        r"(a+)+$",
        r"^(a|a)*$",
        r"^(a|aa)+$",
        r"(.*a){25}$",
        r"^(\w+\s?)*$",
        r"a*a*a*a*a*a*a*a*a*a*b$",
        r"(a?a?){25}b$",
        r"((a{1,10}){1,10}){1,10}$",
        r"(?=(a+)+b)a",
    ],
)
def test_a_pattern_made_to_hang_ends_at_once(source: str) -> None:
    """Python's matcher would still be at it tomorrow."""
    assert not pattern(source)("a" * 30 + "!" + "a" * 30 + "!")


@pytest.mark.parametrize(
    ("source", "right", "wrong"),
    [
        (r"^[A-Z]{2}\d{6}$", "AB123456", "AB12345"),
        (r"^\+?[0-9 ]{6,}$", "+49 30 1234", "abc"),
        (r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", "lena@example.org", "lena@example"),
        (r"^(?=.*\d)(?=.*[a-z]).{4,}$", "ab1c", "abcd"),
        (r"^\d{1,3}(,\d{3})*(\.\d+)?$", "1,234.5", "1,23"),
        (r"^[a-z]+-{1}[a-z]+$", "ab-cd", "ab--cd"),
        (r"^a{,}b{2}$", "aabb", "aab"),
        (r"^x{}y+z*$", "x{}yz", "xy"),
    ],
)
def test_patterns_of_everyday_forms_are_read(source: str, right: str, wrong: str) -> None:
    assert pattern(source)(right)
    assert not pattern(source)(wrong)


@pytest.mark.parametrize("source", [r"(a+)+\1", r"(?<=a+b)c*", r"(?i)a+b+", "a{9999}b{9999}"])
def test_a_pattern_that_cannot_be_walked_is_refused_in_words(source: str) -> None:
    with pytest.raises(XPathError, match="could take for ever|is not a regular expression"):
        pattern(source)


def test_looking_back_in_a_simple_pattern_is_left_to_python() -> None:
    with pytest.raises(Unreadable):
        LinearRegex(r"(?<=a)b+")
    assert pattern(r"(?<=a)b+")("ab")


@pytest.mark.parametrize(
    ("source", "words"),
    [("[0-9", "is not a regular expression"), (r"(a+)+\1", "could take for ever")],
)
def test_a_pattern_that_cannot_be_kept_is_told_at_import(source: str, words: str) -> None:
    tables = f"""
| survey |      |      |       |                      |
|        | type | name | label | constraint           |
|        | text | a    | A     | regex(., '{source}') |
"""
    (problem,) = imported(tables).problems
    assert words in problem.message
    assert (problem.severity, problem.row, problem.column) == ("error", 2, "constraint")
