"""What a county's registers write in place of ids, told from their headers.

A register of enterprises often has a town's name and no code, a credit code and no number of its
own, or a running number that the register of hazards has as well. The graph needs one id for each
row over all tables; everything here says so in an issue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .. import _core
from ..core import Issues
from .headers import normal, table_spec

__all__ = ["Register", "with_ids"]

#: Tables whose rows others do not call by a running number.
_NUMBERED = ("risk_points", "hazards", "tasks")
_NODES = ("nodes", "enterprises", *_NUMBERED)


@dataclass(frozen=True)
class Register:
    """A table that was read, and the headers of its columns as they stand in the file."""

    table: _core.Table
    headers: Mapping[str, str]


def with_ids(registers: Sequence[Register]) -> tuple[list[_core.Table], Issues]:
    """Tables whose places and ids the graph can read.

    - a column such as 所属乡镇 stands for ``division`` where that is missing: its names are looked
      up when the graph is built;
    - enterprises without an id have their credit code as id;
    - where the ids of several tables are running numbers (序号), those of risk points, hazards and
      tasks begin with the title of their table.
    """
    issues = _core.IssueTable()
    numbered = [one for one in registers if one.table.table in _NODES and _runs(one)]
    out = []
    for one in registers:
        table = _placed(one.table)
        if table.table == "enterprises" and not table.has("id") and table.has("credit_code"):
            table.add_from("id", table, "credit_code")
            issues.add("graph.id_from_credit_code", table=table.table, source=table.source)
        if len(numbered) > 1 and one in numbered and table.table in _NUMBERED:
            title = table_spec(table.table).title["zh"]
            ids = [None if cell is None else f"{title}{cell}" for cell in table.texts("id")]
            table = table.select([name for name in table.names if name != "id"])
            table.add("id", ids)
            first = next((text for text in ids if text), "")
            issues.add(
                "graph.id_from_number", table=table.table, source=table.source, column="id",
                value=first, args=[one.headers["id"]],
            )  # fmt: skip
        out.append(table)
    return out, Issues(issues)


def _runs(register: Register) -> bool:
    """Whether the ids are running numbers of the list."""
    spec = table_spec(register.table.table)
    header = normal(register.headers.get("id", ""))
    return register.table.has("id") and "id" in spec.third.get(header, ())


def _placed(table: _core.Table) -> _core.Table:
    """The table with a column ``division``, if some header over names of places stands for it."""
    wanted = table_spec(table.table).by_name.get("division", ())
    if not wanted or table.has("division"):
        return table
    by_header = {normal(name): name for name in table.names}
    for header in wanted:
        if header in by_header:
            table = table.select(table.names)
            table.add_from("division", table, by_header[header])
            return table
    return table
