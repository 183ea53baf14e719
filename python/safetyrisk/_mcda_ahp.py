"""AHP: weights from comparisons in pairs, one matrix, many, or a hierarchy of them."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._core import Pack
from ._errors import InputError, NotFoundError
from ._faults import expect_threads
from ._mcda_tables import (
    Matrix,
    RankReversal,
    Steps,
    expect_unique,
    find_reversal,
    frozen,
    is_pandas,
    label_texts,
    named,
    titled,
)
from ._result import Result

__all__ = ["Ahp", "AhpBatch", "Hierarchy", "Revisit", "ahp", "ahp_batch", "hierarchy"]

_METHODS = {
    "eigenvector": "特征向量法",
    "column_mean": "和法",
    "geometric_mean": "根法",
}


@dataclass(frozen=True)
class _Index:
    """A table of random indices."""

    id: str
    table: list[float]
    limit: float
    largest_step: float

    @staticmethod
    def read(ri: str | Pack) -> _Index:
        name, pack = ("", ri) if isinstance(ri, Pack) else (str(ri), None)
        return _Index(*_core.mcda_random_index(name, pack))

    def of(self, n: int) -> float | None:
        return self.table[n] if n < len(self.table) else None


@dataclass(frozen=True)
class Revisit:
    """The comparison that agrees least with the others, and what would help.

    Attributes
    ----------
    row, column
        The labels: how many times as important `row` is as `column`.
    value
        The comparison as given.
    consistent
        What the weights say, ``w_row / w_column``.
    deviation
        How far the two are apart, as a factor of 1 or more.
    suggested
        The step of the scale (1 … 9 or a reciprocal) that lowers CR most, None if none does.
    cr_after
        CR with it.
    accepted_after
        Whether the comparisons would then be accepted.
    """

    row: str
    column: str
    value: float
    consistent: float
    deviation: float
    suggested: float | None
    cr_after: float | None
    accepted_after: bool | None

    @property
    def text(self) -> str:
        """The advice as a sentence in Chinese."""
        told = (
            f"“{self.row}”比“{self.column}”取 {_ratio(self.value)}，"
            f"按现有权重应为 {self.consistent:.3g}（相差 {self.deviation:.3g} 倍）"
        )
        if self.suggested is None:
            return told + "；只改这一处不能降低 CR"
        verdict = "，即可接受" if self.accepted_after else "，仍不可接受，还需复核其他判断"
        return told + f"；改为 {_ratio(self.suggested)} 时 CR = {self.cr_after:.4f}{verdict}"


def _ratio(value: float) -> str:
    turned = 1.0 / value
    if value < 1.0 and abs(turned - round(turned)) < 1e-3:
        return f"1/{round(turned)}"
    return f"{value:.4g}"


class Ahp(Result):
    """Weights of n elements from their comparisons. Columns: ``label``, ``weight``.

    Attributes
    ----------
    labels, weights
        The elements and their weights, shape (n,), sum 1.
    lambda_max, ci, ri, cr
        λmax, CI, RI and CR; RI and CR are None beyond the table of RI.
    consistent
        Whether CR is below the limit (0.10), None where there is no CR.
    method, ri_table
        How it was made: method, and id of the pack of RI.
    """

    _kind = "ahp"

    def __init__(
        self,
        values: NDArray[np.float64],
        labels: list[str],
        method: str,
        tolerance: float,
        index: _Index,
    ) -> None:
        self._values = values
        self._tolerance = tolerance
        self._index = index
        self.labels = labels
        self.method = method
        self.ri_table = index.id
        n = len(values)
        self.weights: NDArray[np.float64]
        self.weights, self.lambda_max, self.ci = _core.mcda_ahp(values, method, tolerance)
        frozen(self.weights)
        self.ri = index.of(n)
        self.cr = None if self.ri is None else 0.0 if n <= 2 else self.ci / self.ri
        self.consistent = None if self.cr is None else self.cr < index.limit

    def to_dict(self) -> dict[str, float]:
        """Weights by label."""
        return dict(zip(self.labels, self.weights.tolist(), strict=True))

    @property
    def matrices(self) -> dict[str, Matrix]:
        """Intermediate matrices by name.

        ``comparisons``, ``normalised`` (columns that sum to 1) and ``deviations``,
        a(i, j)·w_j / w_i, 1 where comparison and weights agree.
        """
        a = self._values
        of = a * self.weights[None, :] / self.weights[:, None]
        made = {
            "comparisons": (a, "判断矩阵"),
            "normalised": (a / a.sum(axis=0), "按列归一化"),
            "deviations": (of, "偏差 a·wj/wi"),
        }
        return {
            name: Matrix(values, self.labels, self.labels, title)
            for name, (values, title) in made.items()
        }

    @property
    def deviations(self) -> Steps:
        """All comparisons above the diagonal, the one that agrees least first.

        Columns: ``row column value consistent deviation``.
        """
        found = _core.mcda_ahp_deviations(self._values, self.weights)
        names = ("row", "column", "value", "consistent", "deviation")
        columns: dict[str, Any] = {name: [row[k] for row in found] for k, name in enumerate(names)}
        for name in ("row", "column"):
            columns[name] = [self.labels[i] for i in columns[name]]
        for name in ("value", "consistent", "deviation"):
            columns[name] = np.array(columns[name], dtype=np.float64)
        return Steps(columns, "各判断的偏差")

    @property
    def revisit(self) -> Revisit | None:
        """The comparison to revisit first; None for n below 3 or when all agree."""
        if len(self.labels) < 3:
            return None
        i, j, value, consistent, deviation = _core.mcda_ahp_deviations(self._values, self.weights)[
            0
        ]
        if deviation < 1.0 + 1e-9:
            return None
        better = _core.mcda_ahp_revisit(
            self._values,
            self._index.table,
            self._index.largest_step,
            self.method,
            self._tolerance,
        )
        suggested, after = (None, None) if better is None else (better[2], better[3])
        return Revisit(
            self.labels[i],
            self.labels[j],
            value,
            consistent,
            deviation,
            suggested,
            after,
            None if after is None else after < self._index.limit,
        )

    def _table(self) -> _core.Table:
        table = _core.Table(self._kind)
        table.add("label", self.labels)
        table.add("weight", self.weights)
        return table

    def _verdict(self) -> str:
        if self.cr is None:
            return f"λmax = {self.lambda_max:.6g}，CI = {self.ci:.6g}；RI 表没有 n = {len(self)}，不作一致性检验"
        judged = "通过" if self.consistent else "不通过"
        mark = "<" if self.consistent else "≥"
        return (
            f"λmax = {self.lambda_max:.6g}，CI = {self.ci:.6g}，RI = {self.ri:.4g}，"
            f"CR = {self.cr:.4f} {mark} {self._index.limit:g}，一致性检验{judged}"
        )

    def __repr__(self) -> str:
        cr = "no CR" if self.cr is None else f"CR {self.cr:.4f}"
        return f"<safetyrisk ahp: {len(self.labels)} elements, {cr}>"

    def _repr_html_(self) -> str:
        advice = self.revisit
        return titled(
            self,
            f"层次分析法（{_METHODS[self.method]}）",
            html.escape(self._verdict()),
            "" if advice is None or self.consistent else html.escape("建议复核：" + advice.text),
        )


@dataclass(frozen=True)
class AhpBatch:
    """Weights of many matrices at once (:func:`ahp_batch`).

    Attributes
    ----------
    weights
        Shape (b, n).
    lambda_max, ci
        Shape (b,).
    ri
        RI of n elements, None beyond the table.
    cr
        Shape (b,), None beyond the table.
    consistent
        Shape (b,), whether CR is below the limit; None beyond the table.
    """

    weights: NDArray[np.float64]
    lambda_max: NDArray[np.float64]
    ci: NDArray[np.float64]
    ri: float | None
    cr: NDArray[np.float64] | None
    consistent: NDArray[np.bool_] | None


def _method(name: str) -> str:
    for english, chinese in _METHODS.items():
        if name in (english, chinese):
            return english
    known = ", ".join(f"{a} ({b})" for a, b in _METHODS.items())
    raise InputError(f"method is '{name}'; known are {known}")


def ahp(
    comparisons: Any,
    *,
    method: str = "eigenvector",
    ri: str | Pack = "saaty_1980",
    labels: Sequence[Any] | None = None,
    tolerance: float = 1e-6,
) -> Ahp:
    """Weights from comparisons in pairs (层次分析法), and whether the comparisons agree.

    Parameters
    ----------
    comparisons
        n × n: cell (i, j) says how many times as important i is as j, and (j, i) is its reciprocal.
        An array, a ``DataFrame`` (labels from index or columns), a dict of columns, or every pair
        once as ``{("a", "b"): 3, …}`` or ``{"a": {"b": 3, …}, …}``. Cells may be texts such as
        ``"1/3"``. A table with one column more than rows has its labels in the first.
    method
        ``"eigenvector"`` (特征向量法), ``"column_mean"`` (和法) or ``"geometric_mean"`` (根法).
    ri
        Table of RI: ``"saaty_1980"``, ``"saaty_2005"``, ``"donegan_dodd"``, or a pack of your own.
    labels
        Names of the elements.
    tolerance
        How far a comparison times its reciprocal may be from 1; 0.02 takes 0.33 for 1/3,
        ``math.inf`` any matrix as it is (there are published ones with a slip).

    Returns
    -------
    Ahp

    Raises
    ------
    InputError
        A comparison is missing, not above 0, or not the reciprocal of its counterpart; the message
        names the cell.

    Notes
    -----
    λmax is the mean of (A·w)_i / w_i; CI = (λmax - n) / (n - 1); CR = CI / RI, 0 for n ≤ 2. Source:
    Saaty, The Analytic Hierarchy Process (1980).

    Examples
    --------
    >>> a = ahp([[1, 3, 5], ["1/3", 1, 3], ["1/5", "1/3", 1]])
    >>> a.weights.round(6).tolist(), round(a.cr, 4), a.consistent
    ([0.636986, 0.258285, 0.104729], 0.0332, True)
    >>> ahp({("人", "机"): 2, ("人", "环"): 4, ("机", "环"): 2}).to_dict()["人"].__round__(4)
    0.5714
    """
    index = _Index.read(ri)
    how = _method(method)
    if isinstance(comparisons, np.ndarray) and comparisons.ndim == 3:
        raise InputError("many matrices at once are for ahp_batch()")
    values, names = _read_comparisons(comparisons, labels)
    try:
        return Ahp(values, names, how, tolerance, index)
    except InputError as error:
        raise named(error, names, names) from None


def ahp_batch(
    comparisons: ArrayLike,
    *,
    method: str = "eigenvector",
    ri: str | Pack = "saaty_1980",
    tolerance: float = 1e-6,
    threads: int = 1,
) -> AhpBatch:
    """Weights and consistency of many matrices of comparisons, as bare arrays.

    Parameters
    ----------
    comparisons
        Shape (b, n, n), complete matrices.
    method, ri, tolerance
        As of :func:`ahp`.
    threads
        0 for as many as the machine has.

    Returns
    -------
    AhpBatch

    Raises
    ------
    InputError
        As of :func:`ahp`; the message names matrix, row and column.

    Examples
    --------
    >>> many = ahp_batch([[[1, 3], [1 / 3, 1]], [[1, 1], [1, 1]]])
    >>> many.weights.round(9).tolist(), many.cr.tolist()
    ([[0.75, 0.25], [0.5, 0.5]], [0.0, 0.0])
    """
    expect_threads(threads)
    index = _Index.read(ri)
    how = _method(method)
    values = np.asarray(comparisons)
    if values.dtype.kind not in "iuf":
        raise InputError(f"a batch is of numbers, not of dtype {values.dtype}")
    values = np.ascontiguousarray(values, dtype=np.float64)
    weights, lambda_max, ci = _core.mcda_ahp_batch(values, how, tolerance, threads)
    n = weights.shape[1]
    ratio = index.of(n)
    cr = None if ratio is None else np.zeros(len(ci)) if n <= 2 else ci / ratio
    return AhpBatch(weights, lambda_max, ci, ratio, cr, None if cr is None else cr < index.limit)


def _number(value: Any, where: str) -> float:
    if value is None:
        return float("nan")
    try:
        if isinstance(value, str):
            above, bar, below = value.strip().replace("／", "/").partition("/")
            if not above and not bar:
                return float("nan")
            return float(above) / float(below) if bar else float(above)
        return float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        raise InputError(
            f"{where} is {value!r}; write a number or a fraction such as 1/3"
        ) from None


def _read_comparisons(
    data: Any, labels: Sequence[Any] | None
) -> tuple[NDArray[np.float64], list[str]]:
    names: list[str] | None = None
    if isinstance(data, Mapping) and data:
        first = next(iter(data))
        if isinstance(first, tuple):
            return _from_pairs(dict(data), labels)
        if all(isinstance(value, Mapping) for value in data.values()):
            pairs = {(a, b): x for a, row in data.items() for b, x in row.items() if a != b}
            return _from_pairs(pairs, list(data) if labels is None else labels, data)
    if is_pandas(data):
        names = [str(name) for name in data.columns]
        cells = data.to_numpy(dtype=object)
        if type(data.index).__name__ != "RangeIndex":
            index = [str(label) for label in data.index]
            if sorted(index) != sorted(names):
                raise InputError("the labels of rows and of columns are not the same")
            expect_unique(names, "element")
            cells = cells[[index.index(name) for name in names]]
    elif isinstance(data, Mapping) or hasattr(data, "__arrow_c_stream__"):
        if not isinstance(data, Mapping):
            table = data if isinstance(data, _core.Table) else _core.import_arrow(data)[0]
            data = {name: table.column(name) for name in table.names}
        names = [str(name) for name in data]
        columns = [list(column) for column in data.values()]
        if len({len(column) for column in columns}) > 1:
            raise InputError("the columns of comparisons differ in length")
        cells = np.array(columns, dtype=object).T
    else:
        # Row by row, since NumPy would make a text of every number beside a text.
        rows = list(data)
        if any(isinstance(row, str) or not hasattr(row, "__len__") for row in rows):
            raise InputError("comparisons are a square matrix")
        if any(len(row) != len(rows) for row in rows):
            raise InputError(
                f"comparisons are a square matrix; of {len(rows)} rows one has "
                f"{next(len(row) for row in rows if len(row) != len(rows))} cells"
            )
        cells = np.empty((len(rows), len(rows)), dtype=object)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                cells[i, j] = cell
    if names is not None and cells.shape[1] == cells.shape[0] + 1:
        order = [str(label) for label in cells[:, 0]]
        names, cells = names[1:], cells[:, 1:]
        if sorted(order) != sorted(names):
            raise InputError("the labels of rows and of columns are not the same")
        cells = cells[[order.index(name) for name in names]]
    if cells.ndim != 2 or cells.shape[0] != cells.shape[1] or not len(cells):
        raise InputError(
            f"comparisons are a square matrix, not {' × '.join(str(n) for n in cells.shape)}"
        )
    if labels is not None:
        names = [str(label) for label in labels]
    elements = label_texts(names, len(cells))
    if len(elements) != len(cells):
        raise InputError(f"{len(elements)} labels do not fit {len(cells)} elements")
    expect_unique(elements, "element")
    values = np.array(
        [
            [
                _number(cell, f"row {i} ({elements[i]}), column '{elements[j]}'")
                for j, cell in enumerate(row)
            ]
            for i, row in enumerate(cells)
        ],
        dtype=np.float64,
    )
    return values, elements


def _from_pairs(
    pairs: Mapping[Any, Any], labels: Sequence[Any] | None, rows: Mapping[Any, Any] | None = None
) -> tuple[NDArray[np.float64], list[str]]:
    for key in pairs:
        if not isinstance(key, tuple) or len(key) != 2:
            raise InputError(f"{key!r} is no pair of elements")
    given = [] if labels is None else [str(label) for label in labels]
    elements = list(dict.fromkeys([*given, *(str(label) for pair in pairs for label in pair)]))
    if labels is not None and rows is None and len(elements) > len(given):
        raise InputError(f"'{elements[len(given)]}' is compared and not among the labels")
    at = {label: i for i, label in enumerate(elements)}
    values = np.full((len(elements), len(elements)), np.nan)
    np.fill_diagonal(values, 1.0)
    for (a, b), cell in pairs.items():
        values[at[str(a)], at[str(b)]] = _number(cell, f"the pair ('{a}', '{b}')")
    if rows is not None:
        for label, row in rows.items():
            if label in row:
                values[at[str(label)], at[str(label)]] = _number(row[label], f"'{label}' itself")
    missing = np.isnan(values)
    for i, j in np.argwhere(np.triu(missing & missing.T)):
        raise InputError(f"the pair ('{elements[i]}', '{elements[j]}') is missing")
    with np.errstate(divide="ignore"):
        return np.where(missing, 1.0 / values.T, values), elements


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
