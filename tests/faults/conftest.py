"""The shim below the file calls, compiled once."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

needs_shim = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("cc") is None,
    reason="the shim below the file calls needs Linux and a C compiler",
)


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorder and fault maker, compiled."""
    out = tmp_path_factory.mktemp("shim") / "ioshim.so"
    source = Path(__file__).with_name("ioshim.c")
    subprocess.run(
        ["cc", "-O2", "-shared", "-fPIC", "-o", out, source, "-ldl", "-lpthread"], check=True
    )
    return out
