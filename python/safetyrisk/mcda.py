"""Indices of many criteria: weights, distances, relations, and how they were come by.

Weights from people (:func:`ahp`, :func:`hierarchy`) or from the data (:func:`entropy_weights`,
:func:`critic_weights`), evaluations with them (:func:`topsis`, :func:`grey`, :func:`fuzzy`). A table
goes in with its labels and comes out with them; a cell that is missing is an error with its row and
column. Rows in another order, or other threads, give the same bytes.

>>> import safetyrisk as sr
>>> table = {"id": ["甲区", "乙区", "丙区"], "隐患": [12, 5, 9], "投入": [3.0, 8.0, 8.0]}
>>> t = sr.mcda.topsis(table, {"隐患": 0.6, "投入": 0.4}, cost="隐患")
>>> t.best
'乙区'
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _core
from ._arguments import expect_threads
from ._errors import InputError
from ._mcda_ahp import Ahp, AhpBatch, Revisit, ahp, ahp_batch
from ._mcda_fuzzy import Fuzzy, fuzzy
from ._mcda_hierarchy import Hierarchy, hierarchy
from ._mcda_tables import (
    KEPT_CELLS,
    Labelled,
    Matrix,
    RankReversal,
    Steps,
    expect_unique,
    find_reversal,
    frozen,
    label_texts,
    named,
    ranks,
    read_cost,
    read_matrix,
    read_weights,
    titled,
)
from ._result import Result

__all__ = [
    "Ahp",
    "AhpBatch",
    "Fuzzy",
    "Grey",
    "Hierarchy",
    "Matrix",
    "RankReversal",
    "Revisit",
    "Steps",
    "Topsis",
    "Weights",
    "ahp",
    "ahp_batch",
    "critic_weights",
    "entropy_weights",
    "fuzzy",
    "grey",
    "hierarchy",
    "topsis",
]

#: Cells that a check for rank reversal may look at in all.
_REVERSAL_CELLS = 100_000_000


class _Kept:
    """Matrices of intermediate steps, made when asked for from a copy of the values."""

    def __init__(self, make: Callable[[], dict[str, Matrix]] | None, cells: int) -> None:
        self._make = make
        self._cells = cells

    @property
    def matrices(self) -> dict[str, Matrix]:
        """Intermediate matrices by name, in the order in which they are made.

        Raises
        ------
        InputError
            The table is large and they were not asked for with ``matrices=True``.
        """
        if self._make is None:
            raise InputError(
                f"intermediate matrices of {self._cells} cells are kept when asked for with "
                "matrices=True"
            )
        return self._make()


def _keeps(matrices: bool | None, cells: int) -> bool:
    return cells <= KEPT_CELLS if matrices is None else matrices


class Weights(_Kept, Result):
    """Weights of criteria from the data. Columns: ``label``, ``weight``, and the steps on the way.

    Entropy has ``sum`` (Σx), ``entropy`` (e) and ``divergence`` (d = 1 - e); CRITIC has
    ``deviation`` (σ), ``conflict`` (Σ(1 - r)) and ``information`` (C).

    Attributes
    ----------
    labels, weights
        The criteria and their weights, shape (k,), sum 1.
    method
        ``entropy`` or ``critic``.
    """

    _kind = "weights"

    def __init__(
        self,
        method: str,
        title: str,
        labels: list[str],
        weights: NDArray[np.float64],
        steps: dict[str, NDArray[np.float64]],
        make: Callable[[], dict[str, Matrix]] | None,
        cells: int,
    ) -> None:
        _Kept.__init__(self, make, cells)
        self.method = method
        self.labels = labels
        self.weights = frozen(weights)
        self._steps = {name: frozen(step) for name, step in steps.items()}
        self._title = title

    def to_dict(self) -> dict[str, float]:
        """Weights by label."""
        return dict(zip(self.labels, self.weights.tolist(), strict=True))

    def __getattr__(self, name: str) -> NDArray[np.float64]:
        if name != "_steps" and name in self.__dict__.get("_steps", {}):
            step: NDArray[np.float64] = self._steps[name]
            return step
        raise AttributeError(f"{self._kind} of {type(self).__name__} have no {name!r}")

    def _table(self) -> _core.Table:
        table = _core.Table(self._kind)
        table.add("label", self.labels)
        table.add("weight", self.weights)
        for name, values in self._steps.items():
            table.add(name, values)
        return table

    def __repr__(self) -> str:
        return f"<safetyrisk weights: {len(self.labels)} criteria by {self.method}>"

    def _repr_html_(self) -> str:
        none = [label for label, weight in self.to_dict().items() if weight == 0.0]
        told = f"没有差异、权重为 0 的指标：{'、'.join(none)}" if none else ""
        return titled(self, self._title, html.escape(told))


def _read(data: Any, labels: Any) -> Labelled:
    matrix = read_matrix(data, labels)
    if matrix.columns is not None:
        expect_unique(matrix.columns, "column")
    if matrix.rows is not None:
        expect_unique(matrix.rows, "row")
    return matrix


def entropy_weights(
    table: Any,
    *,
    cost: Any = None,
    transform: str | None = None,
    labels: Any = None,
    matrices: bool | None = None,
    threads: int = 1,
) -> Weights:
    """Entropy weights (熵权法): criteria in which alternatives differ more weigh more.

    Parameters
    ----------
    table
        m alternatives × k criteria from 0 on: an array, a ``DataFrame``, a dict of columns …
    cost
        Columns of which less is better, by name or number. Their direction changes the weights, so
        that `transform` must be given, too.
    transform
        ``"reciprocal"``: costs as 1/x, above 0; ``"min_max"``: benefits as (x - min) / (max - min)
        and costs as (max - x) / (max - min); None: the values as they are.
    labels
        Column or sequence with the names of the alternatives.
    matrices
        Whether to keep ``values`` and ``shares`` (p); None for tables of up to 100 000 cells.
    threads
        0 for as many as the machine has.

    Returns
    -------
    Weights

    Raises
    ------
    InputError
        A cell is missing, infinite or negative; there are fewer than two alternatives; no criterion
        differs.

    Notes
    -----
    p = x / Σx, e = -(1 / ln m) Σ p·ln p with 0·ln 0 = 0, d = 1 - e, w = d / Σd. A constant column
    (zeros too) has d = 0 and weight 0; a single column that differs has weight 1.

    Examples
    --------
    >>> entropy_weights([[1, 2], [4, 16]]).weights.round(6).tolist()
    [0.358889, 0.641111]
    """
    expect_threads(threads)
    matrix = _read(table, labels)
    flags = read_cost(cost, matrix)
    if transform not in (None, "reciprocal", "min_max"):
        raise InputError(f"transform is {transform!r}; it is 'reciprocal' or 'min_max'")
    if transform is None and flags.any():
        raise InputError(
            "entropy knows no direction: say with transform= how costs become benefits, "
            "'reciprocal' or 'min_max'"
        )
    if transform is not None:
        matrix = _transformed(matrix, flags, transform)
    try:
        weights, divergence, entropy, total = _core.mcda_entropy(matrix.values, threads)
    except InputError as error:
        raise named(error, matrix.rows, matrix.columns) from None
    make = None
    if _keeps(matrices, matrix.values.size):
        values = np.array(matrix.values)

        def make() -> dict[str, Matrix]:
            rows, names = label_texts(matrix.rows, len(values)), matrix.column_labels
            share = values / np.where(total > 0.0, total, 1.0)
            return {
                "values": Matrix(values, rows, names, "指标值"),
                "shares": Matrix(share, rows, names, "比重 p"),
            }

    steps = {"sum": total, "entropy": entropy, "divergence": divergence}
    return Weights(
        "entropy", "熵权法", matrix.column_labels, weights, steps, make, matrix.values.size
    )


def _transformed(matrix: Labelled, cost: NDArray[np.bool_], transform: str) -> Labelled:
    values = np.array(matrix.values)
    names = matrix.column_labels
    if not np.isfinite(values).all():
        row, column = (int(i) for i in np.argwhere(~np.isfinite(values))[0])
        place = f"row {row}, column {column} is {values[row, column]:g}; a cell is finite"
        raise named(InputError(place), matrix.rows, names)
    for j in range(values.shape[1]):
        x = values[:, j]
        if transform == "reciprocal":
            if cost[j]:
                if x.size and not x.min() > 0.0:
                    row = int(np.argmin(x))
                    place = f"row {row}, column {j} is {x[row]:g}; 1/x needs a cost above 0"
                    raise named(InputError(place), matrix.rows, names)
                values[:, j] = 1.0 / x
        elif x.size:
            low, high = x.min(), x.max()
            spread = high - low
            scaled = (high - x if cost[j] else x - low) / (spread if spread > 0.0 else 1.0)
            values[:, j] = scaled
    return Labelled(values, matrix.rows, matrix.columns)


def critic_weights(
    table: Any,
    *,
    cost: Any = None,
    deviation: str = "sample",
    labels: Any = None,
    matrices: bool | None = None,
    threads: int = 1,
) -> Weights:
    """CRITIC weights: criteria that differ more, and say something else than the others, weigh more.

    Parameters
    ----------
    table, labels, matrices, threads
        As of :func:`entropy_weights`; cells may be negative. The matrices are ``scaled`` and
        ``correlation``.
    cost
        Columns of which less is better, by name or number.
    deviation
        ``"sample"`` or ``"population"`` σ. It changes σ and C by one factor for all criteria and so
        never the weights.

    Returns
    -------
    Weights

    Raises
    ------
    InputError
        A cell is missing or infinite; there are fewer than two alternatives; no criterion differs,
        or all that differ say the same.

    Notes
    -----
    Columns are scaled by (x - min) / (max - min); C = σ·Σ(1 - r), w = C / ΣC (Diakoulaki 1995). A
    constant column has weight 0 and no part in the others' conflict; a single one that differs has
    weight 1.

    Examples
    --------
    >>> critic_weights([[1, 9], [2, 3], [4, 5]]).weights.round(4).tolist()
    [0.5, 0.5]
    """
    expect_threads(threads)
    matrix = _read(table, labels)
    flags = read_cost(cost, matrix)
    if deviation not in ("sample", "population"):
        raise InputError(f"deviation is '{deviation}'; it is 'sample' or 'population'")
    try:
        weights, information, sigma, conflict, correlation, low, high = _core.mcda_critic(
            matrix.values, flags, int(deviation == "sample"), threads
        )
    except InputError as error:
        raise named(error, matrix.rows, matrix.columns) from None
    names = matrix.column_labels
    make = None
    if _keeps(matrices, matrix.values.size):
        values = np.array(matrix.values)

        def make() -> dict[str, Matrix]:
            rows = label_texts(matrix.rows, len(values))
            return {
                "scaled": Matrix(_min_max(values, low, high, flags), rows, names, "规范化"),
                "correlation": Matrix(correlation, names, names, "相关系数 r"),
            }

    steps = {"deviation": sigma, "conflict": conflict, "information": information}
    return Weights("critic", "CRITIC 法", names, weights, steps, make, matrix.values.size)


def _min_max(
    values: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    cost: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Values from 0 (worst) to 1 (best); 0 in a constant column."""
    spread = np.where(high > low, high - low, 1.0)
    return np.where(cost, high - values, values - low) / spread


class _Ranked(_Kept, Result):
    """Alternatives with a score of which more is better."""

    _score = ""

    def __init__(
        self,
        labels: list[str] | None,
        scores: NDArray[np.float64],
        make: Callable[[], dict[str, Matrix]] | None,
        cells: int,
    ) -> None:
        _Kept.__init__(self, make, cells)
        self._given_labels = labels
        self._scores = frozen(scores)
        self._rank: NDArray[np.int64] | None = None

    @property
    def labels(self) -> list[str]:
        """Names of the alternatives, their numbers from 0 on without any."""
        return label_texts(self._given_labels, len(self._scores))

    @property
    def rank(self) -> NDArray[np.int64]:
        """Rank of each alternative, shape (n,): 1 is best, equal ones share the smaller."""
        if self._rank is None:
            self._rank = frozen(ranks(self._scores))
        return self._rank

    @property
    def best(self) -> str:
        """Name of the best alternative, of the first of several."""
        place = int(np.argmax(self._scores))
        return str(place) if self._given_labels is None else self._given_labels[place]

    def to_dict(self) -> dict[str, float]:
        """Scores by label."""
        return dict(zip(self.labels, self._scores.tolist(), strict=True))

    def _columns(self) -> dict[str, Any]:
        return {self._score: self._scores}

    def _table(self) -> _core.Table:
        table = _core.Table(self._kind)
        n = len(self._scores)
        table.add("label", np.arange(n) if self._given_labels is None else self._given_labels)
        for name, values in self._columns().items():
            table.add(name, values)
        table.add("rank", self.rank)
        return table

    def __len__(self) -> int:
        return len(self._scores)

    def __repr__(self) -> str:
        return f"<safetyrisk {self._kind}: {len(self)} alternatives, best {self.best}>"


class Topsis(_Ranked):
    """Closeness of alternatives to the ideal.

    Columns: ``label closeness to_ideal to_anti_ideal rank``.

    Attributes
    ----------
    closeness, to_ideal, to_anti_ideal
        C, d⁺ and d⁻, shape (n,).
    frame
        What all are measured by, a row for each criterion: ``label weight norm best
        worst ideal anti_ideal``.
    """

    _kind = "topsis"
    _score = "closeness"

    def __init__(
        self,
        matrix: Labelled,
        weights: NDArray[np.float64],
        cost: NDArray[np.bool_],
        scaling: str,
        made: tuple[Any, ...],
        keep: bool,
    ) -> None:
        self.closeness: NDArray[np.float64]
        self.to_ideal: NDArray[np.float64]
        self.to_anti_ideal: NDArray[np.float64]
        self.closeness, self.to_ideal, self.to_anti_ideal, norm, best, worst, ideal, anti = made
        for array in (*made, weights):
            frozen(array)
        names = matrix.column_labels
        self.frame = Steps(
            {
                "label": names,
                "weight": weights,
                "norm": norm,
                "best": best,
                "worst": worst,
                "ideal": ideal,
                "anti_ideal": anti,
            },
            "理想解",
        )
        self._cost = cost
        self._scaling = scaling
        self._weights = weights
        make = None
        if keep:
            values = np.array(matrix.values)

            def make() -> dict[str, Matrix]:
                rows = label_texts(matrix.rows, len(values))
                if scaling == "min_max":
                    low, high = np.minimum(best, worst), np.maximum(best, worst)
                    scaled = _min_max(values, low, high, cost)
                else:
                    scaled = values / np.where(norm > 0.0, norm, 1.0)
                return {
                    "values": Matrix(values, rows, names, "决策矩阵"),
                    "scaled": Matrix(scaled, rows, names, "规范化矩阵 r"),
                    "weighted": Matrix(scaled * weights, rows, names, "加权矩阵 v"),
                }

        super().__init__(matrix.rows, self.closeness, make, matrix.values.size)

    def _columns(self) -> dict[str, Any]:
        return {
            "closeness": self.closeness,
            "to_ideal": self.to_ideal,
            "to_anti_ideal": self.to_anti_ideal,
        }

    def rank_reversal(self, drop: Sequence[str] | None = None) -> RankReversal:
        """Drop alternatives in turn and see whether the others keep their order.

        Parameters
        ----------
        drop
            Names of those to drop, each by itself; None for all.

        Raises
        ------
        InputError
            The matrices were not kept, a name is not there, or the work would be more than 10⁸
            cells: name some in `drop`.
        """
        values = self.matrices["values"].values
        labels = self.labels
        place = {label: i for i, label in enumerate(labels)}
        chosen = labels if drop is None else [str(label) for label in drop]
        if len(chosen) * values.size > _REVERSAL_CELLS:
            raise InputError(
                f"dropping {len(chosen)} of {len(labels)} alternatives in turn is too much work; "
                "name some with drop="
            )
        rows = []
        for label in chosen:
            if label not in place:
                raise InputError(f"there is no alternative '{label}'")
            at = place[label]
            rest = labels[:at] + labels[at + 1 :]
            if len(rest) < 2:
                continue
            try:
                after = _core.mcda_topsis(
                    np.delete(values, at, axis=0),
                    self._weights,
                    self._cost,
                    self._scaling,
                    False,
                    1,
                )[0]
            except InputError:  # those that stay are alike: all are equally close
                after = np.zeros(len(rest))
            rows.append(find_reversal(label, rest, np.delete(self.closeness, at), after))
        names = ("dropped", "reversed", "best_before", "best_after", "pair")
        return RankReversal({n: [row[n] for row in rows] for n in names}, "逆序检验")

    def _repr_html_(self) -> str:
        return titled(self, "TOPSIS 优劣解距离法", self.frame._repr_html_())


def topsis(
    table: Any,
    weights: Any = None,
    *,
    cost: Any = None,
    scaling: str = "vector",
    labels: Any = None,
    matrices: bool | None = None,
    threads: int = 1,
) -> Topsis:
    """Closeness of each alternative to the best of every criterion (TOPSIS, 优劣解距离法).

    Parameters
    ----------
    table
        n alternatives × k criteria: an array, a ``DataFrame``, a dict of columns …
    weights
        A sequence in the order of columns, a dict by column, or a result with weights
        (:class:`Weights`, :class:`Ahp`, :class:`Hierarchy`); None for equal ones. They are used as
        given: their sum changes d⁺ and d⁻ and not C.
    cost
        Columns of which less is better, by name or number.
    scaling
        ``"vector"`` x / √Σx², ``"min_max"`` (x - min) / (max - min), or ``"none"``.
    labels
        Column or sequence with the names of the alternatives.
    matrices
        Whether to keep ``values``, ``scaled`` and ``weighted``; None for tables of up to 100 000
        cells.
    threads
        0 for as many as the machine has.

    Returns
    -------
    Topsis

    Raises
    ------
    InputError
        A cell is missing or infinite; weights are negative, all zero, or of other columns; all
        alternatives are alike (one alone, too), so that C is 0/0.

    Notes
    -----
    C = d⁻ / (d⁺ + d⁻), larger is better; Hwang and Yoon (1981). A constant column (zeros too) adds
    nothing.

    Examples
    --------
    >>> t = topsis([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]], [0.3, 0.4, 0.3])
    >>> t.closeness.round(6).tolist(), t.rank.tolist()
    ([0.50372, 0.658085, 0.748249, 0.333997], [3, 2, 1, 4])
    """
    expect_threads(threads)
    matrix = _read(table, labels)
    given = read_weights(weights, matrix)
    flags = read_cost(cost, matrix)
    try:
        made = _core.mcda_topsis(matrix.values, given, flags, scaling, True, threads)
    except InputError as error:
        raise named(error, matrix.rows, matrix.column_labels) from None
    keep = _keeps(matrices, matrix.values.size)
    return Topsis(matrix, given, flags, scaling, made, keep)


class Grey(_Ranked):
    """Grey relation of alternatives to the reference. Columns: ``label relation rank``.

    Attributes
    ----------
    relation
        r, shape (n,), from 0 to 1.
    weights
        Of the criteria, sum 1, shape (k,).
    """

    _kind = "grey"
    _score = "relation"

    def __init__(
        self,
        labels: list[str] | None,
        relation: NDArray[np.float64],
        weights: NDArray[np.float64],
        rho: float,
        make: Callable[[], dict[str, Matrix]] | None,
        cells: int,
    ) -> None:
        super().__init__(labels, relation, make, cells)
        self.relation = relation
        self.weights = frozen(weights)
        self._rho = rho

    def _repr_html_(self) -> str:
        return titled(self, f"灰色关联分析（ρ = {self._rho:g}）")


def grey(
    table: Any,
    weights: Any = None,
    *,
    cost: Any = None,
    rho: float = 0.5,
    labels: Any = None,
    matrices: bool | None = None,
    threads: int = 1,
) -> Grey:
    """Grey relation of each alternative to a reference that is best in every criterion (灰色关联).

    Parameters
    ----------
    table, cost, labels, threads
        As of :func:`topsis`.
    weights
        As of :func:`topsis`; they are divided by their sum.
    rho
        Distinguishing coefficient, above 0 and at most 1.
    matrices
        Whether to keep ``values``, ``scaled`` and ``coefficients`` (ξ); None for tables of up to
        100 000 cells.

    Returns
    -------
    Grey

    Raises
    ------
    InputError
        As of :func:`topsis`, and for a `rho` out of its range.

    Notes
    -----
    Scaled by (x - min) / (max - min), costs by (max - x) / (max - min); Δ = 1 - x;
    ξ = (Δmin + ρ·Δmax) / (Δ + ρ·Δmax) over the whole table; r = Σ w·ξ. A constant column is at the
    reference everywhere, ξ = 1.

    Examples
    --------
    >>> grey({"id": ["a", "b", "c"], "x": [1, 2, 3], "y": [9, 5, 1]}, cost="y").to_dict()["c"]
    1.0
    """
    expect_threads(threads)
    matrix = _read(table, labels)
    given = read_weights(weights, matrix)
    flags = read_cost(cost, matrix)
    keep = _keeps(matrices, matrix.values.size)
    try:
        relation, _, low, high, used = _core.mcda_grey(
            matrix.values, given, flags, float(rho), False, threads
        )
    except InputError as error:
        raise named(error, matrix.rows, matrix.column_labels) from None
    make = None
    if keep:
        values = np.array(matrix.values)

        def make() -> dict[str, Matrix]:
            rows, names = label_texts(matrix.rows, len(values)), matrix.column_labels
            scaled = np.where(high > low, _min_max(values, low, high, flags), 1.0)
            xi = _core.mcda_grey(values, given, flags, float(rho), True, threads)[1]
            return {
                "values": Matrix(values, rows, names, "指标值"),
                "scaled": Matrix(scaled, rows, names, "规范化"),
                "coefficients": Matrix(xi, rows, names, "关联系数 ξ"),
            }

    return Grey(matrix.rows, relation, used, float(rho), make, matrix.values.size)
