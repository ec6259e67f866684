"""A form as read from its XForm: the questions, their rules, texts and lists. Never changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from audit_app.forms.tree import Node


@dataclass(frozen=True, slots=True)
class Text:
    """Words for the screen.

    Attributes:
        key: translation id; empty for words written in place.
        parts: words written in place, and expressions whose value is put between them.
    """

    key: str = ""
    parts: tuple[str | Output, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.key or self.parts)


@dataclass(frozen=True, slots=True)
class Output:
    """A value shown within a text."""

    expression: str


@dataclass(frozen=True, slots=True)
class Item:
    """A choice written into the control itself."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Itemset:
    """Choices read from a list, filtered."""

    nodeset: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Action:
    """A value set when something happens.

    Attributes:
        events: odk-instance-first-load, odk-new-repeat, xforms-value-changed …
        target: absolute path of the question it writes.
        selector: the path as written where it picks certain rows, else empty.
        expression: what is written; empty for the plain ``value``.
    """

    events: frozenset[str]
    target: tuple[str, ...]
    selector: str
    expression: str
    value: str


@dataclass(frozen=True, slots=True)
class Control:
    """How a question, group or repeat stands on the screen.

    Attributes:
        tag: input, select, select1, rank, upload, trigger, range, secret, group, repeat.
        attributes: everything else the author said, by plain name: appearance, mediatype, rows …
    """

    tag: str
    path: tuple[str, ...]
    label: Text
    hint: Text
    guidance: Text
    appearance: str
    attributes: Mapping[str, str]
    items: tuple[Item, ...]
    itemset: Itemset | None
    children: tuple[Control, ...]

    def walk(self) -> Iterator[Control]:
        """This control and all within, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Bind:
    """The rules of one node; expressions as written, empty where there is none."""

    type: str = "string"
    relevant: str = ""
    calculate: str = ""
    constraint: str = ""
    required: str = ""
    readonly: str = ""
    constraint_message: Text = field(default_factory=Text)
    required_message: Text = field(default_factory=Text)
    preload: str = ""
    preload_params: str = ""


NO_BIND = Bind()


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """How a repeat grows: ``count`` is an expression, empty when the auditor adds rows."""

    count: str = ""
    fixed: bool = False


@dataclass(slots=True)
class Seed:
    """One element of the model instance as the form file gives it."""

    name: str
    namespace: str | None
    text: str
    attributes: Mapping[str, str]
    children: list[Seed]
    is_template: bool = False


class Slot:
    """A place in the form: one per path, however many instances repeats make of it.

    Attributes:
        names: the path, root first.
        line: the slots from the root to this one.
        repeat_depth: length of the path of the innermost repeat around or at this slot, 0 if none.
        index: place in document order.
        depth: how many names the path has.
    """

    __slots__ = (
        "bind",
        "children",
        "control",
        "depth",
        "index",
        "line",
        "name",
        "names",
        "parent",
        "path",
        "repeat",
        "repeat_depth",
    )

    def __init__(self, name: str, parent: Slot | None, index: int) -> None:
        self.name = name
        self.parent = parent
        self.names: tuple[str, ...] = (*(parent.names if parent else ()), name)
        self.path = "/" + "/".join(self.names)
        self.children: dict[str, Slot] = {}
        self.repeat: RepeatRule | None = None
        self.repeat_depth = 0
        self.bind: Bind = NO_BIND
        self.control: Control | None = None
        self.index = index
        self.line: tuple[Slot, ...] = (*(parent.line if parent else ()), self)
        self.depth = len(self.names)

    def walk(self) -> Iterator[Slot]:
        """This slot and everything below, in document order."""
        yield self
        for child in self.children.values():
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Translations:
    """Texts by language and id.

    Attributes:
        languages: in the author's order; empty when the form has one nameless language.
        default: the language shown first; empty if nameless.
        texts: language → id → form (empty, "guidance", "image" …) → text.
    """

    languages: tuple[str, ...]
    default: str
    texts: Mapping[str, Mapping[str, Mapping[str, Text]]]


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """A whole form.

    Attributes:
        root: the place of the model's root element; ``slots`` finds every place by its names.
        seed: the model instance with its defaults.
        instances: secondary instances, by id: a document whose child is the root element.
        body: the controls in order.
    """

    form_id: str
    version: str
    title: str
    root: Slot
    slots: Mapping[tuple[str, ...], Slot]
    seed: Seed
    templates: Mapping[tuple[str, ...], Seed]
    instances: Mapping[str, Node]
    body: tuple[Control, ...]
    actions: tuple[Action, ...]
    nested_actions: Mapping[tuple[str, ...], tuple[Action, ...]]
    translations: Translations

    def controls(self) -> Iterator[Control]:
        """Every control, in order."""
        for control in self.body:
            yield from control.walk()
