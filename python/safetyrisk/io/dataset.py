"""A dataset folder: tables in files and a dataset.toml that says what they are.

``dataset.toml`` holds ``format = 1``, ``id``, ``title``, ``data_date``, ``crs``, ``jurisdiction``
(codes whose territory the responsibility graph checks) and, for each table, ``[columns.<table>]``
with ``ours = "theirs"``. A table is ``<table>.csv``, ``.parquet`` or
``.xlsx`` (``boundaries`` also ``.geojson``), or lies in the folder's one SQLite file.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._errors import InputError, NotFoundError
from .._faults import fault
from .columnar import sqlite_tables
from .headers import IssueArgs, table_spec
from .rows import Raw
from .tables import read_raw

__all__ = ["Dataset"]

_TABLES = (
    "divisions",
    "boundaries",
    "nodes",
    "edges",
    "enterprises",
    "risk_points",
    "substances",
    "hazards",
    "hazard_events",
    "tasks",
    "duties",
    "records",
)
_SUFFIXES = (".csv", ".parquet", ".xlsx")
_SQLITE = (".sqlite", ".sqlite3", ".db")
_KEYS = ("format", "id", "title", "data_date", "crs", "jurisdiction", "columns")


@dataclass(frozen=True)
class Dataset:
    """A dataset folder; make one with :meth:`open`.

    Attributes
    ----------
    id, title, crs
        As in ``dataset.toml``; empty where it does not say.
    data_date
        The day the data stands for, or ``None``.
    jurisdiction
        Codes or ids of the places whose responsibilities are checked; empty for the topmost ones.
    columns
        Ours to theirs, by table.
    files
        Where each table lies.
    issues
        Files that look like tables but are none of ours.
    """

    folder: Path
    id: str
    title: str
    data_date: dt.date | None
    crs: str
    columns: Mapping[str, Mapping[str, str]]
    files: Mapping[str, Path]
    issues: tuple[IssueArgs, ...] = field(default=())
    jurisdiction: tuple[str, ...] = ()

    @classmethod
    def open(cls, folder: str | os.PathLike[str]) -> Dataset:
        """Open a dataset folder; no table is read yet.

        Raises
        ------
        InputError
            There is no ``dataset.toml``, it has an unknown key or a wrong value, a table lies in
            two files, or a file is a link that leads out of the folder.
        """
        import tomllib  # here and not on top: it is slow to import

        root = Path(folder)
        place = root / "dataset.toml"
        if not root.is_dir():
            raise fault("dataset.no_folder", folder=root)
        try:
            document = tomllib.loads(place.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            raise fault("dataset.no_toml", folder=root) from None
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise fault("job.toml", file=place, reason=error) from None
        files, issues = _find_files(root)
        return cls(
            folder=root,
            data_date=_date(document, place),
            columns=_columns(document, place),
            files=files,
            issues=tuple(issues),
            jurisdiction=_jurisdiction(document, place),
            **_texts(document, place),
        )

    def __contains__(self, table: object) -> bool:
        """Whether the folder has that table."""
        return table in self.files

    def read(self, table: str, most: int | None = None) -> Raw:
        """Read one table, or its first rows, with the dataset's ``[columns.<table>]``.

        Raises
        ------
        NotFoundError
            The dataset has no such table.
        InputError
            The file cannot be read, or it is a map (``boundaries.geojson``), which
            :mod:`safetyrisk.region` reads.
        """
        if table not in self.files:
            there = ", ".join(self.files) or "none"
            raise NotFoundError(f"{self.folder}: there is no table '{table}'; there are: {there}")
        file = self.files[table]
        if file.suffix == ".geojson":
            raise InputError(f"{file}: is a map, not a table; read it as boundaries")
        return read_raw(file, table, self.columns.get(table), most=most)


def _texts(document: Mapping[str, Any], place: Path) -> dict[str, str]:
    for key in document:
        if key not in _KEYS:
            raise fault("job.key", place=place, key=key, known=list(_KEYS))
    if document.get("format") != 1 or isinstance(document.get("format"), bool):
        raise fault("dataset.format", place=place, value=repr(document.get("format")))
    values = {key: document.get(key, "") for key in ("id", "title", "crs")}
    for key, value in values.items():
        if not isinstance(value, str):
            raise fault("dataset.text", place=place, key=key, value=repr(value))
    return values


def _date(document: Mapping[str, Any], place: Path) -> dt.date | None:
    value = document.get("data_date")
    if value is None:
        return None
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise fault("dataset.date", place=place, value=str(value))


def _jurisdiction(document: Mapping[str, Any], place: Path) -> tuple[str, ...]:
    value = document.get("jurisdiction", [])
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise InputError(f"{place}: jurisdiction: must be a list of texts, not {value!r}")
    return tuple(value)


def _columns(document: Mapping[str, Any], place: Path) -> dict[str, dict[str, str]]:
    tables = document.get("columns", {})
    if not isinstance(tables, dict):
        raise fault("dataset.columns", place=place, key="columns")
    for table, columns in tables.items():
        if table not in _TABLES:
            known = list(_TABLES)
            raise fault("dataset.table_unknown", place=place, key=f"columns.{table}", known=known)
        if not isinstance(columns, dict):
            raise fault("dataset.columns", place=place, key=f"columns.{table}")
        types = table_spec(table).types
        for ours, theirs in columns.items():
            key = f"columns.{table}.{ours}"
            if ours not in types:
                raise fault("dataset.column_unknown", place=place, key=key, known=list(types))
            if not isinstance(theirs, str) or not theirs:
                raise fault("dataset.text", place=place, key=key, value=repr(theirs))
    return tables


def _find_files(root: Path) -> tuple[dict[str, Path], list[IssueArgs]]:
    files: dict[str, Path] = {}
    issues: list[IssueArgs] = []
    home = root.resolve()

    def put(table: str, file: Path) -> None:
        if table in files:
            one, other = files[table].name, file.name
            raise fault("dataset.table_twice", folder=root, table=table, one=one, other=other)
        files[table] = file

    bases = []
    for file in sorted(root.iterdir()):
        suffix = file.suffix
        wanted = suffix in (*_SUFFIXES, *_SQLITE) or file.name == "boundaries.geojson"
        if not wanted or file.name.startswith((".", "~$")) or file.is_dir():
            continue
        if not file.resolve().is_relative_to(home):
            raise fault("dataset.link", file=file)
        if suffix in _SQLITE:
            bases.append(file)
        elif file.stem in _TABLES:
            put(file.stem, file)
        else:
            issues.append(IssueArgs("io.unknown_table", value=file.name, args=(file.stem,)))
    if len(bases) > 1:
        raise fault("dataset.several_bases", folder=root, names=[file.name for file in bases])
    for file in bases:
        for table in sqlite_tables(file):
            if table in _TABLES:
                put(table, file)
            else:
                issues.append(IssueArgs("io.unknown_table", value=file.name, args=(table,)))
    return {table: files[table] for table in _TABLES if table in files}, issues
