"""Labelled matrices in and out: what the methods of ``safetyrisk.mcda`` share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core
from ._display import details, table_html
from ._errors import InputError
from ._result import Result

__all__ = [
    "Labelled",
    "Matrix",
    "RankReversal",
    "Steps",
    "expect_unique",
    "find_reversal",
    "frozen",
    "is_pandas",
    "label_texts",
    "named",
    "ranks",
    "read_cost",
    "read_matrix",
    "read_weights",
    "shown_rows",
    "titled",
]

#: Matrices of intermediate steps are kept up to so many cells unless they are asked for.
KEPT_CELLS = 100_000

_CELL = re.compile(r"row (\d+), column (\d+)")
_COLUMN = re.compile(r"(?<!, )\b(column|weight) (\d+)")


@dataclass(frozen=True)
class Labelled:
    """A matrix with the names of its rows and columns, None where it has none."""

    values: NDArray[np.float64]
    rows: list[str] | None
    columns: list[str] | None

    @property
    def column_labels(self) -> list[str]:
        """Names of the columns, their numbers without any."""
        return label_texts(self.columns, self.values.shape[1])


def label_texts(labels: Sequence[str] | None, count: int) -> list[str]:
    """Labels, or the numbers from 0 on as texts."""
    return [str(i) for i in range(count)] if labels is None else list(labels)


def is_pandas(data: Any) -> bool:
    """Whether it is a data frame of pandas."""
    return type(data).__module__.partition(".")[0] == "pandas" and hasattr(data, "iloc")


def expect_unique(labels: Sequence[str], what: str) -> None:
    """Refuse a label that stands twice."""
    seen: set[str] = set()
    for label in labels:
        if label in seen:
            raise InputError(f"{what} '{label}' stands twice")
        seen.add(label)


def read_matrix(data: Any, labels: Any = None) -> Labelled:
    """Numbers by rows and columns of whatever the caller has.

    Parameters
    ----------
    data
        A 2-D array, a sequence of rows, a dict of columns, a dict of rows that are dicts, a pandas
        or polars ``DataFrame``, anything with ``__arrow_c_stream__``.
    labels
        Names of the rows: a column's name, or a sequence. None takes the index of a data frame
        unless it only counts, else the column ``id``, else the only column of texts.
    """
    if isinstance(data, Mapping) and data and all(isinstance(v, Mapping) for v in data.values()):
        data, labels = _from_rows(data, labels)
    if isinstance(data, _core.Table | Mapping) or is_pandas(data) or _gives_arrow(data):
        return _from_columns(data, labels)
    values = _numbers(data)
    if values.ndim != 2:
        raise InputError(f"a matrix has two dimensions; this has {values.ndim}")
    if isinstance(labels, str):
        raise InputError(f"labels is '{labels}', and an array has no columns by name")
    return Labelled(values, _given(labels, len(values)), None)


def _gives_arrow(data: Any) -> bool:
    return hasattr(data, "__arrow_c_stream__")


def _numbers(data: Any) -> NDArray[np.float64]:
    if isinstance(data, np.ma.MaskedArray):
        if np.ma.getmaskarray(data).any():
            row = np.argwhere(np.ma.getmaskarray(data))[0]
            raise InputError(f"the cell {tuple(int(i) for i in row)} is masked, that is missing")
        data = data.data
    try:
        values = np.asarray(data)
        if values.dtype.kind in "OUS" and any(isinstance(x, str) for x in values.flat):
            raise ValueError("a cell is a text")
        if values.dtype.kind not in "biufO":
            raise ValueError(f"cells are of dtype {values.dtype}")
        return values.astype(np.float64, copy=False)
    except (TypeError, ValueError) as error:
        raise InputError(f"this is no matrix of numbers: {error}") from None


def _from_rows(data: Mapping[Any, Mapping[Any, Any]], labels: Any) -> tuple[dict[str, Any], Any]:
    names = list(next(iter(data.values())))
    for row, cells in data.items():
        for name in cells:
            if name not in names:
                raise InputError(f"row {row} has the column '{name}', and the first row has not")
    columns = {
        str(name): np.array([_cell(r.get(name)) for r in data.values()], dtype=np.float64)
        for name in names
    }
    return columns, list(data) if labels is None else labels


def _cell(value: Any) -> float:
    if value is None:
        return float("nan")
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InputError(f"{value!r} is no number") from None


def _from_columns(data: Any, labels: Any) -> Labelled:
    index: list[Any] | None = None
    if is_pandas(data):
        if type(data.index).__name__ != "RangeIndex":
            index = list(data.index)
        names = [str(name) for name in data.columns]
        expect_unique(names, "column")
        if all(isinstance(t, np.dtype) and t.kind in "biuf" for t in data.dtypes) and not (
            isinstance(labels, str) or "id" in names
        ):
            values = data.to_numpy(dtype=np.float64)
            return Labelled(values, _given(index if labels is None else labels, len(data)), names)
        table = _core.Table()
        for i, name in enumerate(names):
            column = data.iloc[:, i]
            plain = isinstance(column.dtype, np.dtype) and column.dtype.kind in "biuf"
            table.add(name, column.to_numpy() if plain else column.to_numpy(dtype=object))
    elif isinstance(data, _core.Table):
        table = data
    elif isinstance(data, Mapping):
        table = _core.Table()
        for name, cells in data.items():
            arrow = _gives_arrow(cells) or hasattr(cells, "__arrow_c_array__")
            as_is = isinstance(cells, np.ndarray) or arrow
            table.add(str(name), cells if as_is else list(cells))
    else:
        table, left_out = _core.import_arrow(data)
        if left_out:
            raise InputError(f"column '{left_out[0]}' holds no numbers")
    names = table.names
    texts = [name for name in names if table.type(name) in ("text", "date")]
    # A column that is numbers but for some cells is none of labels unless it is named as such.
    for name in texts:
        if name not in ("id", labels):
            odd = _no_numbers(cells := table.texts(name))
            if odd and len(odd) < sum(cell is not None for cell in cells):
                raise _no_number(name, odd[0], cells)
    by: str | None = None
    if isinstance(labels, str):
        if labels not in names:
            raise InputError(f"there is no column '{labels}'; there are: {', '.join(names)}")
        by = labels
    elif labels is None and index is None:
        by = "id" if "id" in names else texts[0] if len(texts) == 1 else None
    rows: list[str] | None
    if by is not None:
        rows = []
        for i, text in enumerate(table.texts(by)):
            if text is None:
                raise InputError(f"row {i} has no label in column '{by}'")
            rows.append(text)
    else:
        rows = _given(index if labels is None else labels, table.rows)
    criteria = [name for name in names if name != by]
    for name in criteria:
        if name in texts:
            cells = table.texts(name)
            raise _no_number(name, [*_no_numbers(cells), 0][0], cells)
    if not criteria:
        raise InputError("the table has no column of numbers")
    values = np.empty((table.rows, len(criteria)), order="F")
    for j, name in enumerate(criteria):
        values[:, j] = table.numbers(name)
    return Labelled(values, rows, criteria)


def _no_numbers(cells: Sequence[str | None]) -> list[int]:
    """Rows whose text is no number."""
    rows = []
    for i, cell in enumerate(cells):
        try:
            float(cell or 0)
        except ValueError:
            rows.append(i)
    return rows


def _no_number(name: str, row: int, cells: Sequence[str | None]) -> InputError:
    return InputError(
        f"row {row}, column '{name}' holds the text {cells[row]!r}, not a number; "
        "the column of labels is named with labels=…"
    )


def _given(labels: Iterable[Any] | None, count: int) -> list[str] | None:
    if labels is None:
        return None
    texts = [str(label) for label in labels]
    if len(texts) != count:
        raise InputError(f"{len(texts)} labels do not fit {count} rows")
    return texts


def read_weights(weights: Any, matrix: Labelled, *, equal: bool = True) -> NDArray[np.float64]:
    """Weights by column: a sequence in the order of columns, a dict by label, or a result.

    None means equal ones that sum to 1.
    """
    k = matrix.values.shape[1]
    if weights is None and equal:
        return np.full(k, 1.0 / k)
    by_label = weights.to_dict() if hasattr(weights, "to_dict") else weights
    if not isinstance(by_label, Mapping):
        values = np.atleast_1d(_numbers(weights))
        if values.ndim != 1 or len(values) != k:
            raise InputError(f"{values.size} weights do not fit {k} columns")
        return np.array(values)
    own = matrix.column_labels
    known = {str(label): float(value) for label, value in by_label.items()}
    for label in own:
        if label not in known:
            raise InputError(f"there is no weight for '{label}'; there are: {', '.join(known)}")
    for label in known:
        if label not in own:
            raise InputError(f"there is a weight for '{label}', which is no column")
    return np.array([known[label] for label in own])


def read_cost(cost: Any, matrix: Labelled) -> NDArray[np.bool_]:
    """Flags by column: names or numbers of the columns of which less is better, or flags."""
    k = matrix.values.shape[1]
    flags = np.zeros(k, dtype=bool)
    if cost is None:
        return flags
    chosen = [cost] if isinstance(cost, str | int | np.integer) else list(cost)
    if chosen and all(isinstance(c, bool | np.bool_) for c in chosen):
        if len(chosen) != k:
            raise InputError(f"cost has {len(chosen)} flags for {k} columns")
        return np.array(chosen, dtype=bool)
    own = matrix.column_labels
    for one in chosen:
        if isinstance(one, str):
            if one not in own:
                raise InputError(f"cost: there is no column '{one}'; there are: {', '.join(own)}")
            flags[own.index(one)] = True
        elif isinstance(one, int | np.integer) and -k <= one < k:
            flags[int(one)] = True
        else:
            raise InputError(f"cost: there is no column {one!r}; the table has {k}")
    return flags


def named(
    error: InputError, rows: Sequence[str] | None, columns: Sequence[str] | None
) -> InputError:
    """Put labels in the place of the numbers of rows and columns in a message of the core."""

    def row(number: str) -> str:
        return number if rows is None else f"{number} ({rows[int(number)]})"

    def column(number: str) -> str:
        return number if columns is None else f"'{columns[int(number)]}'"

    text = _CELL.sub(lambda m: f"row {row(m[1])}, column {column(m[2])}", str(error))
    text = _COLUMN.sub(
        lambda m: f"{'weight of' if m[1] == 'weight' else 'column'} {column(m[2])}", text
    )
    return InputError(text.replace(" is nan;", " is missing;"))


def frozen(values: NDArray[Any]) -> NDArray[Any]:
    """An array that a result keeps: nobody writes to it any more."""
    values.flags.writeable = False
    return values


def ranks(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """1 for the largest; equal scores share the smaller rank."""
    ascending = np.sort(scores)
    return len(scores) + 1 - np.searchsorted(ascending, scores, side="right").astype(np.int64)


def shown_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as a notebook shows them: numbers to six digits."""
    return [
        {
            name: f"{value:.6g}"
            if isinstance(value, float)
            else {True: "是", False: "否"}[value]
            if isinstance(value, bool)
            else value
            for name, value in row.items()
        }
        for row in rows
    ]


def titled(result: Result, title: str, *lines: str, limit: int = 20) -> str:
    """HTML of a result: lines, then its table with headers as they are."""
    table = result._table()
    names = table.names
    count = table.rows
    more = f"另有 {count - limit} 行未在此显示" if count > limit else ""
    # By place: a column that happens to be called "grade" holds no grades of risk here.
    heads = {str(k): _HEADS.get(name, name) for k, name in enumerate(names)}
    rows = [dict(zip(heads, row.values(), strict=True)) for row in result._rows(limit)]
    shown = shown_rows(rows)
    return details(title, *lines, table_html(shown, heads), more)


_HEADS = {
    "label": "名称",
    "weight": "权重",
    "lambda_max": "λmax",
    "row": "行",
    "column": "列",
    "value": "判断",
    "consistent": "一致值",
    "deviation": "偏差",
    "sum": "合计",
    "entropy": "熵值 e",
    "divergence": "差异系数 d",
    "conflict": "冲突性",
    "information": "信息量 C",
    "closeness": "贴近度 C",
    "to_ideal": "距正理想解 d⁺",
    "to_anti_ideal": "距负理想解 d⁻",
    "rank": "名次",
    "relation": "关联度 r",
    "comment": "评语",
    "membership": "隶属度 B",
    "share": "归一化",
    "parent": "上级",
    "level": "层",
    "local": "层内权重",
    "cr": "CR",
    "dropped": "去掉",
    "reversed": "逆序",
    "best_before": "原最优",
    "best_after": "去掉后最优",
    "pair": "颠倒的一对",
    "norm": "规范化因子",
    "best": "最优值",
    "worst": "最劣值",
    "ideal": "正理想解",
    "anti_ideal": "负理想解",
}


class Matrix(Result):
    """A labelled matrix; as a table its first column has the labels of the rows.

    Attributes
    ----------
    values
        The cells, shape (rows, columns), read-only.
    rows, columns
        The labels.
    """

    _kind = "matrix"

    def __init__(
        self, values: ArrayLike, rows: Sequence[str], columns: Sequence[str], title: str
    ) -> None:
        self.values: NDArray[np.float64] = np.array(values, dtype=np.float64)
        self.values.flags.writeable = False
        self.rows = list(rows)
        self.columns = list(columns)
        self.title = title

    def _table(self) -> _core.Table:
        table = _core.Table(self._kind)
        corner = "label"
        while corner in self.columns:
            corner += "_"
        table.add(corner, self.rows)
        for j, name in enumerate(self.columns):
            table.add(name, np.ascontiguousarray(self.values[:, j]))
        return table

    def __repr__(self) -> str:
        return f"<safetyrisk matrix: {len(self.rows)} x {len(self.columns)}, {self.title}>"

    def _repr_html_(self) -> str:
        return titled(self, self.title)


class Steps(Result):
    """Columns of one length: the steps of a method, row by row."""

    _kind = "steps"

    def __init__(self, columns: Mapping[str, Any], title: str) -> None:
        self._columns = dict(columns)
        self.title = title

    def _table(self) -> _core.Table:
        table = _core.Table(self._kind)
        for name, values in self._columns.items():
            table.add(name, values)
        return table

    def __repr__(self) -> str:
        return f"<safetyrisk {self._kind}: {len(self)} rows, {self.title}>"

    def _repr_html_(self) -> str:
        return titled(self, self.title)


class RankReversal(Steps):
    """Whether dropping one alternative changes the order of those that stay.

    Columns: ``dropped``; ``reversed``; ``best_before`` and ``best_after`` among those that stay;
    ``pair``, two that changed places, in the old order.
    """

    _kind = "rank_reversal"

    @property
    def any(self) -> bool:
        """Whether there is any reversal."""
        return any(self._columns["reversed"])


def find_reversal(
    dropped: str,
    labels: Sequence[str],
    before: NDArray[np.float64],
    after: NDArray[np.float64],
) -> dict[str, Any]:
    """Compare two scores of the same alternatives; differences below 1e-12 are none."""
    order = np.argsort(-before, kind="stable")
    old, new = before[order], after[order]
    # How many stood before each, and the least of what they have now.
    ahead = np.searchsorted(-old, -(old + 1e-12), side="left")
    least = np.minimum.accumulate(new)
    changed = np.flatnonzero((ahead > 0) & (new - least[np.maximum(ahead, 1) - 1] > 1e-12))
    pair = None
    if changed.size:
        later = int(changed[0])
        earlier = int(np.argmin(new[: ahead[later]]))
        pair = f"{labels[order[earlier]]} > {labels[order[later]]}"
    return {
        "dropped": dropped,
        "reversed": pair is not None,
        "best_before": labels[int(np.argmax(before))],
        "best_after": labels[int(np.argmax(after))],
        "pair": pair,
    }
