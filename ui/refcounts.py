"""Keeps None, True and False alive under PySide6 6.12.0 on Python 3.11.

That build assumes Python 3.12's immortal constants: each Qt call that returns nothing gives back
one reference to None that it never took (measured: 1,000 calls of ``setText`` cost 1,000), and
after some thousand calls Python ends with "none_dealloc: deallocating None". 6.11.3 does not do
it, Python 3.12 does not mind. A very large count to begin with makes them immortal here too.
"""

import ctypes
import platform
import sys

_MANY = 1 << (sys.maxsize.bit_length() - 3)


def keep_constants_alive() -> None:
    """Give the constants so many references that they cannot be used up; once is enough."""
    if sys.version_info >= (3, 12) or platform.python_implementation() != "CPython":
        return
    for constant in (None, True, False, Ellipsis, NotImplemented):
        if sys.getrefcount(constant) < _MANY // 2:
            # ob_refcnt is the first field of every object in a release build of CPython 3.11.
            ctypes.c_ssize_t.from_address(id(constant)).value += _MANY
