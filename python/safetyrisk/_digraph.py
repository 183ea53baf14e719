"""Bare directed graphs of whole numbers: what is asked of all nodes at once, as NumPy arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._arguments import expect_threads

__all__ = ["Chains", "Digraph"]


class Digraph:
    """A compact directed graph: nodes 0 to n - 1, edges as two arrays of numbers.

    Edges run upwards, from who is subject to whom. Answers depend on the set of edges, not on
    their order. Nodes in results are ``int32``, -1 where there is none.

    Parameters
    ----------
    nodes
        How many nodes, below 2³¹.
    source, target
        Shape (m,), whole numbers. Sorted by source and then target they are taken as they are.
    kinds
        Shape (m,), 0 to 255: types of the edges.

    Raises
    ------
    InputError
        A number is no node, or the lengths differ.

    Examples
    --------
    Two enterprises (0, 1), their town (2), the bureau that both answer to (3), the county (4):

    >>> from safetyrisk.graph import Digraph
    >>> g = Digraph(5, [0, 1, 0, 1, 2, 3], [2, 2, 3, 3, 4, 4])
    >>> g
    <Digraph: 5 nodes, 6 edges>
    >>> offsets, nodes = g.reach([0, 2])
    >>> nodes[offsets[0]:offsets[1]].tolist(), nodes[offsets[1]:offsets[2]].tolist()
    ([0, 2, 3, 4], [2, 4])
    >>> g.losses(goals=[4], weights=[1, 1, 0, 0, 0]).tolist()  # enterprises lost without each
    [1, 1, 0, 0, 2]
    """

    def __init__(
        self, nodes: int, source: ArrayLike, target: ArrayLike, kinds: ArrayLike | None = None
    ) -> None:
        self._graph = _core.Digraph(nodes, source, target, kinds)

    def __repr__(self) -> str:
        return f"<Digraph: {self.nodes:,} nodes, {self.edges:,} edges>"

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return self._graph.nodes

    @property
    def edges(self) -> int:
        """Number of edges."""
        return self._graph.edges

    @property
    def nbytes(self) -> int:
        """Bytes held in memory."""
        return self._graph.nbytes

    def reversed(self) -> Digraph:
        """The same edges the other way round."""
        other = Digraph.__new__(Digraph)
        other._graph = self._graph.reversed()
        return other

    def reach(
        self, sources: ArrayLike, kinds: ArrayLike | None = None, threads: int = 1
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Nodes that are reached from each source, itself included.

        Parameters
        ----------
        sources
            Shape (k,), nodes.
        kinds
            Types of edges that are walked; None: all.
        threads
            As elsewhere; lists are written by one, however many there may be.

        Returns
        -------
        offsets : ndarray of int64, shape (k + 1,)
        nodes : ndarray of int32
            Those of source i are ``nodes[offsets[i]:offsets[i + 1]]``, itself first, nearest
            first.
        """
        expect_threads(threads)
        return self._graph.reach(sources, kinds, threads)

    def reach_counts(
        self, sources: ArrayLike, kinds: ArrayLike | None = None, threads: int = 1
    ) -> NDArray[np.int32]:
        """How many nodes are reached from each source, itself included; see `reach`."""
        expect_threads(threads)
        return self._graph.reach_counts(sources, kinds, threads)

    def strong_components(self) -> tuple[NDArray[np.int32], int]:
        """Number of each node's strong component, shape (n,), and how many there are.

        Components are numbered by their smallest nodes.
        """
        return self._graph.strong_components()

    def islands(self) -> tuple[NDArray[np.int32], int]:
        """The same for components when edges are walked both ways."""
        return self._graph.islands()

    def topological_order(self) -> NDArray[np.int32]:
        """All nodes, each before those that its edges lead to, shape (n,).

        Raises
        ------
        InputError
            There is a circle; the message names one.
        """
        return self._graph.topological_order()

    def articulation_points(self) -> NDArray[np.int32]:
        """Nodes whose removal takes an island apart, ascending (edges walked both ways)."""
        return self._graph.articulation_points()

    def lowest_common(
        self, a: ArrayLike, b: ArrayLike, threads: int = 1
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Lowest common superiors of each pair (a[i], b[i]), as offsets and nodes like `reach`.

        A node is above itself. Of the nodes above both those are given below which no other such
        node lies; there may be several or none.
        """
        expect_threads(threads)
        return self._graph.lowest_common(a, b, threads)

    def dominators(self, goals: ArrayLike) -> NDArray[np.int32]:
        """For each node the nearest other one through which every path to any goal runs.

        Returns
        -------
        ndarray of int32, shape (n,)
            -1 where there is none but the node itself, -2 where no goal is reached at all.
        """
        return self._graph.dominators(goals)

    def losses(self, goals: ArrayLike, weights: ArrayLike | None = None) -> NDArray[np.int64]:
        """Weight that reaches no goal any more when one node is gone, for every node at once.

        Parameters
        ----------
        goals
            Nodes, such as all regulators.
        weights
            Shape (n,), whole numbers; None: 1 each.

        Returns
        -------
        ndarray of int64, shape (n,)
            The node's own weight and that of all who depend on it; 0 for nodes that reach no
            goal anyway.
        """
        return self._graph.losses(goals, weights)


class Chains:
    """Chains of superiors in a tree of places with units, kept once per place and column.

    Parameters
    ----------
    parent
        Shape (p,): the place above each place, -1 where there is none.
    units
        Shape (p, c): the unit of each column (a sector, say) at each place, -1 where there is
        none; at most 256 columns.

    Raises
    ------
    InputError
        A parent is no place, or the places have a circle.

    Notes
    -----
    A written chain has one entry per level of the tree, deepest first, then one per level that
    has units, deepest first. What is deeper than an item's place is -1.

    Examples
    --------
    A city (0), two counties (1, 2), a town of each (3, 4); two sectors, with bureaus 10 to 14:

    >>> from safetyrisk.graph import Chains
    >>> chains = Chains([-1, 0, 0, 1, 2], [[10, 11], [12, -1], [13, 14], [-1, -1], [-1, -1]])
    >>> chains.write([3, 4, 1], [0, 1, 1]).tolist()
    [[3, 1, 0, 12, 10], [4, 2, 0, 14, 11], [-1, 1, 0, -1, 11]]
    >>> chains.row(chains.views([4], [1])[0]).tolist()
    [2, 0, 14, 11]
    """

    def __init__(self, parent: ArrayLike, units: ArrayLike | None = None) -> None:
        self._chains = _core.Chains(parent, units)

    def __repr__(self) -> str:
        return (
            f"<Chains: {self._chains.places:,} places, {self._chains.columns} columns, "
            f"{self._chains.levels} levels>"
        )

    @property
    def width(self) -> int:
        """Entries of a written chain."""
        return self._chains.width

    @property
    def nbytes(self) -> int:
        """Bytes held in memory."""
        return self._chains.nbytes

    def row(self, number: int) -> NDArray[np.int32]:
        """What a view shows: the chain without its first entry, shape (width - 1,)."""
        return self._chains.row(number)

    def views(
        self,
        place: ArrayLike,
        column: ArrayLike | None = None,
        out: NDArray[np.int32] | None = None,
        threads: int = 1,
    ) -> NDArray[np.int32]:
        """Number of the row that holds each item's chain, shape (n,).

        Parameters
        ----------
        place, column
            Shape (n,): where each item is; no column means column 0.
        out
            Array to write to, ``int32``, shape (n,).
        """
        expect_threads(threads)
        return self._chains.views(place, column, out, threads)

    def write(
        self,
        place: ArrayLike,
        column: ArrayLike | None = None,
        out: NDArray[np.int32] | None = None,
        threads: int = 1,
    ) -> NDArray[np.int32]:
        """Chains of all items, shape (n, width); parameters as for `views`."""
        expect_threads(threads)
        return self._chains.write(place, column, out, threads)
