"""After an accident: who stands in the chain, on both sides."""

from __future__ import annotations

import html
from typing import Any

from . import _core
from ._display import details, table_html
from ._matrix import Made
from ._result import Result

__all__ = ["Accountability"]

_SIDES = {"enterprise": "企业一侧", "government": "政府一侧"}


class Accountability(Result):
    """Who is structurally exposed after an accident (一案双查); it says nothing about fault.

    Columns: ``side branch capacity node name kind above holders level within basis confidence
    evidence absent penalty penalty_from penalty_to``; ``above`` is the node under which a row
    hangs, ``within`` whether it is within the ceiling of those examined.
    """

    _kind = "accountability"

    def __init__(self, found: _core.Accountability, lang: str = "zh") -> None:
        self._found = found
        self._lang = lang
        self._made: _core.Table | None = None

    def _table(self) -> _core.Table:
        if self._made is None:
            self._made = self._found.to_table(self._lang)
        return self._made

    @property
    def summary(self) -> dict[str, Any]:
        """Grade, investigator, ceilings, fine: ``{"grade": "larger", …}``."""
        return self._found.summary()

    @property
    def grade(self) -> str:
        """``general larger major extra``."""
        grade: str = self._found.summary()["grade"]
        return grade

    @property
    def clocks(self) -> Made:
        """Deadlines that run: ``clock text hours due source``."""
        return Made(self._found.clock_table(self._lang), "clocks")

    @property
    def hazards(self) -> Made:
        """Hazards to look back on (倒查): who found, owned, verified and closed each."""
        return Made(self._found.hazard_table(), "hazards")

    @property
    def visits(self) -> Made:
        """Visits in the window and the hazards that each recorded."""
        return Made(self._found.visit_table(), "visits")

    @property
    def text(self) -> str:
        """The whole answer as a person reads it."""
        return self._found.text(self._lang)

    def to_json(self) -> str:
        """JSON of everything."""
        return self._found.to_json(self._lang)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        s = self.summary
        return (
            f"<safetyrisk accountability of {s['node']!r} on {s['on']}: {s['grade_en']}, "
            f"{len(self)} exposed, {len(self.hazards)} hazards to look back on>"
        )

    def _repr_html_(self) -> str:
        s = self.summary
        head = html.escape(
            f"{s['name']}，{s['on']}：{s['grade_zh']}；由{s['investigator_name'] or s['investigator_level']}"
            "调查。以下是结构上的责任，未评定尽职免责。"
        )
        parts = [head]
        columns = {
            "name": "主体",
            "holders": "任职",
            "capacity": "责任类别",
            "within": "追责层级内",
            "basis": "依据",
            "evidence": "履职记录",
            "absent": "缺少的记录",
            "penalty": "法律后果",
        }
        rows = self._rows()
        for side, title in _SIDES.items():
            shown = _indented([row for row in rows if row["side"] == side])
            if shown:
                parts.append(details(title, table_html(shown, columns)))
        clocks = {"text": "时限", "due": "到期", "source": "依据"}
        parts.append(details("时限", table_html(self.clocks._rows(), clocks)))
        if len(self.hazards):
            back = {
                "name": "隐患",
                "state": "状态",
                "finders": "排查",
                "owners": "整改",
                "verifiers": "核查",
                "closers": "销号",
                "days_open": "天数",
            }
            parts.append(details("倒查隐患", table_html(self.hazards._rows(20), back)))
        return details("事故责任链", *parts)


def _indented(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as a tree: each under the one it hangs from, in the given order."""
    there = {row["node"] for row in rows}
    below: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        above = row["above"] if row["above"] in there and row["above"] != row["node"] else ""
        below.setdefault(above, []).append(row)
    out: list[dict[str, Any]] = []
    done: set[int] = set()
    stack = [(row, 0) for row in reversed(below.get("", []))]
    while stack:
        row, depth = stack.pop()
        if id(row) in done:
            continue
        done.add(id(row))
        first = not any(other["node"] == row["node"] for other in out)
        indent = "　" * depth
        within = "是" if row["within"] else "否"
        out.append(row | {"name": f"{indent}{row['name']}", "within": within})
        if first:
            stack.extend((other, depth + 1) for other in reversed(below.get(row["node"], [])))
    out.extend(
        row | {"within": "是" if row["within"] else "否"} for row in rows if id(row) not in done
    )
    return out
