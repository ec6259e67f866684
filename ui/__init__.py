"""The window: PySide6 only, no SQL, no rules."""

import PySide6.QtCore  # noqa: F401 (what the next lines mend comes with it)

from ui.name_spellings import read_no_sources
from ui.refcounts import keep_constants_alive

# Here, because every way into the screens passes these lines, tests and scripts included.
keep_constants_alive()
read_no_sources()
