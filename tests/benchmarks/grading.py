"""Grading: float64 columns L, E, C to a float64 score and an 8-bit grade."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import polars as pl
from data import C_STEPS, E_STEPS, EDGES, L_STEPS, Register
from measure import LIBRARY, Contestant, race

import safetyrisk as sr


def numpy_plain(L: np.ndarray, E: np.ndarray, C: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What one writes first."""
    D = L * E * C
    return D, np.digitize(D, EDGES, right=True) + 1


def numpy_best(L: np.ndarray, E: np.ndarray, C: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Blocks that stay in the cache, comparisons instead of digitize, no temporaries."""
    n, block = L.size, 1 << 14
    D, grade = np.empty(n), np.empty(n, np.uint8)
    above = np.empty(block, bool)
    for start in range(0, n, block):
        at = slice(start, min(start + block, n))
        d, g = D[at], grade[at]
        np.multiply(L[at], E[at], out=d)
        np.multiply(d, C[at], out=d)
        g[:] = 1
        b = above[: d.size]
        for edge in EDGES:
            np.greater(d, edge, out=b)
            np.add(g, b.view(np.uint8), out=g)
    return D, grade


@numba.njit(parallel=True)
def _numba_fused(L, E, C, D, grade):
    for i in numba.prange(L.size):
        d = L[i] * E[i] * C[i]
        D[i] = d
        grade[i] = 1 + (d > 70.0) + (d > 160.0) + (d > 320.0)


def _table(steps: np.ndarray, unit: float) -> np.ndarray:
    table = np.full(round(steps[-1] * unit) + 1, np.nan)
    table[np.round(steps * unit).astype(int)] = steps
    return table


_L, _E, _C = _table(L_STEPS, 10.0), _table(E_STEPS, 10.0), _table(C_STEPS, 1.0)


@numba.njit(inline="always")
def _units(value, unit, table):
    scaled = value * unit
    if not (0.0 < scaled <= table.size - 0.5):
        return 0
    k = int(scaled + 0.5)
    return k if table[k] == value else 0


@numba.njit(parallel=True)
def _numba_checked(L, E, C, D, grade, l_table, e_table, c_table):
    for i in numba.prange(L.size):
        product = (
            _units(L[i], 10.0, l_table) * _units(E[i], 10.0, e_table) * _units(C[i], 1.0, c_table)
        )
        if product == 0:
            D[i] = np.nan
            grade[i] = 0
        else:
            D[i] = product / 100.0
            grade[i] = 1 + (product > 7000) + (product > 16000) + (product > 32000)


def numba_fused(L, E, C, threads: int) -> tuple[np.ndarray, np.ndarray]:
    """One loop, compiled."""
    numba.set_num_threads(threads)
    D, grade = np.empty(L.size), np.empty(L.size, np.uint8)
    _numba_fused(L, E, C, D, grade)
    return D, grade


def numba_checked(L, E, C, threads: int) -> tuple[np.ndarray, np.ndarray]:
    """The same loop with what the library does beside: values off the scale, exact edges."""
    numba.set_num_threads(threads)
    D, grade = np.empty(L.size), np.empty(L.size, np.uint8)
    _numba_checked(L, E, C, D, grade, _L, _E, _C)
    return D, grade


def polars_grade() -> pl.Expr:
    """The grade as an expression on a column D."""
    grade = pl.lit(1, pl.UInt8)
    for edge in EDGES:
        grade = grade + (pl.col("D") > edge).cast(pl.UInt8)
    return grade.alias("g")


def run(register: Register, repeats: int, threads: int) -> None:
    """Print the table."""
    L, E, C, n = register.L, register.E, register.C, register.n
    frame = pl.DataFrame({"L": L, "E": E, "C": C})

    def polars() -> pl.DataFrame:
        query = frame.lazy().select(D=pl.col("L") * pl.col("E") * pl.col("C"))
        return query.with_columns(polars_grade()).collect()

    def summary(out: Any) -> tuple[float, np.ndarray]:
        score, grade = (
            (np.asarray(out["D"]), np.asarray(out["g"])) if isinstance(out, pl.DataFrame) else out
        )
        return float(score.sum()), np.bincount(grade, minlength=5)

    expected = summary(sr.scoring.lec(L, E, C))

    def one(name: str, call: Callable[[], Any], t: int = 1) -> Contestant:
        return Contestant(name, call, summary, expected, n, t)

    counts = sorted({1, threads})
    race(
        f"Grading {n:,} judgements, float64 columns",
        [
            *(one(LIBRARY, lambda t=t: sr.scoring.lec(L, E, C, threads=t), t) for t in counts),
            one("numpy, straightforward", lambda: numpy_plain(L, E, C)),
            one("numpy, best", lambda: numpy_best(L, E, C)),
            *(
                one("Numba, fused, nothing checked", lambda t=t: numba_fused(L, E, C, t), t)
                for t in counts
            ),
            *(
                one("Numba, fused, same checks", lambda t=t: numba_checked(L, E, C, t), t)
                for t in counts
            ),
            one("polars, lazy", polars, threads),
        ],
        repeats,
    )
