"""What a durable answer costs: answer, trail entry and outbox op in one commit, against bare fsync.

Prints rows for scripts/write_benchmarks.py.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from audit_app.clock import SystemClock
from audit_app.services import build_services
from audit_app.services.checklist_rows import AuditView, QuestionRow
from db.store import Store
from db.tables import Vendor
from resources import path

ANSWERS = 300
WARM = 30
CHECKLIST = "general-vendor-site"
ROW = 600
"""Bytes that one answer adds to the log at the least; the bare write is given as many."""


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def percentile(values: Sequence[float], part: int) -> float:
    """The value that this part of a hundred does not exceed."""
    return statistics.quantiles(values, n=100)[part - 1]


def an_audit(store: Store) -> tuple[Callable[[QuestionRow, str], object], AuditView]:
    """An audit of a shipped checklist, under way; how to answer it, and its questions.

    Raises:
        RuntimeError: the shipped checklist was not taken in.
    """
    clock = SystemClock()
    services = build_services(store, clock)
    file = path("checklists", f"{CHECKLIST}.xlsx")
    version = services.templates.import_file(file.read_bytes(), file.name).version_id
    vendor = services.vendors.save_vendor(name="Northfield").id
    site = services.vendors.save_site(
        vendor_id=vendor,
        name="Warsaw",
        country="PL",
        time_zone="Europe/Warsaw",
        streams=("merchant",),
        markets=("DE",),
        shared_markets=False,
        ai_assist=False,
    ).id
    today = clock.now().date()
    if version is None:
        raise RuntimeError(f"{file.name} was not taken in")
    visit = services.visits.plan(
        site_id=site, starts=today, ends=today, template_version_ids=[version]
    ).id
    services.visits.start(visit)
    audit = services.visits.view(visit).audits[0].id

    def answer(row: QuestionRow, name: str) -> object:
        return services.checklist.answer(audit, ref=row.ref, selected=(name,))

    return answer, services.checklist.open(audit)


def a_bare_step(store: Store) -> Callable[[int], None]:
    """One row changed with its trail entry and op, and nothing else: the store's own part."""
    with store.write(actor="bench", action="save") as session:
        row = Vendor(id=store.clock.new_id(), scope="vendor:bench", code="B", name="")
        session.add(row)

    def step(number: int) -> None:
        with store.write(actor="bench", action="save") as session:
            session.get_one(Vendor, row.id).name = f"Vendor {number}"

    return step


def main() -> int:
    """Measure both in turn, so that whatever else the disk does falls on both."""
    with tempfile.TemporaryDirectory() as place:
        store = Store.create(Path(place) / "workspace", SystemClock())
        answer, view = an_audit(store)
        rows = [row for row in view.questions if len(row.choices) > 1]
        handle = os.open(Path(place) / "bare", os.O_CREAT | os.O_WRONLY, 0o600)

        def bare() -> None:
            os.write(handle, b"\0" * ROW)
            os.fsync(handle)

        step = a_bare_step(store)
        answers, steps, syncs = [], [], []
        for number in range(WARM + ANSWERS):
            row = rows[number % len(rows)]
            # Conforming answers, then others: every one is a change, and none opens a finding.
            name = row.choices[0 if number // len(rows) % 2 == 0 else -1].name
            took = milliseconds(partial(answer, row, name))
            alone = milliseconds(partial(step, number))
            fsync = milliseconds(bare)
            if number >= WARM:
                answers.append(took)
                steps.append(alone)
                syncs.append(fsync)
        os.close(handle)
        store.close()
    floor = statistics.median(syncs)
    how = (
        f"{ANSWERS} answers through the service, {len(view.questions)} questions; budget 3 × the "
        f"median fsync of the same disk in the same run ({floor:.2f} ms) + 2 ms"
    )
    printed = [
        {
            "what": "durable answer, p50",
            "unit": "ms",
            "measured": statistics.median(answers),
            "budget": 3 * floor + 2,
            "note": how,
        },
        {
            "what": "durable answer, p95",
            "unit": "ms",
            "measured": percentile(answers, 95),
            "budget": 50,
            "note": "the same answers",
        },
        {
            "what": "the store's own part of it, p50",
            "unit": "ms",
            "measured": statistics.median(steps),
            "note": "one row with its trail entry and op, one commit; the rest of an answer is "
            "scoring, its finding, undo and the rows for the screen",
        },
        {
            "what": "bare fsync, p50",
            "unit": "ms",
            "measured": floor,
            "note": f"{ROW} bytes appended and synced, between the answers",
        },
        {
            "what": "bare fsync, p95",
            "unit": "ms",
            "measured": percentile(syncs, 95),
            "note": "the same writes",
        },
    ]
    json.dump(printed, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
