"""Answers beyond the grade: uncertain inputs by draws and by enumeration, smallest changes."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from measure import LIBRARY, Contestant, lines, race

import safetyrisk as sr

ROWS = 100_000
DRAWS = 1_000
CELLS = {
    "L": ({3.0: 0.5, 6.0: 0.5}, {1.0: 0.2, 3.0: 0.6, 6.0: 0.2}, {0.5: 0.25, 1.0: 0.25, 3.0: 0.5}),
    "E": ({3.0: 0.25, 6.0: 0.5, 10.0: 0.25}, {6.0: 0.5, 10.0: 0.5}, {1.0: 0.5, 2.0: 0.5}),
    "C": (
        {3.0: 0.25, 7.0: 0.25, 15.0: 0.5},
        {7.0: 0.3, 15.0: 0.5, 40.0: 0.2},
        {15.0: 0.5, 40.0: 0.5},
    ),
}


@numba.njit(parallel=True)
def _numba_draws(
    values: np.ndarray, edges: np.ndarray, which: np.ndarray, draws: int
) -> np.ndarray:
    """As one writes it: three random numbers a draw, product, edges of the bands."""
    n = which.shape[1]
    out = np.zeros((n, 4))
    for row in numba.prange(n):
        for _ in range(draws):
            score = 1.0
            for f in range(3):
                u = np.random.random()  # noqa: NPY002  (what Numba knows)
                kind = which[f, row]
                k = 0
                while k < 2 and u >= edges[f, kind, k]:
                    k += 1
                score *= values[f, kind, k]
            place = 3 if score > 320 else 2 if score > 160 else 1 if score > 70 else 0
            out[row, place] += 1.0
    return out / draws


def _numpy_draws(
    values: np.ndarray, edges: np.ndarray, which: np.ndarray, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """A draw of all rows at a time, so that memory stays small."""
    n = which.shape[1]
    out = np.zeros((n, 4))
    rows = np.arange(n)
    for _ in range(draws):
        score = np.ones(n)
        for f in range(3):
            u = rng.random(n)
            mine = edges[f][which[f]]
            score *= values[f][which[f], (u[:, None] >= mine[:, :2]).sum(axis=1)]
        out[rows, np.digitize(score, (70, 160, 320), right=True)] += 1
    return out / draws


def run(repeats: int, threads: int) -> None:
    """Race with rows of random distributions."""
    rng = np.random.default_rng(20261122)
    which = rng.integers(0, 3, (3, ROWS))
    values, edges = np.ones((3, 3, 3)), np.ones((3, 3, 3))
    texts: dict[str, Any] = {"id": np.arange(ROWS)}
    for f, (name, cells) in enumerate(CELLS.items()):
        words = np.array(
            ["; ".join(f"{v:g}:{w:g}" for v, w in one.items()) for one in cells], object
        )
        texts[name] = words[which[f]]
        for k, one in enumerate(cells):
            values[f, k, : len(one)] = list(one)
            edges[f, k, : len(one)] = np.cumsum(list(one.values()))

    def shares(answer: Any) -> np.ndarray:
        columns = answer.to_columns()
        return np.stack([columns[f"p_{c}"] for c in ("blue", "yellow", "orange", "red")], axis=1)

    exact = shares(sr.uncertain(texts, "lec"))

    def near(found: np.ndarray) -> bool:
        return bool(np.abs(found - exact).max() < 6 * 0.5 / np.sqrt(DRAWS))

    race(
        f"Probabilities of {ROWS:,} LEC rows by {DRAWS:,} draws, from texts; peers from arrays",
        [
            *(
                Contestant(
                    LIBRARY,
                    lambda t=t: sr.uncertain(texts, "lec", most_exact=0, draws=DRAWS, threads=t),
                    lambda answer: near(shares(answer)),
                    True,
                    ROWS * DRAWS,
                    t,
                )
                for t in sorted({1, threads})
            ),
            Contestant(
                "Numba",
                lambda: _numba_draws(values, edges, which, DRAWS),
                near,
                True,
                ROWS * DRAWS,
                threads,
            ),
            Contestant(
                "NumPy",
                lambda: _numpy_draws(values, edges, which, DRAWS // 20, np.random.default_rng(1)),
                lambda found: bool(np.abs(found - exact).max() < 0.5),
                True,
                ROWS * (DRAWS // 20),
            ),
        ],
        repeats,
        "M draws/s",
    )
    graded = sr.grade(
        {"id": np.arange(ROWS), **{k: values[f, which[f], 0] for f, k in enumerate(CELLS)}}, "lec"
    )
    lines(
        f"Answers about {ROWS:,} LEC rows",
        "rows/s",
        [
            (name, call, lambda s: f"{ROWS / s:,.0f}")
            for name, call in (
                ("uncertain inputs, all combinations", lambda: sr.uncertain(texts, "lec")),
                ("smallest changes of every row", lambda: sr.counterfactual(graded)),
                ("one judgement a step off", lambda: sr.sensitivity(graded)),
            )
        ],
        repeats,
    )
