"""A workspace for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import World, a_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = a_world(tmp_path / "workspace")
    yield made
    made.close()
