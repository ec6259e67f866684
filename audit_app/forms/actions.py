"""Values a form sets by itself: defaults, new rows, triggers, facts about the device."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from audit_app.forms.definition import Action, FormDefinition, Slot
from audit_app.forms.model import Model
from audit_app.forms.tree import Node
from audit_app.forms.types import typed
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.moments import iso_date, iso_datetime
from audit_app.forms.xpath.parser import parse
from audit_app.forms.xpath.syntax import Expr
from audit_app.forms.xpath.values import Evaluator, string

FIRST_LOAD = frozenset({"odk-instance-first-load", "odk-instance-load", "xforms-ready"})
NEW_ROW = "odk-new-repeat"
CHANGED = "xforms-value-changed"


class Actions:
    """The setvalue actions of a form, ready to run.

    Attributes:
        first_written: refs given a value when the form was first opened.
    """

    def __init__(self, form: FormDefinition, compile_at: Callable[[Expr, Slot], Evaluator]) -> None:
        self._form = form
        self._compile_at = compile_at
        self._compiled: dict[int, Evaluator | None] = {}
        self.first_written: set[str] = set()

    def preload(
        self,
        model: Model,
        moment: datetime,
        new_uuid: Callable[[], str],
        properties: Mapping[str, str],
    ) -> None:
        """Fill what the form wants to know about time, device and itself."""
        for slot in self._form.slots.values():
            bind = slot.bind
            if not bind.preload:
                continue
            match bind.preload, bind.preload_params:
                case "timestamp", "start":
                    value = iso_datetime(moment)
                case "date", "today":
                    value = iso_date(moment)
                case "uid", _:
                    value = f"uuid:{new_uuid()}"
                case "property", name:
                    value = properties.get(name, "")
                case _:
                    value = ""
            for node in model.at(slot) if value else ():
                node.text = node.initial = value
                self.first_written.add(node.ref)

    def first_load(self, model: Model) -> Iterator[Node]:
        """Run what belongs to the first opening; gives the nodes that changed."""
        for action in self._form.actions:
            if not action.events & FIRST_LOAD:
                continue
            slot = self._form.slots.get(action.target)
            for node in list(model.at(slot)) if slot is not None else ():
                if node.relevant and self._write(action, node):
                    node.initial = node.text
                    self.first_written.add(node.ref)
                    yield node

    def new_row(self, row: Node, model: Model) -> Iterator[Node]:
        """Run what belongs to a new row; gives the nodes that changed."""
        if row.slot is None:
            return
        depth = row.slot.depth
        for action in self._form.actions:
            if NEW_ROW not in action.events or action.target[:depth] != row.slot.names:
                continue
            slot = self._form.slots.get(action.target)
            for node in list(model.within(slot, row)) if slot is not None else ():
                if self._write(action, node):
                    node.initial = node.text
                    yield node

    def has_trigger(self, node: Node) -> bool:
        """Whether a change of this node sets something off."""
        return node.slot is not None and node.slot.names in self._form.nested_actions

    def fire(self, node: Node, model: Model) -> Iterator[Node]:
        """Run what a change of ``node`` sets off; gives the nodes that changed."""
        if node.slot is None:
            return
        for action in self._form.nested_actions.get(node.slot.names, ()):
            slot = self._form.slots.get(action.target)
            if CHANGED not in action.events or slot is None:
                continue
            chosen = self._selected(action, node)
            for target in (
                list(model.within(slot, model.shared(node, slot))) if chosen is None else chosen
            ):
                if self._write(action, target):
                    yield target

    def _selected(self, action: Action, node: Node) -> list[Node] | None:
        """The rows a trigger picks by a predicate; None when it picks none by name."""
        if not action.selector or node.slot is None:
            return None
        try:
            found = self._compile_at(parse(action.selector), node.slot)(node, 1, 1, node)
        except XPathError:
            return []
        return found if isinstance(found, list) else []

    def _write(self, action: Action, node: Node) -> bool:
        if node.slot is None:
            return False
        value = self._value(action, node)
        value = None if value is None else typed(node.slot.bind.type, value)
        if value is None or value == node.text:
            return False
        node.text = value
        return True

    def _value(self, action: Action, node: Node) -> str | None:
        if not action.expression:
            return action.value
        if node.slot is None:
            return None
        key = id(action)
        if key not in self._compiled:
            try:
                self._compiled[key] = self._compile_at(parse(action.expression), node.slot)
            except XPathError:
                # Reported by the linter at import; a default that cannot be read sets nothing.
                self._compiled[key] = None
        evaluate = self._compiled[key]
        if evaluate is None:
            return None
        try:
            return string(evaluate(node, 1, 1, node))
        except XPathError:
            return None
