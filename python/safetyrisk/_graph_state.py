"""What a graph holds: nodes, edges, counts, and the graph in the forms of other libraries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from . import _core
from ._digraph import Digraph
from ._extras import need
from ._findings import DataState, data_line
from ._matrix import Made
from ._result import Result
from ._words import Speaker
from .core import Issues

__all__ = ["Edges", "GraphState", "Nodes"]


class Nodes(Result):
    """Nodes of a graph, in the order of their ids.

    Columns: ``id kind name post_kind unit division level sectors valid_from valid_to``.
    """

    _kind = "nodes"

    def __init__(self, table: _core.Table) -> None:
        self._made = table

    def _table(self) -> _core.Table:
        return self._made

    def __repr__(self) -> str:
        return f"<safetyrisk nodes: {len(self)}>"


class Edges(Result):
    """Edges of a graph, those that columns imply among them.

    Columns: ``source target kind duty sectors links lead enforce valid_from valid_to document
    clause confidence derived table row``; ``table`` and ``row`` say which row says so.
    """

    _kind = "edges"

    def __init__(self, table: _core.Table) -> None:
        self._made = table

    def _table(self) -> _core.Table:
        return self._made

    def __repr__(self) -> str:
        return f"<safetyrisk edges: {len(self)}>"


class GraphState:
    """A graph that was built, before anything is asked of it."""

    def __init__(self, graph: _core.ResponsibilityGraph, issues: Issues | None = None) -> None:
        self._graph = graph
        self._issues = (Issues() if issues is None else issues) + Issues(graph.issues)
        self._digraph: Digraph | None = None
        self._names: _core.UnitNames | None = None

    # ── what there is ──

    @property
    def issues(self) -> Issues:
        """What was wrong with the tables: of reading them, then of making the graph."""
        return self._issues

    @property
    def rows(self) -> Made:
        """What became of the rows of each table: ``table rows_in used rejected``.

        ``rows_in`` = ``used`` + ``rejected``; each rejected row has an issue.
        """
        return Made(self._graph.row_table(), "rows")

    def _state(self) -> DataState:
        return DataState(self.issues, self.rows)

    def _line(self, lang: str) -> str:
        """Rows and issues in a sentence."""
        return data_line(self._state(), Speaker(lang))

    @property
    def data_date(self) -> str | None:
        """The day that questions mean which name none."""
        return self._graph.data_date

    @property
    def nodes(self) -> Nodes:
        """All nodes."""
        return Nodes(self._graph.node_table())

    @property
    def edges(self) -> Edges:
        """All edges."""
        return Edges(self._graph.edge_table())

    @property
    def nbytes(self) -> int:
        """Bytes held in memory."""
        return self._graph.bytes

    def counts(self) -> dict[str, int]:
        """Number of nodes by kind and of edges by kind, most first: ``{"post": 4944, …}``."""
        out: dict[str, int] = {}
        for table in (self._graph.node_table(), self._graph.edge_table()):
            kinds, numbers = np.unique(table.column("kind").astype(str), return_counts=True)
            order = np.lexsort((kinds, -numbers))
            out |= {str(kinds[i]): int(numbers[i]) for i in order}
        return out

    def __contains__(self, node: object) -> bool:
        """Whether there is a node with that id."""
        return isinstance(node, str) and node in self._graph

    def __len__(self) -> int:
        """Number of nodes."""
        return self._graph.nodes

    def __repr__(self) -> str:
        day = self.data_date or "no data date"
        return (
            f"<safetyrisk responsibility graph: {self._graph.nodes} nodes, "
            f"{self._graph.edges} edges, {day}, {len(self.issues)} issues>"
        )

    def name(self, node: str) -> str:
        """Name of a node, its id where it has none; NotFoundError with near ids."""
        return self._graph.node(node)[1] or node

    # ── exports ──

    def to_json(self) -> str:
        """JSON that :meth:`safetyrisk.ResponsibilityGraph.from_json` makes the same graph of."""
        return self._graph.to_json()

    def to_graphml(self) -> str:
        """GraphML as networkx, igraph, Gephi and yEd read it; derived edges are marked."""
        return self._graph.to_graphml()

    def to_networkx(self) -> Any:
        """Turn the graph into a ``networkx.MultiDiGraph``; nodes are ids, keys of edges their numbers.

        Raises
        ------
        InputError
            networkx is not installed.
        """
        graph = need("networkx", extra="").MultiDiGraph()
        for row in self.nodes._rows():
            graph.add_node(row.pop("id"), **_filled(row))
        # Two of one kind between the same nodes, for other sectors or documents say, are two edges.
        for number, row in enumerate(self.edges._rows()):
            source, target = row.pop("source"), row.pop("target")
            graph.add_edge(source, target, key=number, **_filled(row))
        return graph

    def to_igraph(self) -> Any:
        """Turn the graph into a directed ``igraph.Graph``; ``vs["id"]`` has the ids.

        Raises
        ------
        InputError
            igraph is not installed.
        """
        module = need("igraph", extra="")
        nodes, edges = self.nodes.to_columns(), self.edges.to_columns()
        number = {node: index for index, node in enumerate(nodes["id"].tolist())}
        return module.Graph(
            n=len(number),
            edges=[
                (number[a], number[b])
                for a, b in zip(edges.pop("source"), edges.pop("target"), strict=True)
            ],
            directed=True,
            vertex_attrs={name: cells.tolist() for name, cells in nodes.items()},
            edge_attrs={name: cells.tolist() for name, cells in edges.items()},
        )

    def digraph(self) -> Digraph:
        """Bare graph of all edges, nodes numbered in the order of their ids."""
        if self._digraph is None:
            self._digraph = Digraph(len(self), *graph_ends(self._graph))
        return self._digraph


def graph_ends(graph: _core.ResponsibilityGraph) -> tuple[Any, Any]:
    """Numbers of the sources and targets of all edges."""
    ids = graph.node_table().column("id").astype(str)
    edges = graph.edge_table()
    return (
        np.searchsorted(ids, edges.column("source").astype(str)),
        np.searchsorted(ids, edges.column("target").astype(str)),
    )


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    """Cells that are filled."""
    return {name: cell for name, cell in row.items() if cell not in (None, "")}
