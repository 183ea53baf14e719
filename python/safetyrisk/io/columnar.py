"""Tables that come as columns: Parquet by pyarrow, SQLite by the standard library."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .. import _core
from .._errors import InputError
from .._extras import need
from .._faults import fault
from .._files import atomic_path
from .books import typed_column
from .rows import Options, Raw

if TYPE_CHECKING:
    import sqlite3  # slow to import, so at run time only where it is used

__all__ = ["parquet_packs", "read_parquet", "read_sqlite", "sqlite_tables", "write_parquet"]

# Rows of a row group that we write: what is in memory of the written form at a time.
_GROUP_ROWS = 1 << 20
# Most texts of a dictionary: every column of codes that a grading makes, no column of ids.
_DICTIONARY = 4096
# Name of the packs in a file's metadata.
_PACKS = "safetyrisk.packs"


def read_parquet(file: Path, options: Options) -> Raw:
    """Read a Parquet file; see :func:`safetyrisk.io.read_raw`."""
    parquet = need("pyarrow.parquet", extra="tables")
    arrow = need("pyarrow", extra="tables")
    try:
        opened = parquet.ParquetFile(file)
        coded = _coded_texts(arrow, opened)
        if coded:
            opened = parquet.ParquetFile(file, read_dictionary=coded, metadata=opened.metadata)
        table = _read(arrow, opened, options.most)
    except (arrow.ArrowException, OSError) as error:
        first = str(error).partition("\n")[0]
        raise fault("parquet.unreadable", file=file, reason=first) from None
    if not table.num_columns:
        raise fault("parquet.no_columns", file=file)
    raw = Raw({}, options.table, file.name)
    names = options.map(table.column_names)
    raw.mapping, raw.issues = names.mapping, names.issues
    raw.headers = dict(zip(names.names, table.column_names, strict=True))
    for name, column in zip(names.names, table.columns, strict=True):
        raw.columns[name] = _plain(raw, name, column, options, file)
    return raw


def _coded_texts(arrow: Any, file: Any) -> list[str]:
    """Columns of texts that the file keeps by number throughout: read so, they cost a fifth.

    The file does not say so outright; but texts written out take more than two bytes a cell.
    """
    meta = file.metadata
    sizes: dict[str, int] = {}
    for group in range(meta.num_row_groups):
        for index in range(meta.num_columns):
            chunk = meta.row_group(group).column(index)
            sizes[chunk.path_in_schema] = (
                sizes.get(chunk.path_in_schema, 0) + chunk.total_uncompressed_size
            )
    return [
        field.name
        for field in file.schema_arrow
        if field.type in (arrow.string(), arrow.large_string())
        and sizes.get(field.name, 0) <= 2 * meta.num_rows
    ]


def _read(arrow: Any, file: Any, most: int | None) -> Any:
    if most is None:
        return file.read()
    batches = file.iter_batches(batch_size=max(most, 1))
    first = next(batches, None)
    return file.schema_arrow.empty_table() if first is None else arrow.Table.from_batches([first])


def _plain(raw: Raw, name: str, column: Any, options: Options, file: Path) -> Any:
    """Make an Arrow column one of a kind that the library takes."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind, wanted = column.type, options.type_of(name)
    if pa.types.is_dictionary(kind):
        texts = (pa.types.is_string(kind.value_type), pa.types.is_large_string(kind.value_type))
        if any(texts):
            # One dictionary for all row groups; the texts themselves are not written out.
            return column.unify_dictionaries().combine_chunks()
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_decimal(kind):
        column, kind = column.cast(pa.float64()), pa.float64()
    if pa.types.is_integer(kind) and wanted in ("text", "list"):
        return column.cast(pa.string())
    if pa.types.is_floating(kind):
        if wanted in ("text", "list"):
            cells = [None if v is None or v != v else v for v in column.to_pylist()]
            return typed_column(raw, name, cells, wanted)
        return column.cast(pa.float64())
    if pa.types.is_timestamp(kind) or pa.types.is_time(kind):
        return typed_column(raw, name, column.to_pylist(), wanted)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        if not (pa.types.is_string(kind.value_type) or pa.types.is_large_string(kind.value_type)):
            raise fault("parquet.column", file=file, name=name, kind=f"list<{kind.value_type}>")
        return pc.binary_join(column, ";")
    if pa.types.is_null(kind):
        return column.cast(pa.string())
    if (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
    ):
        return column
    if pa.types.is_date(kind):
        return column.cast(pa.date32())
    raise fault("parquet.column", file=file, name=name, kind=kind)


class _Batches:
    """The rows of a table in batches, for whoever reads Arrow streams."""

    def __init__(self, table: _core.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.arrow_batches(_GROUP_ROWS, _DICTIONARY)


def write_parquet(
    table: _core.Table,
    path: str | os.PathLike[str],
    packs: Mapping[str, tuple[str, str]] | None = None,
) -> None:
    """Write a table as Parquet: one row group after the other, zstd, texts by number as dictionary.

    `packs` (version and SHA-256 of the packs that graded it, by id) stands in the file's metadata;
    :func:`parquet_packs` reads it. The same table and the same pyarrow give the same bytes. Missing
    cells are null, dates are ``date32``, texts ``large_string``.

    Raises
    ------
    OSError
        The file cannot be written.
    InputError
        pyarrow is not installed.
    """
    arrow = need("pyarrow", extra="tables")
    parquet = need("pyarrow.parquet", extra="tables")
    batches = arrow.RecordBatchReader.from_stream(_Batches(table))
    schema = batches.schema
    if packs is not None:
        schema = schema.with_metadata({_PACKS: json.dumps(packs, sort_keys=True)})
    with (
        atomic_path(path) as draft,
        open(draft, "wb") as stream,
        parquet.ParquetWriter(stream, schema, compression="zstd", compression_level=1) as writer,
    ):
        for batch in batches:
            writer.write_batch(batch, row_group_size=_GROUP_ROWS)


def parquet_packs(file: Path) -> dict[str, tuple[str, str]]:
    """Packs that a Parquet file of ours says it was graded by; none where it does not say so."""
    parquet = need("pyarrow.parquet", extra="tables")
    try:
        said = json.loads((parquet.read_metadata(file).metadata or {})[_PACKS.encode()])
        return {str(name): (str(version), str(digest)) for name, (version, digest) in said.items()}
    except Exception:  # whatever is wrong with the file, reading it as a table says so better
        return {}


def sqlite_tables(file: Path) -> list[str]:
    """Names of the tables and views of a SQLite file."""
    with _open(file) as base:
        return _tables(base.connection, file)


def sqlite_meta(file: Path) -> dict[str, str]:
    """What the table ``meta`` of a SQLite file says, value by key; nothing where there is none.

    Raises
    ------
    InputError
        It has no columns ``key`` and ``value``.
    """
    with _open(file) as base:
        if "meta" not in _tables(base.connection, file):
            return {}
        cursor = base.connection.execute("SELECT * FROM meta")
        names = [one[0] for one in cursor.description]
        if not {"key", "value"} <= set(names):
            raise fault("sqlite.meta", file=file, known=names)
        key, value = names.index("key"), names.index("value")
        return {str(row[key]): str(row[value]) for row in cursor if row[value] is not None}


class _open:  # noqa: N801  (a context manager used like a function)
    """A connection that can only read, with errors as InputError."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __enter__(self) -> _open:
        import sqlite3

        address = f"file:{quote(str(self.file.resolve()))}?mode=ro"
        try:
            self.connection = sqlite3.connect(address, uri=True)
        except sqlite3.Error as error:
            raise InputError(f"cannot read {self.file}: {error}") from None
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        import sqlite3

        self.connection.close()
        if isinstance(error, sqlite3.Error):
            raise fault("sqlite.unreadable", file=self.file, reason=error) from None


def _tables(connection: sqlite3.Connection, file: Path) -> list[str]:
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
        "AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
    )
    return [str(name) for (name,) in rows]


def read_sqlite(file: Path, options: Options, wanted: str) -> Raw:
    """Read a table of a SQLite file; see :func:`safetyrisk.io.read_raw`."""
    with _open(file) as base:
        there = _tables(base.connection, file)
        if not wanted and len(there) == 1:
            wanted = there[0]
        if wanted not in there:
            raise fault("sqlite.no_table", file=file, table=wanted, known=there)
        quoted = wanted.replace('"', '""')
        limit = -1 if options.most is None else options.most
        cursor = base.connection.execute(f'SELECT * FROM "{quoted}" LIMIT {limit}')
        headers = [str(entry[0]) for entry in cursor.description]
        rows = cursor.fetchall()
    names = options.map(headers)
    raw = Raw({}, options.table, f"{file.name} [{wanted}]", issues=names.issues)
    raw.mapping = names.mapping
    raw.headers = dict(zip(names.names, headers, strict=True))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(headers)
    for name, column in zip(names.names, columns, strict=True):
        if any(isinstance(value, bytes) for value in column):
            raise fault("sqlite.binary", file=file, name=name, table=wanted)
        cells = [None if value == "" else value for value in column]
        raw.columns[name] = _sqlite_column(raw, name, cells, options.type_of(name))
    return raw


def _sqlite_column(raw: Raw, name: str, cells: list[Any], wanted: str) -> Any:
    # SQLite's integers are exact: write their digits out instead of going through float.
    exact = all(v is None or (isinstance(v, int) and not isinstance(v, bool)) for v in cells)
    if wanted in ("text", "list") or (exact and wanted == "" and any(v is not None for v in cells)):
        long = any(isinstance(v, int) and abs(v) >= 2**53 for v in cells)
        if wanted in ("text", "list") or long:
            cells = [str(v) if isinstance(v, int) else v for v in cells]
    return typed_column(raw, name, cells, wanted)
