"""AHP: weights from comparisons in pairs, one matrix or many."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._arguments import expect_threads
from ._core import Pack
from ._errors import InputError
from ._mcda_tables import (
    Matrix,
    Steps,
    expect_unique,
    frozen,
    is_pandas,
    label_texts,
    named,
    titled,
)
from ._result import Result

__all__ = ["Ahp", "AhpBatch", "Revisit", "ahp", "ahp_batch"]

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
