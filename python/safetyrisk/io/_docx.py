"""Text of a .docx that python-docx has opened: paragraphs and tables in their order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ._grid import cell_text, table_lines

__all__ = ["docx_text"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# What holds paragraphs and is none itself.
_HOLDERS = {
    _W + "sdt",
    _W + "sdtContent",
    _W + "ins",
    _W + "moveTo",
    _W + "customXml",
    _W + "smartTag",
}
# Words that were struck out, instructions, and the second copy of a drawing.
_SILENT = {
    _W + "del",
    _W + "moveFrom",
    _W + "instrText",
    _W + "delText",
    _MC + "Fallback",
    _W + "pPr",
}


def docx_text(document: Any) -> tuple[str, int]:
    """Text of a document, and how many links to elsewhere it has, none of which is followed."""
    numbers = _Numbers(document)
    lines: list[str] = []
    _blocks(document.element.body, numbers, lines)
    links = sum(1 for one in document.part.rels.values() if one.is_external)
    return "\n".join(lines) + "\n", links


def _blocks(holder: Any, numbers: _Numbers, lines: list[str]) -> None:
    for block in holder:
        if block.tag == _W + "p":
            lines.extend(_paragraph(block, numbers))
        elif block.tag == _W + "tbl":
            rows = [list(_children(row, _W + "tc")) for row in _children(block, _W + "tr")]
            if max(map(len, rows), default=0) < 2:  # it frames a text
                for cells in rows:
                    for cell in cells:
                        _blocks(cell, numbers, lines)
            else:
                lines.extend(table_lines(_rows(block, numbers)))
        elif block.tag in _HOLDERS:
            _blocks(block, numbers, lines)


def _paragraph(paragraph: Any, numbers: _Numbers) -> list[str]:
    """Lines of a paragraph; what stands in boxes beside it follows it."""
    boxes: list[Any] = []
    words = "".join(_words(paragraph, boxes))
    lines = [line for line in words.split("\n") if line.strip()]
    if lines:
        lines[0] = numbers.of(paragraph) + lines[0]
    for box in boxes:
        _blocks(box, numbers, lines)
    return lines


def _words(node: Any, boxes: list[Any]) -> Iterator[str]:
    for child in node:
        tag = child.tag
        if tag in _SILENT or not isinstance(tag, str):
            continue
        if tag == _W + "t":
            yield child.text or ""
        elif tag in (_W + "tab", _W + "ptab"):
            yield " "  # a tab in the text is no column
        elif tag in (_W + "br", _W + "cr"):
            yield "\n"
        elif tag == _W + "noBreakHyphen":
            yield "-"
        elif tag == _W + "txbxContent":
            boxes.append(child)
        elif tag == _W + "r" and child.find(f"{_W}rPr/{_W}vanish") is not None:
            continue
        else:
            yield from _words(child, boxes)


def _rows(table: Any, numbers: _Numbers) -> list[list[str | None]]:
    """Cells of a table; merged ones count in every row, and None goes on from the left."""
    rows: list[list[str | None]] = []
    for row in _children(table, _W + "tr"):
        cells: list[str | None] = [""] * _number(row.find(f"{_W}trPr/{_W}gridBefore"))
        for cell in _children(row, _W + "tc"):
            lines: list[str] = []
            for block in cell:
                if block.tag == _W + "tbl":
                    lines += [cell_text(t or "" for t in inner) for inner in _rows(block, numbers)]
                else:
                    _blocks([block], numbers, lines)
            text: str | None = cell_text(lines)
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merge is not None and merge.get(_W + "val", "continue") == "continue"
            if goes_on and rows and len(cells) < len(rows[-1]):
                text = rows[-1][len(cells)]
            cells.append(text)
            cells += [None] * (max(_number(cell.find(f"{_W}tcPr/{_W}gridSpan")), 1) - 1)
        rows.append(cells)
    return rows


def _children(node: Any, tag: str) -> Iterator[Any]:
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag in _HOLDERS:
            yield from _children(child, tag)


def _number(node: Any) -> int:
    text = "" if node is None else node.get(_W + "val", "")
    return min(int(text), 63) if text.isdigit() and len(text) < 6 else 0


class _Numbers:
    """Numbers of lists that Word counts itself and does not write down."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._list_of: dict[str, str] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        part = next(
            (r.target_part for r in document.part.rels.values()
             if not r.is_external and r.reltype.endswith("/numbering")),
            None,
        )  # fmt: skip
        if part is None:
            return
        root = part.element
        for kind in root.iter(_W + "abstractNum"):
            for level in kind.iter(_W + "lvl"):
                form, text, start = (level.find(_W + n) for n in ("numFmt", "lvlText", "start"))
                self._levels[kind.get(_W + "abstractNumId"), int(level.get(_W + "ilvl", "0"))] = (
                    "decimal" if form is None else form.get(_W + "val", ""),
                    "" if text is None else text.get(_W + "val", ""),
                    1 if start is None else int(start.get(_W + "val", "1")),
                )
        for one in root.iter(_W + "num"):
            kind = one.find(_W + "abstractNumId")
            if kind is not None:
                self._list_of[one.get(_W + "numId")] = kind.get(_W + "val")
        for style in document.styles.element.iter(_W + "style"):
            found = self._told(style)
            if found is not None:
                self._styles[style.get(_W + "styleId")] = found

    @staticmethod
    def _told(node: Any) -> tuple[str, int] | None:
        told = node.find(f"{_W}pPr/{_W}numPr")
        if told is None or (number := told.find(_W + "numId")) is None:
            return None
        return number.get(_W + "val"), _number(told.find(_W + "ilvl"))

    def of(self, paragraph: Any) -> str:
        """Number of a paragraph as Word would show it, empty for none and for bullets."""
        found = self._told(paragraph)
        if found is None:
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            found = None if style is None else self._styles.get(style.get(_W + "val"))
        if found is None or (kind := self._list_of.get(found[0])) is None:
            return ""
        level = found[1]
        form, text, start = self._levels.get((kind, level), ("bullet", "", 1))
        count = self._counts.get((kind, level), start - 1) + 1
        self._counts[kind, level] = count
        for deeper in range(level + 1, 9):
            self._counts.pop((kind, deeper), None)
        if form in ("bullet", "none"):
            return ""
        for upper in range(level + 1):
            shape, _, first = self._levels.get((kind, upper), ("decimal", "", 1))
            shown = _printed(self._counts.get((kind, upper), first), shape)
            text = text.replace(f"%{upper + 1}", shown)
        return text


def _printed(number: int, form: str) -> str:
    if "hinese" in form or form in ("ideographDigital", "japaneseCounting", "taiwaneseCounting"):
        return _chinese(number)
    if form.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    if form in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        return chr((97 if form == "lowerLetter" else 65) + number - 1)
    return str(number)


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else digits[tens] + "十")
    return head + (digits[ones] if ones else "")
