"""The rows of the invented county while they are written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .register import Table

if TYPE_CHECKING:
    from .county_firms import Firm

__all__ = ["Book"]

# Columns of each table; what a row has besides stands in `attributes` as JSON.
COLUMNS: dict[str, tuple[str, ...]] = {
    "divisions": ("code", "name", "level"),
    "nodes": (
        "id", "kind", "name", "post_kind", "unit", "division", "level", "sectors", "valid_from",
        "valid_to", "function", "full_time", "assessment_standard", "scope", "employment",
        "using_unit", "attributes",
    ),
    "edges": (
        "source", "target", "kind", "duty", "sectors", "links", "lead", "enforce", "valid_from",
        "valid_to", "document", "clause", "confidence", "attributes",
    ),
    "enterprises": (
        "id", "name", "credit_code", "division", "sectors", "links", "employees", "high_risk",
        "key_unit", "soe", "safety_body", "crowded", "inspection_cap", "valid_from", "valid_to",
    ),
    "risk_points": ("id", "enterprise", "name", "grade", "division", "controlling_post"),
    "hazards": (
        "id", "enterprise", "name", "division", "sectors", "grade", "criterion", "found_by",
        "found_on", "channel", "due_on", "state", "extended_to", "stopped", "closed_on",
        "closed_by", "verified_by", "verified_on", "responsible", "measures", "funds", "plan",
        "supervised_by", "reported_to",
    ),
    "tasks": (
        "id", "name", "unit", "action", "sectors", "deadline", "target", "target_unit", "no",
    ),
    "duties": ("id", "subject", "action", "valid_from", "document", "clause"),
    "records": ("id", "subject", "action", "date", "object", "count", "values"),
}  # fmt: skip
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"


class Book:
    """The rows of the tables while they are written; ids are made by those who write."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rows: dict[str, list[dict[str, Any]]] = {table: [] for table in COLUMNS}
        self.firms: list[Firm] = []
        self._people = 0
        self._records = 0

    def add(self, table: str, **cells: Any) -> dict[str, Any]:
        """One row; cells that are None are left empty."""
        row = {name: cell for name, cell in cells.items() if cell is not None}
        self.rows[table].append(row)
        return row

    def node(self, id: str, kind: str, name: str, **cells: Any) -> str:  # noqa: A002
        """One node; returns its id."""
        self.add("nodes", id=id, kind=kind, name=name, **cells)
        return id

    def edge(self, source: str, kind: str, target: str, **cells: Any) -> None:
        """One edge."""
        self.add("edges", source=source, kind=kind, target=target, **cells)

    def person(self, **cells: Any) -> str:
        """Somebody who does not exist."""
        self._people += 1
        number = self._people
        name = f"{_SURNAMES[number % len(_SURNAMES)]}某{number:05d}"
        return self.node(f"P{number:05d}", "person", name, **cells)

    def post(
        self,
        unit: str,
        word: str,
        kind: str,
        name: str,
        *,
        holder: str | None = None,
        since: str = "2024-01-01",
        **cells: Any,
    ) -> str:
        """One post of a unit and who holds it; returns the post's id."""
        post = self.node(f"{unit}-{word}", "post", name, post_kind=kind, unit=unit, **cells)
        self.edge(holder or self.person(), "HOLDS", post, valid_from=since)
        return post

    def record(self, subject: str, action: str, date: str, **cells: Any) -> None:
        """One thing that was done."""
        self._records += 1
        values = cells.pop("values", None)
        if values is not None:
            cells["values"] = json.dumps(values, ensure_ascii=False)
        number = f"R{self._records:05d}"
        self.add("records", id=number, subject=subject, action=action, date=date, **cells)

    def tables(self) -> dict[str, Table]:
        """The tables, column by column."""
        out: dict[str, Table] = {}
        for table, rows in self.rows.items():
            names = COLUMNS[table]
            columns: Table = {name: [] for name in names}
            for row in rows:
                more = {name: row[name] for name in row if name not in names}
                for name in names:
                    columns[name].append(row.get(name))
                if more:
                    columns["attributes"][-1] = json.dumps(more, ensure_ascii=False)
            out[table] = {
                name: cells
                for name, cells in columns.items()
                if any(cell is not None for cell in cells)
            }
        return out
