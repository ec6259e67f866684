"""A report as a file: whole or not at all, away from the window, with progress."""

import hashlib
import multiprocessing
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from audit_app.errors import AuditError
from audit_app.reports.content import ReportContent

Progress = Callable[[int, int, str], None]
"""Parts done, parts in all, and which part comes."""

_POLL = 0.1
"""Seconds between two looks at the worker."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The finished file: pages, bytes, and SHA-256 in hex."""

    pages: int
    size: int
    sha256: str


def export_pdf(
    content: ReportContent,
    out: Path,
    progress: Progress = lambda _done, _all, _part: None,
) -> ExportResult:
    """Write the report of one audit.

    It is drawn into a temporary folder beside the target and put in place at the end; what was
    there before stays until then.

    Raises:
        AuditError: the folder cannot be written, or the disk is full.
    """
    from audit_app.reports.pdf.compose import write_pdf

    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".report-", dir=out.parent) as folder:
            drawn, done = Path(folder) / "drawn.pdf", Path(folder) / "done.pdf"
            pages = write_pdf(content, drawn, done, progress)
            data = done.read_bytes()
            with done.open("r+b") as file:
                os.fsync(file.fileno())
            done.replace(out)
    except OSError as error:
        raise AuditError(
            f"The report {out.name} was not written: {error.strerror or error}.",
            "Free some space or choose another folder, then try again.",
        ) from error
    return ExportResult(pages, len(data), hashlib.sha256(data).hexdigest())


def export_pdf_in_process(
    content: ReportContent,
    out: Path,
    progress: Progress = lambda _done, _all, _part: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ExportResult | None:
    """Like ``export_pdf``, in a process of its own; None if it was cancelled.

    Raises:
        AuditError: it could not be written, or the worker stopped.
    """
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    worker = context.Process(target=_work, args=(content, out, theirs), daemon=True)
    worker.start()
    theirs.close()
    try:
        while True:
            if cancelled():
                return None
            if mine.poll(_POLL):
                kind, value = mine.recv()
                if kind == "progress":
                    progress(*value)
                elif kind == "done":
                    return ExportResult(*value)
                else:
                    raise AuditError(*value)
            elif not worker.is_alive():
                raise EOFError
    except EOFError as error:
        raise AuditError("The report was not written: its worker stopped.", "Try again.") from error
    finally:
        worker.terminate()
        worker.join()
        mine.close()
        _sweep(out.parent)


def _work(content: ReportContent, out: Path, pipe: "Connection[Any, Any]") -> None:
    try:
        result = export_pdf(
            content, out, lambda done, total, part: pipe.send(("progress", (done, total, part)))
        )
    except AuditError as error:
        pipe.send(("failed", (error.message, error.hint)))
    else:
        pipe.send(("done", (result.pages, result.size, result.sha256)))


def _sweep(folder: Path) -> None:
    """A worker that was stopped leaves its temporary folder behind."""
    import shutil

    for left in folder.glob(".report-*"):
        shutil.rmtree(left, ignore_errors=True)
