"""Tables of documents as lines of text: cells parted by tabs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

__all__ = ["cell_text", "table_lines"]

_MARKS = "。；;，,、：:！!？?"
# A mark, the end of a bracket, or a bracket that is no item's number: 各乡镇 | （街道）.
_GOES_ON = re.compile(rf"[{_MARKS})）]|[(（](?![一二三四五六七八九十\d]+[)）])")


def cell_text(paragraphs: Iterable[str]) -> str:
    """One line of a cell's paragraphs.

    Where neither has a mark, short paragraphs are a list (、) and long ones parts of a sentence
    (；): a unit may stand on each line of a cell.

    Examples
    --------
    >>> cell_text(["市公安局", "市教育局"]), cell_text(["一是检查。", "二是整改。"])
    ('市公安局、市教育局', '一是检查。二是整改。')
    >>> cell_text(["各乡镇", "（街道）", "县公安局", "（牵头）"]), cell_text(["（一）查", "（二）改"])
    ('各乡镇（街道）、县公安局（牵头）', '（一）查、（二）改')
    """
    parts = [" ".join(part.split()) for part in paragraphs]
    parts = [part for part in parts if part]
    mark = "、" if all(len(part) <= 20 for part in parts) else "；"
    out = ""
    for part in parts:
        if out and out[-1] not in _MARKS and not _GOES_ON.match(part):
            out += mark
        out += part
    return out


def table_lines(rows: Sequence[Sequence[str | None]]) -> list[str]:
    r"""Lines of a table; None is a cell that goes on from the one at its left.

    A row that is one cell over all columns is a line without tabs: a heading. In the head, cells
    over several columns count for each of them.

    Examples
    --------
    >>> table_lines([["任务", "单位", None], ["任务", "牵头", "配合"], ["一、总则", None, None]])
    ['任务\t单位\t单位', '任务\t牵头\t配合', '一、总则']
    """
    lines = []
    is_head = True
    for row in rows:
        texts = [text for text in row if text]
        if not texts:
            continue
        if len(row) > 1 and len(texts) == 1 and all(text is None for text in row[1:]) and row[0]:
            lines.append(texts[0])
            continue
        is_head = is_head and not any(text[0].isdigit() or len(text) > 16 for text in texts)
        cells: list[str] = []
        for text in row:
            cells.append((cells[-1] if is_head and cells else "") if text is None else text)
        lines.append("\t".join(cells))
    return lines
