"""What cells of compliance tables are called and say, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._words import Speaker
from .core import Issues

__all__ = ["STATUSES", "DutyWords"]

#: Status: word, word in English, colour of its chip.
STATUSES = {
    "done": ("按时完成", "done", "blue"),
    "done_late": ("逾期完成", "done late", "yellow"),
    "overdue": ("逾期未完成", "overdue", "red"),
    "due": ("期限内待完成", "due", "orange"),
    "not_due": ("未到期", "not due", "unassessed"),
    "not_applicable": ("不适用", "not applicable", "unassessed"),
    "not_assessable": ("无法判断", "not assessable", "unassessed"),
}
_REASONS = {
    "no_records": ("没有这一事项的记录", "no records of this action"),
    "attribute_missing": ("判断条件所需的数据缺失", "a value that is asked for is missing"),
    "calendar_unknown": (
        "该年放假安排未知，无法计算工作日", "working days of that year are not known",
    ),
    "nothing_to_compare": ("没有可比较的对象或时期", "nothing to compare with"),
    "record_left_out": (
        "有记录因错误未采用，可能就是这一次", "a faulty record that was left out may be it",
    ),
}  # fmt: skip
_VERDICTS = {
    "below": ("低于平均", "below"), "above": ("高于平均", "above"), "like": ("相当", "like"),
}  # fmt: skip
_HEADS = {
    "duty": ("义务", "duty"), "duty_name": ("义务名称", "duty name"), "action": ("事项", "action"),
    "subject": ("主体编号", "subject id"), "subject_name": ("主体", "subject"),
    "object": ("对象编号", "object id"), "object_name": ("对象", "object"),
    "period_start": ("起", "from"), "due": ("期限", "due"), "last_day": ("宽限至", "last day"),
    "day_kind": ("按", "counted in"), "status": ("状态", "status"), "reason": ("原因", "reason"),
    "done_on": ("完成日", "done on"), "days_late": ("逾期天数", "days late"),
    "count": ("已做", "count"), "needed": ("应做", "needed"), "of": ("对象数", "of"),
    "document": ("文件", "document"), "clause": ("条款", "clause"), "name": ("名称", "name"),
    "owed": ("到期应做", "owed"), "done": ("按时", "done"), "done_late": ("逾期完成", "done late"),
    "overdue": ("逾期未完成", "overdue"), "not_due": ("未到期", "not due"),
    "not_assessable": ("无法判断", "not assessable"),
    "not_applicable": ("不适用", "not applicable"), "rate": ("完成率", "rate"),
    "rate_low": ("下限", "low"), "rate_high": ("上限", "high"), "in_time": ("按时率", "in time"),
    "average": ("对照平均", "average"), "verdict": ("比较", "verdict"),
    "leader": ("负责人", "leader"), "open": ("待完成", "open"), "unit": ("单位", "unit"),
    "sector": ("行业领域", "sector"), "month": ("月份", "month"), "county": ("县", "county"),
    "town": ("乡镇", "town"), "city": ("市", "city"), "province": ("省", "province"),
    "village": ("村", "village"), "date": ("日期", "date"),
}  # fmt: skip
_OPEN = ("期限内", "open")
_RATES = frozenset({"rate", "rate_low", "rate_high", "in_time", "average"})


class DutyWords:
    """Words of one language for the tables of one assessment.

    Parameters
    ----------
    speaker
        Language, and names of the graph.
    issues
        Of the assessment: they say what is wrong with records that were left out.
    """

    def __init__(self, speaker: Speaker, issues: Issues) -> None:
        self.speaker = speaker
        self._issues = issues
        self._faults: dict[int, str] | None = None

    def heads(self, names: Sequence[str]) -> dict[str, str]:
        """Headers by column; where cells are counted `due` counts what is open, and is no day."""
        language = not self.speaker.zh
        heads = {name: _HEADS.get(name, (name, name))[language] for name in names}
        if "owed" in heads and "due" in heads:
            heads["due"] = _OPEN[language]
        return heads

    def status(self, status: str) -> str:
        """What a status is called."""
        return STATUSES[status][not self.speaker.zh]

    def row(self, row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
        """Cells as a person reads them: words, percentages, whole numbers without a point."""
        return {name: self._cell(row, name) for name in names}

    def _cell(self, row: Mapping[str, Any], name: str) -> Any:
        s, value = self.speaker, row[name]
        if value is None or value == "":
            return ""
        if name == "status":
            return self.status(value)
        if name == "reason":
            return self.reason(row)
        if name == "verdict":
            return _VERDICTS[value][not s.zh]
        if name in _RATES:
            return f"{value:.1%}"
        return s.cell(name, value)

    def reason(self, row: Mapping[str, Any]) -> str:
        """Why it cannot be told how a row stands; which records were left out, and why."""
        s = self.speaker
        said = _REASONS[row["reason"]][not s.zh]
        rows = [int(one) for one in (row.get("records_left_out") or "").split(";") if one]
        if not rows:
            return said
        places = s.say("；", "; ").join(self.fault(one) for one in rows)
        return said + s.say(f"（{places}）", f" ({places})")

    def fault(self, row: int) -> str:
        """Where a record that was left out stands, and what is wrong with it; empty of another."""
        if self._faults is None:
            self._faults = {}
            for one in self._issues.in_language(self.speaker.lang):
                if one.table == "records" and one.row is not None and one.severity != "info":
                    place = one.source or self.speaker.say("履职记录", "records")
                    self._faults.setdefault(one.row, f"{place}{self._line(one)}{one.message}")
        return self._faults.get(row, "")

    def _line(self, issue: Any) -> str:
        s = self.speaker
        if issue.line is not None:
            return s.say(f"第 {issue.line} 行：", f", line {issue.line}: ")
        return s.say(f"第 {issue.row} 行（从 0 起）：", f", row {issue.row} (from 0): ")
