"""Builds many objects that all live on, without looking for garbage among them meanwhile."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Within, the garbage collector waits.

    Opening a checklist makes a hundred thousand objects and drops none; walking them again and
    again took a third of the time.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
