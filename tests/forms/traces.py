"""Replays recorded states of another engine on ours, step by step."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from audit_app.forms.audit_columns import AuditColumns
from audit_app.forms.compiled import CompiledTemplate
from audit_app.forms.engine import Engine

ZONE = ZoneInfo("America/Phoenix")
"""Where the states were recorded."""

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)
_PLACE = re.compile(r"([^/\[\]]+)(?:\[(\d+)\])?")


@dataclass(slots=True)
class Replay:
    """How one trace went; ``differences`` name ref, property, expected and found."""

    trace: dict[str, Any]
    differences: list[str] = field(default_factory=list)
    other: Counter[str] = field(default_factory=Counter)


def usable(trace: dict[str, Any]) -> bool:
    return not (
        trace.get("volatile") or trace.get("needs_attachments") or trace.get("options_used")
    )


def traces(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def our_ref(engine: Engine, theirs: str) -> str:
    """Their positional ref as ours, with the key of that row."""
    ours = ""
    for match in _PLACE.finditer(theirs):
        name = match[1].rpartition(":")[2]
        if match[2] is None:
            ours = f"{ours}/{name}"
            continue
        try:
            rows = engine.rows(f"{ours}/{name}")
        except Exception:
            return ""
        index = int(match[2]) - 1
        if index >= len(rows):
            return ""
        ours = rows[index]
    return ours


def replay(trace: dict[str, Any], now: datetime = NOW) -> Replay:
    """Take every step of a trace and compare the whole form after each."""
    out = Replay(trace)
    template = CompiledTemplate.from_xform(trace["xml"], AuditColumns())
    engine = Engine(template, now=lambda: now)
    expected: dict[str, dict[str, Any]] = {}
    for number, step in enumerate(trace["steps"]):
        _do(engine, step)
        for ref in step.get("removed", ()):
            expected.pop(ref, None)
        for ref, state in (step.get("state") or step.get("changed") or {}).items():
            if state is None:
                expected.pop(ref, None)
            else:
                expected.setdefault(ref, {}).update(state)
        for ref, state in expected.items():
            if not ref.endswith("#range") and "meta" not in ref:
                _compare(engine, number, ref, state, out)
    return out


def _do(engine: Engine, step: dict[str, Any]) -> None:
    match step["op"]:
        case "set":
            value = step["value"]
            engine.set(our_ref(engine, step["ref"]), value if isinstance(value, str) else "")
        case "add_repeat":
            repeat = re.sub(r"\[\d+\]$", "", step["ref"].removesuffix("#range"))
            path = our_ref(engine, repeat)
            index = int(re.search(r"\[(\d+)\]$", step["new_ref"])[1]) - 1  # type: ignore[index]
            engine.add_repeat(path, index=index)
        case "remove_repeat":
            engine.remove_repeat(our_ref(engine, step["ref"]))
        case "set_language":
            engine.set_language(step.get("value") or "")


def _same(theirs: str, ours: str) -> bool:
    """Equal texts, or one number that they write with an exponent and we, as XPath, without."""
    return theirs == ours or ("e-" in theirs and "e" not in ours and float(theirs) == float(ours))


def _compare(engine: Engine, number: int, theirs: str, state: dict[str, Any], out: Replay) -> None:
    ref = our_ref(engine, theirs)
    try:
        ours = engine.state(ref)
    except Exception:
        out.differences.append(f"step {number}: {theirs} is missing")
        return
    relevant = state["relevant"]
    if ours.relevant != relevant:
        out.differences.append(f"step {number}: {theirs} relevant {relevant} != {ours.relevant}")
    value = state.get("value")
    if relevant and isinstance(value, str) and not _same(value, ours.value):
        out.differences.append(f"step {number}: {theirs} {value!r} != {ours.value!r}")
    for name, mine in (("required", ours.required), ("readonly", ours.readonly)):
        if relevant and name in state and state[name] != mine:
            out.other[name] += 1
    if relevant and state.get("constraint_valid", True) != ours.valid:
        out.other["valid"] += 1
    label = state.get("label")
    if relevant and isinstance(label, str) and label.strip() != ours.label:
        out.other["label"] += 1
