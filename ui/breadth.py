"""How wide the window is, in the four steps the layouts know (UI 2)."""

from enum import IntEnum


class Breadth(IntEnum):
    """Each step holds all that the narrower ones hold."""

    PORTRAIT = 0
    NARROW = 1
    MIDDLE = 2
    WIDE = 3


def breadth(width: int) -> Breadth:
    """The step of a window ``width`` logical pixels wide."""
    if width >= 1280:
        return Breadth.WIDE
    if width >= 1024:
        return Breadth.MIDDLE
    if width >= 760:
        return Breadth.NARROW
    return Breadth.PORTRAIT
