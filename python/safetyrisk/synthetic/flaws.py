"""Flaws of the kinds that real registers have, planted where a list says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .register import Table
from .stream import Stream

__all__ = ["plant"]


def plant(tables: Mapping[str, Table], *, seed: int = 1) -> tuple[dict[str, Table], Table]:
    """Spoils a few rows of a register on purpose, and lists what was done.

    Parameters
    ----------
    tables
        What `register` gives, with at least 200 risk points. It is not changed.
    seed
        Chooses the rows.

    Returns
    -------
    tables : dict
        The tables with flaws; as many rows as before.
    planted : dict
        Columns ``table``, ``row`` (0-based), ``id``, ``column``, ``what``, ``status`` (what
        becomes of the row: graded, not_gradable or rejected) and ``issue`` (code of the issue
        expected at this row; empty where the value is harmless once it is escaped).

    Raises
    ------
    ValueError
        There are fewer than 200 risk points.
    """
    result = {name: {c: list(v) for c, v in table.items()} for name, table in tables.items()}
    points = result["risk_points"]
    if len(points["id"]) < 200:
        raise ValueError("flaws are planted in registers of at least 200 risk points")
    stream = Stream(seed, "flaws")
    lec = [i for i, method in enumerate(points["method"]) if method == "lec"]
    lec = [i for i in lec if points["division"][i] is not None]
    rows = stream.sample(lec, 46)
    planted: list[tuple[str, int, str, str, str, str, str]] = []

    def note(row: int, column: str, what: str, status: str, issue: str) -> None:
        planted.append(("risk_points", row, points["id"][row], column, what, status, issue))

    def change(count: int, column: str, value: Any, what: str, status: str, issue: str) -> None:
        for _ in range(count):
            row = rows.pop()
            points[column][row] = value(row) if callable(value) else value
            note(row, column, what, status, issue)

    change(5, "E", None, "缺少暴露频率", "not_gradable", "scoring.missing_input")
    change(5, "E", 4.0, "暴露频率 4 不在取值表中", "rejected", "scoring.off_scale")
    change(3, "L", -1.0, "可能性为负数", "rejected", "scoring.negative")
    change(3, "L", "约3", "可能性写成文字", "rejected", "scoring.not_a_number")
    change(3, "method", "经验法", "没有这种评价方法", "not_gradable", "scoring.method_unknown")
    change(3, "division", lambda row: points["division"][row][:8], "行政区划代码只有 8 位",
           "graded", "region.malformed_code")  # fmt: skip
    east = max(points["lon"])
    for _ in range(4):
        row = rows.pop()
        points["lon"][row], points["lat"][row] = points["lat"][row], points["lon"][row]
        note(row, "lon", "经纬度颠倒", "graded", "region.swapped_coordinates")
    change(4, "lon", lambda row: round(east + 0.4 + stream.real(0.0, 0.2), 5), "坐标在全市之外",
           "graded", "region.outside_boundaries")  # fmt: skip
    change(2, "name", "=cmd|' /C calc'!A0", "名称是表格公式", "graded", "")
    change(2, "name", lambda row: f"<b>{points['name'][row]}</b>", "名称带有标记", "graded", "")
    for _ in range(3):
        first, second = sorted((rows.pop(), rows.pop()))
        for column in points.values():
            column[second] = column[first]
        note(second, "id", "与前面一行完全相同", "rejected", "scoring.duplicate_row")
    for _ in range(3):
        first, second = sorted((rows.pop(), rows.pop()))
        points["id"][second] = points["id"][first]
        for row in (first, second):
            note(row, "id", "编号重复而内容不同", "rejected", "scoring.duplicate_conflict")

    planted.sort(key=lambda entry: entry[1])
    names = ("table", "row", "id", "column", "what", "status", "issue")
    columns = zip(*planted, strict=True)
    return result, {name: list(c) for name, c in zip(names, columns, strict=True)}
