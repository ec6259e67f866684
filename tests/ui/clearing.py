"""Tests of screens clear unreachable objects on the GUI thread, as the program does."""

import gc
from collections.abc import Iterator

import pytest

OFTEN = 10
"""Tests between two clearings: each takes as long as a small test."""

_since = 0


@pytest.fixture(autouse=True)
def no_other_thread_clears_widgets() -> Iterator[None]:
    """A widget that another thread's garbage collection takes away ends the whole run."""
    global _since  # noqa: PLW0603 (counts over all tests of the process)
    gc.disable()
    yield
    _since += 1
    if _since >= OFTEN:
        _since = 0
        gc.collect()


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left_for_tests_without_screens() -> Iterator[None]:
    """What a module leaves is gone before threads of other tests run."""
    yield
    gc.collect()
    gc.enable()
