"""Confidence intervals for proportions (DOMAIN 1.6)."""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
"""The two-sided 95 % point of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A proportion and its interval, all in 0..1."""

    value: float
    low: float
    high: float


def wilson(successes: int, trials: int, z: float = Z95) -> Interval:
    """The Wilson score interval (Wilson 1927).

    Raises:
        ValueError: no trials, or successes outside 0..trials.
    """
    if trials <= 0 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a proportion")
    share = successes / trials
    spread = z * z / trials
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / trials + spread / (4 * trials))
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == trials else centre + half
    return Interval(share, low, high)
