"""Functions that look at the form, the place or the clock."""

import math
from collections.abc import Callable, Mapping, Sequence

from audit_app.forms.tree import ELEMENT, Node
from audit_app.forms.xpath.environment import Environment
from audit_app.forms.xpath.moments import Moment
from audit_app.forms.xpath.values import Evaluator, Value, boolean, number, string

Build = Callable[[Environment, Sequence[Evaluator]], Evaluator]
"""From what surrounds the call and its arguments, already counted, to its closure."""


def _if(_env: Environment, args: Sequence[Evaluator]) -> Evaluator:
    test, yes, no = args
    return lambda n, p, z, u: (yes if boolean(test(n, p, z, u)) else no)(n, p, z, u)


def _position(_env: Environment, args: Sequence[Evaluator]) -> Evaluator:
    if not args:
        return lambda _n, p, _z, _u: float(p)
    nodes = args[0]
    return lambda n, p, z, u: _place(nodes(n, p, z, u))


def _last(_env: Environment, _args: Sequence[Evaluator]) -> Evaluator:
    return lambda _n, _p, z, _u: float(z)


def _current(_env: Environment, _args: Sequence[Evaluator]) -> Evaluator:
    return lambda _n, _p, _z, u: [u]


def _once(_env: Environment, args: Sequence[Evaluator]) -> Evaluator:
    value = args[0]
    return lambda n, p, z, u: u.string() or _known(value(n, p, z, u))


def _instance(env: Environment, args: Sequence[Evaluator]) -> Evaluator:
    which = args[0]
    return lambda n, p, z, u: env.instance(string(which(n, p, z, u)))


def _now(env: Environment, _args: Sequence[Evaluator]) -> Evaluator:
    return lambda _n, _p, _z, _u: Moment(env.now().astimezone(env.zone), date_only=False)


def _today(env: Environment, _args: Sequence[Evaluator]) -> Evaluator:
    return lambda _n, _p, _z, _u: _midnight(env)


def _random(env: Environment, _args: Sequence[Evaluator]) -> Evaluator:
    return lambda _n, _p, _z, _u: env.chance()


def _uuid(env: Environment, args: Sequence[Evaluator]) -> Evaluator:
    if not args:
        return lambda _n, _p, _z, _u: env.new_uuid()
    length, zone = args[0], env.zone
    return lambda n, p, z, u: _letters(number(length(n, p, z, u), zone), env)


def _choice_name(env: Environment, args: Sequence[Evaluator]) -> Evaluator:
    value, path = args
    return lambda n, p, z, u: env.choice_name(
        string(value(n, p, z, u)), string(path(n, p, z, u)), u
    )


def _itext(env: Environment, args: Sequence[Evaluator]) -> Evaluator:
    key = args[0]
    return lambda n, p, z, u: env.translated(string(key(n, p, z, u)))


def _pulldata(env: Environment, args: Sequence[Evaluator]) -> Evaluator:
    file, wanted, key, value = args
    return lambda n, p, z, u: _pull(
        env.instance(string(file(n, p, z, u))),
        string(wanted(n, p, z, u)),
        string(key(n, p, z, u)),
        string(value(n, p, z, u)),
    )


def _version(_env: Environment, _args: Sequence[Evaluator]) -> Evaluator:
    return lambda _n, _p, _z, _u: ""


CONTEXTUAL: Mapping[str, Build] = {
    "if": _if,
    "position": _position,
    "last": _last,
    "current": _current,
    "once": _once,
    "instance": _instance,
    "now": _now,
    "today": _today,
    "random": _random,
    "uuid": _uuid,
    "jr:choice-name": _choice_name,
    "jr:itext": _itext,
    "pulldata": _pulldata,
    "version": _version,
}


def _known(value: Value) -> Value:
    return "" if isinstance(value, float) and math.isnan(value) else value


def _place(nodes: Value) -> float:
    """Place of the first node among its siblings of the same name, from 1."""
    if not isinstance(nodes, list) or not nodes:
        return math.nan
    node = nodes[0]
    if node.parent is None or node.kind != ELEMENT:
        return 1.0
    return next(
        float(i) for i, other in enumerate(node.parent.elements(node.name), 1) if other is node
    )


def _midnight(env: Environment) -> Moment:
    at = env.now().astimezone(env.zone)
    return Moment(at.replace(hour=0, minute=0, second=0, microsecond=0), date_only=True)


def _letters(length: float, env: Environment) -> str:
    if not 0 < length <= 1000:
        return ""
    return "".join("0123456789abcdef"[int(env.chance() * 16)] for _ in range(int(length)))


def _pull(roots: list[Node], wanted: str, key: str, value: str) -> str:
    for root in (child for document in roots for child in document.children):
        for item in root.elements("item"):
            if any(k.string() == value for k in _column(item, key)):
                return next((x.string() for x in _column(item, wanted)), "")
    return ""


def _column(item: Node, name: str) -> list[Node]:
    if name.startswith("@"):
        return [a for a in item.attrs or [] if a.name == name[1:]]
    return item.elements(name)
