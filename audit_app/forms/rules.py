"""The rules of a form: each expression compiled, with what it reads and when it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from audit_app.errors import ImportRefused
from audit_app.forms.definition import Control, FormDefinition, Output, Slot, Text
from audit_app.forms.references import references
from audit_app.forms.tree import Node
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.parser import parse
from audit_app.forms.xpath.syntax import Call, Expr, parts
from audit_app.forms.xpath.values import Evaluator, Value


class RuleKind(StrEnum):
    """What the outcome of a rule decides."""

    RELEVANT = "relevant"
    CALCULATE = "calculation"
    COUNT = "repeat count"
    REQUIRED = "required"
    READONLY = "readonly"
    CONSTRAINT = "constraint"
    LABEL = "label"
    CHOICES = "choice filter"


WRITERS = frozenset({RuleKind.RELEVANT, RuleKind.CALCULATE, RuleKind.COUNT})
"""Kinds whose outcome other rules can read."""


@dataclass(slots=True, eq=False)
class Rule:
    """One expression at one slot.

    Attributes:
        reads: slot → hold (see ``References``).
        rank: rules run in rising rank; what a rule reads is settled before.
        chancy: reads chance, so that running it again gives another value.
        own_wide: reads its own slot in other instances, as a running total does.
    """

    kind: RuleKind
    slot: Slot
    source: str
    evaluate: Evaluator
    reads: Mapping[Slot, int]
    rank: int = 0
    chancy: bool = False
    own_wide: bool = False


@dataclass(slots=True)
class RuleBook:
    """All rules of a form, in running order, and who must run when a slot changes.

    Attributes:
        readers: by slot index: (rule, hold).
        of_slot: by slot index: the rules that stand there.
    """

    rules: list[Rule] = field(default_factory=list)
    readers: dict[int, list[tuple[Rule, int]]] = field(default_factory=dict)
    of_slot: dict[int, list[Rule]] = field(default_factory=dict)


def sources(form: FormDefinition) -> Iterator[tuple[RuleKind, Slot, str]]:
    """Every expression of a form that runs by itself, with its slot."""
    for slot in form.slots.values():
        bind = slot.bind
        if bind.relevant:
            yield RuleKind.RELEVANT, slot, bind.relevant
        if bind.calculate:
            yield RuleKind.CALCULATE, slot, bind.calculate
        if bind.required:
            yield RuleKind.REQUIRED, slot, bind.required
        if bind.readonly:
            yield RuleKind.READONLY, slot, bind.readonly
        if bind.constraint:
            yield RuleKind.CONSTRAINT, slot, bind.constraint
        if slot.repeat is not None and slot.repeat.count:
            yield RuleKind.COUNT, slot, slot.repeat.count
    for control in form.controls():
        slot_of = form.slots.get(control.path)
        if slot_of is None:
            continue
        for expression in outputs(control, form):
            yield RuleKind.LABEL, slot_of, expression
        if control.itemset is not None and "[" in control.itemset.nodeset:
            yield RuleKind.CHOICES, slot_of, control.itemset.nodeset


def outputs(control: Control, form: FormDefinition) -> Iterator[str]:
    """Expressions shown within the control's label and hint, in any language."""
    seen: set[str] = set()
    for text in (control.label, control.hint):
        for version in spoken(text, form):
            for part in version.parts:
                if isinstance(part, Output) and part.expression not in seen:
                    seen.add(part.expression)
                    yield part.expression


def spoken(text: Text, form: FormDefinition) -> Iterator[Text]:
    """A text in every language."""
    if not text.key:
        yield text
        return
    for by_key in form.translations.texts.values():
        yield from by_key.get(text.key, {}).values()


def rule_book(form: FormDefinition, compile_at: Callable[[Expr, Slot], Evaluator]) -> RuleBook:
    """Compile and order all rules.

    Args:
        compile_at: compiles an expression that stands at a slot.

    Raises:
        CircularRules: rules need one another in a circle.

    An expression that cannot be read fails when it runs, as one fault among others: the importer
    has told the author, and an audit that is already pinned to the form must still open.
    """
    book = RuleBook()
    for kind, slot, source in sources(form):
        reads: dict[Slot, int] = {}
        chancy = False
        try:
            expr = parse(source)
            evaluate = compile_at(expr, slot)
            reads = dict(references(expr, slot, form.root).slots)
            chancy = ("random" in source or "uuid" in source) and _chancy(expr)
        except XPathError as wrong:
            evaluate = _failing(wrong)
        rule = Rule(kind, slot, source, evaluate, reads, chancy=chancy)
        if kind is RuleKind.CALCULATE and slot in reads:
            rule.own_wide = slot.repeat_depth > reads[slot]
        book.rules.append(rule)
        book.of_slot.setdefault(slot.index, []).append(rule)
    order(book)
    for rule in book.rules:
        for slot, hold in rule.reads.items():
            if slot is rule.slot and rule.kind is RuleKind.CALCULATE and not rule.own_wide:
                continue
            book.readers.setdefault(slot.index, []).append((rule, hold))
        if rule.kind is RuleKind.CONSTRAINT and rule.slot not in rule.reads:
            # Emptying or filling the answer decides whether its constraint counts at all.
            book.readers.setdefault(rule.slot.index, []).append((rule, rule.slot.depth))
    return book


def order(book: RuleBook) -> None:
    """Give every rule its rank, writers before their readers.

    Raises:
        CircularRules: naming the chain when rules need one another in a circle.
    """
    relevant: dict[int, Rule] = {}
    calculate: dict[int, Rule] = {}
    for rule in book.rules:
        if rule.kind is RuleKind.RELEVANT:
            relevant[rule.slot.index] = rule
        elif rule.kind is RuleKind.CALCULATE:
            calculate[rule.slot.index] = rule
    gates: dict[int, tuple[Rule, ...]] = {}

    def gates_of(slot: Slot) -> tuple[Rule, ...]:
        found = gates.get(slot.index)
        if found is None:
            above = gates_of(slot.parent) if slot.parent is not None else ()
            own = relevant.get(slot.index)
            found = gates[slot.index] = (*above, own) if own is not None else above
        return found

    def before(rule: Rule) -> list[Rule]:
        out: dict[Rule, None] = {}
        for slot in rule.reads:
            for gate in gates_of(slot):
                out[gate] = None
            writer = calculate.get(slot.index)
            if writer is not None:
                out[writer] = None
        if rule.kind is RuleKind.CALCULATE:
            for gate in gates_of(rule.slot):
                out[gate] = None
            out.pop(rule, None)
        return list(out)

    ranked: list[Rule] = []
    done: set[int] = set()
    path: list[Rule] = []
    on_path: set[int] = set()
    for start in book.rules:
        if id(start) in done:
            continue
        stack = [(start, iter(before(start)))]
        path.append(start)
        on_path.add(id(start))
        while stack:
            rule, rest = stack[-1]
            needed = next(rest, None)
            if needed is None:
                stack.pop()
                path.pop()
                on_path.discard(id(rule))
                done.add(id(rule))
                ranked.append(rule)
            elif id(needed) in on_path:
                raise CircularRules(path[path.index(needed) :])
            elif id(needed) not in done:
                path.append(needed)
                on_path.add(id(needed))
                stack.append((needed, iter(before(needed))))
    ranked.sort(key=lambda rule: rule.kind not in WRITERS)
    for rank, rule in enumerate(ranked):
        rule.rank = rank
    book.rules = ranked


def _failing(wrong: XPathError) -> Evaluator:
    def fail(_n: Node, _p: int, _z: int, _u: Node) -> Value:
        raise wrong

    return fail


class CircularRules(ImportRefused):
    """Rules need one another in a circle; ``rule`` is the first of them."""

    def __init__(self, chain: list[Rule]) -> None:
        names = " → ".join(f"{rule.slot.name} ({rule.kind})" for rule in [*chain, chain[0]])
        super().__init__(
            f"These questions need one another in a circle: {names}.",
            "Break the circle in one of these expressions.",
        )
        self.rule = chain[0]


def _chancy(expr: Expr) -> bool:
    """Whether it calls for chance, anywhere within."""
    if isinstance(expr, Call) and expr.name in {"random", "uuid"}:
        return True
    return any(map(_chancy, parts(expr)))
