"""Where the packaged program starts.

A report is drawn in a process of its own; in a package that process is this same executable
started again, and ``freeze_support`` is what lets it do that work instead of opening a window.
"""

import multiprocessing
import sys

from main import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
