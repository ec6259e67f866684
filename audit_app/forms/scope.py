"""Compiles expressions for the place where they stand in a live form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from audit_app.forms.definition import FormDefinition, Slot
from audit_app.forms.model import Model
from audit_app.forms.references import own_steps
from audit_app.forms.tree import DOCUMENT, Node
from audit_app.forms.xforms_names import names_of
from audit_app.forms.xpath.compiler import compiled
from audit_app.forms.xpath.environment import Environment, Finder
from audit_app.forms.xpath.syntax import Call, Expr, Path, Step
from audit_app.forms.xpath.values import Evaluator

ChoiceName = Callable[[str, tuple[str, ...], Node], str]


class Scope:
    """One live form as its expressions see it."""

    def __init__(
        self,
        form: FormDefinition,
        model: Model,
        *,
        now: Callable[[], datetime],
        zone: tzinfo,
        chance: Callable[[], float],
        new_uuid: Callable[[], str],
        choice_name: ChoiceName,
        translated: Callable[[str], str],
    ) -> None:
        self._form = form
        self._model = model
        self._now = now
        self._zone = zone
        self._chance = chance
        self._new_uuid = new_uuid
        self._choice_name = choice_name
        self._translated = translated

    def compile_at(self, expr: Expr, slot: Slot) -> Evaluator:
        """The closure of an expression that stands at ``slot``.

        Raises:
            XPathError: it cannot be compiled.
        """

        def anchor(steps: tuple[Step, ...]) -> tuple[Finder, tuple[Step, ...]] | None:
            return self._anchor(steps, slot)

        def absolute_names(path: Path) -> tuple[str, ...] | None:
            return _absolute_names(path, slot)

        def choice_name(value: str, path: str, node: Node) -> str:
            return self._choice_name(value, names_of(path, slot.names), node)

        return compiled(
            expr,
            Environment(
                now=self._now,
                zone=self._zone,
                chance=self._chance,
                new_uuid=self._new_uuid,
                instance=self._instance,
                choice_name=choice_name,
                translated=self._translated,
                anchor=anchor,
                absolute_names=absolute_names,
            ),
        )

    def _instance(self, key: str) -> list[Node]:
        document = self._form.instances.get(key)
        return [document] if document is not None else []

    def _anchor(
        self, steps: tuple[Step, ...], slot: Slot
    ) -> tuple[Finder, tuple[Step, ...]] | None:
        fixed = self._fixed(steps)
        if fixed is not None:
            one = [fixed]
            return (lambda _node: one), ()
        own = own_steps(steps, slot)
        if not own:
            document = [self._model.document]
            return (lambda _node: document), steps
        return _ancestor_at(own), steps[own:]

    def _fixed(self, steps: tuple[Step, ...]) -> Node | None:
        """The node of a path that no repeat can move, found once and for all."""
        names = [step.plain_name for step in steps]
        slot = self._form.slots.get(tuple(name or "" for name in names))
        if slot is None or slot.repeat_depth or not names:
            return None
        found = self._model.at(slot)
        return found[0] if len(found) == 1 else None


def _ancestor_at(depth: int) -> Finder:
    def find(node: Node) -> list[Node]:
        here: Node | None = node
        while here is not None and here.kind != DOCUMENT:
            if here.slot is not None and here.slot.depth == depth:
                return [here]
            here = here.parent
        return []

    return find


def _absolute_names(path: Path, slot: Slot) -> tuple[str, ...] | None:
    names: list[str] = []
    if not path.absolute:
        if path.start is None or (isinstance(path.start, Call) and path.start.name == "current"):
            names = list(slot.names)
        else:
            return None
    for step in path.steps:
        if step.axis == "parent":
            names = names[:-1]
        elif step.plain_name is not None:
            names.append(step.plain_name)
        elif step.axis != "self":
            return None
    return tuple(names)
