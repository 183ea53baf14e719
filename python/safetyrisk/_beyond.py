"""What answers beyond the grade share: tables in words, prose by row, further tables, issues.

The questions stand in `_beyond_change` (what would change a grade), `_beyond_doubt` (how sure it is)
and `_beyond_several` (what several gradings of one object say).
"""

from __future__ import annotations

import copy
import html
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Self

import numpy as np

from . import _core
from ._arguments import expect
from ._core import Method
from ._display import details, table_html
from ._errors import NotFoundError
from ._faults import fault
from ._method_words import MethodWords, pack_text
from ._result import Result
from .core import Issues

__all__ = ["VALUES", "BeyondAnswer", "BeyondTable", "RowAnswer", "is_share", "lines_html"]

_HEADERS = {
    "row": ("行", "row"), "id": ("编号", "id"), "method": ("方法", "method"),
    "level": ("级别", "level"), "grade": ("等级", "grade"), "direction": ("方向", "direction"),
    "by": ("升降级数", "by"), "status": ("状态", "status"), "way": ("方案", "way"),
    "changed": ("改动项数", "changed"), "steps": ("改动级距", "steps"), "changes": ("改动", "changes"),
    "to_level": ("改后级别", "to level"), "to_grade": ("改后等级", "to grade"),
    "score": ("分值", "score"), "input": ("输入", "input"), "name": ("名称", "name"),
    "from": ("原值", "from"), "side": ("关系", "side"), "to": ("新值", "to"),
    "p_red": ("红色概率", "P(red)"), "p_orange": ("橙色概率", "P(orange)"),
    "p_yellow": ("黄色概率", "P(yellow)"), "p_blue": ("蓝色概率", "P(blue)"),
    "p_without": ("无等级概率", "P(no level)"), "likely": ("最可能", "likely"),
    "mildest": ("最轻", "mildest"), "gravest": ("最重", "gravest"), "cases": ("次数", "cases"),
    "neighbours": ("邻近判断", "neighbours"), "raised": ("其中升级", "raised"),
    "lowered": ("其中降级", "lowered"), "share": ("占比", "share"),
    "not_varied": ("未变动的测量值", "not varied"),
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
    "gravest_method": ("最重的方法", "gravest method"), "gravest_grade": ("最重等级", "gravest grade"),
    "gravest_why": ("最重的理由", "why gravest"), "mildest_method": ("最轻的方法", "mildest method"),
    "mildest_grade": ("最轻等级", "mildest grade"), "mildest_why": ("最轻的理由", "why mildest"),
    "inherent": ("固有等级", "inherent"), "current": ("现状等级", "current"),
    "residual": ("剩余等级", "residual"), "open_major": ("未销号重大", "open major"),
    "open_general": ("未销号一般", "open general"), "rule": ("规则", "rule"), "date": ("日期", "date"),
    "hazard": ("隐患", "hazard"), "event": ("事件", "event"), "hazard_grade": ("隐患级别", "hazard grade"),
    "before": ("原等级", "before"), "after": ("后等级", "after"),
    "unread": ("未能计入的隐患", "hazards not counted"),
    "standard_error": ("标准误差", "standard error"), "word": ("含义", "word"), "p": ("概率", "p"),
}  # fmt: skip
_WORDS = {
    "lower": ("降", "lower"), "raise": ("升", "raise"), "found": ("可达到", "found"),
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
    "current": {"raised": ("提高级数", "raised")},
    "log": {"found": ("发现", "found")},
}
_SHOWN = 20
#: What tables are called: sheets of a workbook, sections of a page.
_TITLES = {
    "changes": ("改动明细", "Changes"), "neighbours": ("邻近判断", "Neighbours"),
    "inputs": ("按输入汇总", "Inputs"), "levels": ("各级别的概率", "Levels"),
    "pairs": ("成对比较", "Pairs"), "matrix": ("方法两两比较", "Methods compared"),
    "widest": ("分歧最大的对象", "Widest apart"), "log": ("等级变动日志", "Log"),
}  # fmt: skip
_GRADES = ("red", "orange", "yellow", "blue")
#: Columns of ids of inputs (lists have a semicolon between), of values of an input, of levels.
_INPUTS = ("input", "inputs", "due_to", "not_varied")
VALUES = frozenset({"from", "to"})
_LEVELS = ("level", "other_level", "to_level", "likely", "mildest", "gravest")
#: Columns of codes that `_WORDS` has words for.
_CODED = ("direction", "status", "way", "change", "event", "hazard_grade")

Make = Callable[[str], _core.Table]
Terms = Mapping[str, Mapping[str, tuple[str, str]]]


class BeyondTable(Result):
    """A table of an answer, shown in the words of its language.

    Columns hold ids and codes; a page and a workbook have the words for them.
    """

    def __init__(
        self,
        make: Make,
        kind: str,
        lang: str = "zh",
        methods: Sequence[Method] = (),
        terms: Terms | None = None,
    ) -> None:
        if lang not in ("zh", "en"):
            raise fault("option.value", name="lang", value=lang, known=["zh", "en"])
        self._make = make
        self._made = make(lang)
        self._kind = kind
        self._lang = lang
        self._methods = list(methods)
        self._terms = terms or {}

    def _table(self) -> _core.Table:
        return self._made

    def in_language(self, lang: str) -> Self:
        """The same in ``"zh"`` or ``"en"``."""
        out = copy.copy(self)
        BeyondTable.__init__(out, self._make, self._kind, lang, self._methods, self._terms)
        return out

    @property
    def title(self) -> str:
        """What the table is called."""
        return self._say(*_TITLES[self._kind])

    def _say(self, zh: str, en: str) -> str:
        return zh if self._lang == "zh" else en

    def _worded(self, limit: int | None = None) -> tuple[dict[str, str], list[dict[str, Any]]]:
        """Headers by column, and rows in words; numbers and the grades of `_grades_in` stay.

        What another column says better is left out: the number of a row beside its id, the name
        of an input beside the input.
        """
        names = set(self._made.names)
        hidden = {"row"} if "id" in names else set()
        hidden |= {"name"} if "input" in names else set()
        hidden |= {"word"} if "level" in names else set()
        known = _HEADERS | _OWN.get(self._kind, {})
        shown = [name for name in self._made.names if name not in hidden]
        heads = {name: self._say(*known[name]) if name in known else name for name in shown}
        words = MethodWords(self._methods, self._lang)
        grades = self._grades_in()
        return heads, [
            {name: one[name] if name in grades else self._word(words, name, one) for name in shown}
            for one in self._rows(limit)
        ]

    def _grades_in(self) -> list[str]:
        """Columns of grades: ``red orange yellow blue`` or nothing."""
        found = []
        for name in self._made.names:
            coded = self._made.categories(name)
            if name != "id" and coded is not None and set(coded[1]) <= set(_GRADES):
                found.append(name)
        return found

    def _grade_words(self) -> dict[str, str]:
        """What the grades are called."""
        return {grade: self._say(*_WORDS[grade]) for grade in _GRADES}

    def _word(self, words: MethodWords, name: str, row: Mapping[str, Any]) -> Any:
        value, method = row[name], row.get("method")
        if isinstance(value, bool):
            return self._say(*_WORDS[value])
        if not isinstance(value, str):
            return value
        if name in self._terms and value in self._terms[name]:
            return self._say(*self._terms[name][value])
        if name in _INPUTS:
            parts = (words.input(one, method) for one in value.split(";"))
            return self._say("；", "; ").join(parts)
        if name in VALUES and "input" in row:
            return words.value(row["input"], value, method)
        grades = self._grade_words()
        if name == "grades":  # "red:2;blue:1"
            counts = (one.rpartition(":") for one in value.split(";"))
            return self._say("，", ", ").join(
                f"{grades.get(grade) or words.level(grade)} {count}" for grade, _, count in counts
            )
        if name in _LEVELS:
            return grades.get(value) or words.level(value, method)
        known = _WORDS | _OWN.get(self._kind, {})
        return self._say(*known[value]) if name in _CODED and value in known else value

    def _shown(self, limit: int = _SHOWN) -> str:
        heads, rows = self._worded(limit)
        for one in rows:
            one |= {name: _printed(name, value) for name, value in one.items()}
        more = len(self) - limit
        rest = self._say(f"另有 {more} 行未在此显示", f"{more} more rows") if more > 0 else ""
        words = self._grade_words() | {"unassessed": self._say("未评定", "no grade")}
        table = table_html(rows, heads, chips=self._grades_in(), words=words)
        return table + (f"<div>{rest}</div>" if rest else "")

    def __repr__(self) -> str:
        return f"<safetyrisk {self._kind.replace('_', ' ')}: {len(self)} rows>"

    def _repr_html_(self) -> str:
        title = self._say(*_TITLES.get(self._kind, ("", "")))
        rows = self._say(f"{len(self)} 行", f"{len(self)} rows")
        return details(f"{title}{self._say('：', ': ')}{rows}" if title else rows, self._shown())


def is_share(name: str) -> bool:
    """Whether a column holds shares or probabilities."""
    return name == "p" or name.startswith(("p_", "share"))


def _printed(name: str, value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return f"{value:.1%}" if is_share(name) else f"{value:.6g}"


class BeyondAnswer(BeyondTable):
    """An answer: its table, what it says in words, further tables, and what was wrong with the data."""

    _title: ClassVar[tuple[str, str]]
    #: Further tables by the names of their properties, and those that a notebook shows.
    _parts: ClassVar[tuple[str, ...]] = ()
    _brief: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        answer: Any,
        methods: Sequence[Method],
        issues: Issues,
        lang: str,
        terms: Terms | None = None,
    ) -> None:
        self._answer = answer
        self._issues = issues
        super().__init__(partial(self._main, answer), self._kind, lang, methods, terms)

    @staticmethod
    def _main(answer: Any, lang: str) -> _core.Table:
        """The table that an answer of the core is."""
        raise NotImplementedError

    def _below(self, make: Make, kind: str) -> BeyondTable:
        """One of the further tables."""
        return BeyondTable(make, kind, self._lang, self._methods, self._terms)

    @property
    def title(self) -> str:
        """What the answer is called."""
        return self._say(*self._title)

    @property
    def issues(self) -> Issues:
        """What was wrong with the data."""
        return self._issues

    def _about(self) -> list[tuple[str, str]]:
        """What the answer was made with: item and value."""
        word = self._say("方法", "method")
        return [(f"{word} {m.id}", pack_text(m.pack, self._lang)) for m in self._methods]

    def _told(self, most: int | None = None) -> list[str]:
        """What the answer says, of the first rows where there are more."""
        count = len(self._answer)
        rows = range(count if most is None else min(most, count))
        return [self._answer.text(i, self._lang) for i in rows]

    def _part(self, name: str, most: int | None) -> BeyondTable:
        """One of the further tables, of which `most` rows are wanted."""
        part: BeyondTable = getattr(self, name)
        return part

    def _all_parts(self) -> list[BeyondTable]:
        """All further tables."""
        return [self._part(name, None) for name in self._parts]

    def _repr_html_(self) -> str:
        told = map(lines_html, self._told(3))
        parts = (self._part(name, _SHOWN) for name in self._brief)
        shown = (part._shown() for part in parts if len(part))
        return details(self.title, *told, self._shown(), *shown)


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

    def _told_ids(self) -> list[str]:
        """Ids of the rows that the answer tells of."""
        ids = self._made.texts("id")
        if not self._made.has("row"):
            return ids
        known = dict(zip(self._made.column("row").tolist(), ids, strict=True))
        return [known[row] for row in self._asked()]

    def _all_told(self) -> str:
        count = len(self._answer)
        if count == 0:
            return self._say("没有可说明的行。", "There is no row to speak of.")
        out = self._told(_SHOWN)
        more = count - _SHOWN
        if more > 0:
            out.append(
                self._say(
                    f"另有 {more} 行未在此写出，用 text(行号) 查看。",
                    f"{more} more rows are not told here; text(row) tells one.",
                )
            )
        return "\n".join(out)


def lines_html(text: str) -> str:
    """Prose as it stands on a page."""
    return "<br>".join(html.escape(line) for line in text.splitlines())
