"""What every room speaks: grades, issues, errors, packs, and the codes of the field."""

from __future__ import annotations

import enum
import html
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import total_ordering
from pathlib import Path

from . import _core
from ._arguments import expect
from ._core import Pack, Table
from ._display import details, table_html
from ._errors import Error, InputError, NotFoundError
from ._faults import fault
from ._result import Result

__all__ = [
    "Error",
    "Grade",
    "InputError",
    "Issue",
    "Issues",
    "NotFoundError",
    "Pack",
    "Table",
    "credit_code_status",
    "division_code",
    "industry_code",
    "issue_catalogue",
    "load_pack",
    "packs",
]


@total_ordering
class Grade(enum.Enum):
    """Grade of a risk: 低 blue < 一般 yellow < 较大 orange < 重大 red. Never a number.

    Examples
    --------
    >>> Grade.BLUE < Grade.RED, Grade("orange").word, max(Grade.YELLOW, Grade.ORANGE)
    (True, '较大风险', <Grade.ORANGE: 'orange'>)
    """

    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def word(self) -> str:
        """Official word: 重大风险, 较大风险, 一般风险, 低风险 (安委办〔2016〕3号)."""
        return {"red": "重大风险", "orange": "较大风险", "yellow": "一般风险", "blue": "低风险"}[
            self.value
        ]

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Grade):
            return NotImplemented
        order = list(Grade)
        return order.index(self) < order.index(other)


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong with the data, or worth knowing about it.

    Attributes
    ----------
    severity
        ``error``, ``warning`` or ``info``.
    code
        Stable code ``room.snake_case``; see :func:`issue_catalogue`.
    table, row
        Table and row in it, counted from 0; None when it concerns no single row.
    source, line
        File (and sheet) and line as a person counts in it, None when unknown.
    column, value
        Column and its value, cut at 200 characters.
    message, hint
        What is wrong, and what to do.
    """

    severity: str
    code: str
    table: str
    row: int | None
    source: str
    line: int | None
    column: str
    value: str
    message: str
    hint: str


_SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}


class Issues(Result):
    """A list of issues, in Chinese or with ``lang="en"`` in English.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> g = sr.grade({"id": ["a"], "L": [3], "E": [4], "C": [15]}, method="lec")
    >>> g.issues
    <safetyrisk issues: 1 error>
    >>> g.issues[0].code, g.issues[0].column, g.issues[0].value
    ('scoring.off_scale', 'E', '4')
    """

    _kind = "issues"

    def __init__(self, table: _core.IssueTable | None = None, lang: str = "zh") -> None:
        self._issues = _core.IssueTable() if table is None else table
        self._lang = lang

    def _table(self) -> _core.Table:
        return self._issues.to_table(self._lang)

    def in_language(self, lang: str) -> Issues:
        """Give the same issues in ``"zh"`` or ``"en"``."""
        return Issues(self._issues, lang)

    def counts(self) -> dict[str, int]:
        """Number of issues by code."""
        return self._issues.counts()

    def code(self, index: int) -> str:
        """Code of one issue, without making its sentences."""
        return self._issues.code(index)

    def count(self, severity: str) -> int:
        """Number of issues of a severity: ``error``, ``warning`` or ``info``."""
        return self._issues.count(severity)

    def __len__(self) -> int:
        return len(self._issues)

    def __getitem__(self, index: int) -> Issue:
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(f"there are {len(self)} issues")
        return Issue(**self._issues.at(index, self._lang))

    def __iter__(self) -> Iterator[Issue]:
        for index in range(len(self)):
            yield self[index]

    def __add__(self, other: Issues) -> Issues:
        both = _core.IssueTable()
        both.append(self._issues)
        both.append(other._issues)
        return Issues(both, self._lang)

    def __repr__(self) -> str:
        parts = [
            f"{n} {name}{'s' if n > 1 and name != 'info' else ''}"
            for name in ("error", "warning", "info")
            if (n := self.count(name))
        ]
        return f"<safetyrisk issues: {', '.join(parts) or 'none'}>"

    def _repr_html_(self) -> str:
        shown, zh = 20, self._lang != "en"
        rows = [dict(vars(self[i])) for i in range(min(len(self), shown))]
        if zh:
            for row in rows:
                row["severity"] = _SEVERITIES[row["severity"]]
        columns = {
            name: words[not zh]
            for name, words in {
                "severity": ("级别", "Severity"),
                "code": ("代码", "Code"),
                "row": ("行（从 0 起）", "Row (from 0)"),
                "line": ("文件行", "Line of file"),
                "column": ("列", "Column"),
                "value": ("值", "Value"),
                "message": ("问题", "Issue"),
                "hint": ("建议", "Hint"),
            }.items()
        }
        counts = ("，" if zh else ", ").join(
            f"{html.escape(c)} {n}{' 条' if zh else ''}" for c, n in self.counts().items()
        )
        left = len(self) - shown
        more = (
            "" if left <= 0 else f"另有 {left} 条未在此显示" if zh else f"{left} more are not shown"
        )
        table = table_html(rows, columns) if rows else ""
        title = f"问题清单：共 {len(self)} 条" if zh else f"Issues: {len(self)}"
        return details(title, counts, table, more)


def issue_catalogue() -> list[dict[str, str]]:
    """Every issue the library can make: ``code severity zh en hint_zh hint_en``, by code."""
    return _core.issue_catalogue()


def packs(kind: str | None = None) -> list[Pack]:
    """Packs that ship with the library, all or those of a kind (``"method"``), in id order.

    Examples
    --------
    >>> [p.id for p in packs("major_hazard")]
    ['gb18218.2018']
    """
    return [pack for pack in _core.packs() if kind is None or pack.kind == kind]


def load_pack(path: str | os.PathLike[str]) -> Pack:
    """Read a pack of your own from a JSON file.

    Raises
    ------
    InputError
        The file cannot be read, or the pack is malformed or contradicts itself; the message has
        the file and the JSON path.
    """
    expect("path", path, str, os.PathLike)
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise fault("file.unreadable", file=path, reason=error) from None
    except UnicodeDecodeError as error:
        raise fault("csv.bytes", file=path, byte=error.start, encoding="UTF-8") from None
    try:
        pack = _core.parse_pack(text, str(path))
        if pack.kind == "method":
            _core.compile_method(pack)
        if pack.kind == "major_hazard":
            _core.compile_major_hazard(pack)
        if pack.kind == "classification":
            _core.compile_classification(pack)
        if pack.kind == "duties":
            _core.pack_duties([pack], ["*"])
    except InputError as error:
        # What is wrong in Chinese, where the same is wrong for `methods check`.
        wrong = _core.check_pack(text, str(path))
        said = wrong is not None and wrong["en"] in str(error)
        zh = f"{wrong['path']}：{wrong['zh']}" if said else str(error)
        raise fault("pack.invalid", file=path, reason=(str(error), zh)) from None
    return pack


def chosen_pack(pack: Pack | str | os.PathLike[str] | None, name: str = "pack") -> Pack | None:
    """A pack as the caller gives it: a pack, the path of its file, or the full id of a built-in one.

    Raises
    ------
    InputError
        It is none of these, or the file cannot be read.
    """
    if pack is None or isinstance(pack, Pack):
        return pack
    expect(name, pack, Pack, str, os.PathLike, optional=True)
    known = {one.id: one for one in packs()}
    return known[str(pack)] if str(pack) in known else load_pack(pack)


def division_code(text: str) -> str | None:
    """Canonical form of an administrative division code (GB/T 2260), None if it is none.

    Examples
    --------
    >>> division_code("360900"), division_code("360924000000"), division_code("36092")
    ('3609', '360924', None)
    """
    return _core.division_code(text)


def credit_code_status(code: str) -> str:
    """What is wrong with a 统一社会信用代码 (GB 32100-2015, GB 11714-1997).

    Returns
    -------
    str
        ``ok``, ``length``, ``alphabet``, ``organisation_check`` or ``check``. Full-width forms,
        small letters and blanks are cleaned first; nothing else is.

    Examples
    --------
    >>> credit_code_status("91110000710926094P"), credit_code_status("91110000600037341N")
    ('ok', 'check')
    """
    return _core.credit_code_status(code)


def industry_code(text: str) -> str | None:
    """Industry code of GB/T 4754-2017 with its section letter, None if it is none.

    Examples
    --------
    >>> industry_code("2611"), industry_code("B26")
    ('C2611', None)
    """
    return _core.industry_code(text)
