"""What a call costs, and where tables come from."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow.csv as pacsv
from data import Register
from measure import lines, say

import safetyrisk as sr
from safetyrisk import _core


def calls(r: Register, repeats: int) -> None:
    """Binding overhead: one row against many."""
    one = [np.array([x]) for x in (3.0, 6.0, 15.0)]
    many = [x[: 10**6] for x in (r.L, r.E, r.C)]
    n = many[0].size
    whole = [x.astype(np.int64) for x in many]
    method = sr.scoring.method("lec")

    def micro(seconds: float) -> str:
        return f"{seconds * 1e6:.2f} µs a call"

    def rate(seconds: float) -> str:
        return f"{n / seconds / 1e6:.0f} M rows/s"

    lines(
        "Calls",
        "",
        [
            ("`_core.parse_crs`, a text each way", lambda: _core.parse_crs("wgs84"), micro),
            ('`scoring.method("lec")`', lambda: sr.scoring.method("lec"), micro),
            ("`scoring.lec`, 1 row, method by name", lambda: sr.scoring.lec(*one), micro),
            ("`scoring.lec`, 1 row, method compiled", lambda: sr.scoring.lec(*one, method), micro),
            ("`scoring.lec`, 1 row, lists", lambda: sr.scoring.lec([3], [6], [15], method), micro),
            (
                "numpy, `L * E * C` and `digitize`, 1 row",
                lambda: np.digitize(one[0] * one[1] * one[2], (70, 160, 320), right=True),
                micro,
            ),
            (f"`scoring.lec`, {n:,} rows, float64", lambda: sr.scoring.lec(*many, method), rate),
            (f"`scoring.lec`, {n:,} rows, int64", lambda: sr.scoring.lec(*whole, method), rate),
            (
                "`sr.grade`, dict of 1 row",
                lambda: sr.grade({"id": ["a"], "L": [3], "E": [6], "C": [15]}, "lec"),
                micro,
            ),
        ],
        repeats,
    )


def sources(r: Register, repeats: int, threads: int) -> None:
    """The same register in every form that sr.grade takes."""
    n = min(r.n, 10**6)
    numbers = {"id": r.id[:n], "L": r.L[:n], "E": r.E[:n], "C": r.C[:n]}
    texts = [f"R{k:07d}" for k in range(n)]
    named = numbers | {"id": texts}
    forms: list[tuple[str, object]] = [
        ("dict of arrays, no ids", {k: numbers[k] for k in "LEC"}),
        ("dict of arrays, ids are numbers", numbers),
        ("dict of arrays, ids are a list of texts", named),
        ("dict of arrays, ids are an array of objects", numbers | {"id": np.array(texts, object)}),
        ("dict of arrays, ids are a NumPy text array", numbers | {"id": np.array(texts)}),
        ("dict of arrays, method by row", named | {"method": ["lec"] * n}),
        ("pandas, ids are numbers", pd.DataFrame(numbers)),
        ("pandas, ids are texts", pd.DataFrame(named)),
        ("polars, ids are texts", pl.DataFrame(named)),
        ("Arrow, ids are texts", pl.DataFrame(named).to_arrow()),
    ]

    def rate(seconds: float) -> str:
        return f"{n / seconds / 1e6:.1f} M rows/s"

    def grader(form: object, t: int) -> Callable[[], object]:
        kwargs = {} if isinstance(form, dict) and "method" in form else {"method": "lec"}
        return lambda: sr.grade(form, threads=t, **kwargs)

    entries = [(f"`sr.grade`, {name}", grader(form, threads), rate) for name, form in forms]
    graded = sr.grade(numbers, "lec")
    entries += [
        ("`Graded.to_pandas`", lambda: graded.to_pandas(), rate),
        ("`Graded.to_arrow`", lambda: graded.to_arrow(), rate),
        ("`polars.DataFrame(graded)`", lambda: pl.DataFrame(graded), rate),
        ("`Graded.explanations().to_arrow`", lambda: graded.explanations().to_arrow(), rate),
        ("`Graded.explanations().to_pandas`", lambda: graded.explanations().to_pandas(), rate),
        (
            "`sr.grade(…).explanations().to_arrow`",
            lambda: sr.grade(numbers, "lec", threads=threads).explanations().to_arrow(),
            rate,
        ),
    ]
    lines(f"`sr.grade` on {n:,} rows, {threads} threads", "", entries, repeats)

    small: list[tuple[str, Callable[[], object], Callable[[float], str]]] = []
    for rows in (1, 100, 10_000):
        part = {name: cells[:rows] for name, cells in named.items()}
        for name, form in (
            ("dict", part),
            ("pandas", pd.DataFrame(part)),
            ("polars", pl.DataFrame(part)),
        ):
            small.append(
                (
                    f"`sr.grade`, {name}, {rows:,} rows",
                    grader(form, threads),
                    lambda seconds: f"{seconds * 1e3:.2f} ms",
                )
            )
    lines("Small tables", "", small, repeats)

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "register.csv"
        pl.DataFrame(named).write_csv(file)
        size = file.stat().st_size

        def speed(seconds: float) -> str:
            return f"{size / seconds / 1e6:.0f} MB/s"

        say(f"\n(The CSV file has {size / 1e6:.0f} MB.)")
        lines(
            f"CSV of {n:,} rows",
            "",
            [
                (
                    "`sr.grade`, path of a CSV file",
                    lambda: sr.grade(file, "lec", threads=threads),
                    speed,
                ),
                ("`pandas.read_csv`, reading only", lambda: pd.read_csv(file), speed),
                ("`polars.read_csv`, reading only", lambda: pl.read_csv(file), speed),
                ("`pyarrow.csv.read_csv`, reading only", lambda: pacsv.read_csv(file), speed),
            ],
            repeats,
        )


def run(register: Register, repeats: int, threads: int) -> None:
    """Print the tables."""
    calls(register, repeats)
    sources(register, repeats, threads)
