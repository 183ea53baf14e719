"""What the rules of the responsibility graph found, as tables."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import _core
from ._display import chip, details, table_html
from ._errors import InputError
from ._faults import expect
from ._result import Result

__all__ = ["SEVERITY_WORDS", "STATE_WORDS", "Finding", "Findings", "RuleStates"]

#: What a severity and a state are called.
SEVERITY_WORDS = {"error": "错误", "warning": "警告", "info": "提示"}
STATE_WORDS = {"holds": "符合", "fails": "不符合", "not_assessed": "未评估"}
_CHIPS = {"error": "red", "warning": "orange", "info": "blue", "not_assessed": "unassessed"}


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found, or one rule that could not be asked.

    Attributes
    ----------
    rule
        ``"RG-01"``.
    severity
        ``error warning info``.
    status
        ``fails`` or ``not_assessed``.
    nodes, edges
        Ids of the nodes that witness it, the subject first, and edges as ``source KIND target``.
    message, cure
        What is wrong with whom, and what would mend it.
    """

    rule: str
    severity: str
    status: str
    nodes: list[str]
    edges: list[str]
    message: str
    cure: str


class RuleStates(Result):
    """What came of each rule: ``holds``, ``fails`` or ``not_assessed`` and why.

    Columns: ``rule group severity status reason examined errors warnings infos statement source
    confidence``.
    """

    _kind = "rules"

    def __init__(self, table: _core.Table) -> None:
        self._made = table

    def _table(self) -> _core.Table:
        return self._made

    def counts(self) -> dict[str, int]:
        """Number of rules by state: ``holds fails not_assessed``."""
        states = self._made.column("status").tolist()
        return {state: states.count(state) for state in STATE_WORDS}

    def __repr__(self) -> str:
        c = self.counts()
        return (
            f"<safetyrisk rules: {len(self)} = {c['holds']} hold + {c['fails']} fail "
            f"+ {c['not_assessed']} not assessed>"
        )

    def _repr_html_(self) -> str:
        columns = {
            "rule": "规则",
            "statement": "要求",
            "status": "结果",
            "examined": "检查对象",
            "errors": "错误",
            "warnings": "警告",
            "infos": "提示",
            "reason": "说明",
        }
        rows = [row | {"status": STATE_WORDS[row["status"]]} for row in self._rows()]
        return details("规则检查情况", table_html(rows, columns))


class Findings(Result):
    """Where the graph leaves nobody, too many, or the wrong one responsible.

    Columns: ``rule severity nodes edges message cure status``; nodes and edges are joined by ``;``,
    the subject first. A rule that could not be asked has one row with the status ``not_assessed``;
    it never counts as passed.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> G = sr.ResponsibilityGraph.from_tables(
    ...     nodes={"id": ["a", "e"], "kind": ["agency", "enterprise"], "name": ["示例所", "示例厂"]},
    ...     edges={"source": ["a"], "kind": ["SERVES"], "target": ["e"]},
    ...     data_date="2026-06-30",
    ... )
    >>> found = G.check(rules=["RE-01"])
    >>> found
    <safetyrisk findings on 2026-06-30: 1 error, 0 warnings, 0 notes; rules: 0 hold, 1 fails, 0 not assessed>
    >>> print(found[0].rule, found[0].nodes, found[0].message)
    RE-01 ['e'] 示例厂（e）没有主要负责人（RE-01，依据中华人民共和国安全生产法第五条）。
    """

    _kind = "findings"

    def __init__(self, findings: _core.Findings, lang: str = "zh") -> None:
        self._findings = findings
        self._lang = lang
        self._made: _core.Table | None = None

    def _table(self) -> _core.Table:
        if self._made is None:
            self._made = self._findings.to_table(self._lang)
        return self._made

    @property
    def on(self) -> str:
        """The day asked, ``YYYY-MM-DD``."""
        return self._findings.on

    @property
    def profile(self) -> str:
        """Whose thresholds were used."""
        return self._findings.profile

    @property
    def rules(self) -> RuleStates:
        """What came of each rule."""
        return RuleStates(self._findings.rules_table(self._lang))

    def in_language(self, lang: str) -> Findings:
        """Give the same findings in ``"zh"`` or ``"en"``."""
        return Findings(self._findings, lang)

    def count(self, severity: str) -> int:
        """Number of findings of a severity: ``error``, ``warning`` or ``info``."""
        return self._findings.count(severity)

    def counts(self) -> dict[str, int]:
        """Number of findings by severity; rules that are not assessed are no findings."""
        return {severity: self.count(severity) for severity in SEVERITY_WORDS}

    def to_json(self) -> str:
        """JSON: ``{"format","on","profile","pack","sha256","counts","rules","findings"}``."""
        return self._findings.to_json(self._lang)

    def __len__(self) -> int:
        return len(self._findings)

    def __getitem__(self, index: int) -> Finding:
        expect("index", index, int)
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(f"there are {len(self)} findings")
        return Finding(**self._findings.at(index, self._lang))

    def __iter__(self) -> Iterator[Finding]:
        for index in range(len(self)):
            yield self[index]

    def of(self, rule: str | None = None, severity: str | None = None) -> list[Finding]:
        """Findings of a rule, of a severity, or of both; without rules that are not assessed."""
        if severity is not None and severity not in SEVERITY_WORDS:
            raise InputError(f"severity is {severity!r}; it is error, warning or info")
        return [
            one
            for one in self
            if one.status == "fails"
            and (rule is None or one.rule == rule)
            and (severity is None or one.severity == severity)
        ]

    def __repr__(self) -> str:
        c, r = self.counts(), self.rules.counts()
        words = ", ".join(
            f"{c[key]} {word}{'' if c[key] == 1 else 's'}"
            for key, word in (("error", "error"), ("warning", "warning"), ("info", "note"))
        )
        return (
            f"<safetyrisk findings on {self.on}: {words}; rules: {r['holds']} hold, "
            f"{r['fails']} fail{'s' if r['fails'] == 1 else ''}, {r['not_assessed']} not assessed>"
        )

    def _repr_html_(self) -> str:
        c, r = self.counts(), self.rules.counts()
        chips = " ".join(
            chip(_CHIPS[key], f"{word} {c[key]}") for key, word in SEVERITY_WORDS.items()
        )
        fate = (
            f"日期 {html.escape(self.on)}，口径 {html.escape(self.profile)}；"
            f"规则 {sum(r.values())} 条：符合 {r['holds']}，不符合 {r['fails']}，"
            f"未评估 {r['not_assessed']}"
        )
        return details("责任检查结果", chips, fate, self._by_rule(), self._first(), self._silent())

    def _by_rule(self) -> str:
        rows: list[dict[str, Any]] = [
            row | {"found": row["errors"] + row["warnings"] + row["infos"]}
            for row in self.rules._rows()
            if row["status"] == "fails"
        ]
        columns = {"rule": "规则", "statement": "要求", "examined": "检查对象", "found": "发现"}
        return table_html(rows, columns) if rows else ""

    def _first(self) -> str:
        shown = 10
        rows: list[dict[str, Any]] = []
        more = 0
        for one in self:
            if one.status != "fails":
                continue
            if len(rows) == shown:
                more = sum(self.counts().values()) - shown
                break
            rows.append(
                {
                    "rule": one.rule,
                    "severity": SEVERITY_WORDS[one.severity],
                    "message": one.message,
                    "cure": one.cure,
                }
            )
        if not rows:
            return ""
        columns = {"rule": "规则", "severity": "级别", "message": "发现", "cure": "怎样改正"}
        return table_html(rows, columns) + (f"另有 {more} 条未在此显示" if more > 0 else "")

    def _silent(self) -> str:
        """Rules that could not be asked, by reason."""
        reasons: dict[str, list[str]] = {}
        for row in self.rules._rows():
            if row["status"] == "not_assessed":
                reasons.setdefault(row["reason"] or "", []).append(row["rule"])
        if not reasons:
            return ""
        lines = "；".join(
            f"{html.escape(reason)}（{html.escape('、'.join(rules))}）"
            for reason, rules in reasons.items()
        )
        return f"未评估：{lines}"
