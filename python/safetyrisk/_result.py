"""What all results share: tables for pandas, Arrow and JSON."""

from __future__ import annotations

import datetime as dt
import json
import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from . import _core
from ._extras import need

if TYPE_CHECKING:
    import pandas
    import pyarrow

__all__ = ["MadeTable", "Result"]

#: From the mildest to the gravest.
_GRADES = ["blue", "yellow", "orange", "red"]


class Result(ABC):
    """A result that is a table; subclasses give the table and its kind."""

    _kind = "table"

    @abstractmethod
    def _table(self) -> _core.Table: ...

    @property
    def kind(self) -> str:
        """What it is a table of: ``graded``, ``rollup``, ``issues``, ``methods``."""
        return self._kind

    def to_columns(self) -> dict[str, Any]:
        """Columns as NumPy arrays by name; texts and dates as objects, missing as None or NaN."""
        table = self._table()
        return {name: table.column(name) for name in table.names}

    def to_pandas(self, *, categories: bool = True) -> pandas.DataFrame:
        """Turn the result into a pandas ``DataFrame``.

        Parameters
        ----------
        categories
            Columns of a few distinct texts (``grade``, ``status``, ``method`` …) become
            ``Categorical``: as small and as fast as numbers, and what one writes with texts works
            (``== "red"``, ``groupby``, ``value_counts``, ``to_excel``). Grades are ordered, so
            that ``sort_values("grade")``, ``max()`` and ``frame["grade"] >= "orange"`` mean what
            they say. With False they are texts, which cells of other texts may be put among.

        Raises
        ------
        InputError
            pandas is not installed.

        Examples
        --------
        >>> import safetyrisk as sr
        >>> g = sr.grade({"id": ["a", "b"], "L": [3, 6], "E": [10, 6], "C": [15, 1]}, "lec")
        >>> frame = g.to_pandas()
        >>> (frame["grade"] >= "orange").tolist(), frame["grade"].max()
        ([True, False], 'red')
        """
        pd = need("pandas", extra="")
        table = self._table()
        columns: dict[str, Any] = {}
        for name in table.names:
            coded = table.categories(name)
            if coded is None or not categories or len(set(coded[1])) < len(coded[1]):
                columns[name] = _pandas_column(pd, table, name)
            else:
                codes, texts = coded
                kind = pd.CategoricalDtype(texts, ordered=texts == _GRADES)
                columns[name] = pd.Categorical.from_codes(codes, dtype=kind)
        frame: pandas.DataFrame = pd.DataFrame(columns)
        return frame

    def to_arrow(self) -> pyarrow.Table:
        """Turn the result into a ``pyarrow.Table``.

        Raises
        ------
        InputError
            pyarrow is not installed.
        """
        return need("pyarrow", extra="tables").table(self._table())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Arrow C stream of the table, for polars, DuckDB, pyarrow and others."""
        return self._table().__arrow_c_stream__(requested_schema)

    def to_json(self) -> str:
        """JSON text: ``{"format": 1, "kind": …, "rows": [{column: value, …}, …]}``.

        Missing values are null, dates ``YYYY-MM-DD``.
        """
        document = {"format": 1, "kind": self._kind, "rows": self._rows()}
        return json.dumps(document, ensure_ascii=False, default=_plain, allow_nan=False)

    def _rows(self, limit: int | None = None) -> list[dict[str, Any]]:
        table = self._table()
        if limit is not None and table.rows > limit:
            table = table.take(list(range(limit)))
        names = table.names
        columns = [table.column(name).tolist() for name in names]
        return [
            {
                name: None if isinstance(value, float) and not math.isfinite(value) else value
                for name, value in zip(names, row, strict=True)
            }
            for row in zip(*columns, strict=True)
        ]

    def __len__(self) -> int:
        return self._table().rows


class MadeTable(Result):
    """A result whose table is made already."""

    def __init__(self, table: _core.Table, kind: str) -> None:
        self._made = table
        self._kind = kind

    def _table(self) -> _core.Table:
        return self._made

    def __repr__(self) -> str:
        return f"<safetyrisk {self._kind}: {len(self)} rows>"


def _pandas_column(pd: Any, table: _core.Table, name: str) -> Any:
    """Make what a data frame takes fastest: Arrow memory for texts where pandas keeps them so."""
    if table.type(name) == "text" and int(pd.__version__.partition(".")[0]) >= 3:
        try:
            import pyarrow
        except ImportError:
            return table.column(name)
        texts = pyarrow.table(table.select([name])).column(0).cast(pyarrow.large_string())
        return pd.Series(texts, dtype=pd.StringDtype("pyarrow", na_value=math.nan))
    return table.view(name)


def _plain(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON value")
