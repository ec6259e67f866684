"""Brings a live form to the values it was saved with, and gives the values to save."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from audit_app.forms.definition import Slot
from audit_app.forms.model import Model, Rows


def values_of(model: Model) -> dict[str, str]:
    """All values to keep: answers, calculations, the order of rows.

    Empty ones are left out, but for defaults that were cleared: those are stored as empty, or
    the default would come back.
    """
    out = {n.ref: n.text for n in model.leaves() if n.text or n.initial}
    for rows in model.rows.values():
        if rows.is_changed() and not rows.counted:
            out[rows.ref] = rows.text()
    out.update(model.kept())
    return out


def restore(model: Model, values: Mapping[str, str], keep: Collection[str]) -> tuple[str, ...]:
    """Put saved values in place of everything that was there.

    Args:
        keep: refs whose value from the first opening stays unless a saved one replaces it.

    Returns:
        Refs the form has no place for; they were left out.
    """
    first = {n.ref: n.text for n in model.leaves() if n.ref in keep} if values else {}
    model.reset()
    for ref, text in first.items():
        node = model.nodes.get(ref)
        if node is not None:
            node.text = text
    orders: list[tuple[Rows, str]] = []
    for ref, value in sorted(values.items(), key=lambda item: item[0].count("/")):
        rows = _rows_for(model, ref)
        if rows is not None:
            model.arrange(rows, value)
            orders.append((rows, value))
    unknown = _fill(model, values)
    for rows in model.rows.values():
        if rows.counted:
            model.arrange(rows, _numeric_order(rows))
    for rows, value in orders:
        if any(key.startswith("-") for key in value.split()):
            model.arrange(rows, value)
    return unknown


def _fill(model: Model, values: Mapping[str, str]) -> tuple[str, ...]:
    unknown: list[str] = []
    for ref, value in values.items():
        if ref in model.rows:
            continue
        node = model.ensure(ref)
        if node is None or node.slot is None:
            unknown.append(ref)
        elif not node.slot.children:
            node.text = value
            node.touched = is_editable(node.slot)
    return tuple(unknown)


def is_editable(slot: Slot) -> bool:
    """Whether the auditor can overwrite this calculated value."""
    return bool(slot.bind.calculate and slot.control is not None and slot.bind.readonly != "true()")


def _rows_for(model: Model, ref: str) -> Rows | None:
    rows = model.rows.get(ref)
    if rows is None and "[" in ref and not ref.endswith("]"):
        parent = model.ensure(ref.rpartition("/")[0])
        rows = model.rows.get(ref) if parent is not None else None
    return rows


def _numeric_order(rows: Rows) -> str:
    """The rows of a counted repeat in the order of their numbers, whatever order they came in."""
    keys = [row.key for row in rows.live]
    return " ".join(sorted(keys, key=lambda key: (len(key), key)))
