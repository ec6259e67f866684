"""Reports of our own mistakes: written to a folder, never sent, never swallowed."""

import platform
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QtMsgType, Signal, qInstallMessageHandler, qVersion

from audit_app.clock import Clock

KEPT = 20


class CrashReports(QObject):
    """Catches what nobody caught, in any thread, and keeps it as a text file.

    Signals:
        kept: the file an error was written to.
    """

    kept = Signal(str)

    def __init__(self, folder: Path, clock: Clock) -> None:
        super().__init__()
        self._folder = folder
        self._clock = clock

    def install(self) -> None:
        """Catch errors of Python, of its threads, and Qt's own messages from now on."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(self._on_qt_message)

    def keep(self, error: BaseException) -> Path:
        """Write this error down; gives the file."""
        lines = traceback.format_exception(error)
        return self._write("".join(lines))

    def _write(self, text: str) -> Path:
        now = self._clock.now()
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / f"error-{now:%Y%m%d-%H%M%S-%f}.txt"
        head = f"{now.isoformat()}\nPython {platform.python_version()}, Qt {qVersion()}, "
        file.write_text(f"{head}{platform.platform()}\n\n{text}", encoding="utf-8")
        for old in sorted(self._folder.glob("error-*.txt"))[:-KEPT]:
            old.unlink(missing_ok=True)
        self.kept.emit(str(file))
        return file

    def _on_exception(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        sys.__excepthook__(kind, error, trace)
        self.keep(error.with_traceback(trace))

    def _on_thread_exception(self, failure: threading.ExceptHookArgs) -> None:
        if failure.exc_value is not None:
            self._on_exception(failure.exc_type, failure.exc_value, failure.exc_traceback)

    def _on_qt_message(self, kind: QtMsgType, _context: object, text: str) -> None:
        if kind in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg}:
            return
        sys.stderr.write(f"Qt: {text}\n")
        if kind in {QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg}:
            self._write(f"Qt {kind.name}: {text}\n")
