"""Synthetic registers of fixed seed, divisions, and points on the counties of a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

# The steps of the default LEC profile. Written out, so that peers owe nothing to the library.
L_STEPS = np.array([0.1, 0.2, 0.5, 1, 3, 6, 10])
E_STEPS = np.array([0.5, 1, 2, 3, 6, 10])
C_STEPS = np.array([1.0, 3, 7, 15, 40, 100])
# A product above these is yellow, orange, red.
EDGES = (70.0, 160.0, 320.0)


@dataclass
class Register:
    """n risk points of n/10 enterprises, ten points each on average.

    `grouped` has the points of an enterprise side by side, `scattered` in random order; both have
    the same judgements. Each enterprise lies in one town.
    """

    n: int

    def __post_init__(self) -> None:
        rng = np.random.default_rng(1)
        n = self.n
        self.L = L_STEPS[rng.integers(0, 7, n, dtype=np.uint8)]
        self.E = E_STEPS[rng.integers(0, 6, n, dtype=np.uint8)]
        self.C = C_STEPS[rng.integers(0, 6, n, dtype=np.uint8)]
        self.enterprises = max(n // 10, 1)
        self.grouped = np.sort(rng.integers(0, self.enterprises, n))
        self.scattered = rng.permutation(self.grouped)
        self.towns = town_codes()
        home = np.sort(rng.integers(0, self.towns.size, self.enterprises))
        self.town = self.towns[home][self.scattered]

    @cached_property
    def id(self) -> np.ndarray:
        """Ids of the points."""
        return np.arange(self.n)


def town_codes() -> np.ndarray:
    """31 x 11 x 9 x 14 invented nine-digit codes of towns: about as many as China has."""
    province, city, county, town = np.meshgrid(
        np.arange(11, 42), np.arange(1, 12), np.arange(1, 10), np.arange(100, 114), indexing="ij"
    )
    return np.sort((((province * 100 + city) * 100 + county) * 1000 + town).ravel())


def divisions(towns: np.ndarray) -> dict[str, list[str]]:
    """The table of divisions that these towns need, with invented names."""
    codes: list[str] = []
    for unit in (10**7, 10**5, 10**3, 1):
        codes += [str(code) for code in np.unique(towns // unit)]
    return {"code": codes, "name": [f"示例{code}" for code in codes]}


def points_in_boxes(boxes: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Points uniform in the box (west, south, east, north) of a random county each."""
    rng = np.random.default_rng(2)
    box = boxes[rng.integers(0, len(boxes), n)]
    lon = box[:, 0] + rng.random(n) * (box[:, 2] - box[:, 0])
    lat = box[:, 1] + rng.random(n) * (box[:, 3] - box[:, 1])
    return lon, lat
