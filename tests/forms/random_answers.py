"""Answers any form at random, and compares the graph with a full recompute after each step."""

import random
from datetime import datetime
from zoneinfo import ZoneInfo

from audit_app.forms.compiled import CompiledTemplate
from audit_app.forms.engine import Engine

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def an_engine(template: CompiledTemplate, seed: int = 1) -> Engine:
    """An engine whose clock stands still and whose chance repeats."""
    chance = random.Random(seed)
    return Engine(
        template,
        now=lambda: NOW,
        chance=chance.random,
        new_uuid=lambda: f"{chance.getrandbits(128):032x}",
        properties={"username": "auditor", "deviceid": "laptop"},
    )


def snapshot(engine: Engine) -> dict[str, object]:
    """Everything the engine says about every node."""
    return {ref: engine.state(ref) for ref in engine.refs}


class Wanderer:
    """Takes one random step after the other."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine = engine
        self._dice = random.Random(seed)

    def step(self) -> str:
        """One random answer, or a row added or removed; gives a word for messages."""
        engine, dice = self.engine, self._dice
        repeats = engine.repeats
        if repeats and dice.random() < 0.15:
            path = dice.choice(repeats)
            rows = engine.rows(path)
            if rows and dice.random() < 0.4:
                ref = dice.choice(rows)
                engine.remove_repeat(ref)
                return f"remove {ref}"
            if len(rows) < 6:
                engine.add_repeat(path, index=dice.randint(0, len(rows)))
                return f"add {path}"
        ref = dice.choice(engine.refs)
        value = self._value(ref)
        engine.set(ref, value)
        return f"set {ref} = {value!r}"

    def _value(self, ref: str) -> str:
        dice = self._dice
        if dice.random() < 0.1:
            return ""
        names = [option.name for option in self.engine.choices(ref)]
        if names:
            return dice.choice(names)
        return dice.choice(
            ["0", "1", "2", "3", "7", "18", "40", "yes", "no", "some words", "2020-02-29", "1.5"]
        )


def stale(engine: Engine) -> list[str]:
    """What a full recompute changes; empty when the graph kept up."""
    before = snapshot(engine)
    engine.recompute_all()
    after = snapshot(engine)
    return [
        f"{ref}: {before.get(ref)} != {after.get(ref)}"
        for ref in {**before, **after}
        if before.get(ref) != after.get(ref)
    ]
