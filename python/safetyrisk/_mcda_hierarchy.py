"""AHP over a hierarchy: weights of elements below elements, down to criteria or alternatives."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._core import Pack
from ._errors import InputError, NotFoundError
from ._mcda_ahp import Ahp, ahp
from ._mcda_tables import (
    RankReversal,
    find_reversal,
    frozen,
    titled,
)
from ._result import Result

__all__ = ["Hierarchy", "hierarchy"]


class Hierarchy(Result):
    """Weights down a hierarchy, a row for each element below another.

    Columns: ``parent label level local weight cr``: the weight there, the share of the goal by that
    way, and CR of the element's own comparisons.

    Attributes
    ----------
    goal
        The element that no other has below it.
    nodes
        Comparisons by element, None where weights were given.
    labels, weights
        What has nothing below it (criteria, or alternatives), and its weight over all ways, sum 1.
    """

    _kind = "hierarchy"

    def __init__(
        self,
        goal: str,
        below: dict[str, dict[str, float]],
        nodes: dict[str, Ahp | None],
        options: dict[str, Any],
    ) -> None:
        self.goal = goal
        self.nodes = nodes
        self._below = below
        self._options = options
        share = dict.fromkeys(_order(goal, below), 0.0)
        share[goal] = 1.0
        links: list[tuple[str, str, float, float]] = []
        for parent in share:
            for child, local in below.get(parent, {}).items():
                links.append((parent, child, local, share[parent] * local))
                share[child] += share[parent] * local
        level = {goal: 0}
        for parent, child, _, _ in links:
            level[child] = max(level.get(child, 0), level[parent] + 1)
        self._links = [(a, b, level[b], local, way) for a, b, local, way in links]
        leaves = {label: value for label, value in share.items() if label not in below}
        self.labels = list(leaves)
        self.weights: NDArray[np.float64] = frozen(np.array(list(leaves.values())))

    def to_dict(self) -> dict[str, float]:
        """Weights by label."""
        return dict(zip(self.labels, self.weights.tolist(), strict=True))

    @property
    def cr(self) -> dict[str, float | None]:
        """CR by element; None where weights were given or RI has no such number of elements."""
        return {label: None if node is None else node.cr for label, node in self.nodes.items()}

    @property
    def consistent(self) -> bool | None:
        """Whether all comparisons are accepted; None if none is rejected and some have no CR."""
        told = [node.consistent for node in self.nodes.values() if node is not None]
        return False if False in told else None if None in told else True

    def rank_reversal(self) -> RankReversal:
        """Drop each of the lowest elements in turn and see whether the others keep their order."""
        before = self.weights
        options = {**self._options, "tolerance": math.inf}  # they have been accepted as they are
        rows = []
        for k, dropped in enumerate(self.labels):
            rest = [label for label in self.labels if label != dropped]
            source = {
                name: _without(self.nodes[name], self._below[name], dropped) for name in self._below
            }
            if len(rest) < 2 or any(value is None for value in source.values()):
                continue
            after = hierarchy(source, **options).to_dict()
            rows.append(
                find_reversal(
                    dropped, rest, np.delete(before, k), np.array([after[label] for label in rest])
                )
            )
        names = ("dropped", "reversed", "best_before", "best_after", "pair")
        return RankReversal({n: [row[n] for row in rows] for n in names}, "逆序检验")

    def _table(self) -> _core.Table:
        table = _core.Table(self._kind)
        table.add("parent", [link[0] for link in self._links])
        table.add("label", [link[1] for link in self._links])
        table.add("level", np.array([link[2] for link in self._links], dtype=np.int64))
        table.add("local", np.array([link[3] for link in self._links], dtype=np.float64))
        table.add("weight", np.array([link[4] for link in self._links], dtype=np.float64))
        cr = self.cr
        table.add(
            "cr",
            np.array(
                [np.nan if cr.get(link[1]) is None else cr[link[1]] for link in self._links],
                dtype=np.float64,
            ),
        )
        return table

    def __repr__(self) -> str:
        return (
            f"<safetyrisk hierarchy: {self.goal}, {len(self.nodes)} nodes, "
            f"{len(self.labels)} lowest elements>"
        )

    def _repr_html_(self) -> str:
        lines = []
        for label, node in self.nodes.items():
            told = "权重直接给出" if node is None else node._verdict()
            lines.append(html.escape(f"{label}：{told}"))
            advice = None if node is None or node.consistent else node.revisit
            if advice is not None:
                lines.append(html.escape("　建议复核：" + advice.text))
        best = sorted(self.to_dict().items(), key=lambda item: -item[1])
        total = "，".join(f"{html.escape(label)} {value:.4f}" for label, value in best[:20])
        return titled(self, f"层次结构：{self.goal}", "<br>".join(lines), "总排序：" + total)


def _without(node: Ahp | None, below: Mapping[str, float], dropped: str) -> Any:
    """The comparisons or weights of an element without one of those below it; None if none stay."""
    if node is None:
        rest = {label: value for label, value in below.items() if label != dropped}
        return rest if any(rest.values()) else None
    keep = [i for i, label in enumerate(node.labels) if label != dropped]
    if not keep:
        return None
    cells = node._values[np.ix_(keep, keep)].tolist()
    labels = [node.labels[i] for i in keep]
    return {a: dict(zip(labels, row, strict=True)) for a, row in zip(labels, cells, strict=True)}


def _order(goal: str, below: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Elements so that each comes after all those above it; refuses circles."""
    state: dict[str, int] = {}
    done: list[str] = []
    stack: list[tuple[str, bool]] = [(goal, False)]
    while stack:
        label, left = stack.pop()
        if left:
            state[label] = 2
            done.append(label)
            continue
        if state.get(label) == 2:
            continue
        state[label] = 1
        stack.append((label, True))
        for child in below.get(label, {}):
            if state.get(child) == 1:
                raise InputError(f"'{child}' is below itself")
            if state.get(child) != 2:
                stack.append((child, False))
    return done[::-1]


def hierarchy(
    nodes: Mapping[str, Any],
    *,
    goal: str | None = None,
    method: str = "eigenvector",
    ri: str | Pack = "saaty_1980",
    tolerance: float = 1e-6,
) -> Hierarchy:
    """Weights down a hierarchy of comparisons of any depth (层次总排序).

    Parameters
    ----------
    nodes
        By element what is below it: labelled comparisons as :func:`ahp` takes them, or weights by
        label where they are known already: shares below 1 that sum to 1 (a percent of rounding is
        divided out), or ratios such as 1 : 3. A label that has an
        entry of its own stands for what is below it; the same label under several elements is the
        same thing, so alternatives stand under each criterion.
    goal
        The top; found by itself when only one element is below no other.
    method, ri, tolerance
        As of :func:`ahp`.

    Returns
    -------
    Hierarchy

    Raises
    ------
    InputError
        An element is below itself, there is no single top, an entry cannot be reached from the top,
        or comparisons are wrong (the element is named).

    Examples
    --------
    >>> h = hierarchy(
    ...     {
    ...         "区域风险": {("固有", "管控"): 3},
    ...         "固有": {("危化", "人口"): 2},
    ...         "管控": {"执法": 1, "应急": 1},
    ...     }
    ... )
    >>> h.to_dict()
    {'危化': 0.5, '人口': 0.25, '执法': 0.125, '应急': 0.125}
    """
    if not isinstance(nodes, Mapping) or not nodes:
        raise InputError("a hierarchy is a dict of comparisons by element")
    made: dict[str, Ahp | None] = {}
    below: dict[str, dict[str, float]] = {}
    for key, given in nodes.items():
        label = str(key)
        if label in below:
            raise InputError(f"element '{label}' stands twice")
        try:
            if isinstance(given, Ahp):
                made[label], below[label] = given, given.to_dict()
                continue
            direct = _direct(given)
            if direct is not None:
                made[label], below[label] = None, direct
                continue
            node = ahp(given, method=method, ri=ri, tolerance=tolerance)
            if _unlabelled(given):
                raise InputError("these comparisons have no labels; give a DataFrame or a dict")
        except (InputError, NotFoundError) as error:
            raise type(error)(f"{label}: {error}") from None
        made[label], below[label] = node, node.to_dict()
    children = {child for group in below.values() for child in group}
    tops = [label for label in below if label not in children]
    if goal is None:
        if len(tops) != 1:
            what = "no element is" if not tops else f"{', '.join(tops)} are all"
            raise InputError(f"{what} below no other; a hierarchy has one top")
        goal = tops[0]
    elif goal not in below:
        raise NotFoundError(f"there are no comparisons of the goal '{goal}'")
    reached = set(_order(goal, below))
    for label in below:
        if label not in reached:
            raise InputError(f"'{label}' is not below '{goal}'")
    options = {"goal": goal, "method": method, "ri": ri, "tolerance": tolerance}
    return Hierarchy(goal, below, made, options)


def _unlabelled(given: Any) -> bool:
    return isinstance(given, np.ndarray | list | tuple)


def _direct(given: Any) -> dict[str, float] | None:
    """Weights that are given instead of comparisons, divided by their sum."""
    known = given.to_dict() if isinstance(given, Result) and hasattr(given, "to_dict") else given
    if not isinstance(known, Mapping) or not known:
        return None
    if not all(isinstance(v, int | float | np.number) for v in known.values()):
        return None
    if any(isinstance(key, tuple) for key in known):
        return None
    values = {str(label): float(value) for label, value in known.items()}
    total = sum(values.values())
    for label, value in values.items():
        if not 0.0 <= value <= 1e150:
            raise InputError(f"the weight of '{label}' is {value}; it is finite and not negative")
    if not total > 0.0:
        raise InputError("all weights are 0")
    # Fractions are shares: rounding leaves a percent, more is a slip not to be shared out silently.
    if max(values.values()) < 1.0 and abs(total - 1.0) > 0.01:
        raise InputError(
            f"the weights {', '.join(map(repr, values))} sum to {total:.12g}, not to 1; "
            "numbers of 1 and more are taken as ratios"
        )
    return {label: value / total for label, value in values.items()}
