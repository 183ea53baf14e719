"""Lines and tables of a PDF's pages: a program of its own, run with bounds on memory and time.

It imports nothing of the package: the reader runs the file in a fresh interpreter, so that a PDF
which fills the memory or hangs takes that interpreter with it and nothing else. A table is found by
its ruled lines; its cells hold the characters that stand between them.
"""

from __future__ import annotations

import ctypes
import json
import sys
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["pages_of"]

# A line is this thin, in points, and one that is longer is no part of a letter.
_THIN, _LONG = 3.0, 5.0
# Lines nearer than this are one.
_NEAR = 2.5
# A page with more drawn segments is a picture, one with more lines no table.
_MOST_SEGMENTS, _MOST_LINES = 60_000, 600
# What a cell leaves free beside its text.
_PADDING = 12.0

Line = tuple[float, float, float]  # Place across, begin and end along.


def pages_of(data: bytes) -> dict[str, Any]:
    """Pages of a PDF.

    Returns
    -------
    dict
        ``pages``: of each a list of lines (text) and tables (rows of cells, each a list of
        paragraphs, None where a cell goes on from its left); ``error`` and ``kind`` where it
        could not be opened or a page not be read; ``filled``, how much of a page's width its
        text takes.
    """
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        words = str(error)
        locked = "password" in words.lower() or "security" in words.lower()
        return {"pages": [], "error": words, "kind": "encrypted" if locked else "unreadable"}
    pages: list[Any] = []
    broken = ""
    filled = 0.0
    try:
        for number in range(len(document)):
            try:
                page = document[number]
                words = page.get_textpage()
                grids = _grids(page, pdfium.raw)
                entries = _with_tables(words, grids, pdfium.raw) if grids else None
                text = "" if entries else words.get_text_bounded()
                filled = max(filled, _filled(page, words))
            except pdfium.PdfiumError as error:
                # The others may still say much; this one is an issue as a scanned one is.
                broken = broken or str(error)
                pages.append([])
                continue
            pages.append(entries or _lines(text))
    finally:
        document.close()
    return {"pages": pages, "error": broken, "kind": "unreadable" if broken else "",
            "filled": filled}  # fmt: skip


def _filled(page: Any, words: Any) -> float:
    """How much of the page's width its text takes."""
    count = words.count_rects()
    rects = [words.get_rect(i) for i in range(min(count, 2000))]
    if not rects:
        return 0.0
    wide = max(rect[2] for rect in rects) - min(rect[0] for rect in rects)
    high = max(rect[3] for rect in rects) - min(rect[1] for rect in rects)
    width, height = page.get_size()
    return float(high / width if page.get_rotation() % 180 and height else wide / max(width, 1))


def _lines(text: str) -> list[str]:
    # A hyphen that pdfium marks, and what stands for no character.
    text = text.replace("\r\n", "\n").replace("\ufffe", "").replace("\r", "\n")
    return [line.rstrip() for line in text.split("\n") if line.strip()]


# ---- ruled lines --------------------------------------------------------------------------------


class _Grid:
    """A table's ruled lines: their places, and which elementary cells are one."""

    def __init__(self, upright: Sequence[Line], level: Sequence[Line]) -> None:
        self.xs = _places(upright)
        self.ys = _places(level)[::-1]  # From the top.
        self.wide, self.high = len(self.xs) - 1, len(self.ys) - 1
        self._root = list(range(max(self.wide, 0) * max(self.high, 0)))
        for i in range(self.high):
            middle = (self.ys[i] + self.ys[i + 1]) / 2
            for j in range(1, self.wide):
                if not _covers(upright, self.xs[j], middle):
                    self._join(i * self.wide + j - 1, i * self.wide + j)
        for j in range(self.wide):
            middle = (self.xs[j] + self.xs[j + 1]) / 2
            for i in range(1, self.high):
                if not _covers(level, self.ys[i], middle):
                    self._join((i - 1) * self.wide + j, i * self.wide + j)

    def find(self, k: int) -> int:
        while self._root[k] != k:
            self._root[k] = self._root[self._root[k]]
            k = self._root[k]
        return k

    def _join(self, a: int, b: int) -> None:
        a, b = self.find(a), self.find(b)
        self._root[max(a, b)] = min(a, b)

    def cell_at(self, x: float, y: float) -> int:
        """The cell of a point, -1 where it lies outside."""
        j = bisect_right(self.xs, x) - 1
        i = len(self.ys) - bisect_right(self.ys[::-1], y) - 1
        if not (0 <= j < self.wide and 0 <= i < self.high):
            return -1
        return self.find(i * self.wide + j)

    def is_table(self) -> bool:
        cells = len({self.find(k) for k in range(len(self._root))})
        return self.wide > 1 and self.high > 0 and cells > (3 if self.high > 1 else 2)


def _places(lines: Iterable[Line]) -> list[float]:
    out: list[float] = []
    for place, _, _ in sorted(lines):
        if not out or place - out[-1] > _NEAR:
            out.append(place)
    return out


def _covers(lines: Iterable[Line], place: float, at: float) -> bool:
    return any(abs(p - place) <= _NEAR and a - _NEAR <= at <= b + _NEAR for p, a, b in lines)


def _grids(page: Any, raw: Any) -> list[_Grid]:
    upright, level = _ruled(page, raw)
    upright, level = _merged(upright), _merged(level)
    if len(upright) < 3 or len(level) < 2 or len(upright) + len(level) > _MOST_LINES:
        return []
    # Lines that cross are of one table.
    root = list(range(len(upright) + len(level)))

    def find(k: int) -> int:
        while root[k] != k:
            root[k] = root[root[k]]
            k = root[k]
        return k

    for i, (x, a, b) in enumerate(upright):
        for j, (y, c, d) in enumerate(level, len(upright)):
            if c - _NEAR <= x <= d + _NEAR and a - _NEAR <= y <= b + _NEAR:
                root[find(i)] = find(j)
    groups: dict[int, tuple[list[Line], list[Line]]] = {}
    for k, line in enumerate([*upright, *level]):
        groups.setdefault(find(k), ([], []))[k >= len(upright)].append(line)
    grids = [_Grid(*group) for group in groups.values() if all(len(one) > 1 for one in group)]
    return [grid for grid in grids if grid.is_table()]


def _merged(lines: Iterable[Line]) -> list[Line]:
    """Lines whose parts lie end to end as one."""
    out: list[Line] = []
    column: list[Line] = []

    def close() -> None:
        column.sort(key=lambda line: line[1])
        for place, a, b in column:
            if out and abs(out[-1][0] - place) <= _NEAR and a <= out[-1][2] + _NEAR:
                out[-1] = (out[-1][0], out[-1][1], max(b, out[-1][2]))
            else:
                out.append((place, a, b))
        column.clear()

    for line in sorted(lines):
        if column and line[0] - column[0][0] > _NEAR:
            close()
        column.append(line)
    close()
    return [line for line in out if line[2] - line[1] >= _LONG]


def _ruled(page: Any, raw: Any) -> tuple[list[Line], list[Line]]:
    """Upright and level lines of a page as it is shown."""
    upright: list[Line] = []
    level: list[Line] = []
    turned = raw.FPDFPage_GetRotation(page.raw)
    left = _MOST_SEGMENTS
    x, y = ctypes.c_float(), ctypes.c_float()
    for k in range(raw.FPDFPage_CountObjects(page.raw)):
        left -= 1
        one = raw.FPDFPage_GetObject(page.raw, k)
        if raw.FPDFPageObj_GetType(one) != raw.FPDF_PAGEOBJ_PATH:
            continue
        count = raw.FPDFPath_CountSegments(one)
        left -= count
        if left < 0:
            return [], []
        matrix = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(one, matrix)
        before: tuple[float, float] | None = None
        first: tuple[float, float] | None = None
        lines: list[tuple[tuple[float, float], tuple[float, float]]] = []
        for i in range(count):
            segment = raw.FPDFPath_GetPathSegment(one, i)
            kind = raw.FPDFPathSegment_GetType(segment)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            point = _turned(
                matrix.a * x.value + matrix.c * y.value + matrix.e,
                matrix.b * x.value + matrix.d * y.value + matrix.f,
                turned,
            )
            if kind == raw.FPDF_SEGMENT_MOVETO:
                first = point
            elif kind == raw.FPDF_SEGMENT_LINETO and before is not None:
                lines.append((before, point))
            before = point
            if raw.FPDFPathSegment_GetClose(segment) and first is not None:
                lines.append((point, first))
        for (ax, ay), (bx, by) in lines:
            if abs(ax - bx) < 1 and abs(ay - by) > _THIN:
                upright.append(((ax + bx) / 2, min(ay, by), max(ay, by)))
            elif abs(ay - by) < 1 and abs(ax - bx) > _THIN:
                level.append(((ay + by) / 2, min(ax, bx), max(ax, bx)))
    return upright, level


def _turned(x: float, y: float, quarters: int) -> tuple[float, float]:
    """A point as the page shows it, turned by so many quarters clockwise."""
    if quarters == 1:
        return y, -x
    if quarters == 2:
        return -x, -y
    return (-y, x) if quarters == 3 else (x, y)


# ---- characters ---------------------------------------------------------------------------------


_CLOSING = "，。、；：！？）”》,.;:!?)"


class _Row:
    """A line of a cell: its words, where they stand, and the width of its widest character."""

    def __init__(self, char: str, box: tuple[float, float, float, float]) -> None:
        self.words = char
        self.left, self.right = box[0], box[2]
        # Marks stand low and digits high: a quarter of the height more is the same line.
        slack = 0.25 * (box[3] - box[1])
        self.low, self.high = box[1] - slack, box[3] + slack
        self.widest = box[2] - box[0]
        self.blank = False  # pdfium sees a gap behind the last character.

    def add(self, char: str, box: tuple[float, float, float, float]) -> bool:
        if not self.low <= (box[1] + box[3]) / 2 <= self.high:
            return False
        # Lines that fill their cell have gaps between all characters.
        if self.blank and box[0] - self.right > 0.75 * self.widest:
            self.words += " "
        self.blank = False
        self.words += char
        self.left, self.right = min(self.left, box[0]), max(self.right, box[2])
        self.low, self.high = min(self.low, box[1]), max(self.high, box[3])
        self.widest = max(self.widest, box[2] - box[0])
        return True


class _Cell:
    """Lines of a cell's characters."""

    def __init__(self) -> None:
        self.lines: list[_Row] = []

    def add(self, char: str, box: tuple[float, float, float, float]) -> None:
        if not (self.lines and self.lines[-1].add(char, box)):
            self.lines.append(_Row(char, box))

    def blank(self, real: bool) -> None:
        if self.lines and real:
            self.lines[-1].words += " "
        elif self.lines:
            self.lines[-1].blank = True

    def paragraphs(self, width: float) -> list[str]:
        """Lines, those joined that the cell's edge broke."""
        out: list[str] = []
        before: _Row | None = None
        for line in self.lines:
            words = line.words.strip()
            if not words:
                continue
            if before is not None and _broken(before, words, width):
                latin = words[0].isascii() and words[0].isalpha() and out[-1][-1].isascii()
                out[-1] += " " * latin + words
            else:
                out.append(words)
            before = line
        return out


def _broken(line: _Row, behind: str, width: float) -> bool:
    """Whether what begins the next line had no room in this one."""
    if line.words.rstrip()[-1:].isdigit() and behind[0].isdigit():
        return True  # 2025.8.1 | 0
    first = 1
    while first < len(behind) and behind[first] in _CLOSING:
        first += 1
    # A figure is not parted either.
    while behind[0].isdigit() and first < len(behind) and behind[first].isdigit():
        first += 1
    # The ink of a character is narrower than its place.
    need = first * 1.1 * line.widest
    return width - (line.right - line.left) < need + _PADDING


def _with_tables(words: Any, grids: Sequence[_Grid], raw: Any) -> list[Any]:
    turned = raw.FPDFPage_GetRotation(words.page.raw)
    entries: list[Any] = []
    line: list[str] = []
    cells: list[dict[int, _Cell]] = [{} for _ in grids]
    seen: set[int] = set()
    here = (-1, -1)
    box = [ctypes.c_double() for _ in range(4)]

    def end() -> None:
        if "".join(line).strip():
            entries.append("".join(line).rstrip())
        line.clear()

    for i in range(words.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(words.raw, i))
        if char in "\r\ufffe\0":
            continue
        if char in "\n \u3000" or raw.FPDFText_IsGenerated(words.raw, i) == 1:
            if here[0] >= 0:
                if char != "\n":
                    real = raw.FPDFText_IsGenerated(words.raw, i) == 0
                    cells[here[0]][here[1]].blank(real)
            elif char == "\n":
                end()
            else:
                line.append(char)
            continue
        if not raw.FPDFText_GetCharBox(words.raw, i, *(ctypes.byref(one) for one in box)):
            continue
        left, right, bottom, top = (one.value for one in box)
        a, b = _turned(left, bottom, turned), _turned(right, top, turned)
        shown = (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
        here = (-1, -1)
        for g, grid in enumerate(grids):
            cell = grid.cell_at((shown[0] + shown[2]) / 2, (shown[1] + shown[3]) / 2)
            if cell >= 0:
                here = (g, cell)
                break
        if here[0] < 0:
            line.append(char)
            continue
        if here[0] not in seen:
            seen.add(here[0])
            end()
            entries.append(here[0])
        cells[here[0]].setdefault(here[1], _Cell()).add(char, shown)
    end()
    return [_rows(grids[one], cells[one]) if isinstance(one, int) else one for one in entries]


def _rows(grid: _Grid, cells: dict[int, _Cell]) -> list[list[list[str] | None]]:
    right: dict[int, int] = {}
    for k in range(grid.wide * grid.high):
        root = grid.find(k)
        right[root] = max(right.get(root, 0), k % grid.wide + 1)
    text = {
        root: cell.paragraphs(grid.xs[right[root]] - grid.xs[root % grid.wide])
        for root, cell in cells.items()
    }
    rows: list[list[list[str] | None]] = []
    for i in range(grid.high):
        row: list[list[str] | None] = []
        for j in range(grid.wide):
            root = grid.find(i * grid.wide + j)
            row.append(text.get(root, []) if root % grid.wide == j else None)
        rows.append(row)
    return rows


def _bound(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows bounds the time alone
        return
    for name, most in (("RLIMIT_AS", memory), ("RLIMIT_CPU", seconds), ("RLIMIT_CORE", 0)):
        limit = getattr(resource, name)
        hard = resource.getrlimit(limit)[1]
        if hard == resource.RLIM_INFINITY or most < hard:
            try:
                resource.setrlimit(limit, (most, hard))
            except (ValueError, OSError):
                continue


def _main() -> None:
    head, data = sys.stdin.buffer.read().split(b"\n", 1)
    given = json.loads(head)
    sys.path[:] = given["path"]
    import pypdfium2  # noqa: F401  # before the bounds: its library is large

    _bound(given["memory"], given["seconds"])
    try:
        found = pages_of(data)
    except MemoryError:
        found = {"pages": [], "error": "", "kind": "memory"}
    sys.stdout.buffer.write(json.dumps(found).encode())


if __name__ == "__main__":
    _main()
