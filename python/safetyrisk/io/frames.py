"""The door for tables: whatever the caller has becomes a table of the library."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .. import _core
from .._core import Method
from .._errors import InputError
from ..core import Issues
from ..scoring import Source
from .headers import IssueArgs, map_headers, table_spec
from .steps import read_table_labels
from .tables import read_raw, to_core

__all__ = ["as_table", "read_register"]


def as_table(
    data: Any,
    table: str,
    columns: Mapping[str, str] | None = None,
    *,
    extra: Iterable[str | tuple[str, ...]] = (),
    sheet: str | None = None,
    method: Method | None = None,
) -> tuple[_core.Table, Issues]:
    """Turn `data` into a table with canonical column names.

    Parameters
    ----------
    data
        A path (CSV, XLSX, Parquet, SQLite), a pandas or polars ``DataFrame``, anything with
        ``__arrow_c_stream__``, a dict of columns, or a table of the library. Arrow memory and
        float64 arrays are used where they lie.
    table
        Which table it is (``"risk_points"``): decides which headers are known.
    columns
        Ours to theirs, ``{"name": "风险点"}``; goes before the known headers.
    extra
        Further columns of ours, such as the inputs of a method, each with headers that mean it.
    sheet
        Sheet of a workbook.
    method
        A method whose steps may stand in cells as labels (``6　相当可能``), besides those that
        ship with the library.

    Returns
    -------
    (Table, Issues)

    Raises
    ------
    InputError
        `data` is no table.
    """
    read, issues, _ = read_register(data, table, columns, extra=extra, sheet=sheet, method=method)
    return read, issues


def read_register(
    data: Any,
    table: str = "risk_points",
    columns: Mapping[str, str] | None = None,
    *,
    extra: Iterable[str | tuple[str, ...]] = (),
    sheet: str | None = None,
    method: Method | None = None,
) -> tuple[_core.Table, Issues, Source]:
    """Do what :func:`as_table` does, and say how the columns were headed."""
    if isinstance(data, str | os.PathLike):
        raw = read_raw(data, table, columns, sheet=sheet, extra=extra, method=method)
        read, issues = to_core(raw)
        return read, Issues(issues), Source(raw.headers, raw.given, Path(data))
    ready, left_out = _whole_table(data, table)
    if ready is None:
        names, add = _columns(data)
    else:
        names = [*ready.names, *left_out]
    extra = tuple(extra)
    ours = [one if isinstance(one, str) else one[0] for one in extra]
    mapped = map_headers(names, table, columns, extra=extra)
    issues = _core.IssueTable()

    def leave_out(name: str, why: str) -> None:
        """A column that no cells can be made of may stay behind unless somebody looks for it."""
        if name in table_spec(table).types or name in ours:
            raise InputError(f"table {table}: {why}")
        issues.add("io.column_left_out", table=table, column=name)

    if ready is None:
        out = _core.Table(table)
        for name, put in zip(mapped.names, add, strict=True):
            try:
                out.add(name, put())
            except InputError as error:
                if _is_column(name, put):
                    raise InputError(f"table {table}: {error}") from None
                leave_out(name, str(error))
    else:
        theirs = dict(zip(mapped.names, names, strict=True))
        out = ready.rename({theirs[name]: name for name in mapped.names})
        for name in mapped.names[len(ready.names) :]:
            leave_out(name, f"column '{theirs[name]}' holds no numbers, texts or dates")

    def report(issue: IssueArgs) -> None:
        issues.add(
            issue.code, table=table, column=issue.column, value=issue.value, args=list(issue.args)
        )

    for issue in mapped.issues:
        report(issue)
    out = read_table_labels(out, report, method)
    return out, Issues(issues), Source(dict(zip(mapped.names, names, strict=True)))


def _is_column(name: str, put: Callable[[], Any]) -> bool:
    """Whether the values are cells, so that it is their number which does not fit."""
    try:
        _core.Table().add(name, put())
    except InputError:
        return False
    return True


def _whole_table(data: Any, table: str) -> tuple[_core.Table | None, list[str]]:
    """A table of the library, or of anything that gives Arrow memory, and what it left out.

    None where columns are taken one by one.
    """
    if isinstance(data, _core.Table):
        return data.with_origin(table, data.source), []
    if isinstance(data, Mapping) or _is_pandas(data) or not hasattr(data, "__arrow_c_stream__"):
        return None, []
    return _core.import_arrow(data, table)


def _columns(data: Any) -> tuple[list[str], list[Any]]:
    """Headers, and for each a function that gives its values."""
    if isinstance(data, Mapping):
        return [str(k) for k in data], [lambda v=v: _values(v) for v in data.values()]
    if _is_pandas(data):
        names = [str(c) for c in data.columns]
        return names, [lambda i=i: _series(data.iloc[:, i]) for i in range(len(names))]
    raise InputError(
        f"a {type(data).__name__} is no table; give a path, a DataFrame, an Arrow table or a "
        "dict of columns"
    )


def _is_pandas(data: Any) -> bool:
    return type(data).__module__.partition(".")[0] == "pandas" and hasattr(data, "iloc")


def _series(series: Any) -> Any:
    """Values of a pandas column: NumPy memory where that is what it has, else Arrow, else objects."""
    if isinstance(series.dtype, np.dtype):
        return series.to_numpy()
    if type(series.dtype).__name__ == "SparseDtype":
        return series.sparse.to_dense().to_numpy()
    try:
        series.__arrow_c_stream__  # noqa: B018  (asks whether pandas offers it)
        import pyarrow  # noqa: F401  (pandas exports through it)
    except (AttributeError, ImportError):
        return series.to_numpy(dtype=object)
    return series


def _values(values: Any) -> Any:
    if hasattr(values, "to_numpy") and _is_pandas(values):
        return _series(values)
    arrow = hasattr(values, "__arrow_c_stream__") or hasattr(values, "__arrow_c_array__")
    if isinstance(values, np.ndarray) or arrow:
        return values
    return list(values)
