"""Random numbers that are the same on every machine and with every version of Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

__all__ = ["Stream"]

T = TypeVar("T")

_MASK = (1 << 64) - 1


def _mix(value: int) -> int:
    """Finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


class Stream:
    """Random numbers that depend on the keys only, so that no draw shifts another thing's."""

    def __init__(self, *keys: int | str) -> None:
        self._state = 0
        for key in keys:
            for byte in str(key).encode() + b"\x00":
                self._state = _mix((self._state * 257 + byte + 1) & _MASK)

    def _next(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        return _mix(self._state)

    def below(self, bound: int) -> int:
        """Draw an integer in [0, bound)."""
        return (self._next() * bound) >> 64

    def real(self, low: float = 0.0, high: float = 1.0) -> float:
        """Draw a number in [low, high)."""
        return low + (high - low) * ((self._next() >> 11) * 2.0**-53)

    def choice(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.below(len(items))]

    def weighted(self, items: Mapping[T, int]) -> T:
        """Key drawn in proportion to its weight."""
        ticket = self.below(sum(items.values()))
        for item, weight in items.items():
            ticket -= weight
            if ticket < 0:
                return item
        raise AssertionError("weights are not positive")

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different items in random order."""
        pool = list(items)
        return [pool.pop(self.below(len(pool))) for _ in range(count)]

    def disc(self, radius: float) -> tuple[float, float]:
        """Point of a disc about the origin, without sines."""
        while True:
            x, y = self.real(-1.0, 1.0), self.real(-1.0, 1.0)
            if x * x + y * y <= 1.0:
                return radius * x, radius * y
