"""Who answers for what: the responsibility graph, and bare graphs of whole numbers."""

from __future__ import annotations

from ._digraph import Chains, Digraph

__all__ = ["Chains", "Digraph"]
