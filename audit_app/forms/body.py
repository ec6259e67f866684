"""Reads the body of an XForm: controls, groups, repeats, their words and lists."""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from lxml import etree

from audit_app.forms.definition import Action, Control, Item, Itemset, Output, Text
from audit_app.forms.xforms_names import local, names_of, plain_attributes, tagged

_WITH_REF = frozenset(
    {"input", "select", "select1", "rank", "upload", "trigger", "range", "secret"}
)
_MAX_DEPTH = 100
_PLACES = frozenset({"ref", "nodeset", "bind"})
_PREDICATE = re.compile(r"\[[^\[\]]*\]")


def read_text(element: etree._Element) -> Text:
    """Words with the values shown between them."""
    ref = (element.get("ref") or "").strip()
    if ref.startswith("jr:itext("):
        return Text(key=ref[len("jr:itext(") :].rstrip(") ").strip("'\" "))
    if ref:
        return Text(parts=(Output(ref),))
    parts: list[str | Output] = [element.text] if element.text else []
    for child in element:
        if tagged(child) and local(child) == "output":
            parts.append(Output((child.get("value") or child.get("ref") or "").strip()))
        elif tagged(child):
            parts.append("".join(str(t) for t in child.itertext()))
        if child.tail:
            parts.append(child.tail)
    return Text(parts=tuple(parts))


def action_of(
    element: etree._Element, base: tuple[str, ...], bind_paths: Mapping[str, str]
) -> Action:
    """A setvalue element."""
    ref = element.get("ref") or bind_paths.get(element.get("bind") or "", "")
    return Action(
        events=frozenset((element.get("event") or "").split()),
        target=names_of(_PREDICATE.sub("", ref), base),
        selector=ref if "[" in ref else "",
        expression=(element.get("value") or "").strip(),
        value=element.text or "",
    )


class BodyReader:
    """Collects controls, and the actions that sit inside them."""

    def __init__(self, root: str, bind_paths: Mapping[str, str]) -> None:
        self._root = (root,)
        self._bind_paths = bind_paths
        self._nested: dict[tuple[str, ...], list[Action]] = {}
        self._everywhere: list[Action] = []

    def read(self, body: etree._Element | None) -> tuple[Control, ...]:
        """The controls of a body element, in order."""
        return () if body is None else self._all(body, self._root, 0)

    @property
    def nested_actions(self) -> dict[tuple[str, ...], tuple[Action, ...]]:
        """Actions by the path of the question that triggers them."""
        return {path: tuple(actions) for path, actions in self._nested.items()}

    @property
    def all_actions(self) -> tuple[Action, ...]:
        """Every action written in the body, such as defaults of a new row."""
        return tuple(self._everywhere)

    def _all(
        self, parent: etree._Element, base: tuple[str, ...], depth: int
    ) -> tuple[Control, ...]:
        if depth > _MAX_DEPTH:
            return ()
        return tuple(
            control
            for child in parent
            if tagged(child) and (control := self._control(child, base, depth)) is not None
        )

    def _control(
        self, element: etree._Element, base: tuple[str, ...], depth: int
    ) -> Control | None:
        tag = local(element)
        if tag not in _WITH_REF and tag not in {"group", "repeat"}:
            return None
        path = self._path(element, base)
        inner = path or base
        within: dict[str, list[etree._Element]] = {}
        for child in element:
            if tagged(child):
                within.setdefault(local(child), []).append(child)
        self._collect_actions(within.get("setvalue", ()), tag, inner)
        attributes = plain_attributes(element)
        appearance = attributes.pop("appearance", "")
        for place in _PLACES & attributes.keys():
            del attributes[place]
        items, itemset = _choices(within)
        return Control(
            tag=tag,
            path=path,
            label=_words(within, "label"),
            hint=_words(within, "hint"),
            guidance=Text(),
            appearance=appearance,
            attributes=attributes,
            items=items,
            itemset=itemset,
            children=self._all(element, inner, depth + 1) if tag in {"group", "repeat"} else (),
        )

    def _path(self, element: etree._Element, base: tuple[str, ...]) -> tuple[str, ...]:
        ref = element.get("nodeset") or element.get("ref")
        if not ref:
            ref = self._bind_paths.get(element.get("bind") or "", "")
        return names_of(ref, base) if ref else ()

    def _collect_actions(
        self, elements: Iterable[etree._Element], tag: str, path: tuple[str, ...]
    ) -> None:
        for element in elements:
            action = action_of(element, path, self._bind_paths)
            self._everywhere.append(action)
            if tag not in {"group", "repeat"}:
                self._nested.setdefault(path, []).append(action)


Within: TypeAlias = "Mapping[str, list[etree._Element]]"  # noqa: SLF001 (its only name)
"""The elements within another, by name."""


def _words(within: Within, name: str) -> Text:
    return read_text(within[name][0]) if name in within else Text()


def _choices(within: Within) -> tuple[tuple[Item, ...], Itemset | None]:
    for element in within.get("itemset", ()):
        parts = {local(e): (e.get("ref") or "") for e in element if tagged(e)}
        return (), Itemset(
            (element.get("nodeset") or "").strip(),
            parts.get("value", "name").strip() or "name",
            parts.get("label", "label").strip() or "label",
        )
    items: list[Item] = []
    for element in within.get("item", ()):
        inner: dict[str, list[etree._Element]] = {}
        for child in element:
            if tagged(child):
                inner.setdefault(local(child), []).append(child)
        value = (inner["value"][0].text or "") if "value" in inner else ""
        items.append(Item(value.strip(), _words(inner, "label")))
    return tuple(items), None
