"""What the screen shows of a live checklist: states, choices and words in one language."""

from __future__ import annotations

from collections.abc import Callable

from audit_app.forms.definition import FormDefinition, Slot
from audit_app.forms.model import Model
from audit_app.forms.states import NodeState, Option
from audit_app.forms.texts import Texts
from audit_app.forms.tree import Node
from audit_app.forms.types import type_problem
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.syntax import Expr
from audit_app.forms.xpath.values import Evaluator

Report = Callable[[str, str, XPathError], None]
"""Notes an expression that failed: (ref, kind, what is wrong)."""


class Showing:
    """Puts nodes into words; remembers the choices it handed out, to tell when they change."""

    def __init__(
        self,
        form: FormDefinition,
        model: Model,
        compile_at: Callable[[Expr, Slot], Evaluator],
        language: str | None,
        report: Report,
    ) -> None:
        self._form = form
        self._model = model
        self._texts = Texts(form, compile_at, language)
        self._report = report
        self._offered: dict[str, tuple[Option, ...]] = {}

    @property
    def language(self) -> str:
        """The language now shown."""
        return self._texts.language

    def forget(self) -> None:
        """Forget which choices were handed out."""
        self._offered.clear()

    def translated(self, key: str) -> str:
        """The text of a translation id in the language now shown."""
        return self._texts.translated(key)

    def choose(self, language: str) -> tuple[str, ...]:
        """Show another language. Returns the refs whose words changed."""
        before = {ref: self._words(node) for ref, node in self._model.nodes.items()}
        self._texts.choose(language)
        self.forget()
        return tuple(
            ref for ref, node in self._model.nodes.items() if self._words(node) != before[ref]
        )

    def _words(self, node: Node) -> tuple[str, str]:
        control = node.slot.control if node.slot is not None else None
        if control is None:
            return "", ""
        return self._texts.of(control.label, node), self._texts.of(control.hint, node)

    def state(self, node: Node) -> NodeState:
        """How a question, group or row stands now."""
        slot = node.slot
        label, hint = self._words(node)
        problem = self.problem(node)
        message = problem
        if not message and node.required and not node.text and slot is not None:
            message = self._texts.of(slot.bind.required_message, node)
        return NodeState(
            ref=node.ref,
            value=node.text,
            relevant=node.relevant,
            required=node.required,
            readonly=_is_readonly(node),
            valid=not problem,
            message=message,
            label=label,
            hint=hint,
        )

    def problem(self, node: Node) -> str:
        """Why the value does not hold; empty if it does."""
        slot = node.slot
        if slot is None or not node.text or not node.relevant:
            return ""
        if not node.valid:
            return self._texts.of(slot.bind.constraint_message, node) or (
                "This value is not allowed here."
            )
        return type_problem(slot.bind.type, node.text)

    def choices(self, node: Node) -> tuple[Option, ...]:
        """The choices on offer at a question, after its filter."""
        found = self._offered.get(node.ref)
        if found is None:
            found = self._offered[node.ref] = self._options(node)
        return found

    def _options(self, node: Node) -> tuple[Option, ...]:
        control = node.slot.control if node.slot is not None else None
        if control is None:
            return ()
        try:
            return self._texts.options(control, node)
        except XPathError as wrong:
            self._report(node.ref, "choice filter", wrong)
            return ()

    def refresh(self, node: Node) -> bool:
        """Whether the choices last handed out for a node are no longer those on offer."""
        before = self._offered.get(node.ref)
        if before is None:
            return False
        now = self._offered[node.ref] = self._options(node)
        return now != before

    def choice_name(self, value: str, names: tuple[str, ...], node: Node) -> str:
        """The words of a choice of the question at that path, as seen from ``node``."""
        slot = self._form.slots.get(names)
        control = slot.control if slot is not None else None
        if slot is None or control is None:
            return ""
        found = self._model.within(slot, self._model.shared(node, slot))
        return self._texts.choice_label(control, value, found[0]) if found else ""


def _is_readonly(node: Node) -> bool:
    here: Node | None = node
    while here is not None:
        if here.readonly:
            return True
        here = here.parent
    return False
