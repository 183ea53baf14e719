"""Graphs of a province: bare graphs and the responsibility graph, beside their peers."""

from __future__ import annotations

import ctypes
import json
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import numba
import numpy as np
import pyarrow as pa
from measure import LIBRARY, Contestant, lines, race, say
from province import SECTORS, Province

import safetyrisk as sr
from safetyrisk import _core as core
from safetyrisk.graph import Chains, Digraph

HERE = Path(__file__).resolve().parent


# ── peers ───────────────────────────────────────────────────────────────────────────────────────


@numba.njit(nogil=True)
def _walk(parent, units, place, column, out):  # the chain of each item, level by level
    for i in range(place.size):
        p = place[i]
        out[i, 0] = p
        for k in range(1, 5):
            p = parent[p]
            out[i, k] = p
            out[i, k + 4] = units[p, column[i]]


@numba.njit(nogil=True)
def _gap(county, exists, place, column, colour, weights, counts, weight):
    for i in range(place.size):
        c = county[place[i]]
        s = column[i]
        counts[c, s] += 1
        if not exists[c, s]:
            weight[c, s] += weights[colour[i]]


@numba.njit(nogil=True)
def _load(parent, units, place, column, colour, demand, out):
    for i in range(place.size):
        p = parent[place[i]]
        s = column[i]
        d = demand[colour[i]]
        while p >= 0:
            u = units[p, s]
            if u >= 0:
                out[u] += d
            p = parent[p]


def numpy_walk(p: Province) -> np.ndarray:
    """Parent by parent, one column after the other."""
    out = np.empty((9, p.village.size), np.int32)
    at = p.village
    out[0] = at
    for k in range(1, 5):
        at = p.parent[at]
        out[k] = at
        out[k + 4] = p.units[at, p.sector]
    return out.T


class Boost:
    """Boost.Graph behind C functions; None where there is no compiler or no header."""

    @staticmethod
    def load() -> Any:
        """Compile and load it."""
        out = Path(tempfile.mkdtemp()) / "peer.so"
        command = ["g++", "-std=c++20", "-O3", "-shared", "-fPIC", "-o", str(out)]
        made = subprocess.run([*command, str(HERE / "boost_peer.cpp")], capture_output=True)
        if made.returncode:
            return None
        peer = ctypes.CDLL(str(out))
        array = np.ctypeslib.ndpointer(np.int32, flags="C")
        peer.peer_build.restype = ctypes.c_void_p
        peer.peer_build.argtypes = [ctypes.c_uint32, array, array, ctypes.c_size_t]
        peer.peer_free.argtypes = [ctypes.c_void_p]
        peer.peer_reach.restype = ctypes.c_uint64
        peer.peer_reach.argtypes = [ctypes.c_void_p, array, ctypes.c_size_t]
        return peer


# ── bare graphs ─────────────────────────────────────────────────────────────────────────────────


def bare(p: Province, repeats: int, threads: int) -> None:
    """Build, reach, what every node carries, chains."""
    m = p.source.size
    pairs = np.column_stack([p.source, p.target])
    peer = Boost.load()
    say(f"\nA province: {p.nodes:,} nodes, {m:,} edges.")

    def boost_build() -> int:
        graph = peer.peer_build(p.nodes, p.source, p.target, m)
        peer.peer_free(graph)
        return m

    def edges(graph: Any) -> int:
        return graph if isinstance(graph, int) else graph.edges

    entries = [
        Contestant(LIBRARY, lambda: Digraph(p.nodes, p.source, p.target), edges, m, m),
        Contestant(
            "igraph", lambda: igraph.Graph(n=p.nodes, edges=pairs, directed=True).ecount(),
            int, m, m,
        ),
    ]  # fmt: skip
    if peer:
        entries.append(Contestant("Boost, compressed rows", boost_build, int, m, m))
    race("Build from sorted columns, M edges/s", entries, repeats)

    g = Digraph(p.nodes, p.source, p.target)
    say(f"\n{g.nbytes / m:.1f} bytes an edge.")
    other = igraph.Graph(n=p.nodes, edges=pairs, directed=True)
    everyone = np.arange(p.first_enterprise, p.nodes, dtype=np.int32)
    some, few = everyone[: everyone.size // 10], everyone[:200]
    total = int(g.reach_counts(everyone).sum())
    entries = [
        Contestant(f"{LIBRARY}", lambda: g.reach(everyone), lambda r: int(r[0][-1]), total,
                   everyone.size),
        Contestant("the same, how many only", lambda: g.reach_counts(everyone),
                   lambda r: int(r.sum()), total, everyone.size),
        Contestant("igraph neighborhood", lambda: other.neighborhood(some, order=99, mode="out"),
                   lambda r: sum(map(len, r)), int(g.reach_counts(some).sum()), some.size),
    ]  # fmt: skip
    if peer:
        built = peer.peer_build(p.nodes, p.source, p.target, m)
        entries.append(
            Contestant("Boost breadth_first_visit, how many only",
                       lambda: peer.peer_reach(built, everyone, everyone.size), int, total,
                       everyone.size)
        )  # fmt: skip
    if p.nodes < 500_000:
        slow = nx.DiGraph(zip(p.source.tolist(), p.target.tolist(), strict=True))
        entries.append(
            Contestant("networkx descendants", lambda: [nx.descendants(slow, v) for v in few],
                       lambda r: sum(map(len, r)) + few.size, int(g.reach_counts(few).sum()),
                       few.size)
        )  # fmt: skip
    race("Who is above each enterprise, M sources/s", entries, repeats)

    weights = np.zeros(p.nodes, np.int64)
    weights[p.first_enterprise :] = 1
    back = igraph.Graph(n=p.nodes, edges=pairs[:, ::-1], directed=True)
    # igraph gives -1 for the root; the library has no other goal than node 0, either.
    tree = g._graph.dominators(np.zeros(1, np.int32))
    race(
        "On whom each depends, and what each carries, M nodes/s",
        [
            Contestant(LIBRARY, lambda: g.losses([0], weights), lambda r: int(r[0]),
                       int(weights.sum()), p.nodes),
            Contestant("the same without sums", lambda: g.dominators([0]), lambda r: r[1:],
                       tree[1:], p.nodes),
            Contestant("igraph dominator, without sums",
                       lambda: back.dominator(0, mode="out"),
                       lambda r: np.array(r, np.int32)[1:], tree[1:], p.nodes),
        ],
        repeats,
    )  # fmt: skip

    chains = Chains(p.parent, p.units)
    n = p.village.size
    tenth = everyone[:: max(n // 200_000, 1)]
    out, rows = np.empty((n, chains.width), np.int32), np.empty(n, np.int32)
    mine = np.empty((n, 9), np.int32)
    expected = chains.write(p.village, p.sector)

    def reordered(found: np.ndarray) -> np.ndarray:  # one level after the other, as the library
        return np.ascontiguousarray(found)

    def numba_walk() -> np.ndarray:
        _walk(p.parent, p.units, p.village, p.sector, mine)
        return mine

    race(
        "All chains, M enterprises/s",
        [
            Contestant(LIBRARY, lambda: chains.write(p.village, p.sector, out), reordered,
                       expected, n),
            Contestant(LIBRARY, lambda: chains.write(p.village, p.sector, out, threads),
                       reordered, expected, n, threads),
            Contestant("the same, as views",
                       lambda: chains.views(p.village, p.sector, rows), lambda r: r.size, n, n),
            Contestant("the same, table made anew",
                       lambda: Chains(p.parent, p.units).write(p.village, p.sector, out),
                       reordered, expected, n),
            Contestant("Numba, parent by parent", numba_walk, reordered, expected, n),
            Contestant("NumPy, parent by parent", lambda: numpy_walk(p), reordered, expected, n),
            Contestant("igraph neighborhood(order=9), a tenth of them",
                       lambda: other.neighborhood(tenth, order=9, mode="out"), len, tenth.size,
                       tenth.size),
        ],
        repeats,
    )  # fmt: skip


# ── the responsibility graph ────────────────────────────────────────────────────────────────────


def codes(p: Province) -> np.ndarray:
    """Division codes of the places: 37, 3701, 370101, 370101001, 370101001001."""
    width = (0, 2, 2, 3, 3)
    out = np.empty(p.places, object)
    out[0] = "37"
    seen = np.zeros(p.places, int)
    for place in range(1, p.places):
        above = p.parent[place]
        seen[above] += 1
        out[place] = f"{out[above]}{seen[above]:0{width[p.level[place]]}}"
    return out


def tables(p: Province, *, direct: bool) -> dict[str, pa.Table]:
    """Tables as users have them: texts, edges in any order.

    `direct` writes regulators and villages enterprise by enterprise instead of by region.
    """
    pack = next(pack for pack in sr.packs() if pack.id == "sectors.usual")
    content = json.loads(pack.canonical)["content"]["sectors"]
    above = {s.get("parent") for s in content}
    leaves = [s["id"] for s in content if s["id"] not in above and not s["links"]]
    sectors = np.array(leaves[:SECTORS], object)
    code = codes(p)
    seat, sector = np.nonzero(p.units >= 0)
    dept = np.array([f"d{i:06}" for i in range(p.departments)], object)
    firms = np.array([f"e{i:07}" for i in range(p.village.size)], object)
    colours = np.array(["blue", "yellow", "orange", "red"], object)
    grade = colours[np.searchsorted([1, 2, 4, 8], p.weight)]
    nodes = {"id": dept, "kind": np.full(dept.size, "dept", object), "division": code[seat],
             "name": np.array([f"部门{i}" for i in range(dept.size)], object)}  # fmt: skip
    upper = np.where(seat > 0, p.nearest[np.maximum(p.parent[seat], 0), sector], -1) - p.places
    guided = upper >= 0
    source, target = [dept, dept[upper[guided]]], [code[seat], dept[guided]]
    kind, named = ["REGULATES", "GUIDES"], [sectors[sector], np.full(guided.sum(), None, object)]
    if direct:
        villages = np.flatnonzero(p.level == 4)
        ids = np.array([f"v{i:06}" for i in range(p.places)], object)
        nodes = {
            "id": np.concatenate([nodes["id"], ids[villages]]),
            "kind": np.concatenate([nodes["kind"], np.full(villages.size, "village", object)]),
            "name": np.concatenate([nodes["name"], np.full(villages.size, "村委会", object)]),
            "division": np.concatenate([nodes["division"], code[villages]]),
        }
        nearest = p.nearest[p.village, p.sector] - p.places
        source += [ids[p.village], dept[nearest]]
        target += [firms, firms]
        kind += ["TERRITORIAL", "REGULATES"]
        named += [np.full(firms.size, None, object), sectors[p.sector]]
    kinds = np.concatenate([np.full(s.size, k, object) for s, k in zip(source, kind, strict=True)])
    order = np.random.default_rng(5).permutation(kinds.size)
    return {
        "divisions": pa.table({"code": code, "name": code}),
        "nodes": pa.table(nodes),
        "enterprises": pa.table({"id": firms, "name": firms, "division": code[p.village],
                                 "sectors": sectors[p.sector], "grade": grade}),
        "edges": pa.table({"source": np.concatenate(source)[order],
                           "target": np.concatenate(target)[order], "kind": kinds[order],
                           "sectors": np.concatenate(named)[order]}),
    }  # fmt: skip


def duties(p: Province, repeats: int, threads: int) -> None:
    """Build from texts; coverage, load, what-ifs."""
    for direct in (True, False):
        given = tables(p, direct=direct)
        start = time.perf_counter()
        graph = sr.ResponsibilityGraph.from_tables(**given, data_date="2026-01-01")
        spent = time.perf_counter() - start
        edges = len(graph.edges)
        how = "enterprise by enterprise" if direct else "by region"
        say(
            f"\nResponsibility graph, regulators {how}: {len(graph):,} nodes, {edges:,} edges, "
            f"from texts in any order in {spent:.2f} s; {graph.nbytes / edges:.0f} bytes an edge."
        )
        if direct:
            what_ifs(graph, f"d{int(p.units[100, 0]) - p.places:06}", how, repeats)
    colour = np.searchsorted([1, 2, 4, 8], p.weight).astype(np.uint8)
    weights = np.array([1, 2, 4, 8], np.int64)
    demand = weights * np.array([1, 2, 4, 12])
    county = p.ancestor(2)
    exists = p.units >= 0

    def numba_gap() -> tuple[int, int]:
        counts = np.zeros((p.places, SECTORS), np.int64)
        weight = np.zeros((p.places, SECTORS), np.int64)
        _gap(county, exists, p.village, p.sector, colour, weights, counts, weight)
        return int(counts.sum()), int(weight.sum())

    def numpy_gap() -> tuple[int, int]:
        at = county[p.village].astype(np.int64)
        counts = np.bincount(at * SECTORS + p.sector, minlength=p.places * SECTORS)
        blind = ~exists[at, p.sector]
        cells = (at * SECTORS + p.sector)[blind]
        weight = np.bincount(cells, p.weight[blind], p.places * SECTORS)
        return int(counts.sum()), int(weight.sum())

    def own_gap(found: sr.graph.Coverage) -> tuple[int, int]:
        cells = found.to_columns()
        own = cells["from"] != "own"
        return int(cells["enterprises"].sum()), int(cells["risk_weight"][own].sum())

    gap = numpy_gap()
    n = p.village.size
    # Nothing of these tables has dates: a day that nobody asked of is only a cold one.
    days = map(str, np.datetime64("2027-01-01") + np.arange(10_000))
    race(
        "Coverage of 60 sectors in 151 counties, M enterprises/s",
        [
            Contestant(LIBRARY, lambda: graph.coverage(threads=1), own_gap, gap, n),
            Contestant("the first question of a day",
                       lambda: graph.coverage(on=next(days), threads=1), own_gap, gap, n),
            Contestant("Numba, the counting alone", numba_gap, lambda r: r, gap, n),
            Contestant("NumPy, the counting alone", numpy_gap, lambda r: r, gap, n),
        ],
        repeats,
    )  # fmt: skip

    def numba_load() -> int:
        out = np.zeros(p.nodes, np.int64)
        _load(p.parent, p.units, p.village, p.sector, colour, demand, out)
        return int(out.sum())

    def numpy_load() -> int:
        total = np.zeros(p.nodes)
        at, each = p.village, demand[colour].astype(float)
        for _ in range(4):
            at = p.parent[at]
            unit = p.units[at, p.sector]
            there = unit >= 0
            total += np.bincount(unit[there], each[there], p.nodes)
        return int(total.sum())

    def own_load(found: sr.graph.Load) -> int:
        return int(found.to_columns()["demand"].sum())

    wanted = numpy_load()
    race(
        f"Load of {p.departments:,} departments, M enterprises/s",
        [
            Contestant(LIBRARY, lambda: graph.load(threads=1), own_load, wanted, n),
            Contestant("the first question of a day",
                       lambda: graph.load(on=next(days), threads=1), own_load, wanted, n),
            Contestant("Numba, the summing alone", numba_load, lambda r: r, wanted, n),
            Contestant("NumPy, the summing alone", numpy_load, lambda r: r, wanted, n),
        ],
        repeats,
    )  # fmt: skip
    say(f"\n{graph.nbytes / 1e6:.0f} MB with what two days share.")

    unit = f"d{int(p.units[100, 0]) - p.places:06}"  # a department of a county
    what_ifs(graph, unit, "by region", repeats)
    firms = [f"e{i:07}" for i in range(n)]
    answers(graph, firms, threads, repeats)


def what_ifs(graph: sr.ResponsibilityGraph, unit: str, how: str, repeats: int) -> None:
    """One department dissolved; both sides are asked, and the first question of the day is past."""
    change = [sr.Dissolve(unit)]
    graph.what_if(change)
    plain = "ms with orphans and proposals to be read"
    lines(
        f"What if one department of a county is dissolved, regulators {how}",
        "what is compared",
        [
            (
                "coverage",
                lambda: graph.what_if(change, ask_rules=False, load=False),
                lambda _: plain,
            ),
            ("coverage and load", lambda: graph.what_if(change, ask_rules=False), lambda _: plain),
            (
                "coverage and the rules of departments",
                lambda: graph.what_if(change, rules=["RD-01", "RD-02", "RD-09"], load=False),
                lambda _: plain,
            ),
            (
                "coverage and all rules",
                lambda: graph.what_if(change, load=False),
                lambda _: plain,
            ),
            ("all of it", lambda: graph.what_if(change), lambda _: plain),
        ],
        repeats,
    )


def answers(graph: sr.ResponsibilityGraph, firms: list[str], threads: int, repeats: int) -> None:
    """Who answers: one after the other, and for all."""
    seen: dict[str, int] = {}

    def one_by_one() -> None:
        seen["one"] = sum(len(graph.who(firm)) for firm in firms[:97_000:97])

    def shared() -> None:
        seen["classes"] = graph.who_all(threads=threads).classes

    def streamed() -> None:
        seen["rows"] = 0

        def take(table: core.Table) -> None:
            seen["rows"] += table.rows

        core.who_rows(graph._graph, take, firms, threads=threads)

    lines(
        "Who answers",
        "",
        [
            ("1000 enterprises, a call each, gaps and reasons found", one_by_one,
             lambda _: f"ms a thousand, {seen['one'] / 1000:.1f} answers each"),
        ],
        repeats,
    )  # fmt: skip
    before = peak()
    lines(
        "Who answers for every enterprise",
        "",
        [
            ("said once for all that share it", shared,
             lambda _: f"{threads} threads, {seen['classes']:,} classes"),
            ("full rows, batch by batch", streamed,
             lambda _: f"{threads} threads, {seen['rows']:,} rows"),
        ],
        1,
    )  # fmt: skip
    say(f"\nThe most held at one time: {before:,.0f} MB before, {peak():,.0f} MB after.")


def peak() -> float:
    """Megabytes that the process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def run(enterprises: int, repeats: int, threads: int) -> None:
    """Everything about graphs."""
    province = Province(enterprises)
    bare(province, repeats, threads)
    duties(province, repeats, threads)
