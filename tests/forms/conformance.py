"""Where other people's test data lies; tests skip loudly without it."""

from pathlib import Path

import pytest

HOME = Path(__file__).parents[3] / "shared" / "conformance" / "forms"


def path_of(name: str) -> Path:
    """A file of the conformance data, or a skip that says what is missing."""
    path = HOME / name
    if not path.exists():
        pytest.skip(f"conformance data not found: {path}")
    return path
