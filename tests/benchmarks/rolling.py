"""The whole job: grade, then count grades by enterprise or county, from columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pandas as pd
import polars as pl
from data import EDGES, Register, divisions
from grading import numpy_best, polars_grade
from measure import LIBRARY, Contestant, race

import safetyrisk as sr
from safetyrisk import _core

COLOURS = ("blue", "yellow", "orange", "red")


@numba.njit(parallel=True)
def _numba_counts(L, E, C, unit, counts):
    parts = counts.shape[0]
    for part in numba.prange(parts):
        for i in range(unit.size * part // parts, unit.size * (part + 1) // parts):
            d = L[i] * E[i] * C[i]
            g = int(d > 70.0) + int(d > 160.0) + int(d > 320.0)
            counts[part, unit[i], g] += 1


def numba_counts(r: Register, unit: np.ndarray, units: int, threads: int) -> np.ndarray:
    """One table of counts for each thread; `unit` runs from 0 to `units`."""
    numba.set_num_threads(threads)
    counts = np.zeros((threads, units, 4), np.int64)
    _numba_counts(r.L, r.E, r.C, unit, counts)
    return counts.sum(axis=0) if threads > 1 else counts[0]


def numpy_counts(r: Register, unit: np.ndarray, units: int) -> np.ndarray:
    """Grade in blocks, then one bincount."""
    _, grade = numpy_best(r.L, r.E, r.C)
    return np.bincount(unit * 4 + (grade - 1), minlength=units * 4).reshape(units, 4)


def pandas_counts(frame: pd.DataFrame, key: Any) -> pd.DataFrame:
    """As one writes it."""
    D = frame["L"] * frame["E"] * frame["C"]
    grade = pd.cut(D, [0, *EDGES, np.inf], labels=COLOURS)
    return frame.assign(g=grade).groupby([key, "g"], observed=True).size().unstack(fill_value=0)


def polars_counts(frame: pl.DataFrame, key: pl.Expr) -> pl.DataFrame:
    """Lazy: grade and count in one query."""
    query = frame.lazy().select(key.alias("key"), D=pl.col("L") * pl.col("E") * pl.col("C"))
    return (
        query.with_columns(polars_grade())
        .group_by("key")
        .agg([(pl.col("g") == k + 1).sum().alias(colour) for k, colour in enumerate(COLOURS)])
        .collect()
    )


def _dense(keys: Any, columns: Any, units: int) -> np.ndarray:
    """Counts by unit number, shape (units, 4), from keys and four columns of counts."""
    out = np.zeros((units, 4), np.int64)
    out[np.asarray(keys, dtype=np.int64)] = np.column_stack([np.asarray(c) for c in columns])
    return out


def _from_pandas(units: int, number: Callable[[Any], Any]) -> Callable[[pd.DataFrame], np.ndarray]:
    return lambda f: _dense(number(f.index.to_numpy()), [f[c] for c in COLOURS], units)


def _from_polars(units: int, number: Callable[[Any], Any]) -> Callable[[pl.DataFrame], np.ndarray]:
    return lambda f: _dense(number(f["key"].to_numpy()), [f[c] for c in COLOURS], units)


def _from_library(
    units: int, number: Callable[[Any], Any], key: str
) -> Callable[[Any], np.ndarray]:
    def dense(out: Any) -> np.ndarray:
        table = out._table() if isinstance(out, sr.RollUp) else out
        return _dense(number(table.column(key)), [table.column(c) for c in COLOURS], units)

    return dense


def by_enterprise(r: Register, ids: np.ndarray, how: str, repeats: int, threads: int) -> None:
    """Enterprises by whole number, which is what arrays like best."""
    units, counts = r.enterprises, sorted({1, threads})
    # All in one province: a row without any place would be reported, row by row.
    here = np.full(r.n, 11)
    columns = {"id": r.id, "L": r.L, "E": r.E, "C": r.C, "enterprise": ids, "division": here}
    tree = sr.Divisions.read({"code": ["11"], "name": ["示例"]})
    frame = pd.DataFrame(columns)
    lazy = pl.DataFrame(columns)
    expected = numpy_counts(r, ids, units)
    owners = _core.Table("risk_points")
    owners.add("enterprise", ids)

    def library(t: int) -> sr.RollUp:
        return tree.rollup(sr.grade(columns, "lec", threads=t), "enterprise", threads=t)

    def kernels(t: int) -> Any:
        _, grade = sr.scoring.lec(r.L, r.E, r.C, threads=t)
        status = np.zeros(r.n, np.uint8)
        return _core.rollup_enterprises(owners, grade, status, threads=t)[0]

    def number(keys: Any) -> np.ndarray:
        return np.asarray(keys).astype(np.int64)

    ours = _from_library(units, number, "id")

    def one(name: str, run: Any, result: Any, t: int = 1) -> Contestant:
        return Contestant(name, run, result, expected, r.n, t)

    race(
        f"Grade {r.n:,} points and roll up to {units:,} enterprises, whole numbers as ids, {how}",
        [
            *(one(LIBRARY, lambda t=t: library(t), ours, t) for t in counts),
            *(
                one(
                    f"{LIBRARY}, kernels without the table's checks",
                    lambda t=t: kernels(t),
                    ours,
                    t,
                )
                for t in counts
            ),
            one(
                "pandas, straightforward",
                lambda: pandas_counts(frame, "enterprise"),
                _from_pandas(units, number),
            ),
            one("numpy, best (bincount)", lambda: numpy_counts(r, ids, units), np.asarray),
            *(
                one("Numba, fused", lambda t=t: numba_counts(r, ids, units, t), np.asarray, t)
                for t in counts
            ),
            one(
                "polars, lazy",
                lambda: polars_counts(lazy, pl.col("enterprise")),
                _from_polars(units, number),
                threads,
            ),
        ],
        repeats,
    )


def by_text(r: Register, repeats: int, threads: int) -> None:
    """Enterprises and points by text, as registers have them; arrays have nothing to offer."""
    units = r.enterprises
    lazy = pl.DataFrame(
        {"id": r.id, "L": r.L, "E": r.E, "C": r.C, "enterprise": r.scattered}
    ).with_columns(
        pl.format("R{}", "id").alias("id"),
        pl.format("QY{}", "enterprise").alias("enterprise"),
        division=pl.lit("11"),
    )
    frame = lazy.to_pandas()
    tree = sr.Divisions.read({"code": ["11"], "name": ["示例"]})
    expected = numpy_counts(r, r.scattered, units)

    def number(keys: Any) -> np.ndarray:
        return np.array([int(key[2:]) for key in keys])

    def library(t: int) -> sr.RollUp:
        return tree.rollup(sr.grade(lazy, "lec", threads=t), "enterprise", threads=t)

    race(
        f"Grade {r.n:,} points and roll up to {units:,} enterprises, texts as ids, random order",
        [
            *(
                Contestant(
                    LIBRARY,
                    lambda t=t: library(t),
                    _from_library(units, number, "id"),
                    expected,
                    r.n,
                    t,
                )
                for t in sorted({1, threads})
            ),
            Contestant(
                "pandas, straightforward",
                lambda: pandas_counts(frame, "enterprise"),
                _from_pandas(units, number),
                expected,
                r.n,
            ),
            Contestant(
                "polars, lazy",
                lambda: polars_counts(lazy, pl.col("enterprise")),
                _from_polars(units, number),
                expected,
                r.n,
                threads,
            ),
        ],
        repeats,
    )


def by_county(r: Register, repeats: int, threads: int) -> None:
    """From nine digits of a town to the county that it is part of."""
    counts = sorted({1, threads})
    columns = {"id": r.id, "L": r.L, "E": r.E, "C": r.C, "division": r.town}
    tree = sr.Divisions.read(divisions(r.towns))
    counties = np.unique(r.towns // 1000)
    frame = pd.DataFrame(columns)
    lazy = pl.DataFrame(columns)
    units = 10**6  # six digits as they are

    def numpy_county() -> np.ndarray:
        return numpy_counts(r, r.town // 1000, units)

    def numba_county(t: int) -> np.ndarray:
        return numba_counts(r, r.town // 1000, units, t)

    def library(t: int) -> sr.RollUp:
        return tree.rollup(sr.grade(columns, "lec", threads=t), "county", threads=t)

    def number(keys: Any) -> np.ndarray:
        return np.asarray(keys).astype(np.int64)

    expected = numpy_county()

    def one(name: str, run: Any, result: Any, t: int = 1) -> Contestant:
        return Contestant(name, run, result, expected, r.n, t)

    race(
        f"Grade {r.n:,} points and roll up from {r.towns.size:,} towns to {counties.size:,} counties",
        [
            *(
                one(LIBRARY, lambda t=t: library(t), _from_library(units, number, "code"), t)
                for t in counts
            ),
            one(
                "pandas, straightforward",
                lambda: pandas_counts(frame, frame["division"] // 1000),
                _from_pandas(units, number),
            ),
            one("numpy, best (bincount)", numpy_county, np.asarray),
            *(one("Numba, fused", lambda t=t: numba_county(t), np.asarray, t) for t in counts),
            one(
                "polars, lazy",
                lambda: polars_counts(lazy, pl.col("division") // 1000),
                _from_polars(units, number),
                threads,
            ),
        ],
        repeats,
    )


def run(register: Register, repeats: int, threads: int) -> None:
    """Print the tables."""
    by_enterprise(register, register.grouped, "grouped", repeats, threads)
    by_enterprise(register, register.scattered, "random order", repeats, threads)
    by_text(register, repeats, threads)
    by_county(register, repeats, threads)
