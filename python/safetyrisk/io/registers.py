"""What a county's registers write in place of ids, told from their headers.

A register of enterprises often has a town's name and no code, a credit code and no number of its
own, or a running number that the register of hazards has as well. The graph needs one id for each
row over all tables; everything here says so in an issue.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .. import _core
from ..core import Issues
from .headers import normal, table_spec

__all__ = ["Register", "column_words", "with_ids"]

#: Tables whose rows others do not call by a running number.
_NUMBERED = ("risk_points", "hazards", "tasks")
#: What a record says beside who, what, when and to whom.
_VALUES = ("valid_to", "matter", "joint", "kind", "rating", "year", "accident", "case")
_NODES = ("nodes", "enterprises", *_NUMBERED)


@dataclass(frozen=True)
class Register:
    """A table that was read, and the headers of its columns as they stand in the file."""

    table: _core.Table
    headers: Mapping[str, str]


def with_ids(registers: Sequence[Register]) -> tuple[list[_core.Table], Issues]:
    """Tables whose places and ids the graph can read.

    - a column such as 所属乡镇 stands for ``division`` where that is missing (its names are looked
      up when the graph is built), and 风险等级 of a graded register for ``grade``;
    - words of a closed list (双主任) become what they mean (``dual``), and what records say in
      columns of their own (有效期至, 考核结果) their ``values``;
    - enterprises without an id have their credit code as id;
    - where the ids of several tables are running numbers (序号), those of risk points, hazards and
      tasks begin with the title of their table.
    """
    issues = _core.IssueTable()
    numbered = [one for one in registers if one.table.table in _NODES and _runs(one)]
    out = []
    for one in registers:
        table = _with_words(_with_headers_of_the_graph(one.table))
        if table.table == "records":
            table = _with_values(table, one.headers)
        if table.table == "enterprises" and not table.has("id") and table.has("credit_code"):
            table.add_from("id", table, "credit_code")
            issues.add("graph.id_from_credit_code", table=table.table, source=table.source)
        if len(numbered) > 1 and one in numbered and table.table in _NUMBERED:
            title = table_spec(table.table).title["zh"]
            ids = [None if cell is None else f"{title}{cell}" for cell in table.texts("id")]
            table = _replaced(table, "id", ids)
            first = next((text for text in ids if text), "")
            issues.add(
                "graph.id_from_number", table=table.table, source=table.source, column="id",
                value=first, args=[one.headers["id"]],
            )  # fmt: skip
        out.append(table)
    return out, Issues(issues)


@functools.cache
def column_words(table: str, column: str) -> Mapping[str, str]:
    """What may be written in a column of a closed list: Chinese word to value, the usual ones first."""
    words = table_spec(table).words[column]
    pack = words.get("pack")
    if pack is None:
        return words
    (content,) = [
        json.loads(p.canonical)["content"] for p in _core.packs() if p.kind == pack and p.default
    ]
    entries = content[words["of"]]
    out = {one["zh"]: one["id"] for one in entries}
    for one in entries:
        for name in (*one.get("aliases", ()), *one.get("short", ())):
            out.setdefault(name, one["id"])
    return out


def _runs(register: Register) -> bool:
    """Whether the ids are running numbers of the list."""
    spec = table_spec(register.table.table)
    header = normal(register.headers.get("id", ""))
    return register.table.has("id") and "id" in spec.third.get(header, ())


def _with_headers_of_the_graph(table: _core.Table) -> _core.Table:
    """The table with the columns that its headers stand for in the graph only."""
    by_header = {normal(name): name for name in table.names}
    for column, headers in table_spec(table.table).in_graph.items():
        found = next((by_header[header] for header in headers if header in by_header), None)
        if found is not None and not table.has(column):
            table = table.select(table.names)
            table.add_from(column, table, found)
    return table


def _with_words(table: _core.Table) -> _core.Table:
    """The table with the ids of words, where cells hold words of a closed list."""
    for column in table_spec(table.table).words:
        words = column_words(table.table, column)
        if not table.has(column) or table.type(column) != "text":
            continue
        cells = table.texts(column)
        if any(cell in words for cell in cells if cell):
            table = _replaced(table, column, [words.get(c, c) if c else None for c in cells])
    return table


def _with_values(table: _core.Table, headers: Mapping[str, str]) -> _core.Table:
    """The table with the columns of ``values`` in one cell of JSON, what stands there going first."""
    keys = [key for key in _VALUES if table.has(key) and key in headers]
    if not keys:
        return table
    there = table.texts("values") if table.has("values") else [None] * len(table)
    columns = {key: table.texts(key) for key in keys}
    cells: list[str | None] = []
    for row, text in enumerate(there):
        told = {key: cell for key in keys if (cell := columns[key][row])}
        if text:
            try:
                given = json.loads(text)
            except ValueError:
                given = None
            if not isinstance(given, dict):  # reported when the graph is built
                cells.append(text)
                continue
            told |= given
        cells.append(json.dumps(told, ensure_ascii=False) if told else None)
    return _replaced(table.select([n for n in table.names if n not in keys]), "values", cells)


def _replaced(table: _core.Table, column: str, cells: Sequence[str | None]) -> _core.Table:
    """The table with other cells in a column, which moves to the end."""
    out = table.select([name for name in table.names if name != column])
    out.add(column, cells)
    return out
