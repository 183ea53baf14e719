"""What the rules of the responsibility graph found, as tables."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import _core
from ._arguments import expect
from ._display import chip, details
from ._faults import fault
from ._result import Result
from ._words import SEVERITY_WORDS, STATE_WORDS, Speaker
from .core import Issues

__all__ = ["DataState", "Finding", "Findings", "RuleStates", "data_line"]

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
        ``fails``, ``partly`` (nothing found, and some subjects lack a value) or ``not_assessed``.
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
    """What came of each rule: ``holds``, ``fails``, ``partly`` or ``not_assessed`` and why.

    Columns: ``rule group severity status reason examined unjudged errors warnings infos statement
    source confidence``. ``partly``: nothing was found, and of the ``examined`` subjects ``unjudged``
    lack a value that the rule needs.
    """

    _kind = "rules"

    def __init__(self, table: _core.Table, speaker: Speaker | None = None) -> None:
        self._made = table
        self._speaker = speaker or Speaker()

    def _table(self) -> _core.Table:
        return self._made

    def counts(self) -> dict[str, int]:
        """Number of rules by state: ``holds fails partly not_assessed``."""
        states = self._made.column("status").tolist()
        return {state: states.count(state) for state in STATE_WORDS}

    def __repr__(self) -> str:
        c = self.counts()
        return (
            f"<safetyrisk rules: {len(self)} = {c['holds']} hold + {c['fails']} fail "
            f"+ {c['partly']} partly + {c['not_assessed']} not assessed>"
        )

    def _repr_html_(self) -> str:
        s = self._speaker
        columns = s.heads(
            [
                "rule",
                "statement",
                "status",
                "examined",
                "unjudged",
                "errors",
                "warnings",
                "infos",
                "reason",
            ]
        )
        return details(s.say("规则检查情况", "Rules"), s.table(self._rows(), columns))


@dataclass(frozen=True)
class DataState:
    """What the graph was built of, beside the findings about it.

    Attributes
    ----------
    issues
        What was wrong with its tables.
    rows
        Table ``table rows_in used rejected``.
    """

    issues: Issues
    rows: Result


class Findings(Result):
    """Where the graph leaves nobody, too many, or the wrong one responsible.

    Columns: ``rule severity nodes edges message cure status``; nodes and edges are joined by ``;``,
    the subject first. A rule that could not be asked has one row with the status ``not_assessed``,
    one that found nothing while some of its subjects lack a value one with ``partly``; neither
    counts as passed.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> G = sr.ResponsibilityGraph.from_tables(
    ...     nodes={
    ...         "id": ["e", "f", "post", "zhang"],
    ...         "kind": ["enterprise", "enterprise", "post", "person"],
    ...         "name": ["示例厂", "示例矿", "矿长", "张某"],
    ...         "post_kind": [None, None, "principal", None],
    ...         "unit": [None, None, "f", None],
    ...     },
    ...     edges={
    ...         "source": ["post", "zhang"],
    ...         "kind": ["PRINCIPAL_OF", "HOLDS"],
    ...         "target": ["f", "post"],
    ...     },
    ...     data_date="2026-06-30",
    ... )
    >>> found = G.check(rules=["RE-01"])
    >>> found
    <safetyrisk findings on 2026-06-30: 1 error, 0 warnings, 0 notes; rules: 0 hold, 1 fails, 0 partly, 0 not assessed>
    >>> print(found[0].rule, found[0].nodes, found[0].message)
    RE-01 ['e'] 示例厂（e）没有主要负责人（RE-01，依据中华人民共和国安全生产法第五条）。
    """

    _kind = "findings"

    def __init__(
        self,
        findings: _core.Findings,
        speaker: Speaker | None = None,
        data: DataState | None = None,
    ) -> None:
        self._findings = findings
        self._speaker = speaker or Speaker()
        self._lang = self._speaker.lang
        self._data = data
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
    def notes(self) -> list[str]:
        """What to keep in mind of this day: it lies before the first records, or after the data."""
        return self._findings.notes(self._lang)

    @property
    def profile(self) -> str:
        """Whose thresholds were used."""
        return self._findings.profile

    @property
    def rules(self) -> RuleStates:
        """What came of each rule."""
        return RuleStates(self._findings.rules_table(self._lang), self._speaker)

    @property
    def issues(self) -> Issues:
        """What was wrong with the tables that the graph was built of."""
        return Issues() if self._data is None else self._data.issues

    def in_language(self, lang: str) -> Findings:
        """Give the same findings in ``"zh"`` or ``"en"``."""
        return Findings(self._findings, self._speaker.in_language(lang), self._data)

    def count(self, severity: str) -> int:
        """Number of findings of a severity: ``error``, ``warning`` or ``info``."""
        return self._findings.count(severity)

    def counts(self) -> dict[str, int]:
        """Number of findings by severity; rules that are not assessed are no findings."""
        return {severity: self.count(severity) for severity in SEVERITY_WORDS}

    def to_json(self) -> str:
        """JSON: ``{"format","on","notes","profile","pack","sha256","counts","rules","findings"}``."""
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
            raise fault("option.value", name="severity", value=severity, known=[*SEVERITY_WORDS])
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
            f"{r['fails']} fail{'s' if r['fails'] == 1 else ''}, {r['partly']} partly, "
            f"{r['not_assessed']} not assessed>"
        )

    def _repr_html_(self) -> str:
        s = self._speaker
        parts = [self._head(), self._notes_html(), self._first(), self._by_rule(), self._silent()]
        return details(s.say("责任检查结果", "Findings"), *parts, self._data_line())

    def _head(self) -> str:
        """Chips, the day, the profile and what came of the rules."""
        s, c, r = self._speaker, self.counts(), self.rules.counts()
        chips = " ".join(
            chip(_CHIPS[key], f"{s.cell('severity', key)} {c[key]}") for key in SEVERITY_WORDS
        )
        fate = s.say(
            f"日期 {self.on}，口径 {self.profile_word}；规则 {sum(r.values())} 条："
            f"符合 {r['holds']}，不符合 {r['fails']}，部分可核 {r['partly']}，"
            f"未评估 {r['not_assessed']}",
            f"{self.on}, {self.profile}; {sum(r.values())} rules: {r['holds']} hold, "
            f"{r['fails']} fail, {r['partly']} partly, {r['not_assessed']} not assessed",
        )
        return f"{chips}　{html.escape(fate)}"

    def _notes_html(self) -> str:
        return "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)

    @property
    def profile_word(self) -> str:
        """What the profile is called."""
        words = {"national": "国家", "shandong": "山东", "shenzhen": "深圳"}
        return words.get(self.profile, self.profile) if self._speaker.zh else self.profile

    def _data_line(self) -> str:
        return "" if self._data is None else html.escape(data_line(self._data, self._speaker))

    def _by_rule(self) -> str:
        rows: list[dict[str, Any]] = [
            row | {"found": row["errors"] + row["warnings"] + row["infos"]}
            for row in self.rules._rows()
            if row["status"] == "fails"
        ]
        s = self._speaker
        if not rows:
            return ""
        word = s.say(f"按规则：{len(rows)} 条不符合", f"By rule: {len(rows)} fail")
        table = s.table(rows, s.heads(["rule", "statement", "examined", "found"]))
        return f"<details><summary>{word}</summary>{table}</details>"

    def _first(self) -> str:
        """The first findings."""
        s = self._speaker
        rows = [row for row in self._rows() if row["status"] == "fails"]
        columns = s.heads(["rule", "severity", "message", "cure"])
        return s.table(rows, columns, shown=10) if rows else ""

    def _silent(self) -> str:
        """Rules that could not be asked, or not of all, by reason."""
        return "<br>".join(
            line
            for line in (
                self._unasked("partly", self._speaker.say("部分可核：", "Partly assessed: ")),
                self._unasked("not_assessed", self._speaker.say("未评估：", "Not assessed: ")),
            )
            if line
        )

    def _unasked(self, state: str, head: str) -> str:
        s = self._speaker
        reasons: dict[str, list[str]] = {}
        for row in self.rules._rows():
            # What fails and lacks values as well says so here, too.
            if row["status"] == state or (state == "partly" and row["unjudged"] > 0):
                reasons.setdefault(row["reason"] or "", []).append(row["rule"])
        if not reasons:
            return ""
        lines = s.say("；", "; ").join(
            reason + s.say(f"（{s.listed(rules)}）", f" ({s.listed(rules)})")
            for reason, rules in reasons.items()
        )
        return html.escape(head + lines)


def data_line(data: DataState, speaker: Speaker) -> str:
    """Rows and issues of the tables in a sentence."""
    rows = data.rows.to_columns()
    given, used, rejected = (
        int(sum(rows[name].tolist())) for name in ("rows_in", "used", "rejected")
    )
    counts = {level: data.issues.count(level) for level in SEVERITY_WORDS}
    return speaker.say(
        f"数据 {given} 行 = 采用 {used} + 未采用 {rejected}；数据问题：错误 {counts['error']}，"
        f"警告 {counts['warning']}，提示 {counts['info']}",
        f"{given} rows = {used} used + {rejected} rejected; issues of the data: "
        f"{counts['error']} errors, {counts['warning']} warnings, {counts['info']} notes",
    )
