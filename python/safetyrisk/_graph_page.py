"""A graph in a notebook: what it counts, how it hangs together, what cannot be asked of it."""

from __future__ import annotations

import html
from typing import Any

import numpy as np

from ._digraph import Digraph
from ._display import details, table_html
from ._graph_state import GraphState, graph_ends

__all__ = ["graph_page"]


def graph_page(graph: GraphState, unasked: str) -> str:
    """Page of a graph; `unasked` says which rules cannot be asked of it."""
    words = graph._graph.words()
    names = {w["id"]: w["zh"] for w in [*words["nodes"], *words["edges"]]}
    known = {w["id"] for w in words["nodes"]}
    counts = graph.counts()
    tables = []
    for title, keep in (("节点", True), ("关系", False)):
        rows: list[dict[str, Any]] = [
            {"kind": names.get(kind, kind), "count": number}
            for kind, number in counts.items()
            if (kind in known) is keep
        ]
        tables.append(table_html(rows, {"kind": title, "count": "数量"}))
    body = (
        '<div style="display:flex;gap:24px;align-items:flex-start;flex-wrap:wrap">'
        + "".join(
            f"<details{' open' if len(counts) < 24 else ''}><summary>{word}</summary>{table}"
            "</details>"
            for word, table in zip(
                (f"节点 {graph._graph.nodes}", f"关系 {graph._graph.edges}"), tables, strict=True
            )
        )
        + "</div>"
    )
    head = (
        f"数据日期 {html.escape(graph.data_date or '未给出')}；节点 {graph._graph.nodes}，"
        f"关系 {graph._graph.edges}"
    )
    line = html.escape(graph._line("zh"))
    return details("责任图谱", head, line, _shape(graph), unasked, body)


def _shape(graph: GraphState) -> str:
    """Islands, and circles of superiors."""
    if not len(graph):
        return ""
    whole = graph.digraph()
    islands = np.bincount(whole.islands()[0])
    alone = int((islands == 1).sum())
    parts = f"连通部分 {len(islands)} 个，最大的有 {int(islands.max())} 个节点"
    parts += f"，孤立节点 {alone} 个" if alone else ""
    kinds = graph._graph.edge_table().column("kind").astype(str)
    acyclic = np.isin(kinds, [w["id"] for w in graph._graph.words()["edges"] if w["acyclic"]])
    source, target = graph_ends(graph._graph)
    strict = Digraph(len(graph), source[acyclic], target[acyclic])
    circles = int((np.bincount(strict.strong_components()[0]) > 1).sum())
    return f"{parts}；领导、隶属、报告等不应成环的关系中有环 {circles} 处"
