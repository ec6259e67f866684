"""Files that ship with the program."""

from pathlib import Path

ROOT = Path(__file__).parent


def path(*parts: str) -> Path:
    """The path of a shipped file, such as ``path("fonts", "IBMPlexSans_400Regular.ttf")``."""
    return ROOT.joinpath(*parts)
