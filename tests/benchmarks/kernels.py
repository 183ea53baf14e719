"""The array functions alone: step codes, float64 columns, tallies by enterprise, small calls.

Every contestant writes into arrays that are there already, save the library's tallies and where the
table says "new arrays": fresh memory costs as much as grading, and is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import numba
import numpy as np
import polars as pl
from data import C_STEPS, E_STEPS, EDGES, L_STEPS, Register
from grading import _C, _E, _L, _numba_checked, _numba_fused
from measure import LIBRARY, Contestant, lines, race

import safetyrisk as sr

METHOD = sr.scoring.method("lec")


def _combinations() -> tuple[np.ndarray, np.ndarray]:
    """Score and grade by L code * 64 + E code * 8 + C code; code 0 is none."""
    score = np.zeros((8, 8, 8))
    score[1:8, 1:7, 1:7] = np.round(np.einsum("i,j,k->ijk", L_STEPS, E_STEPS, C_STEPS), 6)
    grade = (score > 0).astype(np.uint8)
    for edge in EDGES:
        grade += score > edge
    score[score == 0] = np.nan
    return score.ravel(), grade.ravel()


SCORES, GRADES = _combinations()
NARROW = SCORES.astype(np.float32)


@numba.njit(parallel=True)
def _numba_codes(l_code, e_code, c_code, score, grade, scores, grades):
    for i in numba.prange(l_code.size):
        k = (np.int64(l_code[i]) << 6) | (np.int64(e_code[i]) << 3) | np.int64(c_code[i])
        score[i] = scores[k]
        grade[i] = grades[k]


@numba.njit(parallel=True)
def _numba_grouped(l_code, e_code, c_code, offsets, counts, total, worst, scores, grades):
    for g in numba.prange(offsets.size - 1):
        none = blue = yellow = orange = red = 0
        t = w = 0.0
        for i in range(offsets[g], offsets[g + 1]):
            k = (np.int64(l_code[i]) << 6) | (np.int64(e_code[i]) << 3) | np.int64(c_code[i])
            code = grades[k]
            none += code == 0
            blue += code == 1
            yellow += code == 2
            orange += code == 3
            red += code == 4
            if code > 0:
                t += scores[k]
                w = max(w, scores[k])
        counts[g, 0], counts[g, 1], counts[g, 2] = none, blue, yellow
        counts[g, 3], counts[g, 4] = orange, red
        total[g] = t
        worst[g] = w


@numba.njit(parallel=True)
def _numba_grouped_values(L, E, C, offsets, counts, total, worst):
    for g in numba.prange(offsets.size - 1):
        yellow = orange = red = 0
        t = w = 0.0
        for i in range(offsets[g], offsets[g + 1]):
            d = L[i] * E[i] * C[i]
            yellow += d > 70.0
            orange += d > 160.0
            red += d > 320.0
            t += d
            w = max(w, d)
        counts[g, 0] = 0
        counts[g, 1] = offsets[g + 1] - offsets[g] - yellow
        counts[g, 2], counts[g, 3], counts[g, 4] = yellow - orange, orange - red, red
        total[g] = t
        worst[g] = w


@numba.njit(parallel=True)
def _numba_scattered(l_code, e_code, c_code, ids, counts, total, worst, scores, grades):
    parts = counts.shape[0]
    for part in numba.prange(parts):
        for i in range(ids.size * part // parts, ids.size * (part + 1) // parts):
            k = (np.int64(l_code[i]) << 6) | (np.int64(e_code[i]) << 3) | np.int64(c_code[i])
            g = ids[i]
            counts[part, g, grades[k]] += 1
            if grades[k] > 0:
                total[part, g] += scores[k]
                worst[part, g] = max(worst[part, g], scores[k])


def _threads(t: int, call: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        numba.set_num_threads(t)
        return call()

    return run


def scoring(r: Register, codes: list[np.ndarray], repeats: int, threads: int) -> None:
    """Three bytes in and five out; then 24 and nine."""
    n = r.n
    narrow, wide, grade = np.empty(n, np.float32), np.empty(n), np.empty(n, np.uint8)

    def summary(out: Any) -> tuple[float, np.ndarray]:
        score, g = out or (narrow, grade)
        return float(score.sum(dtype=np.float64)), np.bincount(g, minlength=5)

    def wide_summary(out: Any) -> tuple[float, np.ndarray]:
        return summary(out or (wide, grade))

    def numpy_codes() -> None:
        block = 1 << 14
        for start in range(0, n, block):
            at = slice(start, start + block)
            k = codes[0][at].astype(np.int16) << 6
            k |= codes[1][at].astype(np.int16) << 3
            k |= codes[2][at]
            np.take(NARROW, k, out=narrow[at], mode="clip")
            np.take(GRADES, k, out=grade[at], mode="clip")

    counts = sorted({1, threads})
    expected = summary(sr.scoring.score_codes(codes, METHOD))
    race(
        f"Score {n:,} judgements, step codes to float32 (8 bytes a judgement)",
        [
            *(
                Contestant(
                    LIBRARY,
                    lambda t=t: sr.scoring.score_codes(
                        codes, METHOD, threads=t, out=(narrow, grade)
                    ),
                    summary,
                    expected,
                    n,
                    t,
                )
                for t in counts
            ),
            Contestant("numpy, best (take in blocks)", numpy_codes, summary, expected, n),
            *(
                Contestant(
                    "Numba, table of combinations",
                    _threads(t, lambda: _numba_codes(*codes, narrow, grade, NARROW, GRADES)),
                    summary,
                    expected,
                    n,
                    t,
                )
                for t in counts
            ),
        ],
        repeats,
    )
    L, E, C = r.L, r.E, r.C
    expected = wide_summary(sr.scoring.lec(L, E, C))

    def one(name: str, call: Callable[[], Any], t: int) -> Contestant:
        return Contestant(name, call, wide_summary, expected, n, t)

    race(
        f"Score {n:,} judgements, float64 columns to float64 (33 bytes a judgement)",
        [
            contestant
            for t in counts
            for contestant in (
                one(
                    LIBRARY,
                    lambda t=t: sr.scoring.lec(L, E, C, METHOD, threads=t, out=(wide, grade)),
                    t,
                ),
                one(
                    "Numba, same checks",
                    _threads(t, lambda: _numba_checked(L, E, C, wide, grade, _L, _E, _C)),
                    t,
                ),
                one(
                    "Numba, nothing checked",
                    _threads(t, lambda: _numba_fused(L, E, C, wide, grade)),
                    t,
                ),
                one(
                    f"{LIBRARY}, new arrays",
                    lambda t=t: sr.scoring.lec(L, E, C, METHOD, threads=t),
                    t,
                ),
            )
        ],
        repeats,
    )


def tallies(r: Register, codes: list[np.ndarray], repeats: int, threads: int) -> None:
    """Counts by grade, sum and worst of every enterprise."""
    n, units = r.n, r.enterprises
    offsets = np.searchsorted(r.grouped, np.arange(units + 1))
    numbers = np.empty((units, 5), np.int32)
    total, worst = np.empty(units), np.empty(units)
    expected_of = {}

    def tallied(t: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return (
            t.counts.astype(np.int64),
            np.round(t.score_sum * 100).astype(np.int64),
            np.round(t.worst_score * 100).astype(np.int64),
        )

    def arrays(out: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        c, t, w = (numbers, total, worst) if out is None else out
        return (
            c[:, 1:].astype(np.int64),
            np.round(t * 100).astype(np.int64),
            np.round(w * 100).astype(np.int64),
        )

    def frame(out: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        data = out if isinstance(out, dict) else out.to_dict(as_series=False)
        at = np.asarray(data["ent"])
        c, t, w = np.zeros((units, 5)), np.zeros(units), np.zeros(units)
        for k, colour in enumerate(("blue", "yellow", "orange", "red")):
            c[at, k + 1] = data[colour]
        t[at], w[at] = data["total"], data["worst"]
        return arrays((c, t, w))

    def numpy_tally(ids: np.ndarray) -> Callable[[], Any]:
        def run() -> Any:
            k = (codes[0].astype(np.int16) << 6) | (codes[1].astype(np.int16) << 3) | codes[2]
            g, d = GRADES[k], SCORES[k]
            c = np.bincount(ids * 5 + g, minlength=units * 5).reshape(units, 5)
            t = np.bincount(ids, weights=d, minlength=units)
            w = np.zeros(units)
            np.maximum.at(w, ids, d)
            return c, t, w

        return run

    def polars_tally(ids: np.ndarray) -> Callable[[], Any]:
        lazy = pl.DataFrame({"ent": ids, "L": r.L, "E": r.E, "C": r.C}).lazy()
        score = pl.col("D")
        bands = {
            "blue": score <= EDGES[0],
            "yellow": (score > EDGES[0]) & (score <= EDGES[1]),
            "orange": (score > EDGES[1]) & (score <= EDGES[2]),
            "red": score > EDGES[2],
        }
        query = (
            lazy.select("ent", D=pl.col("L") * pl.col("E") * pl.col("C"))
            .group_by("ent")
            .agg(
                *(band.sum().alias(colour) for colour, band in bands.items()),
                score.sum().alias("total"),
                score.max().alias("worst"),
            )
        )
        return query.collect

    def duckdb_tally(ids: np.ndarray) -> Callable[[], Any]:
        base = duckdb.connect(config={"threads": threads})
        points = pl.DataFrame({"ent": ids, "L": r.L, "E": r.E, "C": r.C}).to_arrow()
        base.register("points", points)
        base.execute("create table p as select * from points")
        a, b, c = EDGES
        query = (
            f"select ent, count(*) filter (D <= {a}) blue,"
            f" count(*) filter (D > {a} and D <= {b}) yellow,"
            f" count(*) filter (D > {b} and D <= {c}) orange, count(*) filter (D > {c}) red,"
            " sum(D) total, max(D) worst from (select ent, L * E * C D from p) group by ent"
        )
        return lambda: base.execute(query).fetchnumpy()

    def scattered(t: int) -> Callable[[], Any]:
        def run() -> Any:
            # A table for each thread, then their sum: additions to a shared one would be lost.
            c = np.zeros((t, units, 5), np.int32)
            s, w = np.zeros((t, units)), np.zeros((t, units))
            _numba_scattered(*codes, r.scattered, c, s, w, SCORES, GRADES)
            return (c[0], s[0], w[0]) if t == 1 else (c.sum(axis=0), s.sum(axis=0), w.max(axis=0))

        return _threads(t, run)

    counts = sorted({1, threads})
    for how, ids in (("grouped", r.grouped), ("random order", r.scattered)):
        expected_of[how] = tallied(
            sr.scoring.tally(codes, METHOD, groups=ids, n_groups=units, codes=True)
        )

    def ours(how: str, name: str, t: int, **given: Any) -> Contestant:
        given = {"factors": codes, "codes": True} | given
        return Contestant(
            name,
            lambda: sr.scoring.tally(pack=METHOD, threads=t, **given),
            tallied,
            expected_of[how],
            n,
            t,
        )

    def peer(how: str, name: str, call: Any, result: Any, t: int = 1) -> Contestant:
        return Contestant(name, call, result, expected_of[how], n, t)

    race(
        f"Score {n:,} judgements and tally {units:,} enterprises, step codes, grouped",
        [
            *(ours("grouped", LIBRARY, t, offsets=offsets) for t in counts),
            *(
                ours("grouped", f"{LIBRARY}, sorted ids", t, groups=r.grouped, n_groups=units)
                for t in counts
            ),
            *(
                peer(
                    "grouped",
                    "Numba, offsets",
                    _threads(
                        t,
                        lambda: _numba_grouped(
                            *codes, offsets, numbers, total, worst, SCORES, GRADES
                        ),
                    ),
                    arrays,
                    t,
                )
                for t in counts
            ),
            peer("grouped", "polars, lazy", polars_tally(r.grouped), frame, threads),
            peer("grouped", "duckdb", duckdb_tally(r.grouped), frame, threads),
        ],
        repeats,
    )
    values = (r.L, r.E, r.C)
    race(
        f"Score {n:,} judgements and tally {units:,} enterprises, float64 columns, grouped",
        [
            *(
                ours("grouped", LIBRARY, t, factors=values, codes=False, offsets=offsets)
                for t in counts
            ),
            *(
                peer(
                    "grouped",
                    "Numba, nothing checked",
                    _threads(
                        t,
                        lambda: _numba_grouped_values(*values, offsets, numbers, total, worst),
                    ),
                    arrays,
                    t,
                )
                for t in counts
            ),
        ],
        repeats,
    )
    race(
        f"Score {n:,} judgements and tally {units:,} enterprises, step codes, random order",
        [
            *(ours("random order", LIBRARY, t, groups=r.scattered, n_groups=units) for t in counts),
            *(peer("random order", "Numba, scattered", scattered(t), arrays, t) for t in counts),
            peer("random order", "numpy, bincount", numpy_tally(r.scattered), arrays),
            peer("random order", "polars, lazy", polars_tally(r.scattered), frame, threads),
            peer("random order", "duckdb", duckdb_tally(r.scattered), frame, threads),
        ],
        repeats,
    )


def calls(r: Register, repeats: int) -> None:
    """What a call costs beside the time of its rows in bulk."""

    def words(n: int) -> Callable[[float], str]:
        return lambda seconds: f"{seconds * 1e6:.2f} µs, {seconds / n * 1e9:.2f} ns a row"

    entries: list[tuple[str, Callable[[], Any], Callable[[float], str]]] = []
    for n in (1, 100, 10_000, r.n):
        cut = [np.ascontiguousarray(x[:n]) for x in (r.L, r.E, r.C)]
        codes = [sr.scoring.encode(x, f) for x, f in zip(cut, "LEC", strict=True)]
        whole = [np.ascontiguousarray(np.ceil(x)).astype(np.int64) for x in cut]
        ids = np.zeros(n, np.int64)
        entries += [
            (
                f"`scoring.lec`, {n:,} rows, float64",
                lambda cut=cut: sr.scoring.lec(*cut, METHOD),
                words(n),
            ),
            (
                f"`scoring.lec`, {n:,} rows, int64",
                lambda whole=whole: sr.scoring.lec(*whole, METHOD),
                words(n),
            ),
            (
                f"`scoring.score_codes`, {n:,} rows",
                lambda codes=codes: sr.scoring.score_codes(codes, METHOD),
                words(n),
            ),
            (
                f"`scoring.tally`, {n:,} rows of one group",
                lambda codes=codes, ids=ids: sr.scoring.tally(
                    codes, METHOD, groups=ids, n_groups=1, codes=True
                ),
                words(n),
            ),
        ]
    lines("Calls of the array functions", "time, time a row", entries, repeats)


def run(register: Register, repeats: int, threads: int) -> None:
    """Print the tables."""
    codes = [
        sr.scoring.encode(x, f)
        for x, f in zip((register.L, register.E, register.C), "LEC", strict=True)
    ]
    scoring(register, codes, repeats, threads)
    tallies(register, codes, repeats, threads)
    calls(register, repeats)
