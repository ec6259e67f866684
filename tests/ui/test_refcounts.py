"""The window lives longer than PySide6's references to None."""

import os
import subprocess
import sys

import pytest

ROWS_OF_WORK = 30_000
PROGRAM = f"""
{{first}}
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel()
for _ in range({ROWS_OF_WORK}):
    label.setText("a")
print("alive")
"""


def run(first: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(first=first)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_thousands_of_qt_calls_do_not_end_the_program() -> None:
    done = run("import ui")
    assert done.stdout.strip() == "alive"
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="constants are immortal from 3.12 on")
def test_without_the_remedy_this_pyside_ends_the_program() -> None:
    done = run("")
    if done.returncode == 0:
        pytest.skip("this PySide6 keeps its references; ui/refcounts.py can go")
    assert "deallocating None" in done.stderr
