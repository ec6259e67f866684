"""What surrounds an expression: the form it belongs to, the clock and chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from audit_app.forms.tree import Node
from audit_app.forms.xpath.syntax import Path, Step

Finder = Callable[[Node], list[Node]]
"""From the current node to the nodes a path goes on from."""


def _nowhere(_steps: tuple[Step, ...]) -> tuple[Finder, tuple[Step, ...]] | None:
    return None


def _no_names(_path: Path) -> tuple[str, ...] | None:
    return None


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything an expression may ask that is not in its own text.

    Attributes:
        now: the present moment, aware; its zone is the zone dates are local to.
        chance: a number in [0, 1).
        new_uuid: a fresh UUID as text.
        instance: the document of a secondary instance by id, [] if there is none.
        choice_name: label of a choice: (value, path of the question, current node).
        translated: text of a translation id in the language now shown.
        anchor: for an absolute path, where it starts in this form and which steps are left; None
            to start at the root.
        absolute_names: the path of names a path leads to, as far as the form knows.
        namespaces: prefix → address; None compares local names only.
        only_relevant: nodes that are not relevant read as empty and are left out of sets.
    """

    now: Callable[[], datetime]
    zone: tzinfo
    chance: Callable[[], float]
    new_uuid: Callable[[], str]
    instance: Callable[[str], list[Node]]
    choice_name: Callable[[str, str, Node], str] = field(default=lambda _v, _p, _n: "")
    translated: Callable[[str], str] = field(default=lambda _id: "")
    anchor: Callable[[tuple[Step, ...]], tuple[Finder, tuple[Step, ...]] | None] = _nowhere
    absolute_names: Callable[[Path], tuple[str, ...] | None] = _no_names
    namespaces: Mapping[str, str] | None = None
    only_relevant: bool = True
