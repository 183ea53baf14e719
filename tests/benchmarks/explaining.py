"""Chains, methods mixed by row, and what a grade is made of: columns, words, records."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from data import C_STEPS, E_STEPS, L_STEPS
from measure import LIBRARY, Contestant, lines, race, say

import safetyrisk as sr
from safetyrisk import _core

# Products of different factors and bands, as rows of one table may name them.
MIXED = [
    "lec.t1", "lec.t2", "lec.shandong_a", "lec.shandong_b", "lec.water", "ls.db37", "ls.mine_wall",
    "ls.ahp_spa", "ls.form4", "mes.a",
]  # fmt: skip


def _words(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def checklist(items: int) -> sr.Pack:
    """A method of one checklist: flags, and a count in every fifth place."""
    inputs = [
        {"id": f"i{k}", "name": _words(f"项{k}"), "kind": "count" if k % 5 == 4 else "flag"}
        for k in range(items)
    ]
    listed = [
        {"id": f"c{k}", "name": _words(f"项{k}"), "input": f"i{k}", "points": -(k % 7 + 1) * 0.5}
        for k in range(items)
    ]
    bands = [
        ("red", "(-inf, 60)"),
        ("orange", "[60, 75)"),
        ("yellow", "[75, 90)"),
        ("blue", "[90, inf)"),
    ]
    content = {
        "form": "chain", "scale": {"id": "mine", "kind": "risk", "name": _words("s")},
        "inputs": inputs,
        "steps": [{"id": "R", "name": _words("R"), "do": "checklist", "points": 100, "floor": 0,
                   "items": listed}],
        "result": "R", "score": {"symbol": "R", "name": _words("R")},
        "bands": [{"label": str(k), "word": _words(g), "grade": g, "range": r}
                  for k, (g, r) in enumerate(bands)],
    }  # fmt: skip
    pack = {
        "pack": "mine.list", "kind": "method", "version": "1", "title": _words("list"),
        "source": [{"document": "x", "clause": "y", "edition": "z"}], "region": None,
        "valid_from": None, "valid_to": None, "confidence": "D", "default": False,
        "content": content, "tests": [],
    }  # fmt: skip
    return _core.parse_pack(json.dumps(pack), "list.json")


def _table(columns: dict[str, Any]) -> _core.Table:
    table = _core.Table("risk_points")
    for name, values in columns.items():
        table.add(name, values)
    return table


def run(n: int, repeats: int, threads: int) -> None:
    """Measure chains and explanations on n rows."""
    rng = np.random.default_rng(4)
    _mixed(rng, n, repeats, threads)
    _checklists(rng, n, repeats, threads)
    _explanations(rng, n, repeats, threads)


def _mixed(rng: np.random.Generator, n: int, repeats: int, threads: int) -> None:
    names = np.array(MIXED, dtype=object)[rng.integers(0, len(MIXED), n)]
    table = _table(
        {"id": np.arange(n), "method": names, "L": rng.choice([1.0, 3.0], n),
         "E": rng.choice([1.0, 2, 3, 6, 10], n), "C": rng.choice([7.0, 15, 40], n),
         "S": rng.choice([1.0, 2, 4], n), "M": rng.choice([1.0, 3, 5], n)}
    )  # fmt: skip
    lines(
        f"{n:,} rows, ten products mixed by row",
        "M rows/s",
        [(f"`grade`, {t} threads", lambda t=t: _core.grade(table, threads=t),
          lambda s: f"{n / s / 1e6:.1f}") for t in (1, threads)],
        repeats,
    )  # fmt: skip


def _checklists(rng: np.random.Generator, n: int, repeats: int, threads: int) -> None:
    items = 40
    method = _core.compile_method(checklist(items))
    cells = [rng.random(n) < 0.1 if k % 5 != 4 else rng.integers(0, 4, n) for k in range(items)]
    points = np.array([-(k % 7 + 1) * 0.5 for k in range(items)])
    floats = [cell.astype(np.float64) for cell in cells]
    words = [np.where(c, "是", "否").astype(object) if c.dtype == bool else c.astype(np.float64)
             for c in cells]  # fmt: skip
    forms = {
        "booleans": _table({"id": np.arange(n)} | {f"i{k}": c for k, c in enumerate(cells)}),
        "float64": _table({"id": np.arange(n)} | {f"i{k}": c for k, c in enumerate(floats)}),
        "texts 是 and 否": _table({"id": np.arange(n)} | {f"i{k}": c for k, c in enumerate(words)}),
    }

    def numpy_sum() -> np.ndarray:
        score = np.full(n, 100.0)
        for cell, point in zip(floats, points, strict=True):
            score += cell * point
        return np.maximum(score, 0.0)

    def ours(table: _core.Table, t: int) -> Any:
        return _core.grade(table, custom=method, threads=t)

    expected = numpy_sum()
    contestants = [
        Contestant(
            LIBRARY if name == "float64" else f"{LIBRARY}, {name}", lambda table=table, t=t: ours(table, t),
            lambda graded: graded.score_array(), expected, n, t,
        )
        for name, table in forms.items() for t in (1, threads)
    ]  # fmt: skip
    contestants.append(
        Contestant("numpy, sums alone, nothing checked", numpy_sum, lambda s: s, expected, n)
    )
    race(f"{n:,} rows, a checklist of {items} items", contestants, repeats, "M rows/s")


def _explanations(rng: np.random.Generator, n: int, repeats: int, threads: int) -> None:
    ids = np.char.add("R", np.arange(n).astype(str)).astype(object)
    table = {
        "id": ids,
        "L": rng.choice(L_STEPS, n),
        "E": rng.choice(E_STEPS, n),
        "C": rng.choice(C_STEPS, n),
    }
    graded = sr.grade(table, "lec")
    core = graded._graded
    few = sr.grade({name: column[:20_000] for name, column in table.items()}, "lec")
    unit = sr.grade(_diagnoses(20_000), "diagnosis.2018")._graded
    size = (
        sum(len(text.encode()) for text in core.prose("zh", threads).column("text")[:1000])
        * n
        / 1000
    )
    folder = Path(tempfile.mkdtemp())

    def per_second(rows: int, unit: float = 1e6, word: str = "M/s") -> Any:
        return lambda s: f"{rows / s / unit:.2f} {word}"

    entries = [
        (f"columns of explanations, {t} threads", lambda t=t: core.explanations("zh", t),
         per_second(n)) for t in (1, threads)
    ]  # fmt: skip
    entries += [
        (f"Chinese words of every row, {t} threads", lambda t=t: core.prose("zh", t),
         lambda s: f"{n / s / 1e6:.2f} M/s, {size / s / 1e9:.1f} GB/s") for t in (1, threads)
    ]  # fmt: skip
    entries += [
        ("words of 20,000 rows of a chain of 42 inputs", lambda: unit.prose("zh", threads),
         per_second(20_000, 1e3, "k/s")),
        ("record of 20,000 rows, written", lambda: sr.audit(few, folder / "a.jsonl"),
         per_second(20_000, 1e3, "k/s")),
        ("record of 20,000 rows, verified", lambda: sr.verify(folder / "a.jsonl"),
         per_second(20_000, 1e3, "k/s")),
        ("regrade by lec.t2", lambda: sr.regrade(graded, "lec.t2", threads=threads), per_second(n)),
    ]  # fmt: skip
    lines(f"{n:,} rows of LEC explained", "rate", entries, repeats)
    say("\nMemory that no program had since the machine began may cost several times as much to")
    say("write to for the first time; the rates above are of memory that is there.")


def _diagnoses(n: int) -> dict[str, Any]:
    cases = json.loads(sr.scoring.method("diagnosis.2018").pack.canonical)["tests"]
    rows = [case["inputs"] for case in cases if "status" not in case]
    names = dict.fromkeys(name for row in rows for name in row)
    return {"id": list(range(n))} | {
        name: [rows[k % len(rows)].get(name) for k in range(n)] for name in names
    }
