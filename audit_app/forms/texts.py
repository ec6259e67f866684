"""Words and choices of the live form, in the language now shown."""

from __future__ import annotations

import re
from collections.abc import Callable

from audit_app.forms.definition import Control, FormDefinition, Itemset, Output, Slot, Text
from audit_app.forms.states import Option
from audit_app.forms.tree import Node
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.parser import parse
from audit_app.forms.xpath.syntax import Expr
from audit_app.forms.xpath.values import Evaluator, string

_NOTHING = Text()
_LIST = re.compile(r"instance\(\s*['\"]([^'\"]+)['\"]\s*\)")


class Texts:
    """Reads texts aloud: translations, values put between words, choice labels."""

    def __init__(
        self,
        form: FormDefinition,
        compile_at: Callable[[Expr, Slot], Evaluator],
        language: str | None,
    ) -> None:
        self._form = form
        self._compile_at = compile_at
        self._evaluators: dict[tuple[str, int], Evaluator] = {}
        self._plain_lists: dict[tuple[str, str, str], tuple[Option, ...]] = {}
        self._language = form.translations.default
        if language is not None:
            self.choose(language)

    @property
    def language(self) -> str:
        """The language now shown, as the author wrote it; empty in a form of one language."""
        return self._language

    def choose(self, language: str) -> None:
        """Show another language; one the form does not have falls back to the default."""
        known = self._form.translations.texts
        self._language = language if language in known else self._form.translations.default
        self._plain_lists.clear()

    def of(self, text: Text, node: Node) -> str:
        """The words of a text that belongs to ``node``."""
        spoken = self._spoken(text.key, "") if text.key else text
        if len(spoken.parts) == 1 and isinstance(spoken.parts[0], str):
            return spoken.parts[0].strip()
        return "".join(
            part if isinstance(part, str) else self._value(part, node) for part in spoken.parts
        ).strip()

    def plain(self, text: Text, form: str = "") -> str:
        """The words of a text for paper: values between words become an ellipsis."""
        spoken = self._spoken(text.key, form) if text.key else text
        return "".join(p if isinstance(p, str) else "…" for p in spoken.parts).strip()

    def guidance(self, text: Text, node: Node) -> str:
        """The longer help that belongs to a hint."""
        return self.of(self._spoken(text.key, "guidance"), node) if text.key else ""

    def translated(self, key: str) -> str:
        """A translation that shows no values."""
        return "".join(p for p in self._spoken(key, "").parts if isinstance(p, str)).strip()

    def _spoken(self, key: str, form: str) -> Text:
        texts = self._form.translations.texts
        for language in (self._language, self._form.translations.default):
            found = texts.get(language, {}).get(key, {}).get(form)
            if found is not None and (found.parts not in {(), ("-",)} or not form):
                return found
        return _NOTHING

    def _value(self, part: Output, node: Node) -> str:
        if node.slot is None:
            return ""
        try:
            return string(self._evaluator(part.expression, node.slot)(node, 1, 1, node))
        except XPathError:
            # The linter has reported it; the author's words must still be readable.
            return "?"

    def _evaluator(self, source: str, slot: Slot) -> Evaluator:
        found = self._evaluators.get((source, slot.index))
        if found is None:
            found = self._compile_at(parse(source), slot)
            self._evaluators[source, slot.index] = found
        return found

    def options(self, control: Control, node: Node) -> tuple[Option, ...]:
        """The choices on offer at a node.

        Raises:
            XPathError: the choice filter cannot be evaluated.
        """
        if control.itemset is None:
            return tuple(Option(item.value, self.of(item.label, node)) for item in control.items)
        itemset = control.itemset
        if "[" in itemset.nodeset or "randomize" in itemset.nodeset or node.slot is None:
            return self._listed(itemset, node)
        if not itemset.nodeset.startswith("instance("):
            return self._listed(itemset, node)
        key = (itemset.nodeset, itemset.value, itemset.label)
        found = self._plain_lists.get(key)
        if found is None:
            found = self._plain_lists[key] = self._listed(itemset, node)
        return found

    def _listed(self, itemset: Itemset, node: Node) -> tuple[Option, ...]:
        if node.slot is None:
            return ()
        items = self._evaluator(itemset.nodeset, node.slot)(node, 1, 1, node)
        if not isinstance(items, list):
            return ()
        return tuple(
            Option(_child_text(item, itemset.value), self._item_label(itemset, item))
            for item in items
        )

    def all_items(self, control: Control) -> tuple[tuple[Option, Node | None], ...]:
        """Every choice of a control before filters, with its row of the list where it has one."""
        if control.itemset is None:
            return tuple((Option(i.value, self.plain(i.label)), None) for i in control.items)
        match = _LIST.search(control.itemset.nodeset)
        document = self._form.instances.get(match[1]) if match else None
        if document is None or not document.children:
            return ()
        itemset = control.itemset
        return tuple(
            (Option(_child_text(item, itemset.value), self._item_label(itemset, item)), item)
            for item in document.children[0].children
        )

    def _item_label(self, itemset: Itemset, item: Node) -> str:
        label = itemset.label
        if label.startswith("jr:itext("):
            key = _child_text(item, label[len("jr:itext(") :].rstrip(") ").strip())
            return self.plain(Text(key=key))
        return _child_text(item, label)

    def choice_label(self, control: Control, value: str, node: Node) -> str:
        """The words of one choice; empty if it is not on offer."""
        return next((o.label for o in self.options(control, node) if o.name == value), "")


def _child_text(item: Node, path: str) -> str:
    here = [item]
    for name in path.split("/"):
        if name != ".":
            here = [child for node in here for child in node.elements(name)]
    return here[0].text if here else ""
