"""What a scenario measures, and what Palaver has to reach in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

OURS = "Palaver"
PEERS = ("ejabberd", "Prosody")


@dataclass(frozen=True)
class Target:
    """A bound on Palaver's value as a multiple of another's (`better peer`: the best of both)."""

    than: str
    factor: float


@dataclass(frozen=True)
class Measure:
    """One number per server: its name, how to print it, which way is better."""

    key: str
    label: str
    digits: int = 0
    higher_is_better: bool = True
    targets: tuple[Target, ...] = ()

    def print(self, value: float) -> str:
        return f"{value:,.{self.digits}f}"

    def other(self, target: Target, medians: Mapping[str, float]) -> float | None:
        """Return the value a target compares with, or None where it was not measured."""
        if target.than != "better peer":
            return medians.get(target.than)
        values = [medians[peer] for peer in PEERS if peer in medians]
        if not values:
            return None
        return max(values) if self.higher_is_better else min(values)

    def met(self, target: Target, medians: Mapping[str, float]) -> bool | None:
        """Tell whether Palaver reaches a target; None where that cannot be said."""
        ours, other = medians.get(OURS), self.other(target, medians)
        if ours is None or other is None:
            return None
        bound = other * target.factor
        return ours >= bound if self.higher_is_better else ours <= bound

    def describe(self, target: Target) -> str:
        sign = "≥" if self.higher_is_better else "≤"
        return f"{sign} {target.factor:.3g} x {target.than}"


@dataclass(frozen=True)
class Series:
    """The values of one measure for one server, a value a round."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.values)

    def print(self, measure: Measure) -> str:
        """Return the median, with the smallest and largest value where there are several."""
        middle = measure.print(self.median)
        if len(self.values) == 1:
            return middle
        return f"{middle} ({measure.print(min(self.values))}-{measure.print(max(self.values))})"
