"""What answers beyond the grade share: tables in words, prose by row, further tables, issues.

The questions stand in `_beyond_change` (what would change a grade), `_beyond_doubt` (how sure it is)
and `_beyond_several` (what several gradings of one object say).
"""

from __future__ import annotations

import copy
import html
from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np

from . import _core
from ._display import details, table_html
from ._errors import NotFoundError
from ._faults import expect
from ._result import Result
from .core import Issues

__all__ = ["BeyondAnswer", "BeyondTable", "RowAnswer"]

_HEADERS = {
    "row": ("行", "row"), "id": ("编号", "id"), "method": ("方法", "method"),
    "level": ("级别", "level"), "grade": ("等级", "grade"), "direction": ("方向", "direction"),
    "by": ("级数", "by"), "status": ("结果", "status"), "way": ("方案", "way"),
    "changed": ("改动项数", "changed"), "steps": ("级距", "steps"), "changes": ("改动", "changes"),
    "to_level": ("改后级别", "to level"), "to_grade": ("改后等级", "to grade"),
    "score": ("分值", "score"), "input": ("输入", "input"), "name": ("名称", "name"),
    "from": ("原值", "from"), "side": ("关系", "side"), "to": ("新值", "to"),
    "p_red": ("红", "P(red)"), "p_orange": ("橙", "P(orange)"), "p_yellow": ("黄", "P(yellow)"),
    "p_blue": ("蓝", "P(blue)"), "p_without": ("无等级", "P(no level)"), "likely": ("最可能", "likely"),
    "mildest": ("最轻", "mildest"), "gravest": ("最重", "gravest"), "cases": ("次数", "cases"),
    "neighbours": ("邻近判断", "neighbours"), "raised": ("升", "raised"), "lowered": ("降", "lowered"),
    "share": ("占比", "share"), "not_varied": ("未变动的测量值", "not varied"),
    "inputs": ("输入", "inputs"), "change": ("变化", "change"),
    "grader": ("评定人", "grader"), "other": ("另一人", "other"), "differs": ("不同", "differs"),
    "other_level": ("另一级别", "other level"), "other_grade": ("另一等级", "other grade"),
    "due_to": ("起因", "due to"), "gradings": ("评定数", "gradings"), "pairs": ("对数", "pairs"),
    "inputs_differ": ("输入不同", "inputs differ"), "grades_differ": ("等级不同", "grades differ"),
    "grades": ("各等级", "grades"), "matters": ("起决定作用", "matters"), "graded": ("已评定", "graded"),
    "decided_by": ("依据方法", "decided by"), "methods": ("方法数", "methods"),
    "agree": ("一致", "agree"), "gap": ("相差级数", "gap"), "both": ("共同评定", "both"),
    "equal": ("相同", "equal"), "graver": ("更重", "graver"), "milder": ("更轻", "milder"),
    "share_equal": ("一致率", "share equal"), "widest": ("最大相差", "widest"),
    "gravest_method": ("最重的方法", "gravest method"), "gravest_grade": ("等级", "its grade"),
    "gravest_why": ("理由", "why"), "mildest_method": ("最轻的方法", "mildest method"),
    "mildest_grade": ("等级", "its grade"), "mildest_why": ("理由", "why"),
    "inherent": ("固有等级", "inherent"), "current": ("现状等级", "current"),
    "residual": ("剩余等级", "residual"), "open_major": ("未销号重大", "open major"),
    "open_general": ("未销号一般", "open general"), "rule": ("规则", "rule"), "date": ("日期", "date"),
    "hazard": ("隐患", "hazard"), "event": ("事件", "event"), "hazard_grade": ("隐患级别", "hazard grade"),
    "before": ("原等级", "before"), "after": ("后等级", "after"),
    "unread": ("未能计入的隐患", "hazards not counted"),
    "standard_error": ("标准误差", "standard error"), "word": ("含义", "word"), "p": ("概率", "p"),
}  # fmt: skip
_WORDS = {
    "lower": ("降", "lower"), "raise": ("升", "raise"), "found": ("可以", "found"),
    "unreachable": ("达不到", "unreachable"), "open": ("未定", "open"),
    "several_numbers": ("须同改几个数", "several numbers"), "kept": ("直接判定，不降", "kept"),
    "not_graded": ("未评定", "not graded"), "no_levels": ("没有等级", "no levels"),
    "same": ("不变", "same"), "closed": ("销号", "closed"), "major": ("重大", "major"),
    "general": ("一般", "general"),
    "certain": ("确定", "certain"), "exact": ("精确", "exact"), "draws": ("抽样", "draws"),
    "none": ("无", "none"), "unknown": ("现状未知", "unknown"),
    "graded": ("已评定", "graded"), "not_gradable": ("无法评定", "not gradable"),
    "rejected": ("数据无效", "rejected"),
    "red": ("重大风险", "red"), "orange": ("较大风险", "orange"), "yellow": ("一般风险", "yellow"),
    "blue": ("低风险", "blue"), True: ("是", "yes"), False: ("否", "no"),
}  # fmt: skip
#: Where a table means something else by a column, or by a word.
_OWN: dict[str, dict[str, tuple[str, str]]] = {
    "sensitivity": {"changed": ("等级改变", "changed")},
    "inputs": {"changed": ("等级改变", "changed"), "differs": ("不同的对数", "differs")},
    "uncertain": {"way": ("方式", "way")},
    "matrix": {"other": ("另一方法", "other")},
    "log": {"found": ("发现", "found")},
}
_SHOWN = 20
#: Shown as chips already.
_CHIPS = ("grade", "worst")


class BeyondTable(Result):
    """A table of an answer, shown in the words of its language."""

    def __init__(self, table: _core.Table, kind: str, lang: str = "zh") -> None:
        self._made = table
        self._kind = kind
        self._lang = lang

    def _table(self) -> _core.Table:
        return self._made

    def _say(self, pair: tuple[str, str]) -> str:
        return pair[0] if self._lang == "zh" else pair[1]

    def _word(self, name: str, value: Any) -> Any:
        words = _WORDS | _OWN.get(self._kind, {})
        if name not in _CHIPS and isinstance(value, str | bool) and value in words:
            return self._say(words[value])
        if name == "grades" and isinstance(value, str):  # "red:2;blue:1"
            pairs = [one.partition(":") for one in value.split(";")]
            return self._say(("，", ", ")).join(
                f"{self._word('', grade)} {count}" for grade, _, count in pairs
            )
        if not isinstance(value, float):
            return value
        return f"{value:.1%}" if name.startswith(("p_", "share")) else f"{value:.6g}"

    def _shown(self) -> str:
        rows = [
            {name: self._word(name, value) for name, value in row.items()}
            for row in self._rows(_SHOWN)
        ]
        known = _HEADERS | _OWN.get(self._kind, {})
        heads = {
            name: self._say(known[name]) if name in known else name for name in self._made.names
        }
        more = len(self) - _SHOWN
        rest = self._say((f"另有 {more} 行未在此显示", f"{more} more rows")) if more > 0 else ""
        return table_html(rows, heads) + (f"<div>{rest}</div>" if rest else "")

    def __repr__(self) -> str:
        return f"<safetyrisk {self._kind.replace('_', ' ')}: {len(self)} rows>"

    def _repr_html_(self) -> str:
        return details(self._say((f"{len(self)} 行", f"{len(self)} rows")), self._shown())


class BeyondAnswer(BeyondTable):
    """An answer: its table, what it says in words, further tables, and what was wrong with the data."""

    _title: ClassVar[tuple[str, str]]
    #: Further tables by the names of their properties, and those that a notebook shows.
    _parts: ClassVar[tuple[str, ...]] = ()
    _brief: ClassVar[tuple[str, ...]] = ()

    def __init__(self, answer: Any, issues: Issues, lang: str) -> None:
        self._answer = answer
        self._issues = issues
        super().__init__(self._main(lang), self._kind, lang)

    def _main(self, lang: str) -> _core.Table:
        """The table that the answer is."""
        raise NotImplementedError

    def in_language(self, lang: str) -> Self:
        """The same answer in ``"zh"`` or ``"en"``."""
        out = copy.copy(self)
        BeyondTable.__init__(out, out._main(lang), out._kind, lang)
        return out

    @property
    def issues(self) -> Issues:
        """What was wrong with the data."""
        return self._issues

    def _told(self, most: int) -> list[str]:
        """What the answer says of the first rows."""
        return [self._answer.text(i, self._lang) for i in range(min(most, len(self._answer)))]

    def _part(self, name: str, most: int) -> BeyondTable:
        """One of the further tables, of which `most` rows are wanted."""
        part: BeyondTable = getattr(self, name)
        return part

    def _repr_html_(self) -> str:
        told = map(_lines, self._told(3))
        parts = (self._part(name, _SHOWN) for name in self._brief)
        shown = (part._shown() for part in parts if len(part))
        return details(self._say(self._title), *told, self._shown(), *shown)


class RowAnswer(BeyondAnswer):
    """An answer that has something to say of each row of a register, or of those asked about."""

    def _asked(self) -> Sequence[int]:
        """Numbers of the rows that the core tells of, in its order."""
        return range(len(self._answer))

    def text(self, row: int | str | None = None) -> str:
        """Prose of one row, or of all.

        Without `row` the first 20 and a word of the others, in the language of the call that made the
        answer.

        Parameters
        ----------
        row
            Number of the row (counted from 0; negative from the end of what was asked about), or an
            id as text: the first row that has it.

        Raises
        ------
        NotFoundError
            There is no such row, or it was not asked about.
        """
        if row is None:
            return self._all_told()
        text: str = self._answer.text(self._place(row), self._lang)
        return text

    def _place(self, row: int | str) -> int:
        """Where the core has a row that is told by its number or its id."""
        expect("row", row, int, np.integer, str)
        asked = self._asked()
        if isinstance(row, str):
            ids = self._made.texts("id")
            if row not in ids:
                raise NotFoundError(f"no row that was asked about has the id {row!r}")
            at = ids.index(row)
            row = self._made.column("row").tolist()[at] if self._made.has("row") else at
        number = int(row)
        if -len(asked) <= number < 0:
            return len(asked) + number
        if number not in asked:
            raise NotFoundError(f"row {number} was not asked about; there are {len(asked)} rows")
        return asked.index(number)

    def _all_told(self) -> str:
        count = len(self._answer)
        if count == 0:
            return self._say(("没有可说明的行。", "There is no row to speak of."))
        out = self._told(_SHOWN)
        more = count - _SHOWN
        if more > 0:
            out.append(
                self._say(
                    (
                        f"另有 {more} 行未在此写出，用 text(行号) 查看。",
                        f"{more} more rows are not told here; text(row) tells one.",
                    )
                )
            )
        return "\n".join(out)


def _lines(text: str) -> str:
    return "<br>".join(html.escape(line) for line in text.splitlines())
