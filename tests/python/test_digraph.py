"""Bare graphs against networkx on random graphs, and what they stand."""

import itertools

import networkx as nx
import numpy as np
import pytest

import safetyrisk as sr
from safetyrisk.graph import Chains, Digraph


def random_graph(rng: np.random.Generator, acyclic: bool) -> tuple[nx.MultiDiGraph, Digraph]:
    """A graph of up to 14 nodes: loops, parallel edges and islands among them."""
    n = int(rng.integers(1, 15))
    m = int(rng.integers(0, 3 * n))
    source, target = rng.integers(0, n, m), rng.integers(0, n, m)
    if acyclic:
        names = rng.permutation(n)  # else every graph without circles had ascending edges
        keep = source != target
        low, high = np.minimum(source, target)[keep], np.maximum(source, target)[keep]
        source, target = names[low], names[high]
    peer = nx.MultiDiGraph()
    peer.add_nodes_from(range(n))
    peer.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
    if rng.random() < 0.5:  # sorted columns take another way in
        order = np.lexsort((target, source))
        source, target = source[order], target[order]
    return peer, Digraph(n, source.astype(rng.choice(["i4", "u4", "i8"])), target)


def split(found: tuple[np.ndarray, np.ndarray]) -> list[list[int]]:
    offsets, nodes = found
    return [nodes[a:b].tolist() for a, b in itertools.pairwise(offsets)]


def reached_sets(found: tuple[np.ndarray, np.ndarray]) -> list[list[int]]:
    return [sorted(nodes) for nodes in split(found)]


def nearest_first(peer: nx.MultiDiGraph, v: int, nodes: list[int]) -> bool:
    away = nx.single_source_shortest_path_length(peer, v)
    return nodes[0] == v and [away[x] for x in nodes] == sorted(away.values())


def by_smallest(groups: object, n: int) -> list[int]:
    label = [0] * n
    for number, group in enumerate(sorted(groups, key=min)):  # type: ignore[call-overload]
        for v in group:
            label[v] = number
    return label


@pytest.mark.parametrize("acyclic", [False, True])
def test_walks_components_and_cuts_are_those_of_networkx(acyclic: bool) -> None:
    rng = np.random.default_rng(11 + acyclic)
    for _ in range(1000):
        peer, g = random_graph(rng, acyclic)
        n = g.nodes
        everyone = np.arange(n)
        reached = [sorted(nx.descendants(peer, v) | {v}) for v in range(n)]
        walked = split(g.reach(everyone))
        assert [sorted(nodes) for nodes in walked] == reached
        assert all(nearest_first(peer, v, nodes) for v, nodes in enumerate(walked))
        assert g.reach_counts(everyone, threads=2).tolist() == [len(r) for r in reached]
        label, count = g.strong_components()
        strong = list(nx.strongly_connected_components(peer))
        assert (label.tolist(), count) == (by_smallest(strong, n), len(strong))
        label, count = g.islands()
        weak = list(nx.weakly_connected_components(peer))
        assert (label.tolist(), count) == (by_smallest(weak, n), len(weak))
        cuts = nx.articulation_points(nx.Graph(peer.to_undirected()))
        assert g.articulation_points().tolist() == sorted(set(cuts))
        back = g.reversed()
        assert reached_sets(back.reach(everyone)) == [
            sorted(nx.ancestors(peer, v) | {v}) for v in range(n)
        ]


@pytest.mark.parametrize("acyclic", [False, True])
def test_dominators_are_those_of_networkx_and_losses_those_of_removing_each_node(
    acyclic: bool,
) -> None:
    rng = np.random.default_rng(21 + acyclic)
    for _ in range(1000):
        peer, g = random_graph(rng, acyclic)
        n = g.nodes
        goals = rng.choice(n, size=int(rng.integers(0, min(n, 3) + 1)), replace=False)
        back = nx.DiGraph(peer).reverse()
        back.add_edges_from(("goal", int(v)) for v in goals)
        back.add_node("goal")
        above = {v: u for v, u in nx.immediate_dominators(back, "goal").items() if v != "goal"}
        expected = [{"goal": -1}.get(above.get(v, -2), above.get(v, -2)) for v in range(n)]
        assert g.dominators(goals).tolist() == expected

        weights = rng.integers(0, 100, n)
        served = nx.descendants(back, "goal")
        lost = []
        for v in range(n):
            rest = back.copy()
            rest.remove_node(v)
            left = nx.descendants(rest, "goal")
            lost.append(sum(int(weights[x]) for x in served - left))
        assert g.losses(goals, weights).tolist() == lost


@pytest.mark.parametrize("acyclic", [False, True])
def test_lowest_common_nodes_are_those_that_no_other_common_node_leads_to(acyclic: bool) -> None:
    rng = np.random.default_rng(31 + acyclic)
    for _ in range(500):
        peer, g = random_graph(rng, acyclic)
        n = g.nodes
        a, b = rng.integers(0, n, 5), rng.integers(0, n, 5)
        up = [nx.descendants(peer, v) | {v} for v in range(n)]
        expected = []
        for x, y in zip(a.tolist(), b.tolist(), strict=True):
            common = up[x] & up[y]
            expected.append(
                sorted(c for c in common if all(d in up[c] for d in common if c in up[d]))
            )
        assert split(g.lowest_common(a, b)) == expected


def test_a_topological_order_puts_each_node_before_those_above_it_or_names_a_circle() -> None:
    rng = np.random.default_rng(41)
    circles = 0
    for k in range(1000):
        peer, g = random_graph(rng, acyclic=k % 2 == 0)
        if nx.is_directed_acyclic_graph(peer):
            order = g.topological_order()
            place = np.argsort(order)
            assert sorted(order.tolist()) == list(range(g.nodes))
            assert all(place[v] < place[w] for v, w in peer.edges())
        else:
            circles += 1
            with pytest.raises(sr.InputError, match="circle") as caught:
                g.topological_order()
            nodes = [int(x) for x in str(caught.value).split(": ")[1].split(" → ")]
            assert nodes[0] == nodes[-1]
            assert all(peer.has_edge(v, w) for v, w in itertools.pairwise(nodes))
    assert circles > 100


def test_the_order_of_edges_changes_no_answer() -> None:
    rng = np.random.default_rng(51)
    source, target = rng.integers(0, 60, 150), rng.integers(0, 60, 150)
    low, high = np.minimum(source, target), np.maximum(source, target)
    keep = low != high
    low, high = low[keep], high[keep]

    def answers(order: np.ndarray) -> list[object]:
        g = Digraph(60, high[order], low[order])
        pairs = g.lowest_common(np.arange(0, 60, 2), np.arange(1, 60, 2))
        return [
            split(g.reach(np.arange(60))),
            g.topological_order().tolist(),
            g.losses([0, 3]).tolist(),
            g.articulation_points().tolist(),
            split(pairs),
        ]

    first = answers(np.arange(low.size))
    for _ in range(5):
        assert answers(rng.permutation(low.size)) == first


def test_edges_of_other_kinds_are_not_walked() -> None:
    g = Digraph(4, [0, 1, 0, 3], [1, 2, 3, 2], kinds=[1, 2, 7, 1])
    assert split(g.reach([0], kinds=[1, 2])) == [[0, 1, 2]]
    assert split(g.reach([0, 3], kinds=[7])) == [[0, 3], [3]]
    assert split(g.reach([0], kinds=[])) == [[0]]
    with pytest.raises(sr.InputError, match="no kinds"):
        Digraph(2, [0], [1]).reach([0], kinds=[1])


def test_a_chain_of_a_million_and_a_hub_of_a_million_are_walked_like_others() -> None:
    n = 1_000_000
    below = np.arange(n - 1)
    chain = Digraph(n, below, below + 1)
    assert chain.reach_counts([0, n - 1]).tolist() == [n, 1]
    assert chain.strong_components()[1] == n
    assert chain.articulation_points().size == n - 2
    assert chain.topological_order()[[0, -1]].tolist() == [0, n - 1]
    # Every node also leads straight to the top: what hangs on each is itself alone.
    twice = Digraph(n, np.r_[below, below[:-1]], np.r_[below + 1, np.full(n - 2, n - 1)])
    assert twice.losses([n - 1])[[0, 5, n - 1]].tolist() == [1, 1, n]
    ring = Digraph(n, np.arange(n), (np.arange(n) + 1) % n)
    assert ring.strong_components()[1] == 1
    assert ring.losses([0])[[1, n - 1, 0]].tolist() == [1, n - 1, n]
    hub = Digraph(n, below + 1, np.zeros(n - 1, np.int32))
    assert hub.losses([0]).tolist() == [n] + [1] * (n - 1)
    assert hub.articulation_points().tolist() == [0]
    assert hub.reversed().reach_counts([0]).tolist() == [n]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((3, [0, 3], [1, 1]), "source of edge 1 is 3"),
        ((3, [0, 1], [1, -1]), "target of edge 1 is -1"),
        ((3, np.array([0, 2**40]), [1, 1]), "source of edge 1 is 1099511627776"),
        ((3, [0, 1], [1]), "2 sources, 1 targets"),
        ((3, [0.5], [1]), "source is an array"),
        ((3, [0], [1], [300]), "0 to 255"),
        ((2**31, [], []), "fewer than"),
    ],
)
def test_edges_that_are_none_are_refused(arguments: tuple[object, ...], said: str) -> None:
    with pytest.raises(sr.InputError, match=said):
        Digraph(*arguments)  # type: ignore[arg-type]


def test_nodes_that_are_none_are_refused() -> None:
    g = Digraph(3, [0], [1])
    for ask in (g.reach, g.reach_counts, g.dominators, g.losses):
        with pytest.raises(sr.InputError, match="node"):
            ask([0, 3])
        with pytest.raises(sr.InputError, match="node"):
            ask([-1])
    with pytest.raises(sr.InputError, match="one number a node"):
        g.losses([0], [1, 2])
    with pytest.raises(sr.InputError, match="as many"):
        g.lowest_common([0, 1], [0])


def test_an_empty_graph_has_empty_answers() -> None:
    g = Digraph(0, [], [])
    assert split(g.reach([])) == []
    assert g.strong_components()[1] == g.islands()[1] == 0
    assert g.topological_order().size == g.articulation_points().size == g.losses([]).size == 0


def test_chains_are_the_walks_up_the_tree_with_the_units_met() -> None:
    rng = np.random.default_rng(61)
    for _ in range(300):
        n, columns = int(rng.integers(1, 30)), int(rng.integers(1, 4))
        names = rng.permutation(n)
        parent = np.full(n, -1)
        for i in range(1, n):
            if rng.random() < 0.9:
                parent[names[i]] = names[rng.integers(0, i)]
        units = np.where(rng.random((n, columns)) < 0.6, rng.integers(0, 99, (n, columns)), -1)
        units[rng.random(n) < 0.5] = -1

        def walk(p: int, parent: np.ndarray = parent) -> list[int]:
            path = [p]
            while parent[path[-1]] >= 0:
                path.append(int(parent[path[-1]]))
            return path[::-1]

        levels = max(len(walk(p)) for p in range(n))
        with_units = {len(walk(p)) - 1 for p in range(n) if (units[p] >= 0).any()}
        chains = Chains(parent, units)
        place, column = rng.integers(0, n, 40), rng.integers(0, columns, 40)
        written = chains.write(place, column)
        seen = chains.views(place, column)
        for i in range(40):
            path = walk(int(place[i]))
            path += [-1] * (levels - len(path))
            row = [path[level] for level in reversed(range(levels))]
            row += [
                int(units[path[level], column[i]]) if path[level] >= 0 else -1
                for level in sorted(with_units, reverse=True)
            ]
            assert written[i].tolist() == row
            assert chains.row(int(seen[i])).tolist() == row[1:]
        assert np.array_equal(chains.write(place, column, threads=2), written)


def test_chains_refuse_circles_and_strange_places() -> None:
    with pytest.raises(sr.InputError, match="circle: 1 → 2 → 1"):
        Chains([-1, 2, 1])
    with pytest.raises(sr.InputError, match="parent of place 0 is 5"):
        Chains([5])
    chains = Chains([-1, 0], [[1], [2]])
    with pytest.raises(sr.InputError, match="item 1 is at place 2"):
        chains.write([0, 2], [0, 0])
    with pytest.raises(sr.InputError, match="column 1 of 1"):
        chains.views([0], [1])
    with pytest.raises(sr.InputError, match="shape"):
        chains.write([0], [0], out=np.zeros((1, 9), np.int32))
    out = np.zeros((1, chains.width), np.int32)
    assert chains.write([1], [0], out=out) is out
    with pytest.raises(sr.InputError, match="too many"):
        Chains(np.arange(-1, 1_000_000 - 1))
