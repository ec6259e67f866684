"""The live checklist: one answer in, exactly what changed out."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from audit_app.errors import NotFound
from audit_app.forms.actions import Actions
from audit_app.forms.compiled import CompiledTemplate
from audit_app.forms.definition import FormDefinition
from audit_app.forms.model import Model
from audit_app.forms.propagation import Propagation
from audit_app.forms.rules import rule_book
from audit_app.forms.saved_values import is_editable, restore, values_of
from audit_app.forms.scope import Scope
from audit_app.forms.showing import Showing
from audit_app.forms.states import Fault, NodeState, Option, Outcome, RowAdded
from audit_app.forms.tree import Node
from audit_app.forms.undisturbed import undisturbed
from audit_app.forms.xpath.errors import XPathError


def _chance() -> float:
    return secrets.randbits(53) / (1 << 53)


def _uuid() -> str:
    return str(uuid.uuid4())


MAX_CASCADE = 50
"""How many times triggered values may trigger others before we stop."""


class Engine:
    """One running checklist.

    A fresh engine holds the form's defaults. Refs are ``/data/A/GEN-A01``, and in repeats
    ``/data/line[KEY]/q``; ``/data/line`` itself stands for the order of the rows and is stored
    like an answer (keys in order, those taken away marked with a minus).

    Args:
        now: the present moment, aware; its zone is the zone dates are local to.
        language: the language to show; None for the author's default.
        chance: numbers in [0, 1) for random().
        new_uuid: texts for uuid() and the instance id.
        properties: what the form may ask about the user and the device (username, deviceid …).

    Raises:
        ImportRefused: the template cannot be read, or its rules run in a circle.
    """

    def __init__(
        self,
        template: CompiledTemplate,
        *,
        now: Callable[[], datetime],
        language: str | None = None,
        chance: Callable[[], float] = _chance,
        new_uuid: Callable[[], str] = _uuid,
        properties: Mapping[str, str] | None = None,
    ) -> None:
        with undisturbed():
            self._form: FormDefinition = template.form()
            self._model = Model(self._form)
            zone = now().tzinfo
            if zone is None:
                raise ValueError("now() must give an aware moment")
            scope = Scope(
                self._form,
                self._model,
                now=now,
                zone=zone,
                chance=chance,
                new_uuid=new_uuid,
                choice_name=self._choice_name,
                translated=self._translated,
            )
            self._showing = Showing(
                self._form, self._model, scope.compile_at, language, self._report
            )
            self._rules = rule_book(self._form, scope.compile_at)
            self._actions = Actions(self._form, scope.compile_at)
            self._run = Propagation(self._form, self._model, self._rules, self._showing.refresh)
            self._actions.preload(self._model, now().astimezone(zone), new_uuid, properties or {})
            self._start(first=True)

    @property
    def language(self) -> str:
        """The language now shown."""
        return self._showing.language

    @property
    def languages(self) -> tuple[str, ...]:
        """All languages of the form, in the author's order."""
        return self._form.translations.languages

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Expressions that could not be evaluated so far; each counted as empty or true."""
        return tuple(self._run.faults.values())

    @property
    def refs(self) -> tuple[str, ...]:
        """Refs of everything that can hold a value now, in document order."""
        return tuple(node.ref for node in self._model.leaves())

    @property
    def repeats(self) -> tuple[str, ...]:
        """Refs of the repeats the auditor can add rows to."""
        return tuple(
            ref
            for ref, rows in self._model.rows.items()
            if not rows.counted
            and not (rows.slot.repeat is not None and rows.slot.repeat.fixed)
            and rows.parent.ref in self._model.nodes
        )

    def load(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """Bring saved values back in one recompute; what was there before is forgotten.

        Values this form computes when it is first opened stay unless a saved value replaces them.

        Returns:
            Refs the form has no place for; they were left out.
        """
        self._showing.forget()
        unknown = restore(self._model, values, self._actions.first_written)
        self._start(first=False)
        return unknown

    def _start(self, *, first: bool) -> None:
        self._run.begin()
        self._run.everything(keep_touched=True)
        self._run.settle()
        if first:
            for node in self._actions.first_load(self._model):
                self._run.value_changed(node)
            self._run.settle()
        self._fill_fresh_rows()
        self._run.take_changed()

    def _fill_fresh_rows(self) -> None:
        """Give rows that a count made the defaults of a new row."""
        for _ in range(MAX_CASCADE):
            fresh, self._run.fresh_rows = self._run.fresh_rows, []
            if not fresh:
                return
            for row in fresh:
                for node in self._actions.new_row(row, self._model):
                    self._run.value_changed(node)
            self._run.settle()

    def set(self, ref: str, value: str) -> Outcome:
        """Answer one question and settle all that depends on it.

        The value is stored even if it breaks its constraint; ``problem`` then says why.

        Raises:
            NotFound: the form has no such question now.
        """
        node = self._leaf(ref)
        self._run.begin()
        if node.text != value:
            node.text = value
            node.touched = node.slot is not None and is_editable(node.slot)
            self._run.value_changed(node)
            if not node.touched:
                # A value nobody may overwrite is reckoned again at once.
                self._run.recalculate(node)
            self._run.settle()
            self._trigger()
        outcome = self._outcome({ref: node.text})
        state_problem = self._showing.problem(node)
        return Outcome(outcome.changed, outcome.written, state_problem or None)

    def _trigger(self) -> None:
        """Run what value changes set off, and what that sets off in turn."""
        self._fill_fresh_rows()
        fired: set[str] = set()
        for _ in range(MAX_CASCADE):
            pending = [
                node
                for node in self._run.changed_values()
                if node.ref not in fired and self._actions.has_trigger(node)
            ]
            if not pending:
                return
            for node in pending:
                fired.add(node.ref)
                for target in self._actions.fire(node, self._model):
                    self._run.value_changed(target)
            self._run.settle()
            self._fill_fresh_rows()

    def _outcome(self, written: dict[str, str]) -> Outcome:
        changed, values = self._run.take_changed()
        written.update((n.ref, n.text) for n in values if n.slot and not n.slot.children)
        for rows in self._run.take_rows():
            if not rows.counted:
                written[rows.ref] = rows.text()
        return Outcome(tuple(changed), written)

    def state(self, ref: str) -> NodeState:
        """How a question, group or row stands now.

        Raises:
            NotFound: the form has no such place now.
        """
        return self._showing.state(self._node(ref))

    def value(self, ref: str) -> str:
        """The stored text of a node; "" for a group.

        Raises:
            NotFound: the form has no such place now.
        """
        return self._node(ref).text

    def is_relevant(self, ref: str) -> bool:
        """Whether a question is asked now; cheaper than its whole state.

        Raises:
            NotFound: the form has no such place now.
        """
        return self._node(ref).relevant

    def choices(self, ref: str) -> tuple[Option, ...]:
        """The choices on offer at a question, after its filter.

        Raises:
            NotFound: the form has no such question now.
        """
        return self._showing.choices(self._leaf(ref))

    def add_repeat(
        self, path: str, key: str | None = None, *, index: int | None = None
    ) -> RowAdded:
        """Add a row to a repeat, or bring back one that was taken away (same key).

        Args:
            path: ref of the repeat, such as ``/data/line``.
            key: identity of the row, the same on every device; None for the next number.
            index: place among the rows, from 0; None for the end.

        Raises:
            NotFound: there is no such repeat.
            ValueError: the key is in use or not usable.
        """
        rows = self._model.rows.get(path)
        if rows is None or rows.parent.ref not in self._model.nodes:
            raise NotFound(f"This checklist has no rows at {path}.")
        self._run.begin()
        known = set(rows.attic)
        row = self._model.add(rows, key, index)
        self._run.row_added(rows, row)
        self._run.settle()
        if row.key not in known:
            for node in self._actions.new_row(row, self._model):
                self._run.value_changed(node)
            self._run.settle()
        self._trigger()
        outcome = self._outcome({n.ref: n.text for n in _filled(row)})
        return RowAdded(outcome.changed, outcome.written, None, row.ref, row.key)

    def remove_repeat(self, ref: str) -> Outcome:
        """Take a row away; its answers are kept and come back with ``add_repeat(path, key)``.

        Raises:
            NotFound: there is no such row.
        """
        node = self._node(ref)
        rows = self._model.rows.get(ref.rpartition("[")[0]) if node.key else None
        if rows is None:
            raise NotFound(f"{ref} is not a row of this checklist.")
        self._run.begin()
        self._run.row_leaving(rows, node)
        self._model.remove(rows, node)
        self._run.settle()
        self._trigger()
        return self._outcome({})

    def rows(self, path: str) -> tuple[str, ...]:
        """Refs of the rows of a repeat, in order.

        Raises:
            NotFound: there is no such repeat.
        """
        rows = self._model.rows.get(path)
        if rows is None:
            raise NotFound(f"This checklist has no rows at {path}.")
        return tuple(row.ref for row in rows.live)

    def removed_rows(self, path: str) -> tuple[str, ...]:
        """Keys of the rows taken away from a repeat, which can still be brought back."""
        rows = self._model.rows.get(path)
        return tuple(rows.attic) if rows is not None else ()

    def set_language(self, language: str) -> tuple[str, ...]:
        """Show another language; no answer changes. Returns the refs whose words changed."""
        return self._showing.choose(language)

    def values(self) -> dict[str, str]:
        """All values to keep: answers, calculations, the order of rows.

        Empty ones are left out, but for defaults that were cleared: those are stored as empty, or
        the default would come back.
        """
        return values_of(self._model)

    def recompute_all(self) -> tuple[str, ...]:
        """Evaluate every rule afresh; a check after a crash and in tests.

        Returns:
            Refs that changed; none when the graph had kept up.
        """
        self._run.begin()
        self._run.everything(keep_touched=True)
        self._run.settle()
        changed, _ = self._run.take_changed()
        return tuple(changed)

    def _node(self, ref: str) -> Node:
        node = self._model.nodes.get(ref)
        if node is None:
            raise NotFound(f"This checklist has nothing at {ref}.")
        return node

    def _leaf(self, ref: str) -> Node:
        node = self._node(ref)
        if node.slot is None or node.slot.children:
            raise NotFound(f"{ref} is a group; it cannot hold an answer.")
        return node

    def _choice_name(self, value: str, names: tuple[str, ...], node: Node) -> str:
        return self._showing.choice_name(value, names, node)

    def _translated(self, key: str) -> str:
        return self._showing.translated(key)

    def _report(self, ref: str, kind: str, wrong: XPathError) -> None:
        self._run.fault(ref, kind, wrong)


def _filled(row: Node) -> Iterable[Node]:
    return (n for n in row.walk() if n.ref and n.text and n.slot and not n.slot.children)
