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

__all__ = ["Result"]


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

    def to_pandas(self) -> pandas.DataFrame:
        """Turn the result into a pandas ``DataFrame``.

        Raises
        ------
        InputError
            pandas is not installed.
        """
        frame: pandas.DataFrame = need("pandas", extra="").DataFrame(self.to_columns())
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


def _plain(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON value")
