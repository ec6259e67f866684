"""What the compiler needs to know about a function."""

from collections.abc import Callable
from dataclasses import dataclass

from audit_app.forms.xpath.values import Value


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    Attributes:
        low: fewest arguments.
        high: most arguments; None for any number.
        call: takes the zone, then the evaluated arguments.
        context: with no argument, the context node is the argument.
    """

    low: int
    high: int | None
    call: Callable[..., Value]
    context: bool = False

    @property
    def arity(self) -> str:
        """How many arguments it takes, in words."""
        if self.high is None:
            return f"at least {self.low}"
        return str(self.low) if self.low == self.high else f"{self.low} to {self.high}"
