"""Who answers for what: the responsibility graph, and bare graphs of whole numbers."""

from __future__ import annotations

from ._answers import Answer, Missing, PathEdge, Who
from ._digraph import Chains, Digraph
from ._duties import DutyGraph, Edges, Nodes
from ._findings import Finding, Findings, RuleStates

__all__ = [
    "Answer",
    "Chains",
    "Digraph",
    "DutyGraph",
    "Edges",
    "Finding",
    "Findings",
    "Missing",
    "Nodes",
    "PathEdge",
    "RuleStates",
    "Who",
]
