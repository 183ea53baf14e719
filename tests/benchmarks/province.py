"""An invented province for graphs: as many places, departments and enterprises as a large one."""

from __future__ import annotations

import numpy as np

SECTORS = 60
CITIES, COUNTIES, TOWNS, VILLAGES = 16, 151, 1_853, 62_074


class Province:
    """Places (province, cities, counties, towns, villages), departments, enterprises.

    Nodes are numbered places first, then departments, then enterprises, so that edges lead from
    larger to smaller numbers.

    Parameters
    ----------
    enterprises
        How many, in villages drawn at random.
    grouped
        Whether enterprises come village by village, as registers do, or in any order.

    Attributes
    ----------
    parent
        Place above each place, -1 for the province.
    level
        0 the province … 4 villages.
    units
        Node of the department of each sector at each place, shape (places, sectors), -1 where
        there is none: one in twenty below the province, and all in villages.
    village, sector, weight
        Of each enterprise: place, 0 to 59, risk weight 1, 2, 4 or 8.
    source, target, nodes
        The graph: each enterprise leads to its village and to the nearest department of its sector
        from its town up; a department to its place and to the nearest one above; a place to its
        parent. Sorted.
    """

    def __init__(self, enterprises: int, *, grouped: bool = True, seed: int = 37) -> None:
        rng = np.random.default_rng(seed)
        counts = [1, CITIES, COUNTIES, TOWNS, VILLAGES]
        starts = np.cumsum([0, *counts])
        self.places = int(starts[-1])
        self.level = np.repeat(np.arange(5, dtype=np.int8), counts)
        self.parent = np.full(self.places, -1, np.int32)
        for level in range(1, 5):
            above, here = counts[level - 1], counts[level]
            # Each has one at least; the rest are spread at random, neighbours together.
            spread = np.r_[np.arange(above), rng.integers(0, above, here - above)]
            self.parent[starts[level] : starts[level + 1]] = starts[level - 1] + np.sort(spread)
        seats = int(starts[4])  # places from the towns up
        exists = rng.random((seats, SECTORS)) < 0.95
        exists[0] = True
        self.units = np.full((self.places, SECTORS), -1, np.int32)
        self.units[:seats][exists] = self.places + np.arange(exists.sum(), dtype=np.int32)
        self.departments = int(exists.sum())
        # The nearest department at or above each place.
        self.nearest = self.units.copy()
        for place in range(1, self.places):
            gap = self.nearest[place] < 0
            self.nearest[place, gap] = self.nearest[self.parent[place], gap]
        self.village = rng.integers(starts[4], starts[5], enterprises, dtype=np.int32)
        if grouped:
            self.village.sort()
        self.sector = rng.integers(0, SECTORS, enterprises, dtype=np.uint8)
        self.weight = np.array([1, 2, 4, 8], np.int32)[
            rng.choice(4, enterprises, p=[0.6, 0.25, 0.1, 0.05])
        ]
        self.first_enterprise = self.places + self.departments
        self.nodes = self.first_enterprise + enterprises
        self._edges()

    def _edges(self) -> None:
        places = np.arange(1, self.places, dtype=np.int32)
        seat, sector = np.nonzero(self.units >= 0)
        unit = self.units[seat, sector]
        upper = np.where(seat > 0, self.nearest[np.maximum(self.parent[seat], 0), sector], -1)
        enterprise = self.first_enterprise + np.arange(self.village.size, dtype=np.int32)
        source = np.concatenate([places, unit, unit[upper >= 0], enterprise, enterprise])
        target = np.concatenate(
            [
                self.parent[1:],
                seat,
                upper[upper >= 0],
                self.village,
                self.nearest[self.village, self.sector],
            ]
        )
        order = np.lexsort((target, source))
        self.source = source[order].astype(np.int32)
        self.target = target[order].astype(np.int32)

    def ancestor(self, level: int) -> np.ndarray:
        """Place of that level above each place, -1 above it."""
        out = np.where(self.level >= level, np.arange(self.places, dtype=np.int32), -1)
        while (deeper := (out >= 0) & (self.level[out] > level)).any():
            out[deeper] = self.parent[out[deeper]]
        return out
