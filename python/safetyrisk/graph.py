"""Who answers for what: the responsibility graph, and bare graphs of whole numbers."""

from __future__ import annotations

from ._accident import Accountability
from ._answers import Answer, Missing, PathEdge, Who, WhoAll
from ._changes import Change, Diff, Dissolve, Merge, MoveSector, Split, Vacate, WhatIf
from ._digraph import Chains, Digraph
from ._duties import DutyGraph
from ._findings import Finding, Findings, RuleStates
from ._graph_state import Edges, Nodes
from ._matrix import Coverage, Load, Told
from ._names import Collective, NameMatch, ResolvedName

__all__ = [
    "Accountability",
    "Answer",
    "Chains",
    "Change",
    "Collective",
    "Coverage",
    "Diff",
    "Digraph",
    "Dissolve",
    "DutyGraph",
    "Edges",
    "Finding",
    "Findings",
    "Load",
    "Merge",
    "Missing",
    "MoveSector",
    "NameMatch",
    "Nodes",
    "PathEdge",
    "ResolvedName",
    "RuleStates",
    "Split",
    "Told",
    "Vacate",
    "WhatIf",
    "Who",
    "WhoAll",
]
