"""Answers, notes and photos through the real services, each acknowledged after it is saved.

Run as a process: ``python -m tests.faults.workload FOLDER STEPS [WEAKNESS]``. The weakness is for
the controls, which must break: ``normal`` opens the database with synchronous=NORMAL, ``nosync``
leaves photos unsynced.
"""

import json
import os
import sys
from pathlib import Path
from uuid import UUID

from tests.builders import World, a_photo, a_small_template, a_world, an_audit, question

ACK = "steps.ack"
NAMES = ("C", "MIN", "MAJ")


def steps(count: int) -> list[tuple[str, str, str]]:
    """What is done, in order: kind, question code, value."""
    made = []
    for n in range(count):
        if n % 7 == 6:
            made.append(("photo", "A1", str(n)))
        elif n % 3 == 2:
            made.append(("note", "A2", f"note {n} " + "x" * (n * 37 % 400)))
        else:
            made.append(("answer", f"A{n % 3 + 1}", NAMES[n % len(NAMES)]))
    return made


def do(world: World, audit_id: UUID, refs: dict[str, str], step: tuple[str, str, str]) -> None:
    """One step of the auditor."""
    kind, code, value = step
    services = world.services
    if kind == "answer":
        services.checklist.answer(audit_id, ref=refs[code], selected=(value,))
    elif kind == "note":
        services.checklist.note(audit_id, ref=refs[code], text=value)
    else:
        photo = a_photo(160, 120, seed=int(value) + 1)
        services.evidence.add_photo(audit_id, data=photo, name=f"{value}.jpg", ref=refs[code])


def refs_of(world: World, audit_id: UUID) -> dict[str, str]:
    """The questions of the small checklist by code."""
    view = world.services.checklist.open(audit_id)
    return {code: question(view, code).ref for code in ("A1", "A2", "A3")}


def weaken(weakness: str) -> None:
    """Take one guard out, for the control of the test."""
    if weakness == "normal":
        import db.connect

        weaker = [p.replace("=FULL", "=NORMAL") for p in db.connect._PRAGMAS]
        setattr(db.connect, "_PRAGMAS", tuple(weaker))  # noqa: B010 (a constant)
    elif weakness == "nosync":
        import db.files
        import db.photos

        for guard in ("sync_file", "sync_folder"):
            setattr(db.files, guard, lambda _what: None)
        setattr(db.photos, "sync_folder", lambda _what: None)  # noqa: B010 (not one of its own)


def main() -> int:
    """Do the steps; write what was acknowledged to FOLDER/steps.ack."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    if len(sys.argv) > 3:
        weaken(sys.argv[3])
    world = a_world(folder)
    audit_id = an_audit(world, a_small_template(world))
    refs = refs_of(world, audit_id)
    ack = os.open(folder / ACK, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    os.write(ack, (json.dumps({"audit": str(audit_id), "refs": refs}) + "\n").encode())
    for number, step in enumerate(steps(count), 1):
        do(world, audit_id, refs, step)
        os.write(ack, f"{number}\n".encode())
        if number == count // 2:
            world.services.workspace.back_up()
    world.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
