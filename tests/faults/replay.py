"""From one recorded run to the disk as a power cut at any moment could leave it.

What was synced stays. Of what was not, nothing, all, a beginning, or any 512-byte sectors stay.
A name in a folder is durable once the file or its folder was synced; names become durable in order
(as ext4 does it).
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
MODES = ("drop", "keep", "prefix", "tear", "tear")


@dataclass(frozen=True, slots=True)
class Op:
    """One recorded change."""

    kind: str
    name: str
    at: int
    data: bytes


@dataclass(eq=False)
class _File:
    durable: bytearray = field(default_factory=bytearray)
    present: bytearray = field(default_factory=bytearray)
    pending: list[tuple[str, int, bytes]] = field(default_factory=list)


def read_trace(file: Path) -> list[Op]:
    """The record of a run."""
    raw, at, ops = file.read_bytes(), 0, []
    while at < len(raw):
        end = raw.index(b"\n", at)
        kind, name, a, length = raw[at:end].decode().split("\t")
        start = end + 1
        ops.append(Op(kind, name, int(a), raw[start : start + int(length)]))
        at = start + int(length)
    return ops


def _apply(buffer: bytearray, change: tuple[str, int, bytes]) -> None:
    kind, at, data = change
    if kind == "W":
        if len(buffer) < at:
            buffer.extend(b"\0" * (at - len(buffer)))
        buffer[at : at + len(data)] = data
    elif len(buffer) > at:
        del buffer[at:]
    else:
        buffer.extend(b"\0" * (at - len(buffer)))


class Disk:
    """A disk under a recorded run, op by op."""

    def __init__(self) -> None:
        self.acked = b""
        self._names: dict[str, _File] = {}
        self._durable: dict[str, _File] = {}
        self._pending: list[tuple[str, str, str, _File | None]] = []

    def take(self, op: Op) -> None:
        """One more change."""
        if op.name.endswith("-shm"):
            return
        if op.name.endswith(".ack"):
            self.acked += op.data
            return
        if op.kind == "C":
            made = self._names[op.name] = _File()
            self._pending.append(("C", op.name, "", made))
        elif op.kind in "WT":
            file = self._names.setdefault(op.name, _File())
            change = (op.kind, op.at, op.data)
            _apply(file.present, change)
            file.pending.append(change)
        elif op.kind == "S":
            self._sync(self._names[op.name])
        elif op.kind == "D":
            for entry in self._pending:
                self._settle(self._durable, entry)
            self._pending = []
        elif op.kind == "R":
            file = self._names.pop(op.name)
            self._names[op.data.decode()] = file
            self._pending.append(("R", op.name, op.data.decode(), file))
        elif op.kind == "U":
            self._names.pop(op.name, None)
            self._pending.append(("U", op.name, "", None))

    def _sync(self, file: _File) -> None:
        file.durable = bytearray(file.present)
        file.pending = []
        own = [place for place, entry in enumerate(self._pending) if entry[3] is file]
        if own:
            # One journal holds all names: what was named before goes to the disk with it.
            for entry in self._pending[: own[-1] + 1]:
                self._settle(self._durable, entry)
            del self._pending[: own[-1] + 1]

    @staticmethod
    def _settle(names: dict[str, _File], entry: tuple[str, str, str, _File | None]) -> None:
        kind, old, new, file = entry
        if kind == "C" and file is not None:
            names[old] = file
        else:
            names.pop(old, None)
            if kind == "R" and file is not None:
                names[new] = file

    def after_cut(self, rng: random.Random, mode: str) -> dict[str, bytes]:
        """The files as they are found after the power came back."""
        names = dict(self._durable)
        count = {"keep": len(self._pending), "drop": 0}.get(
            mode, rng.randint(0, len(self._pending))
        )
        for entry in self._pending[:count]:
            self._settle(names, entry)
        found = {}
        for name, file in names.items():
            buffer = bytearray(file.durable)
            for change in _survivors(file.pending, rng, mode):
                _apply(buffer, change)
            found[name] = bytes(buffer)
        return found


def _survivors(
    pending: Sequence[tuple[str, int, bytes]], rng: random.Random, mode: str
) -> list[tuple[str, int, bytes]]:
    if mode == "keep":
        return list(pending)
    if mode == "drop":
        return []
    if mode == "prefix":
        return list(pending[: rng.randint(0, len(pending))])
    torn: list[tuple[str, int, bytes]] = []
    for kind, at, data in pending:
        if kind == "T":
            if rng.random() < 0.5:
                torn.append((kind, at, data))
            continue
        torn += [
            ("W", at + start, data[start : start + SECTOR])
            for start in range(0, len(data), SECTOR)
            if rng.random() < 0.5
        ]
    return torn
