"""What a request's JSON may hold: one description, for the check and for the OpenAPI page."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from audit_app.central.refusals import TurnedAway

LARGEST = 64 * 1024
"""Bytes of a JSON body; only a sync may be larger."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of bounded length."""

    longest: int = 200
    shortest: int = 0
    choices: tuple[str, ...] = ()

    def check(self, name: str, value: Any) -> str:
        """The value, if it fits."""
        if not isinstance(value, str) or not self.shortest <= len(value) <= self.longest:
            raise _unfit(f"{name} is a text of {self.shortest} to {self.longest} characters")
        if self.choices and value not in self.choices:
            raise _unfit(f"{name} is one of {', '.join(self.choices)}")
        if _UNSTORABLE.search(value):
            raise _unfit(f"{name} holds signs that cannot be stored")
        return value

    def schema(self) -> dict[str, Any]:
        """As JSON schema."""
        said: dict[str, Any] = {
            "type": "string",
            "minLength": self.shortest,
            "maxLength": self.longest,
        }
        return said | ({"enum": list(self.choices)} if self.choices else {})


@dataclass(frozen=True, slots=True)
class Id:
    """A UUID in its text form."""

    def check(self, name: str, value: Any) -> UUID:
        """The value, if it fits."""
        return id_of(name, value)

    def schema(self) -> dict[str, Any]:
        """As JSON schema."""
        return {"type": "string", "format": "uuid"}


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON object: its fields, and no others.

    Attributes:
        optional: fields that may be missing, with what then stands for them.
    """

    fields: Mapping[str, "Shape"]
    optional: Mapping[str, Any] = field(default_factory=dict)

    def check(self, name: str, value: Any) -> dict[str, Any]:
        """The value, if it fits."""
        if not isinstance(value, dict):
            raise _unfit(f"{name} is an object")
        foreign = sorted(str(key) for key in value.keys() - self.fields.keys())
        if foreign:
            raise _unfit(f"{name} has no field {foreign[0][:40]}")
        lacking = sorted(self.fields.keys() - self.optional.keys() - value.keys())
        if lacking:
            raise _unfit(f"{name} needs {lacking[0]}")
        return {
            key: shape.check(key, value[key]) if key in value else self.optional[key]
            for key, shape in self.fields.items()
        }

    def schema(self) -> dict[str, Any]:
        """As JSON schema."""
        return {
            "type": "object",
            "additionalProperties": False,
            "required": sorted(self.fields.keys() - self.optional.keys()),
            "properties": {name: shape.schema() for name, shape in self.fields.items()},
        }


@dataclass(frozen=True, slots=True)
class Many:
    """A list of bounded length."""

    of: "Shape"
    most: int = 200

    def check(self, name: str, value: Any) -> list[Any]:
        """The value, if it fits."""
        if not isinstance(value, list) or len(value) > self.most:
            raise _unfit(f"{name} is a list of at most {self.most}")
        return [self.of.check(name, part) for part in value]

    def schema(self) -> dict[str, Any]:
        """As JSON schema."""
        return {"type": "array", "maxItems": self.most, "items": self.of.schema()}


Shape = Text | Id | Body | Many

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def read_json(data: bytes, shape: Shape) -> Any:
    """A request's body.

    Raises:
        TurnedAway: it is not JSON or not in its form.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise TurnedAway("form", "The body is not JSON.") from error
    return shape.check("the body", value)


def id_of(name: str, value: Any) -> UUID:
    """The id in a body or a path.

    Raises:
        TurnedAway: it is none.
    """
    try:
        if isinstance(value, str) and len(value) == 36:
            return UUID(value)
    except ValueError:
        pass
    raise _unfit(f"{name} is an id")


def _unfit(words: str) -> TurnedAway:
    return TurnedAway("form", f"The request is not in its form: {words}.", status=422)
