"""Tables of a responsibility graph, out of a folder, a SQLite file or JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import _core
from .._faults import fault
from ..core import Issues
from .columnar import sqlite_meta, sqlite_tables
from .dataset import Dataset
from .frames import read_register
from .registers import Register, with_ids
from .tables import to_core

__all__ = ["GRAPH_TABLES", "GraphTables", "as_tables", "joined", "read_dataset", "read_events"]

#: Tables that a graph is made of.
GRAPH_TABLES = (
    "divisions", "nodes", "edges", "enterprises", "risk_points", "hazards", "tasks", "records",
    "duties",
)  # fmt: skip
#: What the table ``meta`` of a SQLite file may say.
_META = ("data_date", "jurisdiction", "id", "title")
_EVENTS = "hazard_events"
_SQLITE = (".sqlite", ".sqlite3", ".db")


@dataclass(frozen=True)
class GraphTables:
    """Tables that were read, and what the dataset says beside them."""

    tables: Sequence[_core.Table]
    issues: Issues
    data_date: str | None = None
    jurisdiction: Sequence[str] = ()


def read_dataset(place: Path) -> GraphTables:
    """Read the tables of a graph.

    A SQLite file says the day of its data and its jurisdiction in a table ``meta`` of the columns
    ``key`` and ``value``.

    Raises
    ------
    InputError
        There is nothing to read, or none of it is a table of a graph.
    """
    if place.suffix.lower() == ".json" and place.is_file():
        try:
            text = place.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise fault("job.toml", file=place, reason=error) from None
        tables, data_date, jurisdiction = _core.read_graph_json(text)
        return GraphTables(tables, Issues(), data_date, jurisdiction)
    if place.suffix.lower() in _SQLITE and place.is_file():
        there = [name for name in GRAPH_TABLES if name in sqlite_tables(place)]
        if not there:
            raise fault("dataset.no_graph", place=place, known=list(GRAPH_TABLES))
        data_date, places = _meta(place)
        tables, issues = as_tables(dict.fromkeys(there, place), {})
        return GraphTables(tables, issues, data_date, places)
    dataset = Dataset.open(place)
    registers = []
    issues = Issues()
    for name in GRAPH_TABLES:
        if name in dataset:
            raw = dataset.read(name)
            read, found = to_core(raw)
            registers.append(Register(read, raw.headers))
            issues += Issues(found)
    if not registers:
        raise fault("dataset.no_graph", place=place, known=list(GRAPH_TABLES))
    tables, more = with_ids(registers)
    issues += more
    day = None if dataset.data_date is None else dataset.data_date.isoformat()
    return GraphTables(tables, issues, day, dataset.jurisdiction)


def _meta(file: Path) -> tuple[str | None, list[str]]:
    """Day of the data and places that are checked, as the table ``meta`` of a SQLite file says."""
    meta = sqlite_meta(file)
    for key in meta:
        if key not in _META:
            raise fault("job.key", place=file, key=f"meta.{key}", known=list(_META))
    day = meta.get("data_date")
    if day is not None and _core.parse_date(day) is None:
        raise fault("dataset.date", place=f"{file} (meta)", value=repr(day))
    places = meta.get("jurisdiction", "").replace("；", ";").split(";")
    return day, [one.strip() for one in places if one.strip()]


def read_events(place: Path) -> tuple[_core.Table | None, Issues]:
    """Steps of hazards, ``hazard_events``, of a dataset; None where it has no such table."""
    if place.suffix.lower() in _SQLITE and place.is_file():
        if _EVENTS in sqlite_tables(place):
            (table,), issues = as_tables({_EVENTS: place}, {})
            return table, issues
    elif place.is_dir():
        dataset = Dataset.open(place)
        if _EVENTS in dataset:
            read, found = to_core(dataset.read(_EVENTS))
            return read, Issues(found)
    return None, Issues()


def as_tables(
    given: Mapping[str, Any], columns: Mapping[str, Mapping[str, str]]
) -> tuple[list[_core.Table], Issues]:
    """Turn what the caller has into tables; those that are None are not given."""
    unknown = [name for name in columns if name not in (*GRAPH_TABLES, *given)]
    if unknown:
        raise fault("graph.table_columns", table=unknown[0], known=list(GRAPH_TABLES))
    registers = []
    issues = Issues()
    for name, data in given.items():
        if data is None:
            continue
        read, found, source = read_register(data, name, columns.get(name))
        registers.append(Register(read, source.headers))
        issues += found
    tables, more = with_ids(registers)
    return tables, issues + more


def joined(tables: Sequence[_core.Table]) -> list[_core.Table]:
    """Tables of one name put below each other, in the order given."""
    by_name: dict[str, list[_core.Table]] = {}
    for table in tables:
        by_name.setdefault(table.table, []).append(table)
    out = []
    for name, parts in by_name.items():
        if len(parts) == 1:
            out.append(parts[0])
            continue
        whole = _core.Table(name)
        for column in dict.fromkeys(column for part in parts for column in part.names):
            cells: list[str | None] = []
            for part in parts:
                cells += part.texts(column) if part.has(column) else [None] * part.rows
            whole.add(column, cells)
        out.append(whole)
    return out
