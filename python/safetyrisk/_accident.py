"""After an accident: who stands in the chain, on both sides."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from . import _core
from ._answers import Missing, PathEdge
from ._display import details
from ._matrix import TITLES, Made
from ._result import Result
from ._words import Speaker

__all__ = ["Accountability"]


class Accountability(Result):
    """Who is structurally exposed after an accident (一案双查); it says nothing about fault.

    Columns: ``side branch capacity node name kind above holders level within basis confidence
    evidence absent penalty successor penalty_from penalty_to``; ``above`` is the node under which
    a row hangs, ``within`` whether it is within the ceiling of those examined, ``successor`` who
    took over from a unit that is gone.
    """

    _kind = "accountability"

    def __init__(
        self, found: _core.Accountability, speaker: Speaker, data: Callable[[str], str]
    ) -> None:
        self._found = found
        self._speaker = speaker
        self._lang = speaker.lang
        self._data = data
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
        return Made(self._found.clock_table(self._lang), "clocks", self._speaker)

    @property
    def hazards(self) -> Made:
        """Hazards to look back on (倒查): who found, owned, verified and closed each."""
        return Made(self._found.hazard_table(), "hazards", self._speaker)

    @property
    def visits(self) -> Made:
        """Visits in the window and the hazards that each recorded."""
        return Made(self._found.visit_table(), "visits", self._speaker)

    @property
    def missing(self) -> Missing:
        """Mandatory capacities that nobody has, and why."""
        return Missing(self._found.missing_table(), self._speaker)

    def paths(self) -> list[list[PathEdge]]:
        """Return the path to each row, from the node that was asked about."""
        return [[PathEdge(**edge) for edge in path] for path in self._found.paths()]

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
        return self._html(20)

    def _page_html(self) -> str:
        return self._html(None)

    def _head(self) -> list[str]:
        """What happened, who investigates, what the unit is fined."""
        s, facts = self._speaker, self.summary
        grade = facts[f"grade_{s.lang}"]
        by = facts["investigator_name"] or s.cell("level", facts["investigator_level"])
        body = facts[f"body_{s.lang}"]
        fine = [f"{facts[name]:,.0f}" for name in ("fine_from", "fine_to")]
        levels = [s.cell("level", facts[f"ceiling_{of}"]) for of in ("leaders", "departments")]
        return [
            s.say(
                f"{facts['name']}，{facts['on']}：{grade}（{facts['source']}）；由{by}调查{body and '，' + body}。",
                f"{facts['name']}, {facts['on']}: {grade} ({facts['source']}); investigated by "
                f"{by}{body and ', ' + body}.",
            ),
            s.say(
                f"单位罚款：{facts['fine_when_zh']}，{fine[0]} 至 {fine[1]} 元；"
                f"审查层级：领导干部至{levels[0]}，部门至{levels[1]}；"
                f"履职记录自 {facts['window_from']} 起。",
                f"Fine of the unit: {facts['fine_when_en']}, {fine[0]} to {fine[1]} yuan; "
                f"examined up to: leaders {levels[0]}, "
                f"departments {levels[1]}; records from {facts['window_from']} on.",
            ),
            facts[f"note_{s.lang}"],
        ]

    def _html(self, shown: int | None) -> str:
        s = self._speaker
        parts = [html.escape(line) for line in self._head()]
        if not self.summary["records_given"]:
            parts.append(s.say("没有履职记录表，未评估履职情况。", "No records were given."))
        columns = s.heads(
            ["name", "holders", "capacity", "within", "basis", "evidence", "absent", "penalty"]
        )
        rows = self._rows()
        for side in ("enterprise", "government"):
            listed = _indented([row for row in rows if row["side"] == side], s)
            if not listed:
                continue
            notes = _noted(listed)
            block = [s.table(listed, columns, shown=shown)] + [html.escape(one) for one in notes]
            parts.append(details(str(s.cell("side", side)), *block))
        if len(self.missing):
            parts.append(self.missing._repr_html_())
        clocks = s.heads(["text", "hours", "due", "source"])
        parts.append(details(s.say("时限", "Clocks"), s.table(self.clocks._rows(), clocks)))
        for made, names in (
            (self.hazards, ["name", "grade", "state", "finders", "owners", "verifiers", "closers",
                            "days_open", "overdue", "closed_unverified", "never_checked"]),
            (self.visits, ["on", "name", "action", "hazards_recorded"]),
        ):  # fmt: skip
            if len(made):
                heads = s.heads(names)
                if made.kind == "visits":
                    heads["name"] = s.head("by")
                table = s.table(made._rows(), heads, shown=shown)
                parts.append(details(s.say(*TITLES[made.kind]), table))
        title = s.say("事故责任链", "Accountability after an accident")
        return details(title, *parts, html.escape(self._data(s.lang)))

    def _sheets(self) -> dict[str, dict[str, Any]]:
        s = self._speaker
        sheets = {s.say("责任链", "chain"): s.columns(self.to_columns())}
        for made in (self.clocks, self.hazards, self.visits):
            sheets |= made._sheets()
        return sheets | {s.say("无人负责", "missing"): s.columns(self.missing.to_columns())}


def _noted(rows: list[dict[str, Any]]) -> list[str]:
    """Texts of penalties that stand in several rows, told once below the table."""
    count: dict[str, int] = {}
    for row in rows:
        count[row["penalty"]] = count.get(row["penalty"], 0) + 1
    notes = [text for text, n in count.items() if text and n > 2]
    marks = {text: f"［{number}］" for number, text in enumerate(notes, 1)}
    for row in rows:
        row["penalty"] = marks.get(row["penalty"], row["penalty"])
    return [f"{marks[text]} {text}" for text in notes]


def _indented(rows: list[dict[str, Any]], speaker: Speaker) -> list[dict[str, Any]]:
    """Rows as a tree: each under the one it hangs from, in the given order."""
    there = {row["node"] for row in rows}
    below: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        above = row["above"] if row["above"] in there and row["above"] != row["node"] else ""
        below.setdefault(above, []).append(row)
    out: list[dict[str, Any]] = []
    done: set[int] = set()
    opened: set[str] = set()

    def put(row: dict[str, Any], depth: int) -> None:
        done.add(id(row))
        gone = ""
        if row["successor"]:
            now = speaker.name(row["successor"])
            gone = speaker.say(f"（现由{now}承接）", f" (now {now})")
        out.append(row | {"name": f"{'　' * depth}{row['name']}{gone}"})

    stack = [(row, 0) for row in reversed(below.get("", []))]
    while stack:
        row, depth = stack.pop()
        if id(row) in done:
            continue
        put(row, depth)
        if row["node"] not in opened:
            opened.add(row["node"])
            stack.extend((other, depth + 1) for other in reversed(below.get(row["node"], [])))
    for row in rows:  # those in a circle
        if id(row) not in done:
            put(row, 0)
    return out
