"""The window: PySide6 only, no SQL, no rules."""

from ui.refcounts import keep_constants_alive

# Here, because every way into the screens passes this line, tests and scripts included.
keep_constants_alive()
