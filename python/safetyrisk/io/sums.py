"""Rows of a sheet that are no data: totals, signatures and notes, below a table or inside it.

People sum up (合计, 小计) and sign (制表人：…) where they keep their rows. Such a row is neither a
risk point nor a substance, so readers of CSV and workbooks leave it out, as they do titles, and an
issue names it and its line. Whatever has an id of its own is data, whatever it is called.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["NO_DATA", "SUBJECTS", "TRIGGERS", "has_no_data"]

#: Codes of the issues.
NO_DATA = ("io.total_row", "io.signature_row", "io.note_row")
#: Columns in which the word for a total may stand, by their canonical names.
SUBJECTS = ("id", "unit", "enterprise", "name", "code")
#: One of these texts stands in every row that is no data (as written, of full or half width).
TRIGGERS = ("计", "otal", "OTAL", "：", ":", "签", "章")

_SUM = r"(?:合计|小计|总计|共计|累计|总和)"
_SCOPE = r"(?:[本全各该以上所有]{0,2}(?:页|表|区|县|市|镇|乡|村|企业|公司|单位|部门|车间|季度|月|年度?)?)"
# The whole cell is the word, or the word ends the name of what is summed up (罐区一小计).
_TOTAL = re.compile(
    rf"(?:{_SCOPE}{_SUM}(?:\(.*\))?:?|.{{1,20}}(?:合计|小计|总计)(?:\(.*\))?:?"
    r"|(?:(?:sub|grand)[ -]?)?totals?:?)",
    re.IGNORECASE,
)
# At the beginning of a row also with the sum in the same cell: 合计：85 项, 共计12处.
_TOTAL_FIRST = re.compile(rf"{_SCOPE}{_SUM}(?::.*|\d[\d.,]*\D{{0,8}})")
_WHO = r"(?:单位|主要|分管|安全|部门|企业|公司|项目|车间|班组|法定|直接|技术|局|本|填报)*"
_DOES = (
    r"(?:制表|填表|填报|编制|编写|审核|审批|审定|批准|复核|校核|核准|校对|负责|代表|经办|联系"
    r"|签字|签名|签章|盖章|填写)"
)
_PART = r"(?:人员?|员|者|单位|部门|日期|时间|电话|领导)?"
_SEAL = r"\(?(?:签字|签名|签章|盖章|公章)(?:或盖章)?\)?"
_SIGNED = re.compile(
    rf"{_WHO}{_DOES}{_PART}(?:{_SEAL})?:.*|{_WHO}(?:{_DOES}{_PART}|单位)?{_SEAL}:?"
    r"|(?:日期|时间):.*|(?:prepared|checked|reviewed|approved|signed) by\b.*|signature:?.*",
    re.IGNORECASE,
)
_NOTE = re.compile(r"(?:注|备注|附注|说明|填表说明|note)\d?:.*", re.IGNORECASE)
_TRIGGER = re.compile("|".join(map(re.escape, TRIGGERS)))
_BLANK = re.compile(r"\s+")


def _normal(text: str) -> str:
    return _BLANK.sub("", unicodedata.normalize("NFKC", text))


def _words(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _is_number(cell: Any) -> bool:
    if isinstance(cell, int | float):
        return True
    try:
        float(cell)
    except (TypeError, ValueError):
        return False
    return True


def has_no_data(
    cells: Sequence[Any], names: Sequence[str], is_number: Callable[[str], bool]
) -> tuple[str, str] | None:
    """Code of the issue and the telling text, when a row is no data; None for data.

    Parameters
    ----------
    cells
        The row as it was read.
    names
        Canonical name of each column.
    is_number
        Whether a column of that name holds numbers.

    Examples
    --------
    >>> has_no_data(["", "合计", 120.0], ["unit", "name", "quantity_t"], lambda name: False)
    ('io.total_row', '合计')
    >>> has_no_data(["制表人：张三", "", ""], ["id", "name", "L"], lambda name: name == "L")
    ('io.signature_row', '制表人：张三')
    >>> has_no_data(["A-1", "总计量站", 3.0], ["id", "name", "L"], lambda name: name == "L")
    """
    # Most rows are data, and this question is asked of every row: one search answers it.
    if not _TRIGGER.search("\n".join([cell for cell in cells if isinstance(cell, str)])):
        return None
    texts = [cell.strip() if isinstance(cell, str) else "" for cell in cells]
    first = next(i for i, cell in enumerate(cells) if cell is not None and cell != "")
    head = texts[first]
    name = dict(zip(names, range(len(cells)), strict=False))

    own = name.get("id", name.get("code"))
    own_id = "" if own is None else texts[own]
    is_data = bool(own_id) and not _is_number(own_id) and not _is_total(own_id)
    signed = _SIGNED.fullmatch(_normal(head)) or _SIGNED.fullmatch(_words(head))
    if signed or _NOTE.fullmatch(_normal(head)):
        judged = [i for n, i in name.items() if is_number(n)]
        if not any(_is_number(cells[i]) and cells[i] != "" for i in judged):
            if signed:
                return "io.signature_row", head
            if all(cell is None or cell == "" for cell in cells[first + 1 :]):
                return "io.note_row", head
        return None
    if is_data and own != first:
        return None
    if _TOTAL_FIRST.fullmatch(_normal(head)):
        return "io.total_row", head
    if is_data:
        return None
    for i in dict.fromkeys([*(name[n] for n in SUBJECTS if n in name), first]):
        if _is_total(texts[i]):
            return "io.total_row", texts[i]
    return None


def _is_total(text: str) -> bool:
    return bool(text) and bool(_TOTAL.fullmatch(_normal(text)))
