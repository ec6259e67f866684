"""What every test gets: a screen that needs no display, and no warning that goes unseen."""

import logging
import os
from collections.abc import Iterator

# Set before anything imports Qt; a real platform can be chosen from outside.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.*=false")

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "logs_warnings: the test expects warnings in the log and checks them itself"
    )


@pytest.fixture(autouse=True)
def no_warning_goes_unseen(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """A warning in the log fails the test, unless it is marked ``logs_warnings``."""
    yield
    if request.node.get_closest_marker("logs_warnings") is not None:
        return
    seen = [
        record
        for when in ("setup", "call")
        for record in caplog.get_records(when)
        if record.levelno >= logging.WARNING
    ]
    assert not seen, [record.getMessage() for record in seen]
